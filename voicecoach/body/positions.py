"""Positions of the body: which one words mean, and how long one takes from one to another."""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType


class Posture(StrEnum):
    """How the body is, whatever words an exercise has for it."""

    STANDING = "standing"
    CHAIR = "sitting on a chair"
    HALF_KNEELING = "half-kneeling"
    KNEELING = "kneeling"
    ALL_FOURS = "hands and knees"
    FLOOR = "sitting on the floor"
    PRONE = "lying face down"
    SUPINE = "lying on the back"
    SIDE_LYING = "lying on the side"

    @property
    def is_up(self) -> bool:
        """One is off the floor: standing, or on a chair."""
        return self in {Posture.STANDING, Posture.CHAIR}


_SIT = r"\b(sit|seated|sitz|sentad)"
_SEAT = r"\b(chair|stool|bench|sofa|couch|bed|stuhl|hocker|bank|silla|taburete|banco)"
# The first that is found counts: "hands and knees" before "knees", "Vierfüßlerstand" before "Stand".
_WORDS: tuple[tuple[Posture, str], ...] = (
    (Posture.ALL_FOURS, r"hands and knees|all fours|quadruped|table ?top|vierfü|\ba gatas|cuatro apoyos|cuadrup"),
    (Posture.SIDE_LYING, r"side[- ](lying|plank)|\b(on|onto) (the|your|one)( left| right)? side\b"),
    (Posture.SIDE_LYING, r"\bseit(en)?lage|\bde lado\b|decúbito lateral"),
    (Posture.PRONE, r"\bprone\b|face[- ]down|\bon (the|your) (stomach|belly|tummy|front)\b|\bplank\b"),
    (Posture.PRONE, r"\bbauch|boca abajo|\bprono\b"),
    (Posture.SUPINE, r"\bsupine\b|face[- ]up|\bon (the|your) back\b|rücken(lage)?\b|boca arriba|\bsupino\b"),
    (Posture.HALF_KNEELING, r"half[- ]?kneel|\bone knee\b|halb(er )?knie|einbeinknie|semiarrodill|una rodilla"),
    (Posture.KNEELING, r"\bkneel|\byour knees\b|on (the|your) heels|\bknie|fersensitz|rodill"),
    (Posture.CHAIR, rf"{_SIT}.*{_SEAT}|{_SEAT}.*{_SIT}"),
    (Posture.FLOOR, rf"{_SIT}.*\b(floor|ground|mat|boden|matte|suelo|piso|esterilla)"),
    (Posture.FLOOR, r"long[- ]sitting|cross[- ]legged|langsitz|schneidersitz|piernas cruzadas"),
    (Posture.SUPINE, r"\b(lie|lying|liegen|acostad|tumbad)"),
    (Posture.STANDING, r"\bstand|\bstehe|\bupright\b|\bon your feet\b|\bwalking\b|\bde pie\b"),
)


@lru_cache(maxsize=512)
def posture(text: str) -> Posture | None:
    """Return the posture that the words of a position mean; None where they do not tell.

    Plain words in English, German and Spanish are known. "Sitting" alone tells nothing: it may be on a chair or on the
    floor. "Lying" alone is on the back.
    """
    words = " ".join(text.lower().split())
    return next((found for found, pattern in _WORDS if re.search(pattern, words)), None)


NEW_EQUIPMENT_S = Fraction(5)
UNKNOWN_S = Fraction(4)


def _table() -> dict[frozenset[Posture], Fraction]:
    ways = """
        standing:        chair 4, half-kneeling 4, kneeling 5, all-fours 6, floor 7, prone 9, supine 10, side-lying 10
        chair:           half-kneeling 5, kneeling 6, all-fours 7, floor 8, prone 10, supine 10, side-lying 10
        half-kneeling:   kneeling 2, all-fours 3, floor 5, prone 5, supine 7, side-lying 6
        kneeling:        all-fours 2, floor 4, prone 5, supine 6, side-lying 5
        all-fours:       floor 4, prone 3, supine 5, side-lying 4
        floor:           prone 5, supine 4, side-lying 4
        prone:           supine 4, side-lying 3
        supine:          side-lying 3
    """
    table = {}
    for line in ways.strip().splitlines():
        start, others = line.split(":")
        for way in others.split(","):
            end, length_s = way.split()
            table[frozenset((_named(start.strip()), _named(end)))] = Fraction(length_s)
    return table


def _named(name: str) -> Posture:
    return Posture[name.upper().replace("-", "_")]


_GETTING_THERE_S = MappingProxyType(_table())


def getting_there_s(from_: str | None, to: str | None, *, new_equipment: bool) -> Fraction:
    """Seconds to get from one position into another, calmly; clock rule 3.

    The figures are ours. Healthy people of 50 to 90 get up from the floor in 4.1 s (SD 1.1) when they are timed
    (Bohannon and Lusardi, Physiother Theory Pract 20:233, 2004). Here nobody hurries, one listens meanwhile, looks for
    the mat and sorts one's knees, and nobody should rise so fast that the blood does not follow: about twice as long
    from the floor, and 10 s all the way between standing and lying. A step on that way takes its part of it; turning
    over on the floor takes 3 to 5 s. Up takes as long as down.

    Parameters
    ----------
    from_, to
        What the position that one is in, and the one wanted, are called; None where nothing tells.
    new_equipment
        It needs something that is not at hand: 5 s more, to reach for it and to put it in place.

    Returns
    -------
    Fraction
        0 for the same posture, or where ``to`` does not tell one; 4 s between different words of which one is unknown.
    """
    return _moving_s(from_, to) + (NEW_EQUIPMENT_S if new_equipment else 0)


def _moving_s(from_: str | None, to: str | None) -> Fraction:
    if to is None or from_ == to:
        return Fraction(0)
    start, end = None if from_ is None else posture(from_), posture(to)
    if start is None or end is None:
        return UNKNOWN_S
    return Fraction(0) if start is end else _GETTING_THERE_S[frozenset((start, end))]


def ups_and_downs(from_: str | None, to: str | None) -> bool:
    """Tell whether one gets up from the floor or down to it; a position that is not known tells nothing."""
    start, end = (None if text is None else posture(text) for text in (from_, to))
    return start is not None and end is not None and start.is_up is not end.is_up


_TURNING_S = MappingProxyType({Posture.SIDE_LYING: Fraction(4), Posture.HALF_KNEELING: Fraction(2)})
_TURNING_WITH_EQUIPMENT_S = MappingProxyType({Posture.PRONE: Fraction(4), Posture.SUPINE: Fraction(3)})


def turning_s(position: str | None, *, equipment: bool) -> Fraction:
    """Seconds to change sides in a position, above those that any change of sides takes.

    Most changes move one limb; the coach's own time for it (``change sides``) is enough. On the side the whole body
    rolls over, 4 s; half-kneeling one shifts the weight and swaps the knees, 2 s. Lying on a ball or a roller, or in a
    strap, one gets off, takes it across and settles on it again: 4 s face down, 3 s on the back.
    """
    found = None if position is None else posture(position)
    if found is None:
        return Fraction(0)
    extra_s = _TURNING_WITH_EQUIPMENT_S.get(found) if equipment else None
    return extra_s or _TURNING_S.get(found, Fraction(0))
