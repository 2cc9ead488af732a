"""Attributions beyond those of ``speech_of``: nouns, passives, questions, infinitives, rare verbs.

They are apart because trained models have what ``speech_of`` finds among their features: whatever
is added to it would change what these models see.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from stance.article import Span
from stance.quotes.attribution import Attribution
from stance.quotes.cues import cue_classes, further_classes, nominal_classes, strong_cues
from stance.quotes.marks import MASK
from stance.quotes.sources import phrase_span, source_after, source_ahead, source_before
from stance.quotes.spans import AttributedSpans
from stance.quotes.tokens import AUXILIARIES, PRONOUNS, Tokens, tokens_of

_PROBABILITY = 0.63  # as in rule_finder, of 24 attributions
_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+(?!\s|$)[^.!?…]+)*[.!?…]*\s*")
_OPENS = frozenset("that whether how why if".split())
_ASKING = frozenset("did does do will would has have had can could should".split())
_LETTERS = re.compile(r"[a-z]+")
_FINITE = re.compile(
    r"\s(?:was|were|is|are|has|had|have|will|would|came|comes|drew|met|remains?|seems?)\b"
)
_BARE = frozenset(("police", "parliament"))
_SIGNS = (" that", " whether", " how ", " why ", " if ", MASK, "police ", "Police ", "arliament ")
_FORMS_OF_BE = frozenset("is was are were been being be".split())


def further_attributions(outside: str, taken: Sequence[int] = ()) -> Iterator[AttributedSpans]:
    """Attributions of a paragraph, quoted stretches masked, by rarer words and word orders.

    Parameters
    ----------
    outside : str
    taken : sequence of int, ascending
        Where cues stand that are known already: their sentences are left out.

    Examples
    --------
    >>> text = "Hale's claim that the dam leaks was rejected."
    >>> [text[a:b] for one in further_attributions(text) for a, b in (*one.source, *one.content)]
    ['Hale', 'that the dam leaks']
    """
    if not _may_hold(outside):
        return
    for sentence in _SENTENCE.finditer(outside):
        words = sentence.group()
        known = bisect_left(taken, sentence.start())
        is_known = known < len(taken) and taken[known] < sentence.end()
        if is_known or not _may_hold(words) or _cues().isdisjoint(_LETTERS.findall(words.lower())):
            continue
        tokens = tokens_of(words)
        for at in range(len(tokens)):
            found = _at(words, tokens, at)
            if found is not None:
                yield _shifted(found, sentence.start())
                break


@cache
def _cues() -> frozenset[str]:
    return frozenset((*cue_classes(), *further_classes(), *nominal_classes()))


def _may_hold(text: str) -> bool:
    return any(word in text for word in _SIGNS)


def _at(words: str, tokens: Tokens, at: int) -> AttributedSpans | None:
    token = tokens[at]
    verbs, further, nouns = cue_classes(), further_classes(), nominal_classes()
    if token.is_capitalised and at:
        return None
    for is_cue, find in (
        (token.lower in nouns, _nominal),
        (token.lower in verbs or token.lower in further, _passive),
        (token.lower in verbs, _infinitive),
        (token.lower in verbs, _asked),
        (token.lower in verbs or token.lower in further, _beside_marks),
        (token.lower in further, _rare),
        (token.lower in verbs, _bare),
    ):
        if is_cue and (found := find(words, tokens, at)) is not None:
            return found
    return None


def _nominal(words: str, tokens: Tokens, at: int) -> AttributedSpans | None:
    """The source that has a noun, or by whom it is: "Hale's claim that", "a call by Hale that"."""
    after = at + 1
    if after >= len(tokens):
        return None
    source: Span | None = None
    if tokens[after].lower in ("by", "from", "of"):
        source = phrase_span(tokens, after + 1)
        if source is None:
            return None
        after = tokens.at(source.end)
    else:
        source = _owner(tokens, at)
    if source is None or after >= len(tokens) or tokens[after].lower not in ("that", "whether"):
        return None
    content = _clause(words, tokens.starts[after])
    if tokens.starts[0] in (source.start, tokens.starts[at]) or at < 4:
        content = _before_verb(words, content)
    return _made(content, (tokens.span(at),), source)


def _owner(tokens: Tokens, at: int) -> Span | None:
    """Who has the noun at ``at``: a name or noun with an apostrophe, one adjective between."""
    for k in (at - 1, at - 2):
        if k < 0:
            return None
        text = tokens[k].text
        if text[-2:] in ("’s", "'s"):
            start = k
            while start and (tokens[start - 1].is_capitalised or tokens[start - 1].lower == "the"):
                start -= 1
            owner = tokens.span(start, k)
            return Span(owner.start, owner.end - 2)
        if tokens[k].lower in ("his", "her", "their", "its"):
            return tokens.span(k)
    return None


def _passive(words: str, tokens: Tokens, at: int) -> AttributedSpans | None:
    """A passive with its agent: "It was claimed by Hale that"."""
    if not at or at + 2 >= len(tokens) or tokens[at - 1].lower not in _FORMS_OF_BE:
        return None
    if tokens[at + 1].lower != "by":
        return None
    source = phrase_span(tokens, at + 2)
    if source is None:
        return None
    after = tokens.at(source.end)
    if after >= len(tokens) or tokens[after].lower not in _OPENS:
        return None
    cue = tokens.span(at - 1, at + 1)
    return _made(_clause(words, tokens.starts[after]), (cue,), source)


def _infinitive(words: str, tokens: Tokens, at: int) -> AttributedSpans | None:
    """A cue behind another verb: "Hale refused to say whether"."""
    if at < 3 or tokens[at - 1].lower != "to" or not _opens_clause(tokens, at + 1):
        return None
    first = at - 2
    if not tokens[first].is_word or tokens[first].is_closed or tokens[first].is_capitalised:
        return None
    source = source_before(tokens, first)
    if source is None:
        return None
    while first and tokens[first - 1].lower in AUXILIARIES:
        first -= 1
    cue = tokens.span(first, at)
    return _made(_clause(words, tokens.starts[at + 1]), (cue,), source)


def _asked(words: str, tokens: Tokens, at: int) -> AttributedSpans | None:
    """A cue in a question: "Did Hale say that"."""
    if at < 2 or tokens[0].lower not in _ASKING or not _opens_clause(tokens, at + 1):
        return None
    source = phrase_span(tokens, 1)
    if tokens[1].lower in PRONOUNS:
        source = tokens.span(1)
    if source is None or not source.end <= tokens.starts[at] <= source.end + 12:
        return None
    cue = (tokens.span(0), tokens.span(at))
    return _made(_clause(words, tokens.starts[at + 1]), cue, source)


def _beside_marks(words: str, tokens: Tokens, at: int) -> AttributedSpans | None:
    """A verb behind a quotation: “It leaks,” Berg opined; “Will it?” Berg asked on Monday."""
    cue = tokens.span(at)
    masks = [k for k in range(max(0, at - 12), at) if tokens[k].is_mask]
    if not masks:
        return None
    mask = tokens.span(masks[-1])
    source = source_before(tokens, at)
    if source is None or source.start < mask.end:
        source = source_after(tokens, at) if tokens[at - 1].is_mask else None
    if source is None or words[mask.end : min(source.start, cue.start)].strip(" ,"):
        return None
    return _made(mask, (cue,), source)


def _rare(words: str, tokens: Tokens, at: int) -> AttributedSpans | None:
    """A verb of ``FURTHER_VERBS`` before "that"."""
    cue = tokens.span(at)
    if at + 1 >= len(tokens) or tokens[at + 1].lower != "that":
        return None
    source = source_before(tokens, at)
    if source is None:
        return None
    return _made(_clause(words, tokens.starts[at + 1]), (cue,), source)


def _bare(words: str, tokens: Tokens, at: int) -> AttributedSpans | None:
    """A source that needs no article: "Nobody was hurt, police said."."""
    if not at or tokens[at - 1].lower not in _BARE or tokens[at].lower not in strong_cues():
        return None
    source = tokens.span(at - 1)
    cue = (tokens.span(at),)
    if at > 2 and tokens[at - 2].text == ",":
        return _made(Span(0, tokens.starts[at - 2]), cue, source)
    if at + 2 < len(tokens) and at == 1:
        return _made(_clause(words, tokens.starts[at + 1]), cue, source)
    return None


def _opens_clause(tokens: Tokens, at: int) -> bool:
    return at < len(tokens) and (tokens[at].lower in _OPENS or tokens[at].is_mask)


def _clause(words: str, start: int) -> Span:
    """From a conjunction to the end of the sentence, its last mark left out."""
    return Span(start, len(words.rstrip(" .!?…;:,\n\t")))


def _before_verb(words: str, content: Span) -> Span:
    """A clause that belongs to the subject, without the verb of its sentence."""
    verbs = list(_FINITE.finditer(words, content.start, content.end))
    if verbs and len(words[content.start : verbs[-1].start()].split()) > 3:
        return Span(content.start, verbs[-1].start())
    return content


def _made(content: Span, cue: tuple[Span, ...], source: Span) -> AttributedSpans | None:
    if content.end <= content.start or source.end <= source.start:
        return None
    return AttributedSpans((content,), cue, (source,), _PROBABILITY)


def _shifted(found: AttributedSpans, by: int) -> AttributedSpans:
    content, cue, source = (
        tuple(Span(a + by, b + by) for a, b in spans)
        for spans in (found.content, found.cue, found.source)
    )
    return AttributedSpans(content, cue, source, found.probability)


def mended(outside: str, attribution: Attribution) -> Attribution:
    """An attribution whose source was taken from the wrong side, or with its verb.

    "…, who left, said it leaks": "it" is what is spoken of. "Berg tweeted: “…”": Berg.
    """
    if attribution.cue_class == "label":
        return _without_verb(outside, attribution)
    follows = outside[attribution.source.end :].lstrip(" ").split(maxsplit=1)
    is_inverted = attribution.cue.end <= attribution.source.start
    if not is_inverted or not follows or attribution.cue_class == "according":
        return attribution
    word = follows[0].lower().rstrip(".,;!?")
    is_pronoun = outside[slice(*attribution.source)].lower() in PRONOUNS
    if not (word in cue_classes() or word in AUXILIARIES or (is_pronoun and word.isalpha())):
        return attribution
    source = source_ahead(outside[: attribution.cue.start])
    if source is None:
        return attribution
    content = Span(attribution.cue.end, max(b for _, b in attribution.contents))
    return replace(attribution, source=source, contents=(content,) if content else ())


def _without_verb(outside: str, attribution: Attribution) -> Attribution:
    start, end = attribution.source
    words = outside[start:end].split()
    owned = re.match(r"(.{2,40}?)[’']s\s", outside[start:end])
    last = words[-1].lower() if words else ""
    if (
        len(words) > 1
        and (last in cue_classes() or last in further_classes())
        and last[0].islower()
    ):
        at = outside.rindex(words[-1], start, end)
        source = Span(start, start + len(outside[start:at].rstrip()))
        return replace(attribution, source=source, cue=Span(at, end), cue_class="say")
    if owned and any(word.lower() in nominal_classes() for word in words[1:]):
        return replace(attribution, source=Span(start, start + owned.end(1)))
    return attribution
