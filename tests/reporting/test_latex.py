from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.reporting.latex import latex, latex_table
from stance.reporting.table import Column, Entry, Row, Table

COMMANDS = r"\\text(?:backslash|asciitilde|asciicircum|less|greater|bar|periodcentered)\{\}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50 % of a_b & #1", r"50 \% of a\_b \& \#1"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("$x^2$", r"\$x\textasciicircum{}2\$"),
        ("−0.031 to +0.044", "$-$0.031 to +0.044"),
        ("0.881–0.947", "0.881--0.947"),
        ("[a] *b*", "{[}a{]} {*}b{*}"),
        ("two\nlines\x00\u202e", "two lines"),
        ("Müller “so”", "Müller “so”"),
    ],
)
def test_text_is_set_as_it_stands(text: str, expected: str) -> None:
    assert latex(text) == expected


@given(st.text())
def test_no_character_is_left_with_a_meaning(text: str) -> None:
    bare = re.sub(COMMANDS, "", latex(text))
    bare = re.sub(r"\\[{}$&#%_]|\{\[\}|\{\]\}|\{\*\}|\{''\}|\$-\$", "", bare)
    assert not set(bare) & set('\\{}$&#%_^<>|[]*"\n')


def test_table_has_booktabs_rules_a_bold_headline_and_a_label_without_signs() -> None:
    rows = (
        Row((Entry("a_b"), Entry("0.9", "0.8–1.0")), is_headline=True),
        Row((Entry("[c]"), Entry("−0.1"))),
    )
    table = Table("Caption with 95 %.", (Column("Model"), Column("F1", is_number=True)), rows)
    lines = latex_table(table, label="type/x_y-models").splitlines()
    assert lines[3:11] == [
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"Model & F1 \\",
        r"\midrule",
        r"\textbf{a\_b} & \textbf{0.9} {\footnotesize (0.8--1.0)} \\",
        r"{[}c{]} & $-$0.1 \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]
    assert r"\caption{Caption with 95 \%.}" in lines
    assert r"\label{tab:type-x-y-models}" in lines
