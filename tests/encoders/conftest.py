"""Tiny encoders in folders of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.encoders.accurate import AccurateModel

from .tiny import write_tiny


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole model; no test changes it."""
    return write_tiny(tmp_path_factory.mktemp("encoders") / "tiny")


@pytest.fixture
def tiny(tiny_folder: Path) -> AccurateModel:
    """The model, nothing read yet."""
    return AccurateModel.load(tiny_folder, threads=1)
