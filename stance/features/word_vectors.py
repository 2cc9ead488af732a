"""Word vectors: 64 numbers for any English word, read from a table that ships with the package.

The table is cut from WordLlama's embeddings (see ``word_vectors.md`` beside it): the first 64 of
256 dimensions, in eight bits, of the 17,251 tokens that lower-case words are made of. A word is
cut into tokens by byte-pair encoding as the embeddings' own tokeniser does it, so that every word
has a vector. numpy alone reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

N_DIMENSIONS = 64
_START = "▁"  # begins the first token of a word
_ALPHABET = re.compile(rf"{_START}?[a-z0-9']+|{_START}")
_ODD = re.compile(r"[^a-z0-9']+")
_MEMO = 1 << 16
_LONGEST = 40  # characters of a word that are read: cutting takes time with their square


class WordVectors:
    """Vectors of words, each the mean of its tokens' vectors.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        ``tokens`` uint8: tokens in UTF-8, one a line, those first that are merged first;
        ``rows`` int8 (n_tokens, n_dimensions); ``scale`` float16 (n_tokens,): what a row is to be
        multiplied by.

    Raises
    ------
    ValueError
        An array is missing or of the wrong shape or type.

    Examples
    --------
    >>> vectors = WordVectors.packaged()
    >>> dog, puppy, tax = vectors.units(["dog", "puppy", "tax"])
    >>> bool(dog @ puppy > 0.5 > dog @ tax)
    True
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        if set(arrays) != {"tokens", "rows", "scale"}:
            raise ValueError(f"expected arrays rows, scale, tokens, got {sorted(arrays)!r:.80}")
        tokens = bytes(np.asarray(arrays["tokens"], np.uint8)).decode().split("\n")
        rows, scale = np.asarray(arrays["rows"]), np.asarray(arrays["scale"])
        if rows.ndim != 2 or len(rows) != len(tokens) or scale.shape != rows.shape[:1]:
            raise ValueError(
                f"expected a row and a scale for each of {len(tokens)} tokens, got {rows.shape} "
                f"and {scale.shape}"
            )
        self._arrays = dict(arrays)
        self._rank = {token: i for i, token in enumerate(tokens)}
        self._rows = rows.astype(np.float32) * scale.astype(np.float32)[:, None]
        self._memo: dict[str, Floats] = {}

    @classmethod
    def packaged(cls) -> WordVectors:
        """The table that ships with the package; one object for all."""
        return _packaged()

    @property
    def n_dimensions(self) -> int:
        """Length of a vector."""
        return int(self._rows.shape[1])

    def of(self, words: Sequence[str]) -> Floats:
        """Vectors of words, shape (n_words, n_dimensions); zeros for a word in no Latin letters.

        Frequent words have short vectors, telling ones long: a mean of words is a weighted one.
        """
        out = np.zeros((len(words), self.n_dimensions), np.float32)
        for i, word in enumerate(words):
            found = self._memo.get(word)
            out[i] = self._learnt(word) if found is None else found
        return out

    def units(self, words: Sequence[str]) -> Floats:
        """Vectors of words, each of length 1 (or 0), shape (n_words, n_dimensions)."""
        return unit(self.of(words))

    def tokens(self, word: str) -> list[str]:
        """Tokens that a word is cut into.

        Byte-pair encoding: of all neighbours that make a token together, those are joined first
        that stand highest in the table.

        Examples
        --------
        >>> WordVectors.packaged().tokens("schoolers")
        ['▁school', 'ers']

        References
        ----------
        R. Sennrich, B. Haddow and A. Birch, 2016, "Neural machine translation of rare words with
        subword units", ACL, https://doi.org/10.18653/v1/P16-1162
        """
        parts = [_START, *_plain(word)]
        none = len(self._rank)
        while len(parts) > 1:
            pairs = map("".join, pairwise(parts))
            ranks = [self._rank.get(pair, none) for pair in pairs]
            best = min(ranks)
            if best == none:
                break
            at = ranks.index(best)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        return parts

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What the table was made from, for saving."""
        return dict(self._arrays)

    def _learnt(self, word: str) -> Floats:
        if len(self._memo) >= _MEMO:
            self._memo = {}
        ids = [self._rank[token] for token in self.tokens(word) if token in self._rank]
        row: Floats = np.zeros(self.n_dimensions, np.float32)
        if _plain(word):
            row = self._rows[ids].mean(axis=0)
        self._memo[word] = row
        return row


def unit(rows: Floats) -> Floats:
    """Rows scaled to length 1; rows of zeros stay.

    Examples
    --------
    >>> unit(np.array([[3.0, 4.0], [0.0, 0.0]], np.float32)).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: Floats = rows / np.maximum(lengths, 1e-9)
    return scaled


def distilled(folder: Path, *, n_dimensions: int = N_DIMENSIONS) -> dict[str, NDArray[Any]]:
    """Arrays of a table, cut from WordLlama's package; this is how the packaged one was made.

    Parameters
    ----------
    folder : Path
        Where the distribution ``wordllama`` is installed: the folder that holds ``weights`` and
        ``tokenizers``.
    n_dimensions : int, 1–256
        The embeddings are trained such that their first dimensions serve alone: on unseen topics
        64 of them scored as all 256 did. Eight bits turn a vector by less than a degree.

    Raises
    ------
    ValueError
        The folder does not hold the two files.
    """
    import json

    from safetensors.numpy import load_file

    weights = folder / "weights" / "l2_supercat_256.safetensors"
    tokenizer = folder / "tokenizers" / "l2_supercat_tokenizer_config.json"
    for path in (weights, tokenizer):
        if not path.is_file():
            raise ValueError(f"{path}: there is no such file; install `wordllama` 0.4 first")
    vocabulary = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    kept = sorted((i, token) for token, i in vocabulary.items() if _ALPHABET.fullmatch(token))
    ids = [i for i, _ in kept]
    rows = load_file(weights)["embedding.weight"][ids, :n_dimensions].astype(np.float32)
    scale = np.maximum(np.abs(rows).max(axis=1), 1e-6) / 127
    return {
        "tokens": np.frombuffer("\n".join(token for _, token in kept).encode(), np.uint8),
        "rows": np.round(rows / scale[:, None]).astype(np.int8),
        "scale": scale.astype(np.float16),
    }


def _plain(word: str) -> str:
    """A word in the letters that the table has; accents go, other alphabets go whole."""
    if not word.isascii():
        word = normalize("NFKD", word.replace("’", "'"))
    return _ODD.sub("", word.lower())[:_LONGEST]


@cache
def _packaged() -> WordVectors:
    from safetensors.numpy import load

    return WordVectors(load(files(__package__).joinpath("word_vectors.safetensors").read_bytes()))
