"""A little figure for each posture, drawn in a square of 64 by 64: a head, a few lines, the floor."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

from voicecoach.body.positions import Posture


class Figure(NamedTuple):
    """Where the head is, the lines of the body, and what it sits on (SVG path data)."""

    head: tuple[int, int]
    body: str
    seat: str = ""


FIGURES = MappingProxyType(
    {
        Posture.STANDING: Figure((32, 11), "M32 23V40L26 60M32 40L38 60M32 24L23 39M32 24L41 39"),
        Posture.CHAIR: Figure((27, 11), "M26 23V42H43V60H48M26 26L38 38", "M17 24V60M17 47H35V60"),
        Posture.HALF_KNEELING: Figure((27, 11), "M27 23V40L22 59H7M27 40L45 41V59H51M27 26L39 37"),
        Posture.KNEELING: Figure((31, 11), "M31 23V41L29 59H12M31 26L39 40"),
        Posture.ALL_FOURS: Figure((54, 25), "M44 31H20V59H6M44 31V59"),
        Posture.FLOOR: Figure((20, 21), "M19 33V56L39 43L52 60M19 36L35 46"),
        Posture.PRONE: Figure((53, 37), "M44 42L27 56H5M44 42V58H56"),
        Posture.SUPINE: Figure((8, 53), "M18 57H36L46 39L53 59"),
        Posture.SIDE_LYING: Figure((11, 39), "M19 47L37 55L50 47L60 54M19 47L22 59M37 55L48 59H60"),
    }
)
HEAD_RADIUS = "6.5"
FLOOR = "M2 63H62"


def slug(posture: Posture) -> str:
    """Write a posture as the figures' names and the labels do: ``half-kneeling``."""
    return posture.name.lower().replace("_", "-")
