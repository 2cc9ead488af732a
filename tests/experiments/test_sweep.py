from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stance.experiments.config import Config, load_config
from stance.experiments.configs import registry
from stance.experiments.configs.source import ConfigError, Source
from stance.experiments.configs.sweep import spelled_out

from .conftest import CONFIG

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _fakes(corpus: object, classifiers: None) -> None:
    """The corpus and the kinds that only tests have."""


def swept(write: Write, sweep: str) -> Config:
    return load_config(write(f"{CONFIG}sweep:\n{sweep}"))


def names(config: Config) -> list[str]:
    return [model.name for model in config.models[3:]]


def mistakes(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    return [line.removeprefix(f"{path}") for line in caught.value.mistakes]


def test_grid_makes_a_variant_of_every_combination(write: Write) -> None:
    config = swept(
        write,
        "  models.words.classifier.smoothing: [0.01, 0.1]\n  corpus.hide: [[], [voice, target]]\n",
    )
    assert names(config) == [
        "words smoothing=0.01 hide=nothing",
        "words smoothing=0.01 hide=voice+target",
        "words smoothing=0.1 hide=nothing",
        "words smoothing=0.1 hide=voice+target",
    ]
    last = config.models[-1]
    assert last.role == "variant"
    assert last.classifier.parameters == {"smoothing": 0.1}
    assert last.corpus is not None
    assert last.corpus.hide == ("voice", "target")
    assert last.corpus.name == "harbour"
    assert config.models[0].classifier.parameters == {}


def test_grid_over_two_models_is_no_product(write: Write) -> None:
    config = swept(write, "  words.classifier.smoothing: [2, 3]\n  random_state: [8, 9]\n")
    assert names(config) == [
        "words smoothing=2",
        "words smoothing=3",
        "coin random_state=8",
        "coin random_state=9",
    ]


def test_alternative_that_changes_nothing_is_left_out(write: Write) -> None:
    text = CONFIG.replace("{kind: words}", "{kind: words, smoothing: 2}")
    path = write(f"{text}sweep: {{models.words.classifier.smoothing: [1, 2]}}\n")
    assert names(load_config(path)) == ["words smoothing=1"]


def test_named_variants_hold_any_number_of_changes(write: Write) -> None:
    config = swept(
        write,
        "  variants:\n"
        "    rough: {models.words.classifier.smoothing: 9, split.test: validation}\n"
        "    folds: {split: {kind: group_kfold, n_splits: 3}}\n"
        "    coin: {models.words.classifier: {kind: coin, random_state: 4}}\n",
    )
    assert names(config) == ["words rough", "words folds", "words coin"]
    rough, folds, coin = config.models[3:]
    assert rough.split is not None
    assert folds.split is not None
    assert rough.split.model_dump()["test"] == "validation"
    assert folds.split.kind == "group_kfold"
    assert coin.classifier.model_dump() == {"kind": "coin", "random_state": 4}


def test_ablation_leaves_every_item_out_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    path = "stance.classifiers.paragraph_type:ParagraphTypeClassifier"
    monkeypatch.setattr(registry, "KINDS", {"paragraph_type": path})
    model = {"name": "type", "classifier": {"kind": "paragraph_type"}}
    keys = ["classifier.groups", "classifier.ngrams"]
    value = {"models": [model], "sweep": {"ablate": keys}}
    made = spelled_out(Source("x.yaml", value, {})).value
    assert "sweep" not in made
    found = {m["name"]: m["classifier"] for m in made["models"][1:]}
    assert [name.removeprefix("type without ") for name in found] == [
        "layout", "speech", "lexicon", "ngrams"
    ]  # fmt: skip
    assert found["type without speech"]["groups"] == ["layout", "lexicon"]
    assert found["type without ngrams"] == {"kind": "paragraph_type", "ngrams": False}


@pytest.mark.parametrize(
    ("sweep", "told"),
    [
        ("  words.classifier.smothing: [1]", "words.classifier.smothing leads nowhere: the config"),
        ("  kind: [words]", "sweep.kind leads nowhere: kind may mean models.words.classifier.kind"),
        ("  words.classifier.smoothing: 3", "smoothing = 3, must be a list of alternatives"),
        ("  seeds: [[1], [2]]", "sweep.seeds must be a key of a model, of corpus or of split"),
        ("  smoothing: [x, 1, much]", "sweep.smoothing[2] = 'much', must be a number"),
        ("  corpus.tsk: [type]", "sweep.corpus.tsk[0] = 'type', must be one of the keys"),
        ("  split.test: [test, tset]", "sweep.split.test[1] = 'tset', must be one of"),
        ("  variants: [a]", "sweep.variants = ['a'], must be names, each with its changes"),
        ("  variants: {a: 3}", "sweep.variants.a = 3, must be a section of keys and values"),
        ("  ablate: [smoothing]", "sweep.ablate[0] is 1.0 in the model, must be a list or true"),
        ("  ablate: 3", "sweep.ablate = 3, must be a list of keys"),
        (f"  smoothing: {list(range(300))}", "names 300 variants, must be 200 at most"),
    ],
)  # fmt: skip
def test_mistake_of_a_sweep_is_told_where_it_stands(write: Write, sweep: str, told: str) -> None:
    found = mistakes(write(f"{CONFIG}sweep:\n{sweep}\n"))
    assert any(told in line and line.startswith((":14: ", ":15: ")) for line in found), found


def test_sweep_that_is_no_section_is_told(write: Write) -> None:
    told = ":14: sweep = 3, must be a section of keys and values"
    assert mistakes(write(CONFIG + "sweep: 3\n")) == [told]


def test_mistake_of_the_model_is_told_once_not_for_every_variant(write: Write) -> None:
    text = CONFIG.replace("{kind: words}", "{kind: words, smothing: 2}")
    found = mistakes(write(f"{text}sweep: {{words.classifier.smoothing: [1, 2, 3]}}\n"))
    assert len(found) == 1
    assert found[0].startswith(":5: models[0].classifier.smothing = 2, must be one of the keys")


def test_resolved_config_has_the_variants_and_no_sweep(write: Write, tmp_path: Path) -> None:
    config = swept(write, "  smoothing: [2, 3]\n")
    alone = tmp_path / "alone.yaml"
    alone.write_text(config.to_yaml(), encoding="utf-8")
    assert "sweep" not in config.to_yaml()
    assert load_config(alone) == config


def test_controls_are_models_of_the_headline(write: Write) -> None:
    config = load_config(write(CONFIG + "controls: [text-removed, target-removed]\n"))
    assert [(m.name, m.role, m.control) for m in config.models[3:]] == [
        ("words text-removed", "control", "text-removed"),
        ("words target-removed", "control", "target-removed"),
    ]
    assert config.models[3].classifier == config.models[0].classifier


def test_mistake_of_a_control_is_told_where_it_stands(write: Write) -> None:
    found = mistakes(write(CONFIG + "controls: [text-removed, target-remved]\n"))
    assert any(
        line.startswith(":14: controls[1] = 'target-remved', must be one of 'target-removed', ")
        and line.endswith("did you mean 'target-removed'?")
        for line in found
    )
    assert mistakes(write(CONFIG + "controls: text-removed\n")) == [
        ":14: controls = 'text-removed', must be a list"
    ]


def test_overrides_are_found_by_the_end_of_their_key(write: Write) -> None:
    config = load_config(write(), overrides=["smoothing=3", "n_resamples=300", "hide=[]"])
    assert config.models[0].classifier.parameters == {"smoothing": 3}
    assert config.bootstrap.n_resamples == 300
    assert config.corpus.hide == ()


def test_override_that_may_mean_several_places_names_them(write: Write) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write(), overrides=["classifier.kind=coin", "words.classifier.smothing=1"])
    assert caught.value.mistakes[0] == (
        "override 'classifier.kind=coin': classifier.kind may mean models.words.classifier.kind or "
        "models.majority.classifier.kind or models.coin.classifier.kind: write one of them"
    )
    assert caught.value.mistakes[1].endswith("did you mean 'models.words.classifier.smoothing'?")


def test_sections_that_are_not_there_are_made_by_an_override(write: Write) -> None:
    config = load_config(
        write(), overrides=["split.kind=group_kfold", "split.n_splits=3", "variant=full"]
    )
    assert config.split.kind == "group_kfold"
    assert config.corpus.variant == "full"
