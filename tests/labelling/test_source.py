from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from datasets import Dataset, DatasetDict
from pyarrow import parquet

from stance.labelling import Columns, LabellingError
from stance.labelling.lines import MAX_LINE
from stance.labelling.rows import runs_in, values_of
from stance.labelling.source import open_source

ROWS = {"id": ["a", "b", "c"], "text": ["It rained.", "“Go,” she said.", "Déjà vu"]}


def read(corpus: Any, **settings: Any) -> dict[str, list[Any]]:
    tables = [batch.table for batch in open_source(corpus, **settings).batches()]
    whole = pa.concat_tables(tables, promote_options="default")
    return {name: values_of(whole[name]) for name in whole.column_names}


def reasons(corpus: Path) -> dict[int, str]:
    return {one.at: one.reason for one in runs_in(read(corpus))[1]}


def as_lines(path: Path) -> Path:
    rows = [dict(zip(ROWS, row, strict=True)) for row in zip(*ROWS.values(), strict=True)]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n"
    return written(path, text)


def as_csv(path: Path) -> Path:
    return written(
        path,
        "id,text\na,It rained.\nb,“Go,” she said.\nc,Déjà vu\n".replace("“Go,”", '"“Go,”').replace(
            "said.", 'said."'
        ),
    )


def written(path: Path, text: str | bytes) -> Path:
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def as_parquet(path: Path) -> Path:
    parquet.write_table(pa.table(ROWS), path)
    return path


def as_arrow(path: Path) -> Path:
    with pa.ipc.new_stream(os.fspath(path), pa.table(ROWS).schema) as writer:
        writer.write_table(pa.table(ROWS))
    return path


def as_others(path: Path) -> Path:
    """Types of text that other libraries write."""
    columns = {
        "id": pa.array(ROWS["id"]).dictionary_encode(),
        "text": pa.array(ROWS["text"], pa.string_view()),
    }
    parquet.write_table(pa.table(columns), path)
    return path


def as_saved(path: Path) -> Path:
    Dataset.from_dict(ROWS).save_to_disk(path, num_shards=2)
    return path


def as_folder(path: Path) -> Path:
    path.mkdir()
    parquet.write_table(pa.table(ROWS).slice(0, 2), path / "0.parquet")
    parquet.write_table(pa.table(ROWS).slice(2), path / "1.parquet")
    return path


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("x.parquet", as_parquet),
        ("x.arrow", as_arrow),
        ("views.parquet", as_others),
        ("x.jsonl", as_lines),
        ("x.jsonl.gz", as_lines),
        ("x.csv", as_csv),
        ("x.csv.gz", as_csv),
        ("saved", as_saved),
        ("folder", as_folder),
    ],
)
def test_every_format_gives_the_same_rows(
    tmp_path: Path, name: str, write: Callable[[Path], Path]
) -> None:
    found = read(write(tmp_path / name))
    assert {name: found[name] for name in ROWS} == ROWS


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.tsv"])
def test_long_file_is_read_to_its_end(tmp_path: Path, name: str) -> None:
    texts = [f"Paragraph {i}." for i in range(900)]
    assert read(written(tmp_path / name, "\n".join(["text", *texts])))["text"] == texts


def test_dataset_in_memory_with_chosen_rows() -> None:
    dataset = Dataset.from_dict(ROWS).select([2, 0])
    assert read(dataset)["text"] == ["Déjà vu", "It rained."]


def test_columns_by_other_names(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    parquet.write_table(pa.table({"body": ["A"], "text": ["B"], "story": [4]}), path)
    found = read(path, columns=Columns(text="body", group="story"))
    assert found == {"text": ["A"], "group": [4]}


def test_bad_lines_are_rows_with_a_reason(tmp_path: Path) -> None:
    lines = [
        b'{"text": "Fine."}',
        b"{not json}",
        b'{"text": "caf\xe9"}',
        b'{"text": "lone \\ud800 half"}',
        b'{"text": 7}',
        b'{"text": null}',
        b'["no object"]',
        b'{"other": 1}',
        b"[" * 5000,
        b'{"text": "Fine too.", "index": "x"}',
        b'{"text": "' + b"x" * MAX_LINE + b'"}',
        b'{"text": "Last."}',
    ]
    path = written(tmp_path / "x.jsonl", b"\n".join(lines))
    found = reasons(path)
    assert sorted(found) == list(range(1, 11))
    expected = (
        "line: not JSON",
        "line: broken encoding, byte 13 is not UTF-8",
        "text: broken encoding, character 5 is a lone surrogate",
        "text: expected text, got int",
        "text: nothing there (null)",
        "line: expected an object, got list",
        "text: nothing there (null)",
        "line: not JSON",
        "index: expected a whole number, 0 or more, got 'x'",
        "line: longer than 16,777,216 bytes",
    )
    for reason, words in zip(found.values(), expected, strict=True):
        assert reason.startswith(words)


def test_bad_cells_of_csv_are_rows_with_a_reason(tmp_path: Path) -> None:
    text = b"text,index\nFine.,0\nToo,many,cells\nCaf\xe9,1\nNo index,\nOdd,one\n,2\nLast.,3\n"
    found = reasons(written(tmp_path / "x.csv", text))
    assert found == {
        1: "line 3: expected 2 cells, got 3",
        2: "text: broken encoding, character 3 is a lone surrogate",
        4: "index: expected a whole number, 0 or more, got 'one'",
        5: "text: no visible character",
    }


def test_quotation_mark_that_is_not_closed_does_not_fill_the_memory(tmp_path: Path) -> None:
    text = b'text\nFine.\n"' + b"Swallowed line.\n" * (MAX_LINE // 16 + 1) + b"Last.\n"
    found = read(written(tmp_path / "x.csv", text))
    assert found["text"][:2] == ["Fine.", None]
    assert found["problem"][1].endswith("is a quotation mark not closed?")
    assert found["text"][-1] == "Last."


def test_pages_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "b").mkdir(parents=True)
    for name in ("b/1.html", "a=1.txt", "notes.pdf", ".hidden.txt"):
        (folder / name).write_text(name, encoding="utf-8")
    (folder / "gone.txt").symlink_to("nowhere")
    found = read(folder)
    assert found["id"] == ["a=1.txt", "b/1.html", "gone.txt"]
    assert found["text"] == [b"a=1.txt", b"b/1.html", None]
    assert found["problem"][2] == "text: cannot be read: No such file or directory"


def problem(corpus: Any, **settings: Any) -> str:
    with pytest.raises(LabellingError) as raised:
        list(open_source(corpus, **settings).batches())
    return str(raised.value)


def test_missing_column_names_the_nearest_and_all(tmp_path: Path) -> None:
    path = as_parquet(tmp_path / "x.parquet")
    assert problem(path, columns=Columns(text="txt")) == (
        f"{path}: expected a column 'txt', got ['id', 'text']; did you mean 'text'? say which "
        "column it is with --text-column"
    )
    assert "expected a column 'story'" in problem(path, columns=Columns(group="story"))
    assert "expected a column 'txt'" in problem(
        as_lines(tmp_path / "x.jsonl"), columns=Columns(text="txt")
    )
    assert "the dataset: expected" in problem(Dataset.from_dict({"body": ["A"]}))


def test_column_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    parquet.write_table(pa.table({"text": [1, 2]}), path)
    assert "column 'text': expected text, got int64" in problem(path)
    parquet.write_table(pa.table({"text": ["A"], "index": ["one"]}), path)
    assert "column 'index': expected whole numbers, got string" in problem(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "there is no such file or folder" in problem(tmp_path / "none.parquet")
    assert "cannot be read as Parquet" in problem(written(tmp_path / "x.parquet", b"PAR1 no"))
    assert "expected a file ending in" in problem(written(tmp_path / "x.xlsx", b"PK"))
    assert "without --out" in problem(written(tmp_path / "x.txt", b"A page"))
    path = tmp_path / "half.jsonl.gz"
    path.write_bytes(gzip.compress(os.urandom(9000).hex().encode())[:4000])
    assert "cannot be read" in problem(path)


def test_parquet_that_breaks_off_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    texts = [f"{i} {os.urandom(40).hex()}" for i in range(50_000)]
    parquet.write_table(pa.table({"text": texts}), path, row_group_size=5000)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4000] = bytes(4000)
    path.write_bytes(data)
    assert "x.parquet: cannot be read" in problem(path)


def test_folders_that_are_no_corpus(tmp_path: Path) -> None:
    mixed = as_folder(tmp_path / "mixed")
    written(mixed / "x.txt", b"A page")
    assert "expected files of one kind" in problem(mixed)
    (tmp_path / "empty").mkdir()
    assert "expected pages" in problem(tmp_path / "empty")
    DatasetDict({"train": Dataset.from_dict(ROWS)}).save_to_disk(tmp_path / "dict")
    assert "with the splits ['train']: label one of them" in problem(tmp_path / "dict")
    schemas = as_folder(tmp_path / "schemas")
    parquet.write_table(pa.table({"id": ["a"], "body": ["A"]}), schemas / "2.parquet")
    assert "2.parquet: column 'text': expected string as in 0.parquet, got no such" in problem(
        schemas
    )
    lines = tmp_path / "lines"
    lines.mkdir()
    written(lines / "0.jsonl", b'{"text": "A", "group": 1}')
    written(lines / "1.jsonl", b'{"text": "A"}')
    assert "expected the columns ['group', 'text'] as in the files before it" in problem(lines)
