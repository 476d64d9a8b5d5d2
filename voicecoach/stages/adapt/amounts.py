"""Amounts under a change: rounded once, and written for people."""

from __future__ import annotations

import math
from fractions import Fraction

from voicecoach.model.change import Change
from voicecoach.model.exercise import Quantity
from voicecoach.model.units import short


def scaled(value: Fraction, change: Change | None) -> Fraction:
    """Change seconds or a count to a whole number, halves up, 1 at least.

    What the change leaves as it is stays, whole or not; so does 0, since there is nothing to change.
    """
    if change is None or value == 0:
        return value
    after = change.of(value)
    return value if after == value else Fraction(max(1, math.floor(after + Fraction(1, 2))))


def scaled_range(amount: Quantity, change: Change | None) -> Quantity:
    """Change an amount at both of its ends."""
    return Quantity(scaled(amount.least, change), scaled(amount.most, change))


def shown(amount: Quantity, *, timed: bool) -> str:
    """Write an amount for people: ``38s``, ``8``, ``24s to 48s``."""
    ends = (amount.least,) if amount.fixed else (amount.least, amount.most)
    return " to ".join(short(end) if timed else str(int(end)) for end in ends)


def shown_change(change: Change, *, timed: bool) -> str:
    """Write a change for people: ``x1.25``, ``+5s up to 45s``, ``+2, then x0.8``."""
    parts = [f"x{float(change.factor):g}"] if change.factor != 1 else []
    if change.plus != 0:
        size = abs(change.plus)
        parts.append(("+" if change.plus > 0 else "-") + (short(size) if timed else f"{float(size):g}"))
    if parts and change.most is not None:
        parts.append(f"up to {short(change.most) if timed else f'{float(change.most):g}'}")
    before = "" if change.earlier is None else shown_change(change.earlier, timed=timed)
    return ", then ".join(part for part in (before, " ".join(parts)) if part)
