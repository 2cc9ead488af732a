"""Cues: the words that attribute speech and thought, by class.

The lists are written here. A cue's class is evidence of its own: who *claims* is believed less
than who *says*, who *denies* takes a side.
"""

from __future__ import annotations

import re
from functools import cache

# Classes of cue verbs, by lemma. A verb of the classes in WEAK attributes only where a clause
# ("that …", "whether …") or a quotation follows or precedes it.
VERBS: dict[str, str] = {
    "say": "say tell speak assure object submit protest add state remark comment reply answer"
    " respond recall recount relate quip whisper shout murmur mutter joke continue reiterate repeat"
    " narrate confide volunteer tweet retort interject chip sigh laugh conclude begin",
    "claim": "claim allege assert maintain contend insist argue charge boast",
    "deny": "deny dispute reject rebut refute dismiss disagree counter",
    "concede": "concede admit acknowledge confess grant",
    "urge": "urge call demand plead appeal advise recommend suggest propose caution warn order"
    " instruct request beg",
    "announce": "announce declare report disclose reveal confirm inform notify brief specify"
    " clarify explain stress emphasise emphasize underline underscore highlight indicate note"
    " observe mention describe outline elaborate testify swear certify rule hold",
    "predict": "predict forecast expect anticipate estimate project foresee",
    "believe": "believe think feel hope fear worry doubt suspect consider assume reckon see know"
    " understand wish guess realise realize agree imagine",
    "find": "find show conclude discover determine calculate establish prove demonstrate",
    "accuse": "accuse blame criticise criticize condemn denounce complain lament accost mock"
    " lambast slam deplore",
    "praise": "praise welcome hail laud commend applaud defend thank",
    "ask": "ask wonder question inquire enquire",
    "promise": "promise vow pledge threaten swear",
    "write": "write quote cite point read",
}
WEAK = frozenset(("believe", "find", "urge", "praise", "accuse", "promise", "write", "predict"))
_WEAK_LEMMAS = frozenset(
    "continue begin answer respond relate laugh sigh chip charge hold rule report describe order"
    " outline mention call highlight counter grant project note observe show reveal confirm reject"
    " object submit protest speak dismiss dispute deny underline underscore ask question indicate"
    " announce declare disclose claim brief inform notify request appeal".split()
)
_IRREGULAR = {
    "say": "says said saying",
    "tell": "tells told telling",
    "begin": "begins began begun beginning",
    "swear": "swears swore sworn swearing",
    "hold": "holds held holding",
    "think": "thinks thought thinking",
    "feel": "feels felt feeling",
    "see": "sees saw seen seeing",
    "foresee": "foresees foresaw foreseen",
    "know": "knows knew known knowing",
    "understand": "understands understood",
    "find": "finds found finding",
    "read": "reads",
    "show": "shows showed shown showing",
    "write": "writes wrote written writing",
    "forecast": "forecasts forecast forecasting",
    "prove": "proves proved proven proving",
    "admit": "admits admitted admitting",
    "rebut": "rebuts rebutted rebutting",
    "slam": "slams slammed slamming",
    "quip": "quips quipped quipping",
    "submit": "submits submitted submitting",
    "speak": "speaks spoke spoken speaking",
    "beg": "begs begged begging",
    "chip": "chips chipped chipping",
    "refer": "refers referred",
}


@cache
def cue_classes() -> dict[str, str]:
    """Class of every inflected cue verb: ``{"said": "say", "denies": "deny", …}``.

    Examples
    --------
    >>> cue_classes()["denied"], cue_classes()["insists"]
    ('deny', 'claim')
    """
    classes: dict[str, str] = {}
    for name, lemmas in VERBS.items():
        for lemma in lemmas.split():
            for form in inflections(lemma):
                classes.setdefault(form, name)
    return classes


@cache
def base_forms() -> frozenset[str]:
    """Cue verbs as they follow a plural: "officials say"; after a singular they are nouns."""
    lemmas = {lemma for group in VERBS.values() for lemma in group.split()}
    return frozenset(lemmas - {"read", "forecast"})


@cache
def strong_cues() -> frozenset[str]:
    """Inflected verbs that attribute what stands beside them even without "that" or marks."""
    return frozenset(
        form
        for name, lemmas in VERBS.items()
        if name not in WEAK
        for lemma in lemmas.split()
        if lemma not in _WEAK_LEMMAS
        for form in inflections(lemma)
    )


@cache
def cue_pattern() -> re.Pattern[str]:
    """Matches any inflected cue verb as a whole word."""
    forms = sorted(cue_classes(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)


def inflections(lemma: str) -> list[str]:
    """Base form, third person, past and -ing form of an English verb.

    Examples
    --------
    >>> inflections("deny")
    ['deny', 'denies', 'denied', 'denying']
    """
    if lemma in _IRREGULAR:
        return [lemma, *_IRREGULAR[lemma].split()]
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return [lemma, f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing"]
    if lemma.endswith("e"):
        return [lemma, f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"]
    third = f"{lemma}es" if lemma.endswith(("s", "sh", "ch", "x")) else f"{lemma}s"
    return [lemma, third, f"{lemma}ed", f"{lemma}ing"]
