"""Where a cue stands in a sentence → the noun phrase that names its source.

English word order without a tagger: closed word classes, capitals and commas. A source stands
before its cue ("the mayor, who left early, said"), after it ("said the mayor"), or after a
preposition ("according to the mayor").
"""

from __future__ import annotations

import re
from typing import NamedTuple

from stance.article import Span
from stance.quotes.marks import MASK

_TOKEN = re.compile(
    rf"{MASK}+|(?:[^\W\d_]\.){{2,}}|\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sgt|Col|Gen|Lt|Capt)\.|\d[\d.,]*\d"
    r"|(?:\w|(?<=\w)[.’'&/-](?=\w))+|\S"
)

PRONOUNS = frozenset("he she they we i it who".split())
_DETERMINERS = frozenset(
    "the a an one two three four five six seven eight nine ten dozens hundreds some several many"
    " most both another other his her their its our my this these those no each every both".split()
)
_AUXILIARIES = frozenset(
    "has have had having was were is are am be been being also later then again not never does do"
    " did would could should may might will can must now once still further first previously"
    " recently however meanwhile long even both all just soon only often yesterday today earlier"
    " afterwards afterward always already too today tonight rightly n't both itself himself herself"
    " themselves".split()
)
_STOPS = frozenset(
    "and but while because although though when after before as if since where that which so yet"
    " until whereas than or nor in on at by with to about into over under during despite without"
    " within through against between among upon like near outside inside around since regarding"
    " what how why there then says say said told".split()
)
# Prepositions that may stand inside the noun phrase of a source.
_INNER = frozenset("of for from at in".split())
_NEVER_INVERTED = frozenset(
    "told tells tell assured assures informed informs reminded reminds asked urged warned advised"
    " notified briefed knew know knows saw see sees felt feel feels found find finds wanted thanked"
    " show shows showed showing called calls call began begin begins".split()
)
_NOT_NOUNS = frozenset(
    "here there not no yes now then so too again already unable clear likely expected believed said"
    " reported afterwards understood known thought it's that's".split()
)
_MAX_WORDS = 12


class Token(NamedTuple):
    """A word, a mark, or a masked quotation, with its offsets in the sentence."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_capitalised(self) -> bool:
        head = self.text[3:] if self.lower.startswith(("al-", "el-")) else self.text
        return head[:1].isupper()

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


def tokens_of(sentence: str) -> list[Token]:
    """Words, punctuation marks and masked quotations of a sentence."""
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(sentence)]


def source_before(tokens: list[Token], at: int) -> Span | None:
    """The noun phrase that is subject of the cue ``tokens[at]``; None where none is seen.

    Examples
    --------
    >>> text = "In his turn, Ola Berg, the officer for the port, told reporters that it held."
    >>> tokens = tokens_of(text)
    >>> span = source_before(tokens, [token.text for token in tokens].index("told"))
    >>> text[span.start : span.end]
    'Ola Berg'
    """
    i = _skip_adverbs(tokens, at - 1)
    if i < 0:
        return None
    if tokens[i].text in (",", ")", "—", "–"):
        return _past_apposition(tokens, i)
    if tokens[i].lower == "who":
        i = _skip_commas(tokens, i - 1)
    return _phrase_ending(tokens, i)


def source_after(tokens: list[Token], at: int) -> Span | None:
    """The noun phrase that follows an inverted cue ``tokens[at]``, as in “…,” said the mayor."""
    if tokens[at].lower in _NEVER_INVERTED or at + 1 >= len(tokens):
        return None
    first = tokens[at + 1]
    if first.lower in PRONOUNS:
        return Span(first.start, first.end)
    return phrase_starting(tokens, at + 1)


def phrase_starting(tokens: list[Token], i: int, *, with_tail: bool = False) -> Span | None:
    """The noun phrase that begins at ``tokens[i]``; a name in apposition is preferred to it.

    Parameters
    ----------
    with_tail : bool
        Whether "of", "for", "at" and "from" carry the phrase on ("a guest at the wedding").
    """
    if i >= len(tokens) or not tokens[i].is_word:
        return None
    j = i
    while j < len(tokens) and j - i < _MAX_WORDS and _carries_on(tokens, i, j, with_tail=with_tail):
        j += 1
    if j == i or not _is_nominal(tokens[i:j]):
        return None
    if j + 1 < len(tokens) and tokens[j].text == "," and not _has_name(tokens[i:j]):
        apposed = _name_run(tokens, j + 1)
        if apposed is not None:
            return apposed
    return Span(tokens[i].start, tokens[j - 1].end)


def main_subject(tokens: list[Token], at: int) -> Span | None:
    """The noun phrase a sentence opens with: the subject that a later participle hangs on."""
    opening = 0
    if tokens and tokens[0].lower in _STOPS | {"from", "of"}:  # "In May, the board …"
        commas = [k for k in range(at) if tokens[k].text == ","]
        if not commas:
            return None
        opening = commas[0] + 1
    return phrase_starting(tokens, opening)


def _carries_on(tokens: list[Token], first: int, j: int, *, with_tail: bool) -> bool:
    token = tokens[j]
    if not token.is_word:
        return False
    if j == first:
        return token.lower not in _STOPS and token.lower not in _AUXILIARIES
    follows = tokens[j + 1] if j + 1 < len(tokens) else None
    if token.lower in ("of", "and", "&") and follows and follows.is_word:
        return token.lower == "of" or (tokens[j - 1].is_capitalised and follows.is_capitalised)
    if with_tail and token.lower in ("for", "at", "from", "in", "who", "with", "by", "close", "to"):
        return True
    if token.lower in _STOPS or token.lower in _AUXILIARIES or token.lower in ("for", "from"):
        return False
    is_after_name = tokens[j - 1].is_capitalised and tokens[j - 1].lower not in _DETERMINERS
    return token.is_capitalised or not is_after_name or tokens[first].lower in _DETERMINERS


def _past_apposition(tokens: list[Token], i: int) -> Span | None:
    """The source where a comma stands before the cue: what the commas enclose, or the noun before.

    "The captain, Ola Berg, said": the name. "Ola Berg, the captain, said": the name again.
    """
    ends = [i]
    for k in range(i - 1, -1, -1):
        if tokens[k].text in (",", "(", "—", "–", ";", ":") or tokens[k].text[0] == MASK:
            ends.append(k)
    ends.append(-1)
    phrases: list[Span] = []
    for right, left in zip(ends, ends[1:], strict=False):
        segment = tokens[left + 1 : right]
        if not segment or len(phrases) > 3:
            continue
        run = _name_run(tokens, left + 1)
        if run is not None:
            return run
        found = _phrase_ending(tokens, right - 1) if segment[0].lower != "who" else None
        if found is not None and found.start >= segment[0].start:
            phrases.append(found)
        if tokens[left].text in (";", ":") or tokens[left].text[0] == MASK:
            break
    return phrases[1] if len(phrases) > 1 else (phrases[0] if phrases else None)


def _name_run(tokens: list[Token], i: int) -> Span | None:
    """A title and name that begins at ``tokens[i]`` and fills its segment's start."""
    j = i
    while j < len(tokens) and j - i < 6 and tokens[j].is_word and (
        tokens[j].is_capitalised or (j > i and tokens[j].lower in ("of", "bin", "bint", "van", "von", "de", "al", "ibn"))
    ):
        j += 1
    words = tokens[i:j]
    n_named = sum(t.is_capitalised for t in words)
    if n_named < 2 or words[0].lower in _DETERMINERS or words[0].lower in _STOPS:
        return None
    stands_alone = j == len(tokens) or not tokens[j].is_word or tokens[j].lower in ("who", "of", "for", "said", "says")
    return Span(words[0].start, words[-1].end) if stands_alone else None


def _phrase_ending(tokens: list[Token], i: int) -> Span | None:
    """The noun phrase that ends at ``tokens[i]``, read leftwards."""
    if i < 0 or not tokens[i].is_word:
        return None
    if tokens[i].lower in PRONOUNS:
        return Span(tokens[i].start, tokens[i].end)
    j = i
    while j > 0 and i - j < _MAX_WORDS:
        before = tokens[j - 1]
        if not before.is_word or before.lower in PRONOUNS:
            break
        if before.lower in _INNER:
            # "the union of bakers": only where a noun phrase stands before the preposition.
            inner = _phrase_ending(tokens, j - 2) if j >= 2 else None
            if inner is None or before.lower in ("in", "from") and not _is_described(tokens, inner):
                break
            return Span(inner.start, tokens[i].end)
        if before.lower == "and" and j >= 2 and tokens[j].is_capitalised and tokens[j - 2].is_capitalised:
            j -= 1
            continue
        if before.lower in _STOPS or before.lower in _AUXILIARIES:
            break
        j -= 1
        if before.lower in _DETERMINERS and not (j > 0 and tokens[j - 1].lower == "of"):
            break
    words = tokens[j : i + 1]
    return Span(words[0].start, words[-1].end) if _is_nominal(words) else None


def _is_described(tokens: list[Token], span: Span) -> bool:
    first = next(token for token in tokens if token.start == span.start)
    return first.lower in _DETERMINERS


def _is_nominal(words: list[Token]) -> bool:
    """Whether words can be a source: a name, a pronoun, a determined noun, or a bare plural."""
    first, last = words[0], words[-1]
    if last.lower in _NOT_NOUNS or last.lower.endswith(("ly", "ing")) and not last.is_capitalised:
        return False
    if len(words) == 1:
        return first.is_capitalised or first.lower.endswith("s") and first.lower not in _AUXILIARIES
    return (
        first.is_capitalised
        or first.lower in _DETERMINERS
        or any(word.is_capitalised for word in words)
        or last.lower.endswith("s")
    )


def _has_name(words: list[Token]) -> bool:
    return any(word.is_capitalised for word in words if word.lower not in _DETERMINERS)


def _skip_adverbs(tokens: list[Token], i: int) -> int:
    while i >= 0 and (
        tokens[i].lower in _AUXILIARIES or (tokens[i].lower.endswith("ly") and not tokens[i].is_capitalised)
    ):
        i -= 1
    if i >= 2 and tokens[i].text == "," and tokens[i - 1].lower in ("however", "too", "meanwhile", "though"):
        i -= 2
        while i >= 0 and tokens[i].text == ",":
            i -= 1
    return i


def _skip_commas(tokens: list[Token], i: int) -> int:
    while i >= 0 and tokens[i].text == ",":
        i -= 1
    return i
