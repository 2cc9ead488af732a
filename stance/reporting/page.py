"""Page: a template → one self-contained HTML document that can load and run nothing.

The security policy allows one thing: the page's own style sheet, by its SHA-256. What an article
or a config brings along is escaped first; the policy is there for the day the escaping fails.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from stance.reporting import number, palette
from stance.reporting.table import BAR_WIDTH

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


@cache
def pages() -> Environment:
    """The environment of every HTML template: all values are escaped, a missing one is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("stance.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"palette": palette, "number": number, "bar_width": BAR_WIDTH}
    return environment


def document(template: str, *, css: str, **values: object) -> str:
    """An HTML document.

    Parameters
    ----------
    template, css : str
        Names of the templates of the page and of its style sheet.
    **values
        What the page's template draws.

    Returns
    -------
    str
        Encodable as UTF-8 whatever the values hold.
    """
    sheet = style_sheet(css)
    return fragment(template, css=sheet, policy=_policy(sheet), **values)


def fragment(template: str, **values: object) -> str:
    """A template with its values in place."""
    return _encodable(pages().get_template(template).render(**values))


@cache
def style_sheet(template: str) -> Markup:
    """The style sheet of a page, its colours taken from the palette."""
    from markupsafe import Markup

    return Markup(_encodable(pages().get_template(template).render()))


def _policy(sheet: str) -> str:
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _encodable(text: str) -> str:
    """Text without what a file or a parser cannot carry: lone surrogates and NUL."""
    return (
        text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
