"""Where a text mentions a target. One pass over the words finds all targets at once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from stance.article import Span
from stance.targets.fit import fitted, has_literal
from stance.targets.forms import Form, MentionKind, content_words, forms_of
from stance.targets.overlap import is_phrase, may_overlap, overlaps
from stance.targets.pronouns import pronouns_after
from stance.targets.scan import Scan
from stance.targets.target import Target
from stance.targets.words import Folded, Word, folded, words_of

_GAP = re.compile(r"[\s'./&-]{0,3}")


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a target.

    Parameters
    ----------
    span : Span
        Into the text searched; articles and possessive endings are left out.
    kind : {"name", "demonym", "short", "seat", "overlap", "pronoun"}
        The name or an alias; a country's people; a surname, head noun or acronym; a capital or
        house of government; the words of a phrase in another order; a pronoun.
    is_weak : bool
        Whether this is an extended mention: likely, not sure.
    """

    span: Span
    kind: MentionKind
    is_weak: bool = False


@dataclass(slots=True)
class _Node:
    """Words that may follow here, and the forms that end here, each with its target's index."""

    following: dict[str, _Node] = field(default_factory=dict)
    forms: list[tuple[int, Form]] = field(default_factory=list)


class Finder:
    """Finds the mentions of several targets in any number of texts.

    Building costs about as much as searching a few texts: use :func:`finder_of`, which keeps
    finders by their targets.

    Parameters
    ----------
    targets : sequence of Target
    """

    def __init__(self, targets: Sequence[Target]) -> None:
        self.targets = tuple(targets)
        self._root = _Node()
        self._unspaced: list[tuple[int, Form]] = []
        self._phrases = [
            tuple(filter(is_phrase, map(content_words, target.names))) for target in self.targets
        ]
        for i, target in enumerate(self.targets):
            for form in forms_of(target):
                self._add(i, form)
        self._scan = Scan(
            form for target in self.targets for form in forms_of(target) if form.kind is not None
        )
        self._nothing: tuple[tuple[Mention, ...], ...] = ((),) * len(self.targets)

    def find(
        self, text: str, *, extended: bool = True, known: Sequence[bool] = ()
    ) -> tuple[tuple[Mention, ...], ...]:
        """Mentions of every target, in the order of ``targets``.

        Parameters
        ----------
        text : str
        extended : bool
            Whether weak mentions count as well.
        known : sequence of bool, optional
            Per target whether the text around gives it in full, so that short forms are sure.

        Returns
        -------
        tuple of tuple of Mention
            Those of one target are in order and do not overlap.

        Examples
        --------
        >>> Finder([Target("US"), Target("Ola Berg")]).find("Tell us what US law gave Mr. Berg.")
        ((Mention(span=Span(start=13, end=15), kind='name', is_weak=False),),
         (Mention(span=Span(start=29, end=33), kind='name', is_weak=False),))
        """
        view = folded(text)
        is_hit = self._scan.may_hit(view)
        if not is_hit and not (extended and self._may_overlap(view)):
            return self._nothing
        words = words_of(view.lower) if is_hit else []
        found: list[list[Mention]] = [[] for _ in self.targets]
        barred: list[set[Span]] = [set() for _ in self.targets]
        for i, form, start, end in (*self._spaced(view, words), *self._without_blanks(view)):
            span = Span(start, end)
            found[i].append(Mention(span, form.kind or "name"))
            if form.kind is None:
                barred[i].add(span)
        rows = []
        for i, hits in enumerate(found):
            is_known = i < len(known) and known[i]
            taken = _weighed(
                [m for m in _disjoint(hits) if m.span not in barred[i]], is_known=is_known
            )
            sure = [mention for mention in taken if not mention.is_weak]
            row = _disjoint([*taken, *self._weak(i, view, sure)]) if extended else sure
            rows.append(tuple(replace(m, span=view.span(*m.span)) for m in row))
        return tuple(rows)

    def find_in(
        self, texts: Sequence[str], *, extended: bool = True
    ) -> tuple[tuple[tuple[Mention, ...], ...], ...]:
        """Mentions in the texts of one article, as :func:`mentions_in` gives them."""
        sure = [self.find(text, extended=False) for text in texts]
        known = [
            any(m.kind == "name" for row in sure for m in row[i]) for i in range(len(self.targets))
        ]
        return tuple(self.find(text, extended=extended, known=known) for text in texts)

    def _may_overlap(self, view: Folded) -> bool:
        return any(may_overlap(view, phrase) for row in self._phrases for phrase in row)

    def _add(self, i: int, form: Form) -> None:
        if not form.words:
            self._unspaced.append((i, form))
            return
        node = self._root
        for word in form.words:
            node = node.following.setdefault(word, _Node())
        node.forms.append((i, form))

    def _spaced(self, view: Folded, words: list[Word]) -> Iterator[tuple[int, Form, int, int]]:
        first = self._root.following
        for at, word in enumerate(words):
            if word.lower not in first:
                continue
            done: set[int] = set()
            for i, form, last in reversed(list(self._walk(view, words, at))):
                end = word.start + len(form.literal) if form.literal else words[last].end
                if i in done or not has_literal(form, view, word.start):
                    continue
                fitting = fitted(form, view, words, at=at, end=end)
                if fitting is not None:
                    done.add(i)
                    yield i, fitting, word.start, end

    def _walk(self, view: Folded, words: list[Word], at: int) -> Iterator[tuple[int, Form, int]]:
        node = self._root.following[words[at].lower]
        last = at
        while True:
            for i, form in node.forms:
                yield i, form, last
            last += 1
            if last == len(words) or words[last].lower not in node.following:
                return
            if not _GAP.fullmatch(view.text, words[last - 1].end, words[last].start):
                return
            node = node.following[words[last].lower]

    def _without_blanks(self, view: Folded) -> Iterator[tuple[int, Form, int, int]]:
        for i, form in self._unspaced:
            start = view.lower.find(form.literal)
            while start >= 0:
                end = start + len(form.literal)
                yield i, form, start, end
                start = view.lower.find(form.literal, end)

    def _weak(self, i: int, view: Folded, sure: Sequence[Mention]) -> Iterator[Mention]:
        spans = [mention.span for mention in sure]
        yield from (Mention(span, "pronoun", True) for span in pronouns_after(view.text, spans))
        for phrase in self._phrases[i]:
            yield from (Mention(span, "overlap", True) for span in overlaps(view, phrase))


def mentions_of(text: str, target: Target, *, extended: bool = False) -> tuple[Span, ...]:
    """Where a text mentions a target, in order and without overlap.

    Parameters
    ----------
    text : str
    target : Target
    extended : bool
        Whether weak mentions count: a capital for its government, a surname without the full
        name before it, the words of a phrase in another order, a pronoun.

    Returns
    -------
    tuple of Span

    Examples
    --------
    >>> text = "Russia-backed forces left; the Kremlin denied that Russians fell."
    >>> [text[a:b] for a, b in mentions_of(text, Target("Russia"))]
    ['Russia', 'Russians']
    >>> [text[a:b] for a, b in mentions_of(text, Target("Russia"), extended=True)]
    ['Russia', 'Kremlin', 'Russians']
    """
    (found,) = finder_of((target,)).find(text, extended=extended)
    return tuple(mention.span for mention in found)


def mentions_in(
    texts: Sequence[str], targets: Sequence[Target], *, extended: bool = True
) -> tuple[tuple[tuple[Mention, ...], ...], ...]:
    """Mentions in the texts of one article: a short form is sure once the article gave the name.

    Parameters
    ----------
    texts : sequence of str
        Headline and paragraphs, in any order.
    targets : sequence of Target
    extended : bool
        Whether weak mentions count as well.

    Returns
    -------
    tuple, per text, of tuple, per target, of tuple of Mention

    Examples
    --------
    >>> texts = ["Ola Berg, head of the Harbour Board, left.", "Berg said the board was broke."]
    >>> targets = [Target("Ola Berg"), Target("Harbour Board")]
    >>> [[m.span for m in found] for found in mentions_in(texts, targets, extended=False)[1]]
    [[Span(start=0, end=4)], [Span(start=14, end=19)]]
    """
    return finder_of(tuple(targets)).find_in(texts, extended=extended)


@lru_cache(maxsize=256)
def finder_of(targets: tuple[Target, ...]) -> Finder:
    """The finder of these targets, built once."""
    return Finder(targets)


def _weighed(mentions: list[Mention], *, is_known: bool) -> list[Mention]:
    """Mentions with the weak ones marked: seats, and short forms of what was not given in full."""
    full = min((m.span.start for m in mentions if m.kind == "name"), default=None)
    return [
        replace(m, is_weak=True)
        if m.kind == "seat"
        or (m.kind == "short" and not is_known and (full is None or m.span.start < full))
        else m
        for m in mentions
    ]


def _disjoint(mentions: list[Mention]) -> list[Mention]:
    """The longest of overlapping mentions, in order; a sure one is never lost to a weak one."""
    if len(mentions) < 2:
        return mentions
    starts: list[int] = []
    taken: list[Mention] = []
    for mention in sorted(mentions, key=_rank):
        at = bisect_left(starts, mention.span.start)
        if at and taken[at - 1].span.end > mention.span.start:
            continue
        if at < len(starts) and starts[at] < mention.span.end:
            continue
        starts.insert(at, mention.span.start)
        taken.insert(at, mention)
    return taken


def _rank(mention: Mention) -> tuple[bool, int, int]:
    return mention.is_weak, mention.span.start - mention.span.end, mention.span.start
