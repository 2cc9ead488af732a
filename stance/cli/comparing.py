"""``stance compare`` and ``stance reproduce``: reports held against others, and themselves."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

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
from stance.cli.progress import RunProgress

if TYPE_CHECKING:
    from stance.experiments.reports.compare import Leaderboard
    from stance.experiments.reports.reproduce import Reproduction

_SHOWN = 40  # rows of what moved that a terminal gets; --json has all


def compare(
    reports: Annotated[list[Path] | None, Parameter(negative="")] = None,
    /,
    *,
    metric: str | None = None,
    best: Flag = False,
    json: Flag = False,
    html: Path | None = None,
) -> int:
    """Put the models of several reports on one leaderboard, with ties.

    Models are compared by their answers to the same passages; reports that were tested on other
    passages, labels or metrics are refused.

    Parameters
    ----------
    reports
        Folders that ``stance run`` wrote: reports/type/a reports/type/b
    metric
        macro_f1 or accuracy; by default the one that heads the reports.
    best
        Test each model against the best alone, in place of every two.
    json
        Print a JSON document instead of a table.
    html
        Also write the leaderboard as one self-contained page.
    """
    from stance.experiments.reports.compare import compare as compare_reports

    if not reports:
        return complain("expected a report's folder, such as reports/type/sample")
    try:
        board = compare_reports(reports, metric=metric, against="best" if best else "all")
    except (ValueError, OSError) as error:
        return complain(str(error))
    if json:
        print_json(board.to_dict())
    else:
        _print_board(board)
    return _write_page(html, board) if html is not None else DONE


def reproduce(
    report: Path,
    /,
    *,
    tolerance: float = 1e-6,
    out: Path | None = None,
    json: Flag = False,
) -> int:
    """Run a report's own config again and check every number against the committed one.

    Nothing that an earlier run kept is used. Exits 0 where all agree, 1 with what moved.

    Parameters
    ----------
    report
        Folder that ``stance run`` wrote.
    tolerance
        How far a number with a fraction may be off; counts and labels must be the same.
    out
        Empty folder that keeps the new report; by default it is thrown away.
    json
        Print a JSON document instead of a table.
    """
    from stance.experiments.reports.reproduce import reproduce as reproduce_report
    from stance.experiments.run import RunError

    try:
        with RunProgress() as progress:
            found = reproduce_report(report, tolerance=tolerance, out=out, progress=progress)
    except RunError as error:
        complain(str(error))
        return FAILED
    except (ValueError, OSError) as error:
        return complain(str(error))
    if json:
        print_json(found.to_dict())
    else:
        _print_reproduction(found)
    return DONE if found.is_reproduced else FAILED


def _print_board(board: Leaderboard) -> None:
    from stance.reporting.leaderboard import board_finding, board_method, standing_table

    shown = standing_table(board)
    right = tuple(column.name for column in shown.columns if column.is_number)
    table = new_table(
        f"{board_finding(board)}.", *(column.name for column in shown.columns), right=right
    )
    for row in shown.rows:
        texts = (f"{e.text} [{e.note}]" if e.note else e.text for e in row.entries[1:])
        table.add_row(plain_text(row.entries[0].text), *map(plain_text, texts))
    print_table(table)
    for line in (shown.caption, board_method(board), *board.notes):
        sys.stdout.write(f"{line}\n")


def _print_reproduction(found: Reproduction) -> None:
    if found.moved:
        table = new_table(
            f"{found.folder}: moved",
            "path",
            "committed",
            "now",
            "difference",
            right=("difference",),
        )
        for one in found.moved[:_SHOWN]:
            gap = "" if one.difference is None else f"{one.difference:+.3g}"
            table.add_row(*map(plain_text, (one.path, _short(one.committed), _short(one.now), gap)))
        print_table(table)
        if len(found.moved) > _SHOWN:
            sys.stdout.write(f"… and {len(found.moved) - _SHOWN:,} more: --json has all of them\n")
    n_values, n_rows = f"{found.n_values:,} values", f"{found.n_predictions:,} predictions"
    outcome = (
        f"reproduced: {n_values} and {n_rows} agree"
        if found.is_reproduced
        else f"NOT reproduced: {len(found.moved_values):,} of {n_values} moved, and "
        f"{len(found.moved_predictions):,} entries of {n_rows}"
    )
    sys.stdout.write(
        f"{found.folder}: {outcome} (tolerance {found.tolerance:g}; trained anew, "
        f"{found.seconds:.0f} s)\n"
    )
    by_state: dict[str, list[str]] = {}
    for file in found.files:
        by_state.setdefault(file.state, []).append(file.name)
    told = {
        "identical": "the same bytes",
        "different": "other bytes",
        "missing": "committed, not written now",
        "new": "written now, not committed",
    }
    for key, words in told.items():
        if names := by_state.get(key):
            sys.stdout.write(f"{words} ({len(names)}): {', '.join(names)}\n")
    for line in found.changed:
        sys.stdout.write(f"not as it was: {line}\n")


def _short(value: Any) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _write_page(path: Path, board: Leaderboard) -> int:
    from stance.classifiers.saving import write_whole
    from stance.reporting.leaderboard import leaderboard_page

    try:
        write_whole(path, leaderboard_page(board).encode("utf-8"))
    except OSError as error:
        complain(f"{path}: cannot be written: {error.strerror}")
        return FAILED
    sys.stderr.write(f"wrote {path}\n")
    return DONE
