"""Running an encoder: the same states whatever the company, the threads and the sizes."""

from __future__ import annotations

import numpy as np
import pytest

from stance.encoders.session import Session

from .onnx_file import FLOAT, encoder, model, node

RNG = np.random.default_rng(4)
TEXTS = [RNG.integers(0, 50, n).astype(np.int64) for n in (5, 9, 5, 1, 30, 9, 5, 2)]


def all_states(session: Session, texts: list[np.ndarray] = TEXTS) -> list[np.ndarray]:
    found = dict(session.states(texts))
    return [found[i] for i in range(len(texts))]


@pytest.mark.parametrize("quantised", [False, True])
@pytest.mark.parametrize(("threads", "batch_tokens"), [(1, 2048), (2, 2048), (3, 1), (1, 10)])
def test_states_depend_on_the_text_alone(quantised: bool, threads: int, batch_tokens: int) -> None:
    data = encoder(50, 8, quantised=quantised)
    alone = Session(data, hidden=8, threads=1)
    expected = [next(iter(alone.states([text])))[1] for text in TEXTS]
    session = Session(data, hidden=8, threads=threads, batch_tokens=batch_tokens)
    found = all_states(session)
    for one, two in zip(found, expected, strict=True):
        # Sums over a batch may be added up in another order; a text by itself has but one.
        assert np.array_equal(one, two) if quantised else one == pytest.approx(two, abs=1e-6)
    assert session.n_read == len(TEXTS)


def test_states_are_the_vectors_and_half_their_mean() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    (found,) = all_states(Session(encoder(50, 8), hidden=8), [np.array([3, 7, 7], np.int64)])
    rows = vectors[[3, 7, 7]]
    assert found == pytest.approx(rows + rows.mean(axis=0) / 2, abs=1e-6)


def test_no_texts_no_states() -> None:
    assert list(Session(encoder(50, 8), hidden=8).states([])) == []


def test_an_id_beyond_the_encoders_words_is_told() -> None:
    session = Session(encoder(50, 8), hidden=8)
    with pytest.raises(ValueError, match="the encoder cannot read a text"):
        list(session.states([np.array([50], np.int64)]))


def test_states_that_are_no_numbers_are_told() -> None:
    nodes = [
        node("Cast", ["input_ids"], "numbers", to=FLOAT),
        node("Log", ["numbers"], "logs"),
        node("Unsqueeze", ["logs", "last"], "hidden"),
    ]
    data = model(nodes, {"last": np.array([-1], np.int64)}, hidden=1)
    with pytest.raises(ValueError, match="states to be finite"):
        list(Session(data, hidden=1).states([np.array([0], np.int64)]))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "expected an ONNX file with one graph, got 0"),
        (b"\x80" * 40, "no ONNX file"),
        (encoder(9, 8)[:-30], "no ONNX file|cannot open the encoder"),
        (encoder(9, 8, output="states"), "cannot open the encoder|the output hidden"),
        (encoder(9, 4), "the output hidden, float32 of width 8"),
        (model([node("Nonsense", ["input_ids"], "hidden")], {}, hidden=8), "cannot open"),
    ],
)
def test_files_that_are_no_encoders(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Session(data, hidden=8)


def test_threads_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="threads = 0, must be >= 1"):
        Session(encoder(9, 8), hidden=8, threads=0)


def test_states_that_would_overflow_a_head_are_told() -> None:
    nodes = [node("Gather", ["vectors", "input_ids"], "hidden")]
    data = model(nodes, {"vectors": np.full((3, 8), 1e7, np.float32)}, hidden=8)
    with pytest.raises(ValueError, match="float32 numbers, 1,000,000 at most"):
        list(Session(data, hidden=8).states([np.array([0], np.int64)]))


def test_nothing_is_printed_of_a_broken_file(capfd: pytest.CaptureFixture[str]) -> None:
    data = encoder(9, 8).replace(b"ReduceSum", b"Reduce\xffum")
    with pytest.raises(ValueError, match="cannot open the encoder"):
        Session(data, hidden=8)
    assert capfd.readouterr() == ("", "")
