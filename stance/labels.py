"""The label sets of the codebook, and how the label sets of public corpora map onto them."""

from __future__ import annotations

from enum import StrEnum


class ParagraphType(StrEnum):
    """What kind of thing a paragraph says, in the codebook's order of precedence."""

    DISCLAIMER = "disclaimer"
    QUOTE = "quote"
    ANALYSIS = "analysis"
    REPORT = "report"


class Stance(StrEnum):
    """Which side the voice of a passage is on, toward one target."""

    FAVOR = "favor"
    AGAINST = "against"
    NEUTRAL = "neutral"


AUTHOR = "author"
"""The voice of a paragraph in which the outlet itself speaks."""

FURNITURE = "furniture"
"""Text that the page carries around the article. A part of the page, not a paragraph type."""
