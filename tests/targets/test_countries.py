from collections import Counter

import pytest

from stance.targets.countries import countries, country_of


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("US", "United States"),
        ("U.S.", "United States"),
        ("the Americans", "United States"),
        ("UK", "United Kingdom"),
        ("Britons", "United Kingdom"),
        ("dutch", "Netherlands"),
        ("south koreans", "South Korea"),
        ("Filipinos", "Philippines"),
        ("EU", "European Union"),
    ],
)
def test_names_and_people(word, name):
    assert country_of(word).names[0] == name


@pytest.mark.parametrize("word", ["us", "Moscow", "Korean", "", "the", "Atlantis"])
def test_what_is_no_country(word):
    assert country_of(word) is None


def test_the_table_names_nothing_twice():
    words = Counter(
        word for country in countries() for word in country.names + country.people + country.seats
    )
    assert [word for word, n in words.items() if n > 1] == []
    assert len(countries()) >= 195
