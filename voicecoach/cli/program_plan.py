"""What a course comes to, planned day by day: lengths, doses, and the faults of its routines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from voicecoach.cli.program_file import sources_of
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from voicecoach.library.named import Named
    from voicecoach.model.course import Course, CourseDay, DayContent
    from voicecoach.model.timeline import Timeline
    from voicecoach.pipeline import Workshop
    from voicecoach.source.nodes import SourceFile


@dataclass(frozen=True)
class Measured:
    """What a timeline holds of one exercise.

    Attributes
    ----------
    name
        Of the exercise, for people.
    kind
        ``hold``, ``time``, ``reps`` or ``cycles``.
    amount
        How long each time, seconds, to the frame; or how many.
    times
        How often in the session, on each side.
    """

    name: str
    kind: str
    amount: Fraction
    times: int

    @property
    def told(self) -> str:
        """For people: ``35s``, ``12×2``."""
        from voicecoach.model.units import decimal, short

        size = short(self.amount) if self.kind in ("hold", "time") else decimal(self.amount)
        return f"{size}×{self.times}" if self.times > 1 else size


@dataclass(frozen=True)
class PlannedDay:
    """A day with a session, planned.

    Attributes
    ----------
    title
        Of the session.
    content
        What it holds.
    measured
        By exercise, in order.
    has_sides
        Something of it is done one side after the other.
    notes
        What was changed of its routine.
    """

    title: str
    content: DayContent
    measured: Mapping[str, Measured]
    has_sides: bool = False
    notes: tuple[str, ...] = ()


@dataclass
class CoursePlan:
    """A course, planned: its days by session, and why others cannot be built, by session."""

    days: dict[str, PlannedDay] = field(default_factory=dict)
    sources: dict[str, SourceFile] = field(default_factory=dict)
    failed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: dict[str, None] = field(default_factory=dict)

    @property
    def contents(self) -> dict[str, DayContent]:
        """What the sessions hold."""
        return {session: day.content for session, day in self.days.items()}


def plan_course(course: Course, found: Named, shop: Workshop, tell: Callable[[int, int], None]) -> CoursePlan:
    """Plan every session with estimated lengths of speech.

    Parameters
    ----------
    course
        Laid over the calendar.
    found
        The programme that it comes from; routines are looked for beside it.
    shop
        No voice of it is used.
    tell
        Is told how many of how many are planned.
    """
    days = list(course.sessions)
    sources, bad = sources_of(days, found, shop.library)
    titles = {word: _own_title(source, word, shop) for word, source in sources.items()}
    made = CoursePlan(sources=sources)
    for at, day in enumerate(days):
        tell(at, len(days))
        assert day.routine is not None
        if day.routine in bad:
            made.failed[day.session] = bad[day.routine]
        else:
            _plan_day(day, sources[day.routine], titles.get(day.routine), shop, made)
    tell(len(days), len(days))
    return made


def told_truly(course: Course, plan: CoursePlan) -> Course:
    """Return a course whose days are not said to begin with the other side where nothing of them has sides."""

    def told(day: CourseDay) -> CourseDay:
        planned = plan.days.get(day.session)
        return replace(day, swapped=day.swapped and planned is not None and planned.has_sides)

    weeks = (replace(week, days=tuple(map(told, week.days))) for week in course.weeks)
    return replace(course, weeks=tuple(weeks))


def _own_title(source: SourceFile, word: str, shop: Workshop) -> str | None:
    """Give what a routine is called with nothing of the course in it."""
    from voicecoach.library.named import name_of
    from voicecoach.source.nodes import Sources
    from voicecoach.stages.parse import parse

    routine, _ = parse(Sources(source), name_of(word), shop.library.beside(source))
    return None if routine is None else routine.title


def _plan_day(day: CourseDay, source: SourceFile, title: str | None, shop: Workshop, made: CoursePlan) -> None:
    from voicecoach.library.named import name_of
    from voicecoach.model.diagnostic import Severity
    from voicecoach.pipeline import plan
    from voicecoach.publish.course.content import content_of

    assert day.routine is not None
    options = replace(shop.options, profile=day.profile, heading=day.heading)
    try:
        outcome = plan(source, name_of(day.routine), replace(shop, options=options))
    except VoicecoachError as error:  # the day's length cannot be had; the others are planned all the same
        made.failed[day.session] = (f"error: {error}",)
        return
    for fault in outcome.faults:
        if fault.severity is Severity.WARNING:
            made.warnings[fault.render()] = None
    if outcome.timeline is None or outcome.routine is None:
        made.failed[day.session] = tuple(fault.render() for fault in outcome.faults)
        return
    content = content_of(outcome.routine, outcome.timeline, shop.library.beside(source), title=day.title or title)
    timeline = outcome.timeline
    has_sides = any(span.side is not None for span in timeline.spans)
    planned = PlannedDay(timeline.title, content, measure(timeline), has_sides, outcome.notes)
    made.days[day.session] = planned


def measure(timeline: Timeline) -> dict[str, Measured]:
    """Measure in a timeline how much is done of each exercise."""
    from voicecoach.model.units import to_seconds

    found: dict[str, Measured] = {}
    done: dict[tuple[str, str | None], int] = {}
    for span in timeline.spans:
        if span.kind not in ("hold", "time", "reps", "cycles") or span.exercise is None:
            continue
        amount = to_seconds(span.frames, timeline.sample_rate)
        if span.kind in ("reps", "cycles"):
            numbers = (c.rep for track in timeline.tracks for c in track.clips if span.start <= c.start < span.end)
            amount = Fraction(max((number for number in numbers if number is not None), default=0))
        done[span.exercise, span.side] = done.get((span.exercise, span.side), 0) + 1
        times = max(count for (exercise, _), count in done.items() if exercise == span.exercise)
        found[span.exercise] = Measured(span.name or span.exercise, span.kind, amount, times)
    return found


def show_failed(failed: Mapping[str, tuple[str, ...]]) -> None:
    """Show why sessions cannot be built: each reason once, with the sessions that it keeps from being."""
    reasons: dict[tuple[str, ...], list[str]] = {}
    for session, told in failed.items():
        reasons.setdefault(told, []).append(session)
    for told, sessions in reasons.items():
        for reason in told:
            click.echo(reason, err=True)
        click.echo(f"so these cannot be built: {', '.join(sessions)}", err=True)
