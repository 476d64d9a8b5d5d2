"""What the session of a day holds, from a routine as it is done."""

from __future__ import annotations

from dataclasses import replace

from tests.publish.handout_pages import LIBRARY, built_in, routine_of
from voicecoach.model.course import DayContent, Done
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.publish.course.content import content_of


def content(text: str, title: str | None = None) -> DayContent:
    timeline = Timeline("T", 839 * SAMPLE_RATE_HZ, (), (), ())
    return content_of(routine_of(text), timeline, LIBRARY, title=title)


def test_each_exercise_has_its_dose_in_words_and_figures() -> None:
    made = content(
        "title: T\nsteps:\n- pigeon-pose: {hold: 35s}\n- clamshell: {reps: 12, sets: 2}\n- warm-up-walk: 90s"
    )
    assert made.done == (
        Done("Pigeon pose", "hold 35\u00a0s each side", "hold", 35),
        Done("Side-lying clamshell", "2\u00a0× 12 repetitions each side", "reps", 12),
        Done("Warm-up", "1\u00a0min 30\u00a0s", "time", 90),
    )
    assert made.length_s == 839


def test_rounds_are_told_and_those_of_rounds_too() -> None:
    text = """
title: T
steps:
  - repeat: 2
    steps:
      - hip-bridge: 5 reps
      - repeat: 3
        steps: [clamshell: 8 reps]
  - repeat: 1
    steps: [squat-external-rotation: 10 reps]
  - intervals: {work: 40s, rest: 20s, rounds: 8, of: [fire-hydrant, hip-bridge]}
  - emom: {rounds: 5, of: [squat-external-rotation: 10 reps]}
  - repeat: 2
    steps:
      - tabata: {of: [hip-bridge]}
      - breathe: {pattern: 4-0-6-0, for: 3 breaths}
"""
    assert [one.dose for one in content(text).done] == [
        "5 repetitions, 2 rounds",
        "8 repetitions each side, 6 rounds",
        "10 repetitions",
        "40\u00a0s each side, 8 rounds",
        "40\u00a0s, 8 rounds",
        "10 repetitions, 5 rounds",
        "20\u00a0s, 16 rounds",
        "3 breaths, 2 rounds",
    ]
    assert [one.measure for one in content(text).done][-5:-2] == ["time", "time", "reps"]
    assert [one.rounds for one in content(text).done] == [2, 6, 1, 8, 8, 5, 16, 2]


def test_breathing_is_counted_in_breaths() -> None:
    steps = "- breathe: {name: Calm, pattern: 4-2-6-0, for: 2 min}\n- breathe: {pattern: 4-0-6-0, for: 1 breath}"
    assert content(f"title: T\nsteps:\n{steps}").done == (
        Done("Calm", "10 breaths", "breaths", 10),
        Done("Breathing", "1 breath", "breaths", 1),
    )


def test_its_title_is_that_of_the_routine_whatever_the_heading_says() -> None:
    text = "title: Week 1, day 2\nwith: {name: Sam}\nsteps: [pigeon-pose]"
    assert content(text).title == "Week 1, day 2"
    assert content(text, "Hips for {name}").title == "Hips for Sam"


def test_it_tells_what_is_needed_in_the_language_of_the_routine() -> None:
    routine = replace(built_in("desk-reset"), language="de")
    made = content_of(routine, Timeline("T", SAMPLE_RATE_HZ, (), (), ()), LIBRARY)
    assert made.equipment == ("Tennisball", "Faszienrolle", "Theke oder Stuhl")
    assert any("je Seite" in one.dose for one in made.done)
