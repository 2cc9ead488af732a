"""The agreement that the sample corpus's card states, computed again from both annotations."""

import json
import re
from pathlib import Path

import pytest

from stance.evaluation.agreement import krippendorff_alpha
from stance.quotes.names import same_voice

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="module")
def pairs():
    """Parts of the test articles as the first and the second annotator saw them."""
    found = []
    for line in (SAMPLE / "second-annotation.jsonl").read_text(encoding="utf-8").splitlines():
        second = json.loads(line)
        first = json.loads((SAMPLE / f"{second['id']}.json").read_text(encoding="utf-8"))
        assert first["split"] == "test"
        names = [target["name"] for target in first["targets"]]
        found += [
            (second["id"], names, a, b)
            for a, b in zip(first["parts"], second["parts"], strict=True)
        ]
    return found


def test_every_test_article_was_labelled_twice(pairs):
    splits = [json.loads(p.read_text())["split"] for p in SAMPLE.glob("*/*.json")]
    assert len({article for article, *_ in pairs}) == splits.count("test")


def test_card_states_the_agreement_of_parts(pairs):
    assert stated("part") == alpha([(a["part"], b["part"]) for *_, a, b in pairs])


def test_card_states_the_agreement_of_types(pairs):
    assert stated("type") == alpha([(a["type"], b["type"]) for *_, a, b in paragraphs(pairs)])


def test_card_states_the_agreement_of_voices(pairs):
    named = []
    for article, _, a, b in paragraphs(pairs):
        first, second = a["voice"], b["voice"]
        second = first if same_voice(first, second) else second
        named.append(tuple(v if v == "author" else f"{article} {v}" for v in (first, second)))
    assert stated("voice") == alpha(named)


def test_card_states_the_agreement_of_stances(pairs):
    both = [
        (first.get(name), second.get(name))
        for _, names, a, b in paragraphs(pairs)
        for first, second in [({s["target"]: s["stance"] for s in a["stances"]}, b["stances"])]
        for name in names
    ]
    given = [(x, y) for x, y in both if x and y]
    assert stated("stance, where both") == alpha(given)
    assert stated('stance, "not') == alpha([(x or "none", y or "none") for x, y in both])


def paragraphs(pairs):
    return [pair for pair in pairs if pair[2]["part"] == pair[3]["part"] == "paragraph"]


def alpha(values):
    first, second = zip(*values, strict=True)
    return len(values), f"{krippendorff_alpha([first, second]):.3f}"


def stated(layer):
    """Units and alpha in the row of the card's table that begins with ``layer``."""
    row = re.search(
        rf"^\| {re.escape(layer)}[^|]*\| ([\d,]+)[^|]*\| (0\.\d{{3}}) \|$",
        (SAMPLE / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return int(row.group(1).replace(",", "")), row.group(2)
