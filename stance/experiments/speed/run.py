"""Speed: a config with ``kind: speed`` → its report folder. Measured anew each time it is run."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from stance.classifiers.saving import write_whole
from stance.experiments.config import project_root
from stance.experiments.configs.source import ConfigError
from stance.experiments.result import Cell, Result
from stance.experiments.runs.fingerprint import versions
from stance.experiments.runs.progress import Progress, Step, silent
from stance.experiments.speed.cells import METRIC, speed_cells
from stance.experiments.speed.config import SpeedConfig, Written, load_speed_config
from stance.experiments.speed.contenders import CONTENDERS, is_installed
from stance.experiments.speed.data import load_speed_data
from stance.experiments.speed.measuring import measure


@dataclass(frozen=True, slots=True)
class SpeedOutcome:
    """What a speed run leaves, in the form of ``RunOutcome``: it is never up to date."""

    folder: Path
    result: Result
    was_up_to_date: bool = False
    failed: tuple[Any, ...] = ()

    @property
    def answer(self) -> str:
        """The sentence that answers the config's question."""
        return self.result.answer


def run_speed(
    path: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> SpeedOutcome:
    """Measure what a speed config asks for, single-threaded, and write its report.

    A contender whose library is not installed is left out, and the report says so.

    Parameters
    ----------
    path : path
        The config; its report goes where those of other configs go.
    out : path, optional
        The report's folder, in place of the one that follows from ``path``.
    progress : callable, optional
        Called with a Step whenever something starts or ends.

    Raises
    ------
    ConfigError
        The config has mistakes, or its first contender or its baseline is not installed.
    ValueError
        A corpus is not on this machine, or lacks what the config asks of it.
    RuntimeError
        A contender failed in a process of its own.
    """
    path, tell, began = Path(path), progress or silent, perf_counter()
    config = load_speed_config(path)
    present, missing = _installed(path, config)
    folder = Path(out) if out is not None else project_root(path) / "reports" / config.name
    tell(Step("corpus", "started"))
    data = load_speed_data(config)
    tell(Step("corpus", "done", seconds=perf_counter() - began))
    before = load_now()
    measured = measure(present, data, tell=lambda what: tell(Step(what, "started")))
    machine = machine_now() | {"load_before": before, "load_after": load_now()}
    cells = speed_cells(present, data, measured)
    result = Result(
        name=config.name,
        question=config.question,
        answer=_answer(present, cells),
        headline=cells[0].headline(
            METRIC, n_groups=data.texts[0].count.n_groups, n_passages=data.texts[0].count.n_passages
        ),
        cells=cells,
        data=(data.train.count, data.test.count, *(part.count for part in data.texts)),
        notes=(*_missing_notes(missing), *_notes(present, machine)),
    )
    seconds = {"total": round(perf_counter() - began, 1)}
    environment = {"versions": _versions(present), **machine, "seconds": seconds}
    write_report(folder, config, result, environment=environment)
    tell(Step("report", "done", seconds=perf_counter() - began))
    return SpeedOutcome(folder, result)


def _installed(path: Path, config: SpeedConfig) -> tuple[SpeedConfig, list[str]]:
    missing = [one for one in config.contenders if not is_installed(one.kind)]
    needed = (config.contenders[0].name, config.baseline)
    for one in missing:
        if one.name in needed:
            package = CONTENDERS[one.kind].package
            raise ConfigError([f"{path}: {one.name!r} needs the package {package}: install it"])
    kept = tuple(one for one in config.contenders if one not in missing)
    return config.model_copy(update={"contenders": kept}), [one.name for one in missing]


def _answer(config: SpeedConfig, cells: Sequence[Cell]) -> str:
    """Speed, and what it costs in accuracy."""
    model, base = config.contenders[0].name, config.baseline
    first = cells[0].metrics
    own = next(c for c in cells if c.model == model and c.labels)
    other = next(c for c in cells if c.model == base and c.labels)
    cold = first.get(f"{METRIC}/cold")
    at_first = f" ({cold.value:.0f} times while the words are new to it)" if cold else ""
    return (
        f"{model} label {cells[0].corpus} {first[METRIC].value:.0f} times as fast as {base}"
        f"{at_first} and learn {own.metrics['fit_ratio'].value:.1f} times as fast, with macro-F1 "
        f"{own.metrics['macro_f1'].value:.3f} against {other.metrics['macro_f1'].value:.3f}"
    )


def _missing_notes(missing: Sequence[str]) -> list[str]:
    return [f"{name} is left out: its package is not installed." for name in missing]


def _notes(config: SpeedConfig, machine: dict[str, Any]) -> list[str]:
    load = f"{machine['load_before'][0]:.1f} before and {machine['load_after'][0]:.1f} after"
    return [
        f"Measured on {machine['processor']}, {machine['cores']} cores, one thread each; the "
        f"machine's load was {load} (mean of a minute). Another machine, or other work on this "
        "one, gives other numbers, ratios included: what holds is their order of magnitude.",
        "Rates of contenders are for a process that has them loaded. The model sees each corpus "
        "again and again, so its table knows every word; the rate for a table that is empty at the "
        "start is given beside it. What a long run meets lies between: the larger the corpus, the "
        "fewer words are new.",
        f"F1 is that of the {config.labelled.test} split, on which settings were chosen; no test "
        "split was used. The texts' labels play no part.",
        "Not measured: more than one thread or process, accelerators, training sets of other "
        "sizes, languages other than English.",
    ]


def machine_now() -> dict[str, Any]:
    """The machine, as ``environment.json`` tells it."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "platform": platform.platform(),
        "machine": platform.machine(),
    }


def _processor() -> str:
    """The processor's name as the system has it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(errors="replace").splitlines() if path.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return (names or [platform.processor() or platform.machine()])[0]


def load_now() -> list[float]:
    """Load of the machine: means of 1, 5 and 15 minutes."""
    return [round(value, 2) for value in os.getloadavg()] if hasattr(os, "getloadavg") else [0.0]


def _versions(config: SpeedConfig) -> dict[str, str]:
    from importlib.metadata import packages_distributions, version

    found = versions()
    for one in config.contenders:
        package = CONTENDERS[one.kind].package
        if package not in found:
            names = packages_distributions().get(package, [])
            found[package] = f"{names[0]} {version(names[0])}" if names else "unknown"
    return found


def write_report(
    folder: Path, config: Written, result: Result, *, environment: dict[str, Any]
) -> None:
    """Write every file of a report on speed; ``result.headline`` tells which pages it gets."""
    from stance.reporting.speed_report import write_speed_report

    folder.mkdir(parents=True, exist_ok=True)
    text = config.to_yaml()
    write_whole(folder / "results.json", result.to_json().encode())
    write_whole(folder / "config.yaml", text.encode())
    write_speed_report(result, folder=folder, config=text, environment=environment)
    lines = json.dumps(environment, indent=1, ensure_ascii=False) + "\n"
    write_whole(folder / "environment.json", lines.encode())
