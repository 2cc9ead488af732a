"""What every command prints with: tables and JSON on stdout, complaints on stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from stance.inert import inert, inert_json

if TYPE_CHECKING:
    from rich.table import Table

DONE, FAILED, MISUSE = 0, 1, 2
"""Exit codes."""

FILE_WIDTH = 160
"""Columns of a table where no terminal says how many: long lines go on, in a file nobody wraps."""

Flag = Annotated[bool, Parameter(negative="")]
"""An option that is only ever switched on."""


def new_table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """An empty table; ``right`` names the columns of figures, "text" takes what room is left."""
    from rich import box
    from rich.table import Table

    table = Table(
        title=plain_text(title) if title else None,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        pad_edge=False,
        expand="text" in columns,
    )
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left")
    return table


def print_table(table: Table) -> None:
    """Print as wide as the terminal, or ``FILE_WIDTH`` where there is none."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else FILE_WIDTH
    Console(width=width, highlight=False).print(table)


def print_json(value: Any) -> None:
    """Print a JSON document and nothing else."""
    sys.stdout.write(inert_json(value) + "\n")


def plain_text(value: str) -> Any:
    """Text that comes from a page: never read as markup, never carrying terminal controls."""
    from rich.text import Text

    return Text(inert(value))


def as_dict(value: Any) -> dict[str, Any]:
    """A dataclass as JSON can hold it."""
    from dataclasses import asdict

    return asdict(value)


def complain(message: str) -> int:
    """Say on stderr what is wrong; gives the exit code for misuse."""
    lines = [inert(line) for line in message.split("\n")]  # a server's words may be in it
    sys.stderr.write("stance: " + "\n".join(lines) + "\n")
    return MISUSE
