"""``--model``: tiers by name, encoders by folder, and what is said where there are none."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from stance import models
from stance.cli import app
from stance.models import tiers

from ..encoders.tiny import CARD, write_tiny

PAGE = (
    "Storm closes port\n\nThe port shut on Monday.\n\n“It will reopen,” said Ida Lund of the port."
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("encoders") / "tiny")


@pytest.fixture
def shipped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the tiny model were the accurate one that ships."""
    names, home = models.names, models.folder
    known = sorted({*names(), "accurate"})
    monkeypatch.setattr(models, "names", lambda: known)
    monkeypatch.setattr(models, "folder", lambda name: folder if name == "accurate" else home(name))


@pytest.fixture
def not_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [name for name in models.names() if name != "accurate"]
    monkeypatch.setattr(models, "names", lambda: known)


def run(*arguments: str) -> int:
    return int(app(arguments, exit_on_error=False, result_action="return_value") or 0)


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_fast_is_the_default(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("label", str(page), "--json") == 0
    plain = document(capsys)
    for name in ("fast", "paragraph-type"):
        assert run("label", str(page), "--json", "--model", name) == 0
        assert document(capsys) == plain
    assert run("label", str(page), "--json", "--model", "paragraph-type-fast") == 0
    assert document(capsys) != plain


@pytest.mark.usefixtures("shipped")
def test_accurate_tells_types_flags_and_stances(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("label", str(page), "--json", "--model", "accurate", "--target", "port") == 0
    parts = document(capsys)["articles"][0]["parts"]
    assert [part["quoted"] is None for part in parts] == [True, False, False]
    assert [bool(part["stances"]) for part in parts] == [False, True, True]


def test_the_folder_of_an_encoder_is_a_model(
    page: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--model", str(folder), "--target", "port", "--json")
    assert run("label", str(page), *asked) == 0
    assert document(capsys)["articles"][0]["parts"][1]["quoted"] is not None
    assert run("map", str(page), *asked) == 0
    assert document(capsys)["voices"]["targets"] == ["port"]


@pytest.mark.usefixtures("not_shipped")
@pytest.mark.parametrize("verb", ["label", "map"])
def test_what_is_not_there_is_told(
    verb: str, page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, told in {
        "accurate": "--model: model 'accurate': does not ship with this version",
        "acurate": "unknown model 'acurate', expected of ['fast', 'paragraph-type', ",
        "quotations": "unknown model 'quotations', expected of",
        str(tmp_path): "model.json: expected a file, there is none",
    }.items():
        assert run(verb, str(page), "--model", name) == 2
        assert told in capsys.readouterr().err
    assert run(verb, str(page), "--model", "acurate") == 2
    assert "did you mean 'accurate'?" in capsys.readouterr().err


def test_a_missing_extra_is_told_once(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_tiny(tmp_path / "other")
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    assert run("label", str(page), str(page), "--model", str(folder)) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "pip install 'stance-lab[encoder]'" in told


def test_a_damaged_folder_is_told(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_tiny(tmp_path / "other")
    (folder / "heads.safetensors").write_bytes(b"")
    assert run("label", str(page), "--model", str(folder)) == 1
    told = capsys.readouterr().err
    assert str(folder / "heads.safetensors") in told and "install the package" not in told


@pytest.mark.usefixtures("not_shipped")
def test_list_without_the_accurate_tier(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("models", "list", "--json") == 0
    fast, accurate = document(capsys)["tiers"]
    assert (fast["name"], fast["is_there"], fast["licence"]) == ("fast", True, "Apache-2.0")
    assert list(fast["tasks"]) == ["paragraph-type", "quotations", "stance"]
    assert 1_000_000 < fast["bytes"] < 20_000_000
    assert (accurate["name"], accurate["is_there"]) == ("accurate", False)
    assert run("models", "list") == 0
    assert "does not ship" in " ".join(capsys.readouterr().out.split())
    assert run("models", "show", "accurate") == 2
    assert "does not ship with this version of the package" in capsys.readouterr().err


@pytest.mark.usefixtures("shipped")
def test_list_and_show_with_the_accurate_tier(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("models", "list", "--json") == 0
    found = document(capsys)
    accurate = found["tiers"][1]
    assert accurate["is_there"] and accurate["licence"] == "Apache-2.0"
    assert list(accurate["tasks"]) == ["type", "quote", "subjectivity", "stance"]
    assert accurate["scores"] == {"type": {"corpus": "none", "macro_f1": 0.25}}
    assert accurate["paragraphs_per_second"] == 9.0 and accurate["bytes"] > 5000
    (model,) = [one for one in found["models"] if one["name"] == "accurate"]
    assert model["task"] == "encoder" and model["classes"][0] == "analysis"
    assert run("models", "list") == 0
    assert "type macro-F1 0.25" in " ".join(capsys.readouterr().out.split())
    assert run("models", "show", "accurate") == 0
    assert capsys.readouterr().out == CARD


def test_show_of_the_fast_tier_is_all_its_cards(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("models", "show", "fast") == 0
    told = capsys.readouterr().out
    assert all(f"# {name}\n" in told for name in ("paragraph-type", "quotations", "stance"))


def test_a_tier_is_loaded_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "load", None)
    assert tiers.tier("fast").quoted is None
