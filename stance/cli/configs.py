"""``stance config`` and ``stance experiments``: configs by themselves, and all of a project's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from stance.cli.printing import DONE, FAILED, Flag, complain, print_json

config_app = App(name="config", help="What a config may say, and what one says in full.")
experiments_app = App(name="experiments", help="All experiments of a project.")

Overrides = Annotated[list[str] | None, Parameter(negative="")]


@config_app.command(name="schema")
def config_schema() -> int:
    """Print the JSON Schema of experiment configs, for editors that complete and check YAML."""
    from stance.experiments.configs.schema import config_schema as schema

    print_json(schema())
    return DONE


@config_app.command(name="show")
def config_show(config: Path, overrides: Overrides = None, /) -> int:
    """Print a config with everything spelled out: bases, sweeps, controls, defaults.

    Parameters
    ----------
    config
        YAML file.
    overrides
        Values that replace those of the file: classifier.C=0.5
    """
    from stance.experiments.config import load_config

    try:
        sys.stdout.write(load_config(config, overrides=overrides or ()).to_yaml())
    except ValueError as error:
        return complain(str(error))
    return DONE


@experiments_app.command(name="overview")
def experiments_overview(
    folder: Path = Path("experiments"), /, *, write: Flag = False, check: Flag = False
) -> int:
    """Print a table of all experiments: question, config, headline number, report.

    Parameters
    ----------
    folder
        Folder of the configs.
    write
        Put the table into the folder's README.md instead.
    check
        Exit with 1 where the table in the folder's README.md is not up to date.
    """
    from stance.experiments.reports.overview import overview, with_overview, write_overview

    if not folder.is_dir():
        return complain(f"{folder}: expected the folder of the configs, there is none")
    try:
        if write:
            sys.stdout.write(f"written: {write_overview(folder)}\n")
            return DONE
        table = overview(folder)
        readme = folder / "README.md"
        text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    except (ValueError, OSError) as error:
        return complain(str(error))
    if check:
        if text == with_overview(text, table):
            return DONE
        complain(f"{readme} is not up to date: stance experiments overview --write")
        return FAILED
    sys.stdout.write(table)
    return DONE
