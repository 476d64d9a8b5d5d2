"""Routine and timeline → what the session of a day holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from voicecoach.library import Library
from voicecoach.model.course import DayContent, Done
from voicecoach.model.exercise import Dose, Measure, Quantity, Unit
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    IncludeStep,
    IntervalsStep,
    Prescription,
    RepeatStep,
    Routine,
    Step,
    prescribe,
)
from voicecoach.model.timeline import Timeline
from voicecoach.publish.handout.writer import Writer
from voicecoach.text.fill import fill
from voicecoach.text.wording import Wording


def content_of(routine: Routine, timeline: Timeline, library: Library, *, title: str | None = None) -> DayContent:
    """Tell what a session holds.

    Parameters
    ----------
    routine
        As it is done: adapted to the day and the person, fitted to a length, its includes resolved
        (`voicecoach.model.session.Outcome.routine`).
    timeline
        Of that routine; its length is told.
    library
        The exercises that the routine names.
    title
        The routine's own title, where a heading is laid over that of ``routine``; None: there is none.
    """
    writer = Writer(routine, timeline.length_s, library)
    return DayContent(
        title=writer.title if title is None else fill(title, dict(routine.variables)),
        length_s=float(timeline.length_s),
        done=tuple(_done(routine.steps, writer, 1)),
        equipment=tuple(text.words for text in writer.sheet(full=False, form=0).needs),
    )


def _done(steps: Sequence[Step], writer: Writer, rounds: int) -> Iterator[Done]:
    """Give all that is done, in order; what is done in rounds once, with their number."""
    for step in steps:
        if isinstance(step, IncludeStep):
            yield from _done(step.steps, writer, rounds)
        elif isinstance(step, RepeatStep):
            yield from _done(step.steps, writer, rounds * step.times.count)
        elif isinstance(step, ExerciseStep):
            yield _exercise(prescribe(step, writer.exercise(step)), writer, rounds)
        elif isinstance(step, IntervalsStep):
            yield from _intervals(step, writer, rounds * step.rounds.count)
        elif isinstance(step, BreatheStep):
            yield _breathing(step, writer, rounds)


def _exercise(plan: Prescription, writer: Writer, rounds: int) -> Done:
    dose = plan.dose
    assert dose is not None
    name = fill(plan.exercise.name, writer.values)
    amount = dose.length_s if dose.measure.timed else dose.count
    return Done(name, _in_rounds(writer.doses.amount(plan), writer, rounds), dose.measure.value, float(amount), rounds)


def _intervals(step: IntervalsStep, writer: Writer, rounds: int) -> Iterator[Done]:
    for one in step.of:
        plan = replace(prescribe(one, writer.exercise(one)), sets=1)
        if step.kind != "emom":
            plan = replace(plan, dose=Dose(Measure.TIME, Quantity.of(step.work_s)))
        yield _exercise(plan, writer, rounds)


def _breathing(step: BreatheStep, writer: Writer, rounds: int) -> Done:
    whole_s = step.pattern.whole_s
    count = max(1, round(Fraction(step.amount.least) / whole_s)) if step.unit is Unit.SECONDS else step.amount.count
    name = fill(step.name, writer.values) if step.name else writer.labels("breathing")
    return Done(
        name, _in_rounds(writer.doses.breaths(count), writer, rounds), Measure.BREATHS.value, float(count), rounds
    )


def _in_rounds(dose: str, writer: Writer, rounds: int) -> str:
    return dose + rounds_behind(rounds, writer.labels)


def rounds_behind(rounds: int, labels: Wording) -> str:
    """Tell how many rounds, as it stands behind a dose; nothing of a single one."""
    return f", {labels('rounds', n=rounds)}" if rounds > 1 else ""
