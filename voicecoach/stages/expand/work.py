"""The exact spans: holds, times, repetitions, cycles and breaths, with the marks and words inside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.model.cuescript import Cue, Earcon, EarconCue, Priority, ScriptSpan, SpanKind, SpokenCue, Where
from voicecoach.model.exercise import Exercise, Measure, Phrase, Side, Tempo
from voicecoach.model.routine import CoachSettings, MidCue, Prescription
from voicecoach.stages.expand.speaker import Speaker
from voicecoach.text.pace import estimate_s

QUIET_S = Fraction(3, 2)
"""Quiet around what is said during a hold (clock rule 6)."""
AFTER_MARK_S = Fraction(3, 10)
"""Speech that follows a mark begins so long after it."""
BEFORE_MARK_S = Fraction(2, 10)
"""Speech that announces a mark ends so long before it."""
LEAST_BEFORE_TICK_S = Fraction(1)
"""A countdown tick sounds no sooner after the start, or the two would be one noise."""
HALFWAY_FROM_S = Fraction(20)
"""Shorter holds are over before one wonders."""
LEFT_FROM_S, LEFT_S = Fraction(90), Fraction(30)
"""From this length on, what is left is said at 30 s before the end."""
SLACK_S = Fraction(8)
"""How much later than wanted a word during a hold may come."""
WORDED_BREATHS = 2
"""Breaths whose phases are said; after them the sounds alone lead."""
LEAST_WORD_S = Fraction(3, 2)
"""A phase of a breath shorter than this has no room for a word."""


@dataclass(frozen=True)
class Work:
    """What is done in one exact span.

    Attributes
    ----------
    plan
        The exercise as the step wants it.
    coach
        How the coach behaves here.
    cues
        The author's own words during it.
    voiced
        The coach speaks during it.
    variant
        Which variant of the coach's words, the same on both sides.
    """

    speaker: Speaker
    plan: Prescription
    coach: CoachSettings
    cues: tuple[MidCue, ...]
    voiced: bool
    variant: int

    @property
    def exercise(self) -> Exercise:
        """The exercise done."""
        return self.plan.exercise

    def span(self, where: Where, side: Side | None) -> ScriptSpan:
        """Make the span of one set, on one side."""
        assert self.plan.dose is not None
        measure = self.plan.dose.measure
        if measure.timed:
            return self.timed(where, side, self.plan.dose.length_s, measure)
        if measure is Measure.REPS:
            return self._reps(where, side, self.plan.dose.count)
        if measure is Measure.CYCLES:
            return self._cycles(where, side, self.plan.dose.count)
        return breaths(
            self.speaker, where, self.plan.pattern, self.plan.dose.count, voiced=self.voiced, variant=self.variant
        )

    def timed(self, where: Where, side: Side | None, length_s: Fraction, measure: Measure) -> ScriptSpan:
        """Make a hold or time: start, what is said in the middle, countdown, end."""
        ticks = [length_s - before for before in range(self.coach.countdown, 0, -1)]
        ticks = [at_s for at_s in ticks if at_s >= LEAST_BEFORE_TICK_S]
        cues: list[Cue] = [EarconCue(Earcon.START, Fraction(0))]
        half_s = length_s / 2
        free_until_s = (ticks[0] if ticks else length_s) - QUIET_S
        marked = self.coach.halfway and length_s >= HALFWAY_FROM_S and half_s + LEAST_BEFORE_TICK_S <= free_until_s
        if marked:
            cues.append(EarconCue(Earcon.HALFWAY, half_s))
        cues += [EarconCue(Earcon.TICK, at_s) for at_s in ticks]
        cues.append(EarconCue(Earcon.END, length_s))
        if self.voiced:
            cues += self._said_inside(length_s, half_s if marked else None, free_until_s, side)
            cues += self._counted(ticks)
        kind = SpanKind.HOLD if measure is Measure.HOLD else SpanKind.TIME
        return ScriptSpan(kind, where, tuple(cues), length_s)

    def _said_inside(
        self, length_s: Fraction, half_s: Fraction | None, done_by_s: Fraction, side: Side | None
    ) -> Sequence[SpokenCue]:
        """Order what is said in the middle of a hold by its moment; `place` fits it into the quiet that there is."""
        said: list[tuple[Fraction, str, str, Priority]] = []
        for number, cue in enumerate(self.cues, start=1):
            even_s = length_s * number / (len(self.cues) + 1)
            share_s = even_s if cue.share is None else cue.share * length_s
            said.append((share_s if cue.at_s is None else cue.at_s, cue.text, "cue", Priority.USEFUL))
        if half_s is not None and all(abs(at_s - half_s) >= SLACK_S / 2 for at_s, *_ in said):
            halfway = self.speaker.words("halfway", variant=self.variant)
            said.append((half_s + AFTER_MARK_S, halfway, "halfway", Priority.USEFUL))
        if length_s >= LEFT_FROM_S:
            left = self.speaker.words("time-left", variant=self.variant, length=self.speaker.words.length(LEFT_S))
            said.append((length_s - LEFT_S, left, "time left", Priority.USEFUL))
        said += self._reminders(length_s, [at_s for at_s, *_ in said])
        made = []
        for at_s, text, role, priority in sorted(said, key=lambda one: one[0]):
            begin_s = max(at_s, QUIET_S)
            by_s = min(begin_s + SLACK_S + estimate_s(text), done_by_s)
            values = self._values(side, length_s - begin_s)
            made.append(
                self.speaker.say(
                    text, role, values, priority=priority, not_before_s=begin_s, done_by_s=by_s, quiet_s=QUIET_S
                )
            )
        return made

    def _reminders(
        self, length_s: Fraction, taken_s: Sequence[Fraction]
    ) -> Sequence[tuple[Fraction, str, str, Priority]]:
        """Say what to mind again and again, in turn, but not near anything else that is said."""
        every_s, phrases = self.plan.remind_every_s, self._form()
        if every_s is None or not phrases:
            return ()
        times_s = [every_s * n for n in range(1, math.ceil(length_s / every_s))]
        times_s = [at_s for at_s in times_s if length_s - at_s > self.coach.countdown + SLACK_S / 2]
        free_s = [at_s for at_s in times_s if all(abs(at_s - other_s) >= SLACK_S / 2 for other_s in taken_s)]
        return [(at_s, phrases[n % len(phrases)].shortest, "reminder", Priority.EXTRA) for n, at_s in enumerate(free_s)]

    def _form(self) -> tuple[Phrase, ...]:
        breath = (self.exercise.breath,) if self.exercise.breath is not None else ()
        return (*self.exercise.form, *breath)

    def _values(self, side: Side | None, left_s: Fraction) -> dict[str, str]:
        remaining = self.speaker.words.length(left_s)
        return {
            "remaining": remaining,
            "exercise": self.exercise.spoken_name,
            **self.speaker.sides(side, self.exercise.language),
        }

    def _counted(self, ticks: Sequence[Fraction]) -> Sequence[SpokenCue]:
        """Count the last seconds aloud, each after its tick and before the next."""
        if not self.coach.spoken_countdown:
            return ()
        return [
            self.speaker.say(
                self.speaker.words("number", n=len(ticks) - n),
                "countdown",
                priority=Priority.EXTRA,
                not_before_s=at_s + AFTER_MARK_S / 3,
                done_by_s=at_s + 1,
            )
            for n, at_s in enumerate(ticks)
        ]

    def _reps(self, where: Where, side: Side | None, count: int) -> ScriptSpan:
        """Begin each repetition with a tap and announce the last one; in turn, first one side, then the other."""
        rep_s, turns = self.plan.tempo.whole_s, self.plan.turns
        alternate = side is None and len(turns) > 1
        whole = count * len(turns) if alternate else count
        sides = [turns[n % len(turns)] if alternate else None for n in range(whole)]
        cues: list[Cue] = [
            EarconCue(Earcon.REP, rep_s * n, rep=n + 1, side=turn.value if turn else None)
            for n, turn in enumerate(sides)
        ]
        cues.append(EarconCue(Earcon.END, rep_s * whole))
        if self.voiced:
            cues += [
                self.speaker.say(
                    self.speaker.sided("turn", turn),
                    "side",
                    priority=Priority.EXTRA,
                    not_before_s=rep_s * n + AFTER_MARK_S / 3,
                    done_by_s=rep_s * (n + 1) - BEFORE_MARK_S,
                    rep=n + 1,
                )
                for n, turn in enumerate(sides[: 2 * WORDED_BREATHS])
                if turn is not None
            ]
            cues += self._last(rep_s * (whole - 1), whole)
        return ScriptSpan(SpanKind.REPS, where, tuple(cues), rep_s * whole)

    def _last(self, at_s: Fraction, number: int) -> Sequence[SpokenCue]:
        """Announce the last repetition or cycle, so that the words end just before it."""
        if number < 2:
            return ()
        text = self.speaker.words("last-rep", variant=self.variant)
        by_s = at_s - BEFORE_MARK_S
        return (self.speaker.say(text, "rep", priority=Priority.USEFUL, done_by_s=by_s, late=True, rep=number),)

    def _cycles(self, where: Where, side: Side | None, count: int) -> ScriptSpan:
        """Lead through the phases of each cycle: a tap begins a cycle, another sound each further phase."""
        cues: list[Cue] = []
        cycle_s, phases = self.exercise.cycle_s, self.plan.phases
        values = self.speaker.sides(side, self.exercise.language)
        for number in range(count):
            at_s = cycle_s * number
            for index, phase in enumerate(phases):
                cues.append(EarconCue(Earcon.OUT if index else Earcon.REP, at_s, rep=number + 1))
                if self.voiced:
                    word = self.speaker.say(
                        phase.say.shortest,
                        "phase",
                        values,
                        priority=Priority.USEFUL,
                        rep=number + 1,
                        not_before_s=at_s + AFTER_MARK_S,
                        done_by_s=at_s + phase.length_s - BEFORE_MARK_S,
                    )
                    cues.append(word)
                at_s += phase.length_s
            if self.voiced and number == count - 2:
                cues += self._last(cycle_s * (count - 1), count)
        cues.append(EarconCue(Earcon.END, cycle_s * count))
        return ScriptSpan(SpanKind.CYCLES, where, tuple(cues), cycle_s * count)


def breaths(speaker: Speaker, where: Where, pattern: Tempo, count: int, *, voiced: bool, variant: int) -> ScriptSpan:
    """Pace breaths: a rising sound begins each breath in, a falling one each breath out; the first ones with words.

    Parameters
    ----------
    pattern
        In, hold, out, hold, in seconds.
    count
        Number of breaths.
    voiced
        The coach speaks.
    """
    words = ("breathe-in", "breathe-full", "breathe-out", "breathe-empty")
    sounds = (Earcon.IN, None, Earcon.OUT, None)
    whole_s = pattern.whole_s
    cues: list[Cue] = []
    for number in range(count):
        at_s = whole_s * number
        for length_s, word, sound in zip(pattern.parts_s, words, sounds, strict=True):
            if length_s and sound is not None:
                cues.append(EarconCue(sound, at_s, rep=number + 1))
            if voiced and number < WORDED_BREATHS and length_s >= LEAST_WORD_S:
                text = speaker.words(word, variant=variant)
                from_s, by_s = at_s + AFTER_MARK_S, at_s + length_s - BEFORE_MARK_S
                said = speaker.say(
                    text, "breath", priority=Priority.USEFUL, rep=number + 1, not_before_s=from_s, done_by_s=by_s
                )
                cues.append(said)
            at_s += length_s
        if voiced and number == count - 2 and count > WORDED_BREATHS + 1:
            text = speaker.words("last-breath", variant=variant)
            by_s = whole_s * (count - 1) - BEFORE_MARK_S
            cues.append(speaker.say(text, "breath", priority=Priority.USEFUL, done_by_s=by_s, late=True, rep=count))
    cues.append(EarconCue(Earcon.END, whole_s * count))
    return ScriptSpan(SpanKind.BREATHE, where, tuple(cues), whole_s * count)
