"""Quoted stretches that are nobody's speech: titles, names, scare quotes and irony."""

from __future__ import annotations

import re

from stance.quotes.marks import Quoted

MIN_WORDS = 4
"""A quoted stretch that no words attribute is speech from this many words on."""

_WORD = re.compile(r"\w[\w’'.-]*")
_BLANK = re.compile(r"\s*+")
_MARKS = "“”„‟«»\"＂「」『』'‘’`,‹›"
_SMALL = frozenset(
    "a an the of and or but nor in on at to for from by with as into over under is vs de la le der"
    " das und von el los las y du des et".split()
)
# A work's kind before its title, and verbs that call somebody or something a name.
_NAMING = re.compile(
    r"\b(?:film|movie|novel|book|song|album|single|play|opera|musical|ballet|series|sitcom|show"
    r"|programme|program|documentary|memoir|biography|poem|painting|sculpture|exhibition|essay"
    r"|paper|pamphlet|podcast|episode|magazine|hit|ballad|anthem|classic|thriller|comedy|tragedy"
    r"|so-called|nicknamed|dubbed|known as|called|named|titled|entitled|billed as|codenamed"
    r"|code-named|term|word|phrase|slogan|motto|headed|headlined|labelled|labeled)"
    r"(?:\s(?:the|his|her|its|their|as))?\s*[,:]?\s*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][”\"’'»“]*$|,[”\"’'»“]+$")


def is_title(text: str, span: Quoted) -> bool:
    """Whether a quoted stretch is the title of a work, or a name.

    Examples
    --------
    >>> text = "She sang “The Ferry Home at Night” and “we shall all go home tonight”."
    >>> is_title(text, Quoted(9, 34)), is_title(text, Quoted(39, 69))
    (True, False)
    """
    inner = text[span.start : span.end].strip(_MARKS + " ")
    words = _WORD.findall(inner)
    if not words:
        return True
    named = _NAMING.search(text[max(0, span.start - 40) : span.start]) is not None
    if _SENTENCE_END.search(inner + text[span.end - 1 : span.end]) and inner[-1:] in ".!?…":
        return named and len(words) < MIN_WORDS
    large = [word for word in words if word.lower() not in _SMALL]
    is_capitalised = bool(large) and all(not word[0].islower() for word in large)
    is_short = len(words) < 12
    return is_short and ((is_capitalised and len(large) > 1) or (named and len(words) < 8))


def is_speech(text: str, span: Quoted) -> bool:
    """Whether a quoted stretch is speech by its marks alone: four words or more and no title.

    Examples
    --------
    >>> text = "It is “green” and “nobody has ever seen it”."
    >>> is_speech(text, Quoted(6, 13)), is_speech(text, Quoted(18, 43))
    (False, True)
    """
    n_words = len(_WORD.findall(text, span.start, span.end))
    # Not text[: span.start].strip(): of a line of 30,000 quotations that copies gigabytes.
    if _BLANK.fullmatch(text, 0, span.start) and _BLANK.fullmatch(text, span.end):
        return n_words > 0 and span.is_opened
    return n_words >= MIN_WORDS and not is_title(text, span)
