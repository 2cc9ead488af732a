"""``stance …``: parses, calls one function, prints. Results on stdout, the rest on stderr."""

from __future__ import annotations

import sys

from cyclopts import App, CycloptsError

from stance.cli import corpora, models
from stance.cli.experiments import run
from stance.cli.label import explain, label
from stance.cli.printing import DONE, FAILED, MISUSE, complain

app = App(
    name="stance",
    help="What kind of thing each paragraph of a news article says, who says it, on which side.",
    version=lambda: __import__("stance").__version__,
)
app.command(label)
app.command(explain)
app.command(run)
app.command(corpora.app)
app.command(models.app)


def main() -> None:
    """Entry point of the ``stance`` command; exits 0 done, 1 failed, 2 misuse."""
    from rich.console import Console

    errors = Console(stderr=True, soft_wrap=True)
    try:
        code = app(exit_on_error=False, print_error=True, error_console=errors)
    except CycloptsError:
        code = MISUSE
    except KeyboardInterrupt:
        code = FAILED
        complain("interrupted; what was finished is kept")
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        code = DONE
    raise SystemExit(code if isinstance(code, int) else DONE)
