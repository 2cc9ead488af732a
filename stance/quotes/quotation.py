r"""Quotations of an article: what is said, by which words, by whom, through whom.

Examples
--------
>>> texts = ["The dam will hold, said mayor Ola Berg.", "“It has to,” she added. “We live below."]
>>> for one in quotations_of(texts):
...     print(one.kind, [piece.text for piece in one.content], one.voice, *one.flags)
indirect ['The dam will hold'] Ola Berg
direct ['“It has to,”', '“We live below.'] Ola Berg unclosed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stance.article import Article, Span
from stance.quotes.attribution import Speech, speech_of
from stance.quotes.chains import Chain, by_paragraph, chains_of, lineage
from stance.quotes.dialogue import turns_in
from stance.quotes.drafts import Draft
from stance.quotes.kinds import (
    Kind,
    begins_clause,
    kind_of,
    marks_around,
    n_words_marked,
    repairs_of,
)
from stance.quotes.marks import nested_spans
from stance.quotes.offsets import offsets_into, raw_span
from stance.quotes.rule_finder import RuleFinder
from stance.quotes.spans import SpanFinder
from stance.quotes.voices import Heard, Voice, hear, speech_in

FLAGS = (
    "unclosed",
    "unopened",
    "continued",
    "nested",
    "block",
    "dialogue",
    "by marks",
    "negated",
    "question",
    "hypothetical",
)
"""What a quotation may be flagged with, in the order in which flags are given."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a page.

    Parameters
    ----------
    part : int
        Index of the part (of an article), or of the paragraph (of bare texts), it stands in.
    start, end : int
        Half-open offsets into ``Article.text``, or into the paragraph where bare texts were given.
    text : str
        The stretch as it reads: white space folded, invisible characters left out.
    """

    part: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """What somebody other than the author says, writes, thinks or finds.

    Parameters
    ----------
    kind : {"direct", "indirect", "mixed"}
        Whether all, none or some of the words stand in quotation marks; the turns of a dialogue
        and the answers of an interview are direct without marks.
    content : tuple of Piece
        What is said, in order; more than one where the attribution interrupts it, or where it
        runs on over paragraphs. Quotation marks are part of it.
    cue, source : tuple of Piece
        The words that attribute it and those that name whose it is; empty where none do.
    cue_class : str or None
        "say", "claim", "deny" … (``stance.quotes.cues.VERBS``), "according", "label", or None.
    voice : str
        Canonical name of who speaks: the source's fullest name in the article.
    via : tuple of str
        Who passed the words on, outermost first.
    probability : float, 0–1
        That this is a quotation, as whoever found it says.
    flags : tuple of str, of ``FLAGS``
        "unclosed", "unopened": a quotation mark is missing and was supplied. "continued": runs on
        over paragraphs. "nested": inside another. "block": set off as a paragraph after a colon.
        "dialogue": a turn of a transcript or an interview.
        "by marks": found by its marks alone. "negated" ("did not say"), "question" ("did she
        say?"), "hypothetical" (would say, will say): what is quoted was not, or not yet, said.
    inside : int or None
        Index of the quotation that holds a nested one.
    """

    kind: Kind
    content: tuple[Piece, ...]
    cue: tuple[Piece, ...]
    source: tuple[Piece, ...]
    cue_class: str | None
    voice: str
    via: tuple[str, ...]
    probability: float
    flags: tuple[str, ...]
    inside: int | None = None


@dataclass(frozen=True, slots=True)
class Quoting:
    """What one walk through an article gives: its quotations, and the voices of its paragraphs."""

    quotations: tuple[Quotation, ...]
    voices: tuple[Voice, ...]


def quotations_of(
    page: Article | Sequence[str],
    *,
    types: Sequence[str] | None = None,
    headline: str = "",
    finder: SpanFinder | None = None,
) -> tuple[Quotation, ...]:
    """Quotations of an article in reading order, a nested one after the one that holds it.

    Parameters
    ----------
    page : Article or sequence of str
        An article, or the texts of its paragraphs in order.
    types : sequence of str, optional
        Types of the paragraphs, where they are known; without them a paragraph that is more than
        half speech counts as a quote. They tell who is meant by "she said" further on.
    headline : str
        Where names may stand in full; an article has its own.
    finder : SpanFinder, optional
        Decides which quotations there are; by default ``RuleFinder()``. Marks, repairs,
        continuation over paragraphs and voices come from rules in either case, and so does quoted
        speech of four words or more that the finder missed.

    Raises
    ------
    ValueError
        ``types`` are not as many as the paragraphs.
    """
    return quoting_of(page, types=types, headline=headline, finder=finder).quotations


def quoting_of(
    page: Article | Sequence[str],
    *,
    types: Sequence[str] | None = None,
    headline: str = "",
    finder: SpanFinder | None = None,
) -> Quoting:
    """Quotations of an article and voices of its paragraphs, from one walk through it.

    Parameters are those of ``quotations_of``. In an interview both are told by the same turns: an
    answer is the speaker's in either; a question of the outlet's interviewer is a quotation under
    the interviewer's name, and a paragraph of the author's.
    """
    places = _places(page)
    texts = [place.text for place in places]
    if isinstance(page, Article):
        headline = page.headline
    speeches = speech_in(texts)
    if types is None:
        types = ["quote" if speech.share > 0.5 else "report" for speech in speeches]
    elif len(types) != len(texts):
        raise ValueError(f"expected a type for each of {len(texts)} paragraphs, got {len(types)}")
    found = (finder or RuleFinder()).find(texts)
    marked = [
        speech_of(text, nests=True) if nested_spans(text) else speech
        for text, speech in zip(texts, speeches, strict=True)
    ]
    turns = turns_in(texts)
    chains = chains_of(texts, marked, found, turns=turns)
    rows = by_paragraph(chains, len(texts))
    heard = hear(
        texts,
        types,
        speeches,
        headline=headline,
        asked=[[chain.attribution for chain in row] for row in rows],
        turns=turns,
        bylines=bylines_of(page) if isinstance(page, Article) else (),
    )
    voices = {
        id(chain): voice
        for row, said in zip(rows, heard.quotations, strict=True)
        for chain, voice in zip(row, said, strict=True)
    }
    _name_speakers(chains, heard, voices)
    chains = _with_answers(texts, chains, heard, voices)
    index = {id(chain): i for i, chain in enumerate(chains)}
    quotations = tuple(_quotation(chain, places, marked, voices, index) for chain in chains)
    return Quoting(quotations, tuple(heard.paragraphs))


@dataclass(frozen=True, slots=True)
class _Place:
    """A paragraph and where it stands: offsets of its characters, less ``shift``, on the page."""

    part: int
    text: str
    offsets: Sequence[int]
    shift: int = 0

    def piece(self, span: Span) -> Piece:
        start, end = raw_span(self.offsets, span)
        return Piece(
            self.part, start + self.shift, end + self.shift, self.text[span.start : span.end]
        )


def _places(page: Article | Sequence[str]) -> list[_Place]:
    if isinstance(page, Article):
        return [
            _Place(
                i, part.text, offsets_into(page.text[part.start : part.end], part.text), part.start
            )
            for i, part in enumerate(page.parts)
            if part.kind == "paragraph"
        ]
    return [_Place(i, text, range(len(text))) for i, text in enumerate(page)]


def bylines_of(article: Article) -> list[str]:
    """The bylines that an article's page carries around it."""
    return [part.text for part in article.parts if part.reason == "byline"]


def _name_speakers(chains: Sequence[Chain], heard: Heard, voices: dict[int, Voice]) -> None:
    """Put names for the labels of a dialogue: "A" is whom the article is about."""
    for chain in chains:
        speaker = heard.speakers.get(chain.at)
        if speaker is not None and "dialogue" in chain.flags and chain.source:
            voices[id(chain)] = Voice(speaker.name)


def _with_answers(
    texts: Sequence[str], chains: list[Chain], heard: Heard, voices: dict[int, Voice]
) -> list[Chain]:
    """Quotations, and the answers of an interview that no marks or labels make out."""
    if not heard.answers:
        return chains
    taken = {i for chain in chains for i, draft in chain.drafts if draft.size * 2 > len(texts[i])}
    added = []
    for i in sorted(heard.answers - taken):
        whole = Chain(
            [(i, Draft([Span(0, len(texts[i]))], flags={"dialogue"}))], i, None, flags={"dialogue"}
        )
        voices[id(whole)] = heard.paragraphs[i]
        added.append(whole)
        for chain in chains:
            if chain.parent is None and all(at == i for at, _ in chain.drafts):
                chain.parent = whole
                chain.flags.add("nested")
    return sorted([*added, *chains], key=lambda chain: chain.drafts[0][0]) if added else chains


def _quotation(
    chain: Chain,
    places: Sequence[_Place],
    speeches: Sequence[Speech],
    voices: dict[int, Voice],
    index: dict[int, int],
) -> Quotation:
    voice = voices[id(chain)]
    via = voice.via
    for outer in lineage(chain):
        above = voices[id(outer)]
        via = (*above.via, above.name, *via)
    at = places[chain.at]
    return Quotation(
        _kind(chain, places, speeches),
        tuple(places[i].piece(span) for i, draft in chain.drafts for span in draft.content),
        tuple(at.piece(span) for span in chain.cue),
        tuple(at.piece(span) for span in chain.source),
        chain.attribution.cue_class or None if chain.attribution else None,
        voice.name,
        tuple(dict.fromkeys(name for name in via if name != voice.name)),
        round(max(draft.probability for _, draft in chain.drafts), 4),
        _flags(chain, speeches),
        index[id(chain.parent)] if chain.parent is not None else None,
    )


def _kind(chain: Chain, places: Sequence[_Place], speeches: Sequence[Speech]) -> Kind:
    inside = outside = 0
    for i, draft in chain.drafts:
        text = places[i].text
        quoted = marks_around(
            text, draft.content, speeches[i].quoted, is_nested=chain.parent is not None
        )
        counts = n_words_marked(text, draft.content, quoted)
        inside, outside = inside + counts[0], outside + counts[1]
    first, draft = chain.drafts[0]
    kind = kind_of(inside, outside)
    if kind == "direct" and begins_clause(places[first].text, draft.content[0]):
        return "mixed"
    # The turns of a dialogue are verbatim though nothing marks them.
    is_turn = "dialogue" in chain.flags or "block" in chain.flags
    is_turn |= chain.attribution is not None and chain.attribution.cue_class == "label"
    return "direct" if kind == "indirect" and is_turn else kind


def _flags(chain: Chain, speeches: Sequence[Speech]) -> tuple[str, ...]:
    flags = set(chain.flags)
    last = len(chain.drafts) - 1
    for k, (i, draft) in enumerate(chain.drafts):
        for flag in repairs_of(draft.content, speeches[i].quoted):
            is_carried = (flag == "unclosed" and k < last) or (flag == "unopened" and k > 0)
            if not is_carried and chain.parent is None:
                flags.add(flag)
    return tuple(flag for flag in FLAGS if flag in flags)
