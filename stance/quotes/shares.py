"""Quotations of an article → how many of its words each voice has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stance.labels import AUTHOR
from stance.quotes.quotation import Quotation

_WORD = re.compile(r"\w[\w’'.-]*")


@dataclass(frozen=True, slots=True)
class VoiceShare:
    """How much one voice has to say.

    Parameters
    ----------
    name : str
        ``"author"``, or a source's canonical name.
    n_words : int
        Words of the paragraphs that are this voice's; of a nested quotation, its own voice's.
    share : float, 0–1
        Of the words of all paragraphs.
    n_quotations : int
    """

    name: str
    n_words: int
    share: float
    n_quotations: int


def shares_of(paragraphs: Sequence[str], quotations: Sequence[Quotation]) -> tuple[VoiceShare, ...]:
    """Voices with their words, most words first, the author's own among them.

    Parameters
    ----------
    paragraphs : sequence of str
    quotations : sequence of Quotation

    Examples
    --------
    >>> from stance.quotes.quotation import quotations_of
    >>> text = "It rained. The dam will hold, Ola Berg said."
    >>> [(v.name, v.n_words) for v in shares_of([text], quotations_of([text]))]
    [('author', 5), ('Ola Berg', 4)]
    """
    words: Counter[str] = Counter()
    for quotation in quotations:
        n = sum(_count(piece.text) for piece in quotation.content)
        words[quotation.voice] += n
        if quotation.inside is not None:
            words[quotations[quotation.inside].voice] -= n
    total = sum(_count(text) for text in paragraphs)
    words[AUTHOR] += total - sum(words.values())
    quoted = Counter(quotation.voice for quotation in quotations)
    return tuple(
        VoiceShare(name, n, round(n / total, 4) if total else 0.0, quoted[name])
        for name, n in sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
        if n > 0 or quoted[name]
    )


def _count(text: str) -> int:
    return len(_WORD.findall(text))
