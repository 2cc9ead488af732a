"""Shares of words that carry judgement, doubt, outlook or cause: the author's voice, by word class.

The lists are written here, for news English; a word counts in the first list that holds it.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from stance.passage import Passage

LISTS: dict[str, str] = {
    "modal": "may might could would should must ought cannot can't couldn't shouldn't wouldn't",
    "future": "will won't tomorrow upcoming next soon eventually future outlook prospect prospects"
    " going forecast forecasts expected expect expects anticipated likely unlikely poised set due"
    " looming ahead",
    "hedge": "perhaps maybe probably possibly apparently seemingly arguably presumably seem seems"
    " seemed appear appears appeared suggest suggests suggested somewhat rather largely mostly"
    " partly almost nearly unclear uncertain doubt doubts doubtful question questions whether",
    "cause": "because since therefore thus hence so consequently why reason reasons cause causes"
    " caused due result results consequence consequences lead leads leading led driven thanks"
    " explains reflects reflecting stems means meaning mean",
    "contrast": "but however although though yet despite nevertheless nonetheless instead rather"
    " still whereas while even only merely hardly scarcely not never nor neither",
    "evaluation": "important significant crucial critical key major serious severe dangerous risky"
    " difficult hard easy good better best bad worse worst great greatest poor strong stronger weak"
    " weaker clear obvious remarkable surprising unusual rare unprecedented historic controversial"
    " successful failed failure success problem problems challenge challenges threat threats danger"
    " risk risks crisis hope hopes fear fears concern concerns concerned wrong right fair unfair"
    " absurd cruel foolish wise brave shameful useful useless worthy popular unpopular powerful"
    " fragile bold modest true false real genuine honest dishonest impossible possible necessary",
    "degree": "more most less least very too quite extremely particularly especially highly deeply"
    " increasingly far much many enough entirely fully simply just",
    "generic": "one nobody everybody everyone anyone people always often usually rarely sometimes"
    " generally typically tend tends tended kind sort such",
    "first": "i me my mine myself we us our ours ourselves",
    "second": "you your yours yourself",
    "time": "monday tuesday wednesday thursday friday saturday sunday january february march april"
    " june july august september october november december yesterday today morning afternoon"
    " evening night week month year years ago earlier later",
    "past": "was were had did went came took made gave got began became left held killed died found"
    " broke brought led met ran sent struck won lost",
    "present": "is are has have does do be been being makes gives takes goes comes says remains"
    " needs wants knows",
    "page": "article story editor editors editorial correction corrected corrections clarification"
    " updated update version published publication copyright rights reserved reproduced permission"
    " translated translation translator views opinions opinion author's authors verified verify"
    " independently newsroom reporting contributed edited written headline page column columnist"
    " sponsor sponsored funding funded newsletter earlier paragraph text interview condensed"
    " responsibility responsible disclosure embargo syndicated reprinted originally readers"
    " comments outlet our desk staff photo caption archive",
    "study": "study survey poll report data figures statistics percent per cent research"
    " researchers findings document documents filing records court indictment",
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
_PUNCTUATION = "?!;:—–(…"


_FORMS = ("ed", "ing", "ly", "number", "capital", "long")
NAMES = (
    *(f"lexicon {name}" for name in LISTS),
    *(f"form {form}" for form in _FORMS),
    *(f"mark {mark}" for mark in _PUNCTUATION),
)


def lexicon_features(passage: Passage) -> NDArray[np.float32]:
    """Shares of a passage's words (0–1) by list and by form, and of its punctuation marks.

    Examples
    --------
    >>> row = dict(zip(NAMES, lexicon_features(Passage("It may rain; it may not.")).tolist()))
    >>> round(row["lexicon modal"], 2), round(row["mark ;"], 2)
    (0.33, 0.17)
    """
    text = passage.text
    lists, column = _columns()
    words = _WORD.findall(text)
    row = np.zeros(len(NAMES), np.float32)
    n_lists = len(LISTS)
    for word in words:
        lowered = word.lower().replace("’", "'")
        found = lists.get(lowered)
        if found is not None:
            row[found] += 1
        if lowered.endswith("ed"):
            row[n_lists] += 1
        elif lowered.endswith("ing"):
            row[n_lists + 1] += 1
        elif lowered.endswith("ly"):
            row[n_lists + 2] += 1
        elif lowered.isdigit():
            row[n_lists + 3] += 1
        if word[0].isupper():
            row[n_lists + 4] += 1
        if len(word) > 9:
            row[n_lists + 5] += 1
    for mark, at in column.items():
        row[at] = text.count(mark)
    row /= max(1, len(words))
    return row


@cache
def _columns() -> tuple[dict[str, int], dict[str, int]]:
    lists: dict[str, int] = {}
    for i, words in enumerate(LISTS.values()):
        for word in words.split():
            lists.setdefault(word, i)
    first_mark = len(LISTS) + len(_FORMS)
    return lists, {mark: first_mark + i for i, mark in enumerate(_PUNCTUATION)}
