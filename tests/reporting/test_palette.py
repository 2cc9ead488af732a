from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from stance.labels import FURNITURE, ParagraphType, Stance
from stance.reporting.palette import DARK, INK, LABELS, MUTED, OTHER, PAPER, style_of

TYPES = tuple(map(str, ParagraphType))
STANCES = tuple(map(str, Stance))

# Full protanopia, deuteranopia and tritanopia on linear RGB: Machado, Oliveira and Fernandes
# (2009), doi:10.1109/TVCG.2009.113.
BLIND = {
    "none": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ) @ np.clip(rgb, 0, 1)
    ratio = xyz / [0.9505, 1.0, 1.089]
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("labels", [TYPES, STANCES])
@pytest.mark.parametrize("sight", BLIND)
@pytest.mark.parametrize("page", ["colour", "dark"])
def test_labels_of_a_set_differ_for_every_kind_of_sight(
    labels: tuple[str, ...], sight: str, page: str
) -> None:
    seen = {x: lab(np.array(BLIND[sight]) @ linear(getattr(style_of(x), page))) for x in labels}
    for one, other in combinations(labels, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 12, (one, other)


@pytest.mark.parametrize("labels", [(*TYPES, FURNITURE), STANCES])
def test_labels_of_a_set_differ_in_grey(labels: tuple[str, ...]) -> None:
    """By shape always, and by border or lightness: two of three signs survive a grey print."""
    for one, other in combinations(map(style_of, labels), 2):
        assert one.shape != other.shape
        assert one.border != other.border
        assert one.hatch != other.hatch


@pytest.mark.parametrize("labels", [TYPES, STANCES])
def test_lightness_steps_on_a_light_page(labels: tuple[str, ...]) -> None:
    levels = sorted(lab(linear(style_of(x).colour))[0] for x in labels)
    assert min(np.diff(levels)) > 3
    assert levels[-1] - levels[0] > 20


@pytest.mark.parametrize("style", [*LABELS.values(), OTHER])
def test_words_stand_out_on_every_ground(style: object) -> None:
    tint, dark_tint = style.tint, style.dark_tint  # type: ignore[attr-defined]
    assert contrast(INK, tint) > 7
    assert contrast(DARK[INK], dark_tint) > 7
    assert contrast(MUTED, PAPER) > 4.5
    assert contrast(DARK[MUTED], DARK[PAPER]) > 4.5


def test_foreign_labels_take_no_colour_of_ours() -> None:
    assert style_of("sarcasm") is OTHER
    assert OTHER.colour not in {style.colour for style in LABELS.values()}
