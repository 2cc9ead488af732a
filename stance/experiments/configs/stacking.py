"""Stacking: members of a stacked classifier as a config spells them out, built and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from annotated_types import Ge, Gt, Lt, MinLen

from stance.classifiers.stacked import StackedClassifier
from stance.experiments.configs.registry import build, parameter_mistakes
from stance.experiments.configs.source import Location

Member = Mapping[str, Any]


def stacked(
    members: Annotated[Sequence[Member], MinLen(1)],
    *,
    weights: Sequence[Annotated[float, Ge(0)]] | None = None,
    held_out: Annotated[float, Ge(0), Lt(1)] = 0.0,
    n_splits: Annotated[int, Ge(2)] = 5,
    C: Annotated[float, Gt(0)] = 0.1,
    random_state: int | None = 0,
) -> StackedClassifier:
    """A ``StackedClassifier`` whose members are sections ``{kind: …, …}`` of a config.

    Raises
    ------
    ValueError
        There is no such kind, or a parameter of a member is unknown or of the wrong type.
    """
    built = [
        build(
            str(member.get("kind")),
            {name: value for name, value in member.items() if name != "kind"},
            seed=random_state or 0,
        )
        for member in members
    ]
    return StackedClassifier(
        built,
        weights=weights,
        held_out=held_out,
        n_splits=n_splits,
        C=C,
        random_state=random_state,
    )


def member_mistakes(members: Any) -> Iterator[tuple[Location, str]]:
    """What is wrong with the members of a stacked classifier: where, and what must be there."""
    for i, member in enumerate(members if isinstance(members, list | tuple) else ()):
        if not isinstance(member, Mapping):
            continue  # told as a value of the wrong type
        if "kind" not in member:
            yield ("members", i, "kind"), "given"
            continue
        given = {name: value for name, value in member.items() if name != "kind"}
        for at, must_be in parameter_mistakes(str(member["kind"]), given):
            yield ("members", i, *at), must_be
