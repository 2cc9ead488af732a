"""Tables of the probes: every number that they hold, once."""

from __future__ import annotations

from stance.experiments.result import Cell, Comparison, Result
from stance.experiments.scores.probes import (
    Conformal,
    CoverageRisk,
    LearningCurve,
    Perturbation,
    SeedSpread,
    Slice,
)
from stance.reporting.figures import setting_of
from stance.reporting.number import count, decimal, metric_name, p_value, per_cent
from stance.reporting.table import Column, Entry, Row, Table, estimated, scale_of


def slices_table(slices: tuple[Slice, ...]) -> Table:
    """Slices, the worst first."""
    metrics = list(dict.fromkeys(one.metric for one in slices))
    scale = scale_of([one.score for one in slices])
    rows = tuple(
        Row(
            (
                Entry(one.value, one.column.replace("_", " ")),
                Entry(count(one.n_passages)),
                Entry(count(one.n_groups)),
                estimated(one.score, scale=scale),
                estimated(one.accuracy),
                estimated(one.difference, is_signed=True),
                Entry(p_value(one.p_value)),
            )
        )
        for one in slices
    )
    score = metric_name(metrics[0]) if len(metrics) == 1 else "Score"
    names = ("n", "Articles", score, "accuracy", "Difference to the rest", "p")
    mixed = "" if len(metrics) == 1 else " The score of a label is its accuracy."
    return Table(
        "Headline model on parts of the test set, worst first. Macro-F1 is over the labels that "
        f"occur in the slice.{mixed} p is corrected for all slices tested; a slice in fewer than "
        "five articles has neither interval nor test.",
        (Column("Slice"), *(Column(name, is_number=True) for name in names)),
        rows,
    )


def coverage_table(curve: CoverageRisk) -> Table:
    """Risk at each threshold."""
    rows = tuple(
        Row((Entry(decimal(at)), Entry(per_cent(coverage)), estimated(risk)))
        for at, coverage, risk in zip(curve.threshold, curve.coverage, curve.risk, strict=True)
    )
    names = ("Answered from probability", "Answered", "Share of wrong answers")
    return Table(
        f"Area under the curve: {decimal(curve.area.value)} "
        f"({decimal(curve.area.low)}–{decimal(curve.area.high)}); {decimal(curve.error)} for "
        f"probabilities that say nothing, {decimal(curve.best_area)} for the best order of the "
        "same answers.",
        tuple(Column(name, is_number=True) for name in names),
        rows,
    )


def sets_table(sets: Conformal) -> Table:
    """Coverage of conformal sets, over all and by label, with their size."""
    rows = [
        Row((Entry("all"), estimated(sets.coverage), estimated(sets.size), estimated(sets.single)))
    ]
    rows += [
        Row((Entry(label, label=label), estimated(one), Entry("–"), Entry("–")))
        for label, one in sets.labels.items()
    ]
    names = ("Coverage", "Mean size", "Share with one label")
    least = "every label" if sets.threshold is None else f"≥ {decimal(1 - sets.threshold)}"
    return Table(
        f"Level {sets.level:g}; a label is in the set if its probability is {least}, found on "
        f"{count(sets.n_calibration)} passages of {count(sets.n_calibration_groups)} articles that "
        "the model behind their probabilities had not learned from.",
        (Column("True label"), *(Column(name, is_number=True) for name in names)),
        tuple(rows),
    )


def perturbations_table(found: tuple[Perturbation, ...]) -> Table:
    """Failures of every perturbation, with accuracy before and after and the worst label."""
    rows = tuple(
        Row(
            (
                Entry(one.name, one.what),
                Entry(one.expected),
                Entry(count(one.n_passages)),
                estimated(one.failed),
                estimated(one.before),
                estimated(one.after),
                _worst(one),
            )
        )
        for one in sorted(found, key=lambda one: -one.failed.value)
    )
    names = ("n", "Labels that fail", "Right before", "Right after", "Worst label")
    columns = (Column("Change"), Column("Labels should"))
    return Table(
        "n counts the passages whose text was changed. A label fails that changes where it should "
        "stay, or stays where it should change; labels are those given before the change.",
        (*columns, *(Column(name, is_number=True) for name in names)),
        rows,
    )


def learning_table(curve: LearningCurve) -> Table:
    """The metric by share of the training articles; spread over draws beside sampling error."""
    rows = tuple(
        Row(
            (
                Entry(f"{100 * one.share:g} %"),
                Entry(f"{one.n_groups:,.0f}"),
                Entry(f"{one.n_passages:,.0f}"),
                estimated(one.score),
                Entry(", ".join(decimal(value) for value in one.draws)),
            )
        )
        for one in curve.points
    )
    names = ("Share", "Articles", "Paragraphs", metric_name(curve.metric), "Each draw")
    return Table(
        "Mean over draws of training articles, its interval over articles of the test set alone; "
        "how far the draws differ stands apart.",
        tuple(Column(name, is_number=True) for name in names),
        rows,
    )


_SECOND = (
    "McNemar's test is of accuracy, passage by passage, and too sure of itself where passages "
    "share articles. Won: of the passages that only one of the two gets right, the share that this "
    "model does (Cohen's g is its distance from 0.5)."
)
_DETECTABLE = (
    "Detectable: the least true difference found with power 0.8 at level 0.05 on this test set."
)


def differences_table(result: Result, *, is_ablation: bool = False) -> Table | None:
    """Comparisons with what else is known of them; None where there are none.

    Parameters
    ----------
    is_ablation : bool
        Against the headline model, else against the baseline.
    """
    pairs = [(cell, _comparison(cell, is_ablation=is_ablation)) for cell in result.cells]
    found = [(cell, one) for cell, one in pairs if one is not None]
    if not found:
        return None
    # Where an answer is not simply right or wrong, there is no test passage by passage.
    has_second = any(one.mcnemar_p is not None for _, one in found)
    rows = tuple(
        Row(
            (
                Entry(cell.model, f"against {one.against}{_seed(cell, result)}"),
                estimated(one.difference, is_signed=True),
                Entry(p_value(one.p_value)),
                *([Entry(p_value(one.mcnemar_p)), estimated(one.wins)] if has_second else []),
                Entry(decimal(one.detectable)),
            )
        )
        for cell, one in found
    )
    second = ("p (McNemar)", "Won") if has_second else ()
    names = ("Difference", "p", *second, "Detectable")
    caption = f"{_SECOND} {_DETECTABLE}" if has_second else _DETECTABLE
    return Table(caption, (Column("Model"), *(Column(n, is_number=True) for n in names)), rows)


def seeds_table(spreads: tuple[SeedSpread, ...]) -> Table:
    """Spread over seeds beside the sampling error."""
    rows = tuple(
        Row(
            (
                Entry(one.model, f"{len(one.seeds)} seeds"),
                Entry(decimal(one.mean)),
                Entry(decimal(one.deviation)),
                Entry(decimal(one.sampling_error)),
                Entry(", ".join(decimal(value) for value in one.values)),
            )
        )
        for one in spreads
    )
    names = ("Mean", "Deviation over seeds", "Sampling error", "Each seed")
    metric = metric_name(spreads[0].metric) if spreads else ""
    return Table(
        f"{metric}: standard deviation over seeds (training), and standard error over resampled "
        "articles of the first seed (test set). Intervals in this report hold the second alone.",
        (Column("Model"), *(Column(name, is_number=True) for name in names)),
        rows,
    )


def calibration_table(result: Result) -> Table | None:
    """Brier score, log-loss and ECE of every cell that has them."""
    rows = tuple(
        Row(
            (
                Entry(cell.model, setting_of(cell, among=result.cells)),
                *(estimated(cell.metrics.get(name)) for name in ("brier", "log_loss", "ece")),
            )
        )
        for cell in result.cells
        if "brier" in cell.metrics
    )
    names = ("Brier score", "log-loss", "ECE")
    columns = (Column("Model"), *(Column(name, is_number=True) for name in names))
    return Table("Lower is better; 95 % intervals over articles.", columns, rows) if rows else None


def _seed(cell: Cell, result: Result) -> str:
    """The seed, where there are several."""
    return f" · seed {cell.seed}" if len({other.seed for other in result.cells}) > 1 else ""


def _comparison(cell: Cell, *, is_ablation: bool) -> Comparison | None:
    return cell.ablation if is_ablation else cell.comparison


def _worst(one: Perturbation) -> Entry:
    """The label that fails most; one with few passages only where there is no other."""
    large = [label for label in one.labels if label.n >= 10] or list(one.labels)
    if not large:
        return Entry("–")
    worst = large[0] if large[0].changed.value or one.expected == "change" else one.labels[0]
    if not worst.changed.value and one.expected == "stay":
        return Entry("none")
    share = worst.changed.value if one.expected == "stay" else 1 - worst.changed.value
    return Entry(f"{worst.label} {per_cent(share)}", f"n {count(worst.n)}")
