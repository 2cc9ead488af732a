r"""Markdown: values → text that Markdown shows as it stands.

Examples
--------
>>> escaped("<b> *x* | [y](z)")
'&lt;b&gt; \\*x\\* \\| \\[y\\](z)'
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from stance.reporting.number import decimal
from stance.reporting.table import Entry, Table

if TYPE_CHECKING:
    from jinja2 import Environment

_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BLOCK_START = re.compile(r"^([#=]|[-+](?=[-+\s]|$)|\d+(?=[.)](?:\s|$)))")


class Markdown(str):
    """Text that is Markdown already and is not escaped again."""

    __slots__ = ()


@cache
def markdown_pages() -> Environment:
    """The environment of Markdown templates: every value is escaped for Markdown, not HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("stance.reporting"),
        autoescape=False,
        finalize=escaped,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "table": markdown_table,
        "fenced": fenced,
        "link": Markdown,
        "decimal": decimal,
    }
    return environment


def escaped(value: Any) -> str:
    """A value on one line, nothing in it read as Markdown or HTML."""
    if isinstance(value, Markdown):
        return value
    text = " ".join(str(value).split())
    text = "".join(_ENTITIES.get(char, char) for char in text)
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return _BLOCK_START.sub(_escaped_start, text)


def fenced(text: str, language: str = "") -> Markdown:
    r"""A block of code, whose fence is longer than any in the text.

    Examples
    --------
    >>> fenced("a: 1\n", "yaml")
    '```yaml\na: 1\n```'
    """
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return Markdown(f"{fence}{language}\n{text.rstrip()}\n{fence}")


def markdown_table(table: Table) -> Markdown:
    """A table in pipes, figures right, the caption under it."""
    rules = ["---:" if column.is_number else ":---" for column in table.columns]
    lines = [_line([escaped(column.name) for column in table.columns]), _line(rules)]
    for row in table.rows:
        cells = [_written(entry) for entry in row.entries]
        if row.is_headline:
            cells[0] = _written(row.entries[0], mark="**")
        lines.append(_line(cells))
    return Markdown("\n".join(lines) + f"\n\n{escaped(table.caption)}")


def _written(entry: Entry, *, mark: str = "") -> str:
    note = f" ({escaped(entry.note)})" if entry.note else ""
    return f"{mark}{escaped(entry.text)}{mark}{note}"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _escaped_start(match: re.Match[str]) -> str:
    mark = match[0]
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"
