"""A cue in its clause → its class, and whether it is denied, asked, or yet to come."""

from __future__ import annotations

import re
from functools import lru_cache

from stance.quotes.cues import PHRASES, cue_classes, further_classes, nominal_classes

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_NEGATION = re.compile(
    r"\b(?:not(?!\s(?:only|just|merely|simply)\b)|never|nor|neither|cannot|hardly|rarely|nobody"
    r"|no[ -]one|none|nowhere|nothing|without|refus\w+\sto|declin\w+\sto|fail\w+\sto"
    r"|avoid\w*|stopp?\w*\sshort\sof|denie[ds]\s(?:having|ever|that\s\w+\shad))\b"
    r"|n[’']t\b|^no\s",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|would|shall|may|might|could|should|won[’']t|wouldn[’']t|if|unless|going\sto"
    r"|(?:expected|likely|due|set|about|poised|bound|sure|plans?|planned|planning|wants?|wanted"
    r"|intends?|intended|hopes?|ready|prepared|scheduled|supposed)\sto|let)\b|[’'](?:ll|d)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\W*(?:(?:and|but|so|or)\s)?(?:did|does|do|has|have|had|is|are|was|were|will|would|can|could|should"
    r"|what|who|why|how|when|where|which|whom|whose|didn[’']t|hasn[’']t|doesn[’']t)\b",
    re.IGNORECASE,
)
_QUESTION_END = re.compile(r"\?\W*$")


@lru_cache(maxsize=4096)
def cue_class(words: str) -> str | None:
    """Class of the words that attribute: of the last verb or noun among them that has one.

    Returns
    -------
    str or None
        A class of ``stance.quotes.cues.VERBS``, "according", "label", or None for other words.

    Examples
    --------
    >>> cue_class("has repeatedly denied"), cue_class("in the words of"), cue_class(":")
    ('deny', 'according', 'label')
    >>> cue_class("the claim that"), cue_class("waved") is None
    ('claim', True)
    """
    if words.strip() in (":", "—", "–"):
        return "label"
    lower = " ".join(words.lower().split())
    for phrase, name in PHRASES.items():
        if phrase in lower:
            return name
    verbs, further = cue_classes(), further_classes()
    found = _WORD.findall(lower)
    for word in reversed(found):
        if word in verbs or word in further:
            return verbs.get(word) or further[word]
    nouns = nominal_classes()
    return next((nouns[word] for word in reversed(found) if word in nouns), None)


def manner(lead: str, cue: str, sentence: str) -> tuple[str, ...]:
    """Flags of a cue: "negated", "question", "hypothetical".

    Parameters
    ----------
    lead : str
        What stands before the cue in its clause, the source left out.
    cue : str
        The words that attribute.
    sentence : str
        The whole sentence, quoted stretches masked.

    Examples
    --------
    >>> manner("did not", "say", "She did not say that it leaks.")
    ('negated',)
    >>> manner("is expected to", "announce", "She is expected to announce that it leaks.")
    ('hypothetical',)
    >>> manner("Did", "say", "Did she say that it leaks?")
    ('question',)
    """
    words = f"{lead} {cue}"
    flags = []
    if _NEGATION.search(words):
        flags.append("negated")
    if _QUESTION_END.search(sentence) and _ASKS.match(sentence):
        flags.append("question")
    if _AHEAD.search(words):
        flags.append("hypothetical")
    return tuple(flags)
