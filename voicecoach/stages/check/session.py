"""The session as a whole: whether it ends."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.extent import MOST_S, MOST_STEPS, extent
from voicecoach.model.units import HOUR_S, MINUTE_S, short
from voicecoach.stages.check.checked import Checked

LEAST_LENGTH_S = Fraction(MINUTE_S)
LONG_LENGTH_S = Fraction(3 * HOUR_S)


def session_ends(checked: Checked) -> Iterator[Diagnostic]:
    """A session that would last for days is a slip, and would take days to make."""
    length_s, count = extent(checked.routine.steps, checked.exercise)
    place = checked.place(checked.routine, "steps")
    if length_s > MOST_S:
        message = f"the session would last {float(length_s / HOUR_S):.0f} hours"
        yield checked.error("too-long", message, place, "the longest that is made is 24 hours")
    elif count > MOST_STEPS:
        yield checked.error("too-long", f"the session would have {count} steps", place, f"the most is {MOST_STEPS}")


def length_is_sane(checked: Checked) -> Iterator[Diagnostic]:
    """The length to fit the session to is one that people train for."""
    length_s = checked.routine.length_s
    if length_s is None:
        return
    place = checked.place(checked.routine, "length")
    if length_s > MOST_S:
        message = f"a session of {short(length_s)}"
        yield checked.error("too-long", message, place, "the longest that is made is 24 hours")
    elif not LEAST_LENGTH_S <= length_s <= LONG_LENGTH_S:
        message = f"a session of {short(length_s)}: is that meant?"
        yield checked.warning("extreme", message, place, "write a length such as 15 min")
