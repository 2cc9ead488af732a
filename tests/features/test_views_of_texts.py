"""Views of whole texts: the article as it is, its beginning, and what is asked about."""

from stance.features.views import NOTHING, view
from stance.passage import Passage


def test_views_of_whole_texts() -> None:
    passage = Passage("One. Two. Three. Four.", target="Lund’s dam")
    assert view("words").make(passage) == "One. Two. Three. Four."
    assert view("beginning").make(passage) == "One. Two. Three."
    assert view("asked").make(passage) == "Lund’s dam"


def test_what_has_nothing_to_show_says_so() -> None:
    for name in ("words", "beginning", "asked"):
        assert view(name).make(Passage("")) == NOTHING
