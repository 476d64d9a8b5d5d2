"""Courses for the tests, made by hand: any number of weeks, with progress, days of rest and lighter weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from voicecoach.model.course import Course, CourseDay, CourseWeek, DayContent, Done
from voicecoach.model.heading import Heading
from voicecoach.model.profile import Profile
from voicecoach.model.routine import Talk

START = dt.date(2026, 12, 1)
ROUTINES = ("morning", "knee-relief", None, "nine-moves", "morning", "calm-down", None)
TITLES = {
    "morning": "Morning hips",
    "knee-relief": "Knee relief",
    "nine-moves": "Nine moves for hips and lower back",
    "calm-down": "Calm down",
}
TALKS = (Talk.TEACH, Talk.BRIEF, Talk.BRIEF, Talk.CUES)


def course(
    weeks: int = 4,
    start: dt.date | None = START,
    *,
    language: str = "en",
    title: str = "Hip relief in four weeks",
    lighter: Callable[[int], bool] = lambda number: number % 4 == 0,
    person: Profile | None = None,
    note: str = "An easy walk, if you like.",
) -> Course:
    made = []
    number = 0
    for week in range(1, weeks + 1):
        days = []
        for day, routine in enumerate(ROUTINES, 1):
            date = None if start is None else start + dt.timedelta(days=7 * (week - 1) + day - 1)
            if routine is None:
                days.append(CourseDay(week, day, date, note=note if day == 7 else "", lighter=lighter(week)))
                continue
            number += 1
            days.append(
                CourseDay(
                    week,
                    day,
                    date,
                    number,
                    routine,
                    f"week {week}/{day} {routine}",
                    profile=Profile(talk=TALKS[min(week, 4) - 1]).over(person or Profile()),
                    heading=Heading(f"Week {week}, day {day}: {{title}}", title, None if date is None else str(date)),
                    lighter=lighter(week),
                    swapped=number % 2 == 0,
                )
            )
        made.append(CourseWeek(week, "", tuple(days), f"holds +{5 * (week - 1)}s" if week > 1 else "", lighter(week)))
    return Course("hip-relief", title, tuple(made), "For hips, knees and lower back.", "Ana", language, start)


def hold_s(week: int) -> int:
    return min(45, 25 + 5 * week)


def reps(week: int) -> int:
    return min(12, 9 + week)


def contents(of: Course) -> dict[str, DayContent]:
    return {day.session: content(day) for day in of.sessions}


def content(day: CourseDay) -> DayContent:
    assert day.routine is not None
    title = TITLES.get(day.routine, day.routine)
    if day.routine == "calm-down":
        done: tuple[Done, ...] = (Done("Slow breath out", "12 breaths", "breaths", 12),)
    else:
        held, counted = hold_s(day.week), reps(day.week)
        done = (
            Done("Warm-up", "1\u00a0min", "time", 60),
            Done("Supine hip rotation", f"{counted} repetitions", "reps", counted),
            Done("Figure four stretch", f"hold {held}\u00a0s each side", "hold", held),
            Done("Kneeling hip flexor stretch", f"hold {held}\u00a0s each side", "hold", held),
            Done("Split squat", f"2\u00a0× {counted} repetitions each side", "reps", counted),
        )
    return DayContent(
        title, 720.0 + 30 * day.week + 61 * day.day, done, ("chair",) if day.routine == "knee-relief" else ()
    )
