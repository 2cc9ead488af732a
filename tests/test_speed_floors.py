"""Speed floors: the fast path stays fast, and as good, beside scikit-learn's own pipeline.

The full floors are held against the committed report of ``experiments/speed/ngrams.yaml``, which
was measured on some twenty thousand paragraphs. What is measured here, on the nine hundred of the
sample corpus, has floors of its own, about half of what an idle machine shows (labelling 55 times,
16 from an empty word table, learning 5.5 times): a machine that others use must not fail them, a
slow path must.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.corpora import load
from stance.evaluation.timing import Task, interleaved, ratio
from stance.experiments.result import Result
from stance.experiments.speed.contenders import HashedNgrams, SklearnTfidf

REPORT = Path(__file__).parents[1] / "reports" / "speed" / "ngrams" / "results.json"
PREDICT_FLOOR, COLD_FLOOR, FIT_FLOOR, F1_FLOOR = 40, 20, 4, -0.005
SMALL_PREDICT_FLOOR, SMALL_COLD_FLOOR, SMALL_FIT_FLOOR, SMALL_F1_FLOOR = 25, 7, 2.5, -0.02
N_ATTEMPTS = 5


def test_the_committed_report_holds_the_floors():
    result = Result.from_json(REPORT.read_text(encoding="utf-8"))
    speed = result.cells[0].metrics
    labelled = next(c for c in result.cells if c.labels and c.model == result.headline.model)
    assert result.headline.metric == "predict_ratio" and result.headline.value >= PREDICT_FLOOR
    assert speed["predict_ratio/cold"].value >= COLD_FLOOR
    assert labelled.metrics["fit_ratio"].value >= FIT_FLOOR
    assert labelled.comparison is not None
    assert labelled.comparison.against == "scikit-learn"
    assert labelled.comparison.difference.value >= F1_FLOOR
    assert labelled.metrics["model_bytes"].value <= 8e6
    assert labelled.metrics["load_seconds"].value <= 0.05


@pytest.mark.slow
def test_the_sample_corpus_holds_smaller_floors():
    from sklearn.metrics import f1_score

    train, test = (load("sample", split=s, task="type") for s in ("train", "validation+test"))
    texts, labels = list(train["text"]), list(train["label"])
    ours, theirs = HashedNgrams(), SklearnTfidf()
    for contender in (ours, theirs):
        contender.fit(texts, labels)
    scores = [
        f1_score(list(test["label"]), list(one.predict(list(test["text"]))), average="macro")
        for one in (ours, theirs)
    ]
    assert scores[0] - scores[1] >= SMALL_F1_FLOOR

    best = {"fit": 0.0, "predict": 0.0, "cold": 0.0}
    floors = {"fit": SMALL_FIT_FLOOR, "predict": SMALL_PREDICT_FLOOR, "cold": SMALL_COLD_FLOOR}
    for _ in range(N_ATTEMPTS):  # one quiet attempt is enough
        for name, value in measured(ours, theirs, texts, labels).items():
            best[name] = max(best[name], value)
        if all(best[name] >= floors[name] for name in floors):
            return
    pytest.fail(f"below the floors {floors} in {N_ATTEMPTS} attempts: {best}")


def measured(
    ours: HashedNgrams, theirs: SklearnTfidf, texts: list[str], labels: list[str]
) -> dict[str, float]:
    """How many times as fast as scikit-learn, median of three rounds."""
    seconds = interleaved(
        {
            "fit": Task(lambda _: HashedNgrams().fit(texts, labels)),
            "their fit": Task(lambda _: SklearnTfidf().fit(texts, labels)),
            "predict": Task(lambda _: ours.predict(texts), lambda: ours.predict(texts)),
            "cold": Task(lambda _: ours.predict(texts), ours.forget),
            "their predict": Task(lambda _: theirs.predict(texts)),
        },
        n_rounds=3,
    )
    pairs = {"fit": "their fit", "predict": "their predict", "cold": "their predict"}
    return {name: ratio(seconds[their], seconds[name]).value for name, their in pairs.items()}
