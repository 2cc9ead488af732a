"""Overview: what a project asks and what it found, as the table of ``experiments/README.md``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from stance.classifiers.saving import write_whole
from stance.experiments.config import project_root, read_config
from stance.experiments.configs.source import ConfigError
from stance.experiments.result import Result
from stance.experiments.runs.plan import config_files

BEGIN, END = "<!-- overview -->", "<!-- end of overview -->"
"""Between these lines of the README stands the table; the rest of it is written by hand."""

_METRICS = {"macro_f1": "macro-F1"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A config, and the report that it has.

    Parameters
    ----------
    config : str
        Path below the folder of the configs.
    question : str
    result : Result or None
        What stands in the report's folder, up to date or not; None where there is none.
    report : Path
        The report's folder.
    """

    config: str
    question: str
    result: Result | None
    report: Path


def entries(folder: Path) -> list[Entry]:
    """An entry for every config below a folder, in the order of their paths.

    Raises
    ------
    ConfigError
        A config cannot be read.
    """
    return [_entry(path, folder) for path in config_files(folder)]


def overview(folder: Path) -> str:
    """The table in Markdown: question, config, headline number, report."""
    lines = ["| Question | Config | Headline | Report |", "|---|---|---|---|"]
    for entry in entries(folder):
        report = _relative(entry.report / "report.md", folder)
        shown = f"[report]({report})" if entry.result else "not run yet"
        cells = (_escaped(entry.question), f"[`{entry.config}`]({entry.config})", _headline(entry))
        lines.append(f"| {' | '.join((*cells, shown))} |")
    return "\n".join(lines) + "\n"


def with_overview(readme: str, table: str) -> str:
    r"""A README with the table in its place, at its end where it has none yet.

    Examples
    --------
    >>> print(with_overview("# Experiments\n", "| a |\n"))
    # Experiments
    <BLANKLINE>
    <!-- overview -->
    | a |
    <!-- end of overview -->
    <BLANKLINE>
    """
    block = f"{BEGIN}\n{table}{END}"
    start, end = readme.find(BEGIN), readme.find(END)
    if 0 <= start < end:
        return readme[:start] + block + readme[end + len(END) :]
    return f"{readme.rstrip()}\n\n{block}\n"


def write_overview(folder: Path) -> Path:
    """Bring the table of a folder's README up to date; the path of the README."""
    path = folder / "README.md"
    readme = path.read_text(encoding="utf-8") if path.is_file() else "# Experiments\n"
    write_whole(path, with_overview(readme, overview(folder)).encode())
    return path


def _entry(path: Path, folder: Path) -> Entry:
    value = read_config(path).value
    report = project_root(path) / "reports" / str(value.get("name"))
    try:
        result = Result.from_json((report / "results.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        result = None
    question = value.get("question")
    if not isinstance(question, str):
        raise ConfigError([f"{path}:1: question is missing, must be given"])
    return Entry(path.relative_to(folder).as_posix(), question, result, report)


def _headline(entry: Entry) -> str:
    if entry.result is None:
        return "–"
    head = entry.result.headline
    spread = "" if head.low is None else f" [{head.low:.3f}, {head.high:.3f}]"
    name = _METRICS.get(head.metric, head.metric)
    text = f"{name} {head.value:.3f}{spread}: {head.model} on {head.corpus}, {head.split}"
    return _escaped(text)


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
