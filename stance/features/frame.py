"""Frame: the words of a passage as they stand around its target."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from stance.article import Span
from stance.bounded_cache import bounded_cache
from stance.labels import AUTHOR
from stance.passage import Passage

TARGET = "ttarget"
VOICE = "vvoice"
_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Reps|Sens|Gov|Gen|Lt|Col|Sgt|Capt|Rev|Hon|Jr|Sr"
    r"|St|No|vs)\.|[A-Z]\.(?=\s[A-Z])"
    r"|[^\W_]+(?:['’](?![sS]\b)[^\W_]+|-[^\W_]+)*|['’][sS]\b|\S"
)
_WORD = re.compile(r"[^\W_]+")
_OPENING = frozenset('"“„«‘')
_QUOTING = frozenset('"“”„«»‘')
_BREAKS = frozenset(",;:—–-()[]…")
_ENDS = frozenset(".!?")
# Begin a clause of their own; "and" and "or" join words more often than clauses.
_JOINTS = frozenset(
    "but while although though because whereas that which who whom whose when where after before if"
    " since until unless whether as than so yet".split()
)
_SMALL = frozenset("the a an of and in on for to at by with from s his her its their".split())
_MAX_TOKENS = 600
_MAX_MENTIONS = 8


@dataclass(frozen=True, slots=True)
class Frame:
    """Tokens of a passage; each mention of its target, or of its voice, is one token.

    Parameters
    ----------
    words : tuple of str
        Tokens in lower case; ``TARGET`` and ``VOICE`` in place of a mention.
    starts, ends : tuple of int
        Half-open offsets of the tokens in the passage's text.
    is_capital : tuple of bool
        Whether a token begins with a capital letter.
    sentences, clauses : tuple of int
        Number of the sentence and of the clause a token stands in, from 0.
    is_quoted : tuple of bool
        Whether a token stands inside quotation marks.
    targets, voices : tuple of int
        Places of the mentions among the tokens.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    is_capital: tuple[bool, ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]
    is_quoted: tuple[bool, ...]
    targets: tuple[int, ...]
    voices: tuple[int, ...]

    def around(self, at: int, width: int) -> tuple[int, int]:
        """First and last but one token of the sentence of ``at``, no more than ``width`` away."""
        low, high, sentence = at, at + 1, self.sentences[at]
        while low > 0 and at - low < width and self.sentences[low - 1] == sentence:
            low -= 1
        while high < len(self.words) and high - at <= width and self.sentences[high] == sentence:
            high += 1
        return low, high


@bounded_cache(n_chars=1 << 20)
def frame_of(passage: Passage) -> Frame:
    """Frame of a passage, its mentions looked for in the text where none are given.

    Examples
    --------
    >>> frame = frame_of(Passage("The council praised Ida Lund’s plan.", target="Ida Lund"))
    >>> frame.words
    ('the', 'council', 'praised', 'ttarget', "'s", 'plan', '.')
    >>> frame.targets
    (3,)
    """
    text = passage.text
    spans = mentions_of(passage)
    voices = [span for span in _voice_spans(passage) if not _overlaps(span, spans)]
    return _built(text, _Marks(spans, voices))


def mentions_of(passage: Passage) -> list[Span]:
    """Where the target stands: the given mentions, else its name, else the last word of it.

    Examples
    --------
    >>> mentions_of(Passage("Lund left.", target="Ida Lund"))
    [Span(start=0, end=4)]
    """
    given = [span for span in passage.mentions if span.end > span.start]
    if given:
        return [span for span in given if span.end <= len(passage.text)][:_MAX_MENTIONS]
    return find_name(passage.target, passage.text)


def find_name(name: str | None, text: str) -> list[Span]:
    """Where a name stands as whole words in any case; where it does not, its last word.

    The last word counts only with a capital, as in a surname.
    """
    words = _WORD.findall(name or "")
    if not words or not text:
        return []
    found = _spans(r"[\W_]+".join(map(re.escape, words)), text)
    if not found and len(words) > 1 and words[-1][0].isupper() and len(words[-1]) > 2:
        found = _spans(re.escape(words[-1]), text)
        found = [span for span in found if text[span.start].isupper()]
    return found[:_MAX_MENTIONS]


def content_words(name: str | None) -> list[str]:
    """The words of a name that tell it from others, in lower case, eight at most.

    Examples
    --------
    >>> content_words("The ban on smoking in the park")
    ['ban', 'smoking', 'park']
    """
    words = [word.lower() for word in _WORD.findall(name or "")]
    return [word for word in words if word not in _SMALL and len(word) > 1][:8]


@dataclass(slots=True)
class _Marks:
    targets: Sequence[Span]
    voices: Sequence[Span]

    def at(self, start: int, end: int) -> tuple[str, Span] | None:
        """The mention that a token belongs to, if any."""
        for name, spans in ((TARGET, self.targets), (VOICE, self.voices)):
            for span in spans:
                if start < span.end and span.start < end:
                    return name, span
        return None


def _built(text: str, marks: _Marks) -> Frame:
    rows: list[tuple[str, int, int, bool, int, int, bool]] = []
    sentence = clause = 0
    is_quoted, has_ended = False, False
    last: Span | None = None
    for token, start, end in _tokens(text):
        found = marks.at(start, end) if (marks.targets or marks.voices) else None
        is_possessive = token in ("'s", "’s", "'S", "’S")
        if found is not None and not is_possessive:
            if found[1] is last:  # goes on with the mention before
                word, begun, _, *rest = rows[-1]
                rows[-1] = (word, begun, end, *rest)  # type: ignore[assignment]
                continue
            last = found[1]
        word = found[0] if found is not None and not is_possessive else token.lower()
        word = word.replace("’", "'")
        is_opening = token in _OPENING and (token != '"' or not is_quoted)
        if has_ended and (token[0].isupper() or is_opening or token[0].isdigit()):
            sentence, clause, has_ended = sentence + 1, clause + 1, False
        has_ended = token in _ENDS or (has_ended and token in _QUOTING)
        if token in _QUOTING and token != "‘":
            is_quoted = is_opening
            clause += 1
        elif token in _BREAKS or word in _JOINTS:
            clause += 1
        rows.append((word, start, end, token[0].isupper(), sentence, clause, is_quoted))
    columns: Any = tuple(zip(*rows, strict=True)) if rows else ((),) * 7
    targets = tuple(i for i, row in enumerate(rows) if row[0] == TARGET)
    voices = tuple(i for i, row in enumerate(rows) if row[0] == VOICE)
    words, starts, ends, is_capital, sentences, clauses, quoted = columns
    return Frame(words, starts, ends, is_capital, sentences, clauses, quoted, targets, voices)


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    for n, match in enumerate(_TOKEN.finditer(text)):
        if n == _MAX_TOKENS:
            return
        yield match.group(), match.start(), match.end()


def _voice_spans(passage: Passage) -> list[Span]:
    if passage.voice is None or passage.voice == AUTHOR:
        return []
    return find_name(passage.voice, passage.text)


def _spans(pattern: str, text: str) -> list[Span]:
    found = re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE)
    return [Span(*match.span()) for match in found]


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)
