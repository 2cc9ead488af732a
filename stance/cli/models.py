"""``stance models``: the tiers that can be asked for, and the trained models behind them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cyclopts import App

from stance.cli.printing import (
    DONE,
    Flag,
    complain,
    new_table,
    plain_text,
    print_json,
    print_table,
)

if TYPE_CHECKING:
    from rich.table import Table

app = App(name="models", help="The trained models that ship with the package.")


@app.command(name="list")
def models_list(*, json: Flag = False) -> int:
    """List the tiers (--model fast, --model accurate) and the models that ship.

    Of each tier what it answers, how well, how fast, its size and its licence; of each model its
    size, its classes and what it was trained on.

    Parameters
    ----------
    json
        Print a JSON document instead of tables.
    """
    from stance.models import names, summary
    from stance.models.tiers import tier_summaries

    tiers = tier_summaries()
    found = [summary(name) for name in names()]
    if json:
        print_json({"schema_version": 1, "tiers": tiers, "models": found})
        return DONE
    print_table(_tier_table(tiers))
    table = new_table("", "name", "task", "classes", "size", "trained on", right=("size",))
    for model in found:
        trained = ", ".join(model.get("trained_on", []))
        row = (model["name"], model["task"], ", ".join(model["classes"]), _size(model["bytes"]))
        table.add_row(*map(plain_text, (*row, trained)))
    print_table(table)
    return DONE


@app.command(name="show")
def models_show(name: str, /) -> int:
    """Print the card of a model, or of a tier.

    Parameters
    ----------
    name
        As stance models list gives it.
    """
    from stance.models.tiers import tier_card

    try:
        sys.stdout.write(tier_card(name))
    except ValueError as error:
        return complain(str(error))
    return DONE


def _tier_table(tiers: list[dict[str, Any]]) -> Table:
    columns = ("tier", "answers", "how well", "paragraphs a second", "size", "licence", "about")
    table = new_table("", *columns, right=("paragraphs a second", "size"))
    for tier in tiers:
        speed = tier["paragraphs_per_second"]
        row = (
            tier["name"],
            ", ".join(tier["tasks"] or ()),
            ", ".join(_scores(tier["scores"] or {})),
            f"{speed:,.0f}" if speed else "",
            _size(tier["bytes"]),
            tier["licence"] or "",
            _about(tier),
        )
        table.add_row(*map(plain_text, row))
    return table


def _about(tier: Mapping[str, Any]) -> str:
    is_lacking = tier["needs"] and tier["is_there"]
    needs = f"pip install 'stance-lab[{tier['needs']}]'" if is_lacking else ""
    return "; ".join(filter(None, (str(tier["about"]), needs)))


def _scores(scores: Mapping[str, Any]) -> list[str]:
    """Each task with its first number: ``stance macro-F1 0.57``."""
    found = []
    for task, numbers in scores.items():
        pairs = numbers.items() if isinstance(numbers, Mapping) else [("", numbers)]
        told = [(key, n) for key, n in pairs if isinstance(n, float)]
        for key, number in told[:1]:
            words = " ".join(filter(None, (task, key.replace("_f1", "-F1").replace("_", " "))))
            found.append(f"{words} {number:.2f}")
    return found


def _size(n_bytes: int | None) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes else ""
