"""Drafts of quotations, paragraph by paragraph → quotations that may run over paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stance.article import Span
from stance.quotes.attribution import Attribution, Speech
from stance.quotes.cues import cue_classes
from stance.quotes.dialogue import Turn
from stance.quotes.drafts import Draft, drafts_of
from stance.quotes.manner import cue_class, manner
from stance.quotes.marks import Quoted
from stance.quotes.relays import relays_in
from stance.quotes.sentences import masked
from stance.quotes.sources import subject
from stance.quotes.spans import AttributedSpans
from stance.quotes.tokens import tokens_of

_CLAUSE_EDGE = re.compile(r"[,;:—–(\x01]|[.!?…]\s")
_SENTENCE_EDGE = re.compile(r"[.!?…][”\"’')]*\s+")
_NEAR = 4  # words before a source in which "did" and "if" bear on its cue
_MAX_INTRODUCTION = 30  # words of a paragraph whose colon introduces a block quotation
_MAX_RELAY = 60  # characters behind source and cue in which a relay may stand
_MAX_SENTENCE = 1000  # characters on either side of a cue
_BLOCK_PROBABILITY = 0.5


@dataclass(eq=False, slots=True)
class Chain:
    """A quotation with its stretches in one paragraph or in several.

    Parameters
    ----------
    drafts : list of (int, Draft)
        Contents with their paragraphs, in order.
    at : int
        Paragraph of the words that attribute it.
    attribution : Attribution or None
        None where no words attribute it.
    cue, source : tuple of Span
        Offsets into paragraph ``at``.
    parent : Chain or None
        The quotation that holds it.
    """

    drafts: list[tuple[int, Draft]]
    at: int
    attribution: Attribution | None
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    flags: set[str] = field(default_factory=set)
    parent: Chain | None = None


def chains_of(
    texts: Sequence[str],
    speeches: Sequence[Speech],
    found: Sequence[Sequence[AttributedSpans]],
    *,
    turns: Mapping[int, Turn],
) -> list[Chain]:
    """Quotations of an article in reading order, a nested one behind the one that holds it."""
    chains: list[Chain] = []
    open_chain: Chain | None = None
    introduction: Chain | None = None
    for i, (text, speech) in enumerate(zip(texts, speeches, strict=True)):
        if i in turns:
            drafts = drafts_of(text, speech, found[i], turn=turns[i])
        else:
            drafts = drafts_of(text, speech, found[i])
        outside = masked(text, [q for q in speech.quoted if q.is_opened]) if drafts else text
        if not drafts and _is_block(text, speech, introduction):
            drafts = [_block(text)]
        first = drafts[0] if drafts else None
        known = {(one.cue, one.source): one for one in speech.attributions} if drafts else {}
        fresh = [_chain(i, text, outside, known, draft) for draft in drafts]
        if open_chain is not None and first is not None and _goes_on(open_chain, speech, fresh[0]):
            _join(open_chain, fresh[0])
            fresh[0] = open_chain
        elif introduction is not None and first is not None and _is_introduced(text, fresh[0]):
            _introduce(introduction, fresh[0])
        _nest(drafts, fresh)
        chains += [chain for chain in fresh if chain is not open_chain]
        open_chain = _left_open(text, speech, drafts, fresh)
        introduction = _introduction(i, text, speech, outside)
    return chains


def _chain(
    i: int, text: str, outside: str, known: dict[tuple[Span, Span], Attribution], draft: Draft
) -> Chain:
    attribution = _attribution(text, outside, known, draft)
    chain = Chain([(i, draft)], i, attribution, draft.cue, draft.source, set(draft.flags))
    if draft.cue:
        chain.flags.update(_manner(text, outside, draft))
    return chain


def _attribution(
    text: str, outside: str, known: dict[tuple[Span, Span], Attribution], draft: Draft
) -> Attribution | None:
    """The words that attribute a draft: the rules' own attribution where there is one."""
    if not draft.source:
        return None
    source = max(draft.source, key=lambda span: span.end - span.start)
    cue = Span(draft.cue[0].start, draft.cue[-1].end) if draft.cue else Span(0, 0)
    if (cue, source) in known:
        return known[cue, source]
    name = cue_class(" ".join(text[start:end] for start, end in draft.cue)) or ""
    inner, relay = _relays(outside, draft, cue, source) if draft.cue else ("", "")
    return Attribution(cue, source, tuple(draft.content), name, inner=inner, relay=relay)


def _relays(outside: str, draft: Draft, cue: Span, source: Span) -> tuple[str, str]:
    """Who is quoted, and by whom, between source and cue or right behind them.

    "The Argus, citing divers, said the guild denied that …": the guild cites nobody.
    """
    sentence_end = _sentence(outside, cue).end
    start, reach = min(source.start, cue.start), max(source.end, cue.end)
    following = [max(reach, span.start) for span in draft.content if span.end > reach]
    comma = outside.find(",", reach + _MAX_RELAY, sentence_end)
    end = min([comma if comma >= 0 else sentence_end, *following])
    sentence = outside[start:end]
    tokens = tokens_of(sentence)
    at = tokens.at(cue.start - start)
    return relays_in(sentence, tokens, at if at < len(tokens) else -1)


def _manner(text: str, outside: str, draft: Draft) -> tuple[str, ...]:
    """Flags by what stands before the cue in its clause."""
    cue = Span(draft.cue[0].start, draft.cue[-1].end)
    start, end = _sentence(outside, cue)
    source = draft.source[0] if draft.source else Span(cue.start, cue.start)
    first = min(source.start, cue.start)
    edges = [m.end() for m in _CLAUSE_EDGE.finditer(outside, start, first)]
    before = outside[edges[-1] if edges else start : first].split()[-_NEAR:]
    between = outside[source.end : cue.start] if source.end <= cue.start else ""
    named = text[source.start : source.end].split()[:2]
    lead = " ".join((*before, *(named if source.end <= cue.start else ()), between))
    return manner(lead, text[cue.start : cue.end], outside[start:end])


def _sentence(outside: str, cue: Span) -> Span:
    """The sentence around a cue, as full stops show it."""
    start = max(0, cue.start - _MAX_SENTENCE)
    for edge in _SENTENCE_EDGE.finditer(outside, start, cue.start):
        start = edge.end()
    end = min(len(outside), cue.end + _MAX_SENTENCE)
    following = _SENTENCE_EDGE.search(outside, cue.end, end)
    return Span(start, following.end() if following else end)


def _nest(drafts: Sequence[Draft], chains: Sequence[Chain]) -> None:
    by_draft = {id(draft): chain for draft, chain in zip(drafts, chains, strict=True)}
    for draft, chain in zip(drafts, chains, strict=True):
        if draft.parent is not None:
            chain.parent = by_draft[id(draft.parent)]
            chain.flags.add("nested")


def _left_open(
    text: str, speech: Speech, drafts: Sequence[Draft], chains: Sequence[Chain]
) -> Chain | None:
    """The quotation whose last mark has not closed where its paragraph ends."""
    if not speech.quoted or not _reaches_end(text, speech.quoted[-1]):
        return None
    for draft, chain in zip(reversed(drafts), reversed(chains), strict=True):
        if draft.parent is None and draft.content[-1].end > speech.quoted[-1].start:
            return chain
    return None


def _reaches_end(text: str, last: Quoted) -> bool:
    return not last.is_closed and last.end >= len(text.rstrip())


def _goes_on(before: Chain, speech: Speech, chain: Chain) -> bool:
    """Whether the first quotation of a paragraph is the one that the paragraph before left open.

    It begins with a mark of its own, as is the custom, or with none and closes; who has said it
    is told once.
    """
    if not speech.quoted or speech.quoted[0].start > 0 or chain.drafts[0][1].content[0].start > 0:
        return False
    if not speech.quoted[0].is_opened:
        return chain.attribution is None
    return chain.attribution is None or before.attribution is None


def _join(before: Chain, chain: Chain) -> None:
    before.drafts += chain.drafts
    before.flags |= chain.flags | {"continued"}
    if "by marks" in before.flags and (before.attribution or chain.attribution):
        before.flags.discard("by marks")
    if before.attribution is None and chain.attribution is not None:
        before.at, before.attribution = chain.at, chain.attribution
        before.cue, before.source = chain.cue, chain.source


def _introduction(i: int, text: str, speech: Speech, outside: str) -> Chain | None:
    """Who is to speak in the next paragraph: "The letter from Ola Berg reads in full:"."""
    colon = len(text.rstrip()) - 1
    if not text.endswith(":", 0, colon + 1):
        return None
    start, _ = _sentence(outside, Span(colon, colon + 1))
    tokens = tokens_of(outside[start:colon])
    named = subject(tokens)
    if named is None or len(tokens) > _MAX_INTRODUCTION:
        return None
    behind = range(tokens.at(named.end), len(tokens))
    verb = next((k for k in behind if tokens[k].lower in cue_classes()), None)
    at = Span(colon - start, colon - start + 1) if verb is None else tokens.span(verb)
    cue, source = (
        Span(start + at.start, start + at.end),
        Span(start + named.start, start + named.end),
    )
    name = "label" if verb is None else cue_classes()[tokens[verb].lower]
    one = Attribution(cue, source, (), name)
    return Chain([], i, one, (cue,), (source,))


def _is_introduced(text: str, chain: Chain) -> bool:
    begins = chain.drafts[0][1].content[0].start
    return chain.attribution is None and not text[:begins].strip()


def _introduce(introduction: Chain, chain: Chain) -> None:
    chain.flags.discard("by marks")
    if chain.drafts[0][1].probability == _BLOCK_PROBABILITY:
        chain.flags.add("block")
    chain.at, chain.attribution = introduction.at, introduction.attribution
    chain.cue, chain.source = introduction.cue, introduction.source


def _is_block(text: str, speech: Speech, introduction: Chain | None) -> bool:
    """Whether a paragraph without marks is what the one before introduces with a verb of speech."""
    if introduction is None or introduction.attribution is None:
        return False
    is_told = introduction.attribution.cue_class != "label"
    return is_told and bool(text.strip()) and not speech.quoted and not speech.attributions


def _block(text: str) -> Draft:
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return Draft([Span(start, end)], probability=_BLOCK_PROBABILITY, flags={"by marks"})


def by_paragraph(chains: Sequence[Chain], n_paragraphs: int) -> list[list[Chain]]:
    """Quotations by the paragraph that attributes them."""
    rows: list[list[Chain]] = [[] for _ in range(n_paragraphs)]
    for chain in chains:
        rows[chain.at].append(chain)
    return rows


def lineage(chain: Chain) -> Iterator[Chain]:
    """The quotations that hold one, the outermost last."""
    parent = chain.parent
    while parent is not None:
        yield parent
        parent = parent.parent
