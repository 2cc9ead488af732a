from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from stance.article import Article, Part, Span

TEXT = "Storm\nA port shuts\nRead also\nIt shut."
PARTS = (
    Part("headline", 0, 6, "Storm"),
    Part("standfirst", 6, 19, "A port shuts"),
    Part("furniture", 19, 29, "Read also", reason="related link"),
    Part("paragraph", 29, 37, "It shut."),
)


def test_parts_by_kind() -> None:
    article = Article("storm", TEXT, PARTS, source="storm.txt")
    assert (article.headline, article.standfirst) == ("Storm", "A port shuts")
    assert [part.text for part in article.paragraphs] == ["It shut."]
    assert list(article) == list(PARTS)
    assert "".join(article.text[part.start : part.end] for part in article) == TEXT


def test_page_without_headline() -> None:
    article = Article("storm", TEXT, PARTS[2:])
    assert (article.headline, article.standfirst, article.source) == ("", "", "")
    assert Article("empty", "", ()).paragraphs == ()


def test_values_compare_and_cannot_be_changed() -> None:
    assert Article("storm", TEXT, PARTS) == Article("storm", TEXT, PARTS)
    assert len({Article("storm", TEXT, PARTS), Article("storm", TEXT, PARTS)}) == 1
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'text'"):
        PARTS[0].text = "Calm"  # type: ignore[misc]


def test_span_indexes_text() -> None:
    start, end = Span(29, 31)
    assert TEXT[start:end] == "It" and Span(1, 2) == (1, 2)
