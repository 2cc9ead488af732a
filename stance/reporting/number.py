"""Numbers as a reader meets them: three digits, a true minus, intervals, shares."""

from __future__ import annotations

from math import isnan

from stance.experiments.result import Estimate

MISSING = "–"

_METRICS = {
    "macro_f1": "macro-F1",
    "micro_f1": "micro-F1",
    "f1": "F1",
    "accuracy": "accuracy",
    "f_avg": "F_avg",
    "weighted_score": "weighted score",
    "ece": "ECE",
    "log_loss": "log loss",
    "brier": "Brier score",
    "content_f1": "content F1",
    "content_f1/over_0.8": "content F1, overlap > 0.8",
    "content_f1/exact": "content F1, exact",
    "content_f1/pieces": "content F1, piece by piece",
    "content_f1/of_true_0.3": "content F1, > 0.3 of the true one",
    "content_f1/of_true_0.8": "content F1, > 0.8 of the true one",
    "cue_f1": "cue F1, exact",
    "source_exact": "right source, exact",
    "source_head": "right source, head word",
    "no_source": "no source where there is none",
    "attribution_f1": "content and source F1",
    "direct_f1": "F1 of direct quotations, overlap > 0.8",
    "direct_source_head": "right source of direct quotations",
    "voice_accuracy": "right voices of quotes",
    "all_accuracy": "right voices of all paragraphs",
    "chain_accuracy": "right voices with go-betweens",
    "via_accuracy": "right go-betweens",
    "source_precision": "right ones of sources given",
}


def decimal(value: float | None, *, is_signed: bool = False) -> str:
    """A number with three digits after the point.

    Parameters
    ----------
    value : float or None
        None and NaN give a dash.
    is_signed : bool
        Put a plus before what is greater than zero: for differences.

    Examples
    --------
    >>> decimal(0.5), decimal(-0.0312), decimal(0.0312, is_signed=True), decimal(None)
    ('0.500', '−0.031', '+0.031', '–')
    """
    if value is None or isnan(value):
        return MISSING
    text = f"{abs(value):.3f}"
    if float(text) == 0:
        return text
    return ("−" if value < 0 else "+" if is_signed else "") + text


def interval(estimate: Estimate, *, is_signed: bool = False) -> str:
    """The 95 % interval of an estimate; empty where none was computed.

    Examples
    --------
    >>> interval(Estimate(0.8, 0.75, 0.85)), interval(Estimate(0.1, -0.1, 0.3), is_signed=True)
    ('0.750–0.850', '−0.100 to +0.300')
    """
    if estimate.low is None or estimate.high is None:
        return ""
    low = decimal(estimate.low, is_signed=is_signed)
    high = decimal(estimate.high, is_signed=is_signed)
    return f"{low} to {high}" if is_signed or estimate.low < 0 else f"{low}–{high}"


def p_value(p: float | None) -> str:
    """A p-value with three digits; what is smaller than they can show is said to be smaller.

    Examples
    --------
    >>> p_value(0.0312), p_value(0.0002), p_value(None)
    ('0.031', '< 0.001', '–')
    """
    return "< 0.001" if p is not None and p < 0.001 else decimal(p)


def count(n: int) -> str:
    """A whole number, its thousands set apart.

    Examples
    --------
    >>> count(12480)
    '12,480'
    """
    return f"{n:,}"


def share(part: int, whole: int) -> str:
    """A part of a whole in per cent; a dash where the whole is empty.

    Examples
    --------
    >>> share(31, 120), share(0, 0)
    ('26 %', '–')
    """
    return f"{100 * part / whole:.0f} %" if whole else MISSING


def metric_name(metric: str) -> str:
    """A metric as the field writes it.

    ``without_duplicates`` is no label: it is the metric on the passages not seen in training.

    Examples
    --------
    >>> metric_name("macro_f1"), metric_name("recall/quote"), metric_name("strict_score")
    ('macro-F1', 'recall of quote', 'strict score')
    """
    if metric in _METRICS:
        return _METRICS[metric]
    name, _, label = metric.partition("/")
    name = _METRICS.get(name, name.replace("_", " "))
    if label == "without_duplicates":
        return f"{name} without duplicates"
    return f"{name} of {label}" if label else name


def per_cent(value: float) -> str:
    """A share in per cent with one digit.

    Examples
    --------
    >>> per_cent(0.0761)
    '7.6 %'
    """
    return f"{100 * value:.1f} %"
