from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from stance.experiments.configs.registry import KINDS
from stance.experiments.result import Result
from stance.reporting.cited import Citation, as_latex, as_markdown, as_plain, cited
from stance.reporting.classifier_words import classifier_words
from stance.reporting.methods import entries_for, methods_pieces

CONFIG: dict[str, Any] = {
    "corpus": {"name": "sample", "task": "type", "hide": ["voice"]},
    "split": {"kind": "official", "train": ["train"], "test": "test"},
    "models": [
        {
            "name": "ngram-linear",
            "role": "model",
            "classifier": {"kind": "hashed_ngrams", "C": 0.5, "word_range": [1, 2]},
        },
        {"name": "majority", "role": "baseline", "classifier": {"kind": "majority"}},
    ],
    "seeds": [0, 1],
    "bootstrap": {"n_resamples": 10000, "seed": 0},
}
ENVIRONMENT = {"versions": {"python": "3.11.7", "stance-lab": "0.1.0", "numpy": "2.4.6"}}


def told(result: Result, **changes: Any) -> str:
    return as_plain(methods_pieces(result, CONFIG | changes, ENVIRONMENT))


def test_paragraph_tells_corpus_split_sizes_models_and_versions(result: Result) -> None:
    text = told(result)
    for words in (
        "We used the sample corpus [@stance-sample] (task type, language en), whose labels are "
        "machine-made.",
        "Every paragraph has one of the labels disclaimer, quote, analysis and report.",
        "no model saw the voice.",
        "Models learned from the train split (312 articles, 7,418 paragraphs) and were tested on "
        "the test split (84 articles, 2,004 paragraphs).",
        "The model ngram-linear is a linear support vector machine",
        "with C = 0.5, word_range = 1, 2.",
        "The baseline majority always gives the commonest label of the training data.",
        "were trained with the seeds 0 and 1.",
        "The metric is macro-F1",
        "the middle 95 % of 10,000 bootstrap resamples of articles [@efron-tibshirani-1993-boot",
        "Differences to the baseline tf-idf + SVM were tested two-sided",
        "corrected by Holm's method [@holm-1979-multiple] for 4 comparisons.",
        "by the expected calibration error [@naeini-etal-2015-calibrated] and by the Brier score",
        "computed with stance-lab 0.1.0 [@stance-lab], on Python 3.11.7 and numpy 2.4.6.",
    ):
        assert words in text
    assert "  " not in text


def test_paragraph_says_nothing_of_how_it_came_out(result: Result) -> None:
    assert "0.812" not in told(result)
    assert "0.0124" not in told(result)


def test_every_key_that_is_cited_has_an_entry(result: Result) -> None:
    config = CONFIG | {"models": [{"name": k, "classifier": {"kind": k}} for k in KINDS]}
    config |= {"coverage": 0.9, "perturbations": ["typos"], "learning_curve": [0.5, 1.0]}
    keys = cited(methods_pieces(result, config, ENVIRONMENT))
    assert set(keys) <= set(entries_for(result, ENVIRONMENT))
    assert {"sadinle-etal-2019-least", "ribeiro-etal-2020-beyond"} <= set(keys)


def test_finders_and_namers_are_told_in_their_own_words(result: Result) -> None:
    models = [
        {"name": "x", "finder": {"kind": "rules"}},
        {"name": "y", "role": "baseline", "finder": {"kind": "regex_nearest", "min_words": 2}},
        {"name": "z", "finder": {"kind": "textacy"}},
    ]
    text = told(
        replace(result, headline=replace(result.headline, metric="content_f1")), models=models
    )
    assert "The model x finds attributions by hand-written rules and learns nothing." in text
    assert "The baseline y takes what stands in quotation marks" in text
    assert ", with min_words = 2." in text and "krestel-etal-2008-minding" in text
    assert "overlap by more than 0.3" in text and "asr-etal-2021-tracker" in text
    namer = {"kind": "rules"}
    models = [{"name": "x", "namer": namer, "types": "predicted", "classifier": {"kind": "a"}}]
    assert "names voices by hand-written rules and learns nothing, given predicted types." in told(
        result, models=models
    )


def test_kind_without_a_sentence_is_told_by_its_docstring() -> None:
    for kind in KINDS:
        words, _ = classifier_words(kind)
        assert re.match(r"(is|always|applies|joins) ", words), kind
        assert "\n" not in words
    assert classifier_words("of_tomorrow") == ("is a classifier of the kind of_tomorrow", ())


def test_cross_validation_and_validation_are_told(result: Result) -> None:
    split = {"kind": "group_kfold", "n_splits": 4, "seed": 7}
    assert "Scores come from 4-fold cross-validation over 84 articles" in told(result, split=split)
    more = replace(result, data=(*result.data, replace(result.data[0], split="validation")))
    split = {"kind": "official", "validation": "validation"}
    assert "the validation split (312 articles, 7,418 paragraphs) was left aside" in told(
        more, split=split
    )


def test_split_of_an_unknown_kind_costs_no_report(result: Result) -> None:
    text = told(result, split={"kind": "by_moonlight"})
    assert "The data were divided as the config says (train 312 articles" in text


def test_empty_config_and_environment_cost_no_report(result: Result) -> None:
    text = as_plain(methods_pieces(result, {}, {}))
    assert text.endswith("All was computed with stance-lab [@stance-lab].")


def test_control_and_probes_are_told(result: Result) -> None:
    control = {"name": "no text", "control": "text-removed", "classifier": {"kind": "majority"}}
    text = told(result, models=[*CONFIG["models"], control], slices=["outlet", "length"])
    assert "The control no text is the first model with its input changed (text-removed)." in text
    assert "It is scored by outlet, length." in text


def test_shuffled_labels_are_told_with_their_reference(result: Result) -> None:
    control = {"name": "dealt", "control": "labels-shuffled", "classifier": {"kind": "majority"}}
    text = told(result, models=[*CONFIG["models"], control])
    assert "The control dealt is the first model after learning from the training labels in" in text
    assert "random order [@ojala-garriga-2010-permutation], a new order for each seed." in text
    assert "ojala-garriga-2010-permutation" in entries_for(result, ENVIRONMENT)


def test_table_of_ones_own_is_named(result: Result) -> None:
    head = replace(result.headline, corpus="mine_1.csv")
    mine = replace(result, headline=head, data=())
    pieces = methods_pieces(mine, CONFIG | {"corpus": {"name": "mine_1.csv"}}, ENVIRONMENT)
    assert as_plain(pieces).startswith("We used the table mine_1.csv. Every passage has")
    assert as_markdown(pieces).startswith("We used the table mine\\_1.csv.")
    assert as_latex(pieces).startswith(r"We used the table mine\_1.csv.")


def test_words_are_escaped_and_citations_are_not() -> None:
    pieces = ["Model a_b", Citation(("x_1", "y")), " of <b> 100 % [z](u). ", "0. End"]
    assert as_markdown(pieces) == "Model a\\_b [@x_1; @y] of &lt;b&gt; 100 % \\[z\\](u). 0. End"
    assert as_latex(pieces) == (
        r"Model a\_b~\citep{x_1,y} of \textless{}b\textgreater{} 100 \% {[}z{]}(u). 0. End"
    )
