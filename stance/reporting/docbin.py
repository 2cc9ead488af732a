"""Quotations as a spaCy DocBin: a Doc per article, its quotations in span groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stance.analysis import AnalysedArticle
from stance.extras import imported
from stance.quotes.quotation import Piece, Quotation

GROUPS = ("quotations", "cues", "sources")
"""Span groups of every Doc: ``doc.spans["quotations"]``."""


def docbin_bytes(articles: Sequence[AnalysedArticle]) -> bytes:
    """A DocBin with one Doc per article, as bytes for ``DocBin().from_bytes``.

    Tokens are those of spaCy's blank English pipeline; a stretch whose edge lies within a token
    takes in the whole of it.

    Parameters
    ----------
    articles : sequence of AnalysedArticle

    Returns
    -------
    bytes
        ``doc.text`` is the article's text. Every stretch is a span of its own: its ``label_`` is
        the quotation's kind, ``id_`` the quotation's number ("3"), by which the stretches of one
        quotation and those of its cue and source are found together. ``doc.user_data["stance"]``
        holds id, source, quotations and voices as ``stance quotes --json`` prints them.

    Raises
    ------
    ExtraMissingError
        spaCy is not installed.
    """
    spacy = imported("spacy", extra="spacy")
    tokens = imported("spacy.tokens", extra="spacy")
    pipeline = spacy.blank("en")
    pipeline.max_length = max([pipeline.max_length, *(len(a.text) for a in articles)])
    docs = [_doc(pipeline, article) for article in articles]
    return bytes(tokens.DocBin(docs=docs, store_user_data=True).to_bytes())


def _doc(pipeline: Any, article: AnalysedArticle) -> Any:
    # Half a surrogate pair has no UTF-8, which spaCy works in.
    doc = pipeline.make_doc(article.text.encode("utf-8", "replace").decode("utf-8"))
    for name in GROUPS:
        doc.spans[name] = [
            span
            for i, quotation in enumerate(article.quotations)
            for piece in _pieces(quotation, name)
            if (span := _span(doc, piece, quotation.kind, i)) is not None
        ]
    plain = article.to_dict()
    doc.user_data["stance"] = {key: plain[key] for key in ("id", "source", "quotations", "voices")}
    return doc


def _pieces(quotation: Quotation, group: str) -> tuple[Piece, ...]:
    return {"quotations": quotation.content, "cues": quotation.cue, "sources": quotation.source}[
        group
    ]


def _span(doc: Any, piece: Piece, kind: str, number: int) -> Any:
    return doc.char_span(
        piece.start, piece.end, label=kind, span_id=str(number), alignment_mode="expand"
    )
