"""Intervals: work and rest by the clock, once through the exercises a round, every side of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from voicecoach.model.cuescript import Cue, Earcon, EarconCue, Gap, Priority, ScriptSpan, SpanKind, Where
from voicecoach.model.exercise import Dose, Measure, Quantity, Side
from voicecoach.model.routine import ExerciseStep, IntervalsStep, Prescription, Talk, changed, prescribe
from voicecoach.stages.expand.work import QUIET_S, Work

if TYPE_CHECKING:
    from voicecoach.stages.expand.session import Session


LEAST_REST_S = Fraction(1)
"""A shorter rest has no room for the sound of an end before that of a start."""


def _ends(cue: Cue) -> bool:
    return isinstance(cue, EarconCue) and cue.earcon is Earcon.END


@dataclass(frozen=True)
class _Interval:
    """One stretch of work."""

    step: ExerciseStep
    plan: Prescription
    side: Side | None
    round: int


class Intervals:
    """Everything of one intervals step.

    Parameters
    ----------
    session
        The session that it is part of.
    step
        What to do.
    number, part
        Number of the step, and what a chapter's title has around the exercise's name.
    """

    def __init__(self, session: Session, step: IntervalsStep, number: int, part: str) -> None:
        self.session = session
        self.speaker = session.speaker
        self.words = session.words
        self.step = step
        self.number = number
        self.part = part
        self.rounds = step.rounds.count

    def spans(self) -> Iterator[ScriptSpan]:
        """All spans in order: what comes is told first, then the clock rules."""
        intervals = tuple(self._intervals())
        yield self._set_up(intervals[0])
        for index, interval in enumerate(intervals):
            following = intervals[index + 1] if index + 1 < len(intervals) else None
            work = self._work(interval, chapter=index > 0)
            rest_s = self._rest_s(work)
            if following is None:
                yield work
            elif rest_s < LEAST_REST_S:
                # The start of the next is the end of this one; two sounds at one moment would be neither.
                yield replace(work, cues=tuple(cue for cue in work.cues if not _ends(cue)))
            else:
                yield work
            if following is not None and rest_s > 0:
                yield self._rest(following, rest_s, interval)
        for exercise_step in self.step.of:
            self.session.taught.add(exercise_step.exercise)
            self.session.moved(self.session.exercise(exercise_step))

    def _intervals(self) -> Iterator[_Interval]:
        for number in range(1, self.rounds + 1):
            for step in self.step.of:
                plan = replace(prescribe(step, self.session.exercise(step)), sets=1)
                for side in plan.turns:
                    yield _Interval(step, plan, side, number)

    def _rest_s(self, work: ScriptSpan) -> Fraction:
        """Rest as told; every minute on the minute, what is left of it."""
        assert work.length_s is not None
        return self.step.work_s - work.length_s if self.step.kind == "emom" else self.step.rest_s

    def _set_up(self, first: _Interval) -> ScriptSpan:
        words, length = self.words, self.words.length
        gap = Gap(self.session.coach.get_ready_s + self.session.coach.move_s)
        chapter = self._chapter(first)
        where = Where(self.number)
        if not self.session.voiced:
            return ScriptSpan(SpanKind.SET_UP, where, (gap,), chapter=chapter)
        texts = [f"{self.step.name}."] if self.step.name else []
        texts.append(words("intervals", rounds=self.rounds))
        if self.step.kind == "emom" or not self.step.rest_s:
            texts.append(words("every", length=length(self.step.work_s)))
        else:
            texts.append(words("intervals-times", work=length(self.step.work_s), rest=length(self.step.rest_s)))
        for step in self.step.of:
            texts += self._taught(step)
        texts += [self._next(first), words("at-the-bell", variant=self.number)]
        return ScriptSpan(
            SpanKind.SET_UP, where, (*self.speaker.sentences(*texts, role="set-up"), gap), chapter=chapter
        )

    def _taught(self, step: ExerciseStep) -> list[str]:
        """Tell how an exercise is done, before the clock runs."""
        exercise, talk = self.session.exercise(step), self.session.talk(step)
        plan = prescribe(step, exercise)
        told = [f"{exercise.spoken_name}."]
        if exercise.set_up is not None and talk in {Talk.TEACH, Talk.BRIEF}:
            text = exercise.set_up.full if talk is Talk.TEACH else exercise.set_up.shortest
            told.append(self.speaker.filled(text, plan.turns[0], exercise.language))
        return told

    def _work(self, interval: _Interval, *, chapter: bool) -> ScriptSpan:
        plan = interval.plan
        coach = changed(self.session.coach, (("halfway", False), *interval.step.coach))
        if self.step.kind != "emom":
            plan = replace(plan, dose=Dose(Measure.TIME, Quantity.of(self.step.work_s)))
        work = Work(self.speaker, plan, coach, interval.step.cues, self.session.voiced, self.number)
        span = work.span(self._where(interval), interval.side)
        return replace(span, chapter=self._chapter(interval)) if chapter else span

    def _rest(self, following: _Interval, length_s: Fraction, done: _Interval) -> ScriptSpan:
        """Rest; say what comes next and, where there is time, how to get there."""
        cues: list[Cue] = [EarconCue(Earcon.REST)]
        if self.session.voiced:
            next_up = self._next(following)
            cues.append(self.speaker.say(next_up, "next up", priority=Priority.USEFUL, done_by_s=length_s))
            exercise = following.plan.exercise
            if exercise.set_up is not None and (following.step is not done.step or following.side is not done.side):
                text = self.speaker.filled(exercise.set_up.shortest, following.side, exercise.language)
                by_s = length_s - QUIET_S
                cues.append(self.speaker.say(text, "set-up", priority=Priority.EXTRA, done_by_s=by_s))
        return ScriptSpan(SpanKind.REST, self._where(done), tuple(cues), length_s)

    def _next(self, interval: _Interval) -> str:
        name = interval.plan.exercise.spoken_name
        if interval.side is not None:
            name = self.speaker.sided("chapter-side", interval.side, name=name)
        return self.words("work-next", name=name)

    def _where(self, interval: _Interval) -> Where:
        side = interval.side.value if interval.side else None
        return Where(self.number, interval.step.exercise, side, interval.round)

    def _chapter(self, interval: _Interval) -> str:
        name = interval.plan.exercise.name
        if interval.side is not None:
            name = self.speaker.sided("chapter-side", interval.side, name=name)
        if self.rounds > 1:
            name = self.words("chapter-round", name=name, round=interval.round, rounds=self.rounds)
        return self.part.replace("{name}", name)
