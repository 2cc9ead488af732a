"""Hashed features of tokens: what shares a feature and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from stance.features.token_features import N_FEATURES, HashedLexicon, hashes_of, token_features
from stance.features.token_lexicon import word_classes
from stance.features.token_stream import TokenStream, folded, span_hashes

FORM, END, BEGIN, SHAPE, CLASSES = (0, 1), (2, 3, 4, 5), (6, 7, 8), 9, 10


def features(*words: str) -> np.ndarray:
    stream = TokenStream.of([" ".join(words)])
    assert len(stream) == len(words) + 2
    which = np.arange(1, len(stream) - 1)
    return token_features(stream, which, n_buckets=1 << 20, lexicon=HashedLexicon.current())


def test_shape_and_range() -> None:
    found = features("The", "ports", "of", "Tarn")
    assert found.shape == (4, N_FEATURES)
    assert found.min() >= 0 and found.max() < 1 << 20


@pytest.mark.parametrize(
    ("one", "other", "same", "different"),
    [
        ("Denied", "denied", (*FORM, *END, *BEGIN, CLASSES), (SHAPE, 11)),
        ("walked", "talked", (*END, CLASSES), (*FORM, *BEGIN)),
        ("report", "repair", BEGIN, FORM),
        ("1987", "2016", (SHAPE, CLASSES), FORM),
        ("she", "they", (CLASSES,), FORM),
        ("NATO", "Nato", (*FORM, CLASSES), (SHAPE,)),
    ],
)
def test_what_words_share(
    one: str, other: str, same: tuple[int, ...], different: tuple[int, ...]
) -> None:
    a, b = features(one, other)
    assert (a[list(same)] == b[list(same)]).all()
    assert (a[list(different)] != b[list(different)]).all()


def test_features_do_not_depend_on_the_neighbours() -> None:
    assert (features("port", "Tarn")[1] == features("Tarn")[0]).all()


def test_listed_words_are_found_by_their_hashes() -> None:
    stream = TokenStream.of(["Denied"])
    hashes = span_hashes(folded(stream.codes), stream.starts, stream.stops)
    assert hashes_of(["denied"])[0] == hashes[1]


def test_a_lexicon_keeps_what_it_knew() -> None:
    current = HashedLexicon.current()
    kept = HashedLexicon.of(current.words[:5], current.classes[:5])
    assert (kept.find(current.words[:6])[:5] == current.classes[:5]).all()
    assert kept.find(current.words[5:6]).tolist() == [0]


def test_classes() -> None:
    classes = word_classes()
    assert "cue deny" in classes["denied"] and classes["they"] == ("pronoun",)
    assert all(word == word.lower() and names for word, names in classes.items())
