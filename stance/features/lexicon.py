"""Shares of words that carry judgement, doubt, outlook or cause: the author's voice, by word class.

The lists are written here, for news English; a word counts in the first list that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from stance.bounded_cache import BoundedCache
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
# Most words are plain: they need none of what follows the first bar.
_WORD = re.compile(r"[A-Za-z]++(?![\w'’])|[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
_PUNCTUATION = "?!;:—–(…"
_SUFFIXES = ("ed", "ing", "ly")
_LONG = 9

_FORMS = (*_SUFFIXES, "number", "capital", "long")
NAMES = (
    *(f"lexicon {name}" for name in LISTS),
    *(f"form {form}" for form in _FORMS),
    *(f"mark {mark}" for mark in _PUNCTUATION),
)


def lexicon_features(passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Shares of the words of passages (0–1) by list and by form, and of their punctuation marks.

    A word's list and form are its kind. Kinds are few: those of a passage are counted, and one
    matrix product turns the counts of all passages into columns.

    Parameters
    ----------
    passages : sequence of Passage

    Returns
    -------
    ndarray of float32, shape (n_passages, len(NAMES))

    Examples
    --------
    >>> row = dict(zip(NAMES, lexicon_features([Passage("It may rain; it may not.")])[0].tolist()))
    >>> round(row["lexicon modal"], 2), round(row["mark ;"], 2)
    (0.33, 0.17)
    """
    n = len(passages)
    kinds: list[int] = []
    lengths = np.zeros(n, np.int64)
    out = np.zeros((n, len(NAMES)), np.float32)
    for i, passage in enumerate(passages):
        words = _WORD.findall(passage.text)
        lengths[i] = len(words)
        kinds.extend(map(_KINDS.__getitem__, words))
    marks = [passage.text.count(mark) for passage in passages for mark in _PUNCTUATION]
    out[:, -len(_PUNCTUATION) :] = np.array(marks, np.float32).reshape(n, len(_PUNCTUATION))
    columns = _columns_of_kinds()
    cells = np.repeat(np.arange(n), lengths) * len(columns) + np.array(kinds, np.int64)
    counts = np.bincount(cells, minlength=n * len(columns)).reshape(n, len(columns))
    out[:, : columns.shape[1]] = counts.astype(np.float32) @ columns
    out /= np.maximum(1, lengths)[:, None].astype(np.float32)
    return out


def _kind(word: str) -> int:
    """A word's list (0 for none), its ending or figure, its capital and its length, as one number.

    Its digits, from the last: is it long (2), has it a capital (2), which form (5), which list.
    """
    lowered = word.lower().replace("’", "'")
    form = next((i for i, suffix in enumerate(_SUFFIXES, 1) if lowered.endswith(suffix)), 0)
    if not form and lowered.isdigit():
        form = len(_SUFFIXES) + 1
    place = _lists().get(lowered, 0)
    return ((place * (len(_SUFFIXES) + 2) + form) * 2 + word[0].isupper()) * 2 + (len(word) > _LONG)


_KINDS = BoundedCache(_kind, n_chars=1 << 23)


@cache
def _lists() -> dict[str, int]:
    """Word → number of its list, from 1."""
    lists: dict[str, int] = {}
    for i, words in enumerate(LISTS.values(), 1):
        for word in words.split():
            lists.setdefault(word, i)
    return lists


@cache
def _columns_of_kinds() -> NDArray[np.float32]:
    """What a word of each kind adds to each column of lists and forms, shape (n_kinds, n)."""
    n_lists, n_forms = len(LISTS), len(_SUFFIXES) + 1
    columns = np.zeros((n_lists + 1, n_forms + 1, 2, 2, n_lists + len(_FORMS)), np.float32)
    for i in range(n_lists):
        columns[i + 1, ..., i] = 1
    for form in range(n_forms):
        columns[:, form + 1, ..., n_lists + form] = 1
    columns[:, :, 1, :, -2] = 1
    columns[:, :, :, 1, -1] = 1
    return columns.reshape(-1, columns.shape[-1])
