"""What an encoder reads of a passage, and where the target stands in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing

from stance.article import Span
from stance.encoders.tokens import MAX_TARGET_TOKENS, Encoded, Tokens
from stance.passage import Passage

from .tiny import tokenizer


def read(passage: Passage, *, max_tokens: int = 40, with_targets: bool = True) -> Encoded:
    (found,) = Tokens(tokenizer(), max_tokens=max_tokens).encode(
        [passage], with_targets=with_targets
    )
    return found


def words(encoded: Encoded) -> list[str]:
    made = tokenizer()
    return [made.id_to_token(int(i)) for i in encoded.ids]


def marked(encoded: Encoded, mask: Any) -> list[str]:
    return [word for word, is_marked in zip(words(encoded), mask, strict=True) if is_marked]


def test_a_mention_is_marked_where_it_stands_and_nothing_is_inserted() -> None:
    found = read(Passage("the council said port", target="Council", mentions=(Span(4, 11),)))
    assert words(found) == ["[CLS]", "the", "council", "said", "port", "[SEP]"]
    assert marked(found, found.mention) == ["council"]
    assert marked(found, found.text) == ["the", "council", "said", "port"]
    assert found.offsets.tolist() == [[-1, -1], [0, 3], [4, 11], [12, 16], [17, 21], [-1, -1]]


def test_the_target_is_looked_for_by_name_where_no_mention_is_given() -> None:
    found = read(Passage("the council said", target="council"))
    assert marked(found, found.mention) == ["council"]


def test_a_part_of_a_word_marks_the_pieces_that_it_touches() -> None:
    found = read(Passage("the cab", mentions=(Span(5, 6),), target="x"))
    assert marked(found, found.mention) == ["##a"]


def test_a_target_that_is_not_mentioned_is_read_before_the_text() -> None:
    found = read(Passage("the port", target="council"))
    assert words(found) == ["[CLS]", "council", "[SEP]", "the", "port", "[SEP]"]
    assert marked(found, found.mention) == ["council"]
    assert marked(found, found.text) == ["the", "port"]
    assert found.offsets[3].tolist() == [0, 3]


def test_a_long_target_is_cut() -> None:
    found = read(Passage("port", target="a " * 300))
    assert found.mention.sum() == MAX_TARGET_TOKENS


@pytest.mark.parametrize("target", [None, "", "  "])
def test_without_target_the_text_is_read_alone(target: str | None) -> None:
    found = read(Passage("the port", target=target))
    assert words(found) == ["[CLS]", "the", "port", "[SEP]"] and not found.mention.any()


def test_types_do_not_see_targets() -> None:
    found = read(Passage("the port", target="council"), with_targets=False)
    assert words(found) == ["[CLS]", "the", "port", "[SEP]"]


def test_an_empty_text_is_two_special_tokens() -> None:
    assert words(read(Passage(""))) == ["[CLS]", "[SEP]"]
    assert words(read(Passage("", target="port"))) == ["[CLS]", "port", "[SEP]", "[SEP]"]


def test_a_long_text_is_cropped_around_its_first_mention() -> None:
    text = "a " * 50 + "port " + "b " * 50 + "port"
    found = read(Passage(text, target="port"), max_tokens=10)
    assert words(found)[1:-1] == ["a"] * 5 + ["port"] + ["b"] * 4
    start, end = found.offsets[6]
    assert text[start:end] == "port"
    plain = read(Passage(text), max_tokens=10)
    assert words(plain)[1:-1] == ["a"] * 10


def test_the_end_of_a_text_is_filled_up_from_before() -> None:
    found = read(Passage("a " * 50 + "port", target="port"), max_tokens=10)
    assert words(found)[1:-1] == ["a"] * 9 + ["port"]


def test_a_mention_far_into_a_huge_text_is_found() -> None:
    text = "a " * 500_000 + "port " + "b " * 500_000
    found = read(Passage(text, target="port", mentions=(Span(1_000_000, 1_000_004),)))
    start, end = found.offsets[found.mention][0]
    assert (text[start:end], found.text.sum()) == ("port", 40)


def test_one_reading_serves_all_targets_that_are_mentioned() -> None:
    passage = "lund said the council and the port"
    made = Tokens(tokenizer()).encode(
        [Passage(passage, target=name) for name in ("lund", "council", "port")], with_targets=True
    )
    assert len({one.key for one in made}) == 1
    assert [marked(one, one.mention) for one in made] == [["lund"], ["council"], ["port"]]


@given(st.text(max_size=60), st.text(max_size=20), st.integers(0, 70), st.integers(0, 70))
def test_any_text_is_encoded(text: str, target: str, start: int, end: int) -> None:
    mentions = (Span(min(start, end), max(start, end)),)
    found = read(Passage(text, target=target, mentions=mentions), max_tokens=12)
    assert len(found.ids) == len(found.mention) == len(found.text) == len(found.offsets)
    assert found.text.sum() <= 12 and len(found.ids) <= 12 + MAX_TARGET_TOKENS + 3
    places = found.offsets[found.text]
    assert ((places >= 0) & (places <= len(text))).all()
    assert (found.offsets[~found.text] == -1).all()


def test_special_tokens_are_the_tokenizers_own() -> None:
    made = tokenizer()
    made.post_processor = TemplateProcessing(
        single="[SEP] $A [UNK]", special_tokens=[("[SEP]", 3), ("[UNK]", 1)]
    )
    tokens = Tokens(made)
    assert (tokens.first, tokens.last) == (3, 1)
    (found,) = tokens.encode([Passage("port", target="lund")], with_targets=True)
    assert words(found) == ["[SEP]", "lund", "[UNK]", "port", "[UNK]"]


def test_a_tokenizer_without_special_tokens_is_refused() -> None:
    bare = Tokenizer.from_str(tokenizer().to_str())
    bare.post_processor = TemplateProcessing(single="$A", special_tokens=[])
    with pytest.raises(ValueError, match="one special token before a text and one after"):
        Tokens(bare)


def test_truncation_and_padding_of_the_file_are_switched_off() -> None:
    made = tokenizer()
    made.enable_truncation(3)
    made.enable_padding(length=50)
    (found,) = Tokens(made).encode([Passage("the port said the port")], with_targets=False)
    assert len(found.ids) == 7 and np.array_equal(found.ids[[0, -1]], [2, 3])
