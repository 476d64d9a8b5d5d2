"""The built-in programme: what the articles ask for, measured in the timelines of its sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import pytest

from voicecoach.cli.program_file import find_program, lay_out, read_found
from voicecoach.cli.program_plan import CoursePlan, plan_course
from voicecoach.cli.program_tables import doses
from voicecoach.library import Library
from voicecoach.library.named import name_of
from voicecoach.model.course import Course
from voicecoach.model.profile import Profile
from voicecoach.pipeline import Workshop, plan

TIMED = ("hold", "time")


class Planned(NamedTuple):
    course: Course
    plan: CoursePlan


@pytest.fixture(scope="module")
def planned(fake_shop: Workshop) -> Planned:
    found = find_program("hip-relief", fake_shop.library)
    made, faults = read_found(found, fake_shop.library, Profile())
    assert made is not None
    assert faults == ()
    course = lay_out(made, dt.date(2026, 12, 1), Profile())
    return Planned(course, plan_course(course, found, fake_shop, lambda done, of: None))


@pytest.mark.parametrize("name", Library().program_names)
def test_built_in_programmes_have_no_faults(name: str, fake_shop: Workshop) -> None:
    made, faults = read_found(find_program(name, fake_shop.library), fake_shop.library, Profile())
    assert made is not None
    assert faults == ()
    assert made.description


def test_nothing_is_to_be_told_of_its_routines(planned: Planned) -> None:
    assert planned.plan.failed == {}
    assert dict(planned.plan.warnings) == {}


def test_it_is_done_at_least_five_times_a_week(planned: Planned) -> None:
    """A2: daily, or at least five times a week; a week of ours has a day of rest."""
    assert [week.sessions for week in planned.course.weeks] == [6, 6, 6, 6]


def test_holds_rise_step_by_step_within_what_the_article_says(planned: Planned) -> None:
    """A4: step by step; A2: 30 to 60 s. What is 60 s from the start stays so; all else is 30, 35, 40, 45 s."""
    held: dict[tuple[str, str], list[Fraction]] = {}
    for day in planned.course.sessions:
        for exercise, one in planned.plan.days[day.session].measured.items():
            if one.kind == "hold":
                assert day.routine is not None
                held.setdefault((day.routine, exercise), []).append(one.amount)
    steady = held.pop(("hip-strength-and-mobility", "standing-hip-flexor-stretch"))
    assert steady == [60] * 4
    assert len(held) >= 15
    assert set(map(tuple, held.values())) == {(30, 35, 40, 45)}


def test_repetitions_rise_step_by_step(planned: Planned) -> None:
    rows = {(routine, exercise): told for routine, exercise, told in doses(planned.course, planned.plan)}
    assert rows["Nine moves for hips and lower back", "Fire hydrant"] == ["10", "11", "12", "12"]
    assert rows["Low back relief", "Hip bridge"] == ["10×2", "11×2", "12×2", "12×3"]
    assert rows["Hip strength and mobility", "Seated hip rotation"] == ["3"] * 4  # A0: 3 to 5 cycles
    assert rows["Knee relief", "Warm-up"] == ["5 min"] * 4  # a warm-up is no hold


def first_sides(planned: Planned, shop: Workshop) -> Iterator[tuple[str, str]]:
    """Of each session of two routines, the side that it begins with."""
    from dataclasses import replace

    for day in planned.course.sessions:
        if day.routine in ("knee-relief", "nine-moves"):
            options = replace(shop.options, profile=day.profile, heading=day.heading)
            name = name_of(day.routine)
            outcome = plan(planned.plan.sources[day.routine], name, replace(shop, options=options))
            assert outcome.timeline is not None
            sided = [span for span in outcome.timeline.spans if span.side and span.kind in ("hold", "reps")]
            frames = {side: sum(s.frames for s in sided if s.side == side) for side in ("left", "right")}
            assert frames["left"] == frames["right"]
            assert sided[0].side is not None
            yield day.routine, sided[0].side


def test_sides_take_turns_in_the_timelines(planned: Planned, fake_shop: Workshop) -> None:
    sides = list(first_sides(planned, fake_shop))
    for routine in ("knee-relief", "nine-moves"):
        assert [side for of, side in sides if of == routine] == ["left", "right", "left", "right"]


def test_talk_fades(planned: Planned) -> None:
    """The same routine, with longer holds, and the coach says less each time."""
    talks = [week.days[0].profile.talk for week in planned.course.weeks]
    assert [talk.value if talk is not None else "" for talk in talks] == ["teach", "brief", "brief", "cues"]


def test_it_needs_little(planned: Planned) -> None:
    """A chair; a band may be left out, as the coach says."""
    needs = {item for day in planned.plan.days.values() for item in day.content.equipment}
    assert needs == {"chair", "resistance band"}


def test_sessions_stay_short(planned: Planned) -> None:
    assert all(5 * 60 < day.content.length_s < 28 * 60 for day in planned.plan.days.values())
