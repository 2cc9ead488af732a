"""Pretrained encoders: from a folder, an installed package, or the Hugging Face hub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from stance.extras import imported

EXTRA = "train"

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?")


class EncoderError(ValueError):
    """An encoder that cannot be had, or that cannot be trained here."""


def encoder_place(encoder: str) -> str:
    """Where an encoder lies: a folder, or an id of the Hugging Face hub.

    Parameters
    ----------
    encoder : str
        A folder, ``package:NAME/FOLDER`` for a folder in an installed Python package, or
        ``OWNER/NAME`` on the hub. Only the last one goes to the network, because it was asked for.

    Raises
    ------
    EncoderError
        There is no such folder or package, and it is no id of the hub.

    Examples
    --------
    >>> encoder_place("microsoft/deberta-v3-small")
    'microsoft/deberta-v3-small'
    >>> encoder_place("package:nosuchpackage/model")
    Traceback (most recent call last):
    ...
    stance.encoders.pretrained.EncoderError: encoder 'package:nosuchpackage/model': the package
    'nosuchpackage' is not installed: pip install nosuchpackage, or name a folder
    """
    if encoder.startswith("package:"):
        return str(_in_package(encoder))
    folder = Path(encoder).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise EncoderError(f"encoder {encoder!r}: expected a config.json in the folder")
        return str(folder)
    if folder.exists() or encoder.startswith((".", "/", "~")) or not _HUB_ID.fullmatch(encoder):
        raise EncoderError(
            f"encoder {encoder!r}: expected a folder with a config.json, package:NAME/FOLDER, or "
            "OWNER/NAME on the Hugging Face hub"
        )
    return encoder


def pretrained(encoder: str) -> tuple[Any, bytes]:
    """The encoder in float32 without a pooler, and its tokenizer.

    Parameters
    ----------
    encoder : str
        As ``encoder_place`` takes it. No code that comes with a model is run.

    Returns
    -------
    torch.nn.Module
    bytes
        A ``tokenizer.json``.

    Raises
    ------
    ExtraMissingError
        torch or transformers is not installed.
    EncoderError
        The encoder cannot be had, or is none.
    """
    imported("torch", extra=EXTRA)
    transformers = imported("transformers", extra=EXTRA)
    place = encoder_place(encoder)
    try:
        with _quiet(transformers):
            body = transformers.AutoModel.from_pretrained(place).float()
            tokenizer = _tokenizer(transformers, place)
    except (OSError, ValueError, KeyError) as error:
        first = next(iter(str(error).strip().splitlines()), type(error).__name__)
        how = (
            ""
            if Path(place).is_dir()
            else (
                ": expected an encoder of the Hugging Face hub, and a network; without one, name a "
                "folder that holds the encoder"
            )
        )
        raise EncoderError(f"encoder {encoder!r} cannot be read{how} ({first:.200})") from error
    if getattr(body, "pooler", None) is not None:
        body.pooler = None  # nothing here reads what it makes
    return body, tokenizer


def _in_package(encoder: str) -> Path:
    package, _, inside = encoder.removeprefix("package:").partition("/")
    spec = find_spec(package) if package.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(
            f"encoder {encoder!r}: the package {package!r} is not installed: pip install "
            f"{package.replace('_', '-')!s:.80}, or name a folder"
        )
    home = Path(next(iter(spec.submodule_search_locations))).resolve()
    folder = (home / inside).resolve()
    if not folder.is_relative_to(home) or not (folder / "config.json").is_file():
        raise EncoderError(
            f"encoder {encoder!r}: expected a folder with a config.json in the package {package!r}"
        )
    return folder


def _tokenizer(transformers: Any, place: str) -> bytes:
    path = Path(place) / "tokenizer.json"
    if path.is_file():
        return path.read_bytes()
    made = transformers.AutoTokenizer.from_pretrained(place)
    if getattr(made, "backend_tokenizer", None) is None:
        raise ValueError("it has no tokenizer.json, nor can one be made of what it has")
    text: str = made.backend_tokenizer.to_str()
    return text.encode()


@contextmanager
def _quiet(transformers: Any) -> Iterator[None]:
    """Without bars and advice of transformers while an encoder is read."""
    logging = transformers.utils.logging
    level, had_bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if had_bar:
            logging.enable_progress_bar()
