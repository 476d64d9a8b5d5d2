"""Positions of the body: how high each is above the floor, and a small figure of it."""

from __future__ import annotations

from types import MappingProxyType

from voicecoach.body.positions import Posture, posture
from voicecoach.publish.plot.scene import Disc, Drawn, Point, Strokes

BOX_WIDTH, BOX_HEIGHT = 24.0, 22.0
"""The box of a figure; its lower edge is the floor."""
HEAD_RADIUS = 2.4

_Figure = tuple[Point, tuple[tuple[Point, ...], ...]]

_FIGURES: MappingProxyType[Posture, _Figure] = MappingProxyType(
    {
        # the middle of the head; then trunk, limbs, and what one sits on
        Posture.STANDING: (
            (12, 3),
            (((12, 5), (12, 13)), ((8.5, 22), (12, 13), (15.5, 22)), ((8, 12.5), (12, 7), (16, 12.5))),
        ),
        Posture.CHAIR: (
            (10, 4.5),
            (((10, 7), (10, 14.5), (16, 14.5), (16, 22)), ((10, 9), (14.5, 12)), ((6.5, 8), (6.5, 22), (6.5, 16.5))),
        ),
        Posture.HALF_KNEELING: (
            (11, 5),
            (((11, 7.5), (11, 14.5), (9, 21.2), (3, 21.2)), ((11, 14.5), (17, 14.5), (17, 22)), ((11, 10), (15.5, 12))),
        ),
        Posture.KNEELING: ((12, 6), (((12, 8.5), (12, 15.5), (13, 21.2), (6, 21.2)), ((12, 10.5), (15.5, 14)))),
        Posture.ALL_FOURS: (
            (20.5, 11),
            (((18, 13), (7.5, 13), (7.5, 21.2), (2, 21.2)), ((17.5, 13), (17.5, 22))),
        ),
        Posture.FLOOR: ((7.5, 9.5), (((7.5, 12), (7.5, 21.2), (21, 21.2)), ((7.5, 14), (13, 17.5)))),
        Posture.PRONE: ((20.5, 18), (((18.3, 19.6), (2, 21.2)), ((17.5, 19.6), (20.5, 21.6)))),
        Posture.SUPINE: ((3.5, 19), (((6, 20.2), (12.5, 20.8), (16.5, 14.5), (20, 21.4)),)),
        Posture.SIDE_LYING: (
            (3.5, 17.5),
            (((5.5, 19.3), (14, 20.6), (22, 21.2)), ((14, 20.6), (20.5, 15.5)), ((7, 20), (10, 16.5))),
        ),
    }
)

_HEIGHTS: MappingProxyType[Posture, float] = MappingProxyType(
    {
        Posture.STANDING: 1.0,
        Posture.CHAIR: 0.75,
        Posture.HALF_KNEELING: 0.6,
        Posture.KNEELING: 0.55,
        Posture.ALL_FOURS: 0.42,
        Posture.FLOOR: 0.3,
        Posture.SIDE_LYING: 0.14,
        Posture.PRONE: 0.08,
        Posture.SUPINE: 0.08,
    }
)


def height(position: str) -> float | None:
    """How high one is in a position, from 0 (the floor) to 1 (standing); None where its words do not tell."""
    found = posture(position)
    return None if found is None else _HEIGHTS[found]


def figure(position: str, x: float, floor: float, scale: float, paint: str) -> tuple[Drawn, ...]:
    """Draw a body in a position, its box beginning at x, on the floor; nothing where the words do not tell."""
    found = posture(position)
    if found is None:
        return ()
    (head_x, head_y), lines = _FIGURES[found]
    top = floor - BOX_HEIGHT * scale
    placed = tuple(tuple((x + a * scale, top + b * scale) for a, b in line) for line in lines)
    head = Disc(x + head_x * scale, top + head_y * scale, HEAD_RADIUS * scale, paint)
    return (head, Strokes(placed, paint, 1.6 * scale))
