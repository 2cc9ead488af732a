r"""The whole job on one article: read, set furniture aside, find types, then who says what.

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
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from stance.article import Article, Part, PartKind
from stance.inert import inert_json
from stance.passage import passages_of
from stance.quotes.quotation import Quotation, Quoting, quoting_of
from stance.quotes.shares import VoiceShare, shares_of
from stance.quotes.voices import Voice
from stance.sides import Targets, TargetStance, chosen_targets, placed, sides_of

if TYPE_CHECKING:
    from datasets import Dataset
    from pandas import DataFrame

    from stance.classifiers.stance_scorer import StanceScorer
    from stance.classifiers.type_scorer import TypeScorer
    from stance.quotes.spans import SpanFinder

SCHEMA_VERSION = 1


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
    quotations : tuple of Quotation
        Who says what, in reading order; their offsets index ``text``.
    """

    id: str
    source: str
    text: str
    parts: tuple[AnalysedPart, ...]
    quotations: tuple[Quotation, ...] = ()

    @property
    def headline(self) -> str:
        """The headline's text; empty where the page has none."""
        return next((part.text for part in self.parts if part.kind == "headline"), "")

    @property
    def paragraphs(self) -> tuple[AnalysedPart, ...]:
        """The paragraphs, in reading order."""
        return tuple(part for part in self.parts if part.kind == "paragraph")

    @property
    def voices(self) -> tuple[VoiceShare, ...]:
        """Whose words the paragraphs are and how many: most words first."""
        return shares_of([part.text for part in self.paragraphs], self.quotations)

    def to_dict(self) -> dict[str, Any]:
        """Values fit for JSON: ``{"id", "source", "parts", "quotations", "voices"}``."""
        return {
            "id": self.id,
            "source": self.source,
            "parts": [_plain(part) for part in self.parts],
            "quotations": [asdict(quotation) for quotation in self.quotations],
            "voices": [asdict(voice) for voice in self.voices],
        }

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
    targets: Targets = (),
    model: TypeScorer | None = None,
    finder: SpanFinder | None = None,
    stance_model: StanceScorer | None = None,
    with_words: bool = True,
    id: str = "",  # noqa: A002 (the name of Article's field)
    source: str = "",
) -> AnalysedArticle:
    """Types and voices of an article's paragraphs, their quotations, and their voices' stances.

    Parameters
    ----------
    page : Article, str, bytes or path
        An article, or what ``read_article`` takes.
    targets : iterable of str or Target, or "auto"
        What stances are asked about: names ("Russia"), with aliases ("the coalition=United
        States,American forces"), or whatever the article itself speaks about most.
    model : TypeScorer, optional
        Trained paragraph-type model (``ParagraphTypeClassifier(…).fit(…).compile()``); by default
        the one that ships.
    finder : SpanFinder, optional
        What finds quotations; by default the trained one where it ships, else the rules.
    stance_model : StanceScorer, optional
        Trained stance model (``StanceClassifier(…).fit(…).compile()``); by default the one that
        ships.
    with_words : bool
        Whether stances tell the words that moved them, at the cost of one more look per word.
    id, source : str
        As in ``read_article``.

    Returns
    -------
    AnalysedArticle

    Raises
    ------
    PageError
        The page cannot be read.
    TargetError
        A target has no name, or two have the same.
    """
    from stance.reading import read_article

    article = page if isinstance(page, Article) else read_article(page, id=id, source=source)
    if model is None:
        from stance.models import load

        model = load()
    passages = passages_of(article)
    if not passages:
        return _assembled(article, [], Quoting((), ()), [], model)
    proba = model.predict_proba(passages)
    types = [model.classes[i] for i in proba.argmax(axis=1)]
    quoting = quoting_of(article, types=types, finder=finder or _shipped_finder())
    chosen = chosen_targets(targets, article)
    if not chosen:
        return _assembled(article, proba.tolist(), quoting, [()] * len(passages), model)
    voiced = [replace(p, voice=v.name) for p, v in zip(passages, quoting.voices, strict=True)]
    sides = sides_of(voiced, chosen, stance_model or _shipped_stance(), with_words=with_words)
    return _assembled(article, proba.tolist(), quoting, sides, model)


def articles_json(articles: Iterable[AnalysedArticle]) -> str:
    """The document ``stance label --json`` prints."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "articles": [article.to_dict() for article in articles],
    }
    return inert_json(document)


def _shipped_finder() -> SpanFinder | None:
    """The trained finder of quotations, where the package has one."""
    from stance import models

    finder: Any = models.load("quotations") if "quotations" in models.names() else None
    return finder if hasattr(finder, "find") else None


def _shipped_stance() -> StanceScorer:
    from stance import models

    scorer: Any = models.load("stance")
    return cast("StanceScorer", scorer)


def _assembled(
    article: Article,
    proba: Sequence[Sequence[float]],
    quoting: Quoting,
    sides: Sequence[tuple[TargetStance, ...]],
    model: TypeScorer,
) -> AnalysedArticle:
    labelled = iter(zip(proba, quoting.voices, sides, strict=True))
    parts = []
    for i, part in enumerate(article.parts):
        if part.kind != "paragraph":
            parts.append(AnalysedPart(i, part.kind, part.reason, part.start, part.end, part.text))
            continue
        row, voice, found = next(labelled)
        stances = tuple(placed(side, i, part, article.text) for side in found)
        parts.append(_paragraph(i, part, row, voice, classes=model.classes, stances=stances))
    return AnalysedArticle(
        article.id, article.source, article.text, tuple(parts), quoting.quotations
    )


def _paragraph(
    i: int,
    part: Part,
    row: Sequence[float],
    voice: Voice,
    *,
    classes: Sequence[str],
    stances: tuple[TargetStance, ...],
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
        stances=stances,
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
