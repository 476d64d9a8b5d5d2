"""How a course is told on paper, in a picture and in a calendar: its dates, days, titles, lengths."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

from voicecoach.model.course import Course, CourseDay, CourseWeek, DayContent
from voicecoach.model.units import MINUTE_S
from voicecoach.publish.handout.doses import Doses
from voicecoach.publish.handout.page import DAYS
from voicecoach.publish.page_words import label_words
from voicecoach.publish.plot.lettering import clean

Contents = Mapping[str, DayContent]
"""What the days hold, by `CourseDay.session`."""


class CourseWords:
    """Tells a course with the labels of its language.

    Parameters
    ----------
    course
        A programme for somebody.
    contents
        What the days hold, by `CourseDay.session`; a day that is not there is told without length and doses.
    """

    def __init__(self, course: Course, contents: Contents) -> None:
        self.course = course
        self.contents = contents
        self.labels = label_words(course.language)
        self.doses = Doses(self.labels)

    def content(self, day: CourseDay) -> DayContent | None:
        """What the session of a day holds, or None where that is not known."""
        return self.contents.get(day.session) if day.session else None

    def routine(self, day: CourseDay) -> str:
        """Name the routine of a day, as the programme calls it, as it calls itself, or by its file."""
        content = self.content(day)
        return clean(day.title or (content.title if content is not None else day.routine or ""))

    def title(self, day: CourseDay) -> str:
        """Name the session of a day, or what the day is."""
        if day.rests:
            return self.rest(day)
        heading = day.heading.title or "{title}"
        return clean(heading.replace("{title}", self.routine(day)))

    def rest(self, day: CourseDay) -> str:
        """Name a day of rest, with the author's word for it."""
        note = clean(day.note)
        return self.labels("course-rest-note", note=note) if note else self.labels("course-rest")

    def length(self, day: CourseDay) -> str:
        """About how long the session of a day is; "" where that is not known."""
        content = self.content(day)
        return self.doses.about(Fraction(content.length_s)) if content is not None else ""

    def minutes(self, day: CourseDay) -> str:
        """Whole minutes of a day's session, at least one: ``14``; "" where they are not known."""
        content = self.content(day)
        return str(max(1, round(content.length_s / MINUTE_S))) if content is not None else ""

    def date(self, date: dt.date) -> str:
        """``1 Dec``."""
        return self.labels("date-short", day=str(date.day), month=date.month)

    def full_date(self, date: dt.date) -> str:
        """``1 December 2026``."""
        return self.labels("date-full", day=str(date.day), month=date.month, year=str(date.year))

    def weekday(self, day: CourseDay) -> str:
        """``Mo``; of a course without a start, ``Day 1``."""
        if day.date is None:
            return self.labels("course-day", n=day.day)
        return self.labels("day", day=DAYS[day.date.weekday()])

    def week(self, week: CourseWeek) -> str:
        """``Week 3``, without its title."""
        return self.labels("week", n=week.number)

    def dates(self) -> str:
        """From its first day to its last; "" without a start."""
        dates = [day.date for day in self.course.days if day.date is not None]
        return f"{self.full_date(dates[0])} – {self.full_date(dates[-1])}" if dates else ""

    def facts(self) -> tuple[str, ...]:
        """Its dates where there are some, how many weeks and sessions it has."""
        weeks = self.labels("course-weeks", n=len(self.course.weeks))
        sessions = self.labels("course-sessions", n=sum(week.sessions for week in self.course.weeks))
        dates = self.dates()
        return (*((dates,) if dates else ()), weeks, sessions)

    def equipment(self) -> tuple[str, ...]:
        """What all of it needs, each thing once, in the order in which it is first needed."""
        found = (item for day in self.course.sessions for item in getattr(self.content(day), "equipment", ()))
        return tuple(dict.fromkeys(found))
