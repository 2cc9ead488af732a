"""``stance label`` and ``stance explain``: pages in, labels and reasons out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from stance.cli.printing import (
    DONE,
    FAILED,
    MISUSE,
    Flag,
    as_dict,
    complain,
    new_table,
    plain_text,
    print_json,
    print_table,
)

if TYPE_CHECKING:
    from rich.table import Table

    from stance.analysis import AnalysedArticle


def _check_page(_: object, value: str | list[str] | None) -> None:
    """Refuse what is a mistyped option and no page; ``-`` is one."""
    for page in [value] if isinstance(value, str) else value or []:
        if page.startswith("-") and page != "-":
            raise ValueError(f"unknown option {page}; a file of that name is written ./{page}")


# Hyphens are let through for the sake of the one that means standard input.
_PAGE = Parameter(negative="", allow_leading_hyphen=True, validator=_check_page)


def label(
    pages: Annotated[list[str] | None, _PAGE] = None,
    /,
    *,
    url: Annotated[list[str] | None, Parameter(negative="")] = None,
    json: Flag = False,
    html: Path | None = None,
    allow_private: Flag = False,
) -> int:
    """Label the paragraphs of news pages: type, probability, voice.

    Parameters
    ----------
    pages
        Text or HTML files; - reads standard input.
    url
        Address of a page to fetch and label.
    json
        Print a JSON document instead of tables.
    html
        Also write one self-contained page that shows the articles with their labels.
    allow_private
        Let --url ask this machine and private networks.
    """
    from stance.classifiers.saving import ModelError
    from stance.reading import PageError

    if not pages and not url:
        return complain("expected a page: a file, - for standard input, or --url ADDRESS")
    articles, n_bad = [], 0
    for load in _sources(pages or [], url or [], allow_private=allow_private):
        try:
            articles.append(load())
        except PageError as error:
            n_bad += 1
            complain(str(error))
        except ModelError as error:
            complain(f"{error}; install the package again")
            return FAILED
    if articles:
        _print_articles(articles, as_json=json)
        if html is not None and not _write_page(html, articles):
            return FAILED
    return MISUSE if n_bad else DONE


def explain(
    page: Annotated[str, _PAGE],
    index: int,
    /,
    *,
    label: str | None = None,
    top: Annotated[int, Parameter(validator=validators.Number(gte=1))] = 12,
    json: Flag = False,
) -> int:
    """Show what moved the type of one paragraph: words, and features of the whole.

    Parameters
    ----------
    page
        A text or HTML file; - reads standard input.
    index
        Number of the part, as stance label prints it.
    label
        Explain this type instead of the predicted one.
    top
        How many reasons to show.
    json
        Print a JSON document instead of a table.
    """
    from stance.classifiers.explanation import explain as explain_passage
    from stance.models import load
    from stance.passage import passages_of
    from stance.reading import PageError, read_article

    try:
        article = read_article(_standard_input() if page == "-" else Path(page))
        paragraphs = [i for i, part in enumerate(article.parts) if part.kind == "paragraph"]
        if index not in paragraphs:
            return complain(f"part {index} is no paragraph of {page}; paragraphs: {paragraphs}")
        passage = passages_of(article)[paragraphs.index(index)]
        found = explain_passage(load(), passage, label=label)
    except (PageError, ValueError) as error:
        return complain(str(error))
    if json:
        print_json({"schema_version": 1, **as_dict(found)})
        return DONE
    title = f"{found.label} ({found.probability:.2f}) rather than {found.instead_of}"
    table = new_table(title, "reason", "weight", right=("weight",))
    for reason in found.reasons[:top]:
        shown = f"“{reason.name}”" if reason.span else reason.name
        table.add_row(shown, f"{reason.weight:+.2f}")
    print_table(table)
    return DONE


def _sources(
    pages: list[str], urls: list[str], *, allow_private: bool
) -> Iterable[Callable[[], AnalysedArticle]]:
    """What labels each page, one after the other."""
    from stance.analysis import label_article

    for page in pages:
        yield _from_input if page == "-" else partial(label_article, Path(page), source=page)
    for url in urls:
        yield partial(_from_address, url, allow_private=allow_private)


def _from_input() -> AnalysedArticle:
    from stance.analysis import label_article

    return label_article(_standard_input(), source="-", id="stdin")


def _from_address(url: str, *, allow_private: bool) -> AnalysedArticle:
    from stance.analysis import label_article
    from stance.reading.fetch import fetch

    return label_article(fetch(url, allow_private=allow_private), source=url, id=url)


def _standard_input() -> bytes:
    from stance.reading import MAX_BYTES

    return sys.stdin.buffer.read(MAX_BYTES + 1)  # one more than is read: told as too long


def _print_articles(articles: list[AnalysedArticle], *, as_json: bool) -> None:
    from stance.analysis import articles_json

    if as_json:
        sys.stdout.write(articles_json(articles) + "\n")
        return
    for article in articles:
        print_table(_article_table(article))


def _article_table(article: AnalysedArticle) -> Table:
    columns = ("#", "part", "type", "p", "voice", "text")
    table = new_table(article.source or article.id, *columns, right=("#", "p"))
    # A narrow terminal takes from the text first; the labels are what was asked for.
    for column, widest in zip(table.columns, (4, 30, 10, 4, 30, None), strict=True):
        column.no_wrap, column.overflow = True, "ellipsis"
        column.max_width = widest
    table.columns[-1].ratio = 1
    for part in article.parts:
        kind = f"{part.kind}: {part.reason}" if part.reason else part.kind
        voice = " ← ".join([part.voice, *reversed(part.via or ())]) if part.voice else ""
        proba = f"{part.probability:.2f}" if part.probability is not None else ""
        style = "dim" if part.kind == "furniture" else "bold" if part.kind == "headline" else ""
        row = (str(part.index), kind, part.type or "", proba, voice, part.text)
        table.add_row(*map(plain_text, row), style=style)
    return table


def _write_page(path: Path, articles: list[AnalysedArticle]) -> bool:
    from stance.classifiers.saving import write_whole
    from stance.reporting.article_page import articles_page

    page = articles_page(articles).encode("utf-8", "replace")
    try:
        write_whole(path, page)
    except OSError as error:
        complain(f"{path}: cannot be written: {error.strerror}")
        return False
    sys.stderr.write(f"wrote {path}\n")
    return True
