from __future__ import annotations

import numpy as np
import pytest

from stance.evaluation.learning_curve import group_share, mean_score
from stance.evaluation.metrics import macro_f1
from stance.evaluation.significance import paired_difference

GROUPS = [f"g{i // 3}" for i in range(60)]


def test_groups_stay_whole_and_shares_contain_each_other() -> None:
    before: set[int] = set()
    for share, n in ((0.1, 2), (0.25, 5), (0.5, 10), (1.0, 20)):
        rows = group_share(GROUPS, share=share, draw=4)
        chosen = {GROUPS[i] for i in rows}
        assert len(chosen) == n
        assert len(rows) == 3 * n
        assert before <= set(rows.tolist())
        assert rows.tolist() == sorted(rows.tolist())
        before = set(rows.tolist())


def test_draws_differ_and_repeat() -> None:
    first, again, other = (group_share(GROUPS, share=0.25, draw=d).tolist() for d in (0, 0, 1))
    assert first == again != other


def test_mean_and_difference_are_those_of_single_trainings() -> None:
    rng = np.random.default_rng(0)
    counts = [rng.integers(0, 9, size=(30, 3, 4)) for _ in range(3)]
    values = [float(macro_f1(one.sum(axis=0))) for one in counts]
    assert mean_score(counts, n_resamples=200).value == pytest.approx(np.mean(values))
    step = mean_score(counts[:1], other=counts[1:2], n_resamples=200)
    assert step == paired_difference(*counts[:2], n_resamples=200)


def test_mistakes_are_told() -> None:
    with pytest.raises(ValueError, match=r"share = 0, must be above 0"):
        group_share(GROUPS, share=0)
    with pytest.raises(ValueError, match="one training at least, got none"):
        mean_score([])
