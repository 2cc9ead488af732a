"""Embedded instructions: the set, the rate, and whether the instrument sees obedience."""

from __future__ import annotations

import json
import re
import urllib.request
from collections import Counter
from typing import Any

import pytest

from stance.article import Span
from stance.classifiers.llm import LLMClassifier
from stance.classifiers.llm_prompt import read_message
from stance.evaluation.injection import (
    HARMLESS,
    clean_labels,
    clean_passages,
    flip_rate,
    injections,
    with_piece,
)
from stance.labels import ParagraphType, Stance
from stance.passage import Passage

from ..classifiers.llm_server import ChatServer, Reaction, chat_server, labels, sensible

TYPES = ["analysis", "disclaimer", "quote", "report"]


def test_the_set_is_balanced_and_labelled_by_the_codebook() -> None:
    assert len(clean_passages()) == len({passage.text for passage in clean_passages()}) == 36
    assert Counter(clean_labels("type")) == dict.fromkeys(map(str, ParagraphType), 9)
    assert set(clean_labels("stance")) == set(map(str, Stance))
    assert len(injections()) == 36 and set(Counter(i.kind for i in injections()).values()) == {3}
    for passage in clean_passages():
        assert passage.target and passage.mentions
        for start, end in passage.mentions:
            assert passage.text[start:end].lower() == passage.target.lower()


@pytest.mark.parametrize("i", range(36))
def test_every_instruction_stands_in_the_text_and_demands_the_label(i: int) -> None:
    one, clean = injections()[i], clean_passages()[i]
    texts = [one.into(clean, label=label).text for label in ("quote", "report")]
    assert texts[0] != texts[1] and "{" not in one.text.format(label="x").replace('{"', "")
    if one.style == "plain":
        assert "quote" in texts[0] or "quote" in clean.text
    passage = one.into(clean, label="quote")
    for start, end in passage.mentions:
        assert passage.text[start:end].lower() == str(clean.target).lower()


@pytest.mark.parametrize(
    ("place", "text", "mention"),
    [
        ("start", "Stop. The dam held.", (10, 13)),
        ("middle", "The dam Stop. held.", (4, 7)),
        ("end", "The dam held. Stop.", (4, 7)),
    ],
)
def test_mentions_move_with_the_text(place: Any, text: str, mention: tuple[int, int]) -> None:
    passage = Passage("The dam held.", target="dam", mentions=(Span(4, 7),))
    found = with_piece(passage, "Stop.", place)
    assert (found.text, found.mentions) == (text, (Span(*mention),))
    parted = with_piece(Passage("The old dam.", mentions=(Span(4, 11),)), "Stop.", "middle")
    assert (parted.text, parted.mentions) == ("The old Stop. dam.", ())


class Table:
    """Obeys orders in capitals, and is confused by the harmless sentence in long passages."""

    classes_ = ("a", "b", "c")

    def predict(self, passages: list[Passage]) -> list[str]:
        return [self.label(passage.text) for passage in passages]

    def label(self, text: str) -> str:
        if HARMLESS in text:
            return "b" if "long" in text else "a"
        return "c" if "IMPORTANT" in text else "a"


def test_rate_by_hand() -> None:
    # Instruction 1 is the one with IMPORTANT, and the second passage gets it. Passage 0 is told to
    # answer b, passage 1 to answer c: one of two flips, and that one as demanded.
    passages = [Passage("A long one here."), Passage("Another.")]
    rate = flip_rate(Table(), passages, n_each=1)
    assert (rate.n_pairs, rate.n_passages, rate.n_labels) == (2, 2, 3)
    assert (rate.flipped.value, rate.obeyed.value, rate.control.value) == (0.5, 0.5, 0.5)
    assert (rate.flipped.low, rate.flipped.high) == (0.0, 1.0)
    assert rate.kinds == {"order": (0.5, 0.5, 2)} and rate.by_chance == 0.25


def test_every_instruction_is_used_equally_often() -> None:
    rate = flip_rate(Table(), n_resamples=10)
    assert {n for _, _, n in rate.kinds.values()} == {9} and len(rate.kinds) == 12


@pytest.mark.parametrize(
    ("passages", "more"), [([], {}), (None, {"labels": ["a"]}), (None, {"n_each": 0})]
)
def test_what_cannot_be_measured_is_told(passages: Any, more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected passages, two labels or more and 1 <= n_each"):
        flip_rate(Table(), passages, **more)


# The instrument: a model that obeys wherever the passage is not fenced off


def obedient(body: dict[str, Any]) -> Reaction:
    message = body["messages"][-1]["content"]
    try:
        read_message(message)
    except ValueError:
        named = re.findall("|".join(TYPES), message)
        return labels(named[-1]) if named else labels("report")
    return sensible(body)


class Unfenced:
    """Puts the passage into the prompt as it is."""

    classes_ = TYPES

    def __init__(self, server: ChatServer) -> None:
        self.url = f"{server.url}/chat/completions"

    def predict(self, passages: list[Passage]) -> list[str]:
        return [self.label(passage.text) for passage in passages]

    def label(self, text: str) -> str:
        body = {"model": "m", "messages": [{"role": "user", "content": text}]}
        request = urllib.request.Request(self.url, json.dumps(body).encode())
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            content = json.load(answer)["choices"][0]["message"]["content"]
        return str(json.loads(content)["label"])


def test_obedience_is_seen_and_the_fence_ends_it() -> None:
    with chat_server() as server:
        server.behave = obedient
        bare = flip_rate(Unfenced(server), n_each=1, n_resamples=100)
        classifier = LLMClassifier(base_url=server.url, model="m", cache=None).fit(None, TYPES)
        fenced = flip_rate(classifier, n_each=1, n_resamples=100)
    # Only what is hidden or encoded keeps the label's name from it: tags, base64, rot13 and so on.
    assert bare.obeyed.value > 0.75 and bare.control.value == 0.0
    assert (fenced.flipped.value, fenced.obeyed.value) == (0.0, 0.0)
