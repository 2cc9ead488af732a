"""Relabelling: labels of a corpus in a space that a config shares between corpora."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stance.experiments.configs.data_config import CorpusConfig
from stance.experiments.configs.mistakes import nearest


class RelabelError(ValueError):
    """A map of labels that names one which the corpus does not have."""


def relabelled(labels: Sequence[Any], corpus: CorpusConfig) -> list[str | None]:
    """The labels as the config maps them; None where a passage is left out.

    Parameters
    ----------
    labels : sequence of str or None
        Those of the corpus.
    corpus : CorpusConfig

    Raises
    ------
    RelabelError
        The map names a label that neither the corpus's card nor its passages have.

    Examples
    --------
    >>> corpus = CorpusConfig(name="sample", relabel={"report": "other", "disclaimer": None})
    >>> relabelled(["quote", "report", "disclaimer"], corpus)
    ['quote', 'other', None]
    """
    relabel = corpus.relabel or {}
    known = {*map(str, filter(None, labels)), *_declared(corpus)}
    for label in relabel:
        if label not in known:
            raise RelabelError(
                f"corpus {corpus.name!r}: relabel names {label!r}, must be one of "
                f"{', '.join(map(repr, sorted(known)))}{nearest(label, sorted(known))}"
            )
    return [None if label is None else relabel.get(str(label), str(label)) for label in labels]


def relabel_notes(corpus: CorpusConfig) -> Iterator[str]:
    """What a reader must know of the map, in a sentence; nothing where there is none."""
    if not corpus.relabel:
        return
    moved = [f"{label} as {to}" for label, to in corpus.relabel.items() if to not in (None, label)]
    lost = [label for label, to in corpus.relabel.items() if to is None]
    told = [f"{', '.join(moved)}"] if moved else []
    told += [f"{', '.join(lost)} left out"] if lost else []
    if told:
        yield f"The labels of {corpus.name} are mapped for this comparison: {'; '.join(told)}."


def _declared(corpus: CorpusConfig) -> tuple[str, ...]:
    """Labels of the card: a split may lack one of them."""
    from stance.corpora import card, corpus_names

    return card(corpus.name).task(corpus.task).labels if corpus.name in corpus_names() else ()
