"""What a run would do, all configs of a folder, and the table of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.experiments.config import ConfigFile
from stance.experiments.configs.registry import KINDS
from stance.experiments.configs.schema import config_schema
from stance.experiments.reports.overview import overview, write_overview
from stance.experiments.run import run_config
from stance.experiments.runs.forecast import Forecast
from stance.experiments.runs.plan import config_files, plan_config
from stance.experiments.runs.schedule import planned, run_all

from .conftest import CONFIG, Corpus, Words

Write = Callable[..., Path]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def fakes(corpus: Corpus, classifiers: None, plain_report: None) -> None:
    """The corpus, the kinds and the pages that only tests have."""


@pytest.mark.usefixtures("fakes")
class TestPlans:
    """Of one config, and of all below a folder."""

    def test_plan_trains_nothing_and_says_what_a_run_would(
        self, write: Write, project: Path
    ) -> None:
        path = write(CONFIG + "seeds: [0, 1]\n")
        plan = plan_config(path)
        assert Words.fitted == []
        assert not (project / "reports").exists()
        assert not (project / ".cache").exists()
        assert (plan.n_models, plan.n_kept, plan.is_up_to_date) == (4, 0, False)
        assert (plan.n_learned, plan.n_tested) == (120, 128)
        run_config(path)
        assert plan_config(path).is_up_to_date
        plan = plan_config(path, overrides=["smoothing=3"])
        assert (plan.n_models, plan.n_kept) == (4, 3)

    def test_time_is_told_from_what_kinds_took_here(self, write: Write, project: Path) -> None:
        path = write()
        run_config(path)
        cache = project / ".cache" / "seconds.json"
        assert set(Forecast(cache)._rates()) == {"words", "most", "coin"}
        environment = project / "reports" / "type" / "x" / "environment.json"
        environment.unlink()
        cache.write_text('{"words": 1000.0}', encoding="utf-8")
        plan = plan_config(path, overrides=["smoothing=3"])
        assert plan.seconds == pytest.approx(120 + 5)  # 120 passages; 5 s for the report
        cache.write_text("{[", encoding="utf-8")
        assert plan_config(path, overrides=["smoothing=3"]).seconds == pytest.approx(5.24)

    def test_plan_of_a_wrong_config_is_its_mistakes(self, write: Write) -> None:
        with pytest.raises(ValueError, match=r"x\.yaml:13: bootstrap = 3, must be a section"):
            plan_config(write(CONFIG.replace("{n_resamples: 200}", "3")))

    def test_bases_are_no_configs_of_their_own(self, write: Write, project: Path) -> None:
        write(f"extends: [../base.yaml, shared.yaml]\n{CONFIG}")
        folder = project / "experiments"
        (folder / "base.yaml").write_text("seeds: [1]\n", encoding="utf-8")
        (folder / "type" / "shared.yaml").write_text("question: Mine?\n", encoding="utf-8")
        (folder / "lost.yaml").write_text("seeds: [1]\n", encoding="utf-8")
        (folder / "fast.yaml").write_text("kind: speed\n", encoding="utf-8")
        names = [path.relative_to(folder).as_posix() for path in config_files(folder)]
        assert names == ["lost.yaml", "type/shared.yaml", "type/x.yaml"]

    def test_folder_is_run_cheapest_first_and_goes_on_after_a_failure(
        self, write: Write, project: Path
    ) -> None:
        path = write()
        run_config(path)
        texts = {
            "dear": CONFIG + "split: {kind: group_kfold, n_splits: 9}\n",
            "cheap": CONFIG,
            "bad": CONFIG + "seed: 3\n",
            "none": CONFIG.replace("words}", "broken}").replace("most}", "broken}")
            .replace("coin}", "broken}"),
        }  # fmt: skip
        for name, text in texts.items():
            path.with_name(f"{name}.yaml").write_text(text, encoding="utf-8")
        (project / ".cache" / "seconds.json").write_text('{"broken": 9.0}', encoding="utf-8")
        turns = list(run_all(planned(project / "experiments"), run=run_config))
        assert [turn.path.stem for turn in turns] == ["x", "cheap", "none", "dear", "bad"]
        assert [turn.has_failed for turn in turns] == [False, False, True, False, True]
        assert turns[0].outcome is not None
        assert turns[0].outcome.was_up_to_date
        assert "every model failed" in turns[2].error
        assert "bad.yaml:14: seed = 3, must be one of the keys" in turns[4].error

    def test_folder_without_configs_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"expected configs \(\*\.yaml\), there are no"):
            planned(tmp_path)

    def test_overview_has_a_row_for_every_config(self, write: Write, project: Path) -> None:
        path = write()
        head = run_config(path).result.headline
        path.with_name("later.yaml").write_text(
            f"extends: x.yaml\nquestion: A | B?\n{'seeds: [3]'}\n", encoding="utf-8"
        )
        folder = project / "experiments"
        assert overview(folder).splitlines()[2:] == [
            "| A \\| B? | [`type/later.yaml`](type/later.yaml) | – | not run yet |",
            "| Are the types of paragraphs told apart? | [`type/x.yaml`](type/x.yaml) | "
            f"macro-F1 {head.value:.3f} [{head.low:.3f}, {head.high:.3f}]: words on harbour, test "
            "| [report](../reports/type/x/report.md) |",
        ]

    def test_text_around_the_table_of_the_readme_stays(self, write: Write, project: Path) -> None:
        write()
        folder = project / "experiments"
        (folder / "README.md").write_text(
            "# Mine\n\n<!-- overview -->\nold\n<!-- end of overview -->\n\nAnd so on.\n",
            encoding="utf-8",
        )
        text = write_overview(folder).read_text(encoding="utf-8")
        assert re.fullmatch(
            r"# Mine\n\n<!-- .*\| not run yet \|\n<!-- .*\n\nAnd so on\.\n", text, re.S
        )
        write_overview(folder)
        assert (folder / "README.md").read_text(encoding="utf-8") == text


def test_readme_of_the_experiments_is_up_to_date() -> None:
    folder = ROOT / "experiments"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert overview(folder) in readme, "run: stance experiments overview --write"


def test_schema_knows_every_key_and_every_parameter() -> None:
    schema = config_schema()
    assert set(schema["$defs"]["ConfigFile"]["properties"]) == set(ConfigFile.model_fields)
    kinds = schema["$defs"]["ClassifierConfig"]["oneOf"]
    assert [kind["properties"]["kind"]["const"] for kind in kinds] == list(KINDS)
    ngrams = next(kind for kind in kinds if kind["title"] == "ngrams")
    assert ngrams["properties"]["C"] == {"type": "number", "exclusiveMinimum": 0, "default": 1.0}
    assert ngrams["additionalProperties"] is False


def test_schema_takes_the_configs_that_ship() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    from stance.experiments.configs.source import read_source

    for path in config_files(ROOT / "experiments"):
        jsonschema.validate(read_source(path).value, config_schema())
