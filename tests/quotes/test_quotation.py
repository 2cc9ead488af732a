"""Quotations: which there are, what they cover, whose they are, and what is flagged."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance import read_article
from stance.article import Article, Part, Span
from stance.quotes.names import same_voice
from stance.quotes.quotation import FLAGS, Quotation, quotations_of, quoting_of
from stance.quotes.spans import AttributedSpans
from stance.quotes.voices import voices_of

INTRO = "Ola Berg, the skipper of the Rose, met Nils Hale, a baker from Lund, and the weekly Argus."


def after_intro(*texts: str) -> list[Quotation]:
    return [one for one in quotations_of([INTRO, *texts]) if one.content[0].part > 0]


def only(*texts: str) -> Quotation:
    (one,) = after_intro(*texts)
    return one


def words(one: Quotation) -> list[str]:
    return [piece.text for piece in one.content]


class Given:
    """A finder that says what it is told to say of the paragraphs."""

    def __init__(self, *rows: Sequence[AttributedSpans]) -> None:
        self.rows = [tuple(row) for row in rows]

    def find(self, paragraphs: Sequence[str]) -> list[tuple[AttributedSpans, ...]]:
        assert len(paragraphs) == len(self.rows)
        return self.rows


# Kinds, cues and sources


@pytest.mark.parametrize(
    ("text", "kind", "content", "cue_class"),
    [
        ("“We sail at six,” said Berg.", "direct", ["“We sail at six,”"], "say"),
        ("Berg said: “We sail at six.”", "direct", ["“We sail at six.”"], "say"),
        ("“We sail,” Berg said, “at six.”", "direct", ["“We sail,”", "“at six.”"], "say"),
        ("“We sail at six,” said Berg. “Be there.”", "direct", ["“We sail at six,”", "“Be there.”"],
         "say"),
        ("Berg claims that they sail at six.", "indirect", ["that they sail at six"], "claim"),
        ("They sail at six, Berg said.", "indirect", ["They sail at six"], "say"),
        ("According to Berg, they sail at six.", "indirect", ["they sail at six"], "according"),
        ("In the words of Berg, the quay is “a disgrace”.", "mixed", ["the quay is “a disgrace”"],
         "according"),
        ("Berg was quoted as saying that it leaks.", "indirect", ["that it leaks"], "say"),
        ("It was claimed by Berg that the dam leaks.", "indirect", ["that the dam leaks"], "claim"),
        ("Berg's claim that the dam leaks was rejected.", "indirect", ["that the dam leaks"],
         "claim"),
        ("A warning by Berg that the dam leaks came late.", "indirect", ["that the dam leaks"],
         "urge"),
        ("Asked why, Berg scoffed that nobody cared.", "indirect", ["that nobody cared"], "deny"),
        ("“It leaks,” Berg opined.", "direct", ["“It leaks,”"], "say"),
        ("“Will it hold?” Berg asked on Monday at noon.", "direct", ["“Will it hold?”"], "ask"),
        ("Berg tweeted: “We sail at six, all of us.”", "direct", ["“We sail at six, all of us.”"],
         "say"),
        ("Berg's denial came fast: “That is simply not so.”", "direct",
         ["“That is simply not so.”"], "label"),
        ("Ola Berg: The dam was built by my mother.", "direct",
         ["The dam was built by my mother."], "label"),
    ],
)  # fmt: skip
def test_kind_content_and_class(text: str, kind: str, content: list[str], cue_class: str) -> None:
    one = only(text)
    assert (one.kind, one.voice, one.cue_class) == (kind, "Ola Berg", cue_class)
    assert [piece.rstrip(".") for piece in words(one)] == [piece.rstrip(".") for piece in content]


def test_source_without_article() -> None:
    one = only("The ferry sank, and nobody was hurt, police said.")
    assert (words(one), one.voice) == (["The ferry sank, and nobody was hurt"], "police")


@pytest.mark.parametrize(
    "quoted",
    [
        "“We sail at six,”", '"We sail at six,"', "''We sail at six,''", "``We sail at six,''",
        "«We sail at six,»", "« We sail at six, »", "»We sail at six«", "„We sail at six“",
        "„We sail at six”", "‘We sail at six,’", "'We sail at six,'", "'We don't sail at six,'",
        "「We sail at six」", "”We sail at six,”",
    ],
)  # fmt: skip
def test_marks_of_every_style(quoted: str) -> None:
    one = only(f"{quoted} said Berg.")
    assert (one.kind, one.voice, words(one), one.flags) == ("direct", "Ola Berg", [quoted], ())


def test_cue_and_source_are_where_they_stand() -> None:
    one = only("“We sail at six,” the skipper told the weekly Argus.")
    assert [piece.text for piece in one.cue] == ["told"]
    assert [piece.text for piece in one.source] == ["the skipper"]
    assert (one.voice, one.via) == ("Ola Berg", ("Argus",))


@pytest.mark.parametrize(
    "text",
    [
        "The “green” dam stars in the film “Tarn at Night”.",
        "She read the novel “The Sea and the Rain and the Wind” at once.",
        "The so-called “people's dam of the north side” is old.",
        "What a “safe” dam that is.",
        "The bakers' oven isn't lit, and the rowers' hut is shut.",
        "Correction: the dam is in Tarn, not in Lund.",
    ],
)
def test_titles_scare_quotes_and_irony_are_nobodys(text: str) -> None:
    assert after_intro(text) == []


def test_a_title_within_speech_marks_nothing() -> None:
    assert only("Berg said the film “Tarn at Night” is far too long.").kind == "indirect"


# Repairs


def test_marks_that_never_close_or_open() -> None:
    one = only("“We left early in the dark, Berg said. It rained.")
    assert (words(one), one.flags) == (["“We left early in the dark,"], ("unclosed",))
    one = only("Berg told us that the strike broke the old tower.” It rained.")
    assert words(one) == ["that the strike broke the old tower.”"]
    assert (one.kind, one.flags) == ("mixed", ("unopened",))


def test_speech_found_by_its_marks_alone() -> None:
    one = only("A voice called from the dark. “Nobody has ever been here before.”")
    assert one.cue == () and one.source == () and one.cue_class is None
    assert one.flags == ("by marks",)


def test_quotation_over_paragraphs() -> None:
    one = only("“First we rowed.", "“Then we swam.", "“Then we walked home,” Berg said.")
    assert [(piece.part, piece.text) for piece in one.content] == [
        (1, "“First we rowed."), (2, "“Then we swam."), (3, "“Then we walked home,”"),
    ]  # fmt: skip
    assert (one.voice, one.flags, one.cue[0].part) == ("Ola Berg", ("continued",), 3)


def test_unmarked_continuation_closes_later() -> None:
    one = only("Hale said: “First we rowed.", "Then we walked home.” It rained.")
    assert words(one) == ["“First we rowed.", "Then we walked home.”"]
    assert (one.voice, one.flags) == ("Nils Hale", ("continued",))


def test_a_stray_closing_mark_does_not_tie_two_speakers() -> None:
    one, two = after_intro(
        "Berg said that “it all took place outside.", "Hale told us that it was over.” It rained."
    )
    assert [one.voice, two.voice] == ["Ola Berg", "Nils Hale"]
    assert one.flags == ("unclosed",) and two.flags == ("unopened",)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("“My mother said ‘stay at home tonight’ and we stayed,” said Berg.",
         "‘stay at home tonight’"),
        ('“My mother said "stay at home tonight" and we stayed,” said Berg.',
         '"stay at home tonight"'),
        ("«My mother said “stay at home tonight” and we stayed,» said Berg.",
         "“stay at home tonight”"),
    ],
)  # fmt: skip
def test_nested_quotations(text: str, inner: str) -> None:
    outer, nested = after_intro(text)
    assert outer.inside is None and nested.inside == 0
    assert (words(nested), nested.kind, nested.flags) == ([inner], "direct", ("nested",))
    assert (nested.voice, nested.via) == ("My mother", ("Ola Berg",))


# Dialogue and blocks


def test_transcript_with_letters() -> None:
    texts = ["Q: Why did you leave?", "A: I was tired.", "Q: And then?", "A: I slept for a week."]
    found = quotations_of(texts, headline="Ola Berg on the sea")
    assert [one.voice for one in found] == ["interviewer", "Ola Berg"] * 2
    assert [words(one) for one in found] == [[text[3:]] for text in texts]
    assert {one.flags for one in found} == {("dialogue",)} and found[0].kind == "direct"


def test_drama_style() -> None:
    found = after_intro("BERG: Who goes there?", "HALE: Only the baker.", "BERG: Come in.")
    assert [one.voice for one in found] == ["Ola Berg", "Nils Hale", "Ola Berg"]


def test_dashes() -> None:
    found = after_intro("— Why did you leave?", "— I was tired, — said Berg. — Very tired.")
    assert [words(one) for one in found] == [["Why did you leave?"], ["I was tired", "Very tired."]]
    assert found[1].voice == "Ola Berg" and found[1].cue[0].text == "said"


def test_a_single_dash_is_no_dialogue() -> None:
    assert after_intro("— The dam is old.", "It rained.") == []


def test_block_quotation() -> None:
    one = only("The letter from Hale reads in full:", "We want our ovens back.", "It rained.")
    assert (words(one), one.voice, one.flags) == (
        ["We want our ovens back."], "Nils Hale", ("block",),
    )  # fmt: skip
    assert one.source[0].part == 1 and one.content[0].part == 2


def test_colon_that_introduces_a_marked_paragraph() -> None:
    one = only("Hale put it this way:", "“Nobody wants this dam.”")
    assert (one.voice, one.kind, one.flags) == ("Nils Hale", "direct", ())


def test_letter_and_interview_without_labels() -> None:
    assert only("From Ola Berg: The dam should go, and soon.").voice == "Ola Berg"
    texts = [INTRO, "Why the sea?", "I liked it.", "And the hat?", "I lost it in my boat.", "Sad?",
             "My dog wept. I wept too."]  # fmt: skip
    types = ["report"] + ["report", "quote"] * 3
    found = quotations_of(texts, types=types, headline="Ola Berg’s hat")
    assert [(one.content[0].part, one.voice) for one in found] == [
        (2, "Ola Berg"), (4, "Ola Berg"), (6, "Ola Berg"),
    ]  # fmt: skip


# Manner


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("Hale did not say that it leaks.", ("negated",)),
        ("Hale has never said that it leaks.", ("negated",)),
        ("Nobody said that it leaks.", ("negated",)),
        ("Hale refused to say that it leaks.", ("negated",)),
        ("Did Hale say that it leaks?", ("question",)),
        ("Hale will say that it leaks.", ("hypothetical",)),
        ("Hale would say that it leaks.", ("hypothetical",)),
        ("Hale is expected to announce that it leaks.", ("hypothetical",)),
        ("If Hale says that it leaks, we go.", ("hypothetical",)),
        ("Hale said that it would never leak.", ()),
        ("“Why?” Hale said.", ()),
    ],
)
def test_what_was_not_said_or_not_yet(text: str, flags: tuple[str, ...]) -> None:
    assert only(text).flags == flags


# Voices


@pytest.mark.parametrize(
    ("text", "voice", "via"),
    [
        ("The skipper said that it leaks.", "Ola Berg", ()),
        ("Residents say that it leaks.", "Residents", ()),
        ("It leaks, according to a diver who asked to stay unnamed.", "a diver", ()),
        ("The Argus said that it leaks.", "Argus", ()),
        ("A report by the guild found that it leaks.", "A report by the guild", ()),
        ("The Argus, quoting two divers, said that it leaks.", "two divers", ("Argus",)),
        ("Two divers told the weekly Argus that it leaks.", "Two divers", ("Argus",)),
    ],
)
def test_canonical_voice_and_chain(text: str, voice: str, via: tuple[str, ...]) -> None:
    one = only(text)
    assert same_voice(one.voice, voice)
    assert [same_voice(*pair) for pair in zip(one.via, via, strict=True)] == [True] * len(via)


def test_chain_of_three() -> None:
    text = "The Argus, citing two divers, said the guild denied that it leaks."
    row = (
        AttributedSpans((Span(35, 65),), (Span(30, 34),), (Span(0, 9),)),
        AttributedSpans((Span(52, 65),), (Span(45, 51),), (Span(35, 44),)),
    )
    outer, inner = quotations_of([INTRO, text], finder=Given((), row))
    assert (outer.voice, outer.via) == ("two divers", ("The Argus",))
    assert (inner.voice, inner.via) == ("the guild", ("The Argus", "two divers"))
    assert (inner.inside, inner.flags, inner.cue_class) == (0, ("nested",), "deny")


def test_who_is_quoted_in_passing_leaves_the_voices_of_paragraphs_alone() -> None:
    texts = [INTRO, "It rained. Two divers said no.", "They said that it leaks.", "He said no."]
    types = ["report", "report", "quote", "quote"]
    assert list(quoting_of(texts, types=types).voices) == voices_of(texts, types)


# A finder's spans


def test_the_finder_decides_and_marks_mend() -> None:
    text = "“Nobody will stop us now,” said Berg, who left."
    row = (AttributedSpans((Span(1, 24),), (Span(27, 31),), (Span(32, 36),), 0.7),)
    (one,) = quotations_of([text], finder=Given(row))
    assert (words(one), one.probability) == (["“Nobody will stop us now,”"], 0.7)
    (missed,) = quotations_of([text], finder=Given(()))
    assert (words(missed), missed.flags) == (["“Nobody will stop us now,”"], ("by marks",))


def test_spans_that_claim_the_same_words_are_told_apart() -> None:
    text = "aaaa bbbb cccc dddd eeee"
    row = (AttributedSpans((Span(0, 14),)), AttributedSpans((Span(10, 19),)),
           AttributedSpans((Span(0, 14),)), AttributedSpans((Span(5, 9),)),
           AttributedSpans((Span(20, 99),)))  # fmt: skip
    found = quotations_of([text], finder=Given(row))
    assert [words(one) for one in found] == [["aaaa bbbb cccc"], ["bbbb"], [" dddd"], ["eeee"]]
    assert [one.inside for one in found] == [None, 0, None, None]


# Offsets


def test_offsets_index_the_page() -> None:
    page = "Ferry sinks\n\nIt rained.\n\n“It groaned \u00a0 like\u00ad an ox,”  said Ida Lund.\n"
    article = read_article(page)
    (one,) = quotations_of(article)
    assert words(one) == ["“It groaned like an ox,”"]
    (piece,) = one.content
    assert article.text[piece.start : piece.end] == "“It groaned \u00a0 like\u00ad an ox,”"
    assert article.parts[piece.part].text.startswith(piece.text)


def test_types_must_fit() -> None:
    with pytest.raises(ValueError, match="expected a type for each of 2 paragraphs, got 1"):
        quotations_of(["a", "b"], types=["quote"])


def test_nothing_to_read() -> None:
    assert quotations_of([]) == () and quotations_of([""]) == ()
    assert quotations_of(Article("a", "H", (Part("headline", 0, 1, "H"),))) == ()


# Whatever comes

PIECES = st.sampled_from(
    "“ ” „ « » \" ' ’ ‘ `` '' ,, said told the mayor Ola Berg Hale , . : ; ? ! — Q: A: BERG: that"
    " by of if not never will who she according to her claim denied x \n \x01 … Did say".split(" ")
)


def check(texts: list[str], found: tuple[Quotation, ...]) -> None:
    taken: dict[tuple[int | None, int], list[tuple[int, int]]] = {}
    for i, one in enumerate(found):
        assert one.content and one.voice and set(one.flags) <= set(FLAGS)
        assert one.kind in ("direct", "indirect", "mixed") and 0 <= one.probability <= 1
        assert one.inside is None or one.inside != i
        for piece in (*one.content, *one.cue, *one.source):
            assert 0 <= piece.start < piece.end
            assert texts[piece.part][piece.start : piece.end] == piece.text
        for piece in one.content:
            taken.setdefault((one.inside, piece.part), []).append((piece.start, piece.end))
        if one.inside is not None:
            outer = [(o.part, o.start, o.end) for o in found[one.inside].content]
            for p in one.content:
                assert any(i == p.part and a <= p.start and p.end <= b for i, a, b in outer)
    for spans in taken.values():  # siblings lie apart
        ordered = sorted(spans)
        assert all(a[1] <= b[0] for a, b in pairwise(ordered))


@given(st.lists(st.text(max_size=60) | st.lists(PIECES, max_size=25).map(" ".join), max_size=5))
@settings(max_examples=300, deadline=None)
def test_any_text_has_exact_quotations_without_overlap(texts: list[str]) -> None:
    found = quotations_of(texts)
    check(texts, found)
    assert quotations_of(texts) == found


SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=3).map(
    lambda pairs: tuple(Span(*pair) for pair in pairs)
)
FOUND = st.builds(AttributedSpans, SPANS, SPANS, SPANS, st.floats(0, 1))


@given(st.lists(st.tuples(st.lists(PIECES, max_size=15).map(" ".join), st.lists(FOUND, max_size=4)),
                max_size=3))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_any_spans_of_a_finder_are_put_in_order(
    rows: list[tuple[str, list[AttributedSpans]]],
) -> None:
    texts = [text for text, _ in rows]
    check(texts, quotations_of(texts, finder=Given(*(found for _, found in rows))))


@given(st.lists(PIECES, max_size=25).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_repairs_are_made_once(text: str) -> None:
    """What was found, given back as a finder's, is found again."""
    once = quotations_of([text])
    row = [
        AttributedSpans(
            tuple(Span(p.start, p.end) for p in one.content),
            tuple(Span(p.start, p.end) for p in one.cue),
            tuple(Span(p.start, p.end) for p in one.source),
            one.probability,
        )
        for one in once
    ]
    again = quotations_of([text], finder=Given(row))
    assert [one.content for one in again] == [one.content for one in once]
    repairs = {"unclosed", "unopened", "nested"}
    assert [repairs & set(one.flags) for one in again] == [repairs & set(one.flags) for one in once]


@pytest.mark.parametrize(
    "unit",
    [
        "“Go,” he said. ",
        "«“‘ x. ",
        "Hale's claim that ",
        "X: ",
        "to say that ",
        "“a ‘b’ c” ",
        "VOTERS ",
    ],
)
def test_time_is_linear(unit: str) -> None:
    begin = time.perf_counter()
    quotations_of([unit * (50_000 // len(unit)), "He said that it leaks."])
    assert time.perf_counter() - begin < 10  # a second or two where nothing else runs


def test_capitals_in_a_row_cost_no_time() -> None:
    begin = time.perf_counter()
    quotations_of(
        ["BAKERS’ ABILITY TO ROW ACROSS LAKES UNDER MOONLIGHT AND RAINFALL IN WINTER said so."]
    )
    assert time.perf_counter() - begin < 2


# A page of the public, where it lies beside the corpora


def test_a_real_page() -> None:
    folder = Path(os.environ.get("STANCE_CORPORA", "/nonexistent")).parent / "articles"
    if not (folder / "al-tanf.txt").is_file():
        pytest.skip(f"al-tanf.txt not found in {folder}: set STANCE_CORPORA to the corpora mirror")
    parts = json.loads((folder / "al-tanf.labels.json").read_text(encoding="utf-8"))["parts"]
    types = [part["type"] for part in parts if part["part"] == "paragraph"]
    article = read_article(folder / "al-tanf.txt")
    found = [one for one in quotations_of(article, types=types) if one.inside is None]
    assert [one.content[0].part for one in found] == [9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    assert [one.voice for one in found[:4]] == [
        "The Wall Street Journal", "American officials", "Abdulrazzaq Kheder", "Abdulrazzaq Kheder",
    ]  # fmt: skip
    assert found[1].via == ("The Wall Street Journal",)
    flags = {one.content[0].part: one.flags for one in found if one.flags}
    assert flags == {11: ("unopened",), 13: ("unclosed",), 14: ("unopened",), 16: ("negated",),
                     18: ("unclosed",)}  # fmt: skip


def test_a_word_that_only_joins_others_is_no_source() -> None:
    class Found:
        def find(self, paragraphs: Sequence[str]) -> list[tuple[AttributedSpans, ...]]:
            spans = AttributedSpans((Span(20, 37),), (Span(3, 8),), (Span(0, 2),))
            return [(spans,) for _ in paragraphs]

    (one,) = quotations_of(["By tying its fate to the coal it hoped for."], finder=Found())
    assert one.source == () and one.voice != "By"
