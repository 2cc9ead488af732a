"""``stance models``: the trained models that ship with the package."""

from __future__ import annotations

import sys

from cyclopts import App

from stance.cli.printing import DONE, Flag, complain, new_table, print_json, print_table

app = App(name="models", help="The trained models that ship with the package.")


@app.command(name="list")
def models_list(*, json: Flag = False) -> int:
    """List the models that ship, with size, classes and headline numbers.

    Parameters
    ----------
    json
        Print a JSON document instead of a table.
    """
    from stance.models import names, summary

    found = [summary(name) for name in names()]
    if json:
        print_json({"schema_version": 1, "models": found})
        return DONE
    table = new_table("", "name", "task", "classes", "size", "trained on", right=("size",))
    for model in found:
        size = f"{model['bytes'] / 1e6:.1f} MB"
        trained = ", ".join(model.get("trained_on", []))
        table.add_row(model["name"], model["task"], ", ".join(model["classes"]), size, trained)
    print_table(table)
    return DONE


@app.command(name="show")
def models_show(name: str, /) -> int:
    """Print a model's card.

    Parameters
    ----------
    name
        As stance models list gives it.
    """
    from stance.models import model_card

    try:
        sys.stdout.write(model_card(name))
    except ValueError as error:
        return complain(str(error))
    return DONE
