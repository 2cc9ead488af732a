"""Candidate: something an article may take a side on, before it is ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "group", "place", "policy"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something named or spoken of in an article.

    Parameters
    ----------
    name : str
        Its fullest name.
    aliases : tuple of str
        Other names the article uses.
    kind : {"person", "group", "place", "policy"}
        "policy" also stands for plans, events and claims.
    is_outlet : bool
        Whether the article calls it a newspaper, a station or an agency.
    """

    name: str
    aliases: tuple[str, ...]
    kind: Kind
    is_outlet: bool = False
