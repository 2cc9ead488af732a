"""PolNeAR: political news with every attribution marked: who says it, by which words, what."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from stance.article import Span
from stance.corpora.example import Example
from stance.passage import chained

_LINE = re.compile(r"[^\n]*\S")
_ROLE = re.compile(r"(Source|Cue|Content)\d*")
_ROLES = ("source", "cue", "content")


class _Attribution(NamedTuple):
    id: str
    trigger: list[Span]  # what the annotators clicked on, mostly the cue
    spans: dict[str, list[Span]]  # by role, on the article's text


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """Paragraphs with whether they are mostly attributed content, and with the attributions."""
    data = folder / "data"
    headlines = _headlines(data / "metadata.tsv")
    for split in ("train", "dev", "test"):
        for path in sorted((data / split / "text").glob("*.txt")):
            # Several people labelled some of the articles: the first by name is taken.
            labels = min((data / split / "attributions").glob(f"{path.stem}_????.ann"))
            text = path.read_bytes().decode("utf-8")
            attributions = _attributions(labels.read_bytes().decode("utf-8"))
            for example in _article(text, attributions, split=split, group=path.stem):
                yield _with_headline(example, headlines.get(path.stem, ""), task)


def short_name(document: str) -> str:
    """Outlet, date and a hash in place of the headline that a document's name spells out.

    Examples
    --------
    >>> short_name("courier_2016-03-01_a-long-headline-in-full_6b86")
    'courier_2016-03-01_780205bb'
    """
    lead = "_".join(document.split("_")[:2])
    return f"{lead}_{hashlib.sha256(document.encode()).hexdigest()[:8]}"


def _headlines(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["filename"]: row["title"] for row in rows}


def _article(
    text: str, attributions: list[_Attribution], *, split: str, group: str
) -> Iterator[Example]:
    """A paragraph is a line with words in it; offsets become the paragraph's own."""
    lines = [Span(*match.span()) for match in _LINE.finditer(text)]
    lines = [Span(b - len(text[a:b].lstrip()), b) for a, b in lines]
    is_content = bytearray(len(text))
    for start, end in (span for found in attributions for span in found.spans["content"]):
        is_content[start:end] = b"\1" * (end - start)
    passages = chained([text[a:b] for a, b in lines], group=group)
    for line, passage in zip(lines, passages, strict=True):
        share = is_content.count(1, line.start, line.end) / (line.end - line.start)
        begun = [found for found in attributions if line.start <= _start(found) < line.end]
        yield Example(
            id=f"{short_name(group)}#{passage.index}",
            split=split,
            passage=passage,
            label="quote" if share >= 0.5 else "other",
            extra={
                "content_share": share,
                "attributions": [_relative(found, line, text) for found in begun],
            },
        )


def _with_headline(example: Example, headline: str, task: str) -> Example:
    passage = replace(example.passage, headline=headline)
    return replace(example, passage=passage, label=example.label if task == "quote" else None)


def _start(attribution: _Attribution) -> int:
    """Where its content begins; its trigger, where it has no content."""
    return min(attribution.spans["content"] or attribution.trigger).start


def _relative(attribution: _Attribution, line: Span, text: str) -> dict[str, Any]:
    """The attribution on its paragraph's text; what lies in another paragraph is left out."""
    found: dict[str, Any] = {"id": attribution.id}
    for role, spans in attribution.spans.items():
        clipped = [(max(a, line.start), min(b, line.end)) for a, b in spans]
        found[role] = [[a - line.start, b - line.start] for a, b in clipped if a < b]
    found["source_text"] = " ".join(text[a:b] for a, b in attribution.spans["source"])
    return found


def _attributions(labels: str) -> list[_Attribution]:
    """Attributions of an article, from brat's standoff lines.

    A span's text may run over several lines; the later ones lack the two tabs and are no
    annotation.
    """
    spans: dict[str, list[Span]] = {}
    relations: list[tuple[str, list[tuple[str, str]]]] = []
    for line in labels.split("\n"):
        fields = line.split("\t")
        if line.startswith("T") and len(fields) >= 3:
            offsets = fields[1].split(" ", 1)[1].split(";")
            spans[fields[0]] = [Span(*map(int, offset.split())) for offset in offsets]
        elif line.startswith("E") and len(fields) >= 2:
            pairs = [pair.partition(":") for pair in fields[1].split()]
            relations.append((fields[0], [(role, target) for role, _, target in pairs]))
    return [_attribution(name, pairs, spans) for name, pairs in relations]


def _attribution(
    name: str, pairs: list[tuple[str, str]], spans: dict[str, list[Span]]
) -> _Attribution:
    by_role: dict[str, list[Span]] = {role: [] for role in _ROLES}
    for role, target in pairs[1:]:
        if match := _ROLE.fullmatch(role):
            by_role[match[1].lower()] += spans[target]
    trigger = spans[pairs[0][1]]
    return _Attribution(name, trigger, {role: sorted(found) for role, found in by_role.items()})
