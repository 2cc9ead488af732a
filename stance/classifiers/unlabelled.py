"""Unlabelled passages of corpora, as a teacher is asked about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

import numpy as np

from stance.passage import Passage, chained
from stance.quotes.marks import quoted_spans
from stance.quotes.sentences import sentences
from stance.targets.mentions import Finder
from stance.targets.named import named_in
from stance.targets.target import MAX_NAME, Target

SPLITS = ("train", "all")
"""Splits that passages are taken from, the first that a corpus has; never what it is tested on."""

_MOST_NAMES = 60  # of one article: what stands further down is a list


def unlabelled(
    names: Sequence[str], *, n: int, with_targets: bool = False, random_state: int | None = 0
) -> list[Passage]:
    """Passages of corpora of the catalogue, whatever labels they have left aside.

    Parameters
    ----------
    names : sequence of str
        Of each the split ``train`` is read, or ``all`` where there is no other.
    n : int
        At most so many, of the articles of all corpora in random order.
    with_targets : bool
        Whether passages are sentences, one for each name that a sentence mentions
        (``about_names``), or the texts as the corpus has them.
    random_state : int or None

    Raises
    ------
    ValueError
        There is no such corpus, or one has neither of these splits.
    CorpusMissingError
        A corpus's files are not on this machine.

    Examples
    --------
    >>> found = unlabelled(["sample"], n=3)
    >>> len(found), found[0].target, found[1].previous == found[0].text
    (3, None, True)
    """
    articles = [article for name in names for article in _articles(name)]
    found: list[Passage] = []
    for i in np.random.default_rng(random_state).permutation(len(articles)):
        if len(found) >= n:
            break
        article = articles[i]
        found += about_names(article) if with_targets else article
    return found[:n]


def about_names(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Sentences of an article, each once for everything named in it, with the name as its target.

    Parameters
    ----------
    passages : sequence of Passage
        Paragraphs of one article, in order.

    Yields
    ------
    Passage
        ``target`` is the name as the sentence has it, ``mentions`` are all that are sure.

    Examples
    --------
    >>> article = [Passage("Ola Berg praised the Harbour Board. It rained.", group="a")]
    >>> [(passage.text, passage.target) for passage in about_names(article)]
    [('Ola Berg praised the Harbour Board.', 'Ola Berg'),
     ('Ola Berg praised the Harbour Board.', 'Harbour Board')]
    """
    if not passages:
        return
    texts = [sentence for passage in passages for sentence in _sentences(passage.text)]
    names = named_in([passage.text for passage in passages], headline=passages[0].headline)
    targets = [
        Target(one.name, tuple(alias for alias in one.aliases if len(alias) <= MAX_NAME))
        for one in names
        if len(one.name) <= MAX_NAME
    ]
    finder = Finder(targets[:_MOST_NAMES])
    for text, row in zip(texts, finder.find_in(texts, extended=False), strict=True):
        for mentions in filter(None, row):
            start, end = mentions[0].span
            yield Passage(
                text,
                target=text[start:end],
                mentions=tuple(mention.span for mention in mentions),
                group=passages[0].group,
            )


def _sentences(text: str) -> Iterator[str]:
    found = (text[start:end].strip() for start, end in sentences(text, quoted_spans(text)))
    return filter(None, found)


def _articles(name: str) -> list[list[Passage]]:
    """Paragraphs of each article of a corpus, with their neighbours."""
    from stance.corpora import card, corpus_names, load
    from stance.reading import read_text

    if name not in corpus_names():
        close = get_close_matches(name, corpus_names(), n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"corpora: unknown corpus {name!r}, expected one of the catalogue{hint}")
    task = card(name).tasks[0]
    has = task.variants[0].splits
    split = next((split for split in SPLITS if split in has), None)
    if split is None:
        raise ValueError(f"corpus {name!r}: expected a split of {list(SPLITS)}, got {list(has)}")
    rows = load(name, split=split, task=task.name)
    texts: dict[str, dict[str, None]] = {}  # a text stands once, whatever it is asked about
    headlines: dict[str, str] = {}
    for i, (text, group, headline) in enumerate(
        zip(rows["text"], rows["group"], rows["headline"], strict=True)
    ):
        article = group or f"{name} {i}"
        parts = [text]
        if task.unit == "article":
            parts = [part.text for part in read_text(text).paragraphs]
        texts.setdefault(article, {}).update(dict.fromkeys(parts))
        headlines.setdefault(article, headline or "")
    return [
        list(chained(list(parts), headline=headlines[article], group=article))
        for article, parts in texts.items()
    ]
