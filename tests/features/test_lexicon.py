from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.features.lexicon import LISTS, NAMES, lexicon_features
from stance.passage import Passage


def named(text: str) -> dict[str, float]:
    row = lexicon_features([Passage(text)])[0]
    return {name: value for name, value in zip(NAMES, row.tolist(), strict=True) if value}


def test_shares_by_hand() -> None:
    # 10 words: "may" modal; "perhaps" hedge; "rapidly" ends in -ly; "2024" number; "Lund" capital.
    found = named("perhaps Lund may go rapidly to sea in 2024 again; aye")
    assert found == pytest.approx(
        {
            "lexicon modal": 1 / 11,
            "lexicon hedge": 1 / 11,
            "form ly": 1 / 11,
            "form number": 1 / 11,
            "form capital": 1 / 11,
            "mark ;": 1 / 11,
        }
    )


def test_a_word_counts_in_the_first_list_that_holds_it() -> None:
    assert "rather" in LISTS["hedge"].split() and "rather" in LISTS["contrast"].split()
    assert named("rather") == {"lexicon hedge": 1}


def test_case_and_the_shape_of_the_apostrophe_do_not_matter() -> None:
    for text in ("can't", "can’t", "CAN’T"):
        assert named(text)["lexicon modal"] == 1


@pytest.mark.parametrize("name", LISTS)
def test_every_word_of_a_list_is_found_in_text(name: str) -> None:
    lost = [word for word in LISTS[name].split() if not any("lexicon" in k for k in named(word))]
    assert lost == []


def test_forms() -> None:
    assert named("unprecedentedness")["form long"] == 1
    assert named("wading")["form ing"] == 1
    assert named("waded")["form ed"] == 1


def test_no_word_no_share() -> None:
    assert named("") == named("  ") == {}


@given(st.text())
def test_any_text_gives_finite_shares(text: str) -> None:
    row = lexicon_features([Passage(text)])[0]
    assert row.shape == (len(NAMES),) and np.isfinite(row).all() and (row >= 0).all()
    assert (row[: len(LISTS)] <= 1).all()
