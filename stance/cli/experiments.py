"""``stance run``: experiment configs in, reports out."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from stance.cli.printing import DONE, FAILED, MISUSE, Flag, as_dict, complain, print_json
from stance.cli.progress import RunProgress

if TYPE_CHECKING:
    from stance.experiments.run import RunOutcome
    from stance.experiments.runs.plan import Plan


def run(
    config: Path,
    overrides: Annotated[list[str] | None, Parameter(negative="")] = None,
    /,
    *,
    seeds: int | None = None,
    check: Flag = False,
    jobs: int = 1,
    cluster: str | None = None,
    out: Path | None = None,
    json: Flag = False,
) -> int:
    """Run an experiment config: train, evaluate, write the report. Done work is not done again.

    Parameters
    ----------
    config
        YAML file; its report goes to reports/ beside the experiments/ folder that holds it. Of a
        folder, all configs that are not up to date, cheapest first.
    overrides
        Values that replace those of the file: classifier.C=0.5, or where several models have a C,
        models.ngrams.classifier.C=0.5
    seeds
        Train with this many seeds: 0, 1, 2 and so on.
    check
        Tell mistakes, what there is to do and how long it will take; run nothing.
    jobs
        Models trained at the same time. The results are the same with any number.
    cluster
        Address of a Dask scheduler whose workers train: tcp://host:8786
    out
        Folder for the report, in place of the usual one.
    json
        Print a JSON document instead of sentences.
    """
    if (seeds is not None and seeds < 1) or jobs < 1:
        return complain("--seeds and --jobs must be 1 or more")
    if out is not None and config.is_dir():
        return complain(f"--out is for one config, {config} is a folder")
    given = [*(overrides or ()), *([f"seeds={list(range(seeds))}"] if seeds else [])]
    if config.is_dir():
        options: dict[str, Any] = {"n_jobs": jobs, "cluster": cluster}
        return _folder(config, given, check=check, json=json, options=options)
    if check:
        return _checked(config, given, out=out, json=json)
    return _one(config, given, json=json, options={"out": out, "n_jobs": jobs, "cluster": cluster})


def _one(config: Path, overrides: list[str], *, json: bool, options: dict[str, Any]) -> int:
    from stance.experiments.run import RunError, run_config
    from stance.experiments.runs.cluster import ClusterError
    from stance.experiments.speed.config import kind_of
    from stance.experiments.study import ELSEWHERE

    try:
        with RunProgress() as progress:
            if kind_of(config) in ELSEWHERE:
                outcome = _timed(config, overrides, out=options["out"], progress=progress)
            else:
                outcome = run_config(config, overrides=overrides, progress=progress, **options)
    except (RunError, ClusterError) as error:
        complain(str(error))
        return FAILED
    except (ValueError, OSError) as error:
        return complain(str(error))
    _tell_failures(outcome)
    if json:
        print_json(_described(outcome))
    else:
        sys.stdout.write(_sentence(outcome))
    return FAILED if outcome.failed else DONE


def _timed(config: Path, overrides: list[str], *, out: Path | None, progress: Any) -> Any:
    from stance.experiments.speed.config import kind_of
    from stance.experiments.speed.labelling_run import run_labelling
    from stance.experiments.speed.run import run_speed
    from stance.experiments.speed.tiers_run import run_tiers

    kind = kind_of(config)
    if overrides:
        raise ValueError(
            f"{config}: an experiment of kind {kind!r} takes no overrides: {overrides}"
        )
    runs = {"speed": run_speed, "labelling": run_labelling, "tiers": run_tiers}
    return runs[kind](config, out=out, progress=progress)


def _folder(
    folder: Path, overrides: list[str], *, check: bool, json: bool, options: dict[str, Any]
) -> int:
    from stance.experiments.run import run_config
    from stance.experiments.runs.schedule import planned, run_all

    try:
        plans = planned(folder, overrides=overrides)
    except (ValueError, OSError) as error:
        return complain(str(error))
    if check:
        mistakes = [one.error for one in plans if one.plan is None]
        _tell_plans([one.plan for one in plans if one.plan is not None], json=json)
        for text in mistakes:
            complain(text)
        return MISUSE if mistakes else DONE
    has_failed, described = False, []
    with RunProgress() as progress:
        run_it = partial(run_config, overrides=overrides, progress=progress, **options)
        for turn in run_all(plans, run=run_it):
            has_failed |= turn.has_failed
            if turn.outcome is None:
                complain(turn.error)
                described.append({"config": str(turn.path), "error": turn.error})
                continue
            _tell_failures(turn.outcome)
            described.append({"config": str(turn.path)} | _described(turn.outcome))
            if not json:
                sys.stdout.write(_sentence(turn.outcome))
    if json:
        print_json({"runs": described})
    return FAILED if has_failed else DONE


def _checked(config: Path, overrides: list[str], *, out: Path | None, json: bool) -> int:
    from stance.experiments.runs.plan import plan_config

    try:
        plan = plan_config(config, overrides=overrides, out=out)
    except (ValueError, OSError) as error:
        return complain(str(error))
    _tell_plans([plan], json=json)
    return DONE


def _tell_plans(plans: list[Plan], *, json: bool) -> None:
    from stance.experiments.runs.forecast import spelled_seconds

    if json:
        values = [
            as_dict(plan) | {"path": str(plan.path), "folder": str(plan.folder)} for plan in plans
        ]
        print_json({"plans": values})
        return
    for plan in plans:
        if plan.is_up_to_date:
            text = f"up to date, {_near(plan.folder / 'report.html')}"
        else:
            text = (
                f"{plan.n_models} models, {plan.n_kept} of them from earlier runs; "
                f"{plan.n_learned:,} passages to learn from, {plan.n_tested:,} to test on; "
                f"about {spelled_seconds(plan.seconds)}"
            )
        sys.stdout.write(f"{plan.path}: no mistakes; {text}\n")


def _tell_failures(outcome: RunOutcome) -> None:
    for failure in outcome.failed:
        complain(f"{failure.model} (seed {failure.seed}) failed: {failure.message}")


def _described(outcome: RunOutcome) -> dict[str, Any]:
    return {
        "folder": str(outcome.folder),
        "was_up_to_date": outcome.was_up_to_date,
        "answer": outcome.answer,
        "headline": as_dict(outcome.result.headline),
    }


def _sentence(outcome: RunOutcome) -> str:
    state = "up to date" if outcome.was_up_to_date else "report"
    return f"{state}: {_near(outcome.folder / 'report.html')} — {outcome.answer}\n"


def _near(path: Path) -> Path:
    """The path as seen from here, where it lies below."""
    here = Path.cwd()
    return path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path
