from __future__ import annotations

import numpy as np
import pytest

from stance.classifiers.stance import StanceClassifier
from stance.classifiers.stance_head import HeadMaker


def coefficients(score_weight: float) -> np.ndarray:
    """Of one n-gram score and one dense column that say the same of two classes."""
    codes = np.array([0, 1] * 20)
    column = np.where(codes == 1, 1.0, -1.0)[:, None]
    maker = HeadMaker(
        "linear", 1, 0.1, C=0.01, random_state=0, n_scores=1, score_weight=score_weight
    )
    linear = maker.fit(np.hstack([column, column]), codes, None).linear
    assert linear is not None
    return linear["coef"][:, 1]


def test_equal_columns_share_alike_and_a_weighed_score_takes_more() -> None:
    score, dense = coefficients(1.0)
    assert score == pytest.approx(dense)
    score, dense = coefficients(3.0)
    # A ridge shares what two copies explain by the squares of their weights.
    assert score / dense == pytest.approx(9, rel=1e-2)


def test_a_score_weight_out_of_range_is_told() -> None:
    with pytest.raises(ValueError, match=r"score_weight = -1, must be > 0"):
        StanceClassifier(score_weight=-1).fit(["a", "b"], ["favor", "against"])
