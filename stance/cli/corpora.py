"""``stance corpora``: the catalogue, its cards, downloads and audits."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from cyclopts import App

from stance.cli.printing import (
    DONE,
    FAILED,
    Flag,
    complain,
    new_table,
    plain_text,
    print_json,
    print_table,
)

app = App(name="corpora", help="Public corpora: what there is, and how to get it.")


@app.command(name="list")
def corpora_list(*, json: Flag = False) -> int:
    """List the catalogue: tasks, sizes, labels, licences, and what is on this machine.

    Parameters
    ----------
    json
        Print a JSON document instead of a table.
    """
    from stance.corpora.table import COLUMNS, catalogue_table, table_cells

    rows = catalogue_table()
    if json:
        print_json({"schema_version": 1, "corpora": rows})
        return DONE
    table = new_table("", *COLUMNS)
    for row in rows:
        table.add_row(*map(plain_text, table_cells(row)))
    print_table(table)
    return DONE


@app.command(name="show")
def corpora_show(name: str, /, *, json: Flag = False) -> int:
    """Print a corpus's card: what it is, labels, traps, published results, licence, citation.

    Parameters
    ----------
    name
        As stance corpora list gives it.
    json
        Print a JSON document instead of text.
    """
    from stance.corpora.shelf import card
    from stance.corpora.table import show_dict, show_text

    try:
        found = card(name)
    except ValueError as error:
        return complain(str(error))
    if json:
        print_json({"schema_version": 1, **show_dict(found)})
    else:
        sys.stdout.write(show_text(found))
    return DONE


@app.command(name="get")
def corpora_get(name: str, /, *, accept_licence: Flag = False) -> int:
    """Bring a corpus to this machine: terms first, then every byte checked.

    Parameters
    ----------
    name
        As stance corpora list gives it.
    accept_licence
        Accept the corpus's terms without being asked.
    """
    from stance.corpora.download import TermsError, get

    try:
        folder = get(name, accept_licence=accept_licence, progress=_show_download())
    except TermsError as error:
        if not (sys.stdin.isatty() and _is_agreed(str(error))):
            return complain(str(error))
        return corpora_get(name, accept_licence=True)
    except ValueError as error:
        return complain(str(error))
    except OSError as error:
        complain(str(error))
        return FAILED
    sys.stdout.write(f"{name}: {folder}\n")
    return DONE


@app.command(name="audit")
def corpora_audit(
    name: str,
    /,
    *,
    task: str | None = None,
    variant: str | None = None,
    out: Path = Path("reports/corpora"),
    json: Flag = False,
) -> int:
    """Count duplicates, leaks between splits, label conflicts and lengths of a corpus.

    Parameters
    ----------
    name
        As stance corpora list gives it.
    task
        One of the corpus's tasks; by default its first.
    variant
        One of the task's variants; by default the fullest.
    out
        Folder for the tables and the figure.
    json
        Print the audit as JSON instead of where it was written.
    """
    from stance.corpora.audit import audit
    from stance.corpora.audit_report import finding, write_audit

    try:
        found = audit(name, task=task, variant=variant)
        paths = write_audit(found, out)
    except (ValueError, OSError) as error:
        return complain(str(error))
    sys.stdout.write(found.to_json() if json else f"{paths[1]}: {finding(found)}\n")
    return DONE


def _show_download() -> Any:
    """Progress of a download on a terminal; None where nobody watches."""
    if not sys.stderr.isatty():
        return None

    def show(progress: Any) -> None:
        whole = f" of {progress.total / 1e6:.1f}" if progress.total else ""
        sys.stderr.write(f"\r\033[K{progress.file}: {progress.done / 1e6:.1f}{whole} MB")
        sys.stderr.flush()

    return show


def _is_agreed(terms: str) -> bool:
    sys.stderr.write(f"{terms}\nAccept? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
