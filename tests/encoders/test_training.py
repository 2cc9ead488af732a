"""Training of encoders, with tiny ones made here. Needs the extra ``train``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="trains encoders: pip install 'stance-lab[train]'")
pytest.importorskip("transformers", reason="trains encoders: pip install 'stance-lab[train]'")

from stance.article import Span
from stance.encoders.batches import Labelled, Lesson, epoch_batches, read
from stance.encoders.checkpoint import NAME
from stance.encoders.judging import fitted_temperature
from stance.encoders.network import Task
from stance.encoders.outcome import Standing, TrainedNetwork
from stance.encoders.pretrained import EncoderError, encoder_place
from stance.encoders.settings import Settings
from stance.encoders.tokens import Tokens
from stance.encoders.training import train
from stance.passage import Passage

from .tiny_encoders import write_encoder, write_tokenizer

SIDES = Task("stance", "stance", ("against", "favor"))
TYPES = Task("type", "type", ("other", "quote"))
FLAT = Task("flat", "type", ("other", "quote"), context=False)
QUICK = Settings(
    epochs=3,
    max_tokens=20,
    learning_rate=2e-3,
    head_rate=5e-3,
    precision="float32",
    device="cpu",
    threads=1,
)


def sides(n: int, *, seed: int) -> Labelled:
    """Who is praised and who is blamed; every third text does not mention its target."""
    rng = np.random.default_rng(seed)
    passages, labels = [], []
    for i in range(n):
        verb, label = [("blamed", "against"), ("praised", "favor")][rng.integers(2)]
        text = f"the mayor {verb} the harbour on monday and rain fell"
        start = text.index("harbour")
        mentions = (Span(start, start + 7),)
        if i % 3 == 0:
            text, mentions = text.replace("harbour", "port"), ()
        passages.append(Passage(text, target="harbour", mentions=mentions))
        labels.append(label)
    return Labelled(tuple(passages), tuple(labels))


def types(n_articles: int, *, seed: int, length: int = 5) -> Labelled:
    """A paragraph is called a quote where the one before it has a minister speak."""
    rng = np.random.default_rng(seed)
    passages, labels = [], []
    for article in range(n_articles):
        speaks = rng.integers(2, size=length)
        for i, one in enumerate(speaks):
            text = "the minister said it" if one else "rain fell on the ships"
            place = {"group": f"a{article}", "index": i, "n_paragraphs": length}
            passages.append(Passage(text, **place))
            labels.append("quote" if i and speaks[i - 1] else "other")
    return Labelled(tuple(passages), tuple(labels))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_encoder(tmp_path_factory.mktemp("encoders") / "bert"))


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    return [
        Lesson(SIDES, sides(90, seed=0), sides(30, seed=1)),
        Lesson(TYPES, types(30, seed=0), types(10, seed=1)),
        Lesson(FLAT, types(12, seed=0), Labelled((), ()), weight=0.5),
    ]


def weights(trained: TrainedNetwork) -> dict[str, Any]:
    state = trained.network.module.state_dict()
    return {name: value.numpy() for name, value in state.items()}


def same(one: TrainedNetwork, other: TrainedNetwork) -> bool:
    pairs = [weights(one), weights(other)]
    return all((pairs[0][name] == pairs[1][name]).all() for name in pairs[0])


@pytest.mark.parametrize("kind", ["bert", "roberta", "deberta-v2", "modernbert"])
def test_any_encoder_learns_sides_and_what_stands_before(
    kind: str, tmp_path: Path, lessons: list[Lesson]
) -> None:
    folder = write_encoder(tmp_path / kind, kind)
    trained = train(str(folder), lessons[:2], replace(QUICK, epochs=6, freeze_words=False))
    assert trained.epochs[-1].macro_f1 == {"stance": 1.0, "type": 1.0}
    assert trained.logits["stance"].shape == (30, 2)
    assert trained.n_steps == 6 * (6 + 5)


def test_words_stay_as_they_are_unless_asked(bert: str, lessons: list[Lesson]) -> None:
    name = "encoder.embeddings.word_embeddings.weight"
    settings = replace(QUICK, epochs=1)
    frozen, free = (
        weights(train(bert, lessons[:1], replace(settings, freeze_words=value)))
        for value in (True, False)
    )
    layer = "encoder.encoder.layer.1.output.dense.weight"
    untouched = weights(train(bert, lessons[:1], replace(settings, learning_rate=1e-30)))
    assert (frozen[name] == untouched[name]).all() and (frozen[layer] != untouched[layer]).any()
    assert (free[name] != untouched[name]).any()


@pytest.mark.parametrize("keep", ["last", "best", "average"])
def test_what_was_interrupted_comes_to_the_same(
    keep: Any, bert: str, lessons: list[Lesson], tmp_path: Path
) -> None:
    cycles = 2 if keep == "average" else 1
    settings = replace(QUICK, epochs=4, cycles=cycles, keep=keep, checkpoint_minutes=0)
    whole = train(bert, lessons, settings)

    stops = [20, 4]

    def stop(standing: Standing) -> None:
        if standing.step == stops[-1]:
            stops.pop()
            raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            train(bert, lessons, settings, folder=tmp_path, tell=stop, tell_seconds=0)
    steps: list[int] = []
    told = {"tell": lambda standing: steps.append(standing.step), "tell_seconds": 0.0}
    parts = train(bert, lessons, settings, folder=tmp_path, **told)
    assert steps[0] == 20, "goes on where the last checkpoint was"
    assert same(whole, parts)
    assert parts.temperatures == whole.temperatures
    assert [one.macro_f1 for one in parts.epochs] == [one.macro_f1 for one in whole.epochs]
    assert [one.loss for one in parts.epochs] == [one.loss for one in whole.epochs]
    steps.clear()
    assert same(whole, train(bert, lessons, settings, folder=tmp_path, **told)) and not steps


def test_cycles_begin_like_shorter_trainings_and_their_ends_are_averaged(
    bert: str, lessons: list[Lesson]
) -> None:
    first = weights(train(bert, lessons, replace(QUICK, epochs=2)))
    both = replace(QUICK, epochs=4, cycles=2)
    last = weights(train(bert, lessons, both))
    mean = weights(train(bert, lessons, replace(both, keep="average")))
    assert all(np.allclose(mean[name], (first[name] + last[name]) / 2, atol=1e-6) for name in mean)
    moved = [name for name in mean if not np.allclose(first[name], last[name], atol=1e-5)]
    assert any(name.startswith("encoder.") for name in moved)
    assert any(name.startswith("heads.") for name in moved)


def test_seeds_tell_trainings_apart(bert: str, lessons: list[Lesson]) -> None:
    settings = replace(QUICK, epochs=1)
    one, again, other = (
        train(bert, lessons[:1], replace(settings, seed=seed)) for seed in (3, 3, 4)
    )
    assert same(one, again) and not same(one, other)


def test_a_checkpoint_of_another_training_is_refused(
    bert: str, lessons: list[Lesson], tmp_path: Path
) -> None:
    settings = replace(QUICK, epochs=1)
    train(bert, lessons[:1], settings, folder=tmp_path)
    with pytest.raises(EncoderError, match="of another training"):
        train(bert, lessons[:1], replace(settings, learning_rate=1e-3), folder=tmp_path)
    (tmp_path / NAME).write_bytes(b"\x08\0\0\0\0\0\0\0nonsense")
    with pytest.raises(EncoderError, match="not a checkpoint of this package"):
        train(bert, lessons[:1], settings, folder=tmp_path)


def test_progress_is_told(bert: str, lessons: list[Lesson]) -> None:
    told: list[Standing] = []
    train(bert, lessons[:1], replace(QUICK, epochs=2), tell=told.append, tell_seconds=0)
    # 6 steps an epoch, each told, and the end of each epoch beside.
    assert [one.step for one in told] == [1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10, 11, 12, 12]
    assert {one.n_steps for one in told} == {12}
    assert told[-1].seconds_left == 0 and told[-1].macro_f1 is not None
    assert told[0].tokens_per_second > 0 and told[6].epoch == 1 and told[7].epoch == 2


# Batches


def test_windows_hold_articles_whole_and_read_beyond_their_edges(tmp_path: Path) -> None:
    write_tokenizer(tmp_path / "tokenizer.json")
    tokens = Tokens.from_json((tmp_path / "tokenizer.json").read_bytes(), max_tokens=20)
    lesson = read(TYPES, types(3, seed=0, length=7), tokens)
    batches = epoch_batches({"type": lesson}, weights={"type": 1}, size=4, window=4, seed=(0,))
    learned = np.concatenate([one.rows[one.is_learned] for one in batches])
    assert sorted(learned.tolist()) == list(range(21))
    for one in batches:
        own = one.rows[one.is_learned]
        assert own.max() - own.min() + 1 == len(own) <= 4, "a stretch of one article"
        around = lesson.neighbours[own].ravel()
        assert set(around[around >= 0]) <= set(one.rows)


def test_weights_say_how_often_passages_are_seen(tmp_path: Path) -> None:
    write_tokenizer(tmp_path / "tokenizer.json")
    tokens = Tokens.from_json((tmp_path / "tokenizer.json").read_bytes(), max_tokens=20)
    lesson = read(SIDES, sides(40, seed=0), tokens)
    sizes = [
        len(epoch_batches({"a": lesson}, weights={"a": w}, size=4, window=4, seed=(0,)))
        for w in (0.5, 1, 2.5)
    ]
    assert sizes == [5, 10, 25]


def test_passages_without_a_label_are_read_and_not_learned_from(
    bert: str, lessons: list[Lesson]
) -> None:
    given = types(20, seed=0)
    held_out = tuple(None if i % 5 == 2 else label for i, label in enumerate(given.labels))
    lesson = Lesson(TYPES, Labelled(given.passages, held_out), Labelled((), ()))
    one = train(bert, [lesson], replace(QUICK, epochs=1))
    assert one.temperatures == {"type": 1.0} and one.epochs[0].macro_f1 == {}
    with pytest.raises(ValueError, match=r"expected labels of \['other', 'quote'\], got 'x'"):
        train(bert, [replace(lesson, train=Labelled(given.passages, ("x",) * 100))], QUICK)


# Temperatures


def test_temperature_of_a_model_that_is_too_sure() -> None:
    # Right three times of four at a difference of 4: sure enough at a difference of log 3.
    logits = np.tile(np.array([[4.0, 0.0]], np.float32), (4, 1))
    codes = np.array([0, 0, 0, 1])
    assert fitted_temperature(logits, codes) == pytest.approx(4 / np.log(3), rel=1e-3)
    assert fitted_temperature(logits[:0], codes[:0]) == 1.0


# Mistakes


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("epochs", 0, "epochs = 0, must be >= 1"),
        ("learning_rate", 0.0, r"learning_rate = 0\.0, must be > 0"),
        ("layer_decay", 1.5, r"layer_decay = 1\.5, must be <= 1"),
        ("smoothing", 1.0, r"smoothing = 1\.0, must be < 1"),
        ("threads", 0, "threads = 0, must be >= 1"),
        ("cycles", 2, "cycles = 2, must divide the number of epochs, 3"),
        ("keep", "average", "keep = .average.: expected cycles >= 2"),
    ],
)
def test_settings_out_of_range(
    setting: str, value: Any, message: str, bert: str, lessons: list[Lesson]
) -> None:
    with pytest.raises(ValueError, match=message):
        train(bert, lessons, replace(QUICK, **{setting: value}))


def test_an_encoder_that_cannot_be_had(tmp_path: Path, lessons: list[Lesson]) -> None:
    with pytest.raises(EncoderError, match=r"expected a config\.json in the folder"):
        encoder_place(str(tmp_path))
    with pytest.raises(EncoderError, match="expected a folder with a"):
        encoder_place("./nowhere")
    with pytest.raises(EncoderError, match="package 'nosuchpackage' is not installed"):
        encoder_place("package:nosuchpackage/model")
    with pytest.raises(EncoderError, match=r"expected a folder with a config\.json in the package"):
        encoder_place("package:stance/../../etc")
    assert encoder_place("owner/name") == "owner/name"


def test_without_a_network_the_message_names_the_way_out(
    lessons: list[Lesson], monkeypatch: pytest.MonkeyPatch
) -> None:
    import transformers

    def offline(*_: Any, **__: Any) -> None:
        raise OSError("We couldn't connect to the hub.\nCheck your connection.")

    monkeypatch.setattr(transformers.AutoModel, "from_pretrained", offline)
    message = r"'owner/name' cannot be read: expected an encoder of the Hugging Face hub, and a "
    with pytest.raises(EncoderError, match=message + r"network; without one, name a folder .*hub"):
        train("owner/name", lessons, QUICK)


def test_more_text_than_the_encoder_can_read(bert: str, lessons: list[Lesson]) -> None:
    with pytest.raises(EncoderError, match=r"reads 80 tokens at most.* max_tokens <= 53"):
        train(bert, lessons, replace(QUICK, max_tokens=60))


def test_a_hidden_size_that_the_heads_do_not_divide(tmp_path: Path, lessons: list[Lesson]) -> None:
    folder = write_encoder(tmp_path, hidden_size=30, num_attention_heads=3)
    with pytest.raises(EncoderError, match=r"its hidden size is 30, expected a multiple of 4"):
        train(str(folder), lessons, QUICK)


def test_a_gpu_that_is_not_there(bert: str, lessons: list[Lesson]) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(EncoderError, match="this machine has no GPU"):
        train(bert, lessons, replace(QUICK, device="cuda"))
