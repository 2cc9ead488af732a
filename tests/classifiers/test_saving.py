"""Models on disk: what was saved comes back, and no file does harm."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.classifiers.paragraph_type import ParagraphTypeClassifier
from stance.classifiers.saving import ModelError, load_model, load_settings, save_model, write_whole
from stance.classifiers.type_scorer import TypeScorer
from stance.passage import Passage

ARRAYS, SETTINGS = "model.safetensors", "model.json"
PAGE = [Passage(text, group="a", index=i) for i, text in enumerate(["“Go,” she said.", "No.", ""])]


@pytest.fixture(scope="module")
def scorer(data: Any) -> TypeScorer:
    # Without n-grams a file is small enough to try many damages.
    classifier = ParagraphTypeClassifier(ngrams=False, groups=("layout",), n_rounds=3)
    return classifier.fit(data.passages, data.labels).compile()


@pytest.fixture
def folder(scorer: TypeScorer, tmp_path: Path) -> Path:
    save_model(scorer, tmp_path / "model", about={"trained_on": ["invented"]})
    return tmp_path / "model"


def rehashed(folder: Path, **changes: Any) -> None:
    """Make the settings fit the arrays again, as an attacker would."""
    known = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    known["sha256"] = hashlib.sha256((folder / ARRAYS).read_bytes()).hexdigest()
    (folder / SETTINGS).write_text(json.dumps(known | changes), encoding="utf-8")


def rewritten(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the header of the arrays' file."""
    data = (folder / ARRAYS).read_bytes()
    n = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + n])
    changed = change(header)
    text = json.dumps(header if changed is None else changed).encode()
    (folder / ARRAYS).write_bytes(len(text).to_bytes(8, "little") + text + data[8 + n :])
    rehashed(folder)


def refused(folder: Path, message: str = "model") -> None:
    with pytest.raises(ModelError, match=message) as caught:
        load_model(folder)
    assert str(folder) in str(caught.value)


def test_another_kind_than_was_asked_for(folder: Path) -> None:
    with pytest.raises(ModelError, match="expected the settings of a quotations model"):
        load_model(folder, kind="quotations")


# Round trip


@pytest.mark.parametrize("ngrams", [True, False])
def test_what_was_saved_comes_back(ngrams: bool, data: Any, tmp_path: Path) -> None:
    classifier = ParagraphTypeClassifier(n_splits=2, ngrams=ngrams, n_rounds=20)
    scorer = classifier.fit(data.passages, data.labels).compile()
    save_model(scorer, tmp_path / "deep" / "model")
    loaded = load_model(str(tmp_path / "deep" / "model"))
    assert (loaded.predict_proba(data.passages) == scorer.predict_proba(data.passages)).all()
    assert (loaded.classes, loaded.columns) == (scorer.classes, scorer.columns)
    for name, array in scorer.arrays().items():
        assert loaded.arrays()[name].dtype == array.dtype
        assert (loaded.arrays()[name] == array).all()


def test_whole_numbers_as_labels_come_back_by_their_digits(data: Any, tmp_path: Path) -> None:
    numbers = [sorted(set(data.labels)).index(label) for label in data.labels]
    classifier = ParagraphTypeClassifier(ngrams=False, n_rounds=3).fit(data.passages, numbers)
    save_model(classifier.compile(), tmp_path)
    assert load_model(tmp_path).classes == ("0", "1", "2", "3")


def test_settings_tell_what_the_model_was_trained_on(folder: Path) -> None:
    known = load_settings(folder)
    assert known["about"] == {"trained_on": ["invented"]}
    assert known["classes"] == ["analysis", "disclaimer", "quote", "report"]
    assert sorted(path.name for path in folder.iterdir()) == [SETTINGS, ARRAYS]


def test_safetensors_reads_the_arrays_too(folder: Path, scorer: TypeScorer) -> None:
    from safetensors.numpy import load_file

    for name, array in load_file(folder / ARRAYS).items():
        assert (array == scorer.arrays()[name]).all()


def test_same_model_same_bytes(folder: Path, scorer: TypeScorer, tmp_path: Path) -> None:
    save_model(scorer, tmp_path / "again", about={"trained_on": ["invented"]})
    for name in (ARRAYS, SETTINGS):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


# Writing


def other(data: Any) -> TypeScorer:
    """A model whose settings do not fit the arrays of the first."""
    classifier = ParagraphTypeClassifier(ngrams=False, groups=("layout", "speech"), n_rounds=3)
    return classifier.fit(data.passages, data.labels).compile()


@pytest.mark.parametrize("fails_at", [1, 2])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_interrupted_save_leaves_the_old_model_whole(
    fails_at: int,
    error: BaseException,
    folder: Path,
    data: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    new, calls, replace = other(data), [0], Path.replace

    def failing(self: Path, target: Path) -> Path:
        calls[0] += 1
        if calls[0] == fails_at:
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(type(error)):
        save_model(new, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert load_model(folder).groups == ("layout",)


def test_interrupted_first_save_leaves_nothing(
    scorer: TypeScorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        save_model(scorer, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_settings_that_are_no_json_leave_the_old_model_whole(folder: Path, data: Any) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(TypeError, match="not JSON serializable"):
        save_model(other(data), folder, about={"when": {1, 2}})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_save_killed_between_its_two_files_is_noticed(
    folder: Path, data: Any, tmp_path: Path
) -> None:
    save_model(other(data), tmp_path / "new")
    (folder / ARRAYS).write_bytes((tmp_path / "new" / ARRAYS).read_bytes())
    refused(folder, "expected arrays with SHA-256 .* damaged or of another model")


def test_new_model_replaces_the_old(folder: Path, data: Any) -> None:
    save_model(other(data), folder)
    assert load_model(folder).groups == ("layout", "speech")
    assert len(list(folder.iterdir())) == 2


def test_write_whole_replaces_a_file(tmp_path: Path) -> None:
    write_whole(tmp_path / "card.md", b"old")
    write_whole(tmp_path / "card.md", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


# What is no model


@pytest.mark.parametrize("name", [ARRAYS, SETTINGS])
def test_missing_file(name: str, folder: Path) -> None:
    (folder / name).unlink()
    refused(folder, "cannot be read: No such file or directory")


def test_missing_folder(tmp_path: Path) -> None:
    refused(tmp_path / "nothing", "model.json: cannot be read: No such file")


@pytest.mark.parametrize("name", [ARRAYS, SETTINGS])
def test_folder_in_place_of_a_file(name: str, folder: Path) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    refused(folder)


@pytest.mark.parametrize("kept", [0, 1, 8, 9, 100, 0.5, 0.999])
def test_truncated_arrays(kept: float, folder: Path) -> None:
    data = (folder / ARRAYS).read_bytes()
    n = int(kept * len(data)) if isinstance(kept, float) else kept
    (folder / ARRAYS).write_bytes(data[:n])
    refused(folder)
    rehashed(folder)
    refused(folder, "not a model of this package")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected JSON"),
        ("{", "expected JSON"),
        ("\ufeff{}", "expected JSON"),
        ("[1, 2]", "expected the settings of a paragraph-type model"),
        ('"model"', "expected the settings of a paragraph-type model"),
        ("null", "expected the settings"),
        ("{}", "expected the settings"),
        ("[" * 200_000, "expected JSON"),
        ('{"a":' * 100_000, "expected JSON"),
        ("9" * 10_000, "expected JSON"),
        (" " * 1_000_001, "1,000,001 bytes, expected a short JSON file"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_settings_that_are_none(text: str, message: str, folder: Path) -> None:
    (folder / SETTINGS).write_text(text, encoding="utf-8")
    refused(folder, message)


def test_settings_in_another_encoding(folder: Path) -> None:
    (folder / SETTINGS).write_bytes(b'{"kind": "\xff\xfe"}')
    refused(folder, "expected JSON")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format_version": 2}, "format version 2, this package reads up to 1: upgrade stance-lab"),
        ({"format_version": 10**300}, "upgrade stance-lab"),
        ({"format_version": 0}, "expected the settings of a paragraph-type model"),
        ({"format_version": True}, "expected the settings of a paragraph-type model"),
        ({"format_version": "1"}, "expected the settings of a paragraph-type model"),
        ({"kind": "stance"}, "expected the settings of a paragraph-type model"),
        ({"classes": "quote"}, "'classes': expected a list of str, got 'quote'"),
        ({"classes": None}, "'classes': expected a list of str, got None"),
        ({"classes": []}, "classes: expected 2 or more different names"),
        ({"classes": ["a"] * 4}, "classes: expected 2 or more different names"),
        ({"classes": ["a", "b", "c", 4]}, "'classes': expected a list of str"),
        ({"classes": ["a", "b", "c", ["d"]]}, "'classes': expected a list of str"),
        ({"classes": ["a", "b", "c"]}, "expected trees for 3 classes over 20 columns, got 4 and"),
        ({"classes": [f"{i:x}" for i in range(100_000)]}, "expected trees for 100000 classes"),
        ({"classes": [str(i) for i in range(10**6)]}, "expected a short JSON file"),
        ({"groups": None}, "'groups': expected a list of str, got None"),
        ({"groups": []}, "expected trees for 4 classes over 0 columns, got 4 and"),
        ({"groups": ["colour"]}, "unknown feature group 'colour'"),
        ({"groups": ["layout"] * 50_000}, "groups: expected 0 or more different names"),
        ({"ngrams": {}}, ""),
        ({"ngrams": 7}, "not a model of this package"),
        ({"ngrams": "yes"}, "not a model of this package"),
        ({"ngrams": {"version": 1}}, "not a model of this package"),
        ({"sha256": None}, "expected arrays with SHA-256 None"),
        ({"sha256": ["a"]}, "expected arrays with SHA-256"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_settings_that_lie(changes: dict[str, Any], message: str, folder: Path) -> None:
    rehashed(folder, **changes)
    if changes == {"ngrams": {}}:  # as good as none
        assert load_model(folder).columns
    else:
        refused(folder, message)


def entry(**changes: Any) -> Callable[[dict[str, Any]], None]:
    """Change what the header says of the baseline, four numbers of float32 and 16 bytes."""
    return lambda header: header["trees.baseline"].update(changes)


def moved(name: str, **changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda header: header[name].update(changes)


@pytest.mark.parametrize(
    "change",
    [
        lambda header: [],
        lambda header: "header",
        lambda header: {k: v for k, v in header.items() if k != "trees.threshold"},
        lambda header: header.update(extra=header["trees.threshold"]),
        lambda header: header.update({"trees.threshold": []}),
        lambda header: header.update({"trees.threshold": "none"}),
        lambda header: header.update({"trees.threshold": {}}),
        entry(dtype="BF16"),
        entry(dtype="F64"),
        entry(dtype="I32"),
        entry(dtype=["F32"]),
        entry(dtype=None),
        moved("trees.threshold", dtype="I64"),
        moved("trees.left", dtype="F32"),
        moved("trees.right", dtype="U32"),
        moved("trees.value", dtype="I32"),
        moved("trees.root", dtype="U32"),
        moved("trees.root", shape=[12]),
        moved("trees.root", shape=[4, 3]),
        moved("trees.root", shape=[1, 12]),
        moved("trees.root", shape=[12, 1]),
        entry(dtype="F64", shape=[2]),
        entry(dtype="F16", shape=[8]),
        entry(shape=[5]),
        entry(shape=[-4]),
        entry(shape=[-2, -2]),
        entry(shape=[2, 2]),
        entry(shape=[4, 1]),
        entry(shape=[2**62, 4]),
        entry(shape=[0, 2**80]),
        entry(shape=["4"]),
        entry(shape=[4.0]),
        entry(shape=4),
        entry(shape=None),
        entry(shape=[1] * 200),
        entry(data_offsets=[0, 2**70]),
        entry(data_offsets=[2**70, 2**70 + 16]),
        entry(data_offsets=[-16, 0]),
        entry(data_offsets=[16, 0]),
        entry(data_offsets=[0]),
        entry(data_offsets="ab"),
        entry(data_offsets=None),
        entry(data_offsets=[0.0, 16.0]),
    ],
)
def test_headers_that_lie(change: Callable[[dict[str, Any]], Any], folder: Path) -> None:
    rewritten(folder, change)
    refused(folder, "not a model of this package")


@pytest.mark.parametrize("length", [0, 1, 2**20, 2**32, 2**63, 2**64 - 1])
def test_length_of_the_header_that_lies(length: int, folder: Path) -> None:
    data = (folder / ARRAYS).read_bytes()
    (folder / ARRAYS).write_bytes(length.to_bytes(8, "little") + data[8:])
    rehashed(folder)
    refused(folder, "not a model of this package")


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"NaN"])
def test_headers_that_are_none(text: bytes, folder: Path) -> None:
    (folder / ARRAYS).write_bytes(len(text).to_bytes(8, "little") + text + b"\0" * 64)
    rehashed(folder)
    refused(folder, "not a model of this package")


def replaced(folder: Path, arrays: dict[str, Any]) -> None:
    """Put other arrays into a model's folder, with the hash that fits them."""
    from safetensors.numpy import save_file

    save_file({k: np.ascontiguousarray(a) for k, a in arrays.items()}, folder / ARRAYS)
    rehashed(folder)


@pytest.mark.parametrize("name", ["threshold", "value", "baseline"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers(
    name: str, value: float, scorer: TypeScorer, folder: Path
) -> None:
    arrays = scorer.arrays()
    arrays[f"trees.{name}"] = np.full_like(arrays[f"trees.{name}"], value)
    replaced(folder, arrays)
    refused(folder, f"'{name}': expected finite numbers")


def stretched(scorer: TypeScorer, **changes: Any) -> dict[str, Any]:
    """Arrays of a model whose nodes are all leaves but for what is changed."""
    n = len(changes["column"])
    blank = {
        "threshold": np.zeros(n),
        "left": np.zeros(n, np.int32),
        "right": np.zeros(n, np.int32),
        "value": np.zeros(n, np.float32),
        "baseline": np.zeros(4, np.float32),
    }
    trees = {f"trees.{name}": array for name, array in (blank | changes).items()}
    return trees | {"chain.ratios": scorer.arrays()["chain.ratios"]}


def absurd(scorer: TypeScorer) -> dict[str, tuple[dict[str, Any], str]]:
    """Trees of some 100,000 nodes that would take for ever, or all memory."""
    n = 100_000
    column = np.zeros(2 * n + 4, np.int16)
    column[1 : 2 * n : 2] = -1
    column[2 * n :] = -1
    here = np.arange(2 * n + 4, dtype=np.int32)
    roots = np.array([[0, 2 * n + 1, 2 * n + 2, 2 * n + 3]], np.int32)
    leaf = np.array([-1], np.int16)
    return {
        "a chain": (
            stretched(scorer, column=column, left=here + 1, right=here + 2, root=roots),
            "expected at most 64 levels",
        ),
        "a circle": (
            stretched(scorer, column=column, left=here[::-1], right=here + 2, root=roots),
            "'left': a child does not stand behind its parent",
        ),
        "itself": (
            stretched(scorer, column=column, left=here + 1, right=here, root=roots),
            "'right': a child does not stand behind its parent",
        ),
        # Each node is both children of the one before: 2 ** 100,000 ways to the last.
        "a knot": (
            stretched(scorer, column=column, left=here + 1, right=here + 1, root=roots),
            "expected to be in one tree once",
        ),
        "one leaf for all": (
            stretched(scorer, column=leaf, root=np.zeros((n, 4), np.int32)),
            "node 0: expected to be in one tree once, got 400000",
        ),
        "all classes": (
            stretched(
                scorer,
                column=np.full(n, -1, np.int16),
                root=np.arange(n, dtype=np.int32)[None],
                baseline=np.zeros(n, np.float32),
            ),
            "expected trees for 4 classes over 20 columns, got 100000 and 0",
        ),
        "no class": (
            stretched(
                scorer,
                column=leaf[:0],
                root=np.zeros((n, 0), np.int32),
                baseline=np.zeros(0, np.float32),
            ),
            "expected trees for 4 classes over 20 columns, got 0 and 0",
        ),
    }


@pytest.mark.parametrize(
    "name",
    ["a chain", "a circle", "itself", "a knot", "one leaf for all", "all classes", "no class"],
)
def test_absurd_trees_cost_little(name: str, scorer: TypeScorer, folder: Path) -> None:
    arrays, message = absurd(scorer)[name]
    replaced(folder, arrays)
    size = (folder / ARRAYS).stat().st_size
    start = perf_counter()
    tracemalloc.start()
    try:
        refused(folder, message)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20 * size + 1e6
    assert perf_counter() - start < 5.0  # some 20 ms


NUMBERS = st.sampled_from([0, 1, -1, 2, -2, 7, 20, 127, 2**15 - 1, 2**31 - 1, -(2**31), 0.5, 3e38])
SPOTS = st.tuples(st.sampled_from(sorted(["column", "left", "right", "root", "value"])), NUMBERS)


@given(st.lists(st.tuples(SPOTS, st.integers(0, 10_000)), min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_damaged_trees_are_refused_or_harmless(
    scorer: TypeScorer, tmp_path_factory: pytest.TempPathFactory, changes: Any
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged trees"
    save_model(scorer, folder)
    arrays = {name: array.copy() for name, array in scorer.arrays().items()}
    for (name, number), place in changes:
        flat = arrays[f"trees.{name}"].reshape(-1)
        kind = flat.dtype.kind
        lowest, highest = (-3e38, 3e38) if kind == "f" else _ends(flat.dtype)
        flat[place % len(flat)] = np.clip(number, lowest, highest)
    replaced(folder, arrays)
    try:
        model = load_model(folder)
    except ModelError as error:
        assert str(folder) in str(error)
    else:
        assert model.predict_proba(PAGE).sum(axis=1) == pytest.approx(np.ones(len(PAGE)))


def _ends(dtype: Any) -> tuple[int, int]:
    return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)


def test_a_model_of_the_old_head_is_told(folder: Path) -> None:
    replaced(folder, {"head.center": np.zeros(20, np.float32)})
    refused(folder, "unexpected array 'head.center'")


def test_a_pickle_is_not_opened(folder: Path, tmp_path: Path) -> None:
    class Harm:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "harm"),)

    data = pickle.dumps(Harm())
    for name in (ARRAYS, SETTINGS):
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes(data)
        if name == ARRAYS:
            rehashed(folder)
        refused(folder)
        (folder / name).write_bytes(kept)
    assert not (tmp_path / "harm").exists()


@pytest.fixture(scope="module")
def saved(scorer: TypeScorer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    save_model(scorer, folder)
    return folder


BYTES = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=8)


@given(BYTES, st.integers(0, 5000), st.booleans())
@settings(max_examples=120, deadline=None)
def test_damaged_bytes_are_refused_or_harmless(
    saved: Path, changes: list[tuple[int, int]], cut: int, is_cut: bool
) -> None:
    """Whatever bytes change, also where the hash is made to fit: an error, or probabilities."""
    whole = {name: (saved / name).read_bytes() for name in (ARRAYS, SETTINGS)}
    try:
        found = bytearray(whole[ARRAYS])
        for place, value in changes:
            found[place % len(found)] = value
        (saved / ARRAYS).write_bytes(found[: cut % len(found)] if is_cut else found)
        rehashed(saved)
        try:
            model = load_model(saved)
        except ModelError as error:
            assert str(saved) in str(error)
        else:
            proba = model.predict_proba(PAGE)
            assert proba.sum(axis=1) == pytest.approx(np.ones(len(PAGE)))
    finally:
        for name, data in whole.items():
            (saved / name).write_bytes(data)


@given(BYTES)
@settings(max_examples=100, deadline=None)
def test_damaged_settings_are_refused_or_harmless(
    saved: Path, changes: list[tuple[int, int]]
) -> None:
    whole = (saved / SETTINGS).read_bytes()
    try:
        found = bytearray(whole)
        for place, value in changes:
            found[place % len(found)] = value
        (saved / SETTINGS).write_bytes(found)
        try:
            assert load_model(saved).predict_proba(PAGE).shape == (3, 4)
        except ModelError as error:
            assert str(saved) in str(error)
    finally:
        (saved / SETTINGS).write_bytes(whole)


def test_unknown_settings_are_let_be(folder: Path) -> None:
    rehashed(folder, note="written by hand")
    assert load_model(folder).groups == ("layout",)
