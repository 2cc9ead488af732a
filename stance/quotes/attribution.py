"""One paragraph → its attributions: cue, source and the stretches that give what the source said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sentencex

from stance.article import Span
from stance.quotes.cues import cue_classes, cue_pattern, strong_cues
from stance.quotes.marks import Quoted, quoted_spans

_MASK = "\x01"
_AUXILIARIES = (
    r"(?:has|have|had|was|were|is|are|be|been|being|also|later|then|again|not|never|does|do|did|would|could"
    r"|should|may|might|will|can|must|now|once|still|further|first|previously|yesterday|recently"
    r"|however|meanwhile|in turn|in a statement|n't|\w+n't|\w+n’t|[a-z]+ly|long|even|both|all|went on to"
    r"|goes on to|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|today|earlier|afterwards?)"
)
_BEFORE_CUE = re.compile(rf"(?:\s+{_AUXILIARIES})+$", re.IGNORECASE)
_PRONOUN = r"(?:he|she|they|we|i|it|who)"
_DETERMINER = (
    r"(?:the|a|an|one|two|three|four|five|six|some|several|many|most|both|another|other|local|his|her|their"
    r"|its|our|this|these|those|no|each|every)"
)
_NP_START = re.compile(rf"(?:{_DETERMINER}\b|{_PRONOUN}\b|[^\W\d_])", re.IGNORECASE)
_CAPITALISED = re.compile(r"[^\W\d_a-z]")
_CLAUSE_BREAK = re.compile(
    r"[,;:—–()\x01]\s*|\s-\s|\b(?:and|but|while|because|although|though|when|after|before|as|if|since"
    r"|where|that|which|so|yet|until|whereas)\s+",
    re.IGNORECASE,
)
_SUBJECT_TAIL = re.compile(
    r"\s+(?:(?:in|at|on|during|for|from|of|by|with|to|about|through|via|under|after)\s.*)$"
)
_INVERTED_SOURCE = re.compile(
    r"\s+((?:(?:the|a|an|one|two|three|several|some|his|her|their)\s)?(?:[\w’'.-]+\s){0,5}?[\w’'.-]*\w)"
    r"(?=\s*(?:[,.;:!?—–()\x01]|$|\s(?:in|at|on|of|during|for|from|who|after|as|when|with|while|by|to"
    r"|about|and|told|last|this|that|late|early|before|outside|yesterday|today)\b))"
)
_ACCORDING = re.compile(
    r"\b(?:according to|in the words of|in the view of|in the opinion of|as told by|quoted by"
    r"|in the eyes of|per|to hear)\s+",
    re.IGNORECASE,
)
_SOURCE_END = re.compile(
    r"\s*(?:[,.;:!?—–()\x01]|\s-\s|\b(?:who|which|that|tell it|told|said|says|has|have|had|was|were|is|are|and)\s)"
)
_LABELLED = re.compile(
    r"^(?:from\s+)?([^\W\d_a-z][\w’'. -]{0,60}?)(?:\s*\([^)]{1,40}\))?\s*:\s+(?=[“\"«„\x01\w])", re.IGNORECASE
)
_COMPLEMENT = re.compile(
    r"\s*(?:(?:[\w’'.-]+\s+){0,6}?(?:that|whether|how|why|if)\b|[,:]?\s*\x01|:)", re.IGNORECASE
)
_OBJECT = re.compile(r"\s+(?:[\w’'.-]+\s+){0,7}?that\b", re.IGNORECASE)
_QUOTING = re.compile(
    r",?\s*\b(?:quoting|citing|who quoted|which quoted|which cited)\s+([^,;:\x01]{3,80})", re.IGNORECASE
)
_NOT_A_CUE = re.compile(r"\b(?:to|of|without|by|for|a|an|the|in|on|her|his|their|its|no|this)\s+$", re.IGNORECASE)


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
        Class of the cue verb (``stance.quotes.cues.VERBS``), or "according".
    via : str
        Who passes the words on, where the sentence says so ("quoting officials").
    """

    cue: Span
    source: Span
    contents: tuple[Span, ...]
    cue_class: str
    via: str = ""


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
    0.66
    """
    quoted = tuple(quoted_spans(text, is_open=is_open))
    masked = _masked(text, quoted)
    attributions = [
        attribution
        for start, end in _sentences(text, quoted)
        for attribution in _in_sentence(masked, start, end, quoted)
    ]
    covered = [Span(q.start, q.end) for q in quoted if _is_speech(text, q)]
    for attribution in attributions:
        covered += [*attribution.contents, attribution.cue, attribution.source]
    return Speech(quoted, tuple(attributions), _share(covered, len(text)))


def _masked(text: str, quoted: tuple[Quoted, ...]) -> str:
    for span in quoted:
        text = text[: span.start] + _MASK * (span.end - span.start) + text[span.end :]
    return text


def _is_speech(text: str, span: Quoted) -> bool:
    """Whether a quoted stretch is more than a title or a scare quote: over four words."""
    return text.count(" ", span.start, span.end) >= 4


def _sentences(text: str, quoted: tuple[Quoted, ...]) -> list[tuple[int, int]]:
    """Sentence offsets; a boundary inside a quotation is none."""
    bounds = [0]
    position = 0
    for sentence in sentencex.segment("en", text):
        position += len(sentence)
        is_inside = any(q.start < position < q.end for q in quoted)
        # “…,” she said: a mark followed by a lower-case word carries its sentence on.
        goes_on = text[position : position + 1].islower()
        if not is_inside and not goes_on and position < len(text):
            bounds.append(position)
    return list(zip(bounds, [*bounds[1:], len(text)], strict=True))


def _in_sentence(
    masked: str, start: int, end: int, quoted: tuple[Quoted, ...]
) -> Iterator[Attribution]:
    sentence = masked[start:end]
    found = False
    for match in _ACCORDING.finditer(sentence):
        source = _source_after(sentence, match.end())
        if source is not None:
            found = True
            yield _attribution(start, end, Span(*match.span()), source, "according", masked)
    if found:
        return
    label = _LABELLED.match(sentence)
    if label and _CAPITALISED.match(label.group(1)) and label.group(1).count(" ") < 6:
        cue = Span(label.end() - 2, label.end() - 1)
        yield _attribution(start, end, cue, Span(*label.span(1)), "label", masked)
        return
    for match in cue_pattern().finditer(sentence):
        attribution = _by_verb(masked, start, end, match)
        if attribution is not None:
            yield attribution
            if match.group().lower().endswith("ing"):
                continue
            return


def _by_verb(masked: str, start: int, end: int, match: re.Match[str]) -> Attribution | None:
    sentence = masked[start:end]
    verb, before, after = match.group().lower(), sentence[: match.start()], sentence[match.end() :]
    if _NOT_A_CUE.search(before) and verb not in ("said", "told"):
        return None
    source = _inverted_source(before, after, match.end()) if _may_invert(verb, before) else None
    is_inverted = source is not None
    if source is None:
        source = _subject(before) if not verb.endswith("ing") else _main_subject(before)
    if source is None:
        return None
    has_complement = bool(_COMPLEMENT.match(after)) or _MASK in before[-3:] or bool(
        _MASK in sentence and verb in cue_classes()
    )
    closes = before[: source.start].rstrip().endswith((",", _MASK)) or is_inverted
    if verb not in strong_cues() and not (has_complement or (closes and is_inverted)):
        return None
    if verb in ("told", "tell", "tells") and not (has_complement or closes or _OBJECT.match(after)):
        return None
    return _attribution(
        start, end, Span(*match.span()), source, cue_classes()[verb], masked, closes=closes
    )


def _may_invert(verb: str, before: str) -> bool:
    return not verb.endswith("ing") and (
        not before.strip() or before.rstrip()[-1:] in (",", _MASK, "?", "!", "—", "–")
    )


def _inverted_source(before: str, after: str, offset: int) -> Span | None:
    """The noun phrase after the cue: “…,” said the mayor."""
    if not before.strip():
        return None
    match = _INVERTED_SOURCE.match(after)
    if match is None or match.group(1).split()[0].lower() in ("that", "on", "in", "at", "it", "to"):
        return None
    return Span(offset + match.start(1), offset + match.end(1))


def _source_after(sentence: str, offset: int) -> Span | None:
    rest = sentence[offset:]
    stop = _SOURCE_END.search(rest)
    length = stop.start() if stop else len(rest)
    text = rest[:length].rstrip()
    return Span(offset, offset + len(text)) if text and _MASK not in text else None


def _subject(before: str) -> Span | None:
    """The noun phrase that stands before a cue, apposition and adverbs stepped over."""
    end = len(before.rstrip())
    stripped = _BEFORE_CUE.sub("", before[:end])
    end = len(stripped.rstrip())
    pieces = _pieces(before[:end])
    if not pieces:
        return None
    if before[:end].endswith(("," , ")", "—", "–")) or before[end:].startswith(","):
        # "X, the officer for Y, told": the piece before the apposition is the subject.
        named = [
            piece
            for piece in pieces[-4:]
            if _is_noun_phrase(before[piece.start : piece.end])
        ]
        if not named:
            return None
        return next(
            (p for p in named if _CAPITALISED.match(before[p.start : p.end])), named[0]
        )
    last = pieces[-1]
    words = before[last.start : last.end]
    if words.lower() == "who":
        return pieces[-2] if len(pieces) > 1 else None
    return last if _is_noun_phrase(words) else None


def _main_subject(before: str) -> Span | None:
    """Subject of the sentence a participle hangs on: "X left early, saying that …"."""
    pieces = _pieces(before)
    for piece in pieces:
        words = before[piece.start : piece.end].split()
        if words and _NP_START.match(words[0]) and words[0][0].isupper():
            return Span(piece.start, piece.start + len(_leading_name(words)))
    return None


def _leading_name(words: list[str]) -> str:
    name = [words[0]]
    for word in words[1:]:
        if not (_CAPITALISED.match(word) or (len(name) == 1 and name[0].lower() in ("the", "a"))):
            break
        name.append(word)
    return " ".join(name)


def _pieces(before: str) -> list[Span]:
    """The stretches between commas, conjunctions and quotations, without empty ones."""
    pieces, position = [], 0
    for match in [*_CLAUSE_BREAK.finditer(before), None]:
        end = match.start() if match else len(before)
        text = before[position:end]
        if text.strip(" \x01\"'“”"):
            lead = len(text) - len(text.lstrip())
            pieces.append(Span(position + lead, position + len(text.rstrip())))
        position = match.end() if match else end
    return pieces


_NOT_NP = re.compile(
    r"^(?:in|on|at|regarding|for|to|of|by|with|about|from|during|despite|since|under|after|before|last"
    r"|next|earlier|later|meanwhile|however|then|there|here|if|not|no|yes|also|still|even|instead"
    r"|what|how|why|where|this|that|it|quoting|citing|including|according|asked|when|as|but|and|so)\b",
    re.IGNORECASE,
)


def _is_noun_phrase(words: str) -> bool:
    tokens = words.split()
    if not tokens or len(tokens) > 14 or _NOT_NP.match(words):
        return False
    return bool(_NP_START.match(words))


def _attribution(
    start: int,
    end: int,
    cue: Span,
    source: Span,
    cue_class: str,
    masked: str,
    *,
    closes: bool = False,
) -> Attribution:
    """Attribution with offsets into the paragraph; its contents are the rest of the sentence."""
    sentence = masked[start:end]
    low, high = min(cue.start, source.start), max(cue.end, source.end)
    tail = sentence[high:].strip(" .,;:!?\x01")
    contents = []
    if closes or cue_class == "according":
        contents.append(Span(start, start + low))
    if not closes or len(tail.split()) > 3 or _MASK in sentence[high:]:
        contents.append(Span(start + high, end))
    quoting = _QUOTING.search(sentence)
    return Attribution(
        Span(start + cue.start, start + cue.end),
        Span(start + source.start, start + source.end),
        tuple(span for span in contents if masked[span.start : span.end].strip(" .,")),
        cue_class,
        via=quoting.group(1).strip() if quoting else "",
    )


def _share(spans: list[Span], length: int) -> float:
    covered, reach = 0, 0
    for start, end in sorted(spans):
        covered += max(0, end - max(start, reach))
        reach = max(reach, end)
    return covered / length if length else 0.0
