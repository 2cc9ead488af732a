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
from typing import TYPE_CHECKING, Any

from stance.article import Article, Part, PartKind
from stance.inert import inert_json
from stance.passage import Passage, passages_of
from stance.quotes.quotation import Quotation, Quoting, bylines_of, quoting_of
from stance.quotes.shares import VoiceShare, shares_of
from stance.quotes.turn_types import told_in, types_told
from stance.quotes.voices import Voice
from stance.sides import Targets, TargetStance, chosen_targets, placed, sides_of

if TYPE_CHECKING:
    import numpy as np
    from datasets import Dataset
    from numpy.typing import NDArray
    from pandas import DataFrame

    from stance.classifiers.teller import Teller
    from stance.encoders.accurate import AccurateModel
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
        Of the type, 0–1, as the model says. The type is the most probable one, but for the turns
        of an interview: see ``label_article``.
    probabilities : dict of str to float, or None
        Of every type; they sum to 1.
    voice : str or None
        ``"author"``, or the canonical name of the source.
    via : tuple of str
        Who passed a source's words on, outermost first.
    stances : tuple of TargetStance
        Stance of the voice toward each target; empty where no target was asked about.
    quoted : float or None
        How likely it is that most of the paragraph is somebody's words, in quotation marks or not,
        0–1; None where the model does not tell.
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
    quoted: float | None = None


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
    model: Teller | AccurateModel | str | os.PathLike[str] | None = None,
    finder: SpanFinder | None = None,
    stance_model: Teller | None = None,
    with_words: bool = True,
    id: str = "",  # noqa: A002 (the name of Article's field)
    source: str = "",
) -> AnalysedArticle:
    """Types and voices of an article's paragraphs, their quotations, and their voices' stances.

    A paragraph has the type that the model gives most probability, but for the turns of an
    interview. Where labels tell for sure who speaks, an answer is a quote whatever the model says,
    for all its words are a source's, and a question of the outlet's own interviewer is none, for
    the interviewer is the author: it has the most probable of the other types. Probabilities stay
    the model's, so that the type of such a turn need not be the most probable one. Corpora are
    labelled by the same rule (``stance.quotes.turn_types``).

    Parameters
    ----------
    page : Article, str, bytes or path
        An article, or what ``read_article`` takes.
    targets : iterable of str or Target, or "auto"
        What stances are asked about: names ("Russia"), with aliases ("the coalition=United
        States,American forces"), or whatever the article itself speaks about most.
    model : str, path, AccurateModel or Teller, optional
        A tier ("fast", which is the default, or "accurate"), the folder of an encoder, or a trained
        paragraph-type model (``ParagraphTypeClassifier(…).fit(…).compile()``).
    finder : SpanFinder, optional
        What finds quotations; by default the trained one where it ships, else the rules.
    stance_model : Teller, optional
        Trained stance model (``StanceClassifier(…).fit(…).compile()``); by default the tier's own.
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
    ValueError
        No model has that name.
    ModelError
        The model's folder cannot be used.
    ExtraMissingError
        The model is an encoder, and the extra that runs encoders is not installed.
    """
    from stance.models.tiers import models_of
    from stance.reading import read_article

    article = page if isinstance(page, Article) else read_article(page, id=id, source=source)
    asked = models_of(model)
    passages = passages_of(article)
    if not passages:
        return _assembled(article, [], [], quoting=Quoting((), ()), sides=[], classes=())
    proba, classes = asked.types.predict_proba(passages), asked.types.classes
    types = _types(article, proba, classes)
    quoting = quoting_of(article, types=types, finder=finder or _shipped_finder())
    sides: list[tuple[TargetStance, ...]] = [()] * len(passages)
    if chosen := chosen_targets(targets, article):
        voiced = [replace(p, voice=v.name) for p, v in zip(passages, quoting.voices, strict=True)]
        sides = sides_of(voiced, chosen, stance_model or asked.sides, with_words=with_words)
    rows = proba.tolist()
    found = _assembled(article, types, rows, quoting=quoting, sides=sides, classes=classes)
    return found if asked.quoted is None else _flagged(found, passages, asked.quoted)


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


def _flagged(
    article: AnalysedArticle, passages: Sequence[Passage], model: Teller
) -> AnalysedArticle:
    """The article with the quotation flags of its paragraphs."""
    column = model.predict_proba(passages)[:, model.classes.index("quote")]
    flags = iter(column.tolist())
    parts = tuple(
        replace(part, quoted=round(next(flags), 4)) if part.kind == "paragraph" else part
        for part in article.parts
    )
    return replace(article, parts=parts)


def _types(article: Article, proba: NDArray[np.float64], classes: Sequence[str]) -> list[str]:
    """The type of each paragraph: the most probable one that the turns of an interview allow."""
    texts = [part.text for part in article.paragraphs]
    told = told_in(texts, headline=article.headline, bylines=bylines_of(article))
    return [classes[k] for k in types_told(proba, classes, told).tolist()]


def _assembled(
    article: Article,
    types: Sequence[str],
    proba: Sequence[Sequence[float]],
    *,
    quoting: Quoting,
    sides: Sequence[tuple[TargetStance, ...]],
    classes: Sequence[str],
) -> AnalysedArticle:
    labelled = iter(zip(types, proba, quoting.voices, sides, strict=True))
    parts = []
    for i, part in enumerate(article.parts):
        if part.kind != "paragraph":
            parts.append(AnalysedPart(i, part.kind, part.reason, part.start, part.end, part.text))
            continue
        kind, row, voice, found = next(labelled)
        stances = tuple(placed(side, i, part, article.text) for side in found)
        probabilities = dict(zip(classes, row, strict=True))
        parts.append(_paragraph(i, part, kind, voice, proba=probabilities, stances=stances))
    return AnalysedArticle(
        article.id, article.source, article.text, tuple(parts), quoting.quotations
    )


def _paragraph(
    i: int,
    part: Part,
    kind: str,
    voice: Voice,
    *,
    proba: dict[str, float],
    stances: tuple[TargetStance, ...],
) -> AnalysedPart:
    return AnalysedPart(
        i,
        part.kind,
        part.reason,
        part.start,
        part.end,
        part.text,
        type=kind,
        probability=round(proba[kind], 4),
        probabilities={name: round(p, 4) for name, p in proba.items()},
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
