"""A stretch of a page → the text as it reads."""

from __future__ import annotations

import re

# Soft hyphen, zero-width space, word joiner, byte-order mark and bidi controls carry no text and
# break words apart. Zero-width (non-)joiners stay: Persian, Hindi and emoji are spelt with them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_WHITE = re.compile(r"\s+")


def clean(text: str) -> str:
    r"""``text`` without invisible characters, its white space folded to single blanks.

    Examples
    --------
    >>> clean("  The co\u00adali\u200btion\u00a0said\r\n so. ")
    'The coalition said so.'
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    return _WHITE.sub(" ", _CONTROL.sub("", text)).strip()
