"""A programme as its author wrote it: weeks of days, and how the routines grow as the weeks go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from voicecoach.model.change import Change
from voicecoach.model.location import Location
from voicecoach.model.profile import Profile, Variables
from voicecoach.model.routine import Talk

DAYS_A_WEEK = 7
MOST_WEEKS = 52
SESSION_TITLE = "Week {week}, day {day}: {title}"
"""What stands over a session where the programme does not say it."""


@dataclass(frozen=True)
class Growth:
    """How an amount grows.

    Attributes
    ----------
    by
        What is changed each time; its limit is that of all times together.
    every_weeks
        How many weeks lie between two times.
    """

    by: Change
    every_weeks: int = 1

    def after(self, weeks: int) -> Change | None:
        """Return the change after so many weeks; None: not yet any."""
        times = weeks // self.every_weeks
        if times == 0:
            return None
        return Change(Fraction(self.by.factor) ** times, self.by.plus * times, self.by.most)


@dataclass(frozen=True)
class Growing:
    """How each amount grows; None: it stays as it is."""

    hold: Growth | None = None
    reps: Growth | None = None
    rounds: Growth | None = None
    sets: Growth | None = None
    rest: Growth | None = None


@dataclass(frozen=True)
class ProgramDay:
    """What is done on a day.

    Attributes
    ----------
    routine
        As it is written: a file beside the programme, or a built-in routine; None on a day of rest.
    title
        Instead of the routine's own; "" for that.
    note
        The author's word for the day; of a day of rest, what to do on it.
    profile
        What of the routine is changed on this day; it goes before what the programme changes in that week.
    places
        Where what stands in the file.
    """

    routine: str | None = None
    title: str = ""
    note: str = ""
    profile: Profile = field(default_factory=Profile)
    places: Mapping[str, Location] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class ProgramWeek:
    """A week.

    Attributes
    ----------
    days
        Seven of them.
    by_weekday
        The first of them is for Mondays, wherever the week begins; else it is for the day on which the week begins.
    title
        The author's word for it, or "".
    said
        Amounts and talk of this week, instead of those that grow.
    lighter
        It goes back a little.
    places
        Where each key stands; that of "" is where the week begins.
    """

    days: tuple[ProgramDay, ...]
    by_weekday: bool = False
    title: str = ""
    said: Profile = field(default_factory=Profile)
    lighter: bool = False
    places: Mapping[str, Location] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Program:
    """A programme.

    Attributes
    ----------
    name
        Its file's name without folder and ending.
    title, description, author, language, image
        As in a routine; variables are not filled in. Empty where nothing is said; ``language`` is ``en`` then.
    weeks
        In order.
    growing
        How amounts grow from week to week.
    talk
        How much is said, week by week; the last one stays. Empty: as the routines say.
    talk_once
        Instead of that: everything is said the first time that a routine comes, and after that in brief.
    alternate
        Every other session of the same routine begins with the other side.
    less
        What a lighter week changes, on top of what was reached before it.
    variables
        What ``{name}`` and its like stand for.
    session_title
        What stands over a session; ``{week}``, ``{day}``, ``{number}`` and ``{title}`` are filled in.
    places
        Where each key stands.
    """

    name: str
    title: str
    weeks: tuple[ProgramWeek, ...]
    description: str = ""
    author: str = ""
    language: str = "en"
    image: str = ""
    growing: Growing = field(default_factory=Growing)
    talk: tuple[Talk, ...] = ()
    talk_once: bool = False
    alternate: bool = False
    less: Profile = field(default_factory=Profile)
    variables: Variables = ()
    session_title: str = SESSION_TITLE
    places: Mapping[str, Location] = field(default_factory=dict, compare=False)
