"""The colours of a picture: text can be read, and kinds stay apart for all eyes."""

from __future__ import annotations

import math

import pytest

from tests.publish.plotting import (
    WORK,
    rgb,
)
from voicecoach.model.cuescript import SpanKind
from voicecoach.publish.plot.paints import FILLS, PAINTS


def linear(colour: str) -> tuple[float, float, float]:
    def one(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    r, g, b = rgb(colour)
    return one(r), one(g), one(b)


def luminance(colour: str) -> float:
    r, g, b = linear(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


LIGHTS = ("light", "dark")


@pytest.mark.parametrize("light", LIGHTS)
def test_text_can_be_read(light: str) -> None:
    pairs = {*FILLS.values(), ("paper", "ink"), ("paper", "soft"), ("voice", "ink"), ("lane", "ink"), ("body", "ink")}
    for ground, text in (*pairs, ("left", "right"), ("music", "ink")):
        assert contrast(getattr(PAINTS[ground], light), getattr(PAINTS[text], light)) >= 4.5, (ground, text)


# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
EYES = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def lab(colour: str, eyes: str) -> tuple[float, float, float]:
    seen = [min(1, max(0, sum(a * b for a, b in zip(row, linear(colour), strict=True)))) for row in EYES[eyes]]
    r, g, b = seen
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("eyes", EYES)
def test_kinds_of_work_stay_apart_for_all_eyes(eyes: str, light: str) -> None:
    """The colours of what one does, and of rest, differ by far more than the just noticeable (about 2.3)."""
    fills = {FILLS[SpanKind(kind)][0] for kind in (*WORK, "rest", "set-up")}
    seen = {fill: lab(getattr(PAINTS[fill], light), eyes) for fill in fills}
    for one in fills:
        for other in fills - {one}:
            assert math.dist(seen[one], seen[other]) > 12, (one, other)
