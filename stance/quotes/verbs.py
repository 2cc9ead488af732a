"""Cue verbs in a sentence → what each attributes, and to which source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import NamedTuple

from stance.article import Span
from stance.quotes.cues import base_forms, cue_classes, strong_cues
from stance.quotes.marks import MASK
from stance.quotes.relays import relays_in
from stance.quotes.roles import TITLES
from stance.quotes.sources import source_after, source_before, subject
from stance.quotes.tokens import (
    ADVERBS,
    AUXILIARIES,
    DETERMINERS,
    PRONOUNS,
    QUANTITIES,
    Token,
    Tokens,
)

_PARENTHETICAL = re.compile(
    r"(?:\s+[\w’'-]+){0,8}\s*[,;:—–]|(?:\s+(?:in|on|at|last|this|after|from|by)\b[^,;\x01]*)?[.!?]?\s*$"
)
# For verbs that also do other things, the clause must follow at once, or after time and place.
_NEAR_CLAUSE = re.compile(
    r"\s*(?:(?:(?:on|in|last|this|at|to|from|with|since|after)\s[\w’'. -]{1,30}?)?,?"
    r"(?:\s?[^,;:\x01]{2,50},)?\s?(?:that|whether|how|why)\b|(?:[\w’'-]+\s){0,4}?as\s[^a-z]"
    r"|(?:(?:of|about)\s)?[,:]?\s*(?:[\w’'-]+\s){0,6}\x01|:)",
    re.IGNORECASE,
)
_PASSIVE = frozenset("been is was were be are being".split())
_MODALS = frozenset("might may can could must would should".split())
_NOT_FINITE = frozenset(
    "to of without by for a an the in on her his their its our my your no this at from with"
    " or".split()
)
_SUBORDINATORS = frozenset(
    "that which who whom whose when while because although though after before if since where"
    " whether until unless what how why than".split()
)
# Verbs that stand before their subject even where no mark shows that something was quoted.
_INVERTS = frozenset(
    "said says wrote writes added adds explained explains reported reports argued argues claimed"
    " claims insisted insists recalled recalls complained complains believes thinks"
    " suggests".split()
)
_WINDOW = 80  # words; a source that stands further off is none
_VERB_ENDING = re.compile(r"[a-z]{2}(?:s|ed)$")
_MIN_MASK = 12  # characters; a shorter quotation is a title or a scare quote
_CITES = frozenset("cites cited quotes quoted".split())
# What right before a cue's form makes it no verb. Only where a blank stands on either side is such
# a word sure to be a token of its own.
_BARRING = tuple(f" {word} " for word in _NOT_FINITE)
_BARRING_PASSIVE = tuple(f" {word} " for word in _PASSIVE)
_LONG_MASK = re.compile(rf"{MASK}{{{_MIN_MASK},}}")
# What stands behind a quotation where ``_by_any_verb`` may find a verb.
_VERB_BEHIND = re.compile(
    r"\s*,?\s*(?:(?:he|she|they|we|i|it|who)\s+)?[\w.’'&/-]*[a-z]{2}(?:s|ed)(?!\w)",
    re.IGNORECASE,
)


class Found(NamedTuple):
    """A cue and its source in a sentence.

    ``closes`` tells that what was said stands before them too; ``at`` is the cue verb's index
    among the tokens, or -1.
    """

    cue: Span
    source: Span
    name: str
    closes: bool
    at: int = -1


def may_hold_verb(sentence: str, signs: AbstractSet[str]) -> bool:
    """Whether ``by_verb`` or ``by_colon`` may find anything, told before there are tokens.

    Parameters
    ----------
    signs : set of str
        Letters in a row of the sentence in lower case, all that are cues among them.

    Examples
    --------
    >>> may_hold_verb("It was called off.", {"called"}), may_hold_verb("She said so.", {"said"})
    (False, True)
    """
    if MASK in sentence:
        if ":" in sentence:
            return True
        for mask in _LONG_MASK.finditer(sentence):
            if _VERB_BEHIND.match(sentence, mask.end()):
                return True
    lower = f" {sentence.lower()}"
    classes = cue_classes()
    for cue in signs:
        barring = _BARRING if cue.endswith("ing") else _BARRING + _BARRING_PASSIVE
        at = lower.find(cue) if cue in classes else -1
        while at >= 0:
            if not lower.endswith(barring, 0, at):
                return True
            at = lower.find(cue, at + 1)
    return False


def by_verb(sentence: str, tokens: Tokens) -> Iterator[Found]:
    """The cue verb of the main clause; one in a clause below it only where there is no other."""
    classes = cue_classes()
    main: list[Found] = []
    embedded: list[Found] = []
    for i, token in enumerate(tokens):
        if token.lower not in classes or (i and tokens[i - 1].lower in _NOT_FINITE):
            continue
        found = _at_verb(sentence, tokens, i)
        if found is not None and not _is_author(sentence, found.source):
            is_embedded = token.lower.endswith("ing") or _is_embedded(tokens, found.source)
            (embedded if is_embedded else main).append(found)
    if not main and not embedded and MASK in sentence:
        main = list(_by_any_verb(tokens))
    seen: set[Span] = set()
    for found in (main or embedded[:1])[:3]:
        if found.source not in seen:
            seen.add(found.source)
            yield found


def _by_any_verb(tokens: Tokens) -> Iterator[Found]:
    """A verb of any kind that a quotation and a source enclose: “…”, crows the Argus."""
    for i in range(1, len(tokens) - 1):
        lead = tokens[i - 1] if tokens[i - 1].text != "," or i < 2 else tokens[i - 2]
        if not lead.is_mask or len(lead.text) < _MIN_MASK:
            continue
        verb, after = (i, i + 1) if tokens[i].lower not in PRONOUNS else (i + 1, i)
        if not _VERB_ENDING.search(tokens[verb].lower) or tokens[verb].is_closed:
            continue
        is_subject = tokens[after].lower in PRONOUNS or tokens[after].is_capitalised
        source = source_after(tokens, verb) if verb < after and is_subject else None
        if verb > after and (verb + 1 >= len(tokens) or not tokens[verb + 1].is_capitalised):
            source = tokens.span(after)
        if source is not None:
            yield Found(tokens.span(verb), source, "say", True, verb)
            return


def by_colon(sentence: str, tokens: Tokens) -> Iterator[Found]:
    """Whatever the verb, a colon and a quotation make it a cue: "She was blunter: “…”"."""
    if ":" not in sentence or MASK not in sentence:
        return
    for i, (one, two) in enumerate(pairwise(tokens)):
        if one.text == ":" and two.is_mask and len(two.text) > _MIN_MASK:
            source = subject(tokens, before=i)
            if source is not None and not _is_author(sentence, source):
                yield Found(tokens.span(i), source, "label", False)
            return


def _is_author(sentence: str, source: Span) -> bool:
    """Whether the writer speaks of himself: outside quotation marks "I" and "we" are no source."""
    words = sentence[source.start : source.end].lower()
    return words in ("i", "we") or words.startswith(("i’", "i'", "we’", "we'"))


def _is_embedded(tokens: Tokens, source: Span) -> bool:
    """Whether a subject stands below the main clause: "that it informed", "When X said"."""
    at = tokens.at(source.start) - 1
    return at >= 0 and tokens[at].lower in _SUBORDINATORS


def _at_verb(sentence: str, tokens: Tokens, i: int) -> Found | None:
    verb, before = tokens[i].lower, tokens[max(0, i - _WINDOW) : i]
    if _is_no_verb(verb, before):
        return None
    cue = tokens.span(i)
    source = _inverted(tokens, i)
    is_inverted = source is not None
    if source is None:
        is_shared = verb.endswith("ing") or (bool(before) and before[-1].lower in ("and", "but"))
        source = subject(tokens, before=i) if is_shared else source_before(tokens, i)
    if source is None or (source.end > cue.start and not is_inverted):
        return None
    if not _can_be_subject(sentence[source.start : source.end], verb, before):
        return None
    # The last token that ends where neither source nor cue has begun.
    at = tokens.at(min(source.start, cue.start)) - 1
    lead = tokens[at] if at >= max(0, i - _WINDOW) else None
    closes = is_inverted or (
        lead is not None and (_ends_clause(lead) or lead.lower == "so") and (at > 0 or lead.is_mask)
    )
    if not is_inverted and verb in _CITES and relays_in(sentence, tokens, -1)[0]:
        return Found(cue, source, "write", False, i)
    if verb in strong_cues() or _has_content(
        sentence, cue.end, closes=closes, is_inverted=is_inverted
    ):
        return Found(cue, source, cue_classes()[verb], closes, i)
    return None


def _has_content(sentence: str, end: int, *, closes: bool, is_inverted: bool) -> bool:
    """Whether what a weak verb attributes follows it at once, or stands before it."""
    after = sentence[end : end + 6 * _WINDOW]
    if _NEAR_CLAUSE.match(after):
        return True
    return closes and (is_inverted or MASK in sentence or bool(_PARENTHETICAL.match(after)))


def _can_be_subject(source: str, verb: str, before: Sequence[Token]) -> bool:
    """Whether number agrees, and somebody in particular is meant: not "one might say"."""
    last = before[-1].lower if before else ""
    if source.lower() in ("one", "you") and last in _MODALS:
        return False
    has_auxiliary = last in AUXILIARIES or last in ADVERBS
    return verb not in base_forms() or has_auxiliary or _is_plural(source)


def _is_no_verb(verb: str, before: Sequence[Token]) -> bool:
    """Whether a cue's form is a noun ("the mayor's remarks") or passive ("is often said")."""
    if before and before[-1].text.endswith(("’s", "'s")):
        return True
    last = next((t for t in reversed(before) if t.lower not in ADVERBS), None)
    return last is not None and last.lower in _PASSIVE and not verb.endswith("ing")


def _is_plural(source: str) -> bool:
    """Whether a source takes the verb's base form: "officials say", "they say", "the two say"."""
    words = source.lower().split()
    return (
        words[-1] in ("they", "we", "i", "you", "who", "people", "police", "men", "women")
        or " and " in source
        or words[0] in ("those", "these", "both", "many", "some", "few", "several", "most", "two")
        or words[0] in QUANTITIES - {"one", "each", "either", "neither", "another"}
        or any(word.endswith("s") for word in words)
    )


def _inverted(tokens: Tokens, i: int) -> Span | None:
    """The source of a cue that stands before it: “…,” said the mayor."""
    verb, lead = tokens[i].lower, tokens[i - 1] if i else None
    if lead is None or not _ends_clause(lead) or verb.endswith("ing"):
        return None
    if lead.text in (",", "—", "–", ";") and verb not in _INVERTS and not _follows_mask(tokens, i):
        return None
    source = source_after(tokens, i)
    if source is None:
        return None
    is_marked = lead.is_mask or _follows_mask(tokens, i)
    first = tokens[i + 1]
    is_named = first.is_capitalised or first.lower in DETERMINERS | PRONOUNS | TITLES
    if not is_marked and not is_named:
        return None
    at = tokens.at(source.end)
    follows = tokens[at] if at < min(len(tokens), i + _WINDOW) else None
    is_bounded = follows is None or not follows.is_word or follows.is_closed
    return source if is_bounded or verb in _INVERTS else None


def _follows_mask(tokens: Sequence[Token], i: int) -> bool:
    return i >= 2 and tokens[i - 2].is_mask


def _ends_clause(token: Token) -> bool:
    return token.text in (",", "?", "!", "—", "–", ";", ".") or token.is_mask
