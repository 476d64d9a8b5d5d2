"""A course on the screen: its weeks, and how its doses rise."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voicecoach.cli.program_plan import CoursePlan
    from voicecoach.model.course import Course, CourseDay, CourseWeek

UNKNOWN = "?"
MOST_NAME_CHARS = 36


def course_lines(course: Course, plan: CoursePlan) -> Iterator[str]:
    """Tell of a course: what it is, what it needs, a line a day."""
    from voicecoach.model.diagnostic import harmless
    from voicecoach.model.units import clock

    lengths = [day.content.length_s for day in plan.days.values()]
    needs = dict.fromkeys(item for day in plan.days.values() for item in day.content.equipment)
    first, last = _ends(course)
    yield harmless(course.title)
    yield from textwrap.wrap(harmless(course.description), max(40, min(100, shutil.get_terminal_size().columns)))
    yield ""
    yield f"length     {_count(len(course.weeks), 'week')}, {_count(len(list(course.sessions)), 'session')}" + (
        f", {clock(sum(lengths))} in all (speech estimated)" if lengths else ""
    )
    yield f"uses       {harmless(', '.join(needs)) or 'nothing'}"
    if first:
        yield f"days       {first} to {last}"
    for week in course.weeks:
        yield ""
        yield harmless(_week(week))
        for day in week.days:
            yield harmless(_day(day, plan))


def _ends(course: Course) -> tuple[str, str]:
    dates = [day.date for day in course.days if day.date is not None]
    return (f"{dates[0]:%a} {dates[0]}", f"{dates[-1]:%a} {dates[-1]}") if dates else ("", "")


def _week(week: CourseWeek) -> str:
    parts = [f"week {week.number}", week.title, "lighter" if week.lighter else "", week.goal]
    return ": ".join(part for part in (", ".join(part for part in parts[:3] if part), parts[3]) if part)


def _day(day: CourseDay, plan: CoursePlan) -> str:
    from voicecoach.model.units import clock

    date = f"{day.date:%a} {day.date}  " if day.date is not None else ""
    if day.rests:
        return f"  {day.day}  {date}{'':>7}  rest" + (f": {day.note}" if day.note else "")
    planned = plan.days.get(day.session)
    length = clock(planned.content.length_s) if planned is not None else UNKNOWN
    title = planned.content.title if planned is not None else day.routine
    swapped = "  (other side first)" if day.swapped else ""
    return f"  {day.day}  {date}{length:>7}  {title}{swapped}"


def growth_lines(course: Course, plan: CoursePlan) -> Iterator[str]:
    """Tell each exercise's dose, week by week, as the timelines have it; weeks in which all is alike share a column."""
    from voicecoach.model.diagnostic import harmless

    rows = doses(course, plan)
    if not rows:
        return
    numbers = range(len(course.weeks))
    columns = [[row[2][at] for row in rows] for at in numbers]
    groups: list[list[int]] = []
    for at in numbers:
        if groups and columns[groups[-1][-1]] == columns[at]:
            groups[-1].append(at)
        else:
            groups.append([at])
    heads = [f"{g[0] + 1}" if len(g) == 1 else f"{g[0] + 1}-{g[-1] + 1}" for g in groups]
    names = [name[:MOST_NAME_CHARS] for _, name, _ in rows]
    width = max(len(name) for name in names)
    widths = [max(len(head), *(len(row[2][g[0]]) for row in rows)) for head, g in zip(heads, groups, strict=True)]
    yield f"{'week':{width + 2}}  " + "  ".join(head.rjust(w) for head, w in zip(heads, widths, strict=True))
    routine = ""
    for (of, _, told), name in zip(rows, names, strict=True):
        if of != routine:
            yield harmless(of)
            routine = of
        cells = "  ".join(told[g[0]].rjust(w) for g, w in zip(groups, widths, strict=True))
        yield f"  {harmless(name):{width}}  {cells}"


def doses(course: Course, plan: CoursePlan) -> list[tuple[str, str, list[str]]]:
    """Give (routine, exercise, dose week by week); "-" where it is not done, and several where days differ."""
    found: dict[tuple[str, str], list[dict[str, None]]] = {}
    names: dict[str, str] = {}
    titles: dict[str, str] = {}
    for day in course.sessions:
        planned = plan.days.get(day.session)
        if planned is None or day.routine is None:
            continue
        for exercise, one in planned.measured.items():
            weeks = found.setdefault((day.routine, exercise), [{} for _ in course.weeks])
            weeks[day.week - 1][one.told] = None
            names[exercise] = one.name
        titles[day.routine] = titles.get(day.routine, day.routine) if day.title else planned.content.title
    return [
        (titles[routine], names[exercise], ["/".join(week) or "-" for week in weeks])
        for (routine, exercise), weeks in found.items()
    ]


def course_values(course: Course, plan: CoursePlan, faults: Sequence[dict[str, object]]) -> dict[str, Any]:
    """Give a course as plain values for other tools."""
    return {
        "program": course.name,
        "title": course.title,
        "description": course.description,
        "author": course.author,
        "language": course.language,
        "start": _iso(course.start),
        "weeks": [
            {
                "week": week.number,
                "title": week.title,
                "goal": week.goal,
                "lighter": week.lighter,
                "days": [_day_values(day, plan) for day in week.days],
            }
            for week in course.weeks
        ],
        "faults": list(faults),
    }


def _iso(date: Any) -> str | None:
    return None if date is None else str(date.isoformat())


def _day_values(day: CourseDay, plan: CoursePlan) -> dict[str, Any]:
    values: dict[str, Any] = {"day": day.day, "date": _iso(day.date), "note": day.note, "routine": day.routine}
    if day.rests:
        return values
    values |= {
        "number": day.number,
        "session": day.session,
        "swapped": day.swapped,
        "talk": None if day.profile.talk is None else day.profile.talk.value,
    }
    planned = plan.days.get(day.session)
    if planned is None:
        return {**values, "reasons": list(plan.failed.get(day.session, ()))}
    done = [
        {"exercise": key, "name": one.name, "kind": one.kind, "amount": float(one.amount), "times": one.times}
        for key, one in planned.measured.items()
    ]
    return {
        **values,
        "title": planned.title,
        "length_s": round(planned.content.length_s, 3),
        "done": done,
        "notes": list(planned.notes),
    }


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
