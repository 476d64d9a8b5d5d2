"""Moments near a mark: how long before and after the onset of an earcon there may be speech."""

from __future__ import annotations

from fractions import Fraction

AFTER_ONSET_S = Fraction(15, 100)
"""Speech begins so long after the onset of a mark, at the least."""
BEFORE_ONSET_S = Fraction(10, 100)
"""Speech ends so long before the onset of a mark, at the least."""
AFTER_MARK_S = Fraction(3, 10)
"""Speech that a mark of a quarter of a second belongs to begins so long after its onset, and is well heard."""
