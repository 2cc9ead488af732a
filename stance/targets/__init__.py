"""Targets: what a stance is about; where a text mentions it; which targets an article has.

>>> from stance.targets import mentions_of, parse_target
>>> target = parse_target("U.S.-led coalition=United States,American forces")
>>> mentions_of("The US-led coalition left.", target)
(Span(start=4, end=20),)
"""

from stance.targets.discovery import FoundTarget, found_targets, targets_of
from stance.targets.mentions import Finder, Mention, finder_of, mentions_in, mentions_of
from stance.targets.shared import shared_targets
from stance.targets.target import (
    Target,
    TargetError,
    parse_target,
    parse_targets,
    read_targets,
)

__all__ = [
    "Finder",
    "FoundTarget",
    "Mention",
    "Target",
    "TargetError",
    "finder_of",
    "found_targets",
    "mentions_in",
    "mentions_of",
    "parse_target",
    "parse_targets",
    "read_targets",
    "shared_targets",
    "targets_of",
]
