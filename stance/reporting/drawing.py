"""Drawing: a matplotlib figure with its finding → SVG and PNG bytes, the same each time.

matplotlib's SVG carries its looks in ``style`` attributes and one rule for every element (``*``).
Set into a page, that rule would reach the whole page, ids of two figures would clash, and the
attributes would force the page to allow inline styles. So the tree is rewritten: looks become
presentation attributes, ids get the figure's name in front, the rule goes to the root.
"""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from stance.reporting.palette import INK, MUTED, PAPER, RULE

WIDTH = 5.6
"""Inches. At 13 px a figure's words are still 9 px high on a telephone 380 px wide."""

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_FINDING = "finding"
_TITLE_LINE = 0.21
_TITLE_CHARS = 60
_PNG_DPI = 160

# Words as outlines: a page then needs no font, and reads the same in every browser. What they say
# is in the figure's title, description and table.
_STYLE = {
    "svg.fonttype": "path",
    "svg.hashsalt": "stance",
    "text.parse_math": False,  # a model may be named "a$b$c"
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "axes.linewidth": 0.6,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished figure.

    Parameters
    ----------
    name : str
        The file's name without its ending, and the prefix of the ids in its SVG.
    finding : str
        The title: one sentence with the number that matters.
    alt : str
        What a reader would see, in words.
    svg, png : bytes
        The figure as files, finding included.
    inline : str
        The figure as an ``svg`` element for a page that shows the finding itself.
    """

    name: str
    finding: str
    alt: str
    svg: bytes
    png: bytes
    inline: str


@contextmanager
def drawing_style() -> Iterator[None]:
    """The look of every figure; a reader's own matplotlibrc changes nothing, and nothing stays."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def canvas(finding: str, *, height: float) -> tuple[Any, float]:
    """An empty figure under its finding.

    Parameters
    ----------
    finding : str
    height : float
        Inches left for the drawing.

    Returns
    -------
    figure : matplotlib.figure.Figure
    total : float
        Height of the whole figure in inches: the drawing's and the finding's.
    """
    from matplotlib.figure import Figure

    lines = textwrap.wrap(shown(finding, limit=200), _TITLE_CHARS)
    total = height + _TITLE_LINE * len(lines) + 0.16
    figure = Figure(figsize=(WIDTH, total), dpi=100)
    figure.text(
        0.12 / WIDTH,
        1 - 0.12 / total,
        "\n".join(lines),
        va="top",
        fontsize=10.5,
        fontweight="bold",
        linespacing=1.3,
        gid=_FINDING,
    )
    return figure, total


def rendered(figure: Any, *, name: str, finding: str, alt: str, height: float) -> Chart:
    """The figure's bytes. ``height`` is that of the drawing, as given to ``canvas``."""
    raw, png = io.BytesIO(), io.BytesIO()
    with warnings.catch_warnings():
        # A model's name in a script that the font lacks: its box is a pity, the table has the name.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(raw, format="svg", backend="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", backend="agg", dpi=_PNG_DPI, metadata={"Software": None})
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _HREF[1:].partition("}")[0])
    root = _tidied(ElementTree.fromstring(raw.getvalue()), name=name)
    _describe(root, name=name, finding=finding, alt=alt)
    svg = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
    _drop_finding(root, name=name, height=height)
    inline = ElementTree.tostring(root, encoding="unicode")
    return Chart(name, finding, alt, svg, png.getvalue(), inline)


def shown(text: str, *, limit: int = 28) -> str:
    r"""A name as a figure can show it: without control characters, cut where it is too long.

    Examples
    --------
    >>> shown("tf-idf\n+ svm"), shown("a" * 40, limit=5)
    ('tf-idf + svm', 'aaaa…')
    """
    text = "".join(char if char.isprintable() else " " for char in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _tidied(root: ElementTree.Element, *, name: str) -> ElementTree.Element:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}:
                parent.remove(child)
    for element in root.iter():
        for declaration in filter(None, element.attrib.pop("style", "").split(";")):
            key, _, value = declaration.partition(":")
            element.set(key.strip(), value.strip())
        for key, value in element.attrib.items():
            element.set(key, _with_prefix(key, value, name=name))
    for element in list(root.iter(f"{{{_SVG}}}defs")):
        if len(element) == 0:
            element.text = None
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    return root


def _with_prefix(key: str, value: str, *, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key == _HREF:
        return value.replace("#", f"#{name}-", 1)
    return re.sub(r"url\(#", f"url(#{name}-", value)


def _describe(root: ElementTree.Element, *, name: str, finding: str, alt: str) -> None:
    for position, (tag, text) in enumerate((("title", finding), ("desc", alt))):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{name}-{tag}"})
        element.text = shown(text, limit=4000)
        root.insert(position, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")


def _drop_finding(root: ElementTree.Element, *, name: str, height: float) -> None:
    """Take the words of the finding out and cut the sheet down to the drawing."""
    for parent in root.iter():
        for child in list(parent):
            if child.get("id") == f"{name}-{_FINDING}":
                parent.remove(child)
    _, _, width, total = map(float, root.attrib["viewBox"].split())
    points = height * 72
    root.set("viewBox", f"0 {total - points:g} {width:g} {points:g}")
    root.set("class", "chart")
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
