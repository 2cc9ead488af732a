"""Disclaimers: paragraphs of public corpora that look like one, labelled by hand, without texts.

The annotations name a place in another corpus and the SHA-256 of what stands there. Reading them
joins them with that corpus and refuses a text that is not the one that was labelled.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stance.corpora.example import Example
from stance.corpora.shelf import card, locate, reader
from stance.passage import Passage, chained
from stance.reading.cleaning import clean

FILE = "disclaimers.jsonl"
"""The annotations, one a line."""

_TRAINING = "train"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands: split of its corpus, document, number in the document from 0."""

    split: str
    document: str
    index: int


Paragraphs = Iterator[tuple[Place, Passage]]


class TextMismatchError(ValueError):
    """A corpus that holds another text than the annotated one."""


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """Annotated paragraphs: disclaimer, furniture or other."""
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    annotations = [json.loads(line) for line in lines]
    known = _known(annotations)
    names = dict.fromkeys(annotation["corpus"] for annotation in annotations)
    found = {name: _passages(name, annotations) for name in names}
    for annotation in annotations:
        passage = _passage(annotation, found[annotation["corpus"]])
        yield Example(
            id=_id(annotation),
            split=annotation["split"],
            passage=passage,
            label=annotation["label"],
            native_label=annotation["label"],
            extra={
                "source_corpus": annotation["corpus"],
                "publisher": annotation["publisher"],
                "wording": _wording(annotation, known),
                "rule": annotation["rule"],
            },
        )


def paragraphs(name: str) -> Paragraphs:
    """Every paragraph (or sentence) of a corpus that annotations may point into.

    Parameters
    ----------
    name : str
        One of the corpora that the card's ``access.needs`` lists.

    Raises
    ------
    CorpusMissingError
        Its files are not on this machine.
    """
    return _READERS[name](name)


def _marked(name: str) -> Paragraphs:
    """Of corpora whose ids end in the paragraph's number, or whose sentences stand alone."""
    task = card(name).tasks[0].name
    for example in reader(name)(locate(name), task=task, variant="full"):
        document, _, index = example.id.rpartition("#")
        place = (document, int(index)) if document else (example.id, 0)
        yield Place(example.split, *place), example.passage


def _whole(name: str) -> Paragraphs:
    """Of corpora of whole articles: a paragraph is a line with words in it."""
    done = set()
    task = card(name).tasks[0].name
    for example in reader(name)(locate(name), task=task, variant="full"):
        # FNC-1 pairs one body with many headlines.
        document = example.passage.group if name == "fnc1" else example.id
        if (example.split, document) not in done:
            done.add((example.split, document))
            headline = "" if name == "fnc1" else example.passage.headline
            texts = [text for text in map(clean, example.passage.text.split("\n")) if text]
            for passage in chained(texts, headline=headline):
                yield Place(example.split, document, passage.index), passage


def _sentences(name: str) -> Paragraphs:
    """Of SEESAW: every sentence with words, also those in which nobody is named."""
    folder = locate(name)
    for path in sorted((folder / "articles").glob("*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        texts = [one["text"] for one in article["text"] if one["text"].strip()]
        for passage in chained(texts, headline=article["title"]):
            yield Place("all", path.stem, passage.index), passage


_READERS: Mapping[str, Callable[[str], Paragraphs]] = {
    "fnc1": _whole,
    "gwsd": _marked,
    "newsdiscourse": _marked,
    "newssd_eng": _marked,
    "polnear": _marked,
    "seesaw": _sentences,
    "wikinews_en": _whole,
}


def _passages(name: str, annotations: list[dict[str, Any]]) -> dict[Place, Passage]:
    wanted = {_place(one) for one in annotations if one["corpus"] == name}
    return {place: passage for place, passage in paragraphs(name) if place in wanted}


def _passage(annotation: Mapping[str, Any], found: Mapping[Place, Passage]) -> Passage:
    place = _place(annotation)
    where = f"corpus {annotation['corpus']!r}, {_id(annotation)}"
    if place not in found:
        raise TextMismatchError(
            f"{where}: expected an annotated paragraph, got none: the files are not those that "
            f"were annotated, get them again with `stance corpora get {annotation['corpus']}`"
        )
    passage = found[place]
    text = passage.text[annotation["start"] : annotation["end"]]
    digest = hashlib.sha256(text.encode()).hexdigest()
    if digest != annotation["sha256"]:
        raise TextMismatchError(
            f"{where}: expected a text of SHA-256 {annotation['sha256']}, got {digest}: the files "
            f"are not those that were annotated, get them again with `stance corpora get "
            f"{annotation['corpus']}`"
        )
    group = f"{annotation['corpus']}/{place.split}/{place.document}"
    return replace(passage, text=text, group=group, target=None, mentions=(), voice=None)


def _known(annotations: list[dict[str, Any]]) -> dict[str, set[Any]]:
    """Wordings and clusters of near duplicates that training holds."""
    training = [one for one in annotations if one["split"] == _TRAINING]
    return {key: {one[key] for one in training} for key in ("wording", "cluster")}


def _wording(annotation: Mapping[str, Any], known: Mapping[str, set[Any]]) -> str:
    if annotation["split"] == _TRAINING:
        return "training"
    if annotation["wording"] in known["wording"]:
        return "same as in training"
    return "nearly as in training" if annotation["cluster"] in known["cluster"] else "new"


def _place(annotation: Mapping[str, Any]) -> Place:
    return Place(annotation["source_split"], annotation["document"], annotation["index"])


def _id(annotation: Mapping[str, Any]) -> str:
    place = _place(annotation)
    return f"{annotation['corpus']}/{place.split}/{place.document}#{place.index}"
