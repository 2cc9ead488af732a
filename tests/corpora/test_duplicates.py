from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpora import duplicates
from stance.corpora.duplicates import NearPair, folded, leaked, near_duplicates

WORDS = [f"{a}{b}{c}" for a in "bdfgk" for b in ("ar", "en", "il", "os") for c in "mtvz"]


def sentence(rng: random.Random, n: int) -> list[str]:
    return rng.choices(WORDS, k=n)


def jaccard(first: str, second: str) -> float:
    """By the definition, over sets of strings of five characters."""
    a, b = (
        {text[i : i + 5] for i in range(max(len(text) - 4, 1))}
        for text in (folded(first).ljust(5), folded(second).ljust(5))
    )
    return len(a & b) / len(a | b)


class TestFolded:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("“It’s  OVER” —\tshe said.", "it s over she said"),
            ("Straße", "strasse"),
            ("ﬁne 1½", "fine 11 2"),
            ("...", "..."),
            ("  ", ""),
            ("Министр\u00a0сказал", "министр сказал"),
        ],
    )
    def test_by_hand(self, text, wanted):
        assert folded(text) == wanted

    @given(st.text(max_size=40))
    def test_white_space_never_matters(self, text):
        assert folded(text) == folded(f"\n {text}\t")


class TestNearDuplicates:
    def test_counts_shared_shingles(self):
        # eight shingles each, seven of them shared
        texts = ["abcdefghijkl", "abcdefghijkX"]
        assert near_duplicates(texts, threshold=0.75) == [NearPair(0, 1, 7 / 9)]
        assert near_duplicates(texts, threshold=0.8) == []

    def test_finds_what_the_definition_finds(self):
        rng = random.Random(5)
        texts = []
        for _ in range(60):
            words = sentence(rng, 30)
            changed = list(words)
            for _ in range(rng.randrange(4)):
                changed[rng.randrange(30)] = rng.choice(WORDS)
            texts += [" ".join(words), " ".join(changed)]
        wanted = {
            (i, j): jaccard(texts[i], texts[j])
            for i in range(len(texts))
            for j in range(i + 1, len(texts))
        }
        wanted = {pair: value for pair, value in wanted.items() if value >= 0.8}
        found = {(pair.first, pair.second): pair.jaccard for pair in near_duplicates(texts)}
        assert len(wanted) > 20
        assert found == pytest.approx(wanted)

    @given(st.lists(st.text(max_size=30), max_size=6))
    @settings(max_examples=60, deadline=None)
    def test_any_text(self, texts):
        found = near_duplicates(texts)
        for pair in found:
            assert pair.jaccard == pytest.approx(jaccard(texts[pair.first], texts[pair.second]))
        for i, first in enumerate(texts):
            for j in range(i + 1, len(texts)):
                if folded(first) == folded(texts[j]):
                    assert (i, j) in {(pair.first, pair.second) for pair in found}

    def test_texts_longer_than_a_chunk(self, monkeypatch):
        rng = random.Random(3)
        long = " ".join(sentence(rng, 400))
        texts = [long, " ".join(sentence(rng, 5)), long + " more words here", "x"]
        whole = near_duplicates(texts)
        monkeypatch.setattr(duplicates, "CHUNK", 100)
        assert near_duplicates(texts) == whole
        assert [(pair.first, pair.second) for pair in whole] == [(0, 2)]

    def test_more_characters_than_fit_into_a_number(self):
        many = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 9000))
        texts = [many, many[:-20], many[4000:]]
        assert [(pair.first, pair.second) for pair in near_duplicates(texts)] == [(0, 1)]

    def test_same_result_each_time(self):
        rng = random.Random(1)
        texts = [" ".join(sentence(rng, 8)) for _ in range(200)]
        assert near_duplicates(texts) == near_duplicates(texts)

    def test_too_few(self):
        assert near_duplicates([]) == near_duplicates(["one"]) == []

    @pytest.mark.parametrize("threshold", [0.4, 1.1, -1])
    def test_threshold(self, threshold):
        with pytest.raises(ValueError, match=rf"from 0\.5 to 1, got {threshold}"):
            near_duplicates(["a", "b"], threshold=threshold)


class TestLeaked:
    def test_equal_near_and_fresh(self):
        rng = random.Random(2)
        words = sentence(rng, 40)
        near = " ".join([*words[:-1], "other"])
        fresh = " ".join(sentence(rng, 40))
        texts = [" ".join(words).upper() + "!", near, fresh]
        assert leaked(texts, [" ".join(words)]).tolist() == [True, True, False]

    def test_a_near_duplicate_among_the_texts_is_no_leak(self):
        assert leaked(["It snowed.", "It snowed!"], ["Rain."]).tolist() == [False, False]

    def test_nothing(self):
        assert leaked([], ["a"]).dtype == np.bool_
        assert leaked(["a"], []).tolist() == [False]
