"""SentenceIndex: where in a text each word stem stands, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

from stance.bounded_cache import bounded_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?(?:[.,]\d+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n+")
_MAX_SENTENCES = 120
_N_CHARS = 4
_STOP = frozenset(
    "a an the of in on at to for from by with about as into over after before under between against"
    " during without within through is are was were be been being am do does did has have had"
    " having will would can could should may might must shall and or but nor so if than then that"
    " this these those it its he him his she her hers they them their theirs we us our ours you"
    " your yours i me my mine who whom whose which what when where why how not no up out off down"
    " all any both each more most some such only own same too very just there here also s t don now"
    " says said say via amid new".split()
)
_ENDINGS = (("ing", 6, 3), ("ed", 5, 2), ("ly", 6, 2), ("er", 7, 2), ("or", 7, 2), ("ion", 8, 3))


@dataclass(frozen=True, slots=True, eq=False)
class SentenceIndex:
    """A text's words in the forms that comparisons ask for.

    Parameters
    ----------
    sentences : tuple of tuple of str
        Words in lower case, sentence by sentence; at least one sentence, 120 at most.
    run : tuple of str
        Stems of all words in order.
    content : tuple of str
        Stems without those of function words.
    counts : dict of str to int
        How often each of ``content`` occurs.
    where : dict of str to tuple of int
        Sentences that hold each of ``content``, rising.
    first : dict of str to int
        Number of words before the first occurrence.
    places : dict of str to tuple of int
        All places in ``run``, function words too.
    pairs, triples : frozenset of tuple of str
        Neighbours among ``content`` and in ``run``.
    names, numbers : frozenset of str
        Stems that are capitalised within a sentence; those that begin with a digit.
    pieces : frozenset of str
        Stretches of four characters within words.
    """

    sentences: tuple[tuple[str, ...], ...]
    run: tuple[str, ...]
    content: tuple[str, ...]
    counts: dict[str, int]
    where: dict[str, tuple[int, ...]]
    first: dict[str, int]
    places: dict[str, tuple[int, ...]]
    pairs: frozenset[tuple[str, ...]]
    triples: frozenset[tuple[str, ...]]
    names: frozenset[str]
    numbers: frozenset[str]
    pieces: frozenset[str]

    @property
    def n_words(self) -> int:
        """Words of the text."""
        return len(self.run)

    @property
    def n_sentences(self) -> int:
        """Sentences, one at least."""
        return len(self.sentences)


@bounded_cache(n_chars=1 << 20)
def index_of(text: str) -> SentenceIndex:
    """The index of a text; of texts that come again it is remembered.

    Examples
    --------
    >>> index = index_of("The dam held. Officials denied that Lund's dams were leaking.")
    >>> index.where["dam"], sorted(index.names), index.content[:3]
    ((0, 1), ['lund'], ('dam', 'held', 'official'))
    """
    cut = [_WORD.findall(sentence) for sentence in sentences_of(text)]
    sentences = tuple(tuple(word.lower().replace("’", "'") for word in words) for words in cut)
    run = tuple(stem(word) for words in sentences for word in words)
    content: list[str] = []
    where: dict[str, dict[int, None]] = {}
    first: dict[str, int] = {}
    counts: dict[str, int] = {}
    names, numbers, pieces = set[str](), set[str](), set[str]()
    for at, (i, j, word) in enumerate(_placed(sentences)):
        if word in _STOP:
            continue
        root = run[at]
        content.append(root)
        counts[root] = counts.get(root, 0) + 1
        where.setdefault(root, {})[i] = None
        first.setdefault(root, at)
        if j and cut[i][j][0].isupper():
            names.add(root)
        if word[0].isdigit():
            numbers.add(root)
        pieces.update(word[k : k + _N_CHARS] for k in range(max(1, len(word) - _N_CHARS + 1)))
    return SentenceIndex(
        sentences=sentences,
        run=run,
        content=tuple(content),
        counts=counts,
        where={root: tuple(found) for root, found in where.items()},
        first=first,
        places=_places(run),
        pairs=frozenset(pairwise(content)),
        triples=frozenset(zip(run, run[1:], run[2:], strict=False)),
        names=frozenset(names),
        numbers=frozenset(numbers),
        pieces=frozenset(pieces),
    )


def sentences_of(text: str) -> list[str]:
    r"""Sentences by their marks and by line ends, blank ones left out; 120 at most, one at least.

    A pattern, so that headlines, posts and whole articles are cut alike; quotations are not looked
    after, and an abbreviation before a capital ends a sentence.

    Examples
    --------
    >>> sentences_of("It rained. “Go!” she said.\nThey went.")
    ['It rained.', '“Go!” she said.', 'They went.']
    """
    found = [part for part in _SENTENCE_END.split(text) if part and part.strip()]
    return found[:_MAX_SENTENCES] or [""]


@bounded_cache(n_chars=1 << 23)
def stem(word: str) -> str:
    """What the forms of a word in lower case have in common; coarse, for comparing texts.

    Examples
    --------
    >>> {stem(word) for word in ("report", "reports", "reported", "reporting", "reporter")}
    {'report'}
    """
    word = word.removesuffix("'s").replace("'", "")
    word = _singular(word)
    for ending, at_least, n in _ENDINGS:
        if len(word) >= at_least and word.endswith(ending):
            word = word[:-n]
            break
    if len(word) > 4:
        word = word.removesuffix("e")
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "sle":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" else word


@bounded_cache(n_chars=1 << 23)
def stem_hash(root: str) -> int:
    """A stem's 64-bit hash, the same on every machine: what a saved model knows of it."""
    return int.from_bytes(blake2b(root.encode(errors="replace"), digest_size=8).digest(), "little")


def _singular(word: str) -> str:
    n = len(word)
    if n > 3 and word.endswith("ies"):
        return word[:-3] + "y" if n > 4 else word[:-1]
    if n > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if n > 3 and word[-1] == "s" and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _placed(sentences: tuple[tuple[str, ...], ...]) -> Iterator[tuple[int, int, str]]:
    for i, words in enumerate(sentences):
        for j, word in enumerate(words):
            yield i, j, word


def _places(run: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    places: dict[str, list[int]] = {}
    for at, root in enumerate(run):
        places.setdefault(root, []).append(at)
    return {root: tuple(found) for root, found in places.items()}
