"""The index of a text: sentences, stems and places, counted by hand."""

from hypothesis import given
from hypothesis import strategies as st

from stance.features.sentence_index import index_of, sentences_of, stem, stem_hash

TEXT = "Officials denied the leak. The Lund dam, built in 1951, is leaking.\nNobody left."


def test_places_of_stems() -> None:
    index = index_of(TEXT)
    assert index.n_sentences == 3
    assert index.n_words == 14
    assert index.counts["leak"] == 2
    assert index.where["leak"] == (0, 1)
    assert index.first["leak"] == 3
    assert index.places["leak"] == (3, 11)
    assert index.names == {"lund"}  # the first word of a sentence is capital anyway
    assert index.numbers == {"1951"}
    assert ("lund", "dam") in index.pairs


def test_function_words_are_no_content() -> None:
    index = index_of("What is it about?")
    assert index.content == ()
    assert index.run == ("what", "is", "it", "about")


def test_a_text_without_words_has_one_empty_sentence() -> None:
    for text in ("", "  ", "…"):
        assert index_of(text).sentences == ((),)


def test_no_more_than_120_sentences_are_read() -> None:
    assert len(sentences_of("One more. " * 500)) == 120


def test_forms_of_a_word_share_a_stem() -> None:
    assert stem("denies") == stem("denied") == stem("deny")
    assert stem("planned") == stem("plans") == stem("planning")
    assert stem("isis") == "isis"


def test_hash_is_the_same_on_every_machine() -> None:
    assert stem_hash("dam") == 5976015015312233804


@given(st.text(max_size=200))
def test_any_text_has_an_index(text: str) -> None:
    index = index_of(text)
    assert index.n_sentences >= 1
    assert sum(index.counts.values()) == len(index.content)
    assert all(at < index.n_sentences for where in index.where.values() for at in where)
    assert sum(map(len, index.sentences)) == index.n_words
