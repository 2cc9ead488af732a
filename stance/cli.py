"""``stance …``: parses, calls one function, prints. Results on stdout, the rest on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, CycloptsError, Parameter

if TYPE_CHECKING:
    from rich.table import Table

    from stance.analysis import AnalysedArticle

_DONE, _FAILED, _MISUSE = 0, 1, 2
# How wide tables are where no terminal says: long lines go on, in a file nobody wraps them.
_FILE_WIDTH = 160

app = App(
    name="stance",
    help="What kind of thing each paragraph of a news article says, who says it, on which side.",
    version=lambda: __import__("stance").__version__,
)
corpora_app = App(name="corpora", help="Public corpora: what there is, and how to get it.")
models_app = App(name="models", help="The trained models that ship with the package.")
app.command(corpora_app)
app.command(models_app)


@app.command
def label(
    pages: Annotated[list[str] | None, Parameter(negative="")] = None,
    /,
    *,
    url: Annotated[list[str] | None, Parameter(negative="")] = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    html: Path | None = None,
    allow_private: Annotated[bool, Parameter(negative="")] = False,
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
    from stance.reading import PageError

    if not pages and not url:
        return _complain("expected a page: a file, - for standard input, or --url ADDRESS")
    articles, n_bad = [], 0
    for source, load in _sources(pages or [], url or [], allow_private=allow_private):
        try:
            articles.append(load())
        except PageError as error:
            n_bad += 1
            _complain(str(error))
    if articles:
        _print_articles(articles, as_json=json)
        if html is not None and not _write_page(html, articles):
            return _FAILED
    return _MISUSE if n_bad else _DONE


@app.command
def explain(
    page: str,
    index: int,
    /,
    *,
    label: str | None = None,
    top: int = 12,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Show what moved the type of one paragraph: words, and features of the whole.

    Parameters
    ----------
    page
        A text or HTML file; - reads standard input.
    index
        Number of the part, as ``stance label`` prints it.
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
        article = read_article(sys.stdin.buffer.read() if page == "-" else Path(page))
        paragraphs = [i for i, part in enumerate(article.parts) if part.kind == "paragraph"]
        if index not in paragraphs:
            return _complain(f"part {index} is no paragraph of {page}; paragraphs: {paragraphs}")
        passage = passages_of(article)[paragraphs.index(index)]
        found = explain_passage(load(), passage, label=label)
    except (PageError, ValueError) as error:
        return _complain(str(error))
    if json:
        _print_json({"schema_version": 1, **_as_dict(found)})
        return _DONE
    title = f"{found.label} ({found.probability:.2f}) rather than {found.instead_of}"
    table = _table(title, "reason", "weight", right=("weight",))
    for reason in found.reasons[:top]:
        shown = f"“{reason.name}”" if reason.span else reason.name
        table.add_row(shown, f"{reason.weight:+.2f}")
    _print(table)
    return _DONE


@models_app.command(name="list")
def models_list(*, json: Annotated[bool, Parameter(negative="")] = False) -> int:
    """List the models that ship, with size, classes and headline numbers.

    Parameters
    ----------
    json
        Print a JSON document instead of a table.
    """
    from stance.models import names, summary

    found = [summary(name) for name in names()]
    if json:
        _print_json({"schema_version": 1, "models": found})
        return _DONE
    table = _table("", "name", "task", "classes", "size", "trained on", right=("size",))
    for model in found:
        size = f"{model['bytes'] / 1e6:.1f} MB"
        trained = ", ".join(model.get("trained_on", []))
        table.add_row(model["name"], model["task"], ", ".join(model["classes"]), size, trained)
    _print(table)
    return _DONE


@models_app.command(name="show")
def models_show(name: str, /) -> int:
    """Print a model's card.

    Parameters
    ----------
    name
        As ``stance models list`` gives it.
    """
    from stance.models import model_card

    try:
        sys.stdout.write(model_card(name))
    except ValueError as error:
        return _complain(str(error))
    return _DONE


@app.command
def run(
    config: Path,
    overrides: Annotated[list[str] | None, Parameter(negative="")] = None,
    /,
    *,
    out: Path | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Run an experiment config: train, evaluate, write the report.

    Parameters
    ----------
    config
        YAML file; its report goes to reports/ beside the experiments/ folder that holds it.
    overrides
        Values that replace those of the file: models.ngrams.classifier.C=0.5
    out
        Folder for the report, in place of the usual one.
    json
        Print the headline as a JSON document instead of a sentence.
    """
    from stance.experiments.run import RunError, run_config

    try:
        outcome = run_config(config, overrides=overrides or (), out=out, progress=_show_step)
    except RunError as error:
        _complain(str(error))
        return _FAILED
    except (ValueError, OSError) as error:
        return _complain(str(error))
    for failure in outcome.failed:
        _complain(f"{failure.model} (seed {failure.seed}) failed: {failure.message}")
    if json:
        _print_json(
            {"folder": str(outcome.folder), "was_up_to_date": outcome.was_up_to_date}
            | {"answer": outcome.answer, "headline": _as_dict(outcome.result.headline)}
        )
    else:
        state = "up to date" if outcome.was_up_to_date else "report"
        sys.stdout.write(f"{state}: {_near(outcome.folder / 'report.html')} — {outcome.answer}\n")
    return _FAILED if outcome.failed else _DONE


@corpora_app.command(name="list")
def corpora_list(*, json: Annotated[bool, Parameter(negative="")] = False) -> int:
    """List the catalogue: tasks, sizes, labels, licences, and what is on this machine.

    Parameters
    ----------
    json
        Print a JSON document instead of a table.
    """
    from stance.corpora.table import COLUMNS, catalogue_table, table_cells

    rows = catalogue_table()
    if json:
        _print_json({"schema_version": 1, "corpora": rows})
        return _DONE
    table = _table("", *COLUMNS)
    for row in rows:
        table.add_row(*map(_plain_text, table_cells(row)))
    _print(table)
    return _DONE


@corpora_app.command(name="show")
def corpora_show(name: str, /, *, json: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Print a corpus's card: what it is, labels, traps, published results, licence, citation.

    Parameters
    ----------
    name
        As ``stance corpora list`` gives it.
    json
        Print a JSON document instead of text.
    """
    from stance.corpora.shelf import card
    from stance.corpora.table import show_dict, show_text

    try:
        found = card(name)
    except ValueError as error:
        return _complain(str(error))
    if json:
        _print_json({"schema_version": 1, **show_dict(found)})
    else:
        sys.stdout.write(show_text(found))
    return _DONE


@corpora_app.command(name="get")
def corpora_get(
    name: str, /, *, accept_licence: Annotated[bool, Parameter(negative="")] = False
) -> int:
    """Bring a corpus to this machine: terms first, then every byte checked.

    Parameters
    ----------
    name
        As ``stance corpora list`` gives it.
    accept_licence
        Accept the corpus's terms without being asked.
    """
    from stance.corpora.download import TermsError, get

    try:
        folder = get(name, accept_licence=accept_licence, progress=_show_download())
    except TermsError as error:
        if not (sys.stdin.isatty() and _is_agreed(str(error))):
            return _complain(str(error))
        return corpora_get(name, accept_licence=True)
    except ValueError as error:
        return _complain(str(error))
    except OSError as error:
        _complain(str(error))
        return _FAILED
    sys.stdout.write(f"{name}: {folder}\n")
    return _DONE


@corpora_app.command(name="audit")
def corpora_audit(
    name: str,
    /,
    *,
    task: str | None = None,
    variant: str | None = None,
    out: Path = Path("reports/corpora"),
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Count duplicates, leaks between splits, label conflicts and lengths of a corpus.

    Parameters
    ----------
    name
        As ``stance corpora list`` gives it.
    task
        One of the corpus's tasks; by default its first.
    variant
        One of the task's variants; by default the fullest.
    out
        Folder for the tables and the figure.
    json
        Print the audit as JSON instead of where it was written.
    """
    from stance.corpora.audit import audit
    from stance.corpora.audit_report import finding, write_audit

    try:
        found = audit(name, task=task, variant=variant)
        paths = write_audit(found, out)
    except (ValueError, OSError) as error:
        return _complain(str(error))
    sys.stdout.write(found.to_json() if json else f"{paths[1]}: {finding(found)}\n")
    return _DONE


def main() -> None:
    """Entry point of the ``stance`` command; exits 0 done, 1 failed, 2 misuse."""
    from rich.console import Console

    errors = Console(stderr=True, soft_wrap=True)
    try:
        code = app(exit_on_error=False, print_error=True, error_console=errors)
    except CycloptsError:
        code = _MISUSE
    except KeyboardInterrupt:
        code = _FAILED
        _complain("interrupted; what was finished is kept")
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        code = _DONE
    raise SystemExit(code if isinstance(code, int) else _DONE)


def _sources(
    pages: list[str], urls: list[str], *, allow_private: bool
) -> Iterable[tuple[str, Any]]:
    """Every page to label, with what labels it."""
    from stance.analysis import label_article

    for page in pages:
        if page == "-":
            yield "-", lambda: label_article(sys.stdin.buffer.read(), source="-", id="stdin")
        else:
            yield page, lambda page=page: label_article(Path(page), source=page)
    for url in urls:
        yield url, lambda url=url: label_article(_fetched(url, allow_private), source=url, id=url)


def _fetched(url: str, allow_private: bool) -> bytes:  # noqa: FBT001
    from stance.reading.fetch import fetch

    return fetch(url, allow_private=allow_private)


def _print_articles(articles: list[AnalysedArticle], *, as_json: bool) -> None:
    from stance.analysis import articles_json

    if as_json:
        sys.stdout.write(articles_json(articles) + "\n")
        return
    for article in articles:
        _print(_article_table(article))


def _article_table(article: AnalysedArticle) -> Table:
    columns = ("#", "part", "type", "p", "voice", "text")
    table = _table(article.source or article.id, *columns, right=("#", "p"))
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
        table.add_row(*map(_plain_text, row), style=style)
    return table


def _write_page(path: Path, articles: list[AnalysedArticle]) -> bool:
    from stance.reporting.article_page import articles_page

    try:
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(articles_page(articles), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        _complain(f"{path}: cannot be written: {error.strerror}")
        return False
    sys.stderr.write(f"wrote {path}\n")
    return True


def _show_step(step: Any) -> None:
    """A line on stderr for every step that ends; on a terminal also for what is under way."""
    count = f" ({step.number} of {step.total})" if step.total else ""
    if step.state == "started":
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K{step.what}{count} …")
            sys.stderr.flush()
        return
    lead = "\r\033[K" if sys.stderr.isatty() else ""
    took = f" in {step.seconds:.1f} s" if step.state != "kept" else " from an earlier run"
    state = "failed" if step.state == "failed" else "done"
    sys.stderr.write(f"{lead}{step.what}{count}: {state}{took}\n")


def _show_download() -> Any:
    """Progress of a download on a terminal; None where nobody watches."""
    if not sys.stderr.isatty():
        return None

    def show(progress: Any) -> None:
        whole = f" of {progress.total / 1e6:.1f}" if progress.total else ""
        sys.stderr.write(f"\r\033[K{progress.file}: {progress.done / 1e6:.1f}{whole} MB")
        sys.stderr.flush()

    return show


def _is_agreed(terms: str) -> bool:
    sys.stderr.write(f"{terms}\nAccept? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _near(path: Path) -> Path:
    """The path as seen from here, where it lies below."""
    here = Path.cwd()
    return path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path


def _table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(
        title=_plain_text(title) if title else None,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        pad_edge=False,
        expand="text" in columns,
    )
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left")
    return table


def _print(table: Table) -> None:
    from rich.console import Console

    width = None if sys.stdout.isatty() else _FILE_WIDTH
    Console(width=width, highlight=False).print(table)


def _print_json(value: Any) -> None:
    from json import dumps

    sys.stdout.write(dumps(value, ensure_ascii=False, indent=1) + "\n")


def _plain_text(value: str) -> Any:
    """Text that comes from a page: never read as markup, never carrying terminal controls."""
    from rich.text import Text

    return Text("".join(char for char in value if char.isprintable()))


def _as_dict(value: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(value)


def _complain(message: str) -> int:
    sys.stderr.write(f"stance: {message}\n")
    return _MISUSE
