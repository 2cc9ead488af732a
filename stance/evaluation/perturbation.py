"""Perturbations: passages changed in a way whose effect on the label is known beforehand.

References
----------
M. T. Ribeiro, T. Wu, C. Guestrin and S. Singh, 2020, "Beyond accuracy: behavioral testing of NLP
models with CheckList", doi:10.18653/v1/2020.acl-main.442 (invariance and directional tests).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import N_RESAMPLES, Interval, bootstrap
from stance.evaluation.edits import Rewriter, apply_edits, moved, rewriter
from stance.evaluation.metrics import group_codes
from stance.passage import Passage

Expected = Literal["stay", "change"]

PERTURBATIONS = MappingProxyType(
    {
        "marks": "quotation marks of another style",
        "unclosed": "last quotation never closes",
        "typography": "curly marks and dashes made plain",
        "typos": "neighbouring letters swapped",
        "case": "all in lower case",
        "names": "full names replaced",
        "negation": "a negation added",
    }
)
"""Every perturbation, and what it does."""

_SIDES = frozenset(("favor", "against"))


@dataclass(frozen=True, slots=True)
class FlipScore:
    """What a perturbation did to a model's labels.

    Parameters
    ----------
    n_passages, n_groups : int
        Passages whose text it changed and of whose label something is expected, and their articles.
    changed : Interval
        Share of them that got another label than before.
    before, after : Interval
        Share of them with the right label, before and after; after a negation, "right" has no
        meaning.
    labels : dict of str to (Interval, int)
        Share that got another label, and number of passages, by the label they had before.
    """

    n_passages: int
    n_groups: int
    changed: Interval
    before: Interval
    after: Interval
    labels: dict[str, tuple[Interval, int]]


def perturbed(passages: Sequence[Passage], name: str, *, seed: int = 0) -> list[Passage]:
    """Passages after a perturbation; whole articles are changed, context included.

    Parameters
    ----------
    passages : sequence of Passage
    name : str
        A key of ``PERTURBATIONS``.
    seed : int
        Of what is drawn at random: typos and names.

    Returns
    -------
    list of Passage
        As many, in the same order. One that the perturbation cannot reach (no quotation, no name)
        has the text that it had.

    Raises
    ------
    ValueError
        There is no such perturbation.

    Examples
    --------
    >>> perturbed([Passage("“It held,” she said.")], "marks")[0].text
    '«It held,» she said.'
    """
    if name not in PERTURBATIONS:
        raise ValueError(f"perturbation {name!r}, must be one of {', '.join(PERTURBATIONS)}")
    codes = group_codes([passage.group for passage in passages])
    changed: list[Passage] = list(passages)
    order = np.argsort(codes, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1) if len(codes) else []:
        article = [passages[row] for row in rows.tolist()]
        rewrite = rewriter(name, [passage.text for passage in article], seed=seed)
        for row, passage in zip(rows.tolist(), article, strict=True):
            changed[row] = _rewritten(passage, rewrite, has_new_names=name == "names")
    return changed


def expected_of(name: str, labels: Sequence[str]) -> Expected:
    """Whether a perturbation must leave or turn the label.

    A negation turns a stance; what kind of paragraph it is stays as it was.

    Examples
    --------
    >>> expected_of("negation", ["favor", "against"]), expected_of("negation", ["quote"])
    ('change', 'stay')
    """
    return "change" if name == "negation" and set(labels) & _SIDES else "stay"


def is_asked(
    passages: Sequence[Passage],
    changed: Sequence[Passage],
    before: Sequence[str | None],
    *,
    expected: Expected,
) -> NDArray[np.bool_]:
    """Passages of whose label something is expected, shape (n_passages,).

    The text must have changed; where the label shall turn, it must have taken a side before.
    """
    asked = [old.text != new.text for old, new in zip(passages, changed, strict=True)]
    if expected == "change":
        asked = [one and label in _SIDES for one, label in zip(asked, before, strict=True)]
    return np.array(asked, bool)


def flip_score(
    before: Sequence[str | None],
    after: Sequence[str | None],
    truth: Sequence[str],
    *,
    groups: Sequence[str],
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> FlipScore:
    """How many labels change, with intervals over articles.

    Parameters
    ----------
    before, after : sequence of str or None, shape (n_passages,)
        A model's labels of the passages as they were and as they became.
    truth : sequence of str, shape (n_passages,)
    groups : sequence of str, shape (n_passages,)

    Raises
    ------
    ValueError
        The sequences differ in length, or are empty.

    Examples
    --------
    >>> score = flip_score(["a", "a", "b"], ["a", "b", "b"], ["a", "a", "b"], groups=["1"] * 3)
    >>> round(score.changed.value, 3), score.labels["a"]
    (0.333, (Interval(value=0.5, low=None, high=None), 2))
    """
    n = len(before)
    if not n or not n == len(after) == len(truth) == len(groups):
        lengths = [len(before), len(after), len(truth), len(groups)]
        raise ValueError(f"expected sequences of equal length, one at least, got {lengths}")
    labels = list(dict.fromkeys(label for label in before if label is not None))
    codes = group_codes(groups)
    terms = np.zeros((n, 4 + 2 * len(labels)))
    flipped = np.array([a != b for a, b in zip(before, after, strict=True)])
    terms[:, 0], terms[:, 1] = 1.0, flipped
    terms[:, 2] = [a == b for a, b in zip(before, truth, strict=True)]
    terms[:, 3] = [a == b for a, b in zip(after, truth, strict=True)]
    for i, label in enumerate(labels):
        had = np.array([one == label for one in before])
        terms[:, 4 + 2 * i], terms[:, 5 + 2 * i] = had, had & flipped
    sums = np.zeros((int(codes.max()) + 1, terms.shape[1]))
    np.add.at(sums, codes, terms)
    found = bootstrap(sums, _shares, n_resamples=n_resamples, seed=seed)
    sizes = sums.sum(axis=0)[4::2].astype(int).tolist()
    return FlipScore(
        n_passages=n,
        n_groups=len(sums),
        changed=found["changed"],
        before=found["before"],
        after=found["after"],
        labels={label: (found[f"{i}"], sizes[i]) for i, label in enumerate(labels)},
    )


def _shares(sums: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
    n = sums[..., 0]
    table = {"changed": sums[..., 1] / n, "before": sums[..., 2] / n, "after": sums[..., 3] / n}
    for i, at in enumerate(range(4, sums.shape[-1], 2)):
        whole = sums[..., at]
        undefined = np.full(np.shape(whole), np.nan)
        table[f"{i}"] = np.divide(sums[..., at + 1], whole, out=undefined, where=whole > 0)
    return table


def _rewritten(passage: Passage, rewrite: Rewriter, *, has_new_names: bool) -> Passage:
    edits = rewrite(passage.text)
    target = passage.target
    if has_new_names and target is not None:
        target = apply_edits(target, rewrite(target))
    return replace(
        passage,
        text=apply_edits(passage.text, edits),
        target=target,
        mentions=tuple(moved(span, edits) for span in passage.mentions),
        headline=apply_edits(passage.headline, rewrite(passage.headline)),
        previous=apply_edits(passage.previous, rewrite(passage.previous)),
        following=apply_edits(passage.following, rewrite(passage.following)),
    )
