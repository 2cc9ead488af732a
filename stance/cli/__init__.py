"""``stance …``: parses, calls one function, prints. Results on stdout, the rest on stderr."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from cyclopts import App, CycloptsError

from stance.cli import corpora, models
from stance.cli.comparing import compare, reproduce
from stance.cli.configs import config_app, experiments_app
from stance.cli.experiments import run
from stance.cli.label import explain, label
from stance.cli.map import map_pages
from stance.cli.pages import UnknownOptionError
from stance.cli.printing import DONE, FAILED, complain
from stance.cli.quotes import quotes

app = App(
    name="stance",
    help_format="plaintext",  # rich's Markdown alone takes as long to import as all the rest
    help="What kind of thing each paragraph of a news article says, who says it, on which side.",
    version=lambda: __import__("stance").__version__,
    suppress_keyboard_interrupt=False,  # main says what becomes of the work
)
app.command(label)
app.command(quotes)
app.command(map_pages, name="map")
app.command(explain)
app.command(run)
app.command(compare)
app.command(reproduce)
app.command(config_app)
app.command(experiments_app)
app.command(corpora.app)
app.command(models.app)


def main() -> None:
    """Entry point of the ``stance`` command; exits 0 done, 1 failed, 2 misuse."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal without “quotes” shows their numbers
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _called()
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = FAILED
        complain("interrupted; what was finished is kept")
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = DONE
    raise SystemExit(code)


def _called() -> int:
    try:
        # cyclopts' own box cuts off what is too long for a line of it.
        code = app(sys.argv[1:], exit_on_error=False, print_error=False)
    except CycloptsError as error:
        if isinstance(error.__cause__, UnknownOptionError):
            return complain(error.__cause__.told(_options()))
        return complain(str(error))
    except SystemExit as done:
        code = done.code
    return code if isinstance(code, int) else DONE


def _options() -> list[str]:
    """Options of the command that is called."""
    _, apps, _ = app.parse_commands(sys.argv[1:])
    return [name for one in apps[-1].assemble_argument_collection() for name in one.names]
