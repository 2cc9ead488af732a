"""N-grams of passages: the matrix, the scorer, and that they agree with each other."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import unicodedata
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.validation import NotFittedError

from stance.features.ngrams import NgramFeatures
from stance.features.scorer import NgramScorer
from stance.features.tokens import Pieces, buckets, chunks, decoded, fold, pair_keys
from stance.passage import Passage

TEXTS = [
    "The port closed on Monday, a well-known harbour master said.",
    "“We will not wait,” she added – the U.S.-led talks had failed.",
    "Die Straße ist gesperrt… ΟΔΟΣ, улица, 港は閉鎖された。",
    "Cafe\u0301 de l'Europe; naïve x_1 \x00 zero\x1eseparated\u2003wide  ",
    "स्थिति सामान्य है 🚢🌊 👩\u200d🚒 e\u0301 𝔘𝔫𝔦 \ud800",
    "",
    " \n\t",
    "a",
]
# Letters of many scripts, marks, blanks, emoji, surrogates; and then anything at all.
ANY_TEXT = st.one_of(
    st.text(alphabet=st.sampled_from("ab AB.,-_'1é\u0301İßςΣ港क\u093f🚢 \u2003\n\x1e\x00\ud800…")),
    st.text(alphabet=st.characters(codec=None, exclude_categories=())),
)


def char_ngrams(text: str, low: int = 2, high: int = 5) -> Counter[str]:
    """As scikit-learn enumerates them."""
    analyse = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(low, high), preprocessor=fold
    ).build_analyzer()
    return Counter(analyse(text))


def words(text: str) -> list[str]:
    """As scikit-learn's default pattern finds them."""
    return TfidfVectorizer(preprocessor=fold, ngram_range=(1, 2)).build_analyzer()(text)


def has_marks(text: str) -> bool:
    return any(unicodedata.category(c).startswith("M") for c in fold(text))


def spans(pieces: Pieces, found: tuple[np.ndarray, np.ndarray, np.ndarray]) -> list[str]:
    _, starts, stops = found
    return [decoded(pieces.codes[i:j]) for i, j in zip(starts, stops, strict=True)]


def scorer_of(features: NgramFeatures, weights: np.ndarray, **settings: object) -> NgramScorer:
    """Scorer with a weight of its own for each column: coef = weights / idf."""
    n = features.n_buckets
    arrays = {
        "word_keys": features.word_keys_,
        "word_idf": features.idf_[features.columns_[n:]].astype(np.float16),
        "word_weights": weights[features.columns_[n:]],
        "char_idf": np.zeros(n, np.float16),
        "char_weights": np.zeros((n, weights.shape[1]), np.float16),
        "intercept": np.array([0.25, -0.5, 0.0], np.float32),
    }
    seen = np.flatnonzero(features.columns_[:n] >= 0)
    arrays["char_idf"][seen] = features.idf_[features.columns_[seen]]
    arrays["char_weights"][seen] = weights[features.columns_[seen]]
    base = {"version": 1, "word_range": (1, 2), "char_range": (2, 5), "memo_size": 1000}
    return NgramScorer.from_arrays(arrays, base | settings)


@pytest.fixture(scope="module")
def features() -> NgramFeatures:
    return NgramFeatures(min_df=1, n_buckets=2**12).fit(TEXTS)


@pytest.fixture(scope="module")
def weights(features: NgramFeatures) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(size=(len(features.idf_), 3)).astype(np.float16)


@pytest.fixture(scope="module")
def scorer(features: NgramFeatures, weights: np.ndarray) -> NgramScorer:
    return scorer_of(features, weights)


# The text of a piece, its words and its n-grams


def test_fold_joins_what_looks_the_same():
    assert fold("Cafe\u0301 STRASSE") == fold("CAFÉ straße") == "café strasse"
    assert fold("\u0130\ud800") == "i\u0307\ud800"


def test_pieces_are_those_of_str_split():
    pieces = Pieces.of(TEXTS)
    wanted = [fold(text).split() for text in TEXTS]
    assert [pieces.text(i) for i in range(len(pieces.starts))] == [
        piece for run in wanted for piece in run
    ]
    assert np.diff(pieces.bounds).tolist() == [len(run) for run in wanted]


@given(ANY_TEXT)
@example("a\x1eb \x1e")
@example("\u0301a e\u0301")
def test_ngrams_are_those_of_sklearn(text: str):
    pieces = Pieces.of(["before", text, "after"])
    middle = pieces.select(np.arange(pieces.bounds[1], pieces.bounds[2]))
    assert [middle.text(i) for i in range(len(middle.starts))] == fold(text).split()
    for low, high in ((2, 5), (1, 3), (4, 4), (5, 6)):
        found = Counter(spans(middle, middle.char_ngrams(low, high)))
        assert found == char_ngrams(text, low, high)
    if not has_marks(text):
        assert spans(middle, middle.words()) == [w for w in words(text) if " " not in w]


def test_ngrams_come_piece_after_piece():
    pieces = Pieces.of(["ab\tc"]).select(np.arange(2))
    owners, starts, stops = pieces.char_ngrams(2, 3)
    assert spans(pieces, (owners, starts, stops)) == [
        " a", " ab", "ab", "ab ", "b ", " c", " c ", "c ",
    ]  # fmt: skip
    assert owners.tolist() == [0, 0, 0, 0, 0, 1, 1, 1]


def test_marks_stay_with_their_letter():
    pieces = Pieces.of(["स्थिति है x\u0304y \u0301alone"])
    assert spans(pieces, pieces.words()) == ["स्थिति", "है", "x\u0304y", "alone"]


def test_span_hash_depends_on_the_codes_alone():
    plain, wide = Pieces.of(["the port"]), Pieces.of(["港 …", "port", "ports", "por", "trop"])
    assert plain.hashes()[1] == wide.hashes()[2]
    assert len(set(wide.hashes().tolist())) == 6
    assert Pieces.of(["a"]).hashes() != Pieces.of(["a\x00"]).hashes()


def test_pair_keys_depend_on_the_order():
    a, b = Pieces.of(["port closed"]).hashes()[:, None]
    assert pair_keys(a, b) != pair_keys(b, a)


def test_buckets_fill_evenly():
    hashes = Pieces.of([f"w{i}" for i in range(4096)]).hashes()
    counts = np.bincount(buckets(hashes, 16), minlength=16)
    assert len(counts) == 16 and counts.min() > 180 and counts.max() < 340


def test_chunks_cover_all_texts_in_order():
    texts = ["x" * n for n in (0, 5, 50, 1, 1, 1, 0)]
    runs = list(chunks(texts, n_chars=4))
    assert [text for run in runs for text in run] == texts
    assert [len(run) for run in runs] == [2, 1, 4]


# NgramFeatures


def test_worked_example():
    # Three texts. df: port 3, closed 2, "port closed" 1, opened 1, "port opened" 1.
    texts = ["port closed", "Closed: port, port", "Port opened"]
    features = NgramFeatures(min_df=2, char_range=None, word_weight=1.0, keep_names=True)
    X = features.fit_transform(texts).toarray()
    assert features.readable_names_ == ["port", "closed"]
    port, closed = log(4 / 4) + 1, log(4 / 3) + 1
    assert features.idf_ == pytest.approx([port, closed], rel=1e-3)  # float16
    one = sqrt(port**2 + closed**2)
    two = sqrt(2 * port**2 + closed**2)  # additive: 2 · idf², not (2 · idf)²
    wanted = [[port / one, closed / one], [2 * port / two, closed / two], [1, 0]]
    assert pytest.approx(np.array(wanted), rel=1e-3) == X


def test_matrix_by_brute_force():
    texts = [text for text in TEXTS if not has_marks(text)]
    features = NgramFeatures(min_df=2, n_buckets=2**22, word_weight=3.0, keep_names=True)
    X = features.fit_transform(texts)
    counts = [
        Counter({f"c{g}": n for g, n in char_ngrams(t).items()})
        + Counter(f"w{w}" for w in words(t))
        for t in texts
    ]
    df = Counter(gram for count in counts for gram in count)
    idf = {
        gram: (log((1 + len(texts)) / (1 + n)) + 1) * (3 if gram[0] == "w" else 1)
        for gram, n in df.items()
        if n >= 2
    }
    names = [
        ("w" if hashed.startswith("word#") else "c") + readable
        for hashed, readable in zip(
            features.get_feature_names_out(), features.readable_names_, strict=True
        )
    ]
    assert sorted(names) == sorted(idf)
    for row, count in zip(X.toarray(), counts, strict=True):
        norm = sqrt(sum(n * idf[g] ** 2 for g, n in count.items() if g in idf)) or 1
        wanted = [count[g] * idf[g] / norm for g in names]
        assert row == pytest.approx(wanted, rel=2e-3)


def test_transform_of_the_training_texts_is_the_same_matrix(features: NgramFeatures):
    X = clone(features).fit_transform(TEXTS)
    assert (features.transform(TEXTS) != X).nnz == 0
    assert X.dtype == np.float32 and X.has_sorted_indices
    df = np.bincount(X.indices)
    assert (df[1:] <= df[:-1]).all()


def test_unseen_ngrams_count_for_nothing():
    features = NgramFeatures(min_df=1, char_range=None).fit(["port closed", "port"])
    alone, among = features.transform(["port", "unseen port elsewhere"]).toarray()
    assert (alone == among).all()
    assert features.transform(["nothing known", ""]).nnz == 0


def test_passages_and_texts_are_the_same(features: NgramFeatures):
    passages = features.transform([Passage(text) for text in TEXTS])
    assert (passages != features.transform(TEXTS)).nnz == 0


def test_feature_names_hold_no_text(features: NgramFeatures):
    names = features.get_feature_names_out()
    assert len(set(names)) == len(names) == len(features.idf_)
    assert {name.split("#")[0] for name in names} == {"char", "word"}
    assert all(set(name.split("#")[1]) <= set("0123456789abcdef") for name in names)


def test_characters_alone_and_words_alone():
    assert {n[:4] for n in NgramFeatures(word_range=None).fit(TEXTS).get_feature_names_out()} == {
        "char"
    }
    pairs = NgramFeatures(word_range=(2, 2), char_range=None, min_df=1, keep_names=True)
    assert sorted(pairs.fit(["the port closed"]).readable_names_) == ["port closed", "the port"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"word_range": (1, 3)}, r"word_range: expected 1 <= low <= high <= 2, got \(1, 3\)"),
        ({"char_range": (0, 3)}, r"char_range: expected 1 <= low"),
        ({"char_range": "25"}, "char_range: expected None or two ints, got '25'"),
        ({"word_range": None, "char_range": None}, "nothing to count"),
        ({"min_df": 0}, "min_df = 0, must be >= 1"),
        ({"min_df": 99}, "no n-gram occurs in min_df = 99 of the 8 passages"),
        ({"n_buckets": 1000}, "n_buckets = 1000, must be a power of two"),
        ({"word_weight": 0.0}, "word_weight = 0.0, must be above 0"),
    ],
)
def test_bad_parameters(parameters: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        NgramFeatures(**parameters).fit(TEXTS)


def test_needs_fit_and_texts():
    with pytest.raises(NotFittedError, match="not fitted"):
        NgramFeatures().transform(TEXTS)
    with pytest.raises(TypeError, match="put it in a list"):
        NgramFeatures().fit("one text")
    with pytest.raises(ValueError, match="no n-gram occurs"):
        NgramFeatures().fit([])


# NgramScorer


def test_scores_are_the_matrix_product(
    features: NgramFeatures, weights: np.ndarray, scorer: NgramScorer
):
    coef = weights.astype(np.float32) / features.idf_[:, None]
    texts = [*TEXTS, "Harbour talks on Monday failed.", "well-known – Straße"]
    wanted = features.transform(texts) @ coef + np.array([0.25, -0.5, 0.0])
    for _ in range(2):  # with an empty memo and with a full one
        assert scorer.scores(texts) == pytest.approx(wanted, abs=1e-4)
    assert scorer.scores(texts).dtype == np.float32


@pytest.mark.parametrize("char_range", [(1, 1), (1, 3), (3, 4), (4, 4), (5, 6)])
def test_scores_are_the_matrix_product_for_other_lengths(char_range: tuple[int, int]):
    features = NgramFeatures(min_df=1, n_buckets=2**12, char_range=char_range).fit(TEXTS)
    weights = np.random.default_rng(2).normal(size=(len(features.idf_), 3)).astype(np.float16)
    coef = weights.astype(np.float32) / features.idf_[:, None]
    texts = [*TEXTS, "a b – port abcd"]
    wanted = features.transform(texts) @ coef + np.array([0.25, -0.5, 0.0])
    scores = scorer_of(features, weights, char_range=char_range).scores(texts)
    assert scores == pytest.approx(wanted, abs=1e-4)


def test_texts_without_known_ngrams_get_the_intercept(scorer: NgramScorer):
    nothing = ["", "  \n", "\x1e", "\u2003"]
    assert (scorer.scores(nothing) == np.array([0.25, -0.5, 0.0], np.float32)).all()
    assert scorer.scores([]).shape == (0, 3)


@settings(max_examples=60)
@given(st.lists(st.one_of(ANY_TEXT, st.sampled_from(TEXTS)), max_size=6))
def test_any_text_scores_as_the_product_and_alone(
    features: NgramFeatures, weights: np.ndarray, scorer: NgramScorer, texts: list[str]
):
    scores = scorer.scores(texts)
    coef = weights.astype(np.float32) / features.idf_[:, None]
    assert scores.shape == (len(texts), 3) and np.isfinite(scores).all()
    assert scores == pytest.approx(
        features.transform(texts) @ coef + np.array([0.25, -0.5, 0.0]), abs=1e-4
    )
    for text, row in zip(texts, scores, strict=True):
        for form in ("NFC", "NFD"):
            assert (scorer.scores([unicodedata.normalize(form, text)]) == row).all()


def test_ascii_and_other_texts_in_one_batch(scorer: NgramScorer):
    ascii_text = TEXTS[0]
    together = scorer.scores([ascii_text, TEXTS[2]])
    assert (together[0] == scorer.scores([ascii_text])[0]).all()


def test_bigrams_do_not_cross_texts():
    features = NgramFeatures(min_df=1, word_range=(2, 2), char_range=None).fit(["port closed"])
    weights = np.full((1, 3), 2, np.float16)
    scorer = scorer_of(features, weights, word_range=(2, 2), char_range=(2, 5))
    score = scorer.scores(["port", "closed", "", "a port . – closed", "port-closed"])[:, 0] - 0.25
    assert (score > 0).tolist() == [False, False, False, True, True]


def test_memo_is_bounded_and_changes_no_score(features: NgramFeatures, weights: np.ndarray):
    small, large = (scorer_of(features, weights, memo_size=n) for n in (50, 100_000))
    rng = np.random.default_rng(1)
    for _ in range(20):
        texts = [" ".join(f"port{i}" for i in rng.integers(0, 200, 9)) for _ in range(10)]
        assert (small.scores(texts) == large.scores(texts)).all()
        assert small.n_remembered <= 50
    assert large.n_remembered > 150


def test_an_interrupted_call_leaves_no_half_learnt_piece(
    features: NgramFeatures, weights: np.ndarray, monkeypatch: pytest.MonkeyPatch
):
    scorer = scorer_of(features, weights)
    wanted = scorer_of(features, weights).scores(TEXTS)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Pieces, "char_hashes", interrupted)
        scorer.scores(TEXTS)
    assert (scorer.scores(TEXTS) == wanted).all()


def test_threads_share_a_scorer(features: NgramFeatures, weights: np.ndarray):
    scorer = scorer_of(features, weights, memo_size=30)
    batches = [[f"port {i} {j} closed" for j in range(20)] for i in range(40)]
    wanted = [scorer.scores(batch) for batch in batches]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(scorer.scores, batches * 3))
    assert all((a == b).all() for a, b in zip(found, wanted * 3, strict=True))


def test_round_trip_through_arrays_on_disk(scorer: NgramScorer, tmp_path):
    mapped = {}
    for name, array in scorer.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
        mapped[name] = np.load(tmp_path / f"{name}.npy", mmap_mode="r")
    again = NgramScorer.from_arrays(mapped, json.loads(json.dumps(scorer.settings())))
    assert again.settings() == scorer.settings()
    for other in (again, pickle.loads(pickle.dumps(scorer))):
        assert (other.scores(TEXTS) == scorer.scores(TEXTS)).all()


def broken(scorer: NgramScorer, name: str, change) -> dict[str, np.ndarray]:
    arrays = scorer.arrays()
    arrays[name] = change(arrays[name].copy())
    return arrays


def with_nan(array: np.ndarray) -> np.ndarray:
    array.flat[0] = np.nan
    return array


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("word_weights", with_nan, "'word_weights': expected finite"),
        ("intercept", with_nan, "'intercept': expected finite"),
        ("word_idf", lambda a: a[:-1], r"'word_idf': expected shape \(\d+,\), got"),
        ("char_weights", lambda a: a[:, :2], r"'char_weights': expected shape \(4096, 3\), got"),
        ("char_weights", lambda a: a.astype(int), "expected dtype float16 or float32, got int64"),
        ("word_keys", lambda a: a.astype(np.int64), "'word_keys': expected dtype uint64"),
        ("word_keys", lambda a: a[::-1], "expected increasing keys"),
        ("word_idf", lambda a: -a - 1, "'word_idf': expected no negative value"),
        ("intercept", lambda a: a[:, None], r"'intercept': expected shape \(3,\), got \(3, 1\)"),
    ],
)
def test_bad_arrays(scorer: NgramScorer, name: str, change, message: str):
    with pytest.raises(ValueError, match=message):
        NgramScorer.from_arrays(broken(scorer, name, change), scorer.settings())


def test_missing_array_and_odd_buckets(scorer: NgramScorer):
    arrays = scorer.arrays()
    arrays["char_idf"], arrays["char_weights"] = arrays["char_idf"][:9], arrays["char_weights"][:9]
    with pytest.raises(ValueError, match=r"2\*\*i buckets, got 3, 9"):
        NgramScorer.from_arrays(arrays, scorer.settings())
    del arrays["intercept"]
    with pytest.raises(ValueError, match=r"expected the arrays .*'intercept'"):
        NgramScorer.from_arrays(arrays, scorer.settings())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "'version': expected 1, got 2"),
        ({"memo_size": 0}, "'memo_size': expected an int >= 1, got 0"),
        ({"char_range": None}, "char_range is None with 4096 char buckets"),
        ({"word_range": [2, 1]}, "word_range: expected 1 <= low <= high <= 2"),
        ({"colour": "red"}, "expected the settings .* got .*'colour'"),
    ],
)
def test_bad_settings(scorer: NgramScorer, change: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        NgramScorer.from_arrays(scorer.arrays(), scorer.settings() | change)


def test_one_text_is_refused(scorer: NgramScorer):
    with pytest.raises(TypeError, match="put it in a list"):
        scorer.scores("one text")


def test_scorer_imports_neither_sklearn_nor_scipy():
    code = (
        "import sys, stance.features.scorer; "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'sklearn', 'scipy', 'pandas'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
