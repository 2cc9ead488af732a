from __future__ import annotations

import numpy as np
import pytest

from stance.features.paragraph import GROUPS, feature_names, paragraph_features
from stance.passage import Passage

PASSAGES = [Passage("“Go,” she said.", index=0, n_paragraphs=2), Passage("It may rain.", index=1)]


def test_columns_follow_the_names_in_the_order_asked() -> None:
    both = paragraph_features(PASSAGES, ["lexicon", "layout"])
    lexicon, layout = (paragraph_features(PASSAGES, [group]) for group in ("lexicon", "layout"))
    assert (both == np.hstack([lexicon, layout])).all()
    names = feature_names(["lexicon", "layout"])
    assert names == (*feature_names(["lexicon"]), *feature_names(["layout"]))
    assert both[1, names.index("lexicon modal")] == pytest.approx(1 / 3)


def test_all_groups_by_default() -> None:
    names = feature_names()
    assert paragraph_features(PASSAGES).shape == (2, len(names))
    assert len(set(names)) == len(names)
    assert names == feature_names(tuple(GROUPS))


def test_a_row_does_not_depend_on_the_others() -> None:
    together = paragraph_features(PASSAGES)
    alone = np.vstack([paragraph_features([passage]) for passage in PASSAGES])
    assert (together == alone).all()


def test_no_passage_and_no_group() -> None:
    assert paragraph_features([]).shape == (0, len(feature_names()))
    assert paragraph_features(PASSAGES, []).shape == (2, 0)


def test_unknown_group_is_told_with_the_closest() -> None:
    message = r"unknown feature group 'layuot', expected of \[.*\]; did you mean 'layout'\?"
    with pytest.raises(ValueError, match=message):
        paragraph_features(PASSAGES, ["layuot"])
    with pytest.raises(ValueError, match="unknown feature group 'colour', expected of"):
        feature_names(["colour"])
