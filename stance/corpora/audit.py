"""Audit: how far a corpus's splits can be trusted. Repeats, leaks, conflicts, lengths."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stance.corpora.duplicates import folded, near_duplicates
from stance.corpora.evidence import NEAR, SHARES, Audit, Overlap, SplitAudit


@dataclass(frozen=True, slots=True)
class Examples:
    """The columns of one split that an audit looks at, all of one length.

    Parameters
    ----------
    texts : sequence of str
    labels : sequence of str
    targets : sequence of str or None
    groups : sequence of str
        Article ids; empty where the corpus names none.
    contexts : sequence of hashable
        What else belongs to the question that an example asks (voice, place of the target).
    """

    texts: Sequence[str]
    labels: Sequence[str]
    targets: Sequence[str | None]
    groups: Sequence[str]
    contexts: Sequence[Hashable]


def audit(name: str, *, task: str | None = None, variant: str | None = None) -> Audit:
    """The evidence on a corpus whose files are on this machine.

    Parameters
    ----------
    name : str
    task : str or None
        None: the card's first.
    variant : str or None
        None: the one with most examples, since a variant may leave out what an audit is to find.

    Raises
    ------
    ValueError
        There is no such corpus, task or variant.
    CorpusMissingError
        The files are not on this machine.

    Examples
    --------
    >>> found = audit("sample")
    >>> sum(split.n_rows for split in found.splits) > 1000
    True
    """
    from stance.corpora import card, load

    chosen = card(name).task(task)
    fullest = max(chosen.variants, key=lambda v: sum(v.splits.values()))
    form = variant or fullest.name
    splits = load(name, task=chosen.name, variant=form)
    return audited(
        {split: _examples(dataset) for split, dataset in splits.items()},
        corpus=name,
        task=chosen.name,
        variant=form,
    )


def audited(
    splits: Mapping[str, Examples], *, corpus: str, task: str = "", variant: str = ""
) -> Audit:
    """The evidence on splits that are at hand, in the order in which they may leak.

    Examples
    --------
    >>> train = Examples(["It snowed.", "Rain."], ["report"] * 2, [None] * 2, ["a", "b"], [()] * 2)
    >>> test = Examples(["It snowed!"], ["quote"], [None], ["a"], [()])
    >>> overlap = audited({"train": train, "test": test}, corpus="own").overlaps[0]
    >>> overlap.as_written, overlap.folded, overlap.other_label, overlap.groups
    (0, 1, 1, 1)
    """
    fold = _Folder(text for examples in splits.values() for text in examples.texts)
    keyed = {name: _Keyed.of(examples, fold) for name, examples in splits.items()}
    names = list(splits)
    overlaps = []
    for i, name in enumerate(names[1:], 1):
        references = [[earlier] for earlier in names[:i]] + ([names[:i]] if i > 1 else [])
        overlaps += [
            _overlap(keyed[name], name, [keyed[r] for r in reference], "+".join(reference), fold)
            for reference in references
        ]
    labels: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for split in keyed.values():
        for question, label in zip(split.questions_folded, split.examples.labels, strict=True):
            labels[question][label] += 1
    conflicts = [counts for counts in labels.values() if len(counts) > 1]
    return Audit(
        corpus=corpus,
        task=task,
        variant=variant,
        splits=tuple(_split_audit(keyed[name], name, fold) for name in names),
        overlaps=tuple(overlaps),
        n_conflicts=len(conflicts),
        rows_in_conflict=sum(counts.total() for counts in conflicts),
    )


class _Folder:
    """Folded texts, each folded once, and which of them are near duplicates of which."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.of = {text: folded(text) for text in dict.fromkeys(texts)}
        distinct = sorted(set(self.of.values()))
        self.near: dict[str, set[str]] = defaultdict(set)
        for pair in near_duplicates(distinct, threshold=NEAR):
            self.near[distinct[pair.first]].add(distinct[pair.second])
            self.near[distinct[pair.second]].add(distinct[pair.first])


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A split with the keys by which its rows are compared."""

    examples: Examples
    folded: list[str]
    targets: list[str]
    questions: list[Hashable]
    questions_folded: list[Hashable]

    @classmethod
    def of(cls, examples: Examples, fold: _Folder) -> _Keyed:
        texts = [fold.of[text] for text in examples.texts]
        targets = [folded(target or "") for target in examples.targets]
        contexts = examples.contexts
        return cls(
            examples,
            texts,
            targets,
            list(zip(examples.texts, examples.targets, contexts, strict=True)),
            list(zip(texts, targets, contexts, strict=True)),
        )


def _split_audit(split: _Keyed, name: str, fold: _Folder) -> SplitAudit:
    examples, texts = split.examples, set(split.folded)
    words = [len(text.split()) for text in dict.fromkeys(examples.texts)]
    return SplitAudit(
        split=name,
        n_rows=len(examples.texts),
        n_texts=len(words),
        n_folded=len(texts),
        n_examples=len(set(split.questions)),
        n_near=sum(not texts.isdisjoint(fold.near.get(text, ())) for text in texts),
        n_groups=len(set(examples.groups) - {""}),
        n_targets=len(set(split.targets) - {""}),
        n_empty=sum(not text.strip() for text in examples.texts),
        labels=dict(sorted(Counter(examples.labels).items())),
        words=tuple(np.quantile(words, SHARES).tolist()) if words else (0.0,) * len(SHARES),
    )


def _overlap(
    split: _Keyed, name: str, reference: list[_Keyed], reference_name: str, fold: _Folder
) -> Overlap:
    examples = split.examples
    written = _seen(examples.texts, (r.examples.texts for r in reference))
    texts = {text for r in reference for text in r.folded}
    near = {
        text
        for text in set(split.folded)
        if text in texts or not texts.isdisjoint(fold.near.get(text, ()))
    }
    targets = {target for r in reference for target in r.targets} - {""}
    groups = {group for r in reference for group in r.examples.groups} - {""}
    return Overlap(
        split=name,
        reference=reference_name,
        n_rows=len(examples.texts),
        as_written=sum(written),
        texts_as_written=len({t for t, seen in zip(examples.texts, written, strict=True) if seen}),
        questions=sum(_seen(split.questions, (r.questions for r in reference))),
        folded=sum(text in texts for text in split.folded),
        texts_folded=len(texts.intersection(split.folded)),
        near=sum(text in near for text in split.folded),
        texts_near=len(near),
        other_label=_n_other_label(split, reference),
        groups=len(groups.intersection(examples.groups)),
        targets=len(targets.intersection(split.targets)),
        rows_of_targets=sum(target in targets for target in split.targets),
        labels=dict(
            sorted(Counter(x for x, s in zip(examples.labels, written, strict=True) if s).items())
        ),
    )


def _seen(keys: Sequence[Hashable], reference: Iterable[Sequence[Hashable]]) -> list[bool]:
    known = {key for keys_there in reference for key in keys_there}
    return [key in known for key in keys]


def _n_other_label(split: _Keyed, reference: list[_Keyed]) -> int:
    there: dict[Hashable, set[str]] = defaultdict(set)
    for other in reference:
        for question, label in zip(other.questions_folded, other.examples.labels, strict=True):
            there[question].add(label)
    rows = zip(split.questions_folded, split.examples.labels, strict=True)
    return sum(question in there and label not in there[question] for question, label in rows)


def _examples(dataset: Any) -> Examples:
    """The columns of a loaded split."""
    columns = dataset.select_columns(
        ["text", "label", "target", "group", "voice", "mentions"]
    ).to_dict()
    contexts = [
        (voice, *(tuple(span) for span in mentions or ()))
        for voice, mentions in zip(columns["voice"], columns["mentions"], strict=True)
    ]
    return Examples(
        texts=columns["text"],
        labels=["unlabelled" if label is None else str(label) for label in columns["label"]],
        targets=columns["target"],
        groups=[group or "" for group in columns["group"]],
        contexts=contexts,
    )
