"""Course → iCalendar (RFC 5545), for the calendar of whoever does it: the only door to icalendar."""

from __future__ import annotations

import datetime as dt
import json
import math
import uuid
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from voicecoach.model.course import Course, CourseDay
from voicecoach.model.units import MINUTE_S
from voicecoach.publish.course.words import Contents, CourseWords
from voicecoach.publish.plot.lettering import clean

if TYPE_CHECKING:
    from icalendar import Calendar, Event

ALARM_BEFORE = dt.timedelta(minutes=10)
"""When a phone reminds of a session: time enough to clear the floor and get what is needed."""
REFRESHED = dt.timedelta(days=1)
"""How often who subscribes may look again."""
USUAL_LENGTH = dt.timedelta(minutes=15)
"""What a session of unknown length takes of the day."""
_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "https://voicecoach.invalid/course")


def calendar_bytes(
    course: Course,
    contents: Contents,
    *,
    at: dt.time | None = None,
    urls: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Write the calendar of a course.

    A session is an event of its own; so is a day of rest with a word for it. An event keeps its UID when the course is
    built again from the same day on for the same person: it is changed in their calendar, not doubled.

    Parameters
    ----------
    course
        It has a start.
    contents
        What the days hold, by `CourseDay.session`.
    at
        When sessions begin, by the clock on the wall wherever one is, with a reminder before; None: they take the whole
        day, which stays free for other things.
    urls
        Where sessions can be heard, by `CourseDay.session`.

    Returns
    -------
    bytes
        UTF-8; lines of at most 75 bytes that end in CR LF. The same course gives the same bytes.

    Raises
    ------
    ValueError
        The course has no start.
    """
    from icalendar import Calendar, vText

    if course.start is None:
        raise ValueError("a course without a start has no calendar")
    words = CourseWords(course, contents)
    calendar = Calendar()
    calendar.add("prodid", "-//voicecoach//voicecoach//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("NAME", "X-WR-CALNAME"):  # the standard's, RFC 7986, and the one that calendars have long read
        calendar.add(name, vText(clean(course.title)))
    if course.description:
        for name in ("DESCRIPTION", "X-WR-CALDESC"):
            calendar.add(name, vText(clean(course.description)))
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    for day in course.days:
        if day.rests and not day.note:
            continue
        calendar.add_component(_event(day, words, at, urls.get(day.session, "")))
    return _written(calendar)


def _written(calendar: Calendar) -> bytes:
    data: bytes = calendar.to_ical()
    return data


def _event(day: CourseDay, words: CourseWords, at: dt.time | None, url: str) -> Event:
    from icalendar import Event

    assert day.date is not None
    event = Event()
    event.add("uid", _uid(words.course, day))
    event.add("dtstamp", dt.datetime.combine(words.course.start or day.date, dt.time(), dt.timezone.utc))  # noqa: UP017
    event.add("sequence", 0)
    event.add("summary", words.title(day))
    described = "\n".join(_described(day, words, url))
    if described:
        event.add("description", described)
    event.add("categories", [clean(words.course.title)])
    if url:
        event.add("url", url)
    if at is None or day.rests:
        event.add("dtstart", day.date)
        event.add("dtend", day.date + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        return event
    event.add("dtstart", dt.datetime.combine(day.date, at.replace(microsecond=0, tzinfo=None)))
    event.add("duration", _takes(day, words))
    event.add("transp", "OPAQUE")
    event.add_component(_alarm(words.title(day)))
    return event


def _alarm(summary: str) -> Event:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -ALARM_BEFORE)
    alarm.add("description", summary)
    return alarm


def _takes(day: CourseDay, words: CourseWords) -> dt.timedelta:
    """How long a session takes, in whole minutes, none too few."""
    content = words.content(day)
    if content is None:
        return USUAL_LENGTH
    return dt.timedelta(minutes=max(1, math.ceil(round(content.length_s, 3) / MINUTE_S)))


def _described(day: CourseDay, words: CourseWords, url: str) -> Iterator[str]:
    """Tell of a session, a line each."""
    content = words.content(day)
    if content is not None:
        yield clean(words.labels("about-length", length=words.length(day)))
    if content is not None and content.equipment:
        yield clean(f"{words.labels('needs')}: {', '.join(content.equipment)}")
    if day.note and not day.rests:
        yield clean(day.note)
    if day.swapped:
        yield words.labels("course-swapped")
    if content is not None and content.done:
        yield ""
        yield from (clean(f"{one.name}: {one.dose}") for one in content.done)
    if url:
        yield ""
        yield url


def _uid(course: Course, day: CourseDay) -> str:
    """Name an event for ever: the programme, from when on, whose it is, and which day of it."""
    person = dict(day.profile.variables).get("name", "")
    told = [course.name, course.start.isoformat() if course.start else "", person, day.week, day.day]
    return f"{uuid.uuid5(_OURS, json.dumps(told, ensure_ascii=True))}@voicecoach"
