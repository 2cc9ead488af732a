"""Subjects of a cue that say nothing: events that show, boilerplate, and what somebody left unsaid.

The rules for attributions find a subject and a verb, and trained models have what they find among
their features. Whether the subject can speak is asked here, where voices and quotations are made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.article import Span
from stance.quotes.cues import inflections, nominal_classes
from stance.quotes.roles import can_speak, head_of

_LEMMAS = (
    "show expose signal suggest mean underline underscore highlight reveal indicate reflect"
    " illustrate demonstrate prove confirm teach point imply"
)
_SHOWING = frozenset(form for lemma in _LEMMAS.split() for form in inflections(lemma)) | frozenset(
    ("meant", "taught", "shown")
)
_NEVER = frozenset("that this these those what nothing everything something all both".split())
_EVENTS = frozenset(
    "row dispute move decision vote trend crisis attack strike war clash raid fire accident crash"
    " arrest case affair scandal saga episode event incident debate quarrel fight battle"
    " conflict deal agreement truce ceasefire election defeat victory win loss visit"
    " trip meeting summit talks protest march riot change shift step measure law bill act rule"
    " policy plan project budget tax price cost rise fall drop increase decline growth surge slump"
    " boom failure success delay mistake error problem fact truth reality situation history past"
    " present future experience evidence practice life time year example sign signal symptom proof"
    " symbol silence absence figure figures data statistics "
    " picture pictures image images photo photos photograph photographs footage video map chart"
    " graph sensor gauge meter radar camera instrument thermometer barometer weather storm flood"
    " drought name word words view views opinion opinions tone style choice behaviour behavior"
    " response reaction approach attitude stance timing speed death murder killing bombing shooting"
    " resignation dismissal departure return arrival launch closure collapse withdrawal approval"
    " refusal denial removal proposal appeal survival revival betrayal".split()
)
_EVENT_ENDING = re.compile(r"(?:tion|sion|ness|ism|ship|ance|ence|ment|ity)s?$")
_BODIES = frozenset(  # end like events and speak all the same
    "opposition organisation organization corporation institution delegation nation population"
    " audience alliance mission leadership membership conference intelligence generation division"
    " faction station congregation constitution resolution document statement testament community"
    " authority city university charity majority minority municipality faculty security management"
    " establishment settlement regiment parliament government department indictment judgment"
    " judgement assessment announcement investigation inspection commission evaluation submission"
    " declaration presentation publication application projection calculation simulation estimation"
    " information".split()
)
_RECORDS = frozenset("figure figures data statistics numbers".split())
_GENERIC = frozenset("the these those such all other some new latest recent early fresh".split())
_OWNED = re.compile(r"[’']s?\s|\s(?:from|by|of|at)\s(?:the\s)?[^\W\d_a-z]|\s(?:from|by)\s")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_ABOUT_TEXT = (
    r"(?:this|the\s(?:above|following|present))\s(?:article|story|column|piece|post|transcript|text"
    r"|page|commentary|op-ed)"
)
_BOILERPLATE = re.compile(
    r"(?:any\s|the\s|all\s)?(?:views|opinions)\b(?:[^.]{0,40}\s)?(?:expressed|contained|presented)\b"
    rf"|{_ABOUT_TEXT}\s(?:was|is|has|had|does|may|should|must|first|originally|appeared|contains)\b"
    r"|the\s(?:article|story|column|piece|post)\s(?:was|has\sbeen)\s(?:amended|corrected|updated|edited)\b"
    rf"|(?:an?\s|the\s)?(?:\w+\s)?version\sof\s{_ABOUT_TEXT}\b|all\srights\sreserved\b"
    r"|(?:copyright|©)\s",
    re.IGNORECASE,
)
_GOVERNING = frozenset("regarding concerning about despite amid".split())
_CAPTIONS = frozenset(
    "graphic photo image picture photograph video map chart table infographic factbox explainer"
    " caption slideshow watch related".split()
)
_INITIALS = frozenset("atovc©")  # what a match of it begins with: nearly no sentence goes on
_UNSAID = re.compile(r"(?:\bnot|\bnever|n[’']t|\b(?:refus|declin)(?:e|es|ed|ing))\b", re.IGNORECASE)
_SAYING = frozenset(
    form
    for lemma in (
        "say tell specify disclose reveal explain confirm clarify indicate mention announce state"
        " comment elaborate report"
    ).split()
    for form in inflections(lemma)
)
_QUESTION = re.compile(
    r"\s+(?:(?:on|about|exactly|precisely|immediately|publicly|yet)\s)?"
    r"(?:when|whether|how|why|what|where|who|whom|whose|which|if)\b"
)
# "Reports state that"; not "her home state of Lund".
_STATED = re.compile(r"\s*:|\s+(?:that|how|it|he|she|they|there|the|[“\"«\x01])")
_MAX_SENTENCE = 1000  # characters back from a cue to where its sentence begins


def is_mute(text: str, source: Span, cue: Span, *, content: Sequence[Span] = ()) -> bool:
    """Whether a cue's subject says nothing, or nothing of what follows.

    Parameters
    ----------
    text : str
    source, cue : Span
        Offsets into the text.
    content : sequence of Span
        What the cue attributes: where some of it stands before, as in "It fell by a third,
        figures show", the cue can have no other sense.

    Examples
    --------
    >>> def found(text, source, cue):
    ...     a, b = text.index(source), text.index(cue)
    ...     return is_mute(text, Span(a, a + len(source)), Span(b, b + len(cue)))
    >>> found("The row shows how little they know.", "The row", "shows")
    True
    >>> found("The study shows how little they know.", "The study", "shows")
    False
    >>> found("Berg did not say when it opens.", "Berg", "did not say")
    True
    >>> found("The views expressed here say nothing.", "The views", "say")
    True
    """
    words = text[source.start : source.end].strip()
    if not words:
        return False
    said = text[cue.start : cue.end]
    begin = min(source.start, cue.start)
    return (
        (
            not _SHOWING.isdisjoint(said.lower().split())
            and _only_shows(words)
            and not any(span.end <= begin for span in content)
        )
        or (said in ("state", "states") and not _STATED.match(text, cue.end))
        or (said == ":" and words.rsplit(maxsplit=1)[-1].lower() in _CAPTIONS)
        or _is_governed(text, words, said, source=source, cue=cue)
        or is_unsaid(text, source, cue)
        or _is_boilerplate(text, begin)
    )


def _only_shows(words: str) -> bool:
    """Whether what shows, suggests or means something is an event, a thing, or "that"."""
    found = _WORD.findall(head_of(words))
    if not found:
        return False
    last = found[-1].lower()
    if last in _NEVER or found[0].lower() == "what":
        return True
    if last in _RECORDS:
        return _OWNED.search(words) is None and not any(map(_is_owner, found[:-1]))
    if len(found) > 1 and found[-1][0].isupper():  # "the Clean Air Act", "Operation Lantern"
        return False
    is_event = last in _EVENTS or last.removesuffix("s") in _EVENTS
    return is_event or (_has_event_ending(last) and not can_speak(words))


def _is_owner(word: str) -> bool:
    """Whether figures are somebody's by the word before them: "Treasury", "official"."""
    return word.lower() == "official" or (word[0].isupper() and word.lower() not in _GENERIC)


def _has_event_ending(noun: str) -> bool:
    return _EVENT_ENDING.search(noun) is not None and noun.removesuffix("s") not in _BODIES


def _is_governed(text: str, words: str, said: str, *, source: Span, cue: Span) -> bool:
    """Whether a preposition governs the subject and the cue is its noun: "On the German claims"."""
    first, _, rest = words.partition(" ")
    if first.lower() in _GOVERNING:
        return first.lower() != "about" or rest.startswith("the ")  # "About half say"
    if said not in nominal_classes() or text[source.end : cue.start].strip():
        return False
    before = text[max(0, source.start - 20) : source.start].lower().split()[-1:]
    is_owner = words.endswith(("’s", "'s", "s’", "s'"))
    return not is_owner and before != [] and before[0] in _GOVERNING


def is_unsaid(text: str, source: Span, cue: Span) -> bool:
    """Whether somebody leaves a question open: "did not say when", "refused to say whether".

    Examples
    --------
    >>> is_unsaid("Berg did not say when.", Span(0, 4), Span(13, 16))
    True
    """
    verb = text[cue.start : cue.end].rsplit(maxsplit=1)[-1:]
    if not verb or verb[0].lower() not in _SAYING or not _QUESTION.match(text, cue.end):
        return False
    low = source.end if source.end <= cue.start else cue.start
    return _UNSAID.search(text, low, cue.end) is not None


def _is_boilerplate(text: str, at: int) -> bool:
    """Whether the sentence around a place speaks of the page and not of the news."""
    low = max(0, at - _MAX_SENTENCE)
    ends = [text.rfind(mark, low, at) for mark in (". ", "! ", "? ")]
    start = max(ends) + 2 if max(ends) >= 0 else low
    return text[start : start + 1].lower() in _INITIALS and bool(_BOILERPLATE.match(text, start))
