"""Bibliography: BibTeX of the works that a report stands on, corpora and methods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from stance.reporting.latex import latex

_KEY = re.compile(r"@\w+\s*\{\s*([^,\s{}]+)\s*,")


def citation_keys(bibtex: str) -> tuple[str, ...]:
    """The keys of the entries in some BibTeX, in their order.

    Examples
    --------
    >>> citation_keys("@misc{a-2020, title = {A}}")
    ('a-2020',)
    """
    return tuple(_KEY.findall(bibtex))


def split_entries(bibtex: str) -> dict[str, str]:
    """The entries in some BibTeX by their keys; what stands between them is left out."""
    starts = [match.start() for match in _KEY.finditer(bibtex)]
    parts = (bibtex[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True))
    return {citation_keys(part)[0]: part for part in parts}


@cache
def works() -> Mapping[str, str]:
    """BibTeX of the methods that reports use, by citation key, from ``works.bib``."""
    text = Path(__file__).with_name("works.bib").read_text(encoding="utf-8")
    return MappingProxyType(split_entries(text))


def corpus_entries(name: str) -> dict[str, str]:
    """The works that a corpus asks to be cited, from its card.

    A corpus that comes with the package and has no paper gets an entry made of its card; a table of
    one's own gets none.
    """
    from stance.corpora import card, corpus_names

    if name not in corpus_names():
        return {}
    facts = card(name)
    if facts.citation:
        return split_entries(facts.citation)
    lines = (
        f"@misc{{stance-{name.replace('_', '-')},",
        f"  title = {{{latex(facts.title)}}},",
        "  author = {{stance-lab}},",
        f"  howpublished = {{{latex(facts.access.upstream)}}},",
        f"  note = {{Licence: {latex(facts.licence.name)}}},",
        "}",
    )
    return split_entries("\n".join(lines))


def package_entry(version: str) -> dict[str, str]:
    """The package that computed the numbers."""
    lines = (
        "@misc{stance-lab,",
        "  title = {stance-lab},",
        "  author = {{stance-lab}},",
        f"  note = {{Python package, version {latex(version)}}},",
        "}",
    )
    return split_entries("\n".join(lines))


def bibliography(entries: Mapping[str, str], keys: Iterable[str]) -> str:
    """The text of ``references.bib``: each entry once, in the order of the keys."""
    return "\n\n".join(entries[key] for key in dict.fromkeys(keys)) + "\n"
