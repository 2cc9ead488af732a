"""A table of outlets and days, and what stands in for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stance.reading.about import AboutError, provenance_in, read_about
from stance.reading.provenance import Provenance


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "about.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_by_page(tmp_path: Path) -> None:
    found = read_about(table(tmp_path, "page,outlet,date\na.txt, The  Post ,2021-03-04\nb.txt,,\n"))
    assert found == {
        "a.txt": Provenance("The Post", date(2021, 3, 4)),
        "b.txt": Provenance("", None),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,outlet\na,b\n", "expected the columns page, outlet and date, got 'name, outlet'"),
        ("page\na\n", "expected the columns page, outlet and date"),
        ("page,date\na,3/4/2021\n", "about.csv, line 2: date = '3/4/2021', must be a day"),
    ],
)
def test_a_table_that_is_none_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(AboutError, match=message):
        read_about(table(tmp_path, text))


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(AboutError, match="cannot be read"):
        read_about(tmp_path / "none.csv")


def test_the_table_goes_before_the_page_and_the_page_fills_it_up(tmp_path: Path) -> None:
    page = tmp_path / "herald" / "a.txt"
    page.parent.mkdir()
    page.write_text("Storm\n\nUpdated 5 May 2020\n\nThe port closed.", encoding="utf-8")
    by_name = {"a.txt": Provenance("The Post", None)}
    assert provenance_in(str(page), by_name) == Provenance("The Post", date(2020, 5, 5))
    by_path = {str(page): Provenance("", date(2019, 1, 1))}
    assert provenance_in(str(page), by_path) == Provenance("herald", date(2019, 1, 1))


def test_an_address_tells_by_itself() -> None:
    found = provenance_in("https://www.post.example/2021/03/04/storm", {})
    assert found == Provenance("post.example", date(2021, 3, 4))
    assert provenance_in("-", {}) == Provenance()
