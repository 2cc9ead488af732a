"""The models that ship: what a user relies on, whatever they were trained on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from stance import models
from stance.article import Span
from stance.labels import ParagraphType
from stance.models.tiers import tier
from stance.passage import Passage, chained

OWN_SETTINGS = {
    "paragraph-type": ["groups", "ngrams"],
    "quotations": ["threshold"],
    "stance": ["groups", "views"],
}
PLAIN_MODELS = [name for name in models.names() if not models.is_encoder_model(name)]
TYPES = [name for name in models.names() if models.summary(name)["task"] == "paragraph-type"]

# Plain cases of the codebook, one of each; any model worth shipping tells them apart.
PLAIN = {
    "The port shut at noon on Monday after a crane fell on two barges, police said.": "report",
    "“We lost two barges and nobody told us why the crane was in use,” said Ida Lund.": "quote",
    "This article was translated from the Danish edition and edited for length.": "disclaimer",
    "The vote may well prove a serious mistake, because a weak council rarely gets a second chance "
    "and its rivals will be quick to exploit the failure.": "analysis",
}


def test_names_and_default() -> None:
    assert models.DEFAULT in models.names()
    assert models.folder(models.DEFAULT).is_dir()


@pytest.mark.parametrize("name", TYPES)
def test_every_model_loads_and_knows_the_codebook(name: str) -> None:
    model = models.load(name)
    assert set(model.classes) == set(ParagraphType)
    assert models.load(name) is model  # once per process


@pytest.mark.parametrize("name", TYPES)
def test_every_model_tells_plain_cases_apart(name: str) -> None:
    model = models.load(name)
    passages = list(chained(list(PLAIN), group="plain"))
    proba = model.predict_proba(passages)
    assert proba.sum(axis=1) == pytest.approx(np.ones(len(PLAIN)))
    found = [model.classes[i] for i in proba.argmax(axis=1)]
    right = [a == b for a, b in zip(found, PLAIN.values(), strict=True)]
    assert sum(right) >= 3, dict(zip(PLAIN, found, strict=True))


@pytest.mark.parametrize("name", PLAIN_MODELS)
def test_every_model_has_a_card_and_a_summary(name: str) -> None:
    card, summary = models.model_card(name), models.summary(name)
    assert card.startswith(f"# {name}\n")
    for heading in ("## How well", "## What to know before using it", "## Licence"):
        assert heading in card
    assert summary["name"] == name and summary["classes"] == list(models.load(name).classes)
    assert summary["bytes"] == (models.folder(name) / "model.safetensors").stat().st_size
    assert summary["trained_on"]


@pytest.mark.parametrize("name", PLAIN_MODELS)
def test_models_hold_no_text(name: str) -> None:
    """Hashes of words and numbers, and a vocabulary of nothing."""
    home = models.folder(name)
    known = json.loads((home / "model.json").read_text(encoding="utf-8"))
    own = OWN_SETTINGS[known["kind"]]
    assert sorted(known) == sorted(["kind", "format_version", "classes", *own, "sha256", "about"])
    assert {array.dtype.kind for array in models.load(name).arrays().values()} <= set("fiu")
    assert summary_size(home) < 5_000_000


def summary_size(home: Path) -> int:
    return sum(path.stat().st_size for path in home.iterdir())


QUOTED = {
    "“We lost two barges and nobody told us why,” said Ida Lund, the harbour master.": (
        "“We lost two barges and nobody told us why,”",
        "said",
        "Ida Lund, the harbour master",
    ),
    "The minister warned that the dam would not hold.": (
        "that the dam would not hold",
        "warned",
        "The minister",
    ),
    "According to the police, a crane fell on the quay.": (
        "a crane fell on the quay",
        "According to",
        "the police",
    ),
}


@pytest.mark.parametrize("text", QUOTED)
def test_plain_attributions_are_found(text: str) -> None:
    ((found,),) = models.load("quotations").find([text])
    roles = (found.content, found.cue, found.source)
    assert tuple(" … ".join(text[a:b] for a, b in role) for role in roles) == QUOTED[text]
    assert found.probability > 0.5


def test_the_finder_of_quotations_is_loaded_once() -> None:
    assert models.load("quotations") is models.load("quotations")
    assert models.load("quotations").find(["The tide turned at noon."]) == [()]


def test_neighbours_matter() -> None:
    model = models.load()
    text = "Nothing was left of it in the morning."
    alone = model.predict_proba([Passage(text)])
    after = model.predict_proba([Passage(text, previous="“We ran at once. The water was high.")])
    assert not np.allclose(alone, after)


def test_unknown_model_is_told_with_the_closest() -> None:
    message = r"unknown model 'paragraf-type', expected of \['.*\]; did you mean 'paragraph-type'\?"
    with pytest.raises(ValueError, match=message):
        models.load("paragraf-type")
    for name in ("../models/paragraph-type", "", "/etc"):
        with pytest.raises(ValueError, match=f"unknown model '{name}', expected of"):
            models.model_card(name)


needs_accurate = pytest.mark.skipif(
    "accurate" not in models.names(), reason="no accurate model ships with this version"
)


@needs_accurate
def test_the_accurate_model_has_a_card_and_a_summary() -> None:
    card, summary = models.model_card("accurate"), models.summary("accurate")
    assert card.startswith("# accurate\n")
    for heading in ("## How well", "## What to know before using it", "## Licence"):
        assert heading in card
    assert summary["task"] == "encoder" and set(summary["classes"]) == set(ParagraphType)
    assert {"type", "stance", "quote"} <= set(summary["tasks"])
    assert (models.folder("accurate") / "encoder.onnx").stat().st_size <= 25_000_000
    assert summary["bytes"] <= 28_000_000 and summary["licence"] and summary["trained_on"]


@needs_accurate
@pytest.mark.parametrize("question", ["types", "sides"])
def test_the_accurate_tier_hears_the_fast_one_too(question: str) -> None:
    asked = [
        Passage("Lund was praised as brave and honest.", target="Lund", mentions=(Span(0, 4),)),
        Passage("Lund was blamed for a reckless lie.", target="Lund", mentions=(Span(0, 4),)),
    ]
    both, one, other = (
        getattr(model, question).predict_proba(asked)
        for model in (tier("accurate"), models.load("accurate"), tier("fast"))
    )
    told = one ** (2 / 3) * other ** (1 / 3)
    assert both == pytest.approx(told / told.sum(axis=1, keepdims=True), rel=1e-3)
    assert not np.allclose(both, one, atol=1e-3)


@needs_accurate
def test_names_of_tiers_tell_all_that_is_heard(tmp_path: Path) -> None:
    fast, accurate = tier("fast"), tier("accurate")
    assert accurate.type_name.startswith("encoder (")
    assert accurate.type_name.endswith(f" + {fast.type_name}")
    assert accurate.stance_name.endswith(f" + {fast.stance_name}")
    shutil.copytree(models.folder("accurate"), tmp_path / "mine")
    alone = tier(tmp_path / "mine")
    assert alone.type_name == alone.stance_name == accurate.type_name.split(" + ")[0]


@needs_accurate
def test_the_accurate_model_tells_plain_cases_apart() -> None:
    model = models.load("accurate")
    assert models.load("accurate") is model
    proba = model.types.predict_proba(list(chained(list(PLAIN), group="plain")))
    found = [model.types.classes[i] for i in proba.argmax(axis=1)]
    right = [a == b for a, b in zip(found, PLAIN.values(), strict=True)]
    assert sum(right) >= 3, dict(zip(PLAIN, found, strict=True))


@needs_accurate
@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("The mayor praised Ida Lund for her courage and her fine work.", "favor"),
        ("The mayor attacked Ida Lund as a liar who ruined the town.", "against"),
    ],
)
def test_the_accurate_model_tells_plain_sides_apart(text: str, side: str) -> None:
    sides = models.load("accurate").sides
    proba = sides.predict_proba([Passage(text, target="Ida Lund")])
    assert sides.classes[int(proba.argmax())] == side
