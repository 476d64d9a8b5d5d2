"""What is said in the middle of a hold or time; `place` fits it into the quiet that there is (clock rule 6)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from voicecoach.model.cuescript import Priority, SpokenCue
from voicecoach.model.exercise import Phrase, Side
from voicecoach.model.routine import MidCue, Prescription
from voicecoach.stages.expand.moments import AFTER_MARK_S, BEFORE_ONSET_S
from voicecoach.stages.expand.remaining import TRUE_S, around, left
from voicecoach.stages.expand.speaker import Speaker
from voicecoach.text.fill import fill, variables

QUIET_S = Fraction(3, 2)
"""Quiet around what is said during a hold (clock rule 6)."""
APART_S = Fraction(6)
"""What the coach says by itself stays so far from anything else that is wanted, or is not wanted at all."""
LEAST_REMINDER_S = Fraction(3)
"""A reminder is wanted so long before quiet begins, or not at all."""
OWN_S = Fraction(2)
"""An author's cue that says when it comes is that much early or late at most."""
SPREAD_S = Fraction(8)
"""One that does not say when, that much."""
HALFWAY_BY_S = Fraction(2)
"""So long after the middle "halfway" is still true."""
SHORT_LEFT = (Fraction(45), Fraction(10))
LEFT = ((Fraction(90), Fraction(30)), (Fraction(180), Fraction(60)), (Fraction(900), Fraction(300)))
"""From which length on one is told when how much of it is left, all in seconds. The short call is for lengths that have
no longer one."""


@dataclass(frozen=True)
class Inside:
    """What is said inside one hold or time.

    Attributes
    ----------
    speaker
        Makes the spoken cues.
    plan
        The exercise as the step wants it.
    cues
        The author's own words.
    variant
        Which variant of the coach's words.
    side
        The side that works, or None.
    length_s
        How long it lasts.
    half_s
        When the middle is marked, or None.
    done_by_s
        When quiet begins, before the countdown.
    """

    speaker: Speaker
    plan: Prescription
    cues: tuple[MidCue, ...]
    variant: int
    side: Side | None
    length_s: Fraction
    half_s: Fraction | None
    done_by_s: Fraction

    def said(self) -> Sequence[SpokenCue]:
        """All spoken cues, in the order of the moments that they are wanted at."""
        made = list(self._own())
        for more in (self._halfway(), self._left(), self._reminders(made)):
            made += [cue for cue in more if _apart(_wanted_s(cue), made)]
        return sorted(made, key=_wanted_s)

    def _own(self) -> Iterator[SpokenCue]:
        """Say the author's words near the moments that they ask for; without one, spread evenly."""
        spacing_s = self.length_s / (len(self.cues) + 1)
        for number, cue in enumerate(self.cues, start=1):
            at_s = cue.at_s if cue.share is None else cue.share * self.length_s
            sooner_s = later_s = OWN_S
            if at_s is None:
                at_s = spacing_s * number
                sooner_s = later_s = min(SPREAD_S, spacing_s / 2)
            remaining = ""
            if "remaining" in variables(cue.text):
                left_s = self._told_left_s(cue.text, max(at_s, QUIET_S))
                remaining = self.speaker.words.length(left_s)
                at_s, sooner_s, later_s = self.length_s - left_s, TRUE_S, TRUE_S
            placing = around(at_s, sooner_s, later_s, from_s=QUIET_S)
            yield self._say(cue.text, "cue", Priority.USEFUL, remaining=remaining, **placing)

    def _told_left_s(self, text: str, at_s: Fraction) -> int:
        """Seconds left at the moment nearest to ``at_s`` that leaves whole seconds, and where no mark is in the way."""
        left_s = math.floor(self.length_s - at_s + Fraction(1, 2))
        from_s = QUIET_S
        if self.half_s is not None:
            begin_s = self.length_s - left_s
            told = fill(text, {"remaining": self.speaker.words.length(left_s)})
            end_s = begin_s + self.speaker.takes_s(told) + BEFORE_ONSET_S
            if begin_s < self.half_s + AFTER_MARK_S and end_s > self.half_s:
                from_s = self.half_s + AFTER_MARK_S
        return max(0, min(left_s, math.floor(self.length_s - from_s)))

    def _halfway(self) -> Iterator[SpokenCue]:
        if self.half_s is not None:
            placing = around(self.half_s + AFTER_MARK_S, Fraction(0), HALFWAY_BY_S - AFTER_MARK_S, from_s=QUIET_S)
            yield self.speaker.message(
                "halfway",
                "halfway",
                variant=self.variant,
                priority=Priority.USEFUL,
                done_by_s=self.done_by_s,
                quiet_s=QUIET_S,
                **placing,
            )

    def _left(self) -> Iterator[SpokenCue]:
        """Say how much is left, once or twice."""
        calls = [left_s for from_s, left_s in LEFT if self.length_s >= from_s]
        if not calls and self.length_s >= SHORT_LEFT[0]:
            calls = [SHORT_LEFT[1]]
        for left_s in sorted(calls, reverse=True):
            cue = left(self.speaker, self.length_s, left_s, self.variant, done_by_s=self.done_by_s, quiet_s=QUIET_S)
            if _wanted_s(cue) + self.speaker.takes_s(cue.text, cue.role) <= self.done_by_s:
                yield cue

    def _reminders(self, made: Sequence[SpokenCue]) -> Iterator[SpokenCue]:
        """Say what to mind again and again, in turn, in full the first time; half the time between them is leeway.

        Once one has been told that it is nearly over, there is no more of it.
        """
        every_s, phrases = self.plan.remind_every_s, self._form()
        if every_s is None or not phrases:
            return
        calls_s = (_wanted_s(cue) for cue in made if cue.role == "time left")
        last_s = min(self.done_by_s - LEAST_REMINDER_S, max(calls_s, default=self.length_s))
        times_s = (every_s * n for n in range(1, math.ceil(self.length_s / every_s)))
        for n, at_s in enumerate(at_s for at_s in times_s if at_s <= last_s and _apart(at_s, made)):
            phrase = phrases[n % len(phrases)]
            text = phrase.full if n < len(phrases) else phrase.shortest
            placing = around(at_s, every_s / 2, every_s / 2, from_s=QUIET_S)
            yield self._say(text, "reminder", Priority.EXTRA, brief=phrase.brief, **placing)

    def _form(self) -> tuple[Phrase, ...]:
        exercise = self.plan.exercise
        return (*exercise.form, *((exercise.breath,) if exercise.breath is not None else ()))

    def _say(self, text: str, role: str, priority: Priority, *, remaining: str = "", **placing: Any) -> SpokenCue:
        exercise = self.plan.exercise
        sides = self.speaker.sides(self.side, exercise.language)
        values = {"remaining": remaining, "exercise": exercise.spoken_name, **sides}
        return self.speaker.say(
            text, role, values, priority=priority, done_by_s=self.done_by_s, quiet_s=QUIET_S, **placing
        )


def _wanted_s(cue: SpokenCue) -> Fraction:
    assert cue.at_s is not None
    return cue.at_s


def _apart(at_s: Fraction, made: Sequence[SpokenCue]) -> bool:
    """Nothing else is wanted near that moment."""
    return all(abs(at_s - _wanted_s(other)) >= APART_S for other in made)
