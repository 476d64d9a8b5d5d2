"""What is left of a time, said while it runs: true to half a second."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from voicecoach.model.cuescript import Priority, SpokenCue
from voicecoach.stages.expand.speaker import Speaker

TRUE_S = Fraction(1, 2)
"""So much sooner or later than it says, what is said of the time left still holds."""


def left(
    speaker: Speaker, length_s: Fraction, left_s: Fraction, variant: int, *, done_by_s: Fraction, quiet_s: Fraction
) -> SpokenCue:
    """Say that so much of a length is left, when it is.

    Parameters
    ----------
    length_s
        Of the span.
    left_s
        What is left, in whole seconds.
    """
    values = {"length": speaker.words.length(left_s)}
    placing = around(length_s - left_s, TRUE_S, TRUE_S, from_s=quiet_s)
    return speaker.message(
        "time-left",
        "time left",
        variant=variant,
        values=values,
        priority=Priority.USEFUL,
        done_by_s=done_by_s,
        quiet_s=quiet_s,
        **placing,
    )


def around(at_s: Fraction, sooner_s: Fraction, later_s: Fraction, *, from_s: Fraction) -> dict[str, Any]:
    """Place a cue near a moment: fields of `SpokenCue`.

    Parameters
    ----------
    at_s
        When it is wanted to begin.
    sooner_s, later_s
        So much sooner and later it may begin.
    from_s
        Never sooner than this.
    """
    first_s = max(from_s, at_s - sooner_s)
    return {"at_s": max(at_s, first_s), "not_before_s": first_s, "begin_by_s": max(first_s, at_s + later_s)}
