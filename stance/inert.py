"""Text of others, made harmless where it is printed: no terminal acts on it, nothing hides."""

from __future__ import annotations

import json
from typing import Any


def inert(text: str) -> str:
    r"""Text without control, format and surrogate characters; white space becomes blanks.

    Examples
    --------
    >>> inert("\x1b[31mred\u202e\u00a0end")
    '[31mred end'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " * c.isspace() for c in text)


def inert_json(value: Any) -> str:
    r"""A value as JSON whose text is printable, with everything else spelt out.

    Examples
    --------
    >>> inert_json({"text": "“Go” \x9b31m \u202e"})
    '{\n "text": "“Go” \\u009b31m \\u202e"\n}'
    """
    text = json.dumps(value, ensure_ascii=False, indent=1)
    lines = text.split("\n")  # JSON has no line break within a string
    return "\n".join(line if line.isprintable() else _spelt_out(line) for line in lines)


def _spelt_out(line: str) -> str:
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)
