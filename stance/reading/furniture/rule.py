"""Rule: one reason, and the lines of a page that it covers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    r"""A reason and the lines that it covers, as patterns, one a line.

    ``<name>`` stands for an entry of ``VOCABULARY``; a backslash at the end of a line carries the
    pattern on. Brackets, dashes and stars before the line do not count. Repeated alternatives are
    possessive (``++``), so that no line can make a pattern try its readings one by one.

    Parameters
    ----------
    reason : str
        Why such a line is furniture, in the codebook's words.
    max_words : int
        The longest line that the rule can cover. It keeps the rule off paragraphs: one that
        happens to begin "Watch" or "Register" is longer.
    opens : str
        The line begins so, and the pattern ends where a word does.
    holds : str
        It stands somewhere in the line, not inside a word.
    whole : str
        It is the line, but for marks at the end.
    """

    reason: str
    max_words: int
    opens: str = ""
    holds: str = ""
    whole: str = ""
