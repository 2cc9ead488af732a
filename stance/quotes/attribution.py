"""One paragraph → its attributions: cue, source, and the stretches that give what was said."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from stance.article import Span
from stance.bounded_cache import bounded_cache
from stance.quotes.frames import by_label, by_preposition, has_frame, may_attribute, signs_in
from stance.quotes.marks import MASK, Quoted, nested_spans, quoted_spans
from stance.quotes.relays import relays_in
from stance.quotes.sentences import cut_at_cue, masked, sentences
from stance.quotes.tokens import Tokens, tokens_of
from stance.quotes.verbs import Found, by_colon, by_verb, may_hold_verb

# A word and what stands behind it: where it starts follows from what stands before it.
_WORD = re.compile(r"\w[\w’'.-]*\W*")
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
    relay : str
        Who heard the words or passed them on ("quoted by the agency", "told the newspaper").
    """

    cue: Span
    source: Span
    contents: tuple[Span, ...]
    cue_class: str
    inner: str = ""
    relay: str = ""


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
        Share (0–1) of the paragraph's words that are quoted or attributed, the attribution
        itself counted with them.
    """

    quoted: tuple[Quoted, ...]
    attributions: tuple[Attribution, ...]
    share: float


@bounded_cache(n_chars=1 << 21)
def speech_of(text: str, *, is_open: bool = False, nests: bool = False) -> Speech:
    """Quoted and attributed stretches of a paragraph.

    Parameters
    ----------
    text : str
        One paragraph, cleaned.
    is_open : bool
        Whether the paragraph before ended inside a quotation.
    nests : bool
        Whether quotations in marks of another kind may lie within quotations. False where it is a
        matter of features: models were trained so.

    Examples
    --------
    >>> text = "The bridge is safe, the mayor said. It opened in May."
    >>> speech = speech_of(text)
    >>> [text[a.source.start:a.source.end] for a in speech.attributions]
    ['the mayor']
    >>> round(speech.share, 2)
    0.64
    """
    found = (nested_spans(text) if nests else []) or quoted_spans(text, is_open=is_open)
    quoted = tuple(cut_at_cue(text, q) for q in found)
    # A quotation that never opens has its attribution somewhere in it: it is not masked.
    outside = masked(text, [q for q in quoted if q.is_opened])
    attributions: tuple[Attribution, ...] = ()
    if may_attribute(outside):
        attributions = tuple(
            attribution
            for start, end in sentences(text, quoted)
            for attribution in _in_sentence(outside, start, end)
        )
    covered = [Span(q.start, q.end) for q in quoted if _is_speech(text, q)]
    for attribution in attributions:
        covered += [*attribution.contents, attribution.cue, attribution.source]
    return Speech(quoted, attributions, _share(covered, text))


def _is_speech(text: str, span: Quoted) -> bool:
    """Whether a quoted stretch is more than a title or a scare quote."""
    return text.count(" ", span.start, span.end) >= _MIN_QUOTED_WORDS


def _in_sentence(outside: str, start: int, end: int) -> Iterator[Attribution]:
    sentence = outside[start:end]
    signs = signs_in(sentence.lower())
    if not signs and MASK not in sentence and ":" not in sentence:
        return
    has_verb = may_hold_verb(sentence, signs)
    # Tokens cost more than the rest: a quarter of these sentences turns out to need none.
    tokens = tokens_of(sentence if has_verb or has_frame(sentence, signs) else "")
    found = list(by_preposition(sentence, tokens, signs=signs))
    label = list(by_label(sentence)) if not found and not start else []
    if not found and has_verb:
        floor = label[0].cue.end if label else 0
        found = [one for one in by_verb(sentence, tokens) if one.source.start >= floor]
    for one in label:
        # What a label introduces goes on to the paragraph's end.
        cue, source = Span(*one.cue), Span(*one.source)
        yield Attribution(cue, source, (Span(cue.end, len(outside)),), one.name)
    for one in found or ([] if label else by_colon(sentence, tokens)):
        yield _attribution(outside, Span(start, end), tokens, one)


def _attribution(outside: str, sentence: Span, tokens: Tokens, found: Found) -> Attribution:
    """Attribution with offsets into the paragraph; its contents are the rest of its sentence."""
    text = outside[sentence.start : sentence.end]
    cue, source = found.cue, found.source
    low, high = min(cue.start, source.start), max(cue.end, source.end)
    contents = []
    if found.closes and low > 0:
        contents.append(Span(sentence.start, sentence.start + low))
    tail = text[high:]
    if not found.closes or len(tail.split()) > 3 or MASK in tail:
        contents.append(Span(sentence.start + high, sentence.end))
    inner, relay = relays_in(text, tokens, found.at)
    return Attribution(
        Span(sentence.start + cue.start, sentence.start + cue.end),
        Span(sentence.start + source.start, sentence.start + source.end),
        tuple(span for span in contents if outside[span.start : span.end].strip(" .,")),
        found.name,
        inner=inner,
        relay=relay,
    )


def _share(spans: Iterable[Span], text: str) -> float:
    """Share of the words of ``text`` that begin in ``spans``, counted once where they overlap."""
    stretches = sorted(spans)
    if not stretches:
        return 0.0
    words = _WORD.findall(text)
    n = len(words)
    starts = list(accumulate(map(len, words), initial=len(text) - sum(map(len, words))))
    covered, reach = 0, 0
    for start, end in stretches:
        low, high = bisect_left(starts, max(start, reach), 0, n), bisect_left(starts, end, 0, n)
        covered += max(0, high - low)
        reach = max(reach, end)
    return covered / n if n else 0.0
