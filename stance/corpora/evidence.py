"""Evidence: what an audit finds about a corpus. Values, as JSON and as rows of tables."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""The quantiles that are kept of a distribution of lengths."""

NEAR = 0.8
"""Least Jaccard similarity of near duplicates."""

Row = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class SplitAudit:
    """What one split holds.

    Parameters
    ----------
    split : str
    n_rows : int
    n_texts, n_folded : int
        Different texts as written; the same with case, punctuation and white space folded.
    n_examples : int
        Different questions: text, target, voice and place of the target, as written.
    n_near : int
        Different folded texts that have a near duplicate in the same split.
    n_groups, n_targets : int
    n_empty : int
        Rows whose text has no character but white space.
    labels : dict of str to int
    words : tuple of float
        Words per different text, at the quantiles of ``SHARES``.
    """

    split: str
    n_rows: int
    n_texts: int
    n_folded: int
    n_examples: int
    n_near: int
    n_groups: int
    n_targets: int
    n_empty: int
    labels: dict[str, int]
    words: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What of a split stands in a reference: one earlier split, or all earlier ones together.

    Parameters
    ----------
    split, reference : str
        The reference's splits are joined by ``+``.
    n_rows : int
        Rows of the split.
    as_written, texts_as_written : int
        Rows, and different texts, that stand in the reference letter by letter.
    questions : int
        Rows of which text, target, voice and place of the target stand there.
    folded, texts_folded : int
        As ``as_written``, with case, punctuation and white space folded.
    near, texts_near : int
        Rows, and different folded texts, that stand there folded or have a near duplicate there.
    other_label : int
        Rows of which the folded text with the same target stands there under another label only.
    groups : int
        Articles that stand in both.
    targets, rows_of_targets : int
        Targets that stand in both (folded), and the split's rows that ask about one of them.
    labels : dict of str to int
        Labels of the rows counted by ``as_written``.
    """

    split: str
    reference: str
    n_rows: int
    as_written: int
    texts_as_written: int
    questions: int
    folded: int
    texts_folded: int
    near: int
    texts_near: int
    other_label: int
    groups: int
    targets: int
    rows_of_targets: int
    labels: dict[str, int]


@dataclass(frozen=True, slots=True)
class Audit:
    """The evidence on one task and variant of a corpus.

    Parameters
    ----------
    corpus, task, variant : str
    splits : tuple of SplitAudit
    overlaps : tuple of Overlap
        Each split against each earlier one, and against all earlier ones where there are several.
    n_conflicts, rows_in_conflict : int
        Questions (folded) that bear different labels in different rows, over all splits, and the
        rows that ask them.
    """

    corpus: str
    task: str
    variant: str
    splits: tuple[SplitAudit, ...]
    overlaps: tuple[Overlap, ...]
    n_conflicts: int
    rows_in_conflict: int

    def to_json(self) -> str:
        """Everything as JSON, keys in a fixed order."""
        content = {"schema_version": 1, "quantiles": SHARES, "near_jaccard": NEAR} | asdict(self)
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    def split_rows(self) -> list[Row]:
        """One row per split for a table: sizes and lengths."""
        return [
            {
                "split": split.split,
                "rows": split.n_rows,
                "articles": split.n_groups,
                "texts": split.n_texts,
                "texts, folded": split.n_folded,
                "questions": split.n_examples,
                "near duplicates": split.n_near,
                "targets": split.n_targets,
                "empty": split.n_empty,
                "words, median": split.words[3],
                "words, 5–95 %": f"{split.words[1]:g}–{split.words[5]:g}",
            }
            for split in self.splits
        ]

    def overlap_rows(self) -> list[Row]:
        """One row per pair of splits for a table: what the one shares with the other."""
        return [
            {
                "split": overlap.split,
                "in": overlap.reference,
                "rows": overlap.n_rows,
                "as written": overlap.as_written,
                "same question": overlap.questions,
                "folded": overlap.folded,
                "folded or near": overlap.near,
                "other label": overlap.other_label,
                "articles": overlap.groups,
                "targets": overlap.targets,
                "rows of these targets": overlap.rows_of_targets,
            }
            for overlap in self.overlaps
        ]
