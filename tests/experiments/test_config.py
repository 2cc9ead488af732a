from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.experiments.config import (
    Config,
    ConfigFile,
    known_sections,
    load_config,
    project_root,
    report_name,
)
from stance.experiments.configs.overrides import with_overrides
from stance.experiments.configs.source import ConfigError, read_source

from .conftest import CONFIG

Write = Callable[..., Path]

PLANTED = """\
quesion: Is it?
question: ""
corpus: {name: harbor, tsk: type}
split:
  kind: ofical
metric: macrof1
seeds: [1, 1, x]
models:
  - name: a/b
    role: modl
    classifier: {kind: word}
  - name: twice
    classifier:
      kind: words
      smoothing: much
      smothing: 2
  - name: twice
    role: baseline
    clasifier: {}
baseline: twicee
bootstrap: {n_resamples: 10}
bootstrap: {}
"""


def mistakes(path: Path, *overrides: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(path, overrides=overrides)
    return [line.removeprefix(f"{path}") for line in caught.value.mistakes]


@pytest.fixture(autouse=True)
def _fakes(corpus: object, classifiers: None) -> None:
    """Every config here asks for the corpus and the kinds that only tests have."""


def test_a_config_is_what_its_file_says(write: Write) -> None:
    config = load_config(write())
    assert config.name == "type/x"
    assert [model.name for model in config.models] == ["words", "majority", "coin"]
    assert [model.role for model in config.models] == ["model", "baseline", "control"]
    assert config.split.kind == "official"
    assert config.bootstrap.n_resamples == 200
    assert config.seeds == (0,)


def test_every_mistake_is_told_at_once_with_its_line(write: Write) -> None:
    keys = ", ".join(ConfigFile.model_fields)
    assert mistakes(write(PLANTED)) == [
        f":1: quesion = 'Is it?', must be one of the keys {keys}; did you mean 'question'?",
        ":2: question = '', must be not empty",
        ":3: corpus.name = 'harbor', must be a file or one of 'harbour'; did you mean 'harbour'?",
        ":3: corpus.tsk = 'type', must be one of the keys name, task, variant, columns, relabel, "
        "hide; did you mean 'task'?",
        ":5: split.kind = 'ofical', must be one of 'official', 'group_kfold', "
        "'leave_one_group_out', 'transfer'; did you mean 'official'?",
        ":6: metric = 'macrof1', must be one of 'macro_f1', 'accuracy', 'f_avg', "
        "'weighted_score'; did you mean 'macro_f1'?",
        ":7: seeds = [1, 1, 'x'], must be different from each other",
        ":7: seeds[2] = 'x', must be a whole number",
        ":9: models[0].name = 'a/b', must be letters, digits, '-', '_' and '+', beginning with a "
        "letter or digit",
        ":10: models[0].role = 'modl', must be one of 'model', 'baseline', 'control', 'variant'; "
        "did you mean 'model'?",
        ":11: models[0].classifier.kind = 'word', must be one of 'most', 'words', 'coin', "
        "'broken', 'stopped', 'odd', 'short'; did you mean 'words'?",
        ":15: models[1].classifier.smoothing = 'much', must be a number",
        ":16: models[1].classifier.smothing = 2, must be one of the keys kind, smoothing; did you "
        "mean 'smoothing'?",
        ":17: models[2].name = 'twice', must be different from the other names",
        ":17: models[2].classifier is missing, must be given",
        ":19: models[2].clasifier = {}, must be one of the keys name, role, classifier, "
        "control, corpus, split; did you mean 'classifier'?",
        ":20: baseline = 'twicee', must be one of the models 'a/b', 'twice'; did you mean 'twice'?",
        ":21: bootstrap.n_resamples = 10, must be >= 100",
        ":22: bootstrap is given twice, must be given once (first on line 21)",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("models:", "modles:", "models is missing, must be given"),
        ("task: type", "task: typ", "corpus.task = 'typ', must be one of 'type'; did you mean 'ty"),
        ("baseline: majority\n", "", "baseline is missing, must be given"),
        ("{n_resamples: 200}", "3", ":13: bootstrap = 3, must be a section of keys and values"),
        ("{n_resamples: 200}", "{seed: -1}", ":13: bootstrap.seed = -1, must be >= 0"),
        ("kind: most", "knd: most", ":8: models[1].classifier.kind is missing, must be given"),
        ("baseline: majority\n", "baseline: majority\nseeds: []\n", "must be a list of 1 or more"),
        ("name: coin", "name: 3", ":9: models[2].name = 3, must be text"),
        ("{kind: coin}", "coin", ":11: models[2].classifier = 'coin', must be a section of keys"),
        ("question: Are", "name: ../up\nquestion: Are", ":1: name = '../up', must be letters"),
    ],
)
def test_mistakes_one_by_one(write: Write, old: str, new: str, told: str) -> None:
    assert any(told in line for line in mistakes(write(CONFIG.replace(old, new))))


@pytest.mark.parametrize(
    ("split", "told"),
    [
        ("{kind: official, test: tset}", "split.test = 'tset', must be one of 'train', 'valida"),
        ("{kind: official, train: [dev]}", "split.train[0] = 'dev', must be one of"),
        ("{kind: group_kfold, n_splits: 1}", "split.n_splits = 1, must be >= 2"),
        ("{kind: group_kfold, test: a}", "must be one of the keys kind, n_splits, pool, seed"),
        ("{n_splits: 3}", "split.kind is missing, must be one of 'official', 'group_kfold'"),
        ("official", "split = 'official', must be a section of keys and values"),
    ],
)
def test_mistakes_of_a_split(write: Write, split: str, told: str) -> None:
    assert any(told in line for line in mistakes(write(f"{CONFIG}split: {split}\n")))


def test_headline_model_has_the_role_of_a_model(write: Write) -> None:
    text = CONFIG.replace("  - name: words\n", "  - name: words\n    role: control\n")
    assert mistakes(write(text)) == [
        ":5: models[0].role = 'control', must be 'model': the first one is the headline's"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1: expected keys and values"),
        ("- a\n- b\n", ":1: expected keys and values"),
        ("question: [\n", ":2: cannot be read as YAML"),
        ("question: a\n\tb: c\n", ":2: cannot be read as YAML"),
        ("question: !!python/object/apply:os.system [ls]\n", "question = "),
        ("question: !!python/name:os.system x\n", "cannot be read as YAML: could not determine"),
        ("question: &a [*a]\n", "an alias that never ends"),
        ("question: 2024-99-99\n", ":1: cannot be read as YAML"),
        ("question: \x00\n", "cannot be read as YAML"),
    ],
)
def test_what_is_no_config_is_told_with_its_line(write: Write, text: str, told: str) -> None:
    assert told in "\n".join(mistakes(write(text)))


def test_aliases_cannot_make_a_page_into_billions_of_values(write: Write) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    assert "too many values" in "\n".join(mistakes(write("\n".join(rows))))


@pytest.mark.parametrize("text", ["[" * 5000, "[" * 5000 + "]" * 5000, "{a: " * 5000])
def test_values_in_values_without_end_are_told(write: Write, text: str) -> None:
    assert "too deep in each other" in "\n".join(mistakes(write(f"question: {text}")))


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read: No such file"):
        load_config(tmp_path / "none.yaml")


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8")))
def test_any_file_is_read_or_refused_with_a_config_error(content: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        path.write_bytes(content)
        try:
            read_source(path)
        except ConfigError as error:
            assert re.match(rf"{re.escape(str(path))}:\d+: ", error.mistakes[0])


PLACES = [
    "name", "question", "corpus", "corpus.name", "corpus.task", "corpus.variant", "corpus.hide",
    "split", "split.kind", "split.train", "split.pool", "metric", "models", "models[0]",
    "models[0].name", "models[0].role", "models[0].classifier", "models[0].classifier.kind",
    "models[0].classifier.smoothing", "baseline", "seeds", "bootstrap", "bootstrap.seed",
    "sweep", "sweep.variants", "sweep.ablate", "controls", "extends", "models[0].corpus",
]  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=5), SCALARS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(place=st.sampled_from(PLACES), value=VALUES)
def test_any_value_anywhere_is_taken_or_told(write: Write, place: str, value: object) -> None:
    path = write(CONFIG + "split: {kind: official}\nsweep: {split.test: [validation]}\n")
    source = with_overrides(
        read_source(path), [f"{place}={json.dumps(value)}"], sections=known_sections()
    )
    path.write_text(yaml.safe_dump(source.value), encoding="utf-8")
    try:
        load_config(path)
    except ConfigError as error:
        assert all(re.match(r".*x\.yaml:\d+: ", line) for line in error.mistakes)


def test_overrides_replace_and_add_values(write: Write) -> None:
    config = load_config(
        write(),
        overrides=[
            "models.words.classifier.smoothing=0.5",
            "models[1].role=control",
            "seeds=[7, 8]",
            "bootstrap.seed=4",
            "metric=accuracy",
        ],
    )
    assert config.models[0].classifier.parameters == {"smoothing": 0.5}
    assert config.models[1].role == "control"
    assert config.seeds == (7, 8)
    assert (config.bootstrap.n_resamples, config.bootstrap.seed) == (200, 4)
    assert config.metric == "accuracy"


def test_mistake_of_an_override_is_told_as_one(write: Write) -> None:
    assert mistakes(write(), "seeds=[x]", "models.coin.role=modle") == [
        ", override: models[2].role = 'modle', must be one of 'model', 'baseline', 'control', "
        "'variant'; did you mean 'model'?",
        ", override: seeds[0] = 'x', must be a whole number",
    ]


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("seeds", "override 'seeds': must have the form key=value"),
        ("=3", "override '=3': must have the form key=value"),
        ("models.nobody.role=model", "models has no 'nobody', must be one of [0, 1, 2]"),
        ("models[9].role=model", "models has no 9, must be one of [0, 1, 2]"),
        ("boot.seed=1", "the config has no 'boot', must be one of ['question', 'corpus'"),
        ("seeds=[", "override 'seeds=[': cannot be read as YAML"),
        ("question.deep=1", "question has no 'deep', must be one of []"),
    ],
)
def test_override_that_leads_nowhere_is_told(write: Write, override: str, told: str) -> None:
    assert told in mistakes(write(), override)[0]


def test_override_leaves_the_source_as_it_was(write: Write) -> None:
    source = read_source(write())
    with_overrides(source, ["bootstrap.seed=4"])
    assert source.value["bootstrap"] == {"n_resamples": 200}


def test_resolved_config_reads_back(write: Write, tmp_path: Path) -> None:
    config = load_config(write())
    again = tmp_path / "again.yaml"
    again.write_text(config.to_yaml(), encoding="utf-8")
    assert load_config(again) == config
    assert isinstance(load_config(again), Config)


def test_name_and_root_come_from_the_path() -> None:
    path = Path("/home/me/study/experiments/type/deep/x.yaml")
    assert report_name(path) == "type/deep/x"
    assert project_root(path) == Path("/home/me/study")
    assert project_root(Path("/home/me/study/reports/type/x/config.yaml")) == Path("/home/me/study")
    assert report_name(Path("/home/me/mine.yaml")) == "mine"
    assert project_root(Path("/home/me/mine.yaml")) == Path("/home/me")
