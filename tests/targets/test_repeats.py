from hypothesis import given
from hypothesis import strategies as st

from stance.article import Span
from stance.targets.candidate import Candidate
from stance.targets.repeats import is_part, joined


def test_names_of_different_things_stay_apart():
    some = [Candidate("Ida Lund", (), "person"), Candidate("ferry sale", (), "policy")]
    assert joined(some, ["Ida Lund halted the ferry sale."]) == some


def test_people_and_places_are_not_what_they_are_called_like():
    some = [
        Candidate("Baker", (), "person"),
        Candidate("bakers", (), "group"),
        Candidate("Turkey", (), "place"),
        Candidate("turkeys", (), "policy"),
    ]
    assert joined(some, ["Mr. Baker sells turkeys of bakers in Turkey."]) == some


def test_the_most_frequent_name_is_shown_and_all_aliases_are_kept():
    some = [
        Candidate("Port Board", ("board",), "group"),
        Candidate("Port Boards", ("PB",), "group"),
    ]
    (one,) = joined(some, ["Port Boards met.", "The Port Boards left the Port Board behind."])
    assert (one.name, set(one.aliases)) == ("Port Boards", {"Port Board", "board", "PB"})


def test_a_person_has_no_name_in_lower_case():
    some = [Candidate("Mark Down", (), "person")]
    assert joined(some, ["Mark Down will mark down the price."]) == some


def test_a_mention_on_another_page_is_no_part():
    assert not is_part({1: [Span(0, 4)]}, {0: [Span(0, 9)]})
    assert not is_part({0: [Span(0, 4), Span(8, 12)]}, {0: [Span(0, 9)]})
    assert is_part({}, {0: [Span(0, 9)]})


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), max_size=6), st.data())
def test_part_is_what_comparing_all_spans_says(gaps, data):
    spans, at = [], 0
    for gap, length in gaps:
        spans.append(Span(at + gap, at + gap + length))
        at += gap + length
    own = data.draw(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), max_size=4))
    mine = [Span(start, start + length) for start, length in own]
    expected = all(any(o.start <= s.start and s.end <= o.end for o in spans) for s in mine)
    # An empty span at the joint of two others may be told either way.
    if all(span.end > span.start for span in mine):
        assert is_part({0: mine} if mine else {}, {0: spans} if spans else {}) == expected
