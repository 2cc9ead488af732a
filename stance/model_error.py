"""ModelError: what is told of a model on disk that cannot be used."""

from __future__ import annotations


class ModelError(ValueError):
    """A model that cannot be loaded: missing, damaged, of a newer format, or not to be trusted."""
