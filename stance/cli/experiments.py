"""``stance run``: experiment configs in, reports out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from stance.cli.printing import DONE, FAILED, Flag, as_dict, complain, print_json


def run(
    config: Path,
    overrides: Annotated[list[str] | None, Parameter(negative="")] = None,
    /,
    *,
    out: Path | None = None,
    json: Flag = False,
) -> int:
    """Run an experiment config: train, evaluate, write the report.

    Parameters
    ----------
    config
        YAML file; its report goes to reports/ beside the experiments/ folder that holds it.
    overrides
        Values that replace those of the file: models.ngrams.classifier.C=0.5
    out
        Folder for the report, in place of the usual one.
    json
        Print the headline as a JSON document instead of a sentence.
    """
    from stance.experiments.run import RunError, run_config

    try:
        outcome = run_config(config, overrides=overrides or (), out=out, progress=_show_step)
    except RunError as error:
        complain(str(error))
        return FAILED
    except (ValueError, OSError) as error:
        return complain(str(error))
    for failure in outcome.failed:
        complain(f"{failure.model} (seed {failure.seed}) failed: {failure.message}")
    if json:
        print_json(
            {"folder": str(outcome.folder), "was_up_to_date": outcome.was_up_to_date}
            | {"answer": outcome.answer, "headline": as_dict(outcome.result.headline)}
        )
    else:
        state = "up to date" if outcome.was_up_to_date else "report"
        sys.stdout.write(f"{state}: {_near(outcome.folder / 'report.html')} — {outcome.answer}\n")
    return FAILED if outcome.failed else DONE


def _show_step(step: Any) -> None:
    """A line on stderr for every step that ends; on a terminal also for what is under way."""
    count = f" ({step.number} of {step.total})" if step.total else ""
    if step.state == "started":
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K{step.what}{count} …")
            sys.stderr.flush()
        return
    lead = "\r\033[K" if sys.stderr.isatty() else ""
    took = f" in {step.seconds:.1f} s" if step.state != "kept" else " from an earlier run"
    state = "failed" if step.state == "failed" else "done"
    sys.stderr.write(f"{lead}{step.what}{count}: {state}{took}\n")


def _near(path: Path) -> Path:
    """The path as seen from here, where it lies below."""
    here = Path.cwd()
    return path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path
