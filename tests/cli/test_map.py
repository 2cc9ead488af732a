"""``stance map`` and the targets of ``stance label``: tables, JSON, pages, pictures, mistakes."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stance.cli import main
from stance.models.tiers import Tier
from stance.passage import Passage

STORM = """Harbour Board closes the old pier

By Ola Berg, 4 March 2021

The Harbour Board closed the old pier on Monday, and nobody knows for how long.

“We blame the Harbour Board,” said fisher Ida Lund, who has kept a boat there for thirty years.
"""
CALM = """Harbour Board opens the new pier

12 April 2021

The Harbour Board opened the new pier on Sunday with music and a crane.

“The Harbour Board has done well,” said mayor Bo Ek, who cut the ribbon.
"""


class Blamer:
    """Says against where a text blames, else favor where it praises, else neutral."""

    classes = ("against", "favor", "neutral")

    def predict_proba(self, passages: Sequence[Passage]) -> Any:
        rows = {"blame": (0.8, 0.1, 0.1), "done well": (0.1, 0.8, 0.1)}
        found = [next((r for w, r in rows.items() if w in p.text), None) for p in passages]
        return np.array([row or (0.1, 0.1, 0.8) for row in found])


@dataclass
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
def stance(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setattr(Tier, "sides", property(lambda _: Blamer()))

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["stance", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Done(ended.value.code, printed.out, printed.err)

    return run


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    found = []
    for outlet, text in (("herald", STORM), ("post", CALM)):
        path = tmp_path / outlet / "pier.txt"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        found.append(path)
    return found


def test_map_of_one_page(stance: Any, pages: list[Path]) -> None:
    done = stance("map", pages[0], "--target", "Harbour Board")
    assert done.code == 0 and done.err == ""
    assert "Ida Lund is against Harbour Board." in done.out
    assert ["Ida", "Lund", "18", "against", "18"] in map(str.split, done.out.splitlines())
    assert "outlet" not in done.out


def test_map_of_several_pages_has_outlets_and_months(stance: Any, pages: list[Path]) -> None:
    done = stance("map", *pages, "--target", "Harbour Board", "--json")
    document = json.loads(done.out)
    assert (done.code, document["schema_version"]) == (0, 1)
    assert [row["name"] for row in document["voices"]["rows"]] == ["author", "Ida Lund", "Bo Ek"]
    assert {row["name"] for row in document["outlets"]["rows"]} == {"herald", "post"}
    assert [row["name"] for row in document["periods"]["rows"]] == ["2021-03", "2021-04"]
    (cell,) = (c for c in document["voices"]["cells"] if c["row"] == "Bo Ek")
    assert (cell["stance"], cell["direction"]) == ("favor", 0.7)


def test_targets_are_found_where_none_is_given(stance: Any, pages: list[Path]) -> None:
    document = json.loads(stance("map", *pages, "--json").out)
    assert any("Harbour Board" in name for name in document["voices"]["targets"])


def test_a_table_tells_outlets_and_days(stance: Any, pages: list[Path], tmp_path: Path) -> None:
    about = tmp_path / "about.csv"
    about.write_text(
        f"page,outlet,date\n{pages[0]},The Herald,2019-01-01\n{pages[1]},The Post,\n", "utf-8"
    )
    done = stance("map", *pages, "--target", "Harbour Board", "--about", about, "--json")
    document = json.loads(done.out)
    assert {row["name"] for row in document["outlets"]["rows"]} == {"The Herald", "The Post"}
    assert [row["name"] for row in document["periods"]["rows"]] == ["2019-01", "2021-04"]


def test_page_and_picture(stance: Any, pages: list[Path], tmp_path: Path) -> None:
    html, figure = tmp_path / "map.html", tmp_path / "map.png"
    done = stance("map", *pages, "--target", "Harbour Board", "--html", html, "--figure", figure)
    assert done.code == 0
    assert done.err.splitlines() == [f"wrote {html}", f"wrote {figure}"]
    assert figure.read_bytes().startswith(b"\x89PNG")
    page = html.read_text(encoding="utf-8")
    assert page.count('<section class="map">') == 5  # voices, outlets, months, and each article's


def test_label_with_targets(stance: Any, pages: list[Path], tmp_path: Path) -> None:
    figure = tmp_path / "map.svg"
    done = stance("label", pages[0], "--target", "Harbour Board", "--figure", figure)
    assert done.code == 0 and figure.read_bytes().startswith(b"<?xml")
    rows = [line.split() for line in done.out.splitlines()]
    assert "Ida Lund against Harbour Board 0.80 Harbour Board blame".split() in [
        r[1:] for r in rows
    ]


def test_targets_from_a_file(stance: Any, pages: list[Path], tmp_path: Path) -> None:
    listed = tmp_path / "targets.txt"
    listed.write_text("# who it is about\nboard=Harbour Board\n", "utf-8")
    document = json.loads(stance("label", pages[0], "--targets", listed, "--json").out)
    sides = [side for part in document["articles"][0]["parts"] for side in part["stances"] or ()]
    assert {side["target"] for side in sides} == {"board"}
    assert sides[0]["mention"]["text"] == "Harbour Board"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target", ""], "target"),
        (["--target", "Board", "--targets", "auto"], "got both; leave one out"),
        (["--target", "Board", "--target", "Board"], "twice"),
        (["--targets", "none.txt"], "none.txt"),
        (["--figure", "map.jpg"], "--figure: expected a file ending in .svg or .png"),
    ],
)
@pytest.mark.parametrize("verb", ["label", "map"])
def test_misuse_is_told(
    verb: str, arguments: list[str], message: str, stance: Any, pages: list[Path]
) -> None:
    done = stance(verb, pages[0], *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("stance: ") and message in done.err


def test_a_figure_without_targets_is_told(stance: Any, pages: list[Path]) -> None:
    done = stance("label", pages[0], "--figure", "map.png")
    assert done.code == 2 and "add --target NAME or --targets auto" in done.err


def test_a_missing_table_is_told(stance: Any, pages: list[Path]) -> None:
    done = stance("map", pages[0], "--about", "none.csv")
    assert done.code == 2 and "none.csv: cannot be read" in done.err


def test_nothing_to_map(stance: Any, pages: list[Path]) -> None:
    done = stance("map", pages[0], "--target", "Nobody at all")
    assert (done.code, done.out) == (0, "No voice addresses a target.\n")


def test_a_target_that_no_paragraph_mentions_is_told(stance: Any, pages: list[Path]) -> None:
    done = stance("label", pages[0], "--target", "Atlantis", "--target", "Harbour Board")
    assert done.code == 0
    assert done.err == (
        "stance: Atlantis: no paragraph mentions it; other names go after it: Atlantis=NAME,NAME\n"
    )
