"""The ``stance`` command: what is printed where, and with which exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stance.analysis import articles_json, label_article
from stance.cli import main

PAGE = """Ferry to Skarholm sinks at its pier

The old car ferry sank at its pier on Monday night, and nobody was hurt, police said.

“It groaned like an ox and went down in ten minutes,” said deckhand Ida Lund.
"""
HTML = """<!doctype html><html><body><h1>Ferry to Skarholm sinks</h1>
<p>The old car ferry sank at its pier on Monday night, and nobody was hurt, police said.</p>
<p>“It groaned like an ox and went down in ten minutes,” said deckhand Ida Lund.</p>
</body></html>"""
HOSTILE = (
    "Storm \x1b[31mred \x1b]0;title\x07 [bold]loud[/bold] [link=http://x.example]here[/link]\n\n"
    "The port \u202eshut\u202c on Monday after a crane fell on two barges, police said. \x9b31m\n\n"
    "“We [red]lost[/red] it all,” said Ida \u2066Lund\u2069.\n"
)


@dataclass
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
def stance(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The command, in this process; ``stance("label", path)``."""

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


def command(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    code = "from stance.cli import main; main()"
    run = [sys.executable, "-c", code, *arguments]
    return subprocess.run(run, capture_output=True, check=False, **settings)


def is_inert(text: str) -> bool:
    return all(line.isprintable() for line in text.split("\n"))


# label


def test_table_of_a_text_file(stance: Any, page: Path) -> None:
    done = stance("label", page)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].strip() == str(page)
    quote = next(line for line in lines if "groaned" in line)
    assert quote.split()[:4][:3] == ["2", "paragraph", "quote"] and "Ida Lund" in quote
    assert any("headline" in line and "Skarholm" in line for line in lines)


def test_html_file_and_standard_input(stance: Any, tmp_path: Path) -> None:
    path = tmp_path / "ferry.html"
    path.write_text(HTML, encoding="utf-8")
    from_file = json.loads(stance("label", path, "--json").out)["articles"][0]
    from_input = json.loads(stance("label", "-", "--json", stdin=HTML.encode()).out)["articles"][0]
    assert from_file["parts"] == from_input["parts"]
    assert (from_input["id"], from_input["source"]) == ("stdin", "-")
    assert [part["voice"] for part in from_file["parts"] if part["type"] == "quote"] == ["Ida Lund"]


def test_json_is_all_of_standard_output(stance: Any, page: Path) -> None:
    done = stance("label", page, page, "--json")
    assert done.out == articles_json([label_article(page)] * 2) + "\n"
    assert (done.code, done.err) == (0, "")


def test_bad_pages_do_not_stop_the_good_ones(stance: Any, page: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    bad = [tmp_path / name for name in ("empty.txt", "photo.txt", "none.txt")]
    done = stance("label", bad[0], page, *bad[1:], "--json")
    assert done.code == 2
    assert [article["id"] for article in json.loads(done.out)["articles"]] == ["ferry"]
    messages = done.err.splitlines()
    assert [
        message.startswith(f"stance: {path}: ") for message, path in zip(messages, bad, strict=True)
    ]
    assert len(messages) == 3 and "PNG image" in messages[1]


def test_no_readable_page(stance: Any, tmp_path: Path) -> None:
    done = stance("label", tmp_path / "none.txt", "--json", "--html", tmp_path / "out.html")
    assert (done.code, done.out) == (2, "")
    assert not (tmp_path / "out.html").exists()


def test_no_page_at_all(stance: Any) -> None:
    done = stance("label")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("stance: expected a page: a file, - for standard input, or --url")


def test_endless_input_is_cut(stance: Any) -> None:
    done = stance("label", "-", stdin=b"The port shut. " * 700_000)
    assert done.code == 2 and "the limit is 10,000,000" in done.err


def test_page_with_the_labels(stance: Any, page: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    out.write_text("an older page")
    done = stance("label", page, "--html", out)
    assert (done.code, done.err) == (0, f"wrote {out}\n")
    written = out.read_text(encoding="utf-8")
    assert "Ida Lund" in written and written.rstrip().endswith("</html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ferry.txt", "out.html"]


def test_interrupted_page_leaves_the_older_one(
    stance: Any, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.html"
    out.write_text("an older page")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = stance("label", page, "--html", out)
    assert done.code == 1 and f"stance: {out}: cannot be written: No space left" in done.err
    assert out.read_text() == "an older page"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ferry.txt", "out.html"]


@pytest.mark.parametrize("where", ["none/out.html", ".", "ferry.txt/out.html", "/"])
def test_page_that_cannot_be_written(where: str, stance: Any, page: Path, tmp_path: Path) -> None:
    done = stance("label", page, "--html", tmp_path / where, "--json")
    assert done.code == 1
    assert done.err.startswith("stance: ") and "cannot be written: " in done.err
    assert json.loads(done.out)["articles"]  # the labels are not lost
    assert [path.name for path in tmp_path.iterdir()] == ["ferry.txt"]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_hostile_text_is_printed_inert(options: list[str], stance: Any, tmp_path: Path) -> None:
    path = tmp_path / "storm.txt"
    path.write_text(HOSTILE, encoding="utf-8")
    done = stance("label", path, *options)
    assert done.code == 0 and is_inert(done.out)
    assert "[bold]loud[/bold]" in done.out and "[red]lost[/red]" in done.out
    if options:
        texts = [part["text"] for part in json.loads(done.out)["articles"][0]["parts"]]
        assert texts == [part.text for part in label_article(HOSTILE).parts]


def test_hostile_names_are_printed_inert(stance: Any) -> None:
    done = stance("label", "no\x1b[31mfile\u202e.txt")
    assert done.code == 2 and is_inert(done.err) and "no[31mfile.txt" in done.err


def test_address_is_fetched_only_when_asked_for(stance: Any) -> None:
    done = stance("label", "http://127.0.0.1:9/page")
    assert done.code == 2 and "No such file" in done.err
    done = stance("label", "--url", "http://127.0.0.1:9/page")
    assert done.code == 2 and "pass --allow-private" in done.err
    done = stance("label", "--url", "http://[::1", "--url", "http://ida:s3cret@127.0.0.1/")
    assert done.code == 2 and done.err.count("stance: http://") == 2
    assert "s3cret" not in done.err


# explain


def test_explain_tells_what_moved_the_type(stance: Any, page: Path) -> None:
    done = stance("explain", page, "2")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0].strip().startswith("quote (0.")
    assert "“" in done.out and "speech" in done.out
    weights = [line.split()[-1] for line in done.out.splitlines() if line.strip()]
    assert sum(weight[0] in "+-" and weight[1:2].isdigit() for weight in weights) == 12
    found = json.loads(stance("explain", page, "2", "--json", "--label", "report").out)
    assert (found["schema_version"], found["label"]) == (1, "report")
    for reason in found["reasons"]:
        assert reason["span"] is None or reason["name"] in PAGE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["0"], "part 0 is no paragraph of .*; paragraphs: [1, 2]"),
        (["99"], "part 99 is no paragraph"),
        (["-1"], "part -1 is no paragraph"),
        (["2", "--label", "qoute"], "unknown label 'qoute'"),
        (["2", "--top", "0"], "--top"),
        (["two"], ""),
    ],
)
def test_explain_misused(arguments: list[str], message: str, stance: Any, page: Path) -> None:
    done = stance("explain", page, *arguments)
    assert (done.code, done.out) == (2, "") and done.err
    for piece in message.split(".*"):
        assert piece in done.err


def test_explain_standard_input(stance: Any) -> None:
    done = stance("explain", "-", "2", "--top", "1", stdin=PAGE.encode())
    assert done.code == 0 and done.out.strip().startswith("quote (0.")


def test_explain_a_missing_page(stance: Any, tmp_path: Path) -> None:
    done = stance("explain", tmp_path / "none.txt", "1")
    assert done.code == 2 and "No such file" in done.err


# models


def test_models(stance: Any) -> None:
    assert "paragraph-type" in stance("models", "list").out
    models = json.loads(stance("models", "list", "--json").out)["models"]
    by_name = {model["name"]: model for model in models}
    assert len(by_name["paragraph-type"]["classes"]) == 4
    assert {"quotations", "stance"} <= set(by_name)
    assert stance("models", "show", "paragraph-type").out.startswith("# paragraph-type\n")
    done = stance("models", "show", "paragraph-tpye")
    assert done.code == 2 and "did you mean 'paragraph-type'?" in done.err


# The command as such


def test_help_needs_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['stance', *sys.argv[1:]]\n"
        "from stance.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = 'numpy sklearn scipy datasets pandas pyarrow matplotlib pydantic yaml jinja2'\n"
        "heavy += ' sentencex safetensors rich.markdown pygments urllib.request'\n"
        "sys.exit(' '.join(name for name in heavy.split() if name in sys.modules))"
    )
    for arguments in (["--help"], ["label", "--help"], ["--version"], []):
        run = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(run, capture_output=True, text=True, check=False)
        assert done.stderr.strip() == "", done.stderr
        assert done.stdout


def test_help_names_every_command(stance: Any) -> None:
    shown = stance("--help").out
    for verb in ("label", "explain", "run", "corpora", "models"):
        assert f" {verb} " in shown
    assert "--allow-private" in stance("label", "--help").out
    assert "``" not in stance("explain", "--help").out


def test_version(stance: Any) -> None:
    import stance as package

    assert stance("--version").out.strip() == package.__version__


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["labl"], 'Did you mean "label"?'),
        (
            ["label", "--jsno", "x.txt"],
            "Unknown option: --jsno. Did you mean --json? A file of that name is written ./--jsno",
        ),
        (["label", "x.txt", "-j"], "Unknown option: -j."),
        (["models", "shwo"], "shwo"),
        (["explain"], "requires an argument"),
    ],
)
def test_misuse_is_told_in_one_message(arguments: list[str], message: str, stance: Any) -> None:
    done = stance(*arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err and "Traceback" not in done.err


def test_as_a_program(page: Path) -> None:
    done = command("label", str(page), "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(json.loads(done.stdout)["articles"][0]["parts"]) == 3
    done = command("labl")
    assert done.returncode == 2 and b"Traceback" not in done.stderr


def test_terminal_that_knows_no_quotation_marks(page: Path) -> None:
    done = command("label", str(page), env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"\u201cIt groaned like an ox" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipe that breaks")
def test_reader_that_has_seen_enough(page: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code = "from stance.cli import main; main()"
    run = [sys.executable, "-c", code, "label", str(page), "--json"]
    done = subprocess.run(run, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
