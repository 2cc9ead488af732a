"""``stance label CORPUS --out FILE``: progress on stderr, what was made on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter, validators

from stance.cli.pages import asked_targets, is_folder
from stance.cli.printing import DONE, FAILED, Flag, complain, print_json
from stance.inert import inert

if TYPE_CHECKING:
    from stance.labelling import Outcome, Step
    from stance.targets import Target

LINE_SECONDS = 30.0
"""How often a line tells of progress where no terminal shows it."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class CorpusOptions:
    """What --out asks for.

    Parameters
    ----------
    out
        Label a corpus: the Parquet file that its labels become.
    text_column
        Column of the texts; by default text.
    id_column
        Column of ids, which stand in the output too; by default id, where there is one.
    group_column
        Column that names a paragraph's article; by default group, where there is one.
    rows_are_pages
        Each row of the table is a whole page, text or HTML; so is each file of a folder of pages.
    types_only
        Tell no voices, in a fraction of the time.
    jobs
        Processes; by default one for each core.
    cluster
        Address of a Dask scheduler, tcp://host:8786, whose workers do it.
    fresh
        Begin anew, and replace an output that is there.
    """

    out: Path | None = None
    text_column: str | None = None
    id_column: str | None = None
    group_column: str | None = None
    rows_are_pages: Annotated[Flag, Parameter(name="--pages")] = False
    types_only: Flag = False
    jobs: Annotated[int | None, Parameter(validator=validators.Number(gte=1))] = None
    cluster: str | None = None
    fresh: Flag = False


NONE_ASKED = CorpusOptions()


def corpus_problem(pages: Sequence[str] | None) -> str:
    """What to do where a page is a corpus, by its ending; empty where none is."""
    from stance.labelling.source import TABLES, ending

    for page in pages or ():
        if ending(Path(page)) in TABLES:
            return (
                f"{page}: a table, expected a page; to label its rows, say where the labels go: "
                f"stance label {page} --out labels.parquet"
            )
        if Path(page).is_dir():
            return (
                f"{page}: a folder, expected a page; to label all that is in it, say where the "
                f"labels go: stance label {page} --out labels.parquet"
            )
    return ""


def label_corpus_command(
    pages: Sequence[str] | None,
    options: CorpusOptions,
    *,
    model: str | None = None,
    targets: tuple[Sequence[str] | None, str | None] = (None, None),
    as_json: bool,
    others: bool,
) -> int:
    """Label a corpus; the exit code says whether all rows could be labelled.

    Parameters
    ----------
    pages : sequence of str
        The corpus.
    options : CorpusOptions
    model : str or None
        What --model says.
    targets : (sequence of str or None, str or None)
        What --target and --targets say.
    as_json : bool
    others : bool
        Whether options were given that only single pages have.
    """
    from stance.classifiers.saving import ModelError
    from stance.labelling import Columns, Labeller, LabellingError, label_corpus
    from stance.models import DEFAULT
    from stance.targets import TargetError

    if options.out is None:
        return complain("these options are for a corpus: say with --out where its labels go")
    if others or len(pages or ()) != 1:
        return complain("--out: expected one corpus (a file or a folder) and no options of pages")
    try:
        asked = _corpus_targets(*targets, voices=not options.types_only)
        with LabelProgress() as progress:
            done = label_corpus(
                (pages or ("",))[0],
                options.out,
                labeller=Labeller(
                    model or DEFAULT,
                    voices=not options.types_only,
                    pages=options.rows_are_pages,
                    targets=asked,
                ),
                columns=Columns(options.text_column, options.id_column, options.group_column),
                jobs=options.jobs or _n_cores(),
                cluster=options.cluster,
                fresh=options.fresh,
                tell=progress,
                say=progress.say,
            )
    except (LabellingError, TargetError) as error:
        return complain(str(error))
    except ModelError as error:
        complain(str(error) if is_folder(model) else f"{error}; install the package again")
        return FAILED
    return _print_outcome(done, as_json=as_json)


def _corpus_targets(
    given: Sequence[str] | None, listed: str | None, *, voices: bool
) -> tuple[Target, ...]:
    """The targets that a whole corpus is asked about."""
    from stance.targets import Target, TargetError

    asked = asked_targets(given, listed)
    if isinstance(asked, str):
        raise TargetError(
            "--targets auto: finds the targets of single pages, and each has others; name those of "
            "the corpus in a file, --targets FILE (stance map PAGES --targets auto proposes some)"
        )
    targets = tuple(one for one in asked if isinstance(one, Target))
    if targets and not voices:
        raise TargetError("--types-only tells no voices, and stances are theirs: leave one out")
    return targets


def _print_outcome(done: Outcome, *, as_json: bool) -> int:
    if as_json:
        shown = {"labels": str(done.labels), "errors": str(done.errors)}
        counts = {"n_labels": done.n_labels, "n_errors": done.n_errors}
        print_json({"schema_version": 1, **shown, **counts, "was_up_to_date": done.was_up_to_date})
    else:
        head = "up to date: " if done.was_up_to_date else ""
        sys.stdout.write(f"{head}{inert(str(done.labels))}: {done.n_labels:,} rows of labels\n")
    if done.n_errors:
        rows = "1 row" if done.n_errors == 1 else f"{done.n_errors:,} rows"
        complain(f"{rows} could not be labelled: see {done.errors}")
        return FAILED
    return DONE


class LabelProgress:
    """Shows how far a run is while the ``with`` block lasts: a bar on a terminal, else lines."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._told = monotonic()

    def __enter__(self) -> LabelProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, step: Step) -> None:
        """Show a step."""
        if sys.stderr.isatty():
            self._draw(step)
        elif monotonic() - self._told >= LINE_SECONDS:
            self._told = monotonic()
            self.say(f"{step.share:.0%}, {_words(step)}")

    def say(self, message: str) -> None:
        """Write a line."""
        if self._bar is not None:
            self._bar.console.print(inert(message), markup=False, highlight=False)
        else:
            sys.stderr.write(f"{inert(message)}\n")
            sys.stderr.flush()

    def _draw(self, step: Step) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

            columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[words]}"))
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=1.0, words="")
            self._bar.start()
        self._bar.update(self._task, completed=step.share, words=_words(step))


def _words(step: Step) -> str:
    from stance.experiments.runs.forecast import spelled_seconds

    left = "" if step.seconds_left is None else f", {spelled_seconds(step.seconds_left)} left"
    return f"{step.rows:,} rows, {step.rows_per_second:,.0f} a second{left}"


def _n_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
