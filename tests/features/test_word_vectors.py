from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.features.word_vectors import WordVectors, distilled, unit


def made(**changes: np.ndarray) -> dict[str, np.ndarray]:
    tokens = "▁\na\nb\nab\n▁ab\nc"
    arrays = {
        "tokens": np.frombuffer(tokens.encode(), np.uint8),
        "rows": np.array([[9, 9], [1, 0], [0, 1], [2, 2], [4, 0], [0, 8]], np.int8),
        "scale": np.array([1, 1, 1, 1, 0.5, 0.25], np.float16),
    }
    return arrays | changes


def test_tokens_that_stand_higher_are_joined_first() -> None:
    vectors = WordVectors(made())
    assert vectors.tokens("abab") == ["▁ab", "ab"]
    assert vectors.tokens("ba") == ["▁", "b", "a"]


def test_a_word_is_the_mean_of_its_tokens() -> None:
    vectors = WordVectors(made())
    assert vectors.of(["ab", "AB", "abc"]).tolist() == [[2, 0], [2, 0], [1, 1]]


def test_other_alphabets_have_no_vector_and_accents_go() -> None:
    vectors = WordVectors.packaged()
    rows = vectors.of(["порт", "", "café", "cafe"])
    assert not rows[:2].any()
    assert np.array_equal(rows[2], rows[3])


def test_words_of_like_meaning_are_close() -> None:
    vectors = WordVectors.packaged()
    like = [("tax", "taxes"), ("doctor", "physician"), ("gun", "firearm")]
    for one, two in like:
        a, b, other = vectors.units([one, two, "violin"])
        assert a @ b > a @ other + 0.2


@given(st.text(max_size=60))
def test_any_word_has_a_finite_vector_of_length_one_at_most(word: str) -> None:
    row = WordVectors.packaged().units([word])[0]
    assert np.isfinite(row).all()
    assert np.linalg.norm(row) == pytest.approx(1) or not row.any()


def test_the_packaged_table_is_small_and_goes_round() -> None:
    arrays = WordVectors.packaged().arrays()
    assert sum(array.nbytes for array in arrays.values()) < 1_500_000
    again = WordVectors(arrays).of(["harbour"])
    assert np.array_equal(again, WordVectors.packaged().of(["harbour"]))


def test_no_rows_stay_no_rows() -> None:
    assert WordVectors.packaged().of([]).shape == (0, 64)
    assert unit(np.zeros((0, 64), np.float32)).shape == (0, 64)


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="expected arrays rows, scale, tokens"):
        WordVectors({"rows": np.zeros((1, 2), np.int8)})
    with pytest.raises(ValueError, match="a row and a scale for each of 6 tokens"):
        WordVectors(made(rows=np.zeros((5, 2), np.int8)))


def test_distilling_needs_the_package(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="install `wordllama`"):
        distilled(tmp_path)


@pytest.mark.skipif(find_spec("wordllama") is None, reason="wordllama is not installed")
def test_the_packaged_table_is_what_distilling_gives() -> None:
    spec = find_spec("wordllama")
    assert spec is not None and spec.origin is not None
    made_now = distilled(Path(spec.origin).parent)
    for name, array in WordVectors.packaged().arrays().items():
        assert np.array_equal(made_now[name], array)
