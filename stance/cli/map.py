"""``stance map``: who is on which side, toward what; over many pages also outlets and months."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from stance.cli.pages import PAGE, TARGETS, asked_targets, on_pages, write_file
from stance.cli.printing import (
    DONE,
    FAILED,
    Flag,
    complain,
    new_table,
    plain_text,
    print_json,
    print_table,
)

if TYPE_CHECKING:
    from rich.table import Table

    from stance.analysis import AnalysedArticle
    from stance.map import StanceMap
    from stance.reading.provenance import Provenance
    from stance.sides import Targets

FIGURES = (".svg", ".png")
"""Endings of pictures that can be written."""


def map_pages(
    pages: Annotated[list[str] | None, PAGE] = None,
    /,
    *,
    url: Annotated[list[str] | None, Parameter(negative="")] = None,
    target: Annotated[list[str] | None, Parameter(negative="")] = None,
    targets: Annotated[str | None, TARGETS] = None,
    about: Path | None = None,
    model: str | None = None,
    json: Flag = False,
    html: Path | None = None,
    figure: Path | None = None,
    allow_private: Flag = False,
) -> int:
    """Draw who is on which side: voices by targets; for several pages also outlets and months.

    Parameters
    ----------
    pages
        Text or HTML files; - reads standard input.
    url
        Address of a page to fetch.
    target
        What a stance is asked about, with other names where it has some: "Russia", or
        "the coalition=United States,American forces". May be given several times.
    targets
        A file of targets, one a line; or auto, as without any: what the pages speak about most.
    about
        A CSV table with the columns page, outlet and date, for pages that do not tell these
        themselves. Without it: as the page's head says, else its address or folder.
    model
        fast (the default), accurate, or the folder of an encoder.
    json
        Print a JSON document instead of tables.
    html
        Also write one self-contained page: the maps, and the articles below them.
    figure
        Also write the map of voices (of outlets, where there are several) as .svg or .png.
    allow_private
        Let --url ask this machine and private networks.
    """
    from stance.reading.about import AboutError, read_about
    from stance.targets import TargetError

    if figure is not None and (problem := figure_problem(figure)):
        return complain(problem)
    try:
        table = read_about(about) if about is not None else {}
        asked = asked_targets(target, targets) or "auto"
    except (AboutError, TargetError) as error:
        return complain(str(error))
    if asked == "auto" and len(pages or ()) + len(url or ()) > 1:
        asked = _shared(pages or ())

    def use(articles: list[AnalysedArticle]) -> int:
        maps = _maps(articles, table)
        _print_maps(maps, as_json=json)
        done = [
            html is None or _write_page(html, articles, maps),
            figure is None or write_figure(figure, maps.get("outlets") or maps["voices"]),
        ]
        return DONE if all(done) else FAILED

    return on_pages(pages, url, use, allow_private=allow_private, targets=asked, model=model)


def figure_problem(path: Path, targets: Targets = "auto") -> str | None:
    """Why a stance map cannot be written there; None where it can."""
    if path.suffix.lower() not in FIGURES:
        return f"--figure: expected a file ending in .svg or .png, got {path.name!r}"
    if not targets:
        return "--figure: expected targets for the map; add --target NAME or --targets auto"
    return None


def write_figure(path: Path, found: StanceMap) -> bool:
    """Write a stance map as a picture; says what is wrong where it cannot be written."""
    from stance.reporting.map_figure import map_chart

    chart = map_chart(found)
    return write_file(path, chart.png if path.suffix.lower() == ".png" else chart.svg)


def map_table(found: StanceMap) -> Table:
    """Rows by targets, each cell its side and its words."""
    from stance.reporting.map_figure import map_finding, row_name, side_words

    table = new_table(map_finding(found), found.kind, "words", right=("words",))
    for name in found.targets:
        table.add_column(plain_text(name))
    speaking = {cell.row for cell in found.cells}
    for row, n_words in found.rows.items():
        if row in speaking:
            cells = [found.cell(row, name) for name in found.targets]
            words = [f"{side_words(c)} {c.n_words:,}" if c else "" for c in cells]
            table.add_row(plain_text(row_name(row, found.kind)), f"{n_words:,}", *words)
    return table


def _shared(pages: Sequence[str]) -> Targets:
    """The targets of several pages together; what cannot be read is told when it is labelled."""
    from stance.reading import PageError, read_article
    from stance.targets import shared_targets

    articles = []
    for page in pages:
        try:
            articles.append(read_article(Path(page)))
        except PageError:
            continue
    return tuple(shared_targets(articles)) or "auto"


def _maps(articles: list[AnalysedArticle], table: dict[str, Provenance]) -> dict[str, StanceMap]:
    from stance.map import grouped_map, stance_map
    from stance.reading.about import provenance_in

    maps = {"voices": stance_map(articles)}
    if len(articles) > 1:
        found = [provenance_in(article.source, table) for article in articles]
        maps["outlets"] = grouped_map(
            articles, [one.outlet or None for one in found], kind="outlet"
        )
        months = [one.day.isoformat()[:7] if one.day else None for one in found]
        maps["periods"] = grouped_map(articles, months, kind="period")
    return maps


def _print_maps(maps: dict[str, StanceMap], *, as_json: bool) -> None:
    if as_json:
        values: dict[str, Any] = {name: found.to_dict() for name, found in maps.items()}
        print_json({"schema_version": 1, **values})
        return
    for found in maps.values():
        if found.cells:
            print_table(map_table(found))
        elif found.kind == "voice":
            sys.stdout.write("No voice addresses a target.\n")


def _write_page(path: Path, articles: list[AnalysedArticle], maps: dict[str, StanceMap]) -> bool:
    from stance.reporting.article_page import articles_page

    several = [found for name, found in maps.items() if name != "voices" or len(articles) > 1]
    return write_file(path, articles_page(articles, several).encode("utf-8", "replace"))
