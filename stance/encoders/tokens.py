"""Tokens: a passage → the ids that an encoder reads, and where its target and its text stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.article import Span
from stance.extras import imported
from stance.features.frame import mentions_of
from stance.passage import Passage

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_TARGET_TOKENS = 24
"""Of a target that the text does not mention and that is read before it."""

EXTRA = "encoder"
_MAX_TARGET = 200  # characters
# A word piece of news has four characters or so; this leaves room for tables and runs of blanks.
_CHARACTERS_PER_TOKEN = 50
_BATCH = 512
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A passage as an encoder reads it.

    Parameters
    ----------
    ids : ndarray of int64, shape (n_tokens,)
        With the special tokens at both ends, and between a target and its text.
    mention : ndarray of bool, shape (n_tokens,)
        Tokens of the target: where the text mentions it, else the target read before the text.
    text : ndarray of bool, shape (n_tokens,)
        Tokens of the passage's text.
    offsets : ndarray of int64, shape (n_tokens, 2)
        Where a token of the text stands in ``Passage.text``; -1 for all other tokens.
    """

    ids: NDArray[np.int64]
    mention: NDArray[np.bool_]
    text: NDArray[np.bool_]
    offsets: NDArray[np.int64]

    @property
    def key(self) -> bytes:
        """What tells two readings of an encoder apart: the ids alone."""
        return self.ids.tobytes()


class Tokens:
    """Encodes passages.

    A text of more than ``max_tokens`` word pieces is cropped around its first mention of the
    target, and to its beginning where there is none. Nothing is inserted into the text, so that one
    reading of it serves all targets that it mentions; a target that it does not mention is read
    together with it, ``[CLS] target [SEP] text [SEP]``.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
        Truncation and padding are switched off.
    max_tokens : int
        Word pieces of the text.

    Raises
    ------
    ValueError
        The tokenizer does not put one special token before a text and one after it.
    """

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int = 160) -> None:
        self.max_tokens = max_tokens
        self._tokenizer = tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.first, self.last = _special_ids(tokenizer)

    @classmethod
    def from_json(cls, data: bytes, *, max_tokens: int = 160) -> Tokens:
        """From the bytes of a ``tokenizer.json``.

        Raises
        ------
        ExtraMissingError
            tokenizers is not installed.
        ValueError
            They are no tokenizer, or one that this class cannot use.
        """
        library = imported("tokenizers", extra=EXTRA)
        try:
            tokenizer = library.Tokenizer.from_buffer(data)
            return cls(tokenizer, max_tokens=max_tokens)
        except ValueError:
            raise
        except BaseException as error:  # the library is in Rust, and its panics are no Exception
            if isinstance(error, Exception) or type(error).__name__ == "PanicException":
                raise ValueError(f"expected a tokenizer: {error!s:.200}") from error
            raise

    @property
    def largest_id(self) -> int:
        """The largest id that a text may get."""
        return max(self._tokenizer.get_vocab(with_added_tokens=True).values())

    def encode(self, passages: Sequence[Passage], *, with_targets: bool) -> list[Encoded]:
        """Encode passages.

        Parameters
        ----------
        passages : sequence of Passage
            Where one gives no mentions, its target is looked for by name (``mentions_of``).
        with_targets : bool
            Whether targets matter; without, every passage is its text alone.

        Returns
        -------
        list of Encoded
            In the order of the passages.
        """
        views = [_view(passage, self.max_tokens, with_targets) for passage in passages]
        found = []
        pieces = self._pieces([view.text for view in views])
        targets = self._targets(views)
        for view, (ids, offsets) in zip(views, pieces, strict=True):
            whole = _overlapping(offsets, view.mentions)
            kept = _cropped(whole, self.max_tokens)
            mention, at = whole[kept], offsets[kept] + view.start
            target = () if mention.any() else targets.get(view.target, ())
            found.append(self._joined(ids[kept], at, mention, target=target))
        return found

    def _pieces(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Ids and offsets of each text; equal texts are read once."""
        known: dict[str, Any] = {}
        for start in range(0, len(texts), _BATCH):
            some = texts[start : start + _BATCH]
            new = [text for text in dict.fromkeys(some) if text not in known]
            made = self._tokenizer.encode_batch(
                [_SURROGATE.sub("\ufffd", text) for text in new], add_special_tokens=False
            )
            known = {text: known[text] for text in set(some) if text in known}
            for text, one in zip(new, made, strict=True):
                offsets = np.array(one.offsets, dtype=np.int64).reshape(-1, 2)
                known[text] = np.array(one.ids, dtype=np.int64), offsets
            yield from (known[text] for text in some)

    def _targets(self, views: Iterable[_View]) -> dict[str, tuple[int, ...]]:
        names = sorted({view.target for view in views} - {""})
        pieces = self._pieces(names)
        return {
            name: tuple(ids[:MAX_TARGET_TOKENS].tolist())
            for name, (ids, _) in zip(names, pieces, strict=True)
        }

    def _joined(
        self,
        ids: NDArray[np.int64],
        offsets: NDArray[np.int64],
        mention: NDArray[np.bool_],
        *,
        target: Sequence[int],
    ) -> Encoded:
        before = [self.first, *target, self.last] if target else [self.first]
        n, start = len(before) + len(ids) + 1, len(before)
        whole = np.empty(n, np.int64)
        whole[:start], whole[start:-1], whole[-1] = before, ids, self.last
        is_text = np.zeros(n, np.bool_)
        is_text[start:-1] = True
        is_mention = np.zeros(n, np.bool_)
        is_mention[1 : 1 + len(target)] = True
        is_mention[start:-1] = mention
        places = np.full((n, 2), -1, np.int64)
        places[start:-1] = offsets
        return Encoded(whole, is_mention, is_text, places)


@dataclass(frozen=True, slots=True)
class _View:
    """The stretch of a passage's text that is read, from ``start`` on, and its target there."""

    text: str
    start: int
    mentions: tuple[Span, ...]
    target: str


def _view(passage: Passage, max_tokens: int, with_targets: bool) -> _View:
    spans = mentions_of(passage) if with_targets else []
    target = (passage.target or "").strip()[:_MAX_TARGET] if with_targets else ""
    width = max_tokens * _CHARACTERS_PER_TOKEN
    first = min((span.start for span in spans), default=0)
    start = max(0, min(first - width // 2, len(passage.text) - width))
    moved = tuple(Span(span.start - start, span.end - start) for span in spans)
    return _View(passage.text[start : start + width], start, moved, target)


def _overlapping(offsets: NDArray[np.int64], spans: Sequence[Span]) -> NDArray[np.bool_]:
    found = np.zeros(len(offsets), np.bool_)
    for span in spans:
        found |= (offsets[:, 0] < span.end) & (offsets[:, 1] > span.start)
    return found


def _cropped(mention: NDArray[np.bool_], limit: int) -> slice:
    """As many tokens as are read, the first mention in their middle where there is room."""
    first = int(mention.argmax()) if mention.any() else 0
    start = max(0, min(first - limit // 2, len(mention) - limit))
    return slice(start, start + limit)


def _special_ids(tokenizer: Any) -> tuple[int, int]:
    """The tokens that stand before and after a text."""
    bare = tokenizer.encode("news", add_special_tokens=False).ids
    whole = tokenizer.encode("news").ids
    if not bare or len(whole) != len(bare) + 2 or whole[1:-1] != bare:
        raise ValueError(
            "expected a tokenizer that puts one special token before a text and one after it, "
            f"got {len(whole)} tokens of {len(bare)}"
        )
    return whole[0], whole[-1]
