"""Passage: what a classifier sees. The one input type of every estimator in the package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from math import isnan
from numbers import Integral
from operator import index
from typing import Any

from stance.article import Article, Span


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph (or sentence, or post) with what is known of its surroundings.

    Parameters
    ----------
    text : str
        The words to classify.
    target : str or None
        What a stance is asked about.
    mentions : tuple of Span
        Where the target stands in ``text``; empty where it does not.
    voice : str or None
        Whose words these are, where known.
    headline, previous, following : str
        The article's headline and the neighbouring paragraphs; empty where there are none.
    index, n_paragraphs : int
        Place in the article: ``0 <= index < n_paragraphs``.
    group : str
        The article's id: the unit of splitting and resampling. Passages of one group are decoded
        together; an empty group means that the passage stands alone.
    """

    text: str
    target: str | None = None
    mentions: tuple[Span, ...] = ()
    voice: str | None = None
    headline: str = ""
    previous: str = ""
    following: str = ""
    index: int = 0
    n_paragraphs: int = 1
    group: str = ""


_FIELDS = tuple(field.name for field in fields(Passage))
_TEXTS = ("target", "voice", "headline", "previous", "following")
_COUNTS = ("index", "n_paragraphs")


def as_passages(X: Any) -> list[Passage]:
    """Passages from whatever a user has.

    Parameters
    ----------
    X : sequence of str, Passage or mapping; pandas.DataFrame or Series; datasets.Dataset
        Mappings and columns carry Passage's field names; ``text`` is required, others may be
        missing or null, and names that Passage does not have are ignored. A mapping of columns
        counts as a table. Mentions are pairs (start, end) or mappings with these keys.

    Returns
    -------
    list of Passage, one per row

    Raises
    ------
    TypeError
        X is no sequence, a single passage, or a row or one of its fields is of another type.
    ValueError
        A row or table has no ``text``, or a place or mention is out of range.

    Examples
    --------
    >>> as_passages(["The port closed."])[0].text
    'The port closed.'
    >>> as_passages([{"text": "It reopened.", "index": 1, "n_paragraphs": 2}])[0].index
    1
    """
    if isinstance(X, str | bytes | Passage):
        raise TypeError(
            f"expected a sequence of passages, got one {type(X).__name__}: put it in a list"
        )
    columns = _columns(X)
    if columns is not None:
        return _from_columns(columns)
    if not isinstance(X, Iterable):
        raise TypeError(f"expected a sequence of passages, got {X!r:.80}")
    return [_from_row(row, i) for i, row in enumerate(X)]


def passages_of(article: Article) -> list[Passage]:
    r"""One Passage per paragraph of an article, each with its neighbours and headline.

    Examples
    --------
    >>> from stance.article import Part
    >>> parts = (Part("headline", 0, 2, "H"), Part("paragraph", 2, 4, "A"),
    ...          Part("paragraph", 4, 5, "B"))
    >>> [(p.text, p.previous, p.following) for p in passages_of(Article("a", "H\nA\nB", parts))]
    [('A', '', 'B'), ('B', 'A', '')]
    """
    texts = [part.text for part in article.paragraphs]
    return list(chained(texts, headline=article.headline, group=article.id))


def chained(texts: list[str], *, headline: str = "", group: str = "") -> Iterator[Passage]:
    """Passages of one article from the texts of its paragraphs, in order."""
    for i, text in enumerate(texts):
        yield Passage(
            text,
            headline=headline,
            previous=texts[i - 1] if i else "",
            following=texts[i + 1] if i + 1 < len(texts) else "",
            index=i,
            n_paragraphs=len(texts),
            group=group,
        )


def _columns(X: Any) -> Mapping[str, Any] | None:
    """Columns of a table (data frame, Dataset, mapping of lists); None where X is no table."""
    if isinstance(X, Mapping):
        names: Any = X
    else:
        names = getattr(X, "column_names", None)  # datasets.Dataset
        if names is None:
            names = getattr(X, "columns", None)  # data frames
    if names is None:
        return None
    if "text" not in names:
        raise ValueError(f"expected a column 'text', got columns {list(map(str, names))}")
    # A Dataset reads a column row by row unless it is sliced; in a Series, [:] is a copy.
    return {name: X[name] if isinstance(X, Mapping) else X[name][:] for name in _known(names)}


def _known(names: Iterable[Any]) -> list[str]:
    given = [name for name in names if name in _FIELDS]
    if len(set(given)) < len(given):
        raise ValueError(f"expected every column once, got columns {list(map(str, names))}")
    return given


def _from_columns(columns: Mapping[str, Any]) -> list[Passage]:
    if isinstance(columns["text"], str):
        raise TypeError("expected columns of equal length, got one mapping: put it in a list")
    lists = {name: _listed(name, column) for name, column in columns.items()}
    lengths = {name: len(column) for name, column in lists.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"expected columns of equal length, got {lengths}")
    rows = zip(*lists.values(), strict=True)
    return [_from_row(dict(zip(lists, row, strict=True)), i) for i, row in enumerate(rows)]


def _listed(name: str, column: Any) -> list[Any]:
    if isinstance(column, str) or not isinstance(column, Iterable):
        raise TypeError(f"column {name!r}: expected a value per row, got {column!r:.80}")
    return list(column)


def _from_row(row: Any, i: int) -> Passage:
    if isinstance(row, Passage):
        return row
    if isinstance(row, str):
        return Passage(str(row))
    if not isinstance(row, Mapping):
        raise TypeError(f"row {i}: expected str, Passage or mapping, got {row!r:.80}")
    if not isinstance(row.get("text"), str):
        raise ValueError(f"row {i}: expected 'text' to be a str, got {row.get('text')!r:.80}")
    known = {name: row[name] for name in _FIELDS if not _is_missing(row.get(name))}
    known["text"] = str(known["text"])
    for name in _TEXTS:
        if name in known:
            known[name] = _text(known[name], name, i)
    if "group" in known:
        known["group"] = _group(known["group"], i)
    for name in _COUNTS:
        if name in known:
            known[name] = _count(known[name], name, i)
    if "mentions" in known:
        known["mentions"] = tuple(_spans(known["mentions"], i))
    return Passage(**known)


def _is_missing(value: Any) -> bool:
    """None, or the NaN, NaT or NA that a data frame puts in its place."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and isnan(value)


def _text(value: Any, name: str, i: int) -> str:
    if not isinstance(value, str):
        raise TypeError(f"row {i}: expected {name!r} to be a str, got {value!r:.80}")
    return str(value)


def _group(value: Any, i: int) -> str:
    """A group's name; article ids are often numbers, which a gap in a data frame makes floats."""
    number = _whole(value)
    return _text(value, "group", i) if number is None else str(number)


def _count(value: Any, name: str, i: int) -> int:
    number = _whole(value)
    if number is None:
        raise TypeError(f"row {i}: expected {name!r} to be a whole number, got {value!r:.80}")
    if number < 0:
        raise ValueError(f"row {i}: expected {name!r} to be 0 or more, got {value!r:.80}")
    return number


def _whole(value: Any) -> int | None:
    """A whole number, also as the float that a data frame with gaps makes of it."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return int(value) if isinstance(value, Integral) and not isinstance(value, bool) else None


def _spans(value: Any, i: int) -> Iterator[Span]:
    """Mentions as pairs, as mappings, or as one mapping of lists (older ``datasets``)."""
    for mention in _mentions(value):
        pair = mention
        if isinstance(mention, Mapping):
            pair = (mention.get("start"), mention.get("end"))
        try:
            start, end = (index(n) for n in pair)
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"row {i}: expected mentions as pairs (start, end), got {mention!r:.80}"
            ) from error
        if not 0 <= start <= end:
            raise ValueError(f"row {i}: expected a mention with 0 <= start <= end, got {mention!r}")
        yield Span(start, end)


def _mentions(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        columns = [value.get("start"), value.get("end")]
        if all(isinstance(column, Iterable) for column in columns):
            return zip(*columns, strict=False)
        return (value,)
    return value if isinstance(value, Iterable) else (value,)
