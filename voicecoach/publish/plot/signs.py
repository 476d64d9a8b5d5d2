"""The signs for sounds and for sides. Each has its own form, so that no colour is needed to know it."""

from __future__ import annotations

from voicecoach.model.cuescript import Earcon
from voicecoach.publish.plot.scene import Anchor, Disc, Drawn, Point, Rect, Shape, Strokes, Text

SIZE = 4.0
"""Half of a sign's height."""
BADGE = 7.0
"""Radius of the badge of a side."""
BADGE_LETTER = 9.5
LEAST_STRIPES = 3
STRIPE_GAP = 5.0
STRIPE_HEIGHT = 5.0

SOUND_WORDS = {
    Earcon.START: "start",
    Earcon.END: "end",
    Earcon.HALFWAY: "halfway",
    Earcon.TICK: "last seconds",
    Earcon.SIDE: "change sides",
    Earcon.REST: "rest",
    Earcon.REP: "repetition",
    Earcon.IN: "breathe in",
    Earcon.FULL: "hold the breath",
    Earcon.OUT: "breathe out, or next phase",
    Earcon.EMPTY: "pause after the breath",
    Earcon.DONE: "done",
    Earcon.LEAD_IN: "lead-in to speech",
}
"""What each sound means."""


def sound_sign(name: str, x: float, y: float) -> tuple[Drawn, ...]:
    """Draw the sign of an earcon round x, y; a name that is not known gets a small cross."""
    s = SIZE
    match name:
        case Earcon.START:
            return (Shape(((x, y - s), (x + 1.6 * s, y), (x, y + s)), "ink"),)
        case Earcon.END:
            return (Rect(x - s * 0.8, y - s * 0.8, s * 1.6, s * 1.6, "ink"),)
        case Earcon.TICK:
            return (Strokes((((x, y - s * 0.7), (x, y + s * 0.7)),), "soft", 1),)
        case Earcon.HALFWAY:
            return (Strokes((_diamond(x, y, s),), "ink", 1.2), Shape(((x, y - s), (x, y + s), (x - s, y)), "ink"))
        case Earcon.SIDE:
            left, right = ((x, y), (x - s * 1.3, y - s), (x - s * 1.3, y + s)), ((x, y), (x + s * 1.3, y - s))
            return (Shape(left, "ink"), Strokes(((*right, (x + s * 1.3, y + s), (x, y)),), "ink", 1.2))
        case Earcon.REST:
            bars = tuple(((x + d, y - s), (x + d, y + s)) for d in (-1.6, 1.6))
            return (Strokes(bars, "ink", 1.8),)
        case Earcon.REP:
            return (Disc(x, y, 2, "ink"),)
        case Earcon.IN | Earcon.OUT:
            up = -s if name == Earcon.IN else s
            return (Strokes((((x - s, y - up * 0.6), (x, y + up * 0.7), (x + s, y - up * 0.6)),), "ink", 1.4),)
        case Earcon.FULL | Earcon.EMPTY:
            level = y + (-s if name == Earcon.FULL else s) * 0.6
            return (Strokes((((x - s * 0.7, level), (x + s * 0.7, level)),), "ink", 1.4),)
        case Earcon.DONE:
            return (Strokes((_ring(x, y, s),), "ink", 1.2), Disc(x, y, 1.6, "ink"))
        case Earcon.LEAD_IN:
            return (Strokes((((x + s, y - s * 0.7), (x - s * 0.6, y), (x + s, y + s * 0.7)),), "soft", 1),)
        case _:
            return (Strokes((((x - s, y), (x + s, y)), ((x, y - s), (x, y + s))), "soft", 1.2),)


def rep_sign(x: float, y: float, side: str | None) -> tuple[Drawn, ...]:
    """Draw the dot of a repetition; where sides take turns, that of the left above the line and the right below."""
    shift = {"left": -3.0, "right": 3.0}.get(side or "", 0.0)
    return (Disc(x, y + shift, 2, "ink"),)


def left_out_sign(x: float, y: float) -> tuple[Drawn, ...]:
    """Draw a cross: something was left out here."""
    s = SIZE * 0.75
    return (Strokes((((x - s, y - s), (x + s, y + s)), ((x - s, y + s), (x + s, y - s))), "warn", 1.6),)


def badge(side: str, x: float, y: float) -> tuple[Drawn, ...]:
    """Draw L in a light circle or R in a dark square, round x, y; another side's first letter in a circle."""
    letter = Text(x, y + BADGE_LETTER * 0.36, side[:1].upper(), BADGE_LETTER, anchor=Anchor.MIDDLE, bold=True)
    if side == "right":
        edge = Rect(x - BADGE, y - BADGE, BADGE * 2, BADGE * 2, "badge-line", 2)
        inner = Rect(x - BADGE + 1, y - BADGE + 1, BADGE * 2 - 2, BADGE * 2 - 2, "right", 1.5)
        return (edge, inner, Text(letter.x, letter.y, letter.text, letter.size, "left", letter.anchor, letter.bold))
    dark = Text(letter.x, letter.y, letter.text, letter.size, "right", letter.anchor, letter.bold)
    return (Disc(x, y, BADGE, "right"), Disc(x, y, BADGE - 1, "left"), dark)


def hatch(side: str, left: float, right: float, y: float, paint: str) -> tuple[Drawn, ...]:
    """Draw a strip of slanting lines: rising to the right for the right side, to the left for the left one."""
    lines: list[tuple[Point, ...]] = []
    x = left + STRIPE_GAP / 2
    while x + STRIPE_HEIGHT <= right:
        ends = ((x, y), (x + STRIPE_HEIGHT, y + STRIPE_HEIGHT))
        if side == "right":
            ends = ((x, y + STRIPE_HEIGHT), (x + STRIPE_HEIGHT, y))
        lines.append(ends)
        x += STRIPE_GAP
    return (Strokes(tuple(lines), paint, 1.2),) if len(lines) >= LEAST_STRIPES else ()


def _diamond(x: float, y: float, s: float) -> tuple[Point, ...]:
    return ((x, y - s), (x + s, y), (x, y + s), (x - s, y), (x, y - s))


def _ring(x: float, y: float, s: float) -> tuple[Point, ...]:
    k = s * 0.7071
    return tuple(
        (x + a, y + b) for a, b in ((s, 0), (k, k), (0, s), (-k, k), (-s, 0), (-k, -k), (0, -s), (k, -k), (s, 0))
    )
