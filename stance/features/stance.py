"""The dense features of a passage and its target, in groups that a classifier chooses from.

A group is a module of this folder with ``NAMES``, a tuple of column names, and ``features``, which
gives passages a float32 matrix of shape (n_passages, len(NAMES)). One that has to know how common
words are, or the like, also has ``learn``: it gets the training passages, and the arrays that it
gives are handed to ``features`` behind the passages. They must tell nothing of labels, and travel
with a saved model. To add a group, write the module and put its name into ``GROUPS``; a module is
imported when somebody asks for its group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from types import MappingProxyType
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from stance.features.views import view
from stance.passage import Passage

Arrays = Mapping[str, NDArray[Any]]

_BLOCK = 512


class Group(Protocol):
    """What a module of a feature group has."""

    NAMES: tuple[str, ...]

    def features(self, passages: Sequence[Passage], /, *learnt: Arrays) -> NDArray[np.float32]:
        """Matrix of passages, shape (n_passages, len(NAMES))."""


GROUPS: MappingProxyType[str, str] = MappingProxyType(
    {
        "target": "stance.features.target",
        "opinion": "stance.features.opinion",
        "speech": "stance.features.utterance",
        "sides": "stance.features.sides",
        "relation": "stance.features.relation",
        "reporting": "stance.features.reporting",
        "likeness": "stance.features.likeness",
        "vectors": "stance.features.vectors",
        "issue": "stance.features.issue",
    }
)
"""Name of each group → module."""


def stance_features(
    passages: Sequence[Passage],
    groups: Sequence[str],
    learnt: Mapping[str, Arrays] = MappingProxyType({}),
) -> NDArray[np.float32]:
    """Dense features of passages.

    Parameters
    ----------
    passages : sequence of Passage
    groups : sequence of str
        Names of ``GROUPS``: which extractors, in which order.
    learnt : mapping of str to mapping of str to ndarray
        What ``learnt_by`` gave, for groups that learn.

    Returns
    -------
    ndarray of float32, shape (n_passages, n_features)
        Columns follow ``feature_names(groups)``.

    Raises
    ------
    ValueError
        There is no such group, or one that learns has learnt nothing.

    Examples
    --------
    >>> stance_features([Passage("Lund left.", target="Ida Lund")], ["target"]).shape[0]
    1
    """
    parts = [np.zeros((len(passages), 0), np.float32)]
    for name in groups:
        if not hasattr(group(name), "learn"):
            parts.append(group(name).features(passages))
        elif name in learnt:
            parts.append(group(name).features(passages, learnt[name]))
        else:
            raise ValueError(f"feature group {name!r}: expected what it has learnt, got nothing")
    return np.hstack(parts)


def read(
    passages: Sequence[Passage],
    *,
    views: Sequence[str],
    groups: Sequence[str],
    learnt: Mapping[str, Arrays] = MappingProxyType({}),
) -> tuple[dict[str, list[str]], NDArray[np.float32]]:
    """Texts of every view, and the dense features.

    A block of passages goes through all views and groups before the next one: what they have in
    common, a passage's frame, is made once and still there.

    Returns
    -------
    texts : dict of str to list of str
        By view, one text per passage.
    features : ndarray of float32, shape (n_passages, n_features)
    """
    makers = {name: view(name).make for name in views}
    texts: dict[str, list[str]] = {name: [] for name in views}
    parts = [np.zeros((0, len(feature_names(groups))), np.float32)]
    for start in range(0, len(passages), _BLOCK):
        block = passages[start : start + _BLOCK]
        for passage in block:
            for name, make in makers.items():
                texts[name].append(make(passage))
        parts.append(stance_features(block, groups, learnt))
    return texts, np.vstack(parts)


def learnt_by(groups: Sequence[str], passages: Sequence[Passage]) -> dict[str, Arrays]:
    """What each of the groups that learn takes from training passages, by group."""
    modules: dict[str, Any] = {name: group(name) for name in groups}
    return {
        name: module.learn(passages) for name, module in modules.items() if hasattr(module, "learn")
    }


def feature_names(groups: Sequence[str]) -> tuple[str, ...]:
    """Column names of ``stance_features``."""
    return tuple(name for one in groups for name in group(one).NAMES)


def group(name: str) -> Group:
    """The module of a group.

    Raises
    ------
    ValueError
        There is no such group.
    """
    if name not in GROUPS:
        close = get_close_matches(name, GROUPS, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"unknown feature group {name!r}, expected of {sorted(GROUPS)}{hint}")
    return cast(Group, import_module(GROUPS[name]))
