"""Article → the targets that it says most about, for users who name none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from stance.article import Article, Span
from stance.quotes.attribution import speech_of
from stance.quotes.cues import cue_classes
from stance.targets.candidate import Candidate, Kind
from stance.targets.forms import plain_name
from stance.targets.mentions import Finder, Mention
from stance.targets.named import named_in
from stance.targets.repeats import Places, is_part, joined
from stance.targets.target import MAX_NAME, Target
from stance.targets.topics import is_disputed, topics_in

_MAX_CANDIDATES = 400
_WORD = re.compile(r"\w+")
_AFTER = re.compile(r"\s([^\W\d_]+)")
_SAYING = frozenset({"say", "claim", "announce"})  # "Berg called the police" is something he does
# Behind what is said, with a role at most between: neither "accused Berg" nor "said all fear Berg".
_BEFORE = re.compile(
    r"(?:[,.?!”’\"']\s*(?:said|says|added|adds|wrote|writes|replied|recalled)|[Aa]ccording\sto)"
    r"\s(?:the\s)?(?:[a-z][\w’'-]*\s){0,3}(?:[A-Z][a-z]{1,4}\.?\s)?$"
)
_DATELINE = re.compile(r"^[^\W\d_a-z][\w .,’'-]{2,40}(?:\([^)]{2,20}\)\s*)?\s?[—–-]\s")
# Weights fitted on the train and validation parts of the sample corpus.
_HEADLINE = 2.0
_KIND_WEIGHTS: dict[Kind, float] = {"person": 0.8, "group": 1.0, "place": 0.8, "policy": 1.0}
_UNDISPUTED = 0.7  # a common noun for a thing, on which sides are seldom taken
_OUTLET = 0.2
_ONLY_SPEAKS = 0.6


@dataclass(frozen=True, slots=True)
class FoundTarget:
    """A target that an article is about.

    Parameters
    ----------
    target : Target
    kind : {"person", "group", "place", "policy"}
    score : float
        Above 0; how much the article says about it, for ranking within one article only.
    n_mentions, n_paragraphs : int
        Sure mentions in the paragraphs, and how many paragraphs have one.
    """

    target: Target
    kind: Kind
    score: float
    n_mentions: int
    n_paragraphs: int


def targets_of(article: Article, n: int = 5) -> list[Target]:
    """Targets that an article says most about, their aliases merged.

    Parameters
    ----------
    article : Article
    n : int
        At most so many; at least 1.

    Returns
    -------
    list of Target, the most spoken of first

    Raises
    ------
    ValueError
        ``n`` is below 1.

    Examples
    --------
    >>> from stance.reading import read_text
    >>> page = '''Russia defends the grain deal
    ...
    ... Russia said on Monday that the grain deal was fair to the farmers of the coast.
    ...
    ... Moscow has wanted the grain deal for years, and Russian ships have been waiting for it.'''
    >>> [target.name for target in targets_of(read_text(page), 2)]
    ['grain deal', 'Russia']
    """
    return [found.target for found in found_targets(article, n)]


def found_targets(article: Article, n: int = 5) -> list[FoundTarget]:
    """The same with kind, score and counts."""
    if n < 1:
        raise ValueError(f"n = {n!r}: expected at least 1 target")
    texts = [_DATELINE.sub("", part.text) for part in article.paragraphs]
    if article.standfirst and article.standfirst not in texts:
        texts.insert(0, article.standfirst)
    return ranked(texts, headline=article.headline)[:n]


def ranked(texts: Sequence[str], *, headline: str = "") -> list[FoundTarget]:
    """Targets of an article given as its paragraphs, the most spoken of first."""
    given = [*named_in(texts, headline=headline), *topics_in(texts, headline=headline)]
    candidates = joined([c for c in given if len(c.name) <= MAX_NAME][:_MAX_CANDIDATES], texts)
    targets = tuple(
        Target(c.name, tuple(a for a in c.aliases if len(a) <= MAX_NAME)) for c in candidates
    )
    finder = Finder(targets)
    sure = [finder.find(text, extended=False) for text in (headline, *texts)]
    known = [any(row[i] for row in sure) for i in range(len(targets))]
    rows = [finder.find(text, extended=False, known=known) for text in (headline, *texts)]
    found = []
    places: dict[str, Places] = {}
    for i, candidate in enumerate(candidates):
        per_text = [row[i] for row in rows]
        if not any(per_text[1:]) or (
            candidate.kind == "person" and _only_speaks(per_text, (headline, *texts))
        ):
            continue
        found.append(_scored(candidate, targets[i], per_text, texts))
        places[candidate.name] = {
            at: [mention.span for mention in row] for at, row in enumerate(per_text[1:]) if row
        }
    found.sort(key=lambda f: (-f.score, f.target.name))
    return _whole(_distinct(found), places)


def _scored(
    candidate: Candidate,
    target: Target,
    per_text: Sequence[tuple[Mention, ...]],
    texts: Sequence[str],
) -> FoundTarget:
    in_headline, body = bool(per_text[0]), per_text[1:]
    n_mentions = sum(map(len, body))
    n_paragraphs = sum(map(bool, body))
    score = float(n_paragraphs + 0.3 * (n_mentions - n_paragraphs))
    score *= _KIND_WEIGHTS[candidate.kind]
    score *= _HEADLINE if in_headline else 1.0
    if candidate.kind == "policy" and not is_disputed(candidate.name):
        score *= _UNDISPUTED
    score *= _OUTLET if candidate.is_outlet else 1.0
    if candidate.kind == "person":
        n_spoken = sum(
            _speaks(text, mention)
            for text, found in zip(texts, body, strict=True)
            for mention in found
        )
        score *= 1 - (1 - _ONLY_SPEAKS) * n_spoken / n_mentions
    return FoundTarget(target, candidate.kind, score, n_mentions, n_paragraphs)


def _only_speaks(per_text: Sequence[tuple[Mention, ...]], texts: Sequence[str]) -> bool:
    """Whether whoever is mentioned is the source of what is said, wherever it is."""
    return all(
        _speaks(text, mention)
        for text, found in zip(texts, per_text, strict=True)
        for mention in found
    )


def _speaks(text: str, mention: Mention) -> bool:
    """Whether a mention names who says something ("Berg said", "said deckhand Ola Berg")."""
    start, end = mention.span
    after = _AFTER.match(text, end, end + 30)
    if after is not None and cue_classes().get(after[1].lower()) in _SAYING:
        return True
    return _BEFORE.search(text[max(0, start - 60) : start]) is not None or _is_source(text, mention)


def _is_source(text: str, mention: Mention) -> bool:
    """Whether the source of an attribution is whoever is mentioned, not a clause about them."""
    sources = _sources(text)
    at = bisect_right(sources, mention.span.start, key=lambda source: source.start) - 1
    if at < 0 or mention.span.end > sources[at].end:
        return False
    before = _WORD.findall(text[sources[at].start : mention.span.start].lower())
    return cue_classes().keys().isdisjoint(before)


@lru_cache(maxsize=256)
def _sources(text: str) -> list[Span]:
    return sorted(attribution.source for attribution in speech_of(text).attributions)


def _distinct(found: list[FoundTarget]) -> list[FoundTarget]:
    """Ranked targets without those that only repeat a name or head of one before."""
    kept: list[FoundTarget] = []
    taken: set[str] = set()
    for one in found:
        key = plain_name(one.target.name).casefold().removesuffix("s")
        if key in taken:
            continue
        taken.add(key)
        if " " in one.target.name:
            taken.add(key.split()[-1])
        kept.append(one)
    return kept


def _whole(found: list[FoundTarget], places: Mapping[str, Places]) -> list[FoundTarget]:
    """Targets without those whose every mention is a mention of another, or within one."""
    kept = list(found)
    for one in reversed(found):  # of two with the same mentions the first stays
        own = places[one.target.name]
        if any(is_part(own, places[o.target.name]) for o in kept if o is not one):
            kept.remove(one)
    return kept
