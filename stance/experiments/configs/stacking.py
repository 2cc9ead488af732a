"""Stacking: classifiers made of others as a config spells them out, built and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from annotated_types import Ge, Gt, Le, Lt, MinLen

from stance.classifiers.distilled import DistilledClassifier
from stance.classifiers.stacked import StackedClassifier
from stance.experiments.configs.registry import build, parameter_mistakes
from stance.experiments.configs.source import Location

Member = Mapping[str, Any]


def stacked(
    members: Annotated[Sequence[Member], MinLen(1)],
    *,
    weights: Sequence[Annotated[float, Ge(0)]] | None = None,
    balance: Annotated[float, Ge(0), Le(1)] = 0.0,
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
    return StackedClassifier(
        [_built(member, random_state) for member in members],
        weights=weights,
        balance=balance,
        held_out=held_out,
        n_splits=n_splits,
        C=C,
        random_state=random_state,
    )


def distilled(
    student: Member,
    teacher: Member,
    *,
    corpora: Sequence[str] = (),
    n_passages: Annotated[int, Ge(1)] = 20_000,
    min_confidence: Annotated[float, Ge(0), Le(1)] = 0.8,
    keep_shares: bool = False,
    random_state: int | None = 0,
) -> DistilledClassifier:
    """A ``DistilledClassifier`` whose student and teacher are sections ``{kind: …, …}``.

    Raises
    ------
    ValueError
        There is no such kind, or a parameter of the one or the other is unknown or of the wrong
        type.
    """
    return DistilledClassifier(
        _built(student, random_state),
        _built(teacher, random_state),
        corpora=corpora,
        n_passages=n_passages,
        min_confidence=min_confidence,
        keep_shares=keep_shares,
        random_state=random_state,
    )


def member_mistakes(parameters: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
    """What is wrong with the classifiers that one is made of: where, and what must be there."""
    for at, member in _members(parameters):
        if not isinstance(member, Mapping):
            continue  # told as a value of the wrong type
        if "kind" not in member:
            yield (*at, "kind"), "given"
            continue
        for inner, must_be in parameter_mistakes(str(member["kind"]), _parameters(member)):
            yield (*at, *inner), must_be


def _members(parameters: Mapping[str, Any]) -> Iterator[tuple[Location, Any]]:
    for name in ("student", "teacher"):
        yield (name,), parameters.get(name)
    members = parameters.get("members")
    for i, member in enumerate(members if isinstance(members, list | tuple) else ()):
        yield ("members", i), member


def _built(member: Member, seed: int | None) -> Any:
    return build(str(member.get("kind")), _parameters(member), seed=seed or 0)


def _parameters(member: Member) -> dict[str, Any]:
    return {name: value for name, value in member.items() if name != "kind"}
