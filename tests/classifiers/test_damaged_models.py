"""Damaged files of stance and quotation models: refused with one message, or harmless.

The same of paragraph-type models stands in ``test_saving``.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.classifiers.quotation_tagger import QuotationTagger
from stance.classifiers.saving import Kind, ModelError, load_model, save_model
from stance.classifiers.stance import StanceClassifier
from stance.passage import Passage

ARRAYS, SETTINGS = "model.safetensors", "model.json"
TEXTS = ["“Go,” said Ida Lund, who praised Aske.", "The council blamed Aske.", ""]


@dataclass(frozen=True, repr=False)
class Model:
    """A small model of one kind, whole, and the folder that its damaged files go to."""

    kind: Kind
    folder: Path
    arrays: dict[str, Any]
    files: dict[str, bytes]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"Model({self.kind!r})")  # hypothesis shows what it was given; not these files

    def mend(self) -> None:
        for name, data in self.files.items():
            (self.folder / name).write_bytes(data)

    def rehash(self, **changes: Any) -> None:
        """Make the settings fit the arrays again, as an attacker would."""
        known = json.loads(self.files[SETTINGS])
        known["sha256"] = hashlib.sha256((self.folder / ARRAYS).read_bytes()).hexdigest()
        (self.folder / SETTINGS).write_text(json.dumps(known | changes), encoding="utf-8")

    def replace(self, arrays: dict[str, Any]) -> None:
        from safetensors.numpy import save

        whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        (self.folder / ARRAYS).write_bytes(save(whole))
        self.rehash()

    def reheader(self, change: Callable[[dict[str, Any]], Any]) -> None:
        data = self.files[ARRAYS]
        n = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + n])
        change(header)
        text = json.dumps(header).encode()
        (self.folder / ARRAYS).write_bytes(len(text).to_bytes(8, "little") + text + data[8 + n :])
        self.rehash()

    def use(self) -> None:
        """Load and predict: sound numbers, or one message that names the folder."""
        try:
            model: Any = load_model(self.folder, kind=cast(Any, self.kind))
        except ModelError as error:
            assert str(self.folder) in str(error)
            return
        if self.kind == "stance":
            proba = model.predict_proba([Passage(text, target="Aske") for text in TEXTS])
            assert proba.sum(axis=1) == pytest.approx(np.ones(len(TEXTS)))
        else:
            for spans in model.find(TEXTS):
                assert all(0 <= one.probability <= 1 for one in spans)
            assert np.isfinite(model.shares(TEXTS)).all()

    def refuse(self, message: str = "model") -> None:
        with pytest.raises(ModelError, match=message) as caught:
            load_model(self.folder, kind=cast(Any, self.kind))
        assert str(self.folder) in str(caught.value)


def stance_model() -> Any:
    sides = (("praised", "favor"), ("blamed", "against"), ("met", "neutral"))
    people = ("Lund", "Aske", "Veil", "Sool")
    rows = [
        (Passage(f"The mayor {verb} {who}.", target=who, group=who), side)
        for who in people
        for verb, side in sides
    ]
    classifier = StanceClassifier(
        n_splits=2, views=("right", "patterns"), groups=("target",), head="mean", n_rounds=2
    )
    return classifier.fit(*map(list, zip(*rows, strict=True))).compile()


def quotation_model() -> Any:
    from .test_quotation_tagger import SMALL, corpus

    tagger = QuotationTagger(**SMALL | {"n_buckets": 16, "n_epochs": 1})
    return tagger.fit(*corpus()).compile()


@pytest.fixture(scope="module", params=["stance", "quotations"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    scorer = stance_model() if request.param == "stance" else quotation_model()
    folder = tmp_path_factory.mktemp("model") / request.param
    save_model(scorer, folder)
    files = {name: (folder / name).read_bytes() for name in (ARRAYS, SETTINGS)}
    return Model(request.param, folder, scorer.arrays(), files)


@pytest.fixture
def model(made: Model) -> Model:
    made.mend()
    return made


def test_whole_model_is_used(model: Model) -> None:
    model.use()
    load_model(model.folder, kind=cast(Any, model.kind))


@pytest.mark.parametrize("kept", [0, 1, 8, 9, 100, 0.5, 0.999])
def test_truncated_arrays(kept: float, model: Model) -> None:
    data = model.files[ARRAYS]
    n = int(kept * len(data)) if isinstance(kept, float) else int(kept)
    (model.folder / ARRAYS).write_bytes(data[:n])
    model.refuse()
    model.rehash()
    model.refuse("not a model of this package")


@pytest.mark.parametrize("length", [0, 1, 2**20, 2**32, 2**63, 2**64 - 1])
def test_length_of_the_header_that_lies_costs_nothing(length: int, model: Model) -> None:
    data = model.files[ARRAYS]
    (model.folder / ARRAYS).write_bytes(length.to_bytes(8, "little") + data[8:])
    model.rehash()
    tracemalloc.start()
    try:
        model.refuse("not a model of this package")
        assert tracemalloc.get_traced_memory()[1] < 2e6 + 4 * len(data)
    finally:
        tracemalloc.stop()


LIES: list[dict[str, Any]] = [
    *({"dtype": dtype} for dtype in ("BF16", "F64", "U8", "I64", ["F32"], None)),
    *({"shape": s} for s in ([2**62, 4], [0, 2**80], [-4], ["4"], [4.0], 4, None, [1] * 200, [])),
    *({"data_offsets": o} for o in ([0, 2**70], [-16, 0], [16, 0], [0], "ab", None, [0.0, 16.0])),
]


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_headers_that_lie_are_refused_at_every_array(lie: dict[str, Any], model: Model) -> None:
    for name in (name for name, array in model.arrays.items() if array.size):
        if lie == {"dtype": "F64"} and model.arrays[name].dtype == np.float64:
            continue  # the truth
        model.reheader(lambda header, name=name: header[name].update(lie))  # type: ignore[misc]
        tracemalloc.start()
        try:
            model.refuse("not a model of this package")
            assert tracemalloc.get_traced_memory()[1] < 2e6 + 20 * len(model.files[ARRAYS])
        finally:
            tracemalloc.stop()


def test_every_array_is_needed_and_no_other_is_taken(model: Model) -> None:
    for name in model.arrays:
        model.replace({key: array for key, array in model.arrays.items() if key != name})
        model.refuse("not a model of this package")
    model.replace(model.arrays | {"extra": np.zeros(3, np.float32)})
    model.refuse("not a model of this package")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers_are_refused_at_every_array(value: float, model: Model) -> None:
    for name, array in model.arrays.items():
        if array.dtype.kind == "f" and array.size:
            damaged = array.copy()
            damaged.reshape(-1)[-1] = value
            model.replace(model.arrays | {name: damaged})
            model.refuse("not a model of this package")


SETTINGS_THAT_LIE: list[dict[str, Any]] = [
    {"format_version": 10**300},
    {"format_version": True},
    {"kind": "pickle"},
    {"sha256": ["a"]},
]
VIEWS: list[Any] = [None, [], {}, {"sky": {}}, {"right": None}, {"right": []}]
OF_STANCE: list[dict[str, Any]] = [
    *({"classes": c} for c in (None, [], "abc", ["a"] * 3, ["a", "b", ["c"]], ["a", "b"])),
    {"classes": [f"{i:x}" for i in range(100_000)]},
    *({"groups": g} for g in (None, [], ["colour"], ["target"] * 50_000, [7])),
    *({"views": v} for v in VIEWS),
]
ODD: list[Any] = [None, 1, 0.0, 1.0, -1.0, float("nan"), "0.5", [], 1e300]
OF_QUOTATIONS: list[dict[str, Any]] = [{"threshold": value} for value in ODD]


@pytest.mark.parametrize("lie", SETTINGS_THAT_LIE, ids=str)
def test_settings_that_lie(lie: dict[str, Any], model: Model) -> None:
    model.rehash(**lie)
    model.refuse()


def test_settings_of_its_kind_that_lie(model: Model) -> None:
    for lie in OF_STANCE if model.kind == "stance" else OF_QUOTATIONS:
        model.rehash(**lie)
        with pytest.raises(ModelError) as caught:
            load_model(model.folder, kind=cast(Any, model.kind))
        assert len(str(caught.value)) < 1000, "a message, not the file"


def test_a_pickle_is_not_opened(model: Model, tmp_path: Path) -> None:
    class Harm:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "harm"),)

    data = pickle.dumps(Harm())
    (model.folder / ARRAYS).write_bytes(data)
    model.rehash()
    model.refuse("not a model of this package")
    (model.folder / SETTINGS).write_bytes(data)
    model.refuse("expected JSON")
    assert not (tmp_path / "harm").exists()


BYTES = st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=8)


@given(BYTES, st.sampled_from([ARRAYS, SETTINGS]), st.integers(0, 8000))
@settings(max_examples=100, deadline=None)
def test_damaged_bytes_are_refused_or_harmless(
    made: Model, changes: list[tuple[int, int]], name: str, head: int
) -> None:
    made.mend()
    data = bytearray(made.files[name])
    for place, value in changes:
        # Half of them in the header, where they do most.
        data[(place if place % 2 else place % (head + 1)) % len(data)] = value
    (made.folder / name).write_bytes(data)
    if name == ARRAYS:
        made.rehash()
    made.use()


NUMBERS = st.sampled_from([0, 1, -1, 2, 7, 127, 2**15 - 1, 2**31 - 1, 2**63, -(2**31), 0.5, 3e38])


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_damaged_weights_are_refused_or_harmless(made: Model, data: st.DataObject) -> None:
    made.mend()
    arrays = {name: array.copy() for name, array in made.arrays.items()}
    filled = sorted(name for name, array in arrays.items() if array.size)
    for _ in range(data.draw(st.integers(1, 4))):
        flat = arrays[data.draw(st.sampled_from(filled))].reshape(-1)
        place, number = data.draw(st.integers(0, flat.size - 1)), data.draw(NUMBERS)
        if flat.dtype.kind == "f":
            most = float(np.finfo(flat.dtype).max)
            flat[place] = min(max(number, -most), most)
        else:
            ends = np.iinfo(flat.dtype)
            flat[place] = min(max(int(number), int(ends.min)), int(ends.max))
    made.replace(arrays)
    made.use()
