"""``stance quotes``: pages in, who says what out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from stance.cli.pages import PAGE, on_pages, write_file
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
    from stance.quotes.quotation import Quotation


def quotes(
    pages: Annotated[list[str] | None, PAGE] = None,
    /,
    *,
    url: Annotated[list[str] | None, Parameter(negative="")] = None,
    json: Flag = False,
    html: Path | None = None,
    brat: Path | None = None,
    docbin: Path | None = None,
    allow_private: Flag = False,
) -> int:
    """List the quotations of news pages: who says what, by which words, through whom.

    Parameters
    ----------
    pages
        Text or HTML files; - reads standard input.
    url
        Address of a page to fetch.
    json
        Print a JSON document instead of tables.
    html
        Also write one self-contained page that underlines the quotations in the articles.
    brat
        Also write the quotations into this folder as brat standoff: a .txt and an .ann per page.
    docbin
        Also write the articles as a spaCy DocBin with a span group of quotations.
    allow_private
        Let --url ask this machine and private networks.
    """

    def use(articles: list[AnalysedArticle]) -> int:
        _print_articles(articles, as_json=json)
        done = [
            html is None or _write_page(html, articles),
            brat is None or _write_brat(brat, articles),
            docbin is None or _write_docbin(docbin, articles),
        ]
        return DONE if all(done) else FAILED

    if docbin is not None and not _has_spacy():
        return FAILED
    return on_pages(pages, url, use, allow_private=allow_private)


def _print_articles(articles: list[AnalysedArticle], *, as_json: bool) -> None:
    from stance.analysis import SCHEMA_VERSION

    if as_json:
        rows = [article.to_dict() for article in articles]
        keys = ("id", "source", "quotations", "voices")
        documents = [{key: row[key] for key in keys} for row in rows]
        print_json({"schema_version": SCHEMA_VERSION, "articles": documents})
        return
    for article in articles:
        if not article.quotations:
            sys.stdout.write(f"{plain_text(article.source or article.id)}: no quotations\n")
            continue
        print_table(_quotation_table(article))
        print_table(_voice_table(article))


def _quotation_table(article: AnalysedArticle) -> Table:
    columns = ("#", "part", "kind", "p", "voice", "cue", "flags", "text")
    table = new_table(article.source or article.id, *columns, right=("#", "part", "p"))
    # A narrow terminal takes from the text first; who speaks is what was asked for.
    for column, widest in zip(table.columns, (4, 4, 8, 4, 36, 24, 22, None), strict=True):
        column.no_wrap, column.overflow = True, "ellipsis"
        column.max_width = widest
    table.columns[-1].ratio = 1
    for i, quotation in enumerate(article.quotations):
        table.add_row(*map(plain_text, _row(i, quotation)))
    return table


def _row(i: int, quotation: Quotation) -> tuple[str, ...]:
    cue = " … ".join(piece.text for piece in quotation.cue)
    if quotation.cue_class and cue:
        cue = f"{cue} ({quotation.cue_class})"
    return (
        str(i),
        str(quotation.content[0].part),
        quotation.kind,
        f"{quotation.probability:.2f}",
        " ← ".join((quotation.voice, *reversed(quotation.via))),
        cue,
        ", ".join(quotation.flags),
        " … ".join(piece.text for piece in quotation.content),
    )


def _voice_table(article: AnalysedArticle) -> Table:
    columns = ("voice", "words", "share", "quotations")
    table = new_table("", *columns, right=columns[1:])
    for voice in article.voices:
        values: tuple[Any, ...] = (f"{voice.n_words:,}", f"{voice.share:.0%}", voice.n_quotations)
        table.add_row(plain_text(voice.name), *map(str, values))
    return table


def _write_page(path: Path, articles: list[AnalysedArticle]) -> bool:
    from stance.reporting.quotation_page import quotations_page

    return write_file(path, quotations_page(articles).encode("utf-8", "replace"))


def _write_brat(folder: Path, articles: list[AnalysedArticle]) -> bool:
    from stance.reporting.brat import brat_files

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        complain(f"{folder}: cannot be written: {error.strerror}")
        return False
    files = brat_files(articles)
    return all(write_file(folder / name, data) for name, data in files.items())


def _has_spacy() -> bool:
    from stance.extras import ExtraMissingError, imported

    try:
        imported("spacy", extra="spacy")
    except ExtraMissingError as error:
        complain(f"--docbin: {error}")
        return False
    return True


def _write_docbin(path: Path, articles: list[AnalysedArticle]) -> bool:
    from stance.reporting.docbin import docbin_bytes

    return write_file(path, docbin_bytes(articles))
