"""Cells in turn, in processes and on a cluster: the same bytes, whoever computes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stance.experiments.run import Step, run_config
from stance.experiments.runs import cluster as cluster_module
from stance.experiments.runs.cells import Failure
from stance.experiments.runs.cluster import ClusterError

from .conftest import CONFIG, Corpus, Stopped, Words

REAL = """\
question: Are types told apart?
corpus: {name: sample, task: type}
models:
  - name: type
    classifier: {kind: paragraph_type}
  - name: svm
    role: baseline
    classifier: {kind: ngrams, solver: svm, char_range: [2, 3]}
  - name: majority
    role: baseline
    classifier: {kind: majority}
baseline: svm
seeds: [0, 1]
bootstrap: {n_resamples: 200}
sweep: {ablate: [type.classifier.ngrams]}
"""

NOT_THE_SAME = {"environment.json"}


@pytest.fixture
def start(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a config into a project of its own."""

    def written(name: str) -> Path:
        path = tmp_path / name / "experiments" / "x.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(REAL, encoding="utf-8")
        return path

    return written


def files(folder: Path) -> dict[str, bytes]:
    every = (path for path in folder.rglob("*") if path.is_file())
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in every}
    return {name: content for name, content in found.items() if name not in NOT_THE_SAME}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one process makes of the config."""
    path = tmp_path_factory.mktemp("alone") / "experiments" / "x.yaml"
    path.parent.mkdir()
    path.write_text(REAL, encoding="utf-8")
    outcome = run_config(path)
    assert not outcome.failed
    return files(outcome.folder)


def test_whole_reports_of_two_runs_have_the_same_bytes(
    alone: dict[str, bytes], start: Callable[[str], Path]
) -> None:
    again = files(run_config(start("again")).folder)
    assert again.keys() == alone.keys()
    assert {"results.json", "predictions.parquet", "config.yaml", "report.html"} <= again.keys()
    assert [name for name in alone if again[name] != alone[name]] == []


def test_two_processes_give_the_bytes_of_one(
    alone: dict[str, bytes], start: Callable[[str], Path]
) -> None:
    steps: list[Step] = []
    outcome = run_config(start("two"), n_jobs=2, progress=steps.append)
    found = files(outcome.folder)
    assert [name for name in alone if found[name] != alone[name]] == []
    done = [step for step in steps if step.total and step.state == "done"]
    assert [step.number for step in done] == [1, 2, 3, 4, 5, 6, 7]
    assert {step.total for step in done} == {7}


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Address of a Dask cluster of two processes on this machine."""
    distributed = pytest.importorskip("distributed", reason="extra 'cluster' is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, dashboard_address=":0"
    ) as local:
        yield local.scheduler_address


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_cluster_gives_the_bytes_of_one_process(
    alone: dict[str, bytes], start: Callable[[str], Path], scheduler: str
) -> None:
    found = files(run_config(start("cluster"), cluster=scheduler).folder)
    assert [name for name in alone if found[name] != alone[name]] == []


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_cluster_with_other_versions_is_refused(
    start: Callable[[str], Path], scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "versions", lambda: {"numpy": "9.9"})
    with pytest.raises(ClusterError, match=r"worker tcp.* has numpy \d.*, here 9\.9: install the"):
        run_config(start("other"), cluster=scheduler)


@pytest.mark.filterwarnings("default")
def test_cluster_that_is_not_there_is_told(
    start: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="extra 'cluster' is not installed")
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 0.3)
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        run_config(start("none"), cluster="tcp://127.0.0.1:9")


def test_cluster_without_the_extra_is_told(
    start: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'stance-lab\[cluster\]'"):
        run_config(start("none"), cluster="tcp://127.0.0.1:9")


@pytest.mark.usefixtures("classifiers", "plain_report")
class TestInTurn:
    """What one process does, with classifiers that only tests have."""

    def test_changed_parameter_trains_that_model_alone(
        self, corpus: Corpus, write: Callable[..., Path]
    ) -> None:
        path = write()
        run_config(path)
        steps: list[Step] = []
        run_config(path, overrides=["smoothing=2"], progress=steps.append)
        states = {step.what: step.state for step in steps if step.total}
        assert states == {"words": "done", "majority": "kept", "coin": "kept"}
        assert len(Words.fitted) == 2

    def test_interrupted_sweep_goes_on_with_what_is_left(
        self, corpus: Corpus, write: Callable[..., Path]
    ) -> None:
        variants = "{slow: {words.classifier: {kind: stopped}}, last: {smoothing: 3}}"
        path = write(f"{CONFIG}sweep: {{smoothing: [1, 2], variants: {variants}}}\n")
        with pytest.raises(KeyboardInterrupt):
            run_config(path)
        assert len(Words.fitted) == 3  # the headline and two of the grid
        Stopped.is_pressed = False
        outcome = run_config(path)
        assert len(Words.fitted) == 4
        assert [cell.model for cell in outcome.result.cells][3:] == [
            "words smoothing=1",
            "words smoothing=2",
            "words slow",
            "words last",
        ]

    def test_failed_variant_costs_no_other(
        self, corpus: Corpus, write: Callable[..., Path]
    ) -> None:
        variants = "{bad: {words.classifier: {kind: broken}}, last: {smoothing: 3}}"
        outcome = run_config(write(f"{CONFIG}sweep: {{variants: {variants}}}\n"))
        assert [(one.model, one.seed) for one in outcome.failed] == [("words bad", 0)]
        assert isinstance(outcome.failed[0], Failure)
        assert outcome.result.cells[-1].model == "words last"

    def test_time_left_falls_to_nothing(self, corpus: Corpus, write: Callable[..., Path]) -> None:
        steps: list[Step] = []
        run_config(write(), progress=steps.append)
        left = [step.seconds_left for step in steps if step.total]
        assert left[-1] == 0
        assert all(seconds is not None and seconds >= 0 for seconds in left)
