"""Doses in plain words: ``2 × 8 repetitions each side``, ``slowly: 2 s each way``."""

from __future__ import annotations

from fractions import Fraction

from voicecoach.model.exercise import Dose, Measure, Sides, Tempo
from voicecoach.model.routine import Prescription
from voicecoach.model.units import HOUR_S, MINUTE_S, decimal
from voicecoach.text.wording import Wording

SLOW_FROM_S = Fraction(4)
"""A repetition that takes so long is told to be slow."""
_SIDES = {Sides.EACH: "each-side", Sides.ALTERNATE: "in-turn", Sides.LEFT: "only-left", Sides.RIGHT: "only-right"}
_THERE_AND_BACK = ("there", "hold-there", "back", "hold-back")
_BREATH = ("breathe-in", "breathe-full", "breathe-out", "breathe-empty")


class Doses:
    """Tells how much, with the labels of one language."""

    def __init__(self, labels: Wording) -> None:
        self.labels = labels

    def length(self, length_s: Fraction) -> str:
        """A length of time, exact: ``30 s``, ``1 min 30 s``, ``2.5 s``."""
        hours, rest_s = divmod(length_s, HOUR_S)
        minutes, seconds = divmod(rest_s, MINUTE_S)
        parts = [("hours", Fraction(hours)), ("minutes", Fraction(minutes)), ("seconds", seconds)]
        return " ".join(self.labels(unit, n=self._number(n)) for unit, n in parts if n) or self.labels("seconds", n="0")

    def about(self, length_s: Fraction) -> str:
        """The length of a session: to the minute, a short one to the second."""
        minutes_s = round(length_s / MINUTE_S) * MINUTE_S
        return self.length(Fraction(minutes_s if length_s >= 2 * MINUTE_S else round(length_s)))

    def amount(self, plan: Prescription) -> str:
        """How much is done, on which sides; as it is done in this session, so no range."""
        return self.sided(self._sets(plan), plan.sides)

    def sided(self, dose: str, sides: Sides) -> str:
        """Say on which sides, where it is not both at once."""
        return self.labels(_SIDES[sides], dose=dose) if sides in _SIDES else dose

    def how_fast(self, plan: Prescription) -> str | None:
        """Tempo of repetitions, pattern of breaths; None for what has neither."""
        measure = plan.dose.measure if plan.dose is not None else None
        if measure is Measure.BREATHS:
            return self.breath(plan.pattern)
        return self.tempo(plan.tempo) if measure is Measure.REPS else None

    def tempo(self, tempo: Tempo) -> str:
        """How fast a repetition is. The two ways of one are told apart only where they differ."""
        slow = tempo.whole_s >= SLOW_FROM_S
        if tempo.down_s == tempo.up_s and not tempo.low_s and not tempo.high_s:
            return self.labels("slow-pace" if slow else "pace", length=self.length(tempo.down_s))
        parts = self._parts(tempo, _THERE_AND_BACK)
        return self.labels("slowly", parts=parts) if slow else parts

    def breath(self, pattern: Tempo) -> str:
        """How a breath goes: ``in 4 s, hold 2 s, out 6 s``."""
        return self._parts(pattern, _BREATH)

    def breaths(self, count: int) -> str:
        """A number of breaths."""
        return self.labels("breaths", n=count)

    def _sets(self, plan: Prescription) -> str:
        assert plan.dose is not None
        once = self._once(plan.dose)
        return self.labels("sets", n=plan.sets, dose=once) if plan.sets > 1 else once

    def _once(self, dose: Dose) -> str:
        if dose.measure.timed:
            return self.labels(dose.measure.value, length=self.length(dose.length_s))
        return self.labels(dose.measure.value, n=dose.count)

    def _parts(self, tempo: Tempo, names: tuple[str, ...]) -> str:
        pairs = zip(names, tempo.parts_s, strict=True)
        return ", ".join(self.labels(name, length=self.length(length_s)) for name, length_s in pairs if length_s)

    def _number(self, n: Fraction) -> str:
        return decimal(n).replace(".", self.labels("point"))
