"""Libraries that only an extra installs: imported where they are needed, or told how to get."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class ExtraMissingError(ImportError):
    """A library is needed that an extra of the package installs."""


def imported(module: str, *, extra: str) -> Any:
    """A module of an optional dependency.

    Parameters
    ----------
    module : str
        Its name for ``import``.
    extra : str
        The extra that installs it.

    Raises
    ------
    ExtraMissingError
        It cannot be imported; the message names the command that installs it.

    Examples
    --------
    >>> imported("nosuchmodule", extra="spacy")
    Traceback (most recent call last):
    ...
    stance.extras.ExtraMissingError: expected nosuchmodule to be installed: pip install
    'stance-lab[spacy]'
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise ExtraMissingError(
            f"expected {module} to be installed: pip install 'stance-lab[{extra}]'"
        ) from error
