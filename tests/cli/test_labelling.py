"""``stance label CORPUS --out FILE`` as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from stance.cli import labelling, main
from stance.labelling import Step

Stance = Callable[..., tuple[int, str, str]]


@pytest.fixture
def stance(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Stance:
    """Calls the command beside a corpus; gives its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    texts = ["“We lost it all,” said Ida Lund.", "The port was shut on Monday for a week."]
    parquet.write_table(pa.table({"text": texts, "body": texts[::-1]}), "good.parquet")
    parquet.write_table(pa.table({"text": [*texts, None]}), "bad.parquet")

    def called(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["stance", "label", *arguments])
        with pytest.raises(SystemExit) as done:
            main()
        out, err = capsys.readouterr()
        return int(str(done.value.code)), out, err

    return called


def test_labels_and_says_where_they_are(stance: Stance) -> None:
    assert stance("good.parquet", "--out", "labels.parquet", "--jobs", "1") == (
        0,
        "labels.parquet: 2 rows of labels\n",
        "",
    )
    rows = parquet.read_table("labels.parquet").to_pylist()
    assert [(row["type"], row["voice"]) for row in rows] == [
        ("quote", "Ida Lund"),
        ("report", "author"),
    ]
    again = stance("good.parquet", "--out", "labels.parquet", "--jobs", "1")
    assert again == (0, "up to date: labels.parquet: 2 rows of labels\n", "")


def test_rows_that_fail_exit_1(stance: Stance) -> None:
    code, out, err = stance("bad.parquet", "--out", "x.parquet", "--json", "--jobs", "1")
    assert code == 1
    assert json.loads(out) == {
        "schema_version": 1,
        "labels": "x.parquet",
        "errors": "x.errors.parquet",
        "n_labels": 2,
        "n_errors": 1,
        "was_up_to_date": False,
    }
    assert err == "stance: 1 row could not be labelled: see x.errors.parquet\n"


def test_options_reach_the_run(stance: Stance) -> None:
    options = ("--text-column", "body", "--types-only", "--model", "paragraph-type-fast")
    assert stance("good.parquet", "--out", "x.parquet", "--jobs", "1", *options)[0] == 0
    table = parquet.read_table("x.parquet")
    assert "voice" not in table.column_names
    told = json.loads(table.schema.metadata[b"stance"])
    assert told["model"].startswith("paragraph-type-fast (")
    assert told["settings"]["columns"]["text"] == "body"


@pytest.mark.parametrize("option", ["--targets", "--targets-file"])
def test_targets_of_a_corpus(stance: Stance, option: str) -> None:
    Path("targets.txt").write_text("# of the town\nthe port=harbour\n", encoding="utf-8")
    asked = (option, "targets.txt", "--target", "Ida Lund=the mayor")
    assert stance("good.parquet", "--out", "x.parquet", "--jobs", "1", *asked)[0] == 0
    rows = parquet.read_table("x.parquet").to_pylist()
    sides = [[side["target"] for side in row["stances"]] for row in rows]
    assert sides == [["Ida Lund"], ["the port"]]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--targets", "auto"), "--targets auto: finds the targets of single pages"),
        (("--target", "x", "--types-only"), "--types-only tells no voices"),
        (("--target", "x", "--target", "X"), "'X' is given twice: join its aliases"),
        (("--target", "x="), "expected an alias after '='"),
        (("--targets-file", "none.txt"), "none.txt: cannot be read: No such file"),
    ],
)
def test_targets_that_cannot_be_asked_about(
    stance: Stance, asked: tuple[str, ...], words: str
) -> None:
    code, printed, err = stance("good.parquet", "--out", "x.parquet", *asked)
    assert (code, printed) == (2, "")
    assert words in err and err.count("\n") == 1
    assert not Path("x.parquet").exists()


@pytest.mark.parametrize("name", ["a.csv", "b.TSV.gz", "c.jsonl", "d.arrow", "good.parquet"])
def test_a_table_without_out_is_told_what_to_do(stance: Stance, name: str) -> None:
    Path(name).touch()
    code, printed, err = stance(name)
    assert (code, printed) == (2, "")
    assert err == (
        f"stance: {name}: a table, expected a page; to label its rows, say where the labels go: "
        f"stance label {name} --out labels.parquet\n"
    )


def test_a_folder_without_out_is_told_what_to_do(stance: Stance) -> None:
    Path("pages").mkdir()
    code, _, err = stance("pages")
    assert code == 2
    assert "pages: a folder, expected a page" in err
    assert err.endswith("stance label pages --out labels.parquet\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--tagret", "x", "p.txt"), "Unknown option: --tagret. Did you mean --target?"),
        (("p.txt", "--tagrets-file=x"), "Unknown option: --tagrets-file. Did you mean --targets-f"),
        (("good.parquet", "--otu", "x.parquet"), "Did you mean --out? A file of that name is writ"),
        (("p.txt", "--zzz"), "Unknown option: --zzz. A file of that name is written ./--zzz"),
    ],
)
def test_mistyped_option_is_told_with_the_nearest(
    stance: Stance, arguments: tuple[str, ...], words: str
) -> None:
    code, printed, err = stance(*arguments)
    assert (code, printed) == (2, "")
    assert words in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("good.parquet",), "stance: these options are for a corpus: say with --out"),
        (("none.parquet",), "none.parquet: there is no such file or folder"),
        (("good.parquet", "bad.parquet"), "--out: expected one corpus"),
        (("good.parquet", "--html", "x.html"), "--out: expected one corpus"),
        (("good.parquet", "--text-column", "txt"), "got ['text', 'body']; did you mean 'text'?"),
        (("good.parquet", "--model", "quotations"), "unknown model 'quotations'"),
        (("good.parquet", "--jobs", "0"), "Must be >= 1"),
    ],
)
def test_mistakes_are_misuse(stance: Stance, arguments: tuple[str, ...], words: str) -> None:
    out = ("--fresh",) if len(arguments) == 1 and "these" in words else ("--out", "x.parquet")
    code, printed, err = stance(*arguments, *out)
    assert (code, printed) == (2, "")
    assert words in err
    assert "Traceback" not in err
    assert err.count("\n") <= 2


def test_progress_off_a_terminal_is_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelling, "LINE_SECONDS", 0.0)
    with labelling.LabelProgress() as progress:
        progress(Step(1_200_000, 0.25, 4000.4, 900.0))
    assert capsys.readouterr().err == "25%, 1,200,000 rows, 4,000 a second, 15 min 0 s left\n"


LARGE = """
import sys
import pyarrow as pa
from pyarrow import parquet
text = "The port of town {} was shut on Monday after a storm, police said."
texts = [text.format(i) for i in range(20000)]
schema = pa.schema([("text", pa.string())])
with parquet.ParquetWriter(sys.argv[1], schema) as writer:
    for _ in range(int(sys.argv[2])):
        writer.write_table(pa.table({"text": texts}))
"""
PEAK = """
import sys
from stance.labelling import Labeller, label_corpus
labeller = Labeller("paragraph-type-fast", voices=False)
label_corpus(sys.argv[1], sys.argv[2], labeller=labeller)
lines = open("/proc/self/status").read().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    peaks = []
    for times in (1, 6):
        corpus, out = tmp_path / f"{times}.parquet", tmp_path / f"o{times}.parquet"
        subprocess.run([sys.executable, "-c", LARGE, corpus, str(times)], check=True)
        run = [sys.executable, "-c", PEAK, corpus, out]
        done = subprocess.run(run, check=True, capture_output=True)
        peaks.append(int(done.stdout) / 1024)
    assert peaks[1] < 400
    assert peaks[1] < peaks[0] + 60
