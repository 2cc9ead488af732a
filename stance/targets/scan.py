"""A quick look: can a text hold any of many forms at all? Most texts cannot."""

from __future__ import annotations

from collections.abc import Iterable

from stance.targets.forms import Form
from stance.targets.words import WORD, Folded

# Up to here looking for each needle by itself is faster than cutting the text into words.
_MAX_NEEDLES = 40


class Scan:
    """Tells texts that cannot mention any form from those that may.

    Parameters
    ----------
    forms : iterable of Form
    """

    def __init__(self, forms: Iterable[Form]) -> None:
        exact: set[str] = set()
        lower: set[str] = set()
        self._words: set[str] = set()
        for form in forms:
            if form.exact:
                exact |= {form.exact, ".".join(form.exact)}
            else:
                # The longest word is the rarest, as a rule.
                lower.add(max(form.words, key=len) if form.words else form.literal)
            if form.words:
                self._words |= {form.words[0], ".".join(form.words[0])}
        self._exact = _shortest(exact)
        self._lower = _shortest(lower)
        self._unspaced = any(not needle.isascii() for needle in lower)

    def may_hit(self, view: Folded) -> bool:
        """Whether a text may mention a form; False is certain.

        Examples
        --------
        >>> from stance.targets.words import folded
        >>> scan = Scan([Form(("us",), "name", "exact", exact="US"), Form(("russia",), "name")])
        >>> [scan.may_hit(folded(text)) for text in ("Tell us.", "The U.S. left.", "Russians")]
        [False, True, True]
        """
        if len(self._exact) + len(self._lower) > _MAX_NEEDLES and not self._unspaced:
            return not self._words.isdisjoint(WORD.findall(view.lower))
        text, lower = view.text, view.lower
        for needle in self._lower:
            if needle in lower:
                return True
        return any(needle in text for needle in self._exact) if self._exact else False


def _shortest(needles: set[str]) -> tuple[str, ...]:
    """Needles without those that hold another."""
    kept: list[str] = []
    for needle in sorted(needles, key=len):
        if len(kept) > _MAX_NEEDLES or not any(short in needle for short in kept):
            kept.append(needle)
    return tuple(kept)
