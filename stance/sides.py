"""Sides: which side the voice of each paragraph of an article is on, toward each target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from stance.article import Article, Part, Span
from stance.passage import Passage
from stance.quotes.offsets import offsets_into, raw_span
from stance.quotes.quotation import Piece
from stance.targets import Target, mentions_in, parse_targets, targets_of

if TYPE_CHECKING:
    from stance.classifiers.teller import Teller

Targets = Iterable[Target | str] | Literal["auto"]

N_AUTO = 5
"""How many targets are looked for where none is given."""

_N_WORDS = 3


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
    mention : Piece or None
        Where the paragraph names the target first; None where it is only meant.
    words : tuple of Piece
        Words that spoke for this stance most, the strongest first.
    """

    target: str
    stance: str
    probability: float | None = None
    probabilities: dict[str, float] | None = None
    mention: Piece | None = None
    words: tuple[Piece, ...] = ()


def chosen_targets(targets: Targets, article: Article) -> tuple[Target, ...]:
    """The targets that a user means.

    Parameters
    ----------
    targets : iterable of Target or str, or "auto"
        A str is read as ``NAME`` or ``NAME=ALIAS,ALIAS``; "auto" finds the article's own, at most
        ``N_AUTO``.
    article : Article

    Raises
    ------
    TargetError
        A target has no name, or two have the same.
    """
    if isinstance(targets, str):
        if targets != "auto":
            raise TypeError(f"targets: expected a list of targets or 'auto', got {targets!r:.80}")
        return tuple(targets_of(article, n=N_AUTO))
    given = list(targets)
    if all(isinstance(one, str) for one in given):
        return parse_targets([str(one) for one in given])
    return tuple(parse_targets([one])[0] if isinstance(one, str) else one for one in given)


def sides_of(
    passages: Sequence[Passage],
    targets: Sequence[Target],
    model: Teller,
    *,
    with_words: bool = False,
) -> list[tuple[TargetStance, ...]]:
    """The stance of each passage's voice toward each target that it mentions.

    A target that a paragraph does not mention is not addressed there and gets no stance.

    Parameters
    ----------
    passages : sequence of Passage
        The paragraphs of one article, in order, each with its voice.
    targets : sequence of Target
    model : Teller
        A ``StanceScorer``, or the stance task of an ``AccurateModel``.
    with_words : bool
        Whether to say which words moved the decision; it asks the model once more for each word.

    Returns
    -------
    list of tuple of TargetStance
        One tuple per passage, in the order of the targets. Offsets index the passage's text.
    """
    mentions = mentions_in([passage.text for passage in passages], targets)
    asked = [
        (i, replace(passage, target=target.name, mentions=tuple(m.span for m in found)))
        for i, passage in enumerate(passages)
        for target, found in zip(targets, mentions[i], strict=True)
        if found
    ]
    sides: list[list[TargetStance]] = [[] for _ in passages]
    if asked:
        rows = model.predict_proba([question for _, question in asked]).tolist()
        for (i, question), row in zip(asked, rows, strict=True):
            words = _words(question, row, model) if with_words else ()
            proba = dict(zip(model.classes, row, strict=True))
            pieces = [_piece(i, question.text, span) for span in (question.mentions[0], *words)]
            sides[i].append(_side(question.target or "", proba, pieces))
    return [tuple(found) for found in sides]


def placed(side: TargetStance, index: int, part: Part, page: str) -> TargetStance:
    """The same stance with its offsets on the page instead of on the paragraph.

    Parameters
    ----------
    index : int
        Of the part.
    part : Part
        The paragraph.
    page : str
        ``Article.text``.
    """
    offsets = offsets_into(page[part.start : part.end], part.text)

    def on_page(piece: Piece) -> Piece:
        start, end = raw_span(offsets, Span(piece.start, piece.end))
        return Piece(index, start + part.start, end + part.start, piece.text)

    mention = None if side.mention is None else on_page(side.mention)
    return replace(side, mention=mention, words=tuple(map(on_page, side.words)))


def _side(target: str, proba: dict[str, float], pieces: list[Piece]) -> TargetStance:
    best = max(proba, key=proba.__getitem__)
    rounded = {name: round(p, 4) for name, p in proba.items()}
    return TargetStance(target, best, rounded[best], rounded, pieces[0], tuple(pieces[1:]))


def _piece(i: int, text: str, span: Span) -> Piece:
    return Piece(i, span.start, span.end, text[span.start : span.end])


def _words(question: Passage, row: Sequence[float], model: Teller) -> tuple[Span, ...]:
    from stance.classifiers.stance_explanation import explain

    label = model.classes[max(range(len(row)), key=row.__getitem__)]
    reasons = explain(model, question, label=label).reasons
    spans = [reason.span for reason in reasons if reason.span is not None and reason.weight > 0]
    return tuple(spans[:_N_WORDS])
