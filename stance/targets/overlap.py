"""A phrase whose words stand near each other in another form: "sold the ferries", "ferry sale"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stance.article import Span
from stance.targets.forms import stem
from stance.targets.words import Folded, Word, words_of

_WINDOW = 12  # words
_STOPS = (". ", "! ", "? ", "\n")


def is_phrase(phrase: Sequence[str]) -> bool:
    """Whether a name has the two words of meaning that an overlap needs."""
    return len(phrase) >= 2


def may_overlap(view: Folded, phrase: Sequence[str]) -> bool:
    """Whether enough of a phrase's words stand anywhere in a text; cheap."""
    missing = len(phrase) - _needed(phrase)
    lower = view.lower
    for part in phrase:
        if part not in lower:
            missing -= 1
            if missing < 0:
                return False
    return len(phrase) >= 2


def _needed(phrase: Sequence[str]) -> int:
    return max(2, -(-2 * len(phrase) // 3))


def overlaps(view: Folded, phrase: Sequence[str]) -> Iterator[Span]:
    """Shortest stretches of a sentence that hold two thirds of a phrase's words, two at least.

    Parameters
    ----------
    view : Folded
    phrase : sequence of str
        Stems, as :func:`stance.targets.forms.content_words` gives them.

    Yields
    ------
    Span
        Into ``view.text``, at most 12 words long, in order and disjoint.

    Examples
    --------
    >>> from stance.targets.words import folded
    >>> list(overlaps(folded("They halted the sale of the old ferry."), ("ferry", "sale")))
    [Span(start=16, end=37)]
    """
    if not may_overlap(view, phrase):
        return
    needed = _needed(phrase)
    wanted = frozenset(phrase)
    hits = [
        (at, word, own)
        for at, word in enumerate(words_of(view.lower))
        if (own := word.lower if word.lower in wanted else stem(word.lower)) in wanted
    ]
    first = 0
    while first < len(hits):
        last = _last(view, hits, first, needed)
        if last is None:
            first += 1
            continue
        yield Span(hits[first][1].start, hits[last][1].end)
        first = last + 1


def _last(view: Folded, hits: list[tuple[int, Word, str]], first: int, needed: int) -> int | None:
    """Index of the hit at which enough words have come together; None where they do not."""
    seen: set[str] = set()
    for i in range(first, len(hits)):
        at, word, own = hits[i]
        between = view.text[hits[first][1].end : word.start]
        if at - hits[first][0] >= _WINDOW or any(stop in between for stop in _STOPS):
            return None
        if own in seen and i > first and len(seen) == 1:
            return None  # the next hit begins a shorter stretch
        seen.add(own)
        if len(seen) >= needed:
            return i
    return None
