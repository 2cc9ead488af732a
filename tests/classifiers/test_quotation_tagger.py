"""The quotation tagger: learns from articles, finds in new ones, and says what it was given."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tracemalloc
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from stance.article import Span
from stance.classifiers.quotation_scorer import PARAGRAPH_COLUMNS, QuotationScorer
from stance.classifiers.quotation_tagger import QuotationTagger
from stance.classifiers.saving import ModelError, load_model, load_settings, save_model
from stance.quotes.spans import AttributedSpans

WHO = ["The mayor", "Ida Lund", "a spokesman", "Officials", "She"]
SAID = ["said", "warned", "added", "wrote"]
WHAT = ["the harbour would close", "nobody had seen the boat", "prices were too high"]
PLAIN = ["The tide turned at noon.", "Two barges lay at the quay.", "It rained for a week."]
SMALL = {
    "n_buckets": 1 << 10,
    "n_word": 12,
    "n_near": 16,
    "n_far": 8,
    "n_squeezed": 6,
    "n_pair": 16,
    "n_epochs": 10,
    "batch_size": 4,
    "learning_rate": 0.02,
    "dropout": 0.1,
}
Attributions = tuple[AttributedSpans, ...]


def span(text: str, part: str) -> tuple[Span, ...]:
    at = text.index(part)
    return (Span(at, at + len(part)),)


def sentence(who: str, said: str, what: str, *, is_direct: bool) -> tuple[str, Attributions]:
    content = f"“{what[0].upper()}{what[1:]},”" if is_direct else f"that {what}"
    text = f"{content} {who} {said}." if is_direct else f"{who} {said} {content}."
    return text, (AttributedSpans(span(text, content), span(text, said), span(text, who)),)


def corpus() -> tuple[list[list[str]], list[list[Attributions]]]:
    articles, spans = [], []
    for i, (who, said) in enumerate(product(WHO, SAID)):
        rows = [
            sentence(who, said, what, is_direct=(i + j) % 2 == 0) for j, what in enumerate(WHAT)
        ]
        rows.insert(i % 3, (PLAIN[i % 3], ()))
        articles.append([text for text, _ in rows])
        spans.append([found for _, found in rows])
    return articles, spans


@pytest.fixture(scope="module")
def tagger() -> QuotationTagger:
    return QuotationTagger(**SMALL).fit(*corpus())


def texts(text: str, found: AttributedSpans) -> tuple[list[str], ...]:
    return tuple([text[a:b] for a, b in role] for role in (found.content, found.cue, found.source))


def test_finds_what_it_never_saw(tagger: QuotationTagger) -> None:
    paragraphs = [
        "“Nobody wanted the bridge,” Ida Lund warned.",
        "Officials wrote that the tide was too high.",
        "Two boats lay at noon.",
    ]
    direct, indirect, nothing = tagger.find(paragraphs)
    assert texts(paragraphs[0], direct[0]) == (
        ["“Nobody wanted the bridge,”"],
        ["warned"],
        ["Ida Lund"],
    )
    assert texts(paragraphs[1], indirect[0]) == (
        ["that the tide was too high"],
        ["wrote"],
        ["Officials"],
    )
    assert nothing == ()
    assert direct[0].probability > 0.5


def test_same_seed_same_model(tagger: QuotationTagger) -> None:
    again = clone(tagger).fit(*corpus())
    for name, array in tagger.compile().arrays().items():
        assert (again.compile().arrays()[name] == array).all()


def test_params_are_scikit_learn_s(tagger: QuotationTagger) -> None:
    assert tagger.get_params()["n_pair"] == 16
    assert clone(tagger).set_params(reach=2).reach == 2


def test_nothing_to_find_in_nothing(tagger: QuotationTagger) -> None:
    assert tagger.find([]) == []
    assert tagger.find(["", "  ", "“"]) == [(), (), ()]
    assert tagger.compile().shares([]).shape == (0, 4)


def test_an_article_does_not_depend_on_what_was_read_before(tagger: QuotationTagger) -> None:
    (page,) = (corpus()[0][0],)
    scorer = tagger.compile()
    before = scorer.find(page)
    scorer.find([f"Word{i} said that{i} it{i} held." for i in range(500)])
    assert scorer.find(page) == before


def test_odd_text_does_no_harm(tagger: QuotationTagger) -> None:
    odd = ["\ud800 said \x1e “ \x00", "İ said that it held.", "said " * 400, "“" * 300]
    for text, found in zip(odd, tagger.find(odd), strict=True):
        for one in found:
            for start, end in (*one.content, *one.cue, *one.source):
                assert 0 <= start < end <= len(text)


def test_a_page_in_one_paragraph_is_read_in_bounded_memory(tagger: QuotationTagger) -> None:
    everywhere = {"anchor_bias": np.full((1, 1), 50, np.float32)}  # every word is a head
    scorer = QuotationScorer(tagger.compile().arrays() | everywhere)
    text = "Officials wrote that the tide was too high. " * 300
    tracemalloc.start()
    try:
        _, found = scorer.candidates([text])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(found.spans) == 300 * 9
    assert peak < 150_000_000


def test_shares_tell_paragraphs_apart(tagger: QuotationTagger) -> None:
    page = ["Officials wrote that the tide was too high.", "Two boats lay at noon."]
    said, plain = tagger.compile().shares(page)
    assert len(said) == len(PARAGRAPH_COLUMNS)
    content, attributed, highest, n = said.tolist()
    # 6 of the 9 tokens are content, all but the full stop have a role.
    assert content == pytest.approx(6 / 9 * highest, abs=0.01)
    assert attributed == pytest.approx(8 / 9 * highest, abs=0.01)
    assert n == pytest.approx(highest, abs=0.01)
    assert (plain < highest / 2).all()


def test_what_was_saved_comes_back(tagger: QuotationTagger, tmp_path: Path) -> None:
    scorer, page = tagger.compile(), corpus()[0][3]
    save_model(scorer, tmp_path, about={"trained_on": ["invented"]})
    loaded = load_model(tmp_path, kind="quotations")
    assert loaded.find(page) == scorer.find(page)
    assert (loaded.shares(page) == scorer.shares(page)).all()
    assert load_settings(tmp_path, kind="quotations")["about"] == {"trained_on": ["invented"]}
    with pytest.raises(ModelError, match="expected the settings of a paragraph-type model"):
        load_model(tmp_path)


def test_a_pickle_finds_the_same(tagger: QuotationTagger) -> None:
    page = corpus()[0][0]
    assert pickle.loads(pickle.dumps(tagger)).find(page) == tagger.find(page)


def test_loading_and_finding_need_no_scikit_learn(tagger: QuotationTagger, tmp_path: Path) -> None:
    save_model(tagger.compile(), tmp_path)
    code = (
        "import sys; from stance.classifiers.saving import load_model\n"
        f"load_model({str(tmp_path)!r}, kind='quotations').find(['She said that it held.'])\n"
        "print(sorted({'sklearn', 'scipy', 'safetensors'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Mistakes


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_buckets": 1000}, "n_buckets = 1000, must be a power of two"),
        ({"n_epochs": 0}, "n_epochs = 0, must be a whole number >= 1"),
        ({"reach": 1.5}, "reach = 1.5, must be a whole number"),
        ({"dropout": 1}, "dropout = 1, must be >= 0 and < 1"),
        ({"held_out": -0.1}, "held_out = -0.1, must be >= 0"),
        ({"learning_rate": 0}, "learning_rate = 0, must be > 0"),
        ({"threshold": 1}, "threshold = 1, must be between 0 and 1"),
    ],
)
def test_a_parameter_out_of_range(change: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        QuotationTagger(**(SMALL | change)).fit(*corpus())


def test_articles_and_spans_must_fit() -> None:
    articles, spans = corpus()
    tagger = QuotationTagger(**SMALL)
    with pytest.raises(ValueError, match="expected spans for each of 20 articles, got 19"):
        tagger.fit(articles, spans[1:])
    with pytest.raises(ValueError, match="article 1: expected spans for each of 4 paragraphs"):
        tagger.fit(articles[:2], [spans[0], spans[1][1:]])
    with pytest.raises(ValueError, match=r"articles\[0\]: expected a list of paragraphs"):
        tagger.fit(["text"], [spans[0]])
    with pytest.raises(ValueError, match="expected attributions with a cue, got none"):
        tagger.fit(articles[:1], [[()] * 4])


def test_not_fitted() -> None:
    with pytest.raises(NotFittedError):
        QuotationTagger().find(["Nothing."])


def test_one_text_is_no_article(tagger: QuotationTagger) -> None:
    with pytest.raises(TypeError, match="expected a sequence of paragraphs, got one str"):
        tagger.find("She said that it held.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"words": None}, "expected an array 'words'"),
        ({"roles": None}, "expected the arrays"),
        ({"roles": np.zeros((3, 6), np.float32)}, r"array 'roles': expected floats of shape"),
        ({"end": np.zeros((16, 1), np.int64)}, "array 'end': expected floats"),
        ({"end": np.full((16, 1), np.nan, np.float32)}, "array 'end': expected finite values"),
        ({"lexicon_words": np.zeros(3, np.uint64)}, "array 'lexicon_classes': expected 3 hashes"),
        ({"lexicon_words": np.zeros(3, np.float32)}, "array 'lexicon_words': expected 3 hashes"),
        ({"words": np.zeros((1000, 12), np.float16)}, r"expected 2\*\*i word rows"),
    ],
)
def test_a_damaged_model(
    tagger: QuotationTagger, change: dict[str, np.ndarray | None], message: str
) -> None:
    scorer = tagger.compile()
    arrays = {k: v for k, v in (scorer.arrays() | change).items() if v is not None}
    with pytest.raises(ValueError, match=message):
        QuotationScorer.from_arrays(arrays, scorer.settings())


def test_a_damaged_threshold(tagger: QuotationTagger) -> None:
    scorer = tagger.compile()
    with pytest.raises(ValueError, match="setting 'threshold': expected a number, got 'half'"):
        QuotationScorer.from_arrays(scorer.arrays(), scorer.settings() | {"threshold": "half"})
    with pytest.raises(ValueError, match=r"threshold = 2\.0, must be between 0 and 1"):
        QuotationScorer.from_arrays(scorer.arrays(), scorer.settings() | {"threshold": 2.0})
