"""A course: a programme laid over the days of somebody's calendar, and what is done on each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from voicecoach.model.heading import Heading
from voicecoach.model.profile import Profile


@dataclass(frozen=True)
class CourseDay:
    """One day.

    Attributes
    ----------
    week, day
        From 1; ``day`` counts within the week, to 7.
    date
        None where no start was given.
    number
        Which session of the course this is, from 1; None on a day of rest.
    routine
        As the programme names it; None on a day of rest.
    session
        Where its session goes: a path relative to the course's folder, ``/`` between, without ending; "" on a day of
        rest.
    title
        What it is called instead of what its routine is called; "" for that.
    profile
        What of the routine is changed on this day: how far the course has come, and the person's own.
    heading
        What stands over its session.
    lighter
        It is in a week that goes back a little (a deload week).
    swapped
        It begins with the other side than the routine says.
    note
        The author's word for the day, such as what to do on a day of rest.
    """

    week: int
    day: int
    date: dt.date | None = None
    number: int | None = None
    routine: str | None = None
    session: str = ""
    title: str = ""
    profile: Profile = field(default_factory=Profile)
    heading: Heading = field(default_factory=Heading)
    lighter: bool = False
    swapped: bool = False
    note: str = ""

    @property
    def rests(self) -> bool:
        """There is no session on it."""
        return self.routine is None


@dataclass(frozen=True)
class CourseWeek:
    """A week.

    Attributes
    ----------
    number
        From 1.
    title
        The author's word for it, or "".
    days
        Seven of them, in order.
    goal
        How far it has come, in words for people: ``holds +10s, repetitions +2, talk brief``; "" where nothing changes.
    lighter
        It goes back a little.
    """

    number: int
    title: str
    days: tuple[CourseDay, ...]
    goal: str = ""
    lighter: bool = False

    @property
    def sessions(self) -> int:
        """How many days have a session."""
        return sum(not day.rests for day in self.days)


@dataclass(frozen=True)
class Course:
    """A programme for somebody.

    Attributes
    ----------
    name
        Of the programme: its file's name without folder and ending.
    title, description, author, language
        As in a routine; variables are filled in.
    start
        Its first day, or None.
    weeks
        In order.
    """

    name: str
    title: str
    weeks: tuple[CourseWeek, ...]
    description: str = ""
    author: str = ""
    language: str = "en"
    start: dt.date | None = None

    @property
    def days(self) -> Iterator[CourseDay]:
        """All days, in order."""
        return (day for week in self.weeks for day in week.days)

    @property
    def sessions(self) -> Iterator[CourseDay]:
        """The days with a session, in order."""
        return (day for day in self.days if not day.rests)


@dataclass(frozen=True)
class Done:
    """One thing to do in a session, for people.

    Attributes
    ----------
    name
        Of the exercise.
    dose
        ``35 s each side``, ``12 reps``.
    measure
        What is measured, as `voicecoach.model.exercise.Measure` has it: ``hold``, ``reps`` …; "" where it is not known.
    amount
        How much, once and on one side: seconds of a hold or a time, else a count.
    rounds
        How often all of it is done; its dose tells that, too.
    """

    name: str
    dose: str
    measure: str = ""
    amount: float = 0.0
    rounds: int = 1


@dataclass(frozen=True)
class DayContent:
    """What the session of a day holds.

    Attributes
    ----------
    title
        Of its routine, with nothing of the course in it.
    length_s
        Of the session, seconds; estimated where it is not built.
    done
        In order.
    equipment
        What it needs.
    """

    title: str
    length_s: float
    done: tuple[Done, ...] = ()
    equipment: tuple[str, ...] = ()
