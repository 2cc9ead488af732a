"""Pages: folders of text and HTML files as rows, and whole pages as articles."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path
from typing import Any

from stance.article import Article, Part, Span
from stance.labelling.rows import Run, id_text
from stance.labelling.source import BATCH_BYTES, Batch
from stance.labelling.stances import Side
from stance.passage import passages_of
from stance.quotes.offsets import offsets_into, raw_span
from stance.quotes.quotation import bylines_of
from stance.reading import MAX_BYTES, PageError, read_article, read_text


@dataclass(frozen=True, slots=True)
class PageFolder:
    """Every file of a folder as a row: its path below the folder is the id.

    Parameters
    ----------
    folder : Path
    files : tuple of Path
        In the order of their names.
    """

    folder: Path
    files: tuple[Path, ...]
    is_pages: bool = True

    def batches(self) -> Iterator[Batch]:
        """All files in order. One that cannot be opened is a row with a problem."""
        import pyarrow as pa

        rows: list[tuple[bytes | None, str | None, str | None]] = []
        n_bytes = 0
        for i, file in enumerate(self.files, 1):
            data, problem = _read(file)
            rows.append((data, problem, id_text(file.relative_to(self.folder).as_posix())))
            n_bytes += len(data or b"")
            if n_bytes >= BATCH_BYTES or len(rows) == 256 or i == len(self.files):
                text, problems, ids = zip(*rows, strict=True)
                columns = {
                    "text": pa.array(text, pa.binary()),
                    "problem": pa.array(problems, pa.string()),
                    "id": pa.array(ids, pa.string()),
                }
                yield Batch(pa.table(columns), i / len(self.files))
                rows, n_bytes = [], 0


def article_of(value: Any, *, id: str = "") -> Article | str:  # noqa: A002 (Article's own name)
    r"""An article from a row's page, or why there is none.

    Parameters
    ----------
    value : object
        Characters or bytes of a page, text or HTML; whatever else is a reason.

    Examples
    --------
    >>> article_of(7)
    'text: expected a page, got int'
    >>> article_of("Storm closes port\n\nThe port shut on Monday, and stayed shut.").headline
    'Storm closes port'
    """
    if value is None:
        return "text: nothing there (null)"
    if not isinstance(value, str | bytes):
        return f"text: expected a page, got {type(value).__name__}"
    try:
        if isinstance(value, str):
            return read_text(value, id=id, source="text")
        return read_article(value, id=id, source="text")
    except PageError as error:
        return str(error)
    except (ArithmeticError, LookupError, RecursionError, ValueError) as error:
        return f"text: {type(error).__name__}: {error}"


def articles_in(
    columns: Mapping[str, list[Any]], ids: Sequence[str | None]
) -> tuple[list[tuple[int, Article]], list[Run], dict[int, str]]:
    """Pages of a shard as articles.

    Parameters
    ----------
    columns : mapping of str to list
        ``text``, and ``problem`` where there is one.
    ids : sequence of str or None
        Of the rows.

    Returns
    -------
    articles : list of (int, Article)
        With their rows' places.
    runs : list of Run
        Paragraphs of each; places count the parts of all articles.
    reasons : dict of int to str
        Why a row has no article.
    """
    articles: list[tuple[int, Article]] = []
    runs: list[Run] = []
    reasons: dict[int, str] = {}
    problems = columns.get("problem") or repeat(None)
    n_parts = 0
    for i, (page, problem) in enumerate(zip(columns["text"], problems, strict=False)):
        article = problem or article_of(page, id=ids[i] or "")
        if isinstance(article, str):
            reasons[i] = article
            continue
        articles.append((i, article))
        at = [n_parts + k for k, part in enumerate(article.parts) if part.kind == "paragraph"]
        n_parts += len(article.parts)
        # Two pages may go by one id, and still are two articles.
        passages = (replace(passage, group=str(i)) for passage in passages_of(article))
        if at:
            runs.append(Run(tuple(at), tuple(passages), tuple(bylines_of(article))))
    return articles, runs, reasons


def on_page(sides: Sequence[Side], part: Part, page: str) -> list[Side]:
    """The same sides with the offsets of their mentions on the page, not in its part.

    Parameters
    ----------
    sides : sequence of Side
    part : Part
        The paragraph.
    page : str
        ``Article.text``.
    """
    if not sides:
        return []
    offsets = offsets_into(page[part.start : part.end], part.text)
    spans = [raw_span(offsets, side.mention) for side in sides]
    return [
        side._replace(mention=Span(part.start + start, part.start + end))
        for side, (start, end) in zip(sides, spans, strict=True)
    ]


def _read(file: Path) -> tuple[bytes | None, str | None]:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1), None
    except OSError as error:
        return None, f"text: cannot be read: {error.strerror or os.strerror(error.errno or 0)}"
