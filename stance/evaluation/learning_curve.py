"""Learning curve: what part of the training articles a model needs.

References
----------
T. Viering and M. Loog, 2023, "The shape of learning curves: a review",
doi:10.1109/TPAMI.2022.3220744
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import N_RESAMPLES, Interval, bootstrap
from stance.evaluation.metrics import Counts, Floats, Metric, group_codes, macro_f1


def group_share(groups: Sequence[Hashable], *, share: float, draw: int = 0) -> NDArray[np.int64]:
    """Rows of a share of the groups, drawn at random.

    Shares of one draw contain each other: the greater holds all groups of the smaller.

    Parameters
    ----------
    groups : sequence, shape (n_passages,)
    share : float in (0, 1]
        Of the groups; one group is drawn at least.
    draw : int
        Another number is another order of the groups.

    Returns
    -------
    ndarray of int64, shape (n_rows,)
        In the order in which they stand.

    Examples
    --------
    >>> small = group_share(list("aabbccdd"), share=0.25)
    >>> large = group_share(list("aabbccdd"), share=0.5)
    >>> len(small), len(large), set(small.tolist()) < set(large.tolist())
    (2, 4, True)
    """
    if not 0 < share <= 1:
        raise ValueError(f"share = {share!r}, must be above 0 and at most 1")
    codes = group_codes(groups)
    n_groups = int(codes.max(initial=-1)) + 1
    order = np.random.default_rng(draw).permutation(n_groups)
    chosen = order[: max(1, round(share * n_groups))]
    return np.flatnonzero(np.isin(codes, chosen))


def mean_score(
    counts: Sequence[Counts],
    *,
    other: Sequence[Counts] = (),
    metric: Metric = macro_f1,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Mean of a metric over several trainings on one test set, minus that of other trainings.

    The interval is sampling error of the test set alone: it does not tell how far the trainings
    differ from each other.

    Parameters
    ----------
    counts, other : sequence of ndarray, each of shape (n_groups, n_labels, n_labels + 1)
        Confusion counts of each training, groups in the same order.

    Examples
    --------
    >>> right, wrong = np.array([[[2, 0, 0], [0, 2, 0]]]), np.array([[[0, 2, 0], [2, 0, 0]]])
    >>> mean_score([right, wrong]).value, mean_score([right], other=[wrong]).value
    (0.5, 1.0)
    """
    if not counts:
        raise ValueError("expected the counts of one training at least, got none")
    n = len(counts)

    def statistics(sums: Counts) -> dict[str, Floats]:
        values = metric(sums)
        mean = values[:, :n].mean(axis=1)
        return {"mean": mean - values[:, n:].mean(axis=1) if other else mean}

    stacked = np.stack([*counts, *other], axis=1)
    return bootstrap(stacked, statistics, n_resamples=n_resamples, seed=seed)["mean"]
