"""NewsDiscourse: news articles, each sentence labelled with its role around the main event."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from stance.corpora.example import Example
from stance.labels import FURNITURE, ParagraphType
from stance.passage import chained
from stance.reading.cleaning import clean

_SENTENCE = re.compile(r"(S\d+)\s+(.*)")
_OPINIONS = ("Distant_Evaluation", "Distant_Expectations_Consequences")


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    role: str
    has_speech: bool
    paragraph: int

    @property
    def native_label(self) -> str:
        return f"{self.role}+Speech" if self.has_speech else self.role

    @property
    def type(self) -> str:
        """The type by the card's rule, first match wins."""
        if self.role == "NA":
            return FURNITURE
        if self.has_speech:
            return ParagraphType.QUOTE
        return ParagraphType.ANALYSIS if self.role in _OPINIONS else ParagraphType.REPORT


def examples(folder: Path, *, task: str, variant: str) -> Iterator[Example]:
    """Sentences or paragraphs with their role, type or speech flag."""
    for split in ("train", "validation", "test"):
        with zipfile.ZipFile(folder / f"{split}.zip") as archive:
            # macOS left a shadow of every file in the archives.
            names = [name for name in archive.namelist() if not name.startswith("__MACOSX")]
            for name in sorted(name for name in names if name.endswith(".txt")):
                text = archive.read(name).decode("utf-8")
                labels = archive.read(name.removesuffix(".txt") + ".ann").decode("utf-8")
                yield from _article(text, labels, split=split, group=_group(name), task=task)


def _group(name: str) -> str:
    """Folder and name: the same name stands in several folders, for different articles."""
    return "/".join(PurePosixPath(name).with_suffix("").parts[1:])


def _article(text: str, labels: str, *, split: str, group: str, task: str) -> Iterator[Example]:
    headline, sentences = _read(text, labels)
    units = [[sentence] for sentence in sentences]
    if task == "type-paragraphs":
        n = sentences[-1].paragraph + 1
        units = [[s for s in sentences if s.paragraph == i] for i in range(n)]
    texts = [" ".join(sentence.text for sentence in unit) for unit in units]
    passages = chained(texts, headline=headline, group=group)
    for unit, passage in zip(units, passages, strict=True):
        yield Example(
            id=f"{group}#{passage.index}",
            split=split,
            passage=passage,
            label=_label(unit, task),
            native_label="|".join(sentence.native_label for sentence in unit),
        )


def _label(unit: list[_Sentence], task: str) -> str:
    """A sentence's label, or the type with most characters in a paragraph (a tie: the earlier)."""
    if task == "roles-sentences":
        return unit[0].role.lower()
    if task == "speech":
        return "quote" if unit[0].has_speech else "other"
    sizes: dict[str, int] = {}
    for sentence in unit:
        sizes[sentence.type] = sizes.get(sentence.type, 0) + len(sentence.text)
    return max(sizes, key=lambda label: sizes[label])


def _read(text: str, labels: str) -> tuple[str, list[_Sentence]]:
    """Headline and sentences; a blank line ends a paragraph."""
    roles, spoken = _roles(labels)
    headline, paragraph, sentences = "", 0, list[_Sentence]()
    for line in text.splitlines():
        if match := _SENTENCE.match(line):
            number, words = match.groups()
            sentences.append(_Sentence(clean(words), roles[number], number in spoken, paragraph))
        elif line.startswith("H "):
            headline = clean(line[2:])
        elif not line.strip() and sentences:
            paragraph = sentences[-1].paragraph + 1
    return headline, sentences


def _roles(labels: str) -> tuple[dict[str, str], set[str]]:
    """Role of each sentence, and the sentences flagged as speech, from brat's standoff lines.

    Joined on the sentence number that each line repeats: its offsets index another string.
    """
    roles: dict[str, str] = {}
    spoken: set[str] = set()
    for line in labels.splitlines():
        fields = line.split("\t")
        if not line.startswith("T") or len(fields) != 3:
            continue
        label, number = fields[1].split()[0], fields[2].strip()
        if label == "Speech":
            spoken.add(number)
        else:
            roles[number] = label
    return roles, spoken
