"""Sample: fictional articles of invented outlets, written and labelled for this project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from stance.article import Span
from stance.corpora.example import Example, clean_with_spans
from stance.passage import Passage, chained
from stance.reading.cleaning import clean


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """Paragraphs with their type, all parts with their kind, or paragraphs per target."""
    make = {"type": _types, "parts": _parts, "stance": _stances}[task]
    for path in sorted(folder.glob("*/*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        # Offsets index the page's characters: line ends must stay as they are.
        article["text"] = path.with_suffix(".txt").read_bytes().decode("utf-8")
        yield from make(article)


def _passages(article: dict[str, Any], parts: list[dict[str, Any]]) -> list[Passage]:
    headline = [part for part in article["parts"] if part["part"] == "headline"]
    texts = [_text(article, part) for part in parts]
    title = _text(article, headline[0]) if headline else ""
    return list(chained(texts, headline=title, group=article["id"]))


def _paragraphs(article: dict[str, Any]) -> list[tuple[dict[str, Any], Passage]]:
    parts = [part for part in article["parts"] if part["part"] == "paragraph"]
    return list(zip(parts, _passages(article, parts), strict=True))


def _types(article: dict[str, Any]) -> Iterator[Example]:
    for part, passage in _paragraphs(article):
        yield Example(
            id=f"{article['id']}#{part['start']}",
            split=article["split"],
            passage=replace(passage, voice=part["voice"]),
            label=part["type"],
            native_label=part["type"],
            extra=_about(article) | {"via": part["via"]},
        )


def _parts(article: dict[str, Any]) -> Iterator[Example]:
    for part, passage in zip(article["parts"], _passages(article, article["parts"]), strict=True):
        yield Example(
            id=f"{article['id']}#{part['start']}",
            split=article["split"],
            passage=passage,
            label=part["part"],
            native_label=part["part"],
            extra=_about(article) | {"reason": part.get("reason"), "type": part.get("type")},
        )


def _stances(article: dict[str, Any]) -> Iterator[Example]:
    for part, passage in _paragraphs(article):
        for stance in part["stances"]:
            # Relative to the part, then to the part as it reads.
            spans = [Span(a - part["start"], b - part["start"]) for a, b in stance["mentions"]]
            page = article["text"][part["start"] : part["end"]]
            yield Example(
                id=f"{article['id']}#{part['start']}/{stance['target']}",
                split=article["split"],
                passage=replace(
                    passage,
                    target=stance["target"],
                    mentions=clean_with_spans(page, spans)[1],
                    voice=part["voice"],
                ),
                label=stance["stance"],
                native_label=stance["stance"],
                extra=_about(article) | {"type": part["type"]},
            )


def _text(article: dict[str, Any], part: dict[str, Any]) -> str:
    return clean(article["text"][part["start"] : part["end"]])


def _about(article: dict[str, Any]) -> dict[str, Any]:
    return {name: article[name] for name in ("outlet", "genre", "is_messy")}
