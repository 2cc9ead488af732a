from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from stance.evaluation.perturbation import PERTURBATIONS
from stance.experiments.config import ConfigError, PerturbationName
from stance.experiments.result import Result
from stance.experiments.run import run_config
from stance.experiments.runs.data import DataError
from stance.passage import Passage

from .conftest import CONFIG, Corpus, Words

Write = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("classifiers", "plain_report")

PROBED = CONFIG + (
    "slices: [length, position, label]\n"
    "coverage: 0.9\n"
    "perturbations: [case, marks]\n"
    "learning_curve: [0.2, 1.0]\n"
    "learning_draws: 2\n"
)


def rows_of_model(folder: Path, model: str = "words") -> list[dict[str, Any]]:
    table = pq.read_table(folder / "predictions.parquet").to_pylist()
    return [row for row in table if row["model"] == model]


def test_config_that_asks_for_nothing_gets_what_costs_nothing(corpus: Corpus, write: Write) -> None:
    probes = run_config(write()).result.probes
    assert probes is not None
    assert (probes.model, probes.slices, probes.perturbations) == ("words", (), ())
    assert probes.conformal is None
    assert probes.learning_curve is None
    assert probes.coverage_risk is not None
    assert len(Words.fitted) == 1


def test_probes_survive_the_file(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write(PROBED))
    text = (outcome.folder / "results.json").read_text(encoding="utf-8")
    read = Result.from_json(text)
    assert read.to_json() == text
    assert read.probes is not None
    assert outcome.result.probes is not None
    assert read.probes.perturbations[0].labels[0].label
    assert [s.value for s in read.probes.slices] == [s.value for s in outcome.result.probes.slices]


def test_result_of_an_older_version_is_read(corpus: Corpus, write: Write) -> None:
    values = json.loads(run_config(write()).result.to_json())
    del values["probes"]
    for cell in values["cells"]:
        del cell["ablation"]
        for section, keys in (
            ("comparison", ("wins", "mcnemar_p", "detectable")),
            ("reliability", ("low", "high")),
        ):
            for key in keys if cell[section] else ():
                del cell[section][key]
    read = Result.from_json(json.dumps(values))
    assert read.probes is None
    assert read.cells[0].comparison is not None
    assert read.cells[0].comparison.detectable is None


def test_slices_are_scored_and_the_worst_stands_first(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write(PROBED))
    probes = outcome.result.probes
    assert probes is not None
    values = [one.score.value for one in probes.slices]
    assert values == sorted(values)
    rows = rows_of_model(outcome.folder)
    quote = next(s for s in probes.slices if (s.column, s.value) == ("label", "quote"))
    own = [row for row in rows if row["label"] == "quote"]
    assert quote.metric == "accuracy"
    assert quote.n_passages == len(own)
    assert quote.score.value == pytest.approx(np.mean([row["predicted"] == "quote" for row in own]))
    assert {s.value for s in probes.slices if s.column == "position"} == {
        "first paragraph",
        "first third",
        "middle third",
        "last paragraph",
    }
    sizes = [s.n_passages for s in probes.slices if s.column == "length"]
    assert sum(sizes) == 128


def test_columns_of_the_corpus_are_slices(corpus: Corpus, write: Write) -> None:
    for i, row in enumerate(corpus.splits["test"]):
        row["genre"] = "wire" if i < 60 else "op-ed"
    probes = run_config(write(CONFIG + "slices: [genre]\n")).result.probes
    assert probes is not None
    assert {(s.value, s.n_passages, s.n_groups) for s in probes.slices} == {
        ("wire", 60, 15),
        ("op-ed", 68, 17),
    }


def test_unknown_slice_is_refused_before_anything_is_trained(corpus: Corpus, write: Write) -> None:
    for row in corpus.splits["test"]:
        row["genre"] = "wire"
    with pytest.raises(DataError, match=r"slices\[0\] = 'gener', .*did you mean 'genre'\?"):
        run_config(write(CONFIG + "slices: [gener]\n"))
    assert not Words.fitted


def test_unknown_perturbation_is_told_with_the_line(corpus: Corpus, write: Write) -> None:
    with pytest.raises(ConfigError, match=r"perturbations\[0\] = 'typo', .*did you mean 'typos'"):
        run_config(write(CONFIG + "perturbations: [typo]\n"))


def test_config_knows_every_perturbation() -> None:
    assert set(PerturbationName.__args__) == set(PERTURBATIONS)


def test_coverage_falls_to_the_error_of_all(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write())
    assert outcome.result.probes is not None
    curve = outcome.result.probes.coverage_risk
    assert curve is not None
    rows = rows_of_model(outcome.folder)
    wrong = np.array([row["predicted"] != row["label"] for row in rows])
    sure = np.array([row["probability"] for row in rows])
    assert curve.risk[-1].value == pytest.approx(wrong.mean()) == curve.error
    for threshold, coverage, risk in zip(curve.threshold, curve.coverage, curve.risk, strict=True):
        assert coverage == pytest.approx((sure >= threshold).mean())
        assert risk.value == pytest.approx(wrong[sure >= threshold].mean())


def test_sets_are_calibrated_on_articles_that_were_left_out_of_training(
    corpus: Corpus, write: Write
) -> None:
    outcome = run_config(write(CONFIG + "coverage: 0.8\n"))
    assert outcome.result.probes is not None
    sets = outcome.result.probes.conformal
    assert sets is not None
    assert (sets.n_calibration, sets.n_calibration_groups) == (120, 30)
    assert len(Words.fitted) == 6  # the model, and five folds of the training articles
    assert all(p.group.startswith("train/") for fitted in Words.fitted for p in fitted)
    assert sets.coverage.value > 0.7
    assert 0.8 < sets.size.value < 3


def test_cross_validation_needs_no_further_training_for_sets(corpus: Corpus, write: Write) -> None:
    split = "split: {kind: group_kfold, n_splits: 4, pool: [train]}\n"
    probes = run_config(write(CONFIG + split + "coverage: 0.8\n")).result.probes
    assert probes is not None
    assert probes.conformal is not None
    assert probes.conformal.n_calibration == 120
    assert len(Words.fitted) == 4


def test_model_without_probabilities_has_no_sets_and_it_is_said(
    corpus: Corpus, write: Write
) -> None:
    text = CONFIG.replace("{kind: words}", "{kind: most}") + "coverage: 0.9\n"
    result = run_config(write(text)).result
    assert result.probes is not None
    assert result.probes.conformal is None
    assert result.probes.coverage_risk is None
    assert any(note.startswith("No conformal sets: words gives no") for note in result.notes)


def test_all_perturbations_come_from_one_training(corpus: Corpus, write: Write) -> None:
    probes = run_config(write(CONFIG + "perturbations: [case, typos, marks]\n")).result.probes
    assert probes is not None
    assert len(Words.fitted) == 2
    # The first word decides, and no text has quotation marks.
    case, typos = probes.perturbations
    assert (case.name, typos.name) == ("case", "typos")
    assert case.n_passages == 128
    assert case.expected == "stay"
    assert case.failed.value > 0.3  # "she" was never seen
    assert case.after.value < case.before.value
    assert [one.changed.value for one in case.labels] == sorted(
        (one.changed.value for one in case.labels), reverse=True
    )


def test_learning_curve_learns_from_whole_articles_and_reuses_the_headline(
    corpus: Corpus, write: Write
) -> None:
    outcome = run_config(write(CONFIG + "learning_curve: [1.0, 0.2]\nlearning_draws: 2\n"))
    assert outcome.result.probes is not None
    curve = outcome.result.probes.learning_curve
    assert curve is not None
    small, whole = curve.points
    assert (small.share, small.n_groups, len(small.draws)) == (0.2, 6, 2)
    assert (whole.share, whole.n_groups, whole.n_passages) == (1.0, 30, 120)
    assert whole.draws == (outcome.result.headline.value,)
    assert whole.score.value == outcome.result.headline.value
    assert len(Words.fitted) == 3
    assert all(len({p.group for p in fitted}) == 6 for fitted in Words.fitted[1:])
    assert curve.gain is not None
    assert curve.gain.value == pytest.approx(whole.score.value - np.mean(small.draws))


def test_second_run_trains_nothing_anew(corpus: Corpus, write: Write, project: Path) -> None:
    path = write(PROBED)
    first = run_config(path, out=project / "one").folder
    Words.fitted = []
    second = run_config(path, out=project / "two").folder
    assert not Words.fitted
    assert (first / "results.json").read_bytes() == (second / "results.json").read_bytes()


def test_probe_that_fails_is_told_and_the_others_stand(
    corpus: Corpus, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = Words.fit

    def picky(self: Words, X: Sequence[Passage], y: Sequence[str]) -> Words:
        if len(X) < 60:
            raise ValueError("too few")
        return fit(self, X, y)

    monkeypatch.setattr(Words, "fit", picky)
    result = run_config(write(PROBED)).result
    assert result.probes is not None
    assert result.probes.learning_curve is None
    assert result.probes.perturbations
    assert "The learning curve of words failed and is left out. ValueError: too few" in result.notes


def test_comparison_tells_what_the_test_set_can_show(corpus: Corpus, write: Write) -> None:
    words, _, coin = run_config(write()).result.cells
    for cell in (words, coin):
        found = cell.comparison
        assert found is not None
        gap = found.difference
        assert gap.low is not None
        assert gap.high is not None
        assert found.detectable == pytest.approx((gap.high - gap.low) / 3.92 * 2.8, rel=0.25)
        assert found.wins is not None
        assert 0 <= found.wins.value <= 1
        assert found.mcnemar_p is not None
    assert words.comparison is not None
    assert words.comparison.wins is not None
    assert words.comparison.wins.value > 0.5


def test_controls_and_variants_are_held_against_the_headline(corpus: Corpus, write: Write) -> None:
    text = CONFIG.replace(
        "baseline: majority\n",
        "  - {name: twin, role: variant, classifier: {kind: words}}\nbaseline: majority\n",
    )
    words, majority, coin, twin = run_config(write(text)).result.cells
    assert words.ablation is None
    assert majority.ablation is None
    assert coin.ablation is not None
    assert twin.ablation is not None
    assert coin.ablation.against == twin.ablation.against == "words"
    assert coin.ablation.difference.value == pytest.approx(
        coin.metrics["macro_f1"].value - words.metrics["macro_f1"].value
    )
    assert (twin.ablation.difference.value, twin.ablation.p_value) == (0.0, 1.0)
    assert twin.ablation.wins is None


def test_spread_over_seeds_stands_beside_the_sampling_error(corpus: Corpus, write: Write) -> None:
    outcome = run_config(write(CONFIG + "seeds: [3, 4, 5]\n"))
    assert outcome.result.probes is not None
    (spread,) = outcome.result.probes.seeds
    values = [c.metrics["macro_f1"].value for c in outcome.result.cells if c.model == "coin"]
    assert (spread.model, spread.seeds) == ("coin", (3, 4, 5))
    assert spread.values == pytest.approx(values)
    assert spread.deviation == pytest.approx(np.std(values, ddof=1))
    first = next(c for c in outcome.result.cells if c.model == "coin").metrics["macro_f1"]
    assert first.low is not None
    assert first.high is not None
    assert spread.sampling_error == pytest.approx((first.high - first.low) / 3.92, rel=0.3)


def test_bins_of_reliability_have_intervals(corpus: Corpus, write: Write) -> None:
    bins = run_config(write()).result.cells[0].reliability
    assert bins is not None
    assert len(bins.low) == len(bins.high) == len(bins.n)
    for low, accuracy, high in zip(bins.low, bins.accuracy, bins.high, strict=True):
        assert low is not None
        assert high is not None
        assert low <= accuracy <= high
