"""Whether a form that a text has word by word is a mention there: capitals, and words before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stance.quotes.names import without_opener
from stance.quotes.roles import TITLES
from stance.targets.forms import Form
from stance.targets.words import Folded, Word

_DEFINITE = frozenset("the this that these those its their such said".split())
# In capitals they are as often words as acronyms.
_WORDLIKE = frozenset(
    "us who it is in on or so to we he me my at am as be by do go if of up an and are aid can may"
    " was has not all out off now new one two act age arm art ban bar bed cap car cup end era fan"
    " hat her him his how its man map men mp no per pro sea ten the you".split()
)


def fitted(form: Form, view: Folded, words: Sequence[Word], *, at: int, end: int) -> Form | None:
    """The form as it counts where it stands; None where it is no mention.

    Parameters
    ----------
    form : Form
        Its words stand in the text.
    view : Folded
    words : sequence of Word
        All of the text's.
    at : int
        Index of the word that the form begins with.
    end : int
        Where it ends in ``view.text``.

    Returns
    -------
    Form or None
        A last name behind a title ("Mr. Berg") is as good as a name.
    """
    given = view.text[words[at].start : end]
    if not _has_case(form, given, view.text):
        return None
    if form.kind != "short" or form.case == "exact":
        return form
    previous = _before(view, words, at)
    if not given[:1].isupper():
        return form if previous.lower() in _DEFINITE else None
    if previous[:1].isupper() and previous.lower() in TITLES:
        return replace(form, kind="name")
    if previous[:1].isupper() and without_opener(previous):
        return None  # another name that ends so
    return None if form.case == "initial" and _goes_on(view.text, end) else form


def has_literal(form: Form, view: Folded, start: int) -> bool:
    """Whether the characters that a form asks for stand at ``start``; True where it asks none."""
    if not form.literal:
        return True
    end = start + len(form.literal)
    is_cut = form.literal[-1].isalnum() and view.lower[end : end + 1].isalnum()
    return view.lower.startswith(form.literal, start) and not is_cut


def _before(view: Folded, words: Sequence[Word], at: int) -> str:
    """The word before, if nothing but a blank, the dot of a title or a hyphen is between."""
    if at == 0:
        return ""
    before = words[at - 1]
    gap = view.text[before.end : words[at].start]
    word = view.text[before.start : before.end]
    is_joined = gap in (" ", "-") or (gap == ". " and word.lower() in TITLES)
    return word if is_joined else ""


def _goes_on(text: str, end: int) -> bool:
    """Whether another capitalised word follows, so that a longer name stands there."""
    return text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()


def _has_case(form: Form, given: str, text: str) -> bool:
    if form.case == "initial":
        return given[:1].isupper()
    if form.case == "some":
        return not given.islower()
    if form.case == "exact":
        is_shouting = form.exact.lower() in _WORDLIKE and "." not in given and text.isupper()
        return given.replace(".", "") == form.exact and not is_shouting
    return True
