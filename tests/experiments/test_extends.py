from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from stance.experiments.config import load_config
from stance.experiments.configs.extends import read_extended
from stance.experiments.configs.source import ConfigError

from .conftest import CONFIG

Put = Callable[..., Path]


@pytest.fixture
def put(project: Path) -> Put:
    """Writes files below ``experiments/``; gives the path of the first."""

    def written(**files: str) -> Path:
        paths = [project / "experiments" / f"{name}.yaml" for name in files]
        for path, text in zip(paths, files.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return paths[0]

    return written


def mistakes(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    return [line.replace(f"{path.parent}/", "") for line in caught.value.mistakes]


@pytest.fixture(autouse=True)
def _fakes(corpus: object, classifiers: None) -> None:
    """The corpus and the kinds that only tests have."""


def test_maps_are_merged_and_lists_replaced(put: Put) -> None:
    path = put(
        x="extends: base.yaml\nquestion: And now?\nbootstrap: {seed: 3}\nseeds: [7]\n",
        base=CONFIG + "seeds: [0, 1]\n",
    )
    config = load_config(path)
    assert config.question == "And now?"
    assert (config.bootstrap.n_resamples, config.bootstrap.seed) == (200, 3)
    assert config.seeds == (7,)
    assert [model.name for model in config.models] == ["words", "majority", "coin"]


def test_section_of_another_kind_takes_no_keys_over(put: Put) -> None:
    path = put(
        x="extends: base.yaml\nsplit: {kind: group_kfold, n_splits: 3}\n",
        base=CONFIG + "split: {kind: official, test: validation}\n",
    )
    assert load_config(path).split.model_dump() == {
        "kind": "group_kfold",
        "n_splits": 3,
        "pool": (),
        "seed": 0,
    }


def test_later_bases_lie_over_earlier_ones(put: Put) -> None:
    path = put(
        x="extends: [base.yaml, deep/more.yaml]\n",
        base=CONFIG,
        **{"deep/more": "extends: ../other.yaml\nseeds: [5]\n"},
        other="metric: accuracy\nseeds: [9]\nbootstrap: {seed: 8}\n",
    )
    config = load_config(path)
    assert (config.metric, config.seeds, config.bootstrap.seed) == ("accuracy", (5,), 8)
    assert config.bootstrap.n_resamples == 200


def test_shared_base_is_no_cycle(put: Put) -> None:
    path = put(
        x="extends: [left.yaml, right.yaml]\n",
        left="extends: base.yaml\nmetric: accuracy\n",
        right="extends: base.yaml\nseeds: [4]\n",
        base=CONFIG,
    )
    config = load_config(path)
    assert config.seeds == (4,)


def test_what_an_earlier_base_changed_is_changed_back_by_a_later_one(put: Put) -> None:
    path = put(
        x="extends: [left.yaml, right.yaml]\n",
        left="extends: base.yaml\nmetric: accuracy\n",
        right="extends: base.yaml\n",
        base=CONFIG + "metric: macro_f1\n",
    )
    assert load_config(path).metric == "macro_f1"


def test_shared_bases_in_many_layers_are_read_once_each(put: Put) -> None:
    files = {f"b{i}": f"extends: [b{i + 1}.yaml, b{i + 1}.yaml]\n" for i in range(40)}
    assert load_config(put(**files, b40=CONFIG)).name == "b0"  # else 2 ** 40 files


def test_cycle_is_told_with_its_chain(put: Put) -> None:
    path = put(x="extends: a.yaml\n", a="question: a\nextends: [b.yaml]\n", b="extends: x.yaml\n")
    assert mistakes(path) == [
        "b.yaml:1: extends = 'x.yaml', must be no file that leads back: x.yaml → a.yaml → b.yaml → "
        "x.yaml"
    ]


def test_cycle_that_leaves_the_first_file_out_is_told_without_it(put: Put) -> None:
    path = put(x="extends: a.yaml\n", a="extends: a.yaml\n")
    assert mistakes(path) == [
        "a.yaml:1: extends = 'a.yaml', must be no file that leads back: a.yaml → a.yaml"
    ]


@pytest.mark.parametrize(
    ("extends", "told"),
    [
        ("bas.yaml", r"x\.yaml:1: extends = 'bas\.yaml', must be a file, there is no .*bas\.yaml; "
                     r"did you mean 'base\.yaml'\?"),
        ("[base.yaml, up/none.yaml]", r"x\.yaml:1: extends\[1\] = 'up/none\.yaml', must be a file"),
        ("3", r"x\.yaml:1: extends = 3, must be a file or a list of files"),
        ("[3]", r"x\.yaml:1: extends = \[3\], must be a file or a list of files"),
        ("broken.yaml", r"broken\.yaml:2: cannot be read as YAML"),
    ],
)  # fmt: skip
def test_base_that_cannot_be_taken_is_told(put: Put, extends: str, told: str) -> None:
    path = put(x=f"extends: {extends}\n", base=CONFIG, broken="a: [\n")
    assert re.search(told, "\n".join(mistakes(path)))


def test_mistakes_are_told_in_the_file_in_which_they_stand(put: Put) -> None:
    base = CONFIG.replace("kind: coin", "kind: con") + "seed: 3\nsplit:\n  kind: official\n"
    path = put(
        x="extends: base.yaml\nquestion: ''\nbootstrap:\n  seed: -1\nsplit: {tst: test}\n",
        base=base,
    )
    assert [line[:58] for line in mistakes(path)] == [
        "x.yaml:2: question = '', must be not empty",
        "x.yaml:4: bootstrap.seed = -1, must be >= 0",
        "x.yaml:5: split.tst = 'test', must be one of the keys kind",
        "base.yaml:11: models[2].classifier.kind = 'con', must be o",
        "base.yaml:14: seed = 3, must be one of the keys name, ques",
    ]


def test_keys_given_twice_in_a_base_are_told_once(put: Put) -> None:
    path = put(
        x="extends: [left.yaml, right.yaml]\n",
        left="extends: base.yaml\n",
        right="extends: base.yaml\n",
        base=CONFIG + "seeds: [1]\nseeds: [2]\n",
    )
    assert mistakes(path) == [
        "base.yaml:15: seeds is given twice, must be given once (first on line 14)"
    ]


def test_where_a_config_writes_is_its_own(put: Put) -> None:
    path = put(x="extends: base.yaml\n", base=CONFIG + "name: base\nsave_model: models/x\n")
    config = load_config(path)
    assert config.name == "x"
    assert config.save_model is None


def test_resolved_config_stands_by_itself(put: Put, tmp_path: Path) -> None:
    config = load_config(put(x="extends: base.yaml\nseeds: [7]\n", base=CONFIG))
    alone = tmp_path / "alone.yaml"
    alone.write_text(config.to_yaml(), encoding="utf-8")
    assert "extends" not in yaml.safe_load(config.to_yaml())
    assert load_config(alone) == config


def test_value_of_a_base_keeps_its_line(put: Put) -> None:
    source = read_extended(put(x="extends: base.yaml\nseeds: [7]\n", base=CONFIG))
    assert source.place(("seeds", 0)).endswith("x.yaml:2")
    assert source.place(("models", 1, "role")).endswith("base.yaml:7")
