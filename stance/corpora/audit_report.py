"""An audit as files: the numbers as JSON, tables for reading, one figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from stance.corpora.evidence import NEAR, Audit, Overlap, Row, SplitAudit

BLUE, ORANGE, VERMILION, GREY = "#0072B2", "#E69F00", "#D55E00", "#555555"
"""Okabe and Ito's colours, which stay apart for colour-blind readers; dark to light in grey too."""


def write_audit(audit: Audit, folder: Path) -> tuple[Path, ...]:
    """Paths of the files written: ``<name>.json``, ``.md``, ``.svg`` and ``.png``.

    The same audit gives the same bytes. Each file appears whole or not at all. The name is the
    corpus's; a second task or variant in the same folder gets it joined on by ``-``.

    Parameters
    ----------
    audit : Audit
    folder : Path
        Made where it does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / file_name(audit)
    content = {
        ".json": audit.to_json().encode(),
        ".md": as_markdown(audit, figure=f"{stem.name}.svg").encode(),
        **_drawn(audit),
    }
    for suffix, data in content.items():
        beside = folder / f".{uuid4().hex}"
        beside.write_bytes(data)
        beside.replace(folder / f"{stem.name}{suffix}")
    return tuple(folder / f"{stem.name}{suffix}" for suffix in content)


def file_name(audit: Audit) -> str:
    """The corpus's name, with the task and variant where they are not what audits default to.

    Examples
    --------
    >>> file_name(Audit("own", "", "", (), (), 0, 0))
    'own'
    """
    from stance.corpora import card, corpus_names

    parts = [audit.corpus]
    if audit.corpus in corpus_names():
        tasks = card(audit.corpus).tasks
        task = card(audit.corpus).task(audit.task)
        fullest = max(task.variants, key=lambda v: sum(v.splits.values()))
        parts += [audit.task] * (task != tasks[0])
        parts += [audit.variant] * (audit.variant != fullest.name)
    return "-".join(parts)


def finding(audit: Audit) -> str:
    """The audit in one sentence: what of a split, the last if it has any, stands in earlier ones.

    Examples
    --------
    >>> finding(Audit("own", "", "", (), (), 0, 0))
    'own has one split: nothing can leak'
    """
    if not audit.overlaps:
        return f"{audit.corpus} has one split: nothing can leak"
    last = next((o for o in reversed(_against_all(audit)) if o.near), None)
    if last is None:
        return f"{audit.corpus}: no text stands in two splits, nor nearly"
    return (
        f"{audit.corpus}: {last.near:,} of {last.n_rows:,} rows of {last.split} stand in "
        f"{last.reference.replace('+', ' or ')}, {last.as_written:,} of them as written"
    )


def as_markdown(audit: Audit, *, figure: str) -> str:
    """Tables and what their columns mean, for reading."""
    scope = " / ".join(part for part in (audit.corpus, audit.task, audit.variant) if part)
    lines = [
        f"# Audit: {scope}",
        "",
        finding(audit) + ".",
        "",
        f"![{_alt(audit)}]({figure})",
        "",
        "## Splits",
        "",
        *_table(audit.split_rows()),
        "",
        "*texts*: different ones as written; *folded*: without case, punctuation and white space; "
        "*questions*: different combinations of text, target, voice and place of the target; *near "
        f"duplicates*: texts with a Jaccard similarity of at least {NEAR:g}, over shingles of five "
        "characters, to another one of the split.",
        "",
    ]
    if audit.overlaps:
        lines += [
            "## Between splits",
            "",
            *_table(audit.overlap_rows()),
            "",
            "Rows of the split that stand in the other one: with the same text as written; asking "
            "the same question; with the same text folded; folded or as a near duplicate; with the "
            "same question under another label only. Then articles and targets that stand in both.",
            "",
        ]
    lines += [
        "## Labels",
        "",
        f"Questions that bear more than one label: {audit.n_conflicts:,}. Rows that ask them: "
        f"{audit.rows_in_conflict:,}.",
        "",
        *_table(_label_rows(audit)),
        "",
    ]
    return "\n".join(lines)


def _label_rows(audit: Audit) -> list[Row]:
    names = sorted({label for split in audit.splits for label in split.labels})
    return [
        {"label": name, **{split.split: split.labels.get(name, 0) for split in audit.splits}}
        for name in names
    ]


def _table(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    head = list(rows[0])
    body = [[_cell(row[name]) for name in head] for row in rows]
    rule = [":--"] + ["--:"] * (len(head) - 1)
    return ["| " + " | ".join(line) + " |" for line in (head, rule, *body)]


def _cell(value: str | int | float) -> str:
    if isinstance(value, str):
        return value.replace("|", "\\|")
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def _against_all(audit: Audit) -> list[Overlap]:
    """For each split after the first, its overlap with everything before it."""
    return list({overlap.split: overlap for overlap in audit.overlaps}.values())


def _alt(audit: Audit) -> str:
    medians = ", ".join(f"{split.split} {split.words[3]:g}" for split in audit.splits)
    return f"{finding(audit)}. Median words per text: {medians}"


def _drawn(audit: Audit) -> dict[str, bytes]:
    """The figure, as vectors and as pixels; the same bytes each time."""
    from io import BytesIO

    import matplotlib as mpl
    from matplotlib.figure import Figure

    found = {}
    with mpl.rc_context({"svg.hashsalt": audit.corpus, "font.size": 9}):
        figure = Figure(figsize=(8, 1.4 + 0.45 * len(audit.splits)), layout="constrained")
        figure.suptitle(finding(audit), fontsize=10)
        left, right = figure.subplots(1, 2, sharey=True)
        _draw_lengths(left, audit.splits)
        _draw_leaks(right, audit)
        for axes in (left, right):
            axes.spines[["top", "right"]].set_visible(False)
        for suffix, metadata in ((".svg", {"Date": None}), (".png", {"Software": None})):
            data = BytesIO()
            figure.savefig(data, format=suffix[1:], dpi=150, metadata=metadata)
            found[suffix] = data.getvalue()
    return found


def _draw_lengths(axes: Any, splits: Sequence[SplitAudit]) -> None:
    """A bar from the 25 % to the 75 % quantile, a line from 5 % to 95 %, a stroke at the median."""
    for y, split in enumerate(splits):
        _, low, first, median, third, high, _ = split.words
        axes.plot([low, high], [y, y], color=GREY, linewidth=1, zorder=0)
        axes.barh(y, third - first, left=first, height=0.5, color=BLUE)
        axes.plot([median, median], [y - 0.25, y + 0.25], color="white", linewidth=2)
    axes.set_xlabel("words per text (5, 25, 50, 75, 95 %)")
    axes.set_xlim(left=0)
    axes.set_yticks(range(len(splits)), [f"{s.split} ({s.n_rows:,} rows)" for s in splits])
    axes.set_ylim(len(splits) - 0.5, -0.5)


def _draw_leaks(axes: Any, audit: Audit) -> None:
    """Rows that stand in an earlier split: as written, only when folded, only nearly."""
    places = {split.split: y for y, split in enumerate(audit.splits)}
    parts = (("as written", VERMILION), ("folded", ORANGE), ("near", GREY))
    overlaps = _against_all(audit)
    for overlap in overlaps:
        y, left = places[overlap.split], 0
        shares = (overlap.as_written, overlap.folded, overlap.near)
        for (_, colour), total in zip(parts, shares, strict=True):
            axes.barh(y, total - left, left=left, height=0.5, color=colour)
            left = max(left, total)
        axes.text(left, y, f" {overlap.near:,}", va="center")
    for name, colour in parts:
        axes.barh(0, 0, color=colour, label=name)
    axes.set_xlim(0, 1.2 * max([overlap.near for overlap in overlaps] + [1]))
    axes.set_xlabel("rows that stand in an earlier split")
    axes.legend(loc="upper right", frameon=False, fontsize=8)
