"""Tables of a result: every number that it holds, once."""

from __future__ import annotations

from collections.abc import Mapping

from stance.experiments.result import Cell, Estimate, Result
from stance.reporting.figures import setting_of
from stance.reporting.number import count, decimal, metric_name, p_value, share
from stance.reporting.table import Column, Entry, Row, Table, estimated, scale_of


def model_table(result: Result, *, chosen: Cell) -> Table:
    """Every cell: the headline metric, accuracy, calibration, difference to the baseline."""
    metric = result.headline.metric
    metrics = list(dict.fromkeys((metric, "macro_f1", "accuracy", "ece")))
    unseen = f"{metric}/without_duplicates"
    if any(unseen in cell.metrics for cell in result.cells):
        metrics.insert(1, unseen)
    columns = [Column("Model"), *(Column(metric_name(name), is_number=True) for name in metrics)]
    found = [cell.comparison for cell in result.cells if cell.comparison is not None]
    if found:
        columns += [Column(_gap_heading(result), is_number=True), Column("p", is_number=True)]
    rows = []
    for cell in result.cells:
        entries = [Entry(cell.model, setting_of(cell, among=result.cells))]
        entries += [estimated(cell.metrics.get(name)) for name in metrics]
        if found:
            one = cell.comparison
            entries.append(estimated(one.difference if one else None, is_signed=True))
            entries.append(Entry(p_value(one.p_value if one else None)))
        rows.append(Row(tuple(entries), is_headline=cell is chosen))
    return Table(_n_sentence(result), tuple(columns), tuple(rows))


def label_table(cell: Cell) -> Table:
    """Precision, recall and F1 of every label, with the number of its passages."""
    scores = [
        cell.metrics[key] for key in (f"f1/{label}" for label in cell.labels) if key in cell.metrics
    ]
    scale = scale_of(scores)
    rows = []
    for i, label in enumerate(cell.labels):
        entries = [Entry(label, label=label)]
        for name in ("precision", "recall", "f1"):
            estimate = cell.metrics.get(f"{name}/{label}")
            entries.append(estimated(estimate, scale=scale if name == "f1" else None))
        entries.append(Entry(count(sum(cell.confusion[i]))))
        rows.append(Row(tuple(entries)))
    names = ("Precision", "Recall", "F1", "n")
    columns = (Column("Label"), *(Column(name, is_number=True) for name in names))
    return Table(
        f"{cell.model}; n counts the label's passages that got a prediction.", columns, tuple(rows)
    )


def confusion_table(cell: Cell) -> Table:
    """Counts and row shares: true labels in rows, predicted ones in columns."""
    columns = (
        Column("True label"),
        *(Column(f"as {name}", is_number=True) for name in cell.labels),
    )
    rows = tuple(
        Row((Entry(label, label=label), *(Entry(count(n), share(n, sum(row))) for n in row)))
        for label, row in zip(cell.labels, cell.confusion, strict=True)
    )
    return Table("True labels in rows, predicted labels in columns.", columns, rows)


def reliability_table(cell: Cell) -> Table | None:
    """Confidence, accuracy and size of every bin; None where the model gives no probabilities."""
    bins = cell.reliability
    if bins is None:
        return None
    names = ("Mean confidence", "Accuracy", "n")
    none = (None,) * len(bins.n)
    spans = (bins.confidence, bins.accuracy, bins.low or none, bins.high or none, bins.n)
    rows = tuple(
        Row((Entry(decimal(sure)), estimated(Estimate(right, low, high)), Entry(count(n))))
        for sure, right, low, high, n in zip(*spans, strict=True)
    )
    columns = tuple(Column(name, is_number=True) for name in names)
    return Table("Bins of the highest probability; empty bins are left out.", columns, rows)


def metric_table(cell: Cell) -> Table:
    """Every metric of a cell that is not a label's own."""
    own = {f"{name}/{label}" for name in ("precision", "recall", "f1") for label in cell.labels}
    rows = tuple(
        Row((Entry(metric_name(name)), estimated(estimate)))
        for name, estimate in cell.metrics.items()
        if name not in own
    )
    return Table(
        f"{cell.model} on {cell.corpus}, {cell.split}, seed {cell.seed}.",
        (Column("Metric"), Column("Value and 95 % interval", is_number=True)),
        rows,
    )


def data_table(result: Result) -> Table:
    """Articles, passages, and passages per label, for every corpus and split."""
    labels = list(dict.fromkeys(label for split in result.data for label in split.labels))
    names = ("Articles", "Paragraphs", *labels)
    columns = (Column("Corpus and split"), *(Column(name, is_number=True) for name in names))
    rows = tuple(
        Row(
            (
                Entry(split.corpus, split.split),
                Entry(count(split.n_groups)),
                Entry(count(split.n_passages)),
                *(
                    Entry(
                        count(split.labels.get(label, 0)),
                        share(split.labels.get(label, 0), split.n_passages),
                    )
                    for label in labels
                ),
            )
        )
        for split in result.data
    )
    return Table("Shares are of the split's paragraphs.", columns, rows)


def environment_table(environment: Mapping[str, object]) -> Table:
    """What the run ran on, nested keys joined by points."""
    rows = tuple(Row((Entry(key), Entry(value))) for key, value in _flat(environment))
    return Table("Versions and machine of the run.", (Column("Key"), Column("Value")), rows)


def _flat(values: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in values.items():
        if isinstance(value, Mapping):
            pairs += _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list | tuple):
            pairs.append((f"{prefix}{key}", ", ".join(map(str, value))))
        else:
            pairs.append((f"{prefix}{key}", str(value)))
    return pairs


def _gap_heading(result: Result) -> str:
    found = [cell.comparison for cell in result.cells if cell.comparison is not None]
    metrics, names = {c.metric for c in found}, {c.against for c in found}
    against = f"to {names.pop()}" if len(names) == 1 else "to baseline"
    is_other = metrics != {result.headline.metric}
    metric = f" ({', '.join(map(metric_name, sorted(metrics)))})" if is_other else ""
    return f"Difference {against}{metric}"


def _n_sentence(result: Result) -> str:
    head = result.headline
    return (
        f"Headline test set: {head.corpus}, split {head.split}; {count(head.n_groups)} articles, "
        f"{count(head.n_passages)} paragraphs. Ranges are 95 % intervals over articles; "
        "p is two-sided and corrected for the number of comparisons."
    )
