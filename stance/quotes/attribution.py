"""One paragraph → its attributions: cue, source, and the stretches that give what was said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import sentencex

from stance.article import Span
from stance.quotes.cues import cue_classes, strong_cues
from stance.quotes.marks import MASK, Quoted, quoted_spans
from stance.quotes.sources import (
    Token,
    main_subject,
    phrase_starting,
    source_after,
    source_before,
    tokens_of,
)

_ACCORDING = re.compile(
    r"\b(?:according to|in the words of|in the view of|in the opinion of|as told by|quoted by"
    r"|in the eyes of|as reported by)\s+",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:from\s+)?([^\W\d_a-z][\w’'. -]{0,50}?)(?:\s*\([^)]{1,40}\))?\s*:\s+(?=[“\"«„\x01\w])",
    re.IGNORECASE,
)
# The cue inside an unclosed quotation, after a comma: "…, Ola Berg said", "…, said the mayor".
_SWALLOWED = re.compile(
    r"([,?!])\s+(?:(?:he|she|they|(?:the|a|an)\s(?:[\w’'-]+\s){1,4}?|(?:[^\W\d_a-z][\w’'.-]*\s){1,5})\s?"
    r"(?:said|says|told|wrote|writes|added|adds|tells|explained|explains|replied|declared|declares"
    r"|remarked|recalled|insisted|insists)\b|(?:said|says|wrote|added|replied)\s(?=[^\W\d_a-z]|the\b|an?\b|one\b))"
)
_PARENTHETICAL = re.compile(r"(?:\s+[\w’'-]+){0,7}\s*[,;—–]")
_CLAUSE = re.compile(
    r"\s*(?:(?:[\w’'.-]+\s+){0,8}?(?:that|whether|how|why|as)\b|[,:]?\s*\x01|:)", re.IGNORECASE
)
_QUOTING = re.compile(
    r"\b(?:quoting|citing)\s+([^,;:\x01]{3,80}?)(?=\s+as\b|\s+which\b|[,;:.\x01]|$)"
    r"|\b(?:quotes|quoted|cites|cited)\s+([^,;:\x01]{3,80}?)(?=\s+as\s(?:saying|telling|writing))",
    re.IGNORECASE,
)
_NOT_FINITE = frozenset(
    "to of without by for a an the in on her his their its no this at from with or".split()
)
_SUBORDINATORS = frozenset(
    "that which who whom whose when while because although though after before if since where"
    " whether until unless what how why than".split()
)
_MIN_QUOTED_WORDS = 4


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue, its source, and what it attributes.

    Parameters
    ----------
    cue, source : Span
        Half-open offsets into the paragraph. The source may be empty (``start == end``).
    contents : tuple of Span
        The stretches that give what was said, in order.
    cue_class : str
        Class of the cue verb (``stance.quotes.cues.VERBS``), or "according", or "label".
    inner : str
        The source within the source, where the sentence says so ("quoting officials").
    """

    cue: Span
    source: Span
    contents: tuple[Span, ...]
    cue_class: str
    inner: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """What of a paragraph is somebody else's words.

    Parameters
    ----------
    quoted : tuple of Quoted
        Stretches inside quotation marks.
    attributions : tuple of Attribution
        In reading order.
    share : float
        Share (0–1) of the paragraph's characters that are quoted or attributed, the attribution
        itself counted with them.
    """

    quoted: tuple[Quoted, ...]
    attributions: tuple[Attribution, ...]
    share: float


def speech_of(text: str, *, is_open: bool = False) -> Speech:
    """Quoted and attributed stretches of a paragraph.

    Parameters
    ----------
    text : str
        One paragraph, cleaned.
    is_open : bool
        Whether the paragraph before ended inside a quotation.

    Examples
    --------
    >>> text = "The bridge is safe, the mayor said. It opened in May."
    >>> speech = speech_of(text)
    >>> [text[a.source.start:a.source.end] for a in speech.attributions]
    ['the mayor']
    >>> round(speech.share, 2)
    0.62
    """
    quoted = tuple(_cut_at_cue(text, q) for q in quoted_spans(text, is_open=is_open))
    # A quotation that never opens has its attribution somewhere in it: it is not masked.
    masked = _masked(text, [q for q in quoted if q.is_opened])
    attributions = tuple(
        attribution
        for start, end in _sentences(text, quoted)
        for attribution in _in_sentence(masked, start, end)
    )
    covered = [Span(q.start, q.end) for q in quoted if _is_speech(text, q)]
    for attribution in attributions:
        covered += [*attribution.contents, attribution.cue, attribution.source]
    return Speech(quoted, attributions, _share(covered, len(text)))


def _cut_at_cue(text: str, span: Quoted) -> Quoted:
    """A quotation whose closing mark is missing ends where its attribution begins.

    “We left, the mayor said. “There was nothing": the first mark closes after "left,".
    """
    if span.is_closed:
        return span
    match = _SWALLOWED.search(text, span.start + 1, span.end)
    return replace(span, end=match.end(1)) if match else span


def _masked(text: str, quoted: Sequence[Quoted]) -> str:
    for span in quoted:
        text = text[: span.start] + MASK * (span.end - span.start) + text[span.end :]
    return text


def _is_speech(text: str, span: Quoted) -> bool:
    """Whether a quoted stretch is more than a title or a scare quote."""
    return text.count(" ", span.start, span.end) >= _MIN_QUOTED_WORDS


def _sentences(text: str, quoted: tuple[Quoted, ...]) -> list[tuple[int, int]]:
    """Sentence offsets; a boundary inside a quotation, or before a lower-case word, is none."""
    bounds, position = [0], 0
    for sentence in sentencex.segment("en", text):
        position += len(sentence)
        is_inside = any(q.start < position < q.end and q.is_opened for q in quoted)
        goes_on = text[position : position + 1].islower()  # “…!” she said
        if not is_inside and not goes_on and position < len(text):
            bounds.append(position)
    return list(zip(bounds, [*bounds[1:], len(text)], strict=True))


def _in_sentence(masked: str, start: int, end: int) -> Iterator[Attribution]:
    sentence = masked[start:end]
    tokens = tokens_of(sentence)
    found = list(_by_preposition(sentence, tokens)) or list(_by_label(sentence))
    if not found:
        found = list(_by_verb(sentence, tokens))
    for cue, source, name, closes in found:
        yield _attribution(masked, Span(start, end), cue, source, name, closes=closes)


_Found = tuple[Span, Span, str, bool]


def _by_preposition(sentence: str, tokens: list[Token]) -> Iterator[_Found]:
    for match in _ACCORDING.finditer(sentence):
        first = next((i for i, t in enumerate(tokens) if t.start >= match.end()), len(tokens))
        source = phrase_starting(tokens, first, with_tail=True)
        if source is not None:
            yield Span(match.start(), match.end() - 1), source, "according", True


def _by_label(sentence: str) -> Iterator[_Found]:
    label = _LABEL.match(sentence)
    if label and label.group(1)[0].isupper() and label.group(1).count(" ") < 6:
        yield Span(label.end(1), label.end(1) + 1), Span(*label.span(1)), "label", False


def _by_verb(sentence: str, tokens: list[Token]) -> Iterator[_Found]:
    """The cue verb of the main clause; one in a clause below it only where there is no other."""
    classes = cue_classes()
    main, embedded = [], []
    for i, token in enumerate(tokens):
        if token.lower not in classes or (i and tokens[i - 1].lower in _NOT_FINITE):
            continue
        found = _at_verb(sentence, tokens, i)
        if found is not None:
            is_embedded = token.lower.endswith("ing") or _is_embedded(tokens, found[1])
            (embedded if is_embedded else main).append(found)
    yield from (main or embedded)[:1]


def _is_embedded(tokens: list[Token], source: Span) -> bool:
    """Whether a subject stands in a clause below the main one: "that it informed", "When X said"."""
    before = [token for token in tokens if token.end <= source.start]
    return bool(before) and before[-1].lower in _SUBORDINATORS


def _at_verb(sentence: str, tokens: list[Token], i: int) -> _Found | None:
    verb, before, after = tokens[i].lower, tokens[:i], sentence[tokens[i].end :]
    cue = Span(tokens[i].start, tokens[i].end)
    closes = bool(before) and _ends_clause(before[-1])
    source = source_after(tokens, i) if closes and not verb.endswith("ing") else None
    is_inverted = source is not None
    if source is None:
        is_shared = verb.endswith("ing") or (bool(before) and before[-1].lower in ("and", "but"))
        source = main_subject(tokens, i) if is_shared else source_before(tokens, i)
    if source is None or source.end > cue.start and not is_inverted:
        return None
    lead = next((t for t in reversed(before) if t.end <= min(source.start, cue.start)), None)
    closes = is_inverted or (lead is not None and _ends_clause(lead) and lead is not tokens[0])
    has_content = bool(_CLAUSE.match(after)) or (
        closes and (is_inverted or MASK in sentence or bool(_PARENTHETICAL.match(after)))
    )
    if verb in strong_cues() or has_content:
        return cue, source, cue_classes()[verb], closes
    return None


def _ends_clause(token: Token) -> bool:
    return token.text in (",", "?", "!", "—", "–", ";", ".") or token.text[0] == MASK


def _attribution(
    masked: str, sentence: Span, cue: Span, source: Span, name: str, *, closes: bool
) -> Attribution:
    """Attribution with offsets into the paragraph; its contents are the rest of its sentence."""
    text = masked[sentence.start : sentence.end]
    low, high = min(cue.start, source.start), max(cue.end, source.end)
    contents = []
    if closes:
        contents.append(Span(sentence.start, sentence.start + low))
    tail = text[high:]
    if not closes or len(tail.split()) > 3 or MASK in tail:
        contents.append(Span(sentence.start + high, sentence.end))
    inner = _QUOTING.search(text)
    return Attribution(
        Span(sentence.start + cue.start, sentence.start + cue.end),
        Span(sentence.start + source.start, sentence.start + source.end),
        tuple(span for span in contents if masked[span.start : span.end].strip(" .,")),
        name,
        inner=(inner.group(1) or inner.group(2)).strip() if inner else "",
    )


def _share(spans: list[Span], length: int) -> float:
    covered, reach = 0, 0
    for start, end in sorted(spans):
        covered += max(0, end - max(start, reach))
        reach = max(reach, end)
    return covered / length if length else 0.0
