"""Rows: what a table holds → articles of passages, or the reason why a row cannot be labelled.

A shard is a table with the columns ``row`` and ``text``, and any of ``problem``, ``id``, ``group``,
``index``, ``n_paragraphs``, ``headline``, ``previous`` and ``following``. Its rows are judged one
by one: whatever stands in a cell ends in a Passage or in a reason, never in an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import TYPE_CHECKING, Any

from stance.labelling.columns import COUNTS, TEXTS
from stance.passage import Passage

if TYPE_CHECKING:
    import pyarrow as pa

MAX_CHARS = 100_000
"""The longest paragraph that is labelled; a long feature as a whole has fewer characters."""

MAX_ARTICLE = 1000
"""Rows of one group that are decoded together; a longer article is cut there."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be labelled: its place in the shard, and why."""

    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of one article that stand together.

    Parameters
    ----------
    at : tuple of int
        Places in the shard, in the article's order.
    passages : tuple of Passage
    bylines : tuple of str
        Of the article; those of a page alone are known.
    """

    at: tuple[int, ...]
    passages: tuple[Passage, ...]
    bylines: tuple[str, ...] = ()


def values_of(column: pa.ChunkedArray) -> list[Any]:
    """A column as Python values; a text that is not UTF-8 comes as bytes."""
    import pyarrow as pa

    try:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            # Several times as fast as to_pylist, which makes a scalar of every cell first.
            texts: list[Any] = column.to_numpy().tolist()
            return texts
        listed: list[Any] = column.to_pylist()
        return listed
    except (UnicodeDecodeError, pa.ArrowException):  # to_numpy tells it in a way of its own
        large = pa.types.is_large_string(column.type)
        raw = column.cast(pa.large_binary() if large else pa.binary()).to_pylist()
        return [_decoded(value) for value in raw]


def article_starts(groups: Sequence[Any], before: Any = None, length: int = 0) -> list[bool]:
    """Whether each row begins an article.

    Rows of one group that stand together are an article, up to ``MAX_ARTICLE`` of them; a row
    without a group (null or empty) is one by itself.

    Parameters
    ----------
    groups : sequence
        Of each row, in order.
    before : object
        Group of the row before the first; None where there is none.
    length : int
        Rows that its article has so far.

    Examples
    --------
    >>> article_starts(["a", "a", "b", None, None, "b"])
    [True, False, True, True, True, True]
    """
    starts = []
    for group in groups:
        is_first = group is None or group == "" or group != before or length == MAX_ARTICLE
        length = 1 if is_first else length + 1
        before = group
        starts.append(is_first)
    return starts


def runs_in(columns: Mapping[str, list[Any]]) -> tuple[list[Run], list[Rejected]]:
    """Articles of a shard, and the rows of it that cannot be labelled.

    A table that does not say where a paragraph stands in its article (``index``, ``n_paragraphs``,
    ``previous``, ``following``) is taken to have the article's paragraphs in order.

    Parameters
    ----------
    columns : mapping of str to list
        ``text``, and any of ``problem``, ``group``, ``index``, ``n_paragraphs``, ``headline``,
        ``previous``, ``following``; other names are ignored.

    Examples
    --------
    >>> runs, rejected = runs_in({"text": ["It rained.", None, "It cleared."], "group": [1, 1, 1]})
    >>> [(run.at, [passage.index for passage in run.passages]) for run in runs]
    [((0, 2), [0, 2])]
    >>> rejected
    [Rejected(at=1, reason='text: nothing there (null)')]
    """
    n = len(columns["text"])
    reasons = _reasons(columns, n)
    rejected = [Rejected(i, reason) for i, reason in enumerate(reasons) if reason]
    groups = columns.get("group")
    if groups is None:
        articles: list[range] = [range(i, i + 1) for i in range(n)]
    else:
        starts = [i for i, is_first in enumerate(article_starts(groups)) if is_first]
        articles = [range(a, b) for a, b in zip(starts, [*starts[1:], n], strict=True)]
    # A table of texts and groups alone is the usual one, and has no cells to look up.
    passage = _given if any(name in columns for name in (*COUNTS, *TEXTS)) else _derived
    runs = [_run(rows, columns, reasons, passage) for rows in articles]
    return [run for run in runs if run.at], rejected


def id_text(value: Any) -> str | None:
    r"""An id as text that any file can hold; None where there is none.

    Examples
    --------
    >>> id_text(7), id_text("a\ud800"), id_text(None)
    ('7', 'a\\ud800', None)
    """
    if value is None:
        return None
    return str(value).encode("utf-8", "backslashreplace").decode()


def _reasons(columns: Mapping[str, list[Any]], n: int) -> list[str]:
    """Why each row cannot be labelled; empty where it can."""
    problems = columns.get("problem", repeat(None))
    reasons = [
        problem or _text_reason(text)
        for problem, text in zip(problems, columns["text"], strict=False)
    ]
    for name in TEXTS:
        for i, value in enumerate(columns.get(name, ())):
            if value is not None and not reasons[i]:
                reasons[i] = "" if type(value) is str else f"{name}: {_not_text(value)}"
    for name in COUNTS:
        for i, value in enumerate(columns.get(name, ())):
            if value is not None and not reasons[i] and not _is_count(value):
                reasons[i] = f"{name}: expected a whole number, 0 or more, got {value!r:.40}"
    return reasons


def _text_reason(value: Any) -> str:
    if type(value) is not str:
        return "text: nothing there (null)" if value is None else f"text: {_not_text(value)}"
    if len(value) > MAX_CHARS:
        return f"text: {len(value):,} characters, the limit is {MAX_CHARS:,}: split it"
    if not value.strip("\ufeff\u200b \t\r\n\f\v\u00a0"):
        return "text: no visible character"
    return ""


def _not_text(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            value.decode()
        except UnicodeDecodeError as error:
            return f"broken encoding, byte {error.start} is not UTF-8"
    return f"expected text, got {type(value).__name__}"


def _is_count(value: Any) -> bool:
    is_number = type(value) is int or (isinstance(value, float) and value.is_integer())
    return is_number and 0 <= value < 1 << 31


def _decoded(value: bytes | None) -> str | bytes | None:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return value


def _run(
    rows: range, columns: Mapping[str, list[Any]], reasons: Sequence[str], passage: _Maker
) -> Run:
    """An article from its rows; a row that cannot be labelled leaves a gap."""
    made = [(i, passage(i, rows, columns, reasons)) for i in rows if not reasons[i]]
    if "index" in columns:
        made.sort(key=lambda pair: (pair[1].index, pair[0]))
    return Run(tuple(i for i, _ in made), tuple(passage for _, passage in made))


def _derived(
    i: int, rows: range, columns: Mapping[str, list[Any]], reasons: Sequence[str]
) -> Passage:
    """A passage whose place in its article is that of its row."""
    texts, n = columns["text"], len(rows)
    if n == 1:
        return Passage(texts[i])
    return Passage(
        texts[i],
        previous=texts[i - 1] if i > rows.start and not reasons[i - 1] else "",
        following=texts[i + 1] if i + 1 < rows.stop and not reasons[i + 1] else "",
        index=i - rows.start,
        n_paragraphs=n,
        # Unlike the table's, this name is never that of another article of the shard.
        group=str(rows.start),
    )


def _given(
    i: int, rows: range, columns: Mapping[str, list[Any]], reasons: Sequence[str]
) -> Passage:
    """A passage with what its row says of its place; null stands for what follows from it."""
    passage = _derived(i, rows, columns, reasons)
    cells = {name: columns[name][i] for name in (*COUNTS, *TEXTS) if name in columns}
    told: dict[str, Any] = {
        name: int(value) if name in COUNTS else value
        for name, value in cells.items()
        if value is not None
    }
    return replace(passage, **told) if told else passage


_Maker = Callable[[int, range, Mapping[str, list[Any]], Sequence[str]], Passage]
