r"""LaTeX: tables of a report as a paper sets them, with the rules of booktabs.

A table needs ``\usepackage{booktabs}`` and UTF-8 input, which LaTeX takes for granted since 2018.

Examples
--------
>>> print(latex("50 % of a_b & c"))
50 \% of a\_b \& c
"""

from __future__ import annotations

import re
from types import MappingProxyType

from stance.reporting.table import Entry, Row, Table

_WRITTEN = MappingProxyType(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "[": "{[}",  # a row may begin with it, and \\[ asks for a length
        "]": "{]}",
        "*": "{*}",  # \\* is a command too
        '"': "{''}",
        "\N{MINUS SIGN}": "$-$",
        "\N{EN DASH}": "--",
        "\N{EM DASH}": "---",
        "\N{MIDDLE DOT}": r"\textperiodcentered{}",
        "\N{NO-BREAK SPACE}": "~",
    }
)


def latex(text: str) -> str:
    """Text that LaTeX sets as it stands: no character of it is a command.

    White space becomes single blanks; characters that cannot be shown are left out.
    """
    text = re.sub(r"[^\S\N{NO-BREAK SPACE}]+", " ", text)
    known = (_WRITTEN.get(char, char if char.isprintable() else "") for char in text)
    return "".join(known)


def latex_table(table: Table, *, label: str) -> str:
    r"""A table as a float, its caption below, the row that the report is about in bold.

    Parameters
    ----------
    table : Table
    label : str
        What ``\ref{tab:…}`` names; characters other than letters, digits and hyphens become
        hyphens.

    Examples
    --------
    >>> from stance.reporting.table import Column
    >>> columns = (Column("Label"), Column("F1", is_number=True))
    >>> row = Row((Entry("quote"), Entry("0.916", "0.881–0.947")))
    >>> print(latex_table(Table("F1 of x_1.", columns, (row,)), label="type/x"))
    % \usepackage{booktabs}
    \begin{table}
    \centering
    \begin{tabular}{lr}
    \toprule
    Label & F1 \\
    \midrule
    quote & 0.916 {\footnotesize (0.881--0.947)} \\
    \bottomrule
    \end{tabular}
    \caption{F1 of x\_1.}
    \label{tab:type-x}
    \end{table}
    """
    kinds = "".join("r" if column.is_number else "l" for column in table.columns)
    lines = [
        r"% \usepackage{booktabs}",
        r"\begin{table}",
        r"\centering",
        rf"\begin{{tabular}}{{{kinds}}}",
        r"\toprule",
        _line([latex(column.name) for column in table.columns]),
        r"\midrule",
        *(_row(row) for row in table.rows),
        r"\bottomrule",
        r"\end{tabular}",
        rf"\caption{{{latex(table.caption)}}}",
        rf"\label{{tab:{re.sub(r'[^A-Za-z0-9]+', '-', label)}}}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _row(row: Row) -> str:
    return _line([_cell(entry, is_bold=row.is_headline) for entry in row.entries])


def _cell(entry: Entry, *, is_bold: bool) -> str:
    text = latex(entry.text)
    text = rf"\textbf{{{text}}}" if is_bold else text
    return text + (rf" {{\footnotesize ({latex(entry.note)})}}" if entry.note else "")


def _line(cells: list[str]) -> str:
    return " & ".join(cells) + r" \\"
