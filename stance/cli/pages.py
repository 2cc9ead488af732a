"""Pages that a command is given: files, standard input, addresses; and files it writes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cyclopts import Parameter

from stance.cli.printing import DONE, FAILED, MISUSE, complain

if TYPE_CHECKING:
    from stance.analysis import AnalysedArticle
    from stance.sides import Targets


class UnknownOptionError(ValueError):
    """A page that is a mistyped option.

    Parameters
    ----------
    option : str
        As it was written, without a value.
    """

    def __init__(self, option: str) -> None:
        super().__init__(option)
        self.option = option

    def told(self, known: Iterable[str]) -> str:
        """What is wrong, with the nearest of the options that there are.

        Examples
        --------
        >>> UnknownOptionError("--tagret").told(["--target", "--html"])
        'Unknown option: --tagret. Did you mean --target? A file of that name is written ./--tagret'
        """
        close = get_close_matches(self.option, [name for name in known if name[:1] == "-"], n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        return (
            f"Unknown option: {self.option}.{hint} A file of that name is written ./{self.option}"
        )


def _check_page(_: object, value: str | list[str] | None) -> None:
    """Refuse what is a mistyped option and no page; ``-`` is one."""
    for page in [value] if isinstance(value, str) else value or []:
        if page.startswith("-") and page != "-":
            raise UnknownOptionError(page.partition("=")[0])


# Hyphens are let through for the sake of the one that means standard input.
PAGE = Parameter(negative="", allow_leading_hyphen=True, validator=_check_page)
"""How a page is named on the command line."""

TARGETS = Parameter(name=("--targets", "--targets-file"))
"""The option that names a file of targets."""


def on_pages(
    pages: Sequence[str] | None,
    urls: Sequence[str] | None,
    use: Callable[[list[AnalysedArticle]], int],
    *,
    allow_private: bool,
    targets: Targets = (),
    model: str | None = None,
) -> int:
    """Label pages and use what could be read; the exit code tells whether all could.

    Parameters
    ----------
    use : callable
        Prints and writes the articles; not called where no page could be read. Gives an exit code.
    targets : iterable of Target, or "auto"
        As in ``label_article``.
    model : str or None
        What --model says.
    """
    from stance.extras import ExtraMissingError
    from stance.model_error import ModelError
    from stance.models.tiers import models_of
    from stance.reading import PageError

    if not pages and not urls:
        return complain("expected a page: a file, - for standard input, or --url ADDRESS")
    try:
        models = models_of(model)
    except ValueError as error:
        return complain(f"--model: {error}")
    articles, n_bad = [], 0
    for read in _sources(pages or (), urls or (), allow_private=allow_private):
        try:
            articles.append(read(targets=targets, model=models))
        except PageError as error:
            n_bad += 1
            complain(str(error))
        except ExtraMissingError as error:
            complain(f"--model {model}: {error}")
            return FAILED
        except ModelError as error:
            complain(str(error) if is_folder(model) else f"{error}; install the package again")
            return FAILED
    code = use(articles) if articles else DONE
    return MISUSE if n_bad and code == DONE else code


def is_folder(model: str | None) -> bool:
    """Whether what --model says is a folder of the user's."""
    return model is not None and Path(model).is_dir()


def asked_targets(given: Sequence[str] | None, listed: str | None) -> Targets:
    """The targets of the options --target and --targets.

    Parameters
    ----------
    given : sequence of str or None
        ``NAME`` or ``NAME=ALIAS,ALIAS``.
    listed : str or None
        "auto", or a file of targets.

    Raises
    ------
    TargetError
        A target cannot be read, two have the same name, or "auto" stands beside given ones.
    """
    from stance.targets import TargetError, parse_targets, read_targets

    if listed == "auto":
        if given:
            raise TargetError("expected --target or --targets auto, got both; leave one out")
        return "auto"
    from_file = read_targets(Path(listed)) if listed is not None else ()
    targets = (*parse_targets(given or ()), *from_file)
    names = [target.name for target in targets]
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise TargetError(f"expected every target once, got {twice[0]!r} twice; leave one out")
    return targets


def standard_input() -> bytes:
    """What stands on standard input, one byte more than is read: told as too long."""
    from stance.reading import MAX_BYTES

    return sys.stdin.buffer.read(MAX_BYTES + 1)


def write_file(path: Path, data: bytes) -> bool:
    """Write a file whole, and say so; says what is wrong where it cannot be written."""
    from stance.classifiers.saving import write_whole

    try:
        write_whole(path, data)
    except OSError as error:
        complain(f"{path}: cannot be written: {error.strerror}")
        return False
    sys.stderr.write(f"wrote {path}\n")
    return True


def _sources(
    pages: Sequence[str], urls: Sequence[str], *, allow_private: bool
) -> Iterable[Callable[..., AnalysedArticle]]:
    """What labels each page, one after the other."""
    from stance.analysis import label_article

    for page in pages:
        yield _from_input if page == "-" else partial(label_article, Path(page), source=page)
    for url in urls:
        yield partial(_from_address, url, allow_private=allow_private)


def _from_input(**asked: Any) -> AnalysedArticle:
    from stance.analysis import label_article

    return label_article(standard_input(), source="-", id="stdin", **asked)


def _from_address(url: str, *, allow_private: bool, **asked: Any) -> AnalysedArticle:
    from stance.analysis import label_article
    from stance.reading.fetch import fetch

    page = fetch(url, allow_private=allow_private)
    return label_article(page, source=url, id=url, **asked)
