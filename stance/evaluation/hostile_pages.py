r"""Hostile pages: made by seed, to try whether anything but labels or a refusal comes of them.

Examples
--------
>>> hostile_page(7, seed=0) == hostile_page(7, seed=0)
True
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

_WHO = ("Ida Lund", "the mayor", "Ministry of Ice", "O’Hara & Sons", "Dr. Öz", "李明", "NATO")
_SAID = ("said", "told reporters", "denied", "warned that", "according to", "«", ":", "added")
_WHAT = (
    "the harbour will stay shut until the ice is gone",
    "prices rose by 3.5 per cent in May",
    "it was a mistake to sell the ferry",
    "nobody had asked the islanders",
    "the bridge opens on Monday",
    "=HYPERLINK(0)",
    "{{ 7 * 7 }} {% include 'x' %} ${7*7}",
    "</script><script>document.title='run'</script>",
    "\u202eesrever\u202c \u2066isolated\u2069",
    "-->]]></style><!--",
)
_ODD = (
    *("\0", "\x1b[31m", "\r", "\x85", "\u2028", "\u200b", "\u00ad", "\ufeff", "\u202e", "\u2067"),
    *(
        "e" + "\u0301" * 40,
        "👩‍👩‍👧‍👦",
        "ﷺ",
        "\U000e0041",
        "&#0;",
        "&#xD800;",
        "&#9999999999;",
        "&amp" * 9,
    ),
)
_TAGS = (
    *("<p>", "</p>", "<div>", "</div>", "<h1>", "</h1>", "<ul><li>", "<table><tr><td>", "<br>"),
    *("<!--", "-->", "<![CDATA[", "<script>", "</script>", "<style>", "<title>", "<noscript>"),
    *("<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>", "<svg onload=alert(1)>"),
    *("<iframe src='data:text/html,<script>alert(1)</script>'>", "<base href=//x.example/>", "<"),
    *("<meta charset=utf-7>", "<template>", "<math><mtext>", "<select><option>", "<form action=/>"),
)


@dataclass(frozen=True, slots=True)
class HostilePage:
    """A page and the way it was made.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    data : bytes
    """

    kind: str
    data: bytes


def hostile_page(i: int, *, seed: int, texts: Sequence[str] = ()) -> HostilePage:
    """The page with that number.

    Parameters
    ----------
    i, seed : int
        Decide everything: the same numbers and texts give the same bytes.
    texts : sequence of str
        Pages of a corpus. Where there are any, half of all pages are damaged ones of these.

    Returns
    -------
    HostilePage
        Most below 20 kB, a few up to 0.6 MB.
    """
    chance = Random(f"{seed}/{i}")
    if texts and chance.random() < 0.5:
        return HostilePage("corpus", _damaged(chance.choice(texts), chance))
    kind = chance.choice(list(_MAKERS))
    return HostilePage(kind, _MAKERS[kind](chance))


def _sentence(chance: Random) -> str:
    who, said, what = (chance.choice(words) for words in (_WHO, _SAID, _WHAT))
    form = chance.choice(
        ("“{what},” {said} {who}.", "{who} {said} {what}.", "'{what}' {who} {said}")
    )
    return form.format(who=who, said=said, what=what)


def _article(chance: Random) -> str:
    paragraphs = (
        " ".join(_sentence(chance) for _ in range(chance.randint(1, 5)))
        for _ in range(chance.randint(1, 12))
    )
    return "\n\n".join(("Ice keeps ferry in port", *paragraphs))


def _text(chance: Random) -> bytes:
    return _damaged(_article(chance), chance)


def _html(chance: Random) -> bytes:
    pieces = [chance.choice(_TAGS) for _ in range(chance.randint(1, 80))]
    pieces += [_sentence(chance) for _ in range(chance.randint(1, 20))]
    chance.shuffle(pieces)
    return _damaged("<html><body>" + "".join(pieces), chance)


def _nested(chance: Random) -> bytes:
    tag = chance.choice(("div", "b", "blockquote", "ul><li", "table><tr><td", "font", "svg"))
    depth = chance.choice((10, 300, 3_000, 20_000))
    return (f"<{tag}>" * depth + f"<p>{_article(chance)}</p>").encode()


def _long_line(chance: Random) -> bytes:
    piece = chance.choice(("a", "“", "said ", "A. ", "<", "&", "\u202e", "the mayor said “", "("))
    return (piece * chance.choice((1_000, 20_000, 100_000)))[:500_000].encode()


def _data_uri(chance: Random) -> bytes:
    load = "QUJD" * chance.choice((10, 1_000, 100_000))
    return f"<html><p>{_article(chance)}</p><img src='data:image/png;base64,{load}'>".encode()


def _noise(chance: Random) -> bytes:
    return chance.randbytes(chance.choice((0, 1, 7, 300, 5_000)))


def _encoded(chance: Random) -> bytes:
    codec = chance.choice(
        ("utf-16", "utf-16-be", "utf-32", "cp1252", "utf-7", "shift_jis", "koi8-r")
    )
    declared = f"<meta charset={chance.choice(('x', 'zip', 'rot13', codec, 'utf-8'))}>"
    return (declared * chance.randint(0, 1) + _article(chance)).encode(codec, "replace")


_MAKERS: dict[str, Callable[[Random], bytes]] = {
    "text": _text,
    "html": _html,
    "nested": _nested,
    "long line": _long_line,
    "data URI": _data_uri,
    "noise": _noise,
    "encoding": _encoded,
}
KINDS = (*_MAKERS, "corpus")
"""How a page can have been made."""


def _damaged(text: str, chance: Random) -> bytes:
    """Characters spliced in, pieces doubled or cut, then now and then bytes overwritten."""
    for _ in range(chance.choice((0, 1, 3, 12))):
        at, length = chance.randrange(len(text) + 1), chance.choice((1, 20, 400))
        odd = chance.choice(_ODD + _TAGS) * chance.choice((1, 1, 50))
        spliced = chance.choice((odd, text[at : at + length] * 2, "", _sentence(chance)))
        text = text[:at] + spliced + text[at + (length if not spliced else 0) :]
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(chance.choice((0, 0, 0, 1, 30)) if data else 0):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.1 else data)
