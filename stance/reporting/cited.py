"""Cited text: words with citations between them, written for people, Markdown or LaTeX."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stance.reporting.latex import latex
from stance.reporting.markdown import escaped


@dataclass(frozen=True, slots=True)
class Citation:
    """A place where works are cited."""

    keys: tuple[str, ...]


Piece = str | Citation
"""Words, or a citation that belongs to the word before it."""


def cited(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """The keys that are cited, each once, in order."""
    keys = (key for piece in pieces if isinstance(piece, Citation) for key in piece.keys)
    return tuple(dict.fromkeys(keys))


def as_plain(pieces: Iterable[Piece]) -> str:
    """The paragraph with keys in brackets, ``[@a; @b]``, as Pandoc reads them.

    Examples
    --------
    >>> as_plain(["We used a corpus", Citation(("a", "b")), "."])
    'We used a corpus [@a; @b].'
    """
    return "".join(
        f" [{'; '.join(f'@{key}' for key in piece.keys)}]" if isinstance(piece, Citation) else piece
        for piece in pieces
    )


def as_markdown(pieces: Iterable[Piece]) -> str:
    """As ``as_plain``, with nothing in the words read as Markdown."""
    return as_plain(p if isinstance(p, Citation) else _inside(p) for p in pieces)


def as_latex(pieces: Iterable[Piece]) -> str:
    r"""The paragraph for LaTeX, ``~\citep{a,b}`` as natbib and biblatex read it.

    Examples
    --------
    >>> as_latex(["50 %", Citation(("a", "b")), "."])
    '50 \\%~\\citep{a,b}.'
    """
    return "".join(
        rf"~\citep{{{','.join(piece.keys)}}}" if isinstance(piece, Citation) else latex(piece)
        for piece in pieces
    )


def _inside(text: str) -> str:
    """Text from the middle of a paragraph, blanks at its ends kept, for Markdown."""
    before, after = (" " if text[i : i + 1].isspace() else "" for i in (0, len(text) - 1))
    # The letter keeps a number or a dash from being read as the beginning of a list.
    return f"{before}{escaped(f'x{text.strip()}')[1:]}{after if text.strip() else ''}"
