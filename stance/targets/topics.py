"""What an article speaks of without a name: "the ceasefire", "the tax bill", "herders"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from stance.quotes.cues import cue_classes
from stance.quotes.roles import TITLES, source_kind
from stance.quotes.tokens import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    QUANTITIES,
    TIMES,
)
from stance.targets.candidate import Candidate, Kind

_TOKEN = re.compile(r"[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*|\d[\d.,]*|['’]s\b|[^\w\s]")
_CLOSED = (
    AUXILIARIES
    | ADVERBS
    | PREPOSITIONS
    | CONJUNCTIONS
    | PRONOUNS
    | DETERMINERS
    | QUANTITIES
    | frozenset("s him them me us you your not per each own same such more less than very".split())
)
_BARE = frozenset("other own same first last next new whole only second third".split())
_AGENTS = re.compile(r"(?:ers|ors|ists|ians|[a-z]{4}ants|ees|men|women)$")
_THINGS = frozenset(  # end like agents
    "numbers letters papers matters powers waters winters summers orders others borders rivers"
    " towers computers answers offers chapters quarters dinners errors doors floors colours colors"
    " factors sectors mirrors timers fingers shoulders corners posters layers trees fees knees"
    " degrees committees guarantees meters litres hours covers remainders restaurants shutters"
    " piers helicopters freezers barriers specimen trailers ladders drawers filters rollers engines"
    " considers enters offers delivers discovers remembers suffers".split()
)
_GROUPS = frozenset(
    "forces troops rebels police villagers families volunteers pupils unions clan tribe militants"
    " students residents opponents agents patients clients citizens"
    " voters parents fans crew clergy locals allies rivals critics opposition".split()
)
_BEFORE_VERBS = AUXILIARIES | PRONOUNS | QUANTITIES | frozenset("to you not n't".split())
_OPENERS = frozenset('.!?:“"')  # a capital behind them tells nothing
_HEAD_SHARE = 0.25
_OTHER_SHARE = 0.4
_PAIR_SHARE = 0.25
# Nouns for what people decide, demand or dispute, beside those that their ending gives away.
_DISPUTED = frozenset(
    "act bill law ban tax toll levy tariff quota fee subsidy fund grant loan debt budget deal"
    " treaty pact accord truce ceasefire sale merger takeover strike boycott protest march"
    " vote election referendum reform plan scheme programme program project rule policy"
    " licence license permit order decree ordinance ruling verdict sentence trial lawsuit"
    " claim charge allegation hypothesis theory study survey test bid offer proposal cull"
    " recall search raid attack war siege blockade closure cut cuts freeze rise move lottery"
    " draw exchange service system method network pipeline mine dam bridge tunnel railway"
    " airport wall fence border camp vaccine drug pension wage rent price curriculum exam"
    " script census audit inquiry review privilege right rights curfew lockdown mandate"
    " conscription lease stake auction contract monopoly amnesty asylum abortion gun guns"
    " weapons nuclear welfare summit talks coup sanctions aid".split()
)
_NO_NOUN = re.compile(r"(?:ly|ing|(?<!e)ed)$")
_ABSTRACT = re.compile(r"(?:tion|sion|ment|ance|ence|ship|ism|ity|al|cy|age)s?$")
# Nouns of all news, on which nobody takes a side.
_GENERIC = TIMES | frozenset(
    "people person man woman men women child children family way thing things part parts case cases"
    " place end side word words number numbers kind sort lot bit fact point question answer reason"
    " percent cent euro euros dollar dollars pound pounds metre metres kilometre kilometres hour"
    " hours minute minutes century decade season moment age home house room door street road table"
    " hand hands head face eye eyes name names line lines story article report letter statement"
    " interview newspaper editor reporter spokesman spokeswoman spokesperson official officials"
    " source sources document documents page copy paragraph text version list record records"
    " half rest third quarter share amount total average rate level area region country city town"
    " village world north south east west something anything nothing everything others one ones"
    " morning meeting hearing session conference result results example matter problem member"
    " members group job work life death use change water money cost costs price".split()
)


def topics_in(texts: Sequence[str], *, headline: str = "") -> list[Candidate]:
    """Common nouns and compounds that an article keeps coming back to.

    Parameters
    ----------
    texts : sequence of str
        The paragraphs.
    headline : str
        Its nouns count where the body has them too, be it once.

    Returns
    -------
    list of Candidate
        Of kind "policy", or "group" where the noun is one for people.

    Examples
    --------
    >>> texts = ["The ferry sale is a mistake, she said.", "The mayor wants the ferry sale."]
    >>> [topic.name for topic in topics_in(texts, headline="Ferry sale divides port")]
    ['ferry sale']
    """
    nouns = _Nouns(texts)
    raised = {_singular(word.lower()) for word in _TOKEN.findall(headline)}
    found: dict[str, Candidate] = {}
    for noun in nouns.heads:
        if nouns.heads[noun] < (1 if noun in raised else 2) or not nouns.has(noun):
            continue
        candidate = nouns.candidate(noun, raised)
        found.setdefault(candidate.name, candidate)
    return list(found.values())


class _Nouns:
    """Counts of an article's words, singular and plural together."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.heads: Counter[str] = Counter()
        self.totals: Counter[str] = Counter()
        self.others: Counter[str] = Counter()  # where a verb or a unit stands
        self.modifiers: dict[str, Counter[str]] = {}
        self.cased: dict[str, Counter[str]] = {}  # how a modifier is written
        self.written: dict[str, Counter[str]] = {}
        for text in texts:
            tokens = _TOKEN.findall(text)
            self.heads.update(map(_singular, _heads(tokens)))
            # Nouns for people need no determiner: "herders have left".
            self.heads.update(_singular(t) for t in tokens if t.islower() and _is_people(t))
            for modifier, noun in _pairs(tokens):
                self.modifiers.setdefault(_singular(noun), Counter())[modifier.lower()] += 1
                self.cased.setdefault(modifier.lower(), Counter())[modifier] += 1
            for before, token in pairwise([".", *tokens]):
                if token.islower():
                    noun = _singular(token)
                    self.totals[noun] += 1
                    self.written.setdefault(noun, Counter())[token] += 1
                    self.others[noun] += before.lower() in _BEFORE_VERBS or before[0].isdigit()

    def has(self, word: str) -> bool:
        """Whether a word is used as a noun on which somebody can take a side."""
        forms = self.written[word]
        if not _GENERIC.isdisjoint(forms) or not TITLES.isdisjoint(forms):
            return False
        if word in _DISPUTED:
            return self.others[word] <= _OTHER_SHARE * self.totals[word]
        if len(word) < 4 or _NO_NOUN.search(word):
            return False
        if any(map(_is_people, forms)):
            return True
        return (
            self.heads[word] >= _HEAD_SHARE * self.totals[word]
            and self.others[word] <= _OTHER_SHARE * self.totals[word]
        )

    def candidate(self, noun: str, raised: set[str]) -> Candidate:
        """The noun, or the compound it mostly stands in."""
        head = self.written[noun].most_common(1)[0][0]
        kind: Kind = "group" if _is_people(head) else "policy"
        best, best_n = "", 0.0
        for modifier, n in self.modifiers.get(noun, Counter()).items():
            weight = n + (0.9 if _singular(modifier) in raised else 0)
            if weight > best_n:
                best, best_n = modifier, weight
        if best and best_n >= max(1.9, _PAIR_SHARE * self.totals[noun]):
            first = self.cased[best].most_common(1)[0][0]
            return Candidate(f"{first} {head}", (f"the {head}",), kind)
        return Candidate(head, (), kind)


def is_disputed(name: str) -> bool:
    """Whether a phrase's head is a noun for what people decide, demand or dispute.

    Examples
    --------
    >>> is_disputed("ferry sale"), is_disputed("ferry")
    (True, False)
    """
    head = name.rsplit(maxsplit=1)[-1].lower()
    return not _DISPUTED.isdisjoint((head, _singular(head))) or bool(_ABSTRACT.search(head))


def _is_people(noun: str) -> bool:
    if noun in _GROUPS or source_kind(f"the {noun}") == "body":
        return True
    return bool(_AGENTS.search(noun)) and noun not in _THINGS and noun not in cue_classes()


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _heads(tokens: list[str]) -> Iterator[str]:
    """Last words of the noun phrases that a determiner or preposition begins."""
    at = 0
    while at < len(tokens):
        if not _opens(tokens, at):
            at += 1
            continue
        end = at + 1
        while end < len(tokens) and end - at <= 4 and _is_open(tokens[end]):
            end += 1
        is_whole = end == len(tokens) or not tokens[end][0].isalpha() or _ends(tokens[end])
        last = tokens[end - 1]
        if end - at > 1 and last.islower() and is_whole:
            yield last
        at = max(end, at + 1)


def _opens(tokens: list[str], at: int) -> bool:
    word = tokens[at].lower()
    return word in DETERMINERS or word in PREPOSITIONS or word in ("’s", "'s")


def _is_open(token: str) -> bool:
    return token[0].isalpha() and token.lower() not in _CLOSED


def _ends(token: str) -> bool:
    return token.lower() in _CLOSED or token.lower() in cue_classes()


def _pairs(tokens: list[str]) -> Iterator[tuple[str, str]]:
    for before, first, second in zip([".", *tokens], tokens, tokens[1:], strict=False):
        if first[0].isalpha() and second.islower() and _is_open(first) and _is_open(second):
            is_modifier = first.lower() not in _BARE and not first.lower().endswith(("ly", "ing"))
            if is_modifier and first.lower() not in TITLES:
                yield first.lower() if before in _OPENERS else first, second
