"""One line for any corpus, file, frame or dataset of the Hub."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import datasets
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.corpora import load
from stance.corpora.rows import SUFFIXES, TableError
from stance.passage import as_passages

COMMON = (
    "text target mentions voice headline previous following index n_paragraphs group label "
    "native_label id"
).split()
ROWS = [
    {"body": "The port shut.", "who": "port", "side": "against", "spot": [[4, 8]], "n": 3},
    {"body": "NA", "who": None, "side": "NA", "spot": [], "n": 4},
]
MAP = {"text": "body", "target": "who", "label": "side", "mentions": "spot"}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "cache"))


def check(dataset):
    assert dataset.column_names == [*COMMON, "n"]
    first, second = as_passages(dataset)
    assert (first.text, first.target, first.mentions) == ("The port shut.", "port", ((4, 8),))
    assert (second.text, second.target, second.mentions) == ("NA", None, ())
    assert dataset["label"][:] == dataset["native_label"][:] == ["against", "NA"]
    assert dataset["id"][:] == ["0", "1"]


def write_csv(path, separator=","):
    rows = [{**row, "spot": json.dumps(row["spot"])} for row in ROWS]
    pd.DataFrame(rows).to_csv(path, index=False, sep=separator, encoding="utf-8-sig")


@pytest.mark.parametrize("ending", ["jsonl", "json", "csv", "tsv", "parquet"])
@pytest.mark.parametrize("form", [str, Path])
def test_files(tmp_path, ending, form):
    path = tmp_path / f"mine.{ending}"
    match ending:
        case "jsonl":
            path.write_text("\n".join(json.dumps(row) for row in ROWS) + "\n\n")
        case "json":
            path.write_text(json.dumps(ROWS))
        case "parquet":
            pd.DataFrame(ROWS).to_parquet(path)
        case _:
            write_csv(path, "," if ending == "csv" else "\t")
    check(load(form(path), columns=MAP))


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(ROWS),
        datasets.Dataset.from_list(ROWS),
        datasets.Dataset.from_list(ROWS).data.table,
        {name: [row[name] for row in ROWS] for name in ROWS[0]},
    ],
    ids=["pandas", "datasets", "arrow", "mapping"],
)
def test_frames(frame):
    check(load(frame, columns=MAP))


def test_hub(monkeypatch):
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["con", "pro"])}
    )
    rows = {"text": ["Shut it.", "Hm."], "label": [1, -1]}
    asked = []

    def load_dataset(name, variant):
        asked.append((name, variant))
        return datasets.DatasetDict(train=datasets.Dataset.from_dict(rows, features=features))

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    assert load("owner/name", split="train", variant="v")["label"][:] == ["pro", None]
    assert asked == [("owner/name", "v")]
    with pytest.raises(ValueError, match="owner/name: split 'test' is unknown; known: train"):
        load("owner/name", split="test")


def test_hub_that_does_not_answer(monkeypatch):
    def load_dataset(name, variant):
        raise ConnectionError("no route")

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    with pytest.raises(FileNotFoundError, match=r"owner/name: expected a file, or a .*: no route"):
        load("owner/name")


def test_classes_of_a_dataset_become_their_names():
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["con", "pro"])}
    )
    rows = datasets.Dataset.from_dict({"text": ["A.", "B."], "label": [0, 1]}, features=features)
    assert load(rows)["label"][:] == ["con", "pro"]
    with pytest.raises(TypeError, match="one table with named columns, got DatasetDict"):
        load(datasets.DatasetDict(train=rows))


def test_mentions_as_maps():
    rows = {"text": ["The port."], "mentions": [[{"start": 4, "end": 8}]]}
    assert load(rows)["mentions"][:] == [[[4, 8]]]


def test_missing_values_of_a_frame():
    frame = pd.DataFrame({"text": ["A.", "B."], "voice": ["author", float("nan")],
                          "index": [1, float("nan")], "group": [7, 8]})  # fmt: skip
    dataset = load(frame)
    assert dataset["voice"][:] == ["author", None]
    assert dataset["index"][:] == [1, 0]
    assert dataset["group"][:] == ["7", "8"]


@pytest.mark.parametrize(
    ("table", "columns", "message"),
    [
        ({"body": ["A."]}, None, r"the dict: expected a column 'text', got \['body'\]: say which"),
        (
            {"body": ["A."]},
            {"text": "bodi"},
            "columns: text: 'bodi' is unknown: did you mean 'body'",
        ),
        (
            {"body": ["A."]},
            {"txt": "body"},
            "columns: column 'txt' is unknown: did you mean 'text'",
        ),
        ({"text": ["A.", 3]}, None, "row 1: expected 'text' to be a str, got 3"),
        ({"text": ["A."], "index": ["x"]}, None, "row 0: index: expected a whole number, got 'x'"),
        ({"text": ["A."], "mentions": [[4]]}, None, r"row 0: expected mentions as .*, got \[4\]"),
        ({"text": ["A.", "B."], "label": ["x"]}, None, "column 'label' has 1 rows, 'text' has 2"),
    ],
)
def test_faults_of_tables(table, columns, message):
    with pytest.raises(TableError, match=message):
        load(table, columns=columns)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", '{"text": "A."}\n{"text"', r"a\.jsonl:2: not JSON"),
        ("a.jsonl", "[1]", r"a\.jsonl: row 0: expected an object, got \[1\]"),
        ("a.json", '{"text": "A."}', r"a\.json: expected a list of objects, got dict"),
        ("a.csv", "", r"a\.csv: not a table with a header"),
        ("a.csv", 'text\n"A', r"a\.csv: not a table with a header"),
        ("a.parquet", "text", r"a\.parquet: not Parquet"),
        ("a.txt", "text", r"a\.txt: expected a file ending in \.jsonl"),
    ],
)
def test_faults_of_files(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    with pytest.raises(TableError, match=message):
        load(tmp_path / name)


def test_file_that_is_not_utf8(tmp_path):
    for name in ("a.csv", "a.jsonl", "a.json"):
        (tmp_path / name).write_bytes(b'text\n"caf\xe9"\n')
        with pytest.raises(TableError, match=f"{name}: not UTF-8"):
            load(tmp_path / name)


def test_file_that_is_not_there():
    with pytest.raises(FileNotFoundError, match=r"mine\.csv: there is no such file"):
        load("mine.csv")


def test_name_of_nothing():
    with pytest.raises(ValueError, match="corpus 'sampel' is unknown: did you mean 'sample'"):
        load("sampel")
    with pytest.raises(TypeError, match=r"expected the name of a corpus, .* got int: 3"):
        load(3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"split": "dev"}, "task 'type': split 'dev' is unknown; known: train, validation, test"),
        ({"split": "train+tets"}, "split 'tets' is unknown: did you mean 'test'"),
        ({"task": "typ"}, "corpus 'sample': task 'typ' is unknown: did you mean 'type'"),
        ({"variant": "ful"}, "task 'type': variant 'ful' is unknown: did you mean 'full'"),
        ({"columns": {"text": "x"}}, "corpus 'sample' has settled columns"),
    ],
)
def test_options_a_corpus_does_not_have(options, message):
    with pytest.raises(ValueError, match=message):
        load("sample", **options)


def test_options_a_table_does_not_have():
    for option in ("split", "task", "variant"):
        with pytest.raises(ValueError, match=f"{option} = 'x': "):
            load({"text": ["A."]}, **{option: "x"})


def test_splits_join_in_the_order_asked_for():
    both = load("sample", split="validation+train")
    assert isinstance(both, datasets.Dataset)
    splits = load("sample")
    assert list(splits) == ["train", "validation", "test"]
    assert both["id"][:] == splits["validation"]["id"][:] + splits["train"]["id"][:]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3))
def test_mentions_survive_any_form(spans):
    pairs = [list(span) for span in spans]
    maps = [{"start": a, "end": b} for a, b in spans]
    texts = ["x"] * 4
    found = load({"text": texts, "mentions": [pairs, spans, maps, json.dumps(pairs)]})
    assert found["mentions"][:] == [pairs] * 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60), st.sampled_from(SUFFIXES))
def test_any_bytes_give_a_table_or_one_clear_error(tmp_path_factory, data, suffix):
    path = tmp_path_factory.mktemp("any") / f"mine{suffix}"
    path.write_bytes(data)
    with contextlib.suppress(TableError):
        load(path, columns={"text": "a"})
