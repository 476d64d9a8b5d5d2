"""How long a text takes to speak, before anybody speaks it: for plans without a voice."""

from __future__ import annotations

import re
from fractions import Fraction

CHARACTER_S = Fraction(97, 1000)
"""Seconds a letter or digit sign, at a coach's pace."""
DIGIT_S = Fraction(39, 100)
PAUSE_S = Fraction(55, 100)
START_S = Fraction(1, 100)


def estimate_s(text: str, speed: Fraction = Fraction(1)) -> Fraction:
    """Estimate the length of a normalised text in seconds.

    A linear model of letters, digits and inner pauses. Its figures were fitted to `espeak:en-us` at its default pace
    over the wording of the library (``scripts/fit_pace.py``: total within 1 %, each text within 0.4 s).
    """
    letters = sum(character.isalpha() for character in text)
    digits = sum(character.isdigit() for character in text)
    pauses = len(re.findall(r"[.,;:!?]\s", text))
    return (START_S + letters * CHARACTER_S + digits * DIGIT_S + pauses * PAUSE_S) / speed
