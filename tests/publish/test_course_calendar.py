"""The calendar of a course: read by two libraries, and by the rules of RFC 5545 themselves."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests.publish.courses import START, contents, course
from voicecoach.model.course import Course, CourseDay
from voicecoach.model.heading import Heading
from voicecoach.model.profile import Profile
from voicecoach.publish.course.calendar import calendar_bytes

NASTY = 'Größe, "A;B": \\n and a \\ – 膝の体操\x0b\u2028 ' + "Запястье и колено; " * 9
PLAIN = course(2)


def read(data: bytes) -> Any:
    return Calendar.from_ical(data)


def events(data: bytes) -> list[Any]:
    return list(read(data).walk("VEVENT"))


def one_day(title: str, note: str) -> Course:
    made = course(1, title=title)
    days = list(made.weeks[0].days)
    days[0] = replace(days[0], heading=Heading(title), note=note)
    days[6] = replace(days[6], note=note)
    return replace(made, weeks=(replace(made.weeks[0], days=tuple(days)),), description=note)


def test_each_session_is_an_event_on_its_day_and_a_rest_with_a_word_is_one_too() -> None:
    found = events(calendar_bytes(PLAIN, contents(PLAIN)))
    expected = [day for day in PLAIN.days if not day.rests or day.note]
    assert [event.decoded("dtstart") for event in found] == [day.date for day in expected]
    assert len(found) == 2 * 5 + 2
    assert str(found[0]["summary"]) == "Week 1, day 1: Morning hips"
    assert str(found[5]["summary"]) == "Rest: An easy walk, if you like."
    for event in found:
        assert event.decoded("dtend") - event.decoded("dtstart") == dt.timedelta(days=1)
        assert type(event.decoded("dtstart")) is dt.date
        assert event["transp"] == "TRANSPARENT"
        assert not event.walk("VALARM"), "an alarm of a whole day rings at midnight"


def test_with_a_time_of_day_sessions_begin_then_wherever_one_is() -> None:
    held = contents(PLAIN)
    found = events(calendar_bytes(PLAIN, held, at=dt.time(7, 30)))
    for event, day in zip(found, [day for day in PLAIN.days if not day.rests or day.note], strict=True):
        if day.rests:
            assert event.decoded("dtstart") == day.date
            continue
        assert day.date is not None
        assert event.decoded("dtstart") == dt.datetime.combine(day.date, dt.time(7, 30))
        assert event.decoded("dtstart").tzinfo is None
        assert "TZID" not in event["dtstart"].params
        length_s = held[day.session].length_s
        assert 0 <= event.decoded("duration").total_seconds() - length_s < 60
        assert event.decoded("duration").total_seconds() % 60 == 0
        assert event["transp"] == "OPAQUE"
        (alarm,) = event.walk("VALARM")
        assert alarm["action"] == "DISPLAY"
        assert alarm.decoded("trigger") == dt.timedelta(minutes=-10)
        assert str(alarm["description"]) == str(event["summary"])


@pytest.mark.parametrize(("length_s", "minutes"), [(60.0, 1), (60.4, 2), (0.0, 1), (840.0, 14), (839.9999999, 14)])
def test_a_duration_is_whole_minutes_and_none_too_few(length_s: float, minutes: int) -> None:
    held = {session: replace(one, length_s=length_s) for session, one in contents(PLAIN).items()}
    assert events(calendar_bytes(PLAIN, held, at=dt.time(7)))[0].decoded("duration") == dt.timedelta(minutes=minutes)


def test_an_event_tells_what_is_done_and_where_it_is_heard() -> None:
    url = "https://example.org/s?a=1,2;b=é&c"
    first = next(PLAIN.sessions)
    event = events(calendar_bytes(PLAIN, contents(PLAIN), urls={first.session: url}))[0]
    lines = str(event["description"]).splitlines()
    assert lines[0] == "about 14 min"
    assert "Figure four stretch: hold 30 s each side" in lines
    assert "Split squat: 2 × 10 repetitions each side" in lines
    assert lines[-1] == url == str(event["url"])
    assert "url" not in events(calendar_bytes(PLAIN, contents(PLAIN)))[0]
    second = events(calendar_bytes(PLAIN, contents(PLAIN)))[1]
    assert "Have ready: chair" in str(second["description"]).splitlines()
    assert "Begins with the other side" in str(second["description"]).splitlines()


def test_a_session_that_is_not_known_stands_there_all_the_same() -> None:
    (event, *_) = events(calendar_bytes(PLAIN, {}, at=dt.time(8)))
    assert str(event["summary"]) == "Week 1, day 1: morning"
    assert event.decoded("duration") == dt.timedelta(minutes=15)


def test_uids_stay_when_a_course_is_built_again_and_differ_between_days_starts_and_people() -> None:
    def uids(of: Course) -> list[str]:
        return [str(event["uid"]) for event in events(calendar_bytes(of, contents(of)))]

    first = uids(PLAIN)
    assert len(set(first)) == len(first)
    renamed = replace(PLAIN, title="Another title")
    assert uids(renamed) == first
    assert uids(course(3))[: len(first)] == first, "longer, the days before are the same"
    for other in (course(2, START + dt.timedelta(days=1)), course(2, person=Profile(variables=(("name", "Sam"),)))):
        theirs = {uid for uid, event in zip(uids(other), events(calendar_bytes(other, {})), strict=True)}
        assert len(theirs & set(first)) <= 2, "a day of rest is nobody's"


def test_the_same_course_gives_the_same_bytes_and_no_clock() -> None:
    data = calendar_bytes(PLAIN, contents(PLAIN), at=dt.time(6))
    assert data == calendar_bytes(course(2), contents(course(2)), at=dt.time(6))
    assert {event.decoded("dtstamp") for event in events(data)} == {dt.datetime(2026, 12, 1, tzinfo=dt.UTC)}


def rules(data: bytes) -> None:
    """What RFC 5545 asks of the bytes (3.1, 3.3.11) and of a published calendar."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no letter is torn in two
        assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", line)
    lines = data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    for line in lines:
        assert re.match(r"[A-Z-]+(;[A-Z-]+=[^;:,]+)*:", line), line
        name, _, value = line.partition(":")
        if name in {"SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME"}:
            assert not re.search(r"(?<!\\)(\\\\)*[;,]", re.sub(r"\\[\\;,nN]", "", value)), line
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines.count("VERSION:2.0") == lines.count("METHOD:PUBLISH") == 1
    for component in re.findall(r"BEGIN:VEVENT\n.*?END:VEVENT", "\n".join(lines), re.DOTALL):
        for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"):
            assert len(re.findall(rf"^{name}[;:]", component.partition("BEGIN:VALARM")[0], re.MULTILINE)) == 1


@pytest.mark.parametrize("at", [None, dt.time(7, 30, 15, 999)])
def test_the_bytes_keep_the_rules_and_two_readers_agree(at: dt.time | None) -> None:
    nasty = one_day(NASTY, NASTY)
    data = calendar_bytes(nasty, contents(nasty), at=at, urls={"week 1/1 morning": "https://example.org/a?b=1;c"})
    rules(data)
    other = vobject.readOne(data.decode())
    ours = events(data)
    assert [str(event["summary"]) for event in ours] == [event.summary.value for event in other.vevent_list]
    assert [event.decoded("dtstart") for event in ours] == [event.dtstart.value for event in other.vevent_list]
    assert str(ours[0]["description"]) == other.vevent_list[0].description.value
    assert str(ours[0]["summary"]).startswith('Größe, "A;B": \\n and a \\ – 膝の体操 Запястье')
    for name in ("name", "x-wr-calname"):
        written = re.sub(
            r"\\([\\;,])", r"\1", str(read(data)[name])
        )  # the library keeps what it has no type for as it stands
        assert written.startswith('Größe, "A;B": \\n and a \\ – 膝の体操')


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=40)
def test_whatever_an_author_writes_is_read_back(title: str, note: str) -> None:
    nasty = one_day(title, note)
    data = calendar_bytes(nasty, contents(nasty))
    rules(data)
    assert len(events(data)) == len([*vobject.readOne(data.decode()).vevent_list]) == (6 if note else 5)


def test_years_end_and_leap_days_are_on_their_day() -> None:
    for start in (dt.date(2027, 12, 28), dt.date(2028, 2, 26), dt.date(2026, 3, 26)):
        made = course(2, start)
        dates = [event.decoded("dtstart") for event in events(calendar_bytes(made, contents(made)))]
        assert dates == [day.date for day in made.days if not day.rests or day.note]


def test_without_a_start_there_is_no_calendar() -> None:
    with pytest.raises(ValueError, match="without a start"):
        calendar_bytes(course(1, None), {})


@pytest.mark.parametrize(("language", "told"), [("de", "etwa 14 Min."), ("es", "unos 14 min"), ("fr", "about 14 min")])
def test_it_speaks_the_language_of_the_course(language: str, told: str) -> None:
    made = course(1, language=language)
    assert str(events(calendar_bytes(made, contents(made)))[0]["description"]).startswith(told)


def test_a_day_that_has_both_a_session_and_a_note_tells_it() -> None:
    made = one_day("T", "Take it easy.")
    assert "Take it easy." in str(events(calendar_bytes(made, contents(made)))[0]["description"]).splitlines()
    assert isinstance(next(made.days), CourseDay)
