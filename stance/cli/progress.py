"""Progress of a run on stderr: a bar on a terminal, a line for every model elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.experiments.runs.progress import Step


class RunProgress:
    """Shows the steps of a run while the ``with`` block lasts."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> RunProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def __call__(self, step: Step) -> None:
        """Show a step."""
        if sys.stderr.isatty():
            self._draw(step)
        elif step.state != "started":
            sys.stderr.write(f"{_line(step)}\n")
            sys.stderr.flush()

    def _draw(self, step: Step) -> None:
        if self._bar is None:
            self._open()
        if step.state != "started":
            self._bar.console.print(_line(step), markup=False, highlight=False)
        left = "" if step.seconds_left is None else _left(step.seconds_left)
        done = step.number - (step.state == "started")
        shown = {"total": step.total, "completed": done} if step.total else {}
        what = f"{step.what} …" if step.state == "started" else ""
        self._bar.update(self._task, what=what, left=left, **shown)
        if step.what == "report" and step.state == "done":
            self._close()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}", markup=False),
            TextColumn("{task.fields[what]}", markup=False),
        )
        console = Console(stderr=True)
        self._bar = Progress(*columns, console=console, transient=True)
        self._task = self._bar.add_task("", total=None, what="", left="")
        self._bar.start()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _line(step: Step) -> str:
    count = f" ({step.number} of {step.total})" if step.total else ""
    took = f" in {step.seconds:.1f} s" if step.state != "kept" else " from an earlier run"
    state = "failed" if step.state == "failed" else "done"
    left = f", {_left(step.seconds_left)}" if step.seconds_left else ""
    return f"{step.what}{count}: {state}{took}{left}"


def _left(seconds: float) -> str:
    from stance.experiments.runs.forecast import spelled_seconds

    return f"about {spelled_seconds(seconds)} left"
