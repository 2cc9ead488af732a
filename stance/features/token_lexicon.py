"""Word classes that a reader of quotations goes by: cues, pronouns, conjunctions, titles."""

from __future__ import annotations

from functools import lru_cache

from stance.quotes.cues import base_forms, cue_classes, strong_cues
from stance.quotes.roles import TITLES
from stance.quotes.tokens import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    TIMES,
)

# Nouns that hold a content: "the claim that", "fears of".
NOUNS = frozenset(
    "claim claims allegation allegations statement statements suggestion suggestions belief"
    " beliefs view views opinion opinions fear fears hope hopes concern concerns doubt doubts"
    " worry worries idea ideas notion argument arguments assertion assertions accusation"
    " accusations charge charges promise promises pledge pledges vow threat threats warning"
    " warnings call calls demand demands plea request requests proposal proposals plan plans"
    " report reports prediction predictions forecast estimate estimates expectation"
    " expectations criticism support opposition endorsement comment comments remark remarks"
    " question questions answer response reply news rumor rumors rumour rumours speculation"
    " evidence sign signs poll polls survey surveys decision desire intention intentions"
    " determination insistence complaint complaints praise admission acknowledgement denial"
    " confidence suspicion suspicions perception feeling sense impression contention"
    " assessment conclusion conclusions testimony tweet tweets post message quote".split()
)
ADJECTIVES = frozenset(
    "confident sure certain aware convinced hopeful optimistic pessimistic concerned worried afraid"
    " fearful skeptical sceptical doubtful unsure uncertain adamant clear happy unhappy proud sorry"
    " angry furious upset surprised glad pleased disappointed frustrated eager willing unwilling"
    " ready reluctant opposed supportive critical likely unlikely".split()
)


@lru_cache(maxsize=1)
def word_classes() -> dict[str, tuple[str, ...]]:
    """Classes of every listed word, in lower case.

    Examples
    --------
    >>> word_classes()["denied"]
    ('cue deny',)
    """
    groups = {
        "strong cue": strong_cues(),
        "base form": base_forms(),
        "title": TITLES,
        "adverb": ADVERBS,
        "auxiliary": AUXILIARIES,
        "conjunction": CONJUNCTIONS,
        "determiner": DETERMINERS,
        "possessive": frozenset(POSSESSIVES),
        "preposition": PREPOSITIONS,
        "pronoun": PRONOUNS | {"you", "me", "him", "them", "us", "his", "her", "i"},
        "time": TIMES,
        "content noun": NOUNS,
        "content adjective": ADJECTIVES,
    }
    found: dict[str, list[str]] = {w: [f"cue {name}"] for w, name in cue_classes().items()}
    for name, words in groups.items():
        for word in words:
            found.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in found.items()}
