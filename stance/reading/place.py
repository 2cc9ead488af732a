"""What only the place of a block can tell: repeated headlines, sub-headings, labels, keywords.

``furniture`` judges a line by its words; what it leaves is judged here, by what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stance.reading.blocks import Block

MIN_BODY_WORDS = 18
"""The shortest block that surely is a paragraph of the article, where it ends like a sentence."""

_KEY_WORD = re.compile(r"\w+")
_WORD = re.compile(r"\w[\w'’-]*")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_TERMINAL = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_WHOLLY_QUOTED = re.compile(r"[\"“„«'‘]([^\"“”„«»]*[^\"“”„«».!?…,;:])[\"”’»']")
_LIST = re.compile(r"[^,;|·.]{2,30}(?:[,;|·] ?[^,;|·.]{2,30}){2,}")
_CAP = r"[^\W\d_a-zß-öø-ÿ][\w'’.-]*"
_PARTICLES = "(?:(?:van|von|de|al|bin|ibn|del|da|la|le) )?"
_PERSON = rf"{_CAP} {_PARTICLES}{_CAP}(?: {_CAP})?"
_ABOUT_AUTHOR = re.compile(rf"({_PERSON}) (?!was\b|has been\b)[a-z]+s\b")
_BARE_BYLINE = re.compile(
    rf"{_PERSON}(?: and {_PERSON})?"
    rf"(?:,(?: [\w'’-]+){{1,3}}|,? (?:at|in|for) (?:the )?[\w'’, -]{{3,40}}| [–—-] .{{3,40}})?"
)
# Credits are disclaimers, and disclaimers are paragraphs, however short they are.
_CREDIT = re.compile(
    r"\b(?:contribut\w+|additional reporting|reporting by|editing by|edited by|translated|copyright"
    r"|rights reserved)\b|©",
    re.IGNORECASE,
)
_MAX_PULLED_WORDS = 30
_MIN_PULLED_FROM = 12
_MAX_SUBHEADING_WORDS = 10
_MAX_CAPTION_WORDS = 25
_MAX_BYLINE_WORDS = 8
_MAX_BOX_WORDS = 50
_MAX_FOOTER_WORDS = 12
_N_LAST = 4


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the article stands on its page.

    Parameters
    ----------
    head : int
        Index of the headline's block.
    standfirst : int or None
        Index of the standfirst's block.
    body : int
        Index of the first block after the headline that reads like a paragraph.
    tail : int
        Index behind the last block that reads like one.
    byline : str
        The words of the byline; empty where there is none.
    """

    head: int
    standfirst: int | None
    body: int
    tail: int
    byline: str


def key_of(text: str) -> str:
    """What two copies of a line share when case, marks and spacing differ."""
    return " ".join(_KEY_WORD.findall(text.casefold()))


def n_words(text: str) -> int:
    """Number of words, an apostrophe or hyphen inside a word counted with it."""
    return len(_WORD.findall(text))


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, closing quotation marks aside."""
    return bool(_SENTENCE_END.search(text[-8:]))


def looks_like_body(text: str) -> bool:
    """Whether a block is long enough to be a paragraph for sure, and ends like a sentence."""
    return ends_sentence(text) and n_words(text) >= MIN_BODY_WORDS


def is_quotation(text: str) -> bool:
    """Whether the text opens with a quotation mark."""
    return text[0] in "\"“”„«»'‘’`"


def looks_like_byline(text: str) -> bool:
    """Whether a line is a name alone, or a name with a desk, place or section.

    Examples
    --------
    >>> looks_like_byline("Ada Lowick, courts"), looks_like_byline("Storm closes the port")
    (True, False)
    """
    is_short = len(text) < 100 and n_words(text) <= _MAX_BYLINE_WORDS
    return is_short and bool(_BARE_BYLINE.fullmatch(text))


def repeated(blocks: Sequence[Block], frame: Frame) -> dict[int, str]:
    """Reason of every block that gives the headline, the standfirst or a quotation again."""
    keys = [key_of(block.text) for block in blocks]
    headline = keys[frame.head]
    standfirst = None if frame.standfirst is None else keys[frame.standfirst]
    pulled = _pulled(blocks, keys)
    reasons: dict[int, str] = {}
    for i, key in enumerate(keys):
        if i in (frame.head, frame.standfirst) or not key:
            continue
        if key == headline:
            reasons[i] = "repeated headline"
        elif key == standfirst:
            reasons[i] = "repeated standfirst"
        elif i in pulled:
            reasons[i] = "pull quote"
    return reasons


def _pulled(blocks: Sequence[Block], keys: Sequence[str]) -> set[int]:
    """Short lines that stand again, word for word, inside another block.

    Every run of words is looked up among the candidates that begin as it does: comparing every
    line with every block takes minutes on a page of a million lines.
    """
    candidates = {
        i: key
        for i, key in enumerate(keys)
        if 3 <= key.count(" ") + 1 <= _MAX_PULLED_WORDS and _may_be_pulled(blocks[i].text)
    }
    lengths: dict[tuple[str, ...], set[int]] = {}
    for key in candidates.values():
        words = key.split(" ")
        lengths.setdefault(tuple(words[:3]), set()).add(len(words))
    wanted, found = set(candidates.values()), set[str]()
    for words in (key.split(" ") for key in keys) if candidates else ():
        if len(words) < _MIN_PULLED_FROM:
            continue
        for j, opening in enumerate(zip(words, words[1:], words[2:], strict=False)):
            runs = (words[j : j + n] for n in lengths.get(opening, ()) if n < len(words))
            found.update(wanted.intersection(" ".join(run) for run in runs))
    return {i for i, key in candidates.items() if key in found}


def _may_be_pulled(text: str) -> bool:
    return is_quotation(text) or not _TERMINAL.search(text[-8:])


def reason_by_place(blocks: Sequence[Block], i: int, frame: Frame) -> str | None:
    """Why block ``i``, whose words are no furniture's, is furniture all the same; None if not."""
    text = blocks[i].text
    if i < frame.head:
        return _reason_above(text, i)
    if not any(char.isalnum() for char in text):
        return "ornament"
    if blocks[i].hint == "li" or _is_note(text):  # list items carry the text on
        return None
    if i < frame.body and looks_like_byline(text):
        return "byline"
    if i >= len(blocks) - _N_LAST and _is_about_author(text, frame):
        return "author box"
    return _reason_in_tail(text) if i >= frame.tail else _reason_in_body(text)


def reason_in_place(reason: str, text: str, *, is_above: bool, is_below: bool) -> str:
    """The reason that a line's words gave, mended by whether it stands above or below the text."""
    if is_above and reason == "footer":
        return "menu"
    if is_above and reason == "dateline":
        return "section label"
    if is_below and reason == "menu" and _is_keyword_list(text):
        return "keywords"
    return reason


def _reason_above(text: str, i: int) -> str | None:
    """An editor's note may stand above the headline; what is shorter names the outlet or page."""
    if looks_like_body(text):
        return None
    return "logo" if i == 0 else "section label"


def _is_note(text: str) -> bool:
    """Whether a line is a credit or stands in brackets, as a disclaimer does."""
    return bool(_CREDIT.search(text[:200])) or (text[0] in "([" and text[-1] in "])")


def _is_about_author(text: str, frame: Frame) -> bool:
    """Whether a block opens with the name that the byline gives, and says what they do."""
    name = _ABOUT_AUTHOR.match(text)
    return name is not None and name[1] in frame.byline and n_words(text) <= _MAX_BOX_WORDS


def _reason_in_tail(text: str) -> str | None:
    if _TERMINAL.search(text[-8:]) or n_words(text) > _MAX_FOOTER_WORDS or is_quotation(text):
        return None
    return "keywords" if _is_keyword_list(text) else "footer"


def _reason_in_body(text: str) -> str | None:
    words = n_words(text)
    if words <= _MAX_SUBHEADING_WORDS and _WHOLLY_QUOTED.fullmatch(text):
        return "sub-heading"
    if _TERMINAL.search(text[-8:]) or is_quotation(text):
        return None
    if words <= _MAX_SUBHEADING_WORDS:
        return "sub-heading"
    # Two sentences of which the last lost its full stop are a paragraph's, not a caption's.
    is_one_sentence = not re.search(r"[.!?] ", text)
    return "caption" if words <= _MAX_CAPTION_WORDS and is_one_sentence else None


def _is_keyword_list(text: str) -> bool:
    """Whether a line lists subjects: short items between commas, or lower-case words alone."""
    if len(text) > 300 or ends_sentence(text):
        return False
    return bool(_LIST.fullmatch(text)) or (n_words(text) >= 3 and text == text.lower())
