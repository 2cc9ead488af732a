r"""The whole job on one article: read, set furniture aside, find types, then voices.

Examples
--------
>>> page = "Storm closes port\n\nThe port shut on Monday.\n\n“It will reopen,” said mayor Ida Lund."
>>> analysed = label_article(page)
>>> [(part.kind, part.type, part.voice) for part in analysed.parts]
[('headline', None, None), ('paragraph', 'report', 'author'), ('paragraph', 'quote', 'Ida Lund')]
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from stance.article import Article, Part, PartKind, Span
from stance.inert import inert_json
from stance.passage import passages_of
from stance.quotes.voices import Voice, voices_of

if TYPE_CHECKING:
    from datasets import Dataset
    from pandas import DataFrame

    from stance.classifiers.type_scorer import TypeScorer

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class TargetStance:
    """Which side the voice of a paragraph is on, toward one target.

    Parameters
    ----------
    target : str
    stance : {"favor", "against", "neutral"}
    probability : float or None
        Of the stance, 0–1.
    probabilities : dict of str to float, or None
        Of every stance; they sum to 1.
    mention : Span or None
        Where the paragraph's text names the target first; None where it is only meant.
    words : tuple of Span
        Stretches of the paragraph's text that spoke for this stance most, the strongest first.
    """

    target: str
    stance: str
    probability: float | None = None
    probabilities: dict[str, float] | None = None
    mention: Span | None = None
    words: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalysedPart:
    """A part of a page with what was found about it.

    Parameters
    ----------
    index : int
        Place on the page, from 0.
    kind : {"headline", "standfirst", "paragraph", "furniture"}
    reason : str or None
        Why furniture is furniture.
    start, end : int
        Half-open offsets into the page's characters; parts cover them without gap.
    text : str
        The part as it reads.
    type : {"report", "quote", "analysis", "disclaimer"} or None
        Of a paragraph; None for every other part, and so are the fields that follow.
    probability : float or None
        Of the type, 0–1.
    probabilities : dict of str to float, or None
        Of every type; they sum to 1.
    voice : str or None
        ``"author"``, or the canonical name of the source.
    via : tuple of str
        Who passed a source's words on, outermost first.
    stances : tuple of TargetStance
        Stance of the voice toward each target; empty where no target was asked about.
    """

    index: int
    kind: PartKind
    reason: str | None
    start: int
    end: int
    text: str
    type: str | None = None
    probability: float | None = None
    probabilities: dict[str, float] | None = None
    voice: str | None = None
    via: tuple[str, ...] = ()
    stances: tuple[TargetStance, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalysedArticle:
    """An article with its labels. Shows itself in a notebook.

    Parameters
    ----------
    id, source : str
        As in ``Article``.
    text : str
        The page's characters, which the offsets index.
    parts : tuple of AnalysedPart
    """

    id: str
    source: str
    text: str
    parts: tuple[AnalysedPart, ...]

    @property
    def headline(self) -> str:
        """The headline's text; empty where the page has none."""
        return next((part.text for part in self.parts if part.kind == "headline"), "")

    @property
    def paragraphs(self) -> tuple[AnalysedPart, ...]:
        """The paragraphs, in reading order."""
        return tuple(part for part in self.parts if part.kind == "paragraph")

    def to_dict(self) -> dict[str, Any]:
        """Values fit for JSON: ``{"id", "source", "parts": [{"index", "part", …}]}``."""
        return {"id": self.id, "source": self.source, "parts": [_plain(p) for p in self.parts]}

    def to_json(self) -> str:
        """The document ``stance label --json`` prints, for this article alone."""
        return articles_json([self])

    def to_frame(self) -> DataFrame:
        """A pandas data frame, one row per part."""
        from pandas import DataFrame

        return DataFrame(self._rows())

    def to_dataset(self) -> Dataset:
        """A ``datasets.Dataset``, one row per part."""
        from datasets import Dataset

        return Dataset.from_list(self._rows())

    def _rows(self) -> list[dict[str, Any]]:
        return [{"article": self.id, "source": self.source, **_plain(p)} for p in self.parts]

    def _repr_html_(self) -> str:
        from stance.reporting.article_page import article_fragment

        return article_fragment(self)


def label_article(
    page: Article | str | bytes | os.PathLike[str],
    *,
    model: TypeScorer | None = None,
    id: str = "",  # noqa: A002 (the name of Article's field)
    source: str = "",
) -> AnalysedArticle:
    """Types and voices of an article's paragraphs.

    Parameters
    ----------
    page : Article, str, bytes or path
        An article, or what ``read_article`` takes.
    model : TypeScorer, optional
        Trained paragraph-type model (``ParagraphTypeClassifier(…).fit(…).compile()``); by default
        the one that ships.
    id, source : str
        As in ``read_article``.

    Returns
    -------
    AnalysedArticle

    Raises
    ------
    PageError
        The page cannot be read.
    """
    from stance.reading import read_article

    article = page if isinstance(page, Article) else read_article(page, id=id, source=source)
    if model is None:
        from stance.models import load

        model = load()
    passages = passages_of(article)
    if not passages:
        return _assembled(article, [], [], model)
    proba = model.predict_proba(passages)
    types = [model.classes[i] for i in proba.argmax(axis=1)]
    voices = voices_of([p.text for p in passages], types, headline=article.headline)
    return _assembled(article, proba.tolist(), voices, model)


def articles_json(articles: Iterable[AnalysedArticle]) -> str:
    """The document ``stance label --json`` prints."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "articles": [article.to_dict() for article in articles],
    }
    return inert_json(document)


def _assembled(
    article: Article, proba: Sequence[Sequence[float]], voices: Sequence[Voice], model: TypeScorer
) -> AnalysedArticle:
    labelled = iter(zip(proba, voices, strict=True))
    parts = tuple(
        _paragraph(i, part, *next(labelled), classes=model.classes)
        if part.kind == "paragraph"
        else AnalysedPart(i, part.kind, part.reason, part.start, part.end, part.text)
        for i, part in enumerate(article.parts)
    )
    return AnalysedArticle(article.id, article.source, article.text, parts)


def _paragraph(
    i: int, part: Part, row: Sequence[float], voice: Voice, *, classes: Sequence[str]
) -> AnalysedPart:
    best = max(range(len(row)), key=row.__getitem__)
    return AnalysedPart(
        i,
        part.kind,
        part.reason,
        part.start,
        part.end,
        part.text,
        type=classes[best],
        probability=round(row[best], 4),
        probabilities={name: round(p, 4) for name, p in zip(classes, row, strict=True)},
        voice=voice.name,
        via=voice.via,
    )


def _plain(part: AnalysedPart) -> dict[str, Any]:
    """A part under its public names, null for what is absent.

    What the dataclass calls kind is ``part`` outside.
    """
    values = asdict(part)
    values["via"] = None if part.voice is None else list(part.via)
    values["stances"] = list(values["stances"]) or None
    kind = values.pop("kind")
    return {"index": values.pop("index"), "part": kind, **values}
