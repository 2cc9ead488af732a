"""SEESAW: political articles with who is for or against whom, sentence by sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stance.article import Span
from stance.corpora.example import Example
from stance.labels import Stance
from stance.passage import Passage, chained

_LABELS = {"POS": Stance.FAVOR, "NEG": Stance.AGAINST}
_UNLISTED = ("Not in the list", "None")


@dataclass(frozen=True, slots=True)
class _Article:
    id: str
    split: str
    passages: dict[int, Passage]  # by number of the sentence
    triples: list[tuple[int, dict[str, Any]]]
    people: frozenset[str]
    entities: tuple[str, ...]


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """Triples with their sign, or sentences per entity with the stance toward it."""
    for path in sorted((folder / "annotations").glob("*.json")):
        article = _read(folder, path.name)
        if task == "sign":
            yield from _signs(article)
        else:
            found = _stances(article)
            yield from found if variant == "all" else (e for e in found if e.passage.mentions)


def _read(folder: Path, name: str) -> _Article:
    labels = json.loads((folder / "annotations" / name).read_text(encoding="utf-8"))
    article = json.loads((folder / "articles" / name).read_text(encoding="utf-8"))
    story = "_".join(name.split("_")[:2])
    meta = json.loads((folder / "meta" / f"{story}.json").read_text(encoding="utf-8"))
    stem = name.removesuffix(".json")
    # The list begins with an empty sentence in many articles: neighbours are those with words.
    sentences = [sentence for sentence in article["text"] if sentence["text"].strip()]
    texts = [sentence["text"] for sentence in sentences]
    passages = chained(texts, headline=article["title"], group=stem)
    numbers = [sentence["id"] for sentence in sentences]
    listed = labels["entity lists"]
    return _Article(
        id=stem,
        split=meta["Split"],
        passages=dict(zip(numbers, passages, strict=True)),
        triples=[
            (int(number), triple)
            for number, triples in labels["sentence-level stances"].items()
            for triple in triples
        ],
        people=frozenset(name for name, kinds, *_ in listed if "People" in kinds),
        entities=tuple(dict.fromkeys(name for name, *_ in listed)),
    )


def _signs(article: _Article) -> Iterator[Example]:
    for number, triple in article.triples:
        target, voice = triple["object"], triple["subject"]
        passage = replace(
            article.passages[number],
            target=None if target in _UNLISTED else target,
            voice=None if voice in _UNLISTED else voice,
        )
        if passage.target:
            passage = replace(passage, mentions=_mentions(passage.text, target, article.people))
        yield Example(
            id=f"{article.id}#{number}/{triple['id']}",
            split=article.split,
            passage=passage,
            label=_LABELS[triple["sentiment"]],
            native_label=triple["sentiment"],
            extra={"native_subject": voice, "native_object": target},
        )


def _stances(article: _Article) -> Iterator[Example]:
    """Per sentence and listed entity: the sign of its triples, or neutral where it is named only.

    An entity toward which one sentence holds both signs gets no example: whose stance is meant
    is not part of this task.
    """
    signs: dict[tuple[int, str], set[str]] = {}
    for number, triple in article.triples:
        signs.setdefault((number, triple["object"]), set()).add(triple["sentiment"])
    for number, passage in article.passages.items():
        for entity in article.entities:
            found = signs.get((number, entity), set())
            mentions = _mentions(passage.text, entity, article.people)
            if len(found) > 1 or not (found or mentions):
                continue
            sign = next(iter(found), None)
            yield Example(
                id=f"{article.id}#{number}/{entity}",
                split=article.split,
                passage=replace(passage, target=entity, mentions=mentions),
                label=_LABELS[sign] if sign else Stance.NEUTRAL,
                native_label=sign,
            )


def _mentions(text: str, entity: str, people: frozenset[str]) -> tuple[Span, ...]:
    """Where an entity's name stands, as whole words and in any case; a person's last name too."""
    name = entity.replace("’", "'").strip()
    if not name:
        return ()
    names = [re.escape(name)]
    if entity in people and " " in name:
        names.append(re.escape(name.split()[-1]))
    pattern = rf"(?<!\w)(?:{'|'.join(names)})(?!\w)"
    found = re.finditer(pattern, text.replace("’", "'"), re.IGNORECASE)
    return tuple(Span(*match.span()) for match in found)
