"""Articles as spaCy reads them."""

from __future__ import annotations

import sys

import pytest

from stance.analysis import AnalysedArticle, label_article
from stance.extras import ExtraMissingError
from stance.quotes.rule_finder import RuleFinder
from stance.reporting.docbin import GROUPS, docbin_bytes

PAGE = """Ferry to Skarholm sinks at its pier

“It groaned like an ox,” said deckhand Ida Lund. “Nobody was on board.”
"""


@pytest.fixture
def article() -> AnalysedArticle:
    return label_article(PAGE, id="ferry", source="-", finder=RuleFinder())


def test_span_groups_and_data(article: AnalysedArticle) -> None:
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed: extra spacy")
    from spacy.tokens import DocBin

    data = docbin_bytes([article, article])
    assert data == docbin_bytes([article, article])
    docs = list(DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab))
    assert len(docs) == 2 and docs[0].text == PAGE
    groups = {name: [span.text for span in docs[0].spans[name]] for name in GROUPS}
    assert groups == {
        "quotations": ["“It groaned like an ox,”", "“Nobody was on board.”"],
        "cues": ["said"],
        "sources": [article.quotations[0].source[0].text],
    }
    assert {span.label_ for span in docs[0].spans["quotations"]} == {"direct"}
    assert {span.id_ for name in GROUPS for span in docs[0].spans[name]} == {"0"}
    kept = docs[0].user_data["stance"]
    assert (kept["id"], kept["quotations"][0]["voice"]) == ("ferry", "Ida Lund")


def test_half_a_surrogate_pair_and_no_quotation() -> None:
    pytest.importorskip("spacy", reason="spaCy is not installed: extra spacy")
    assert docbin_bytes([AnalysedArticle("a", "", "x \ud800 y", ())])


def test_without_spacy(article: AnalysedArticle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ExtraMissingError, match=r"pip install 'stance-lab\[spacy\]'"):
        docbin_bytes([article])
