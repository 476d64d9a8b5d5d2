"""Intervals: work and rest by the clock, once through the exercises a round, every side of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from voicecoach.model.cuescript import Cue, Earcon, EarconCue, Gap, Priority, ScriptSpan, SpanKind, SpokenCue, Where
from voicecoach.model.exercise import Dose, Measure, Quantity, Side
from voicecoach.model.routine import ExerciseStep, IntervalsStep, Prescription, Talk, changed, prescribe
from voicecoach.stages.expand.inside import QUIET_S
from voicecoach.stages.expand.rests import AFTER_SOUNDS_S, BEFORE_SET_UP_S, last_calls
from voicecoach.stages.expand.speaker import BETWEEN_SENTENCES_S
from voicecoach.stages.expand.work import Work

if TYPE_CHECKING:
    from voicecoach.stages.expand.session import Session


LEAST_REST_S = Fraction(1)
"""A shorter rest has no room for the sound of an end before that of a start."""
LEAST_TOLD_S = Fraction(3)
"""A shorter rest has no room for what comes next either: it is told before the work ends."""
TICKED_FROM_S = Fraction(5)
"""A rest that is longer than its countdown by this is counted down."""


def _ends(cue: Cue) -> bool:
    return isinstance(cue, EarconCue) and cue.earcon is Earcon.END


@dataclass(frozen=True)
class _Interval:
    """One stretch of work; whether it is the first one of its round."""

    step: ExerciseStep
    plan: Prescription
    side: Side | None
    round: int
    opens_round: bool


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
            if following is None:
                yield work
                continue
            rest_s = self._rest_s(work)
            if rest_s < LEAST_TOLD_S:
                work = replace(work, cues=(*work.cues, *self._told_before_the_end(work, following)))
            if rest_s < LEAST_REST_S:
                # The start of the next is the end of this one; two sounds at one moment would be neither.
                work = replace(work, cues=tuple(cue for cue in work.cues if not _ends(cue)))
            yield work
            if rest_s > 0:
                yield self._rest(following, rest_s, interval)
        for exercise_step in self.step.of:
            self.session.taught.add(exercise_step.exercise)
            self.session.person.does(self.session.exercise(exercise_step))

    def _intervals(self) -> Iterator[_Interval]:
        for number in range(1, self.rounds + 1):
            opens = True
            for step in self.step.of:
                plan = replace(prescribe(step, self.session.exercise(step)), sets=1)
                for side in plan.turns:
                    yield _Interval(step, plan, side, number, opens)
                    opens = False

    def _rest_s(self, work: ScriptSpan) -> Fraction:
        """Rest as told; every minute on the minute, what is left of it."""
        assert work.length_s is not None
        return self.step.work_s - work.length_s if self.step.kind == "emom" else self.step.rest_s

    def _set_up(self, first: _Interval) -> ScriptSpan:
        words, length = self.words, self.words.length
        exercise = first.plan.exercise
        gap = Gap(self.session.coach.get_ready_s + self.session.person.getting_there_s(exercise))
        chapter = self._chapter(first)
        where = Where(self.number, name=self._name, position=exercise.position or self.session.person.position)
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
        texts += [words("work-next", name=self._named(first)), self._begins()]
        return ScriptSpan(
            SpanKind.SET_UP, where, (*self.speaker.sentences(*texts, role="set-up"), gap), chapter=chapter
        )

    def _begins(self) -> str:
        variant = self.number
        return self.words("at-the-tap" if self.step.kind == "emom" else "at-the-bell", variant=variant)

    @property
    def _name(self) -> str | None:
        return None if self.step.name is None else self.speaker.text(self.step.name)

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
        speaker = self.speaker.voiced(interval.step.voice)
        work = Work(speaker, plan, coach, interval.step.cues, self.session.voiced, self.number)
        span = work.span(self._where(interval), interval.side)
        return replace(span, chapter=self._chapter(interval)) if chapter else span

    def _rest(self, following: _Interval, length_s: Fraction, done: _Interval) -> ScriptSpan:
        """Rest; say what comes next and, where there is time, how to get there; tick before the work begins again."""
        ticks_s = self._ticks_s(following, length_s)
        quiet_from_s = ticks_s[0] if ticks_s else length_s
        cues: list[Cue] = [EarconCue(Earcon.REST), *(EarconCue(Earcon.TICK, at_s) for at_s in ticks_s)]
        if self.session.voiced and length_s >= LEAST_TOLD_S:
            said = self._next(following, Priority.USEFUL, done_by_s=quiet_from_s - BEFORE_SET_UP_S)
            cues.append(said)
            if following.step is not done.step or following.side is not done.side:
                from_s = AFTER_SOUNDS_S + self.speaker.takes_s(said.text) + BETWEEN_SENTENCES_S
                cues += self._how(following, from_s, quiet_from_s - QUIET_S)
            cues += last_calls(self.speaker, length_s, self.number)
        return ScriptSpan(SpanKind.REST, self._where(done), tuple(cues), length_s)

    def _ticks_s(self, following: _Interval, rest_s: Fraction) -> tuple[Fraction, ...]:
        """When a rest that is long enough for it counts down to the work: nothing else tells that it is over."""
        countdown = changed(self.session.coach, following.step.coach).countdown
        if rest_s < TICKED_FROM_S + countdown:
            return ()
        return tuple(rest_s - before for before in range(countdown, 0, -1))

    def _how(self, following: _Interval, from_s: Fraction, done_by_s: Fraction) -> Iterator[SpokenCue]:
        """Tell how to get there: in full in the first round of an exercise that is new, where there is time for it."""
        set_up, language = following.plan.exercise.set_up, following.plan.exercise.language
        talk = self.session.talk(following.step)
        if set_up is None or talk not in {Talk.TEACH, Talk.BRIEF}:
            return
        side = following.side or following.plan.turns[0]
        forms = [set_up.full, set_up.shortest] if following.round == 1 and talk is Talk.TEACH else [set_up.shortest]
        for form in forms:
            text = self.speaker.filled(form, side, language)
            if from_s + self.speaker.takes_s(text) <= done_by_s:
                brief = self.speaker.filled(set_up.shortest, side, language)
                yield self.speaker.say(
                    text,
                    "set-up",
                    brief=brief,
                    priority=Priority.EXTRA,
                    at_s=from_s,
                    done_by_s=done_by_s,
                    quiet_s=BETWEEN_SENTENCES_S,
                )
                return

    def _told_before_the_end(self, work: ScriptSpan, following: _Interval) -> Iterator[SpokenCue]:
        """Say what comes next while the work still goes on: there is no rest to say it in."""
        ticks_s = [cue.at_s for cue in work.cues if isinstance(cue, EarconCue) and cue.earcon is Earcon.TICK]
        if self.session.voiced and self.session.coach.next_up and work.length_s is not None:
            quiet_from_s = (ticks_s[0] if ticks_s and ticks_s[0] else work.length_s) - QUIET_S
            yield self._next(following, Priority.USEFUL, not_before_s=QUIET_S, done_by_s=quiet_from_s, late=True)

    def _next(self, interval: _Interval, priority: Priority, **placing: Any) -> SpokenCue:
        """Say what comes next, and at the last round's beginning that it is the last."""
        name = self._named(interval)
        text, brief = self.words("work-next", name=name), self.words.brief("work-next", name=name)
        if interval.opens_round and interval.round == self.rounds > 1:
            last = self.words("last-round")
            text, brief = f"{last} {text}", brief and f"{last} {brief}"
        return self.speaker.say(text, "next up", brief=brief, priority=priority, quiet_s=BETWEEN_SENTENCES_S, **placing)

    def _named(self, interval: _Interval) -> str:
        name = interval.plan.exercise.spoken_name
        return name if interval.side is None else self.speaker.sided("chapter-side", interval.side, name=name)

    def _where(self, interval: _Interval) -> Where:
        exercise, side = interval.plan.exercise, interval.side.value if interval.side else None
        position = exercise.position or self.session.person.position
        return Where(self.number, interval.step.exercise, side, interval.round, exercise.name, position)

    def _chapter(self, interval: _Interval) -> str:
        name = interval.plan.exercise.name
        if interval.side is not None:
            name = self.speaker.sided("chapter-side", interval.side, name=name)
        if self.rounds > 1:
            name = self.words("chapter-round", name=name, round=interval.round, rounds=self.rounds)
        return self.part.replace("{name}", name)
