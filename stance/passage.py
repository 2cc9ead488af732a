"""Passage: what a classifier sees. The one input type of every estimator in the package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from math import isnan
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


def as_passages(X: Any) -> list[Passage]:
    """Passages from whatever a user has.

    Parameters
    ----------
    X : sequence of str, Passage or mapping; pandas.DataFrame; datasets.Dataset
        Mappings and columns carry Passage's field names; ``text`` is required, others may be
        missing or null, and names that Passage does not have are ignored.

    Returns
    -------
    list of Passage, one per row

    Raises
    ------
    TypeError
        X is a single string or mapping of scalars, or a row is of another type.
    ValueError
        A row or table has no ``text``.

    Examples
    --------
    >>> as_passages(["The port closed."])[0].text
    'The port closed.'
    >>> as_passages([{"text": "It reopened.", "index": 1, "n_paragraphs": 2}])[0].index
    1
    """
    if isinstance(X, str | Passage):
        raise TypeError(
            f"expected a sequence of passages, got one {type(X).__name__}: put it in a list"
        )
    columns = _columns(X)
    if columns is not None:
        return _from_columns(columns)
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
        return X
    names = getattr(X, "column_names", None)  # datasets.Dataset
    if names is None:
        names = getattr(X, "columns", None)  # data frames
    if names is None:
        return None
    return {name: list(X[name]) for name in names}


def _from_columns(columns: Mapping[str, Any]) -> list[Passage]:
    if "text" not in columns:
        raise ValueError(f"expected a column 'text', got columns {list(columns)}")
    if isinstance(columns["text"], str):
        raise TypeError("expected columns of equal length, got one mapping: put it in a list")
    present = [name for name in _FIELDS if name in columns]
    rows: Iterable[tuple[Any, ...]] = zip(*(columns[name] for name in present), strict=True)
    return [_from_row(dict(zip(present, row, strict=True)), i) for i, row in enumerate(rows)]


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
    if "mentions" in known:
        known["mentions"] = tuple(Span(*span) for span in known["mentions"])
    return Passage(**known)


def _is_missing(value: Any) -> bool:
    """None, or the NaN that a data frame puts in its place."""
    return value is None or (isinstance(value, float) and isnan(value))
