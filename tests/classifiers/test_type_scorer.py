from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from stance.classifiers.paragraph_type import ParagraphTypeClassifier
from stance.classifiers.type_scorer import TypeScorer
from stance.features.paragraph import feature_names
from stance.passage import Passage

GROUPS = ("layout",)
COLUMNS = feature_names(GROUPS)
CLASSES = ("quote", "report")


def f32(values: Any) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def head(**changes: Any) -> dict[str, NDArray[Any]]:
    """A head of two classes over the layout's columns that says nothing."""
    n = len(COLUMNS)
    blank: dict[str, NDArray[Any]] = {
        "center": np.zeros(n, np.float32),
        "scale": np.ones(n, np.float32),
        "slopes": np.zeros((n, 2), np.float32),
        "edges": np.zeros(0, np.float32),
        "edge_bounds": np.zeros(n + 1, np.int64),
        "steps": np.zeros((0, 2), np.float32),
        "intercept": np.zeros(2, np.float32),
        "ratios": np.ones((2, 2), np.float32),
    }
    return blank | {name: np.asarray(value) for name, value in changes.items()}


def scorer(**changes: Any) -> TypeScorer:
    return TypeScorer(None, head=head(**changes), classes=CLASSES, groups=GROUPS)


@pytest.fixture(scope="module")
def trained(data: Any) -> TypeScorer:
    classifier = ParagraphTypeClassifier(n_splits=2).fit(data.passages, data.labels)
    return classifier.compile()


def at(name: str, weight: tuple[float, float]) -> NDArray[np.float32]:
    slopes = np.zeros((len(COLUMNS), 2), np.float32)
    slopes[COLUMNS.index(name)] = weight
    return slopes


def test_nothing_learnt_is_even_odds() -> None:
    assert scorer().predict_proba([Passage("It rained.")]).tolist() == [[0.5, 0.5]]


def test_slopes_by_hand() -> None:
    found = scorer(slopes=at("looks quoted", (1.0, 0.0)), intercept=f32([0.5, 0.0]))
    rows = found.predict_proba([Passage("“Go,” she said."), Passage("It rained.")])
    # Logits 1.5 and 0.5 against 0.
    expected = [1 / (1 + np.exp(-1.5)), 1 / (1 + np.exp(-0.5))]
    assert rows[:, 0] == pytest.approx(expected)


def test_center_and_scale() -> None:
    center, scale = np.zeros(len(COLUMNS), np.float32), np.ones(len(COLUMNS), np.float32)
    center[COLUMNS.index("looks quoted")], scale[COLUMNS.index("looks quoted")] = 1.0, 0.5
    found = scorer(slopes=at("looks quoted", (1.0, 0.0)), center=center, scale=scale)
    inputs = found.inputs([Passage("“Go,” she said."), Passage("It rained.")])
    assert found.logits(inputs).tolist() == [[0.0, 0.0], [-2.0, 0.0]]


def test_steps_by_hand() -> None:
    column = COLUMNS.index("place relative")
    bounds = np.zeros(len(COLUMNS) + 1, np.int64)
    bounds[column + 1 :] = 2
    found = scorer(
        edges=f32([0.25, 0.5]),
        edge_bounds=bounds,
        steps=f32([[1.0, 0.0], [3.0, 0.0]]),
    )
    passages = [Passage("It rained.", index=i, n_paragraphs=5) for i in range(5)]
    # 0, ¼, ½, ¾, 1: an edge counts once the value lies above it.
    assert found.logits(found.inputs(passages))[:, 0].tolist() == [0, 0, 1, 3, 3]


def test_chain_by_hand() -> None:
    found = scorer(
        slopes=at("looks quoted", (np.log(9.0), 0.0)), ratios=f32([[1.5, 0.5], [0.5, 1.5]])
    )
    passages = [
        Passage("“Go,” she said.", group="a", index=0),
        Passage("It rained.", group="a", index=1),
        Passage("It rained.", group="b", index=0),
    ]
    # 0.9 then 0.5: the neighbour's 0.5 becomes 0.9 · 1.5 : 0.1 · 0.5 … = 0.7 (and 0.5 alone).
    assert found.predict_proba(passages)[:, 0] == pytest.approx([0.9, 0.7, 0.5])


def test_contributions_and_intercept_add_up_to_the_logits(trained: TypeScorer, data: Any) -> None:
    inputs = trained.inputs(data.passages)
    added = trained.contributions(inputs)
    assert added.shape == (len(data.passages), len(trained.columns), 4)
    total = trained.arrays()["head.intercept"] + added.sum(axis=1)
    assert trained.logits(inputs) == pytest.approx(total)
    alone = trained.predict_proba([Passage(p.text, headline=p.headline) for p in data.passages[:1]])
    assert alone.shape == (1, 4) and alone.sum() == pytest.approx(1)


def test_round_trip_through_arrays_and_settings(trained: TypeScorer, data: Any) -> None:
    copy = TypeScorer.from_arrays(trained.arrays(), trained.settings())
    assert (copy.predict_proba(data.passages) == trained.predict_proba(data.passages)).all()
    assert (copy.classes, copy.groups, copy.columns) == (
        trained.classes,
        trained.groups,
        trained.columns,
    )
    plain = TypeScorer.from_arrays(scorer().arrays(), scorer().settings())
    assert plain.columns == COLUMNS


def test_columns_are_named_for_their_class(trained: TypeScorer) -> None:
    assert trained.columns[:4] == tuple(f"n-grams {name}" for name in trained.classes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"center": np.zeros(3, np.float32)}, r"'center': expected shape \(20,\), got \(3,\)"),
        ({"center": np.zeros(20)}, "'center': unexpected type float64"),
        ({"edge_bounds": np.zeros(21, np.float32)}, "'edge_bounds': unexpected type float32"),
        ({"intercept": f32([np.nan, 0])}, "'intercept': expected finite numbers"),
        ({"slopes": np.full((20, 2), np.inf, np.float32)}, "'slopes': expected finite numbers"),
        ({"scale": np.zeros(20, np.float32)}, "'scale' and 'ratios': expected positive numbers"),
        ({"ratios": f32([[1, 1], [1, -1]])}, "'ratios': expected positive numbers"),
        ({"edge_bounds": np.arange(21)}, "'edge_bounds': expected to rise from 0 to"),
        ({"edge_bounds": np.array([0] * 20 + [-1])}, "'edge_bounds': expected to rise"),
        ({"edges": f32(3.0)}, r"'edges': expected shape \(0,\), got \(\)"),
    ],
)
def test_bad_arrays_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scorer(**changes)


@pytest.mark.parametrize(
    "classes", [(), ("quote",), ("quote", "quote")], ids=["none", "one", "twice"]
)
def test_absurd_classes(classes: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="classes: expected 2 or more different names"):
        TypeScorer(None, head=head(), classes=classes, groups=GROUPS)


def test_groups_that_are_none_or_twice() -> None:
    with pytest.raises(ValueError, match="groups: expected 0 or more different names"):
        TypeScorer(None, head=head(), classes=CLASSES, groups=("layout", "layout"))
    with pytest.raises(ValueError, match="unknown feature group 'colour'"):
        TypeScorer(None, head=head(), classes=CLASSES, groups=("colour",))


def test_ngrams_of_another_number_of_classes(trained: TypeScorer) -> None:
    settings = trained.settings() | {"classes": ["a", "b", "c"]}
    with pytest.raises(ValueError, match="expected 3 n-gram scores for 3 classes, got 4"):
        TypeScorer.from_arrays(trained.arrays(), settings)


def test_no_passage(trained: TypeScorer) -> None:
    assert trained.predict_proba([]).shape == (0, 4)
    assert trained.word_contributions("", []).shape == (0, 4)
