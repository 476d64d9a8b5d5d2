"""A programme over a calendar: days, numbers, names, how far it has come, and which side begins."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.program.programs import LIBRARY, program, texts
from voicecoach.model.change import Change
from voicecoach.model.course import Course, CourseDay
from voicecoach.model.profile import Profile
from voicecoach.model.routine import Talk
from voicecoach.program.reading import read_program
from voicecoach.program.schedule import schedule
from voicecoach.publish.feed.listing import natural, season_numbers
from voicecoach.source.nodes import SourceFile

TUESDAY = dt.date(2026, 12, 1)
HOLD = Fraction(30)


def course(text: str, start: dt.date | None = TUESDAY, person: Profile | None = None) -> Course:
    return schedule(program(text), start, person or Profile())


def held_s(day: CourseDay) -> Fraction:
    """How long a hold of 30 s is on a day."""
    return HOLD if day.profile.hold is None else day.profile.hold.of(HOLD)


def by_week(made: Course) -> list[Fraction]:
    """How long a hold of 30 s is, week by week; all days of a week are alike."""
    weeks = [{held_s(day) for day in week.days if not day.rests} for week in made.weeks]
    assert all(len(week) == 1 for week in weeks)
    return [week.pop() for week in weeks]


@settings(max_examples=60)
@given(texts(), st.dates(dt.date(1999, 1, 1), dt.date(2100, 1, 1)))
def test_any_course_is_whole(text: str, start: dt.date) -> None:
    """Dates follow one another; sessions are numbered; names are one each, sort, and are read as seasons."""
    made, _ = read_program(SourceFile("c", text), "c", LIBRARY)
    assert made is not None
    laid = schedule(made, start, Profile())
    days = list(laid.days)
    assert [day.date for day in days] == [start + dt.timedelta(days=at) for at in range(7 * len(made.weeks))]
    assert [(day.week, day.day) for day in days] == [(at // 7 + 1, at % 7 + 1) for at in range(len(days))]
    sessions = list(laid.sessions)
    assert [day.number for day in sessions] == list(range(1, len(sessions) + 1))
    names = [day.session for day in sessions]
    assert len({name.casefold() for name in names}) == len(names)
    assert names == sorted(names) == sorted(names, key=natural)
    seasons = season_numbers([name.partition("/")[0] for name in names])
    assert all(seasons[day.session.partition("/")[0]] == day.week for day in sessions)
    assert len({day.heading.title for day in sessions}) == len(sessions)
    assert all(day.heading.date == str(day.date) and day.heading.series == "Any" for day in sessions)


@settings(max_examples=60)
@given(texts())
def test_any_course_grows_to_its_limit_and_no_further(text: str) -> None:
    """From week to week holds never become shorter, but in a lighter week, and never longer than 'up to'."""
    made, _ = read_program(SourceFile("c", text), "c", LIBRARY)
    assert made is not None
    assert made.growing.hold is not None
    most = made.growing.hold.by.most
    assert most is not None
    before = HOLD
    for week in schedule(made, None, Profile()).weeks:
        for day in week.days:
            if day.rests:
                continue
            if week.lighter:
                assert held_s(day) == before * Fraction(4, 5)
            else:
                assert before <= held_s(day) <= most
        if not week.lighter and week.sessions:
            before = next(held_s(day) for day in week.days if not day.rests)


@settings(max_examples=60)
@given(texts())
def test_any_course_takes_sides_in_turn(text: str) -> None:
    made, _ = read_program(SourceFile("c", text), "c", LIBRARY)
    assert made is not None
    sides = defaultdict(list)
    for day in schedule(made, None, Profile()).sessions:
        assert day.swapped == day.profile.swap_sides
        sides[day.routine].append(day.swapped)
    for swapped in sides.values():
        assert swapped == [made.alternate and at % 2 == 1 for at in range(len(swapped))]


def test_weekdays_are_those_of_the_calendar() -> None:
    """A week that starts on a Tuesday has its Monday at the end; without a date, weeks begin on Mondays."""
    text = "days: {monday: morning, sunday: {rest: A walk.}, friday: calm-down}"
    (week, *_) = course(text).weeks
    done = [(f"{day.date:%A}", day.routine) for day in week.days if day.date is not None and not day.rests]
    assert done == [("Friday", "calm-down"), ("Monday", "morning")]
    assert [(f"{day.date:%A}", day.note) for day in week.days if day.note and day.date] == [("Sunday", "A walk.")]
    assert [day.day for day in week.days if not day.rests] == [4, 7]
    assert [day.day for day in course(text, None).weeks[0].days if not day.rests] == [1, 5]


def test_a_list_of_days_begins_with_the_start() -> None:
    days = list(course("days: [rest, morning]").days)[:3]
    assert [(day.date, day.routine) for day in days] == [
        (TUESDAY, None),
        (dt.date(2026, 12, 2), "morning"),
        (dt.date(2026, 12, 3), None),
    ]


def test_leap_days_and_new_year() -> None:
    dates = [day.date for day in course("weeks: 2", dt.date(2028, 2, 22)).days]
    assert dates[7] == dt.date(2028, 2, 29)
    assert dates[8] == dt.date(2028, 3, 1)
    assert [day.date for day in course("weeks: 1", dt.date(2026, 12, 30)).days][2] == dt.date(2027, 1, 1)


def test_the_calendar_ends() -> None:
    with pytest.raises(OverflowError):
        course("weeks: 52", dt.date(9999, 12, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("progress: {hold: '+5s a week, up to 45s'}", [30, 35, 40, 45, 45, 45]),
        ("progress: {hold: +10s every 2 weeks}", [30, 30, 40, 40, 50, 50]),
        ("progress: {hold: +10s every other week up to 45s}", [30, 30, 40, 40, 45, 45]),
        ("progress: {hold: {by: +5s, every: 3 weeks, up to: 33s}}", [30, 30, 30, 33, 33, 33]),
        ("progress: {hold: {by: x2, every: 2}}", [30, 30, 60, 60, 120, 120]),
        ("progress: {hold: x1.1 weekly up to 36s}", [30, 33, 36, 36, 36, 36]),
        ("progress: {hold: -5s a week}", [30, 25, 20, 15, 10, 5]),
        ("progress: {hold: +5s a week}\nlighter: {every: 3 weeks, hold: x0.8}", [30, 35, 28, 40, 45, 36]),
        ("progress: {hold: +5s a week}\nlighter: {weeks: 2}", [30, 24, 35, 40, 45, 50]),
        ("progress: {hold: +5s a week}\nlighter: {weeks: [1], hold: -10s}", [20, 30, 35, 40, 45, 50]),
    ],
)
def test_holds_grow(text: str, expected: list[int]) -> None:
    assert by_week(course(f"weeks: 6\n{text}")) == expected


def test_what_is_nearer_goes_before() -> None:
    """The day goes before the week, that before what grows and is lighter; the person comes on top of it."""
    text = """\
        weeks:
          - {}
          - {hold: +1s, lighter: yes, talk: cues}
          - {lighter: yes, title: "Easy, {name}"}
          - {lighter: no}
        days: [morning, {routine: calm-down, hold: +2s, talk: bells, swap sides: yes}]
        progress: {hold: +5s a week, talk: [teach, brief]}
        lighter: {every: 4 weeks, hold: x0.5}
        with: {name: friend}
        """
    mornings = [week.days[0] for week in course(text).weeks]
    assert [held_s(day) for day in mornings] == [30, 31, Fraction(30, 2), 35]
    assert [day.profile.talk for day in mornings] == [Talk.TEACH, Talk.CUES, Talk.BRIEF, Talk.BRIEF]
    assert [day.lighter for day in mornings] == [False, True, True, False]
    calm = [week.days[1] for week in course(text).weeks]
    assert [(held_s(day), day.profile.talk, day.swapped) for day in calm] == [(32, Talk.BELLS, True)] * 4
    person = Profile(hold=Change(factor=Fraction(2)), talk=Talk.TEACH, swap_sides=True, variables=(("name", "Sam"),))
    mine = course(text, person=person)
    assert [held_s(week.days[0]) for week in mine.weeks] == [60, 62, 30, 70]
    assert {day.profile.talk for day in mine.sessions} == {Talk.TEACH}
    assert [day.swapped for day in mine.weeks[0].days if not day.rests] == [True, False]
    assert [week.title for week in mine.weeks] == ["", "", "Easy, Sam", ""]
    assert all(day.profile.variables == (("name", "Sam"),) for day in mine.sessions)


def test_talk_fades_by_how_often_a_routine_came() -> None:
    days = course("weeks: 2\ndays: [morning, calm-down, morning.yaml]\nprogress: {talk: once}").sessions
    assert [day.profile.talk for day in days] == [Talk.TEACH, Talk.TEACH, *[Talk.BRIEF] * 4]


def test_goals_are_told_in_words() -> None:
    text = """\
        weeks: 4
        progress: {hold: "+5s a week, up to 60s", reps: +1 every 2 weeks, rest: x0.9 a week, talk: [teach, brief]}
        lighter: {weeks: [4], hold: x0.8, rounds: -1}
        """
    assert [week.goal for week in course(text).weeks] == [
        "talk teach",
        "holds +5s up to 1 min, rests ×0.9, talk brief",
        "holds +10s up to 1 min, repetitions +1, rests ×0.81, talk brief",
        "holds +10s up to 1 min then ×0.8, repetitions +1, rounds -1, rests ×0.81, talk brief",
    ]


def test_titles_are_filled_and_the_routines_own_stays() -> None:
    text = """\
        title: For {name}
        description: Made for {name}.
        days: [morning, {routine: calm-down, title: "Rest, {name}", note: "Well done, {name}."}]
        session title: "{number}. {title} ({week}.{day}), {name}"
        with: {name: Sam, week: no}
        """
    made = course(text)
    first, second = list(made.sessions)[:2]
    assert (made.title, made.description) == ("For Sam", "Made for Sam.")
    assert first.heading.title == "1. {title} (1.1), Sam"
    assert first.heading.description is None
    assert second.heading.title == "2. Rest, Sam (1.2), Sam"
    assert second.heading.description == "Well done, Sam. {description}"


def test_names_of_sessions_are_files_everywhere() -> None:
    from voicecoach.program.schedule import _file_name

    assert _file_name('a<b>:"c"/\\|?*.') == "a-b---c------"
    assert _file_name("con. .") == "con"
    assert _file_name("e\u0301\u202e\n") == "\u00e9--"
    assert _file_name("...") == "session"
    assert len(_file_name("x" * 300)) == 80


def test_the_same_start_gives_the_same_course() -> None:
    text = "progress: {hold: +5s a week}\ndays: [morning, calm-down]"
    assert course(text) == course(text)
    assert course(text, None) != course(text)
