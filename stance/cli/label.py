"""``stance label`` and ``stance explain``: pages in, labels and reasons out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from stance.cli.labelling import NONE_ASKED, CorpusOptions, corpus_problem, label_corpus_command
from stance.cli.map import figure_problem, map_table, write_figure
from stance.cli.pages import PAGE, TARGETS, asked_targets, on_pages, standard_input, write_file
from stance.cli.printing import (
    DONE,
    FAILED,
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
    from stance.sides import Targets


def label(
    pages: Annotated[list[str] | None, PAGE] = None,
    /,
    *,
    url: Annotated[list[str] | None, Parameter(negative="")] = None,
    target: Annotated[list[str] | None, Parameter(negative="")] = None,
    targets: Annotated[str | None, TARGETS] = None,
    model: str | None = None,
    json: Flag = False,
    html: Path | None = None,
    figure: Path | None = None,
    allow_private: Flag = False,
    corpus: CorpusOptions = NONE_ASKED,
) -> int:
    """Label the paragraphs of news pages: type, probability, voice, and the voice's stances.

    With --out, those of a corpus: a Parquet, Arrow, JSON lines, CSV or TSV file (the last three
    also .gz), a folder of such files or of pages, or one that datasets.Dataset.save_to_disk wrote.
    A row of a table is a paragraph; the columns group, index, n_paragraphs, headline, previous and
    following are used where there are any, and rows of one group that stand together are an
    article. Stopped at any moment and started again, the command goes on where it was. Exit code 1:
    all is done, but for rows that stand in ….errors.parquet with their reasons.

    Parameters
    ----------
    pages
        Text or HTML files; - reads standard input. With --out, one corpus.
    url
        Address of a page to fetch and label.
    target
        What to tell stances toward: "Russia"; with other names behind =, "the coalition=United
        States,American forces". May be given several times.
    targets
        A file that lists what to tell stances toward: a target a line, written as for --target,
        or JSON, or CSV. Or the word auto: what each article speaks about most (not with --out).
    model
        What tells the labels: fast (the default), or accurate, an encoder, which needs an extra.
        Or a shipped model of paragraph types, by its name in stance models list; or the folder of
        an encoder of your own.
    json
        Print a JSON document instead of tables.
    html
        Also write one self-contained page that shows the articles with their labels.
    figure
        Also write the stance map, voices by targets, as a picture: .svg or .png.
    allow_private
        Let --url ask this machine and private networks.
    """
    if corpus != NONE_ASKED:
        others = bool(url or html or figure or allow_private)
        about = (target, targets)
        return label_corpus_command(
            pages, corpus, model=model, targets=about, as_json=json, others=others
        )
    if problem := corpus_problem(pages):
        return complain(problem)
    from stance.map import stance_map
    from stance.targets import TargetError

    def use(articles: list[AnalysedArticle]) -> int:
        _print_articles(articles, as_json=json)
        _tell_unmentioned(asked, articles)
        done = [
            html is None or _write_page(html, articles),
            figure is None or write_figure(figure, stance_map(articles)),
        ]
        return DONE if all(done) else FAILED

    try:
        asked = asked_targets(target, targets)
    except TargetError as error:
        return complain(str(error))
    if figure is not None and (wrong := figure_problem(figure, asked)):
        return complain(wrong)
    return on_pages(pages, url, use, allow_private=allow_private, targets=asked, model=model)


def explain(
    page: Annotated[str, PAGE],
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
        article = read_article(standard_input() if page == "-" else Path(page))
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


def _print_articles(articles: list[AnalysedArticle], *, as_json: bool) -> None:
    from stance.analysis import articles_json

    if as_json:
        sys.stdout.write(articles_json(articles) + "\n")
        return
    from stance.map import stance_map

    for article in articles:
        print_table(_article_table(article))
        if any(part.stances for part in article.parts):
            print_table(_side_table(article))
            print_table(map_table(stance_map(article)))


def _tell_unmentioned(asked: Targets, articles: list[AnalysedArticle]) -> None:
    """Say which targets have no stance because no paragraph names them."""
    found = {side.target for article in articles for p in article.parts for side in p.stances}
    for target in () if isinstance(asked, str) else asked:
        name = target if isinstance(target, str) else target.name
        if name not in found:
            complain(f"{name}: no paragraph mentions it; other names go after it: {name}=NAME,NAME")


def _side_table(article: AnalysedArticle) -> Table:
    """Every stance with the mention it rests on and the words that moved it."""
    columns = ("#", "voice", "stance", "target", "p", "mention", "moved by")
    table = new_table("", *columns, right=("#", "p"))
    for part in article.parts:
        for side in part.stances:
            mention = side.mention.text if side.mention else ""
            words = ", ".join(word.text for word in side.words)
            proba = "" if side.probability is None else f"{side.probability:.2f}"
            row = (str(part.index), part.voice or "", side.stance, side.target, proba)
            table.add_row(*map(plain_text, (*row, mention, words)))
    return table


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
    from stance.reporting.article_page import articles_page

    return write_file(path, articles_page(articles).encode("utf-8", "replace"))
