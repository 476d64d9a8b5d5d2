"""A programme laid over the days of a calendar, for somebody. It is pure: nothing is read, nothing is built."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from voicecoach.library.named import name_of
from voicecoach.model.course import Course, CourseDay, CourseWeek
from voicecoach.model.heading import Heading
from voicecoach.model.profile import Profile, laid_over
from voicecoach.model.program import DAYS_A_WEEK, Program, ProgramDay
from voicecoach.program import progress
from voicecoach.text.fill import fill

MOST_NAME_CHARS = 80
_UNFIT = re.compile(r'[<>:"/\\|?*]')


def schedule(program: Program, start: dt.date | None, person: Profile) -> Course:
    """Lay a programme over the calendar.

    Parameters
    ----------
    program
        Without errors.
    start
        Its first day; None: it has no dates, and its weeks begin on Mondays where that counts.
    person
        What whoever does it wants changed, after all that the programme changes.

    Raises
    ------
    OverflowError
        It would go on beyond the year 9999.
    """
    values = dict(laid_over(person.variables, program.variables))
    title = fill(program.title, values)
    making = _Making(program, start, person, values, Heading(series=title, author=fill(program.author, values) or None))
    return Course(
        name=program.name,
        title=title,
        weeks=tuple(making.week(number) for number in range(1, len(program.weeks) + 1)),
        description=fill(program.description, values),
        author=fill(program.author, values),
        language=program.language,
        start=start,
    )


@dataclass
class _Making:
    """Makes the weeks of a course, in order: what came before counts."""

    program: Program
    start: dt.date | None
    person: Profile
    values: Mapping[str, str]
    heading: Heading
    done: Counter[str] = field(default_factory=Counter)

    def week(self, number: int) -> CourseWeek:
        week = self.program.weeks[number - 1]
        first = self.start.weekday() if self.start is not None and week.by_weekday else 0
        days = [week.days[(first + at) % DAYS_A_WEEK] for at in range(DAYS_A_WEEK)]
        made = tuple(self._day(number, at, day) for at, day in enumerate(days, start=1))
        goal = progress.goal(self.program, number)
        return CourseWeek(number, fill(week.title, self.values), made, goal, week.lighter)

    def _day(self, week: int, number: int, day: ProgramDay) -> CourseDay:
        date = None
        if self.start is not None:
            date = self.start + dt.timedelta(days=(week - 1) * DAYS_A_WEEK + number - 1)
        own = {**self.values, **dict(day.profile.variables)}
        note = fill(day.note, own)
        made = CourseDay(week, number, date, note=note, lighter=self.program.weeks[week - 1].lighter)
        if day.routine is None:
            return made
        name = name_of(day.routine)
        profile = self._profile(week, day, before=self.done[name])
        self.done[name] += 1
        return replace(
            made,
            number=self.done.total(),
            routine=day.routine,
            session=self._session(week, number, name),
            title=fill(day.title, own),
            profile=profile,
            heading=self._heading(made, fill(day.title, own), own),
            swapped=profile.swap_sides,
        )

    def _profile(self, week: int, day: ProgramDay, before: int) -> Profile:
        """How far the programme has come; before it goes what the day says, and then the person has their own."""
        said = progress.talk(self.program, week, first=not before)
        grown = replace(progress.amounts(self.program, week), talk=said, variables=self.program.variables)
        swapped = day.profile.swap_sides != (self.program.alternate and before % 2 == 1)
        return self.person.further(replace(day.profile.over(grown), swap_sides=swapped))

    def _heading(self, made: CourseDay, title: str, own: Mapping[str, str]) -> Heading:
        """``{title}`` that the day does not say stays: it stands for the routine's own."""
        known = {**own, "week": str(made.week), "day": str(made.day), "number": str(self.done.total())}
        known["title"] = title or "{title}"
        date = None if made.date is None else made.date.isoformat()
        note = f"{made.note} {{description}}" if made.note else None
        return replace(self.heading, title=fill(self.program.session_title, known), date=date, description=note)

    def _session(self, week: int, number: int, name: str) -> str:
        """A folder a week, which a feed takes for a season; names sort, and every system can have them."""
        width = len(str(len(self.program.weeks)))
        return f"week {week:0{width}}/{number} {_file_name(name)}"


def _file_name(name: str) -> str:
    """Make a name that Windows, too, can give to a file; a number and a space stand before it."""
    plain = unicodedata.normalize("NFC", _UNFIT.sub("-", name))
    printable = "".join(letter if letter.isprintable() else "-" for letter in plain)
    return printable[:MOST_NAME_CHARS].rstrip(" .") or "session"
