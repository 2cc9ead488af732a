"""Palette: one colour, shape and border per label, the same in every figure and page.

The hues are Okabe and Ito's, which the common kinds of colour blindness tell apart; report and
analysis are darkened and quote lightened, so that within one label set the lightness differs too
and a grey print still reads. Shape and border carry the label where colour cannot.

References
----------
Okabe, M. and Ito, K. (2008). Color Universal Design: how to make figures and presentations that
are friendly to colorblind people. https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

INK = "#1c2126"
MUTED = "#5c666f"
RULE = "#d5dadf"
PAPER = "#fdfdfd"
SHADE = "#33415c"
WHITE = "#ffffff"

DARK = MappingProxyType(
    {INK: "#e7e9ea", MUTED: "#a3adb6", RULE: "#3a424a", PAPER: "#14171a", SHADE: "#5b76a8"}
)
"""What each colour of a page becomes where the reader's screen is dark."""

# Outlines in a 12 × 12 box, for swatches in pages; each is the twin of the matplotlib marker.
_SHAPES = MappingProxyType(
    {
        "o": "M6 1A5 5 0 1 0 6 11A5 5 0 1 0 6 1Z",
        "s": "M1.5 1.5H10.5V10.5H1.5Z",
        "D": "M6 0.5L11.5 6L6 11.5L0.5 6Z",
        "P": "M4 1H8V4H11V8H8V11H4V8H1V4H4Z",
        "X": "M1 3L3 1L6 4L9 1L11 3L8 6L11 9L9 11L6 8L3 11L1 9L4 6Z",
        "^": "M6 1L11.5 11H0.5Z",
        "v": "M6 11L11.5 1H0.5Z",
        "h": "M6 0.5L11 3.3V8.7L6 11.5L1 8.7V3.3Z",
    }
)


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """How one label looks.

    Parameters
    ----------
    name : str
        The label's class in style sheets: lower-case letters only.
    colour, dark : str
        ``#rrggbb`` on a light and on a dark page.
    marker : str
        matplotlib's name of the shape.
    hatch : str
        matplotlib's name of the pattern.
    border : str
        CSS border style at the left of a paragraph.
    """

    name: str
    colour: str
    dark: str
    marker: str
    hatch: str
    border: str

    @property
    def shape(self) -> str:
        """The marker's outline as SVG path data, in a box of 12 by 12."""
        return _SHAPES[self.marker]

    @property
    def tint(self) -> str:
        """The pale background of a paragraph on a light page."""
        return mixed(self.colour, PAPER, share=0.11)

    @property
    def dark_tint(self) -> str:
        """The deep background of a paragraph on a dark page."""
        return mixed(self.dark, DARK[PAPER], share=0.17)


LABELS = MappingProxyType(
    {
        style.name: style
        for style in (
            LabelStyle("report", "#00568b", "#4197d6", "o", "", "solid"),
            LabelStyle("quote", "#eda621", "#f2c14b", "s", "///", "double"),
            LabelStyle("analysis", "#008261", "#34c29b", "D", "\\\\\\", "dashed"),
            LabelStyle("disclaimer", "#cc79a7", "#e6aacd", "P", "...", "dotted"),
            LabelStyle("furniture", "#8a8f94", "#7d858c", "X", "xx", "none"),
            LabelStyle("favor", "#56b4e9", "#6cc0f0", "^", "++", "solid"),
            LabelStyle("against", "#c24f00", "#e8772e", "v", "--", "dashed"),
            LabelStyle("neutral", "#4d5257", "#9aa1a8", "h", "oo", "dotted"),
        )
    }
)

OTHER = LabelStyle("other", MUTED, DARK[MUTED], "o", "", "solid")
"""A label of a foreign scheme: no colour of ours, so that none is taken for one of ours."""

STYLES = (*LABELS.values(), OTHER)
"""Every look that a label can have."""

ROLE_MARKERS = MappingProxyType({"model": "o", "baseline": "s", "control": "v", "variant": "D"})
"""The role of a model is told by shape alone: colours belong to labels."""


def style_of(label: str) -> LabelStyle:
    """The look of a label; ``OTHER`` for a label of a foreign scheme.

    Examples
    --------
    >>> style_of("quote").border
    'double'
    >>> style_of("sarcasm").name
    'other'
    """
    return LABELS.get(label.casefold(), OTHER)


def mixed(colour: str, ground: str, *, share: float) -> str:
    """``share`` of a colour on a ground, channel by channel.

    Parameters
    ----------
    colour, ground : str
        ``#rrggbb``.
    share : float
        0 gives the ground, 1 the colour.

    Examples
    --------
    >>> mixed("#000000", "#ffffff", share=0.2)
    '#cccccc'
    """
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
