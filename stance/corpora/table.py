"""The catalogue as a table and a card as text: plain data and strings, for whoever prints them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from textwrap import fill
from typing import Any

from stance.corpora.card import Access, Card, Licence, Result, Task, Variant
from stance.corpora.shelf import available, catalogue

COLUMNS = ("corpus", "task", "unit", "language", "examples", "labels", "licence", "here")
"""Headings of the table that :func:`table_cells` fills."""

_WIDTH = 88


def catalogue_table(cards: Iterable[Card] | None = None) -> list[dict[str, Any]]:
    """One row per corpus and task, as JSON can hold it.

    Parameters
    ----------
    cards : iterable of Card, optional
        By default the whole catalogue.

    Returns
    -------
    list of dict
        Keys ``corpus``, ``title``, ``task``, ``unit``, ``language``, ``variant``, ``splits``
        (examples per split), ``labels`` (examples per split and label), ``faithfulness``,
        ``metric``, ``licence``, ``may_train_shipped``, ``access``, ``is_available``. Counts are
        those of the task's default variant.

    Examples
    --------
    >>> rows = catalogue_table()
    >>> [row["task"] for row in rows if row["corpus"] == "sample"]
    ['type', 'parts', 'stance']
    """
    rows = []
    for card in catalogue() if cards is None else cards:
        is_available = available(card.name)
        for task in card.tasks:
            variant = task.variants[0]
            rows.append(
                {
                    "corpus": card.name,
                    "title": card.title,
                    "task": task.name,
                    "unit": task.unit,
                    "language": task.language,
                    "variant": variant.name,
                    "splits": variant.splits,
                    "labels": {split: dict(counts) for split, counts in variant.counts.items()},
                    "faithfulness": task.faithfulness,
                    "metric": task.metric,
                    "licence": card.licence.name,
                    "may_train_shipped": card.licence.may_train_shipped,
                    "access": card.access.kind,
                    "is_available": is_available,
                }
            )
    return rows


def table_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The strings of one row of :func:`catalogue_table`, under :data:`COLUMNS`.

    Examples
    --------
    >>> row = catalogue_table()[0]
    >>> len(table_cells(row)) == len(COLUMNS)
    True
    """
    totals: dict[str, int] = {}
    for counts in row["labels"].values():
        for label, n in counts.items():
            totals[label] = totals.get(label, 0) + n
    return (
        row["corpus"],
        row["task"],
        row["unit"],
        row["language"],
        ", ".join(f"{split} {n:,}" for split, n in row["splits"].items()),
        ", ".join(f"{label} {n:,}" for label, n in totals.items()),
        row["licence"],
        "yes" if row["is_available"] else "no",
    )


def show_dict(card: Card) -> dict[str, Any]:
    """A card as JSON can hold it, with whether the corpus is on this machine."""
    return asdict(card) | {"is_available": available(card.name)}


def show_text(card: Card) -> str:
    """A card as a page of plain text, 88 columns wide but for addresses and citation.

    Examples
    --------
    >>> from stance.corpora.shelf import card
    >>> print(show_text(card("sample")).splitlines()[0])
    Sample corpus (sample)
    """
    heading = f"{card.title} ({card.name})"
    here = "on this machine" if available(card.name) else "not on this machine"
    blocks = [
        f"{heading}\n{'=' * len(heading)}",
        _paragraph(card.description),
        _paragraph(f"Labelled: {card.annotation}"),
        *(_task(task) for task in card.tasks),
        _list("Traps", card.traps),
        _list("Published results", [_result(result) for result in card.results]),
        _licence(card.licence),
        _access(card.access, here=here),
        card.citation.strip(),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _task(task: Task) -> str:
    about = f"{task.unit}s, {task.language}, labels {task.faithfulness}, measured by {task.metric}"
    lines = [f"Task {task.name}: {about}"]
    if task.note:
        lines.append(_paragraph(task.note, margin=2))
    lines += [_variant(variant) for variant in task.variants]
    if any(native != label for native, label in task.label_map.items()):
        pairs = ", ".join(f"{native} → {label}" for native, label in task.label_map.items())
        lines.append(_paragraph(f"Labels: {pairs}", margin=2))
    lines += [_paragraph(f"Column {name}: {what}", margin=2) for name, what in task.columns.items()]
    return "\n".join(lines)


def _variant(variant: Variant) -> str:
    lines = [_paragraph(f"Variant {variant.name}. {variant.note}", margin=2)]
    for split, counts in variant.counts.items():
        labels = ", ".join(f"{label} {n:,}" for label, n in counts.items())
        lines.append(_paragraph(f"{split} {variant.splits[split]:,}: {labels}", margin=4))
    return "\n".join(lines)


def _result(result: Result) -> str:
    where = f"{result.task}, {result.split}"
    return f"{where}: {result.metric} {result.value:g}, {result.system} ({result.source})"


def _licence(licence: Licence) -> str:
    allowed = {
        "train models that ship": licence.may_train_shipped,
        "show sentences": licence.may_show_text,
        "pass the texts on": licence.may_redistribute,
    }
    answers = "; ".join(f"{what}: {'yes' if is_ok else 'no'}" for what, is_ok in allowed.items())
    return _paragraph(f"Licence: {licence.name}. May one … {answers}. {licence.note}")


def _access(access: Access, *, here: str) -> str:
    lines = [f"Access: {access.kind}, {here}", f"  {access.upstream}"]
    if access.commit:
        lines.append(f"  commit {access.commit}")
    n, size = len(access.files), sum(file.bytes for file in access.files)
    if access.archive:
        n, size = access.archive.n_files, access.archive.bytes
    if n:
        lines.append(f"  {n:,} files, {size / 1e6:.1f} MB")
    if access.note:
        lines.append(_paragraph(access.note, margin=2))
    if access.kind == "agreement":  # the user puts them there, and has to know their names
        lines += [f"  {file.path}" for file in access.files]
    return "\n".join(lines)


def _list(title: str, items: Iterable[str]) -> str:
    lines = [_filled(f"- {item}", rest="  ") for item in items]
    return "\n".join([title, *lines]) if lines else ""


def _paragraph(text: str, margin: int = 0) -> str:
    return _filled(text, first=" " * margin, rest=" " * margin)


def _filled(text: str, *, first: str = "", rest: str = "") -> str:
    return fill(
        " ".join(text.split()),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,  # names, dates and anthology numbers hold them
    )
