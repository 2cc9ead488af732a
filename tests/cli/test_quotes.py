"""``stance quotes``: what is printed and written, and with which exit code."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stance.cli import main

PAGE = """Ferry to Skarholm sinks at its pier

The old car ferry sank at its pier on Monday night, and nobody was hurt, police said.

“It groaned like an ox and went down in ten minutes,” said deckhand Ida Lund.
"""
HOSTILE = """Storm \x1b[31mred

“We [red]lost\u202e[/red] it all last night,” said Ida \u2066Lund\u2069.
"""


@dataclass
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
def stance(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str | Path, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "argv", ["stance", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Done(ended.value.code, printed.out, printed.err)

    return run


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_table(stance: Any, page: Path) -> None:
    done = stance("quotes", page)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0].strip() == str(page)
    line = next(line for line in done.out.splitlines() if "groaned" in line)
    assert "direct" in line and "Ida Lund" in line and "said (say)" in line
    assert any(
        line.split()[:2] == ["author", "2"] or "author" in line for line in done.out.splitlines()
    )


def test_json_as_label_prints_it(stance: Any, page: Path) -> None:
    document = json.loads(stance("quotes", page, "--json").out)
    assert document["schema_version"] == 1
    (article,) = document["articles"]
    assert list(article) == ["id", "source", "quotations", "voices"]
    (labelled,) = json.loads(stance("label", page, "--json").out)["articles"]
    assert labelled["quotations"] == article["quotations"]
    assert labelled["voices"] == article["voices"]
    one = next(one for one in article["quotations"] if one["kind"] == "direct")
    (piece,) = one["content"]
    assert PAGE[piece["start"] : piece["end"]] == piece["text"]
    assert labelled["parts"][piece["part"]]["text"].startswith(piece["text"])
    assert one["voice"] == "Ida Lund" and one["source"][0]["text"].endswith("Ida Lund")


def test_several_pages_and_standard_input(stance: Any, page: Path, tmp_path: Path) -> None:
    bad = tmp_path / "none.txt"
    done = stance("quotes", bad, page, "-", "--json", stdin=PAGE.encode())
    assert done.code == 2
    assert [article["id"] for article in json.loads(done.out)["articles"]] == ["ferry", "stdin"]
    assert done.err.startswith(f"stance: {bad}: ") and done.err.count("\n") == 1


def test_everything_is_written(stance: Any, page: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "brat"
    done = stance("quotes", page, "--html", tmp_path / "q.html", "--brat", folder)
    assert done.code == 0 and done.err.count("wrote ") == 4
    assert sorted(path.name for path in folder.iterdir()) == [
        "annotation.conf", "ferry.ann", "ferry.txt",
    ]  # fmt: skip
    assert (folder / "ferry.txt").read_text(encoding="utf-8") == PAGE
    assert "Ida Lund" in (tmp_path / "q.html").read_text(encoding="utf-8")


def test_docbin(stance: Any, page: Path, tmp_path: Path) -> None:
    pytest.importorskip("spacy", reason="spaCy is not installed: extra spacy")
    assert stance("quotes", page, "--docbin", tmp_path / "q.spacy").code == 0
    assert (tmp_path / "q.spacy").stat().st_size > 100


def test_docbin_without_spacy(
    stance: Any, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    done = stance("quotes", page, "--docbin", tmp_path / "q.spacy")
    assert (done.code, done.out) == (1, "")
    assert "stance: --docbin: " in done.err and "pip install 'stance-lab[spacy]'" in done.err


@pytest.mark.parametrize("option", ["--html", "--brat"])
def test_what_cannot_be_written(option: str, stance: Any, page: Path) -> None:
    done = stance("quotes", page, option, page / "below", "--json")
    assert done.code == 1 and "cannot be written: " in done.err
    assert json.loads(done.out)["articles"]  # the quotations are not lost


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected a page: a file, - for standard input, or --url ADDRESS"),
        (["none.txt"], "No such file"),
        (["--jsno", "x.txt"], "Unknown option: --jsno. Did you mean --json?"),
        (["--url", "http://127.0.0.1:9/page"], "pass --allow-private"),
    ],
)
def test_misuse_is_told_in_one_message(arguments: list[str], message: str, stance: Any) -> None:
    done = stance("quotes", *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err and "Traceback" not in done.err


def test_page_without_quotations(stance: Any) -> None:
    done = stance("quotes", "-", stdin=b"Storm closes port\n\nThe port shut on Monday night.\n")
    assert done.code == 0 and done.out.strip() == "-: no quotations"


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_hostile_text_is_printed_inert(options: list[str], stance: Any) -> None:
    done = stance("quotes", "-", *options, stdin=HOSTILE.encode())
    assert done.code == 0 and all(line.isprintable() for line in done.out.split("\n"))
    assert "[red]lost" in done.out
