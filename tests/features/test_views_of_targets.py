from __future__ import annotations

from stance.features.views import NOTHING, view
from stance.passage import Passage


def pieces(text: str, target: str | None) -> list[str]:
    return view("pieces").make(Passage(text, target=target)).split()


def test_pieces_of_a_word_stand_with_the_whole_name() -> None:
    assert pieces("Sea!", "Wall tax") == [
        "wall_tax_w_sea",
        "wall_tax_w__",
        "wall_tax_b_sea__",
        *("wall_tax__se", "wall_tax_sea", "wall_tax_ea_"),
        *("wall_tax__sea", "wall_tax_sea_", "wall_tax__sea_"),
        "wall_tax____",
    ]


def test_two_targets_share_no_piece() -> None:
    one, two = pieces("The sea rose.", "tide"), pieces("The sea rose.", "dikes")
    assert not set(one) & set(two)


def test_a_hashtag_is_another_word_than_its_letters() -> None:
    assert "tide_w__sea" in pieces("#sea", "tide")
    assert "tide_w_sea" not in pieces("#sea", "tide")


def test_no_target_is_a_name_of_its_own_and_no_text_shows_nothing() -> None:
    assert pieces("sea", None)[0] == "__w_sea"
    assert pieces("", "tide") == [NOTHING]


def test_what_is_crossed_has_an_end() -> None:
    assert len(pieces("sea " * 5000, "tide")) < 1000
