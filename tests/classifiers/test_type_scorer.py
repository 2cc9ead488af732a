from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from stance.classifiers.paragraph_type import ParagraphTypeClassifier
from stance.classifiers.trees import Trees
from stance.classifiers.type_scorer import TypeScorer
from stance.features.paragraph import feature_names
from stance.passage import Passage

GROUPS = ("layout",)
COLUMNS = feature_names(GROUPS)
CLASSES = ("quote", "report")


Make = Callable[..., TypeScorer]


def f32(values: Any) -> NDArray[np.float32]:
    return np.array(values, np.float32)


@pytest.fixture
def make(plant: Any) -> Make:
    """A scorer of two classes over the layout's columns; by default one that says nothing."""

    def made(
        *rounds: Any, baseline: Any = (0.0, 0.0), ratios: Any = ((1, 1), (1, 1)), **named: Any
    ) -> TypeScorer:
        chosen = {"classes": CLASSES, "groups": GROUPS} | named
        trees = Trees(plant(rounds, baseline))
        return TypeScorer(None, trees=trees, ratios=f32(ratios), **chosen)

    return made


@pytest.fixture(scope="module")
def trained(data: Any) -> TypeScorer:
    classifier = ParagraphTypeClassifier(n_splits=2, n_rounds=20).fit(data.passages, data.labels)
    return classifier.compile()


def asks(name: str, threshold: float, below: Any, above: Any) -> Any:
    """A tree's question; its own value is 0."""
    return (COLUMNS.index(name), threshold, 0.0, below, above)


QUOTED = asks("looks quoted", 0.5, 0.0, 1.0)


def test_nothing_learnt_is_even_odds(make: Make) -> None:
    assert make().predict_proba([Passage("It rained.")]).tolist() == [[0.5, 0.5]]


def test_a_tree_by_hand(make: Make) -> None:
    found = make([QUOTED, 0.0], baseline=(0.5, 0.0))
    rows = found.predict_proba([Passage("“Go,” she said."), Passage("It rained.")])
    # Logits 1.5 and 0.5 against 0.
    expected = [1 / (1 + np.exp(-1.5)), 1 / (1 + np.exp(-0.5))]
    assert rows[:, 0] == pytest.approx(expected)


def test_questions_of_a_tree_by_hand(make: Make) -> None:
    lower = asks("place relative", 0.25, 0.0, 1.0)
    found = make([asks("place relative", 0.5, lower, 3.0), 0.0])
    passages = [Passage("It rained.", index=i, n_paragraphs=5) for i in range(5)]
    # 0, ¼, ½, ¾, 1: what equals a threshold lies below it.
    assert found.logits(found.inputs(passages))[:, 0].tolist() == [0, 0, 1, 3, 3]


def test_rounds_and_classes_add_up(make: Make) -> None:
    first = asks("place first", 0.5, -0.5, 0.25)
    found = make([QUOTED, first], [first, 2.0], baseline=(0.5, -1.0))
    texts = ("“Go,” she said.", "It rained.")
    passages = [Passage(text, index=i, n_paragraphs=2) for i, text in enumerate(texts)]
    # 0.5 + 1 + 0.25 and -1 + 0.25 + 2; 0.5 + 0 - 0.5 and -1 - 0.5 + 2.
    assert found.logits(found.inputs(passages)).tolist() == [[1.75, 1.25], [0.0, 0.5]]
    assert found.intercept.tolist() == [0.5, 1.0]
    added = found.contributions(found.inputs(passages))
    assert added[0, COLUMNS.index("looks quoted")].tolist() == [1.0, 0.0]
    assert added[:, COLUMNS.index("place first")].tolist() == [[0.25, 0.25], [-0.5, -0.5]]
    assert np.count_nonzero(added) == 5


def test_chain_by_hand(make: Make) -> None:
    quoted = asks("looks quoted", 0.5, 0.0, np.log(9.0))
    found = make([quoted, 0.0], ratios=[[1.5, 0.5], [0.5, 1.5]])
    passages = [
        Passage("“Go,” she said.", group="a", index=0),
        Passage("It rained.", group="a", index=1),
        Passage("It rained.", group="b", index=0),
    ]
    # 0.9 then 0.5: the neighbour's 0.5 becomes 0.9 · 1.5 : 0.1 · 0.5 … = 0.7 (and 0.5 alone).
    assert found.predict_proba(passages)[:, 0] == pytest.approx([0.9, 0.7, 0.5])


def test_extreme_leaves_are_still_probabilities(make: Make) -> None:
    most = float(np.finfo(np.float32).max)
    found = make(*[[asks("looks quoted", 0.5, -most, most), most]] * 3, baseline=(-most, most))
    passages = [
        Passage(text, group="a", index=i)
        for i, text in enumerate(["“Go,” she said.", "It rained."])
    ]
    assert found.predict_proba(passages).tolist() == [[0.0, 1.0], [0.0, 1.0]]


def test_contributions_and_intercept_add_up_to_the_logits(trained: TypeScorer, data: Any) -> None:
    inputs = trained.inputs(data.passages)
    added = trained.contributions(inputs)
    assert added.shape == (len(data.passages), len(trained.columns), 4)
    assert trained.logits(inputs) == pytest.approx(trained.intercept + added.sum(axis=1))
    assert np.count_nonzero(added.any(axis=(0, 2))) > 3  # more than a few columns take part
    alone = trained.predict_proba([Passage(p.text, headline=p.headline) for p in data.passages[:1]])
    assert alone.shape == (1, 4) and alone.sum() == pytest.approx(1)


def test_word_contributions_are_what_is_lost_without_the_words(
    trained: TypeScorer, make: Make
) -> None:
    passage = Passage("“We heard the pier go,” Ida Lund said.")
    inputs = trained.inputs([passage])
    spans = [(0, len(passage.text)), (1, 3), (0, 0)]
    found = trained.word_contributions(passage, spans)
    for (start, end), moved in zip(spans, found, strict=True):
        without = inputs.copy()
        text = f"{passage.text[:start]} {passage.text[end:]}"
        without[:, :4] = trained.inputs([Passage(text)])[:, :4]
        # The other columns stay: only the n-grams' part is asked for.
        assert moved == pytest.approx((trained.logits(inputs) - trained.logits(without))[0])
    assert found[0].any() and not found[2].any()
    assert make([QUOTED, 0.0]).word_contributions(passage, spans).tolist() == [[0.0, 0.0]] * 3


def test_round_trip_through_arrays_and_settings(trained: TypeScorer, make: Make, data: Any) -> None:
    copy = TypeScorer.from_arrays(trained.arrays(), trained.settings())
    assert (copy.predict_proba(data.passages) == trained.predict_proba(data.passages)).all()
    assert (copy.classes, copy.groups, copy.columns) == (
        trained.classes,
        trained.groups,
        trained.columns,
    )
    for name, array in trained.arrays().items():
        assert copy.arrays()[name].dtype == array.dtype and (copy.arrays()[name] == array).all()
    plain = make([QUOTED, 0.0])
    again = TypeScorer.from_arrays(plain.arrays(), plain.settings())
    assert again.columns == COLUMNS
    rows = [Passage("“Go,” she said."), Passage("It rained.")]
    assert (again.predict_proba(rows) == plain.predict_proba(rows)).all()


def test_columns_are_named_for_their_class(trained: TypeScorer) -> None:
    assert trained.columns[:4] == tuple(f"n-grams {name}" for name in trained.classes)


BAD_ARRAYS: list[tuple[dict[str, Any], str]] = [
    ({"chain.ratios": np.ones((2, 2), np.float64)}, "'ratios': unexpected .* float64"),
    ({"chain.ratios": np.ones((2, 2), np.int32)}, "'ratios': unexpected .* int32"),
    ({"chain.ratios": f32([1, 1])}, r"'ratios': unexpected shape \(2,\)"),
    ({"chain.ratios": np.ones((3, 3), np.float32)}, r"'ratios': unexpected shape \(3, 3\)"),
    ({"chain.ratios": f32([[1, 1], [1, -1]])}, "'ratios': expected positive numbers"),
    ({"chain.ratios": f32([[1, 1], [1, 0]])}, "'ratios': expected positive numbers"),
    ({"chain.ratios": f32([[1, 1], [1, np.nan]])}, "'ratios': expected positive numbers"),
    ({"chain.ratios": f32([[1, 1], [1, np.inf]])}, "'ratios': expected positive numbers"),
    ({"chain.ratios": None}, r"expected array 'chain.ratios', got \[\]"),
    ({"chain.more": f32([1])}, r"expected array 'chain.ratios', got \['more', 'ratios'\]"),
    ({"head.center": f32([1])}, "unexpected array 'head.center'"),
    ({"ratios": f32([1])}, "unexpected array 'ratios'"),
    ({"trees.root": None}, r"expected arrays of trees .* got \['baseline', .*'right', 'thre"),
    ({"trees.more": f32([1])}, "expected arrays of trees .* got .*'more'"),
    ({"trees.value": f32([0, np.nan, 0, 0])}, "'value': expected finite numbers"),
    ({"trees.left": np.zeros(4, np.int32)}, "'left': a child does not stand behind its parent"),
    ({"trees.root": np.array([[0, 4]])}, "'root': expected nodes of 0 to 3"),
    (
        {"trees.column": np.array([20, -1, -1, -1], np.int16)},
        "expected trees for 2 classes over 20 columns, got 2 and 21",
    ),
    (
        {"trees.root": np.array([[0, 3, 4]]), "trees.baseline": f32([0, 0, 0])},
        "'root': expected nodes of 0 to 3",
    ),
]


@pytest.mark.parametrize(("changes", "message"), BAD_ARRAYS)
def test_bad_arrays_are_named(changes: dict[str, Any], message: str, make: Make) -> None:
    whole = make([QUOTED, 0.0])
    arrays = whole.arrays() | changes
    kept = {name: array for name, array in arrays.items() if array is not None}
    with pytest.raises(ValueError, match=message):
        TypeScorer.from_arrays(kept, whole.settings())


@pytest.mark.parametrize("n", [1, 3])
def test_trees_for_another_number_of_classes(n: int, plant: Any) -> None:
    trees = Trees(plant([[QUOTED] * n], [0.0] * n))
    message = f"expected trees for 2 classes over 20 columns, got {n} and"
    with pytest.raises(ValueError, match=message):
        TypeScorer(None, trees=trees, ratios=f32(np.ones((2, 2))), classes=CLASSES, groups=GROUPS)


def test_trees_over_columns_that_are_not_there(make: Make) -> None:
    last = len(COLUMNS)
    assert make([(last - 1, 0.0, 0.0, 0.0, 0.0), 0.0]).columns == COLUMNS
    with pytest.raises(ValueError, match="over 20 columns, got 2 and 21"):
        make([(last, 0.0, 0.0, 0.0, 0.0), 0.0])
    with pytest.raises(ValueError, match="over 0 columns, got 2 and 11"):
        make([QUOTED, 0.0], groups=())


@pytest.mark.parametrize(
    "classes", [(), ("quote",), ("quote", "quote")], ids=["none", "one", "twice"]
)
def test_absurd_classes(classes: tuple[str, ...], make: Make) -> None:
    with pytest.raises(ValueError, match="classes: expected 2 or more different names"):
        make(classes=classes)


def test_groups_that_are_none_or_twice(make: Make) -> None:
    with pytest.raises(ValueError, match="groups: expected 0 or more different names"):
        make(groups=("layout", "layout"))
    with pytest.raises(ValueError, match="unknown feature group 'colour'"):
        make(groups=("colour",))


def test_ngrams_of_another_number_of_classes(trained: TypeScorer) -> None:
    settings = trained.settings() | {"classes": ["a", "b", "c"]}
    with pytest.raises(ValueError, match="expected 3 n-gram scores for 3 classes, got 4"):
        TypeScorer.from_arrays(trained.arrays(), settings)


def test_no_passage(trained: TypeScorer) -> None:
    assert trained.predict_proba([]).shape == (0, 4)
    inputs = trained.inputs([])
    assert inputs.shape == (0, len(trained.columns))
    assert trained.logits(inputs).shape == (0, 4)
    assert trained.contributions(inputs).shape == (0, len(trained.columns), 4)
    assert trained.word_contributions(Passage("It rained."), []).shape == (0, 4)
