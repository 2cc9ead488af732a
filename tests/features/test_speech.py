from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.features.speech import NAMES, speech_features
from stance.passage import Passage


def named(text: str, previous: str = "") -> dict[str, float]:
    row = speech_features([Passage(text, previous=previous)])[0]
    return dict(zip(NAMES, row.tolist(), strict=True))


def test_plain_report_has_no_speech() -> None:
    assert not any(named("The port shut at noon after a crane fell.").values())


def test_quotation_with_its_source_after() -> None:
    quotation = "“We will rebuild the whole pier by May,”"
    text = f"{quotation} said Ida Lund."
    row = named(text)
    assert row["speech over half"] and row["speech named"] and row["cue say"]
    assert row["speech source last"] and not row["speech source first"]
    assert row["speech quoted"] == pytest.approx(len(quotation) / len(text))
    assert not row["speech pronoun"]


def test_source_first() -> None:
    row = named("She said that the pier would be rebuilt by May with money from the state.")
    assert row["speech source first"] and row["speech pronoun"]
    assert row["speech quoted"] == 0 and row["speech share"] > 0.5


def test_according_to() -> None:
    assert named("According to the harbour office, the pier is safe.")["cue according"] == 1


def test_quotation_that_goes_on_over_paragraphs() -> None:
    first, second = "“We left at night.", "We took nothing with us.”"
    assert named(first)["speech open after"] == 1
    assert named(second, previous=first)["speech open before"] == 1
    assert named(second, previous=first)["speech verbatim whole"] == 1
    assert named(second)["speech open before"] == 0


def test_scare_quotes_are_told_from_speech() -> None:
    row = named("The so-called “plan” was shelved in March after the vote of the town council.")
    assert row["speech scare"] == 1 and row["speech over half"] == 0


@given(st.text(alphabet=st.sampled_from("“”\"'‘’ ,.:said he The mayor Lund told\n")), st.text())
def test_any_text_gives_finite_numbers(text: str, previous: str) -> None:
    row = speech_features([Passage(text, previous=previous)])[0]
    assert row.shape == (len(NAMES),) and row.dtype == np.float32
    assert np.isfinite(row).all() and (row >= 0).all() and (row <= 1).all()
