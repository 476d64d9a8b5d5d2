"""How a hand-out is set: as large and as full as one page allows. Real pages are in `test_handout_print`."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.publish.handout_pages import LIBRARY, all_of, page_of, routine_of, strict, tasks
from voicecoach.publish.handout.room import LONG, PAGE_MM, SETTINGS, height_mm, setting
from voicecoach.publish.handout.writer import Writer

IDS = tuple(LIBRARY.exercise_ids)
LENGTH_S = Fraction(800)


def text_of(count: int) -> str:
    return "title: T\nsteps:\n" + "".join(f"- {one}\n" for one in IDS[:count])


def test_more_exercises_are_set_smaller_and_told_shorter_and_in_the_end_on_more_pages() -> None:
    order = [*((one.name, one.full, one.form) for one in SETTINGS), (LONG.name, LONG.full, LONG.form)]
    chosen = []
    for count in range(1, 16):
        sheet, one = setting(Writer(routine_of(text_of(count)), LENGTH_S, LIBRARY).sheet)
        assert (height_mm(sheet, one) <= PAGE_MM) is (one is not LONG)
        chosen.append(order.index((one.name, one.full, one.form)))
    assert chosen == sorted(chosen)
    assert chosen[0] == 0
    assert chosen[9] < len(SETTINGS), "ten exercises have room on a page"
    assert chosen[-1] == len(SETTINGS)


@pytest.mark.parametrize(("count", "full", "breath"), [(2, True, True), (7, False, False)])
def test_what_there_is_room_for_is_told_in_full(count: int, *, full: bool, breath: bool) -> None:
    root = strict(page_of(routine_of(text_of(count))))
    exercise = LIBRARY.exercise(IDS[1])
    assert exercise.set_up is not None
    assert exercise.set_up.brief is not None
    assert exercise.breath is not None
    text = tasks(root)[1]
    how = exercise.set_up.full if full else exercise.set_up.brief
    assert how.format_map({"side": "left", "other side": "right"}) in text
    assert (exercise.breath.full in text) is breath
    assert len(exercise.form) == 2
    assert exercise.form[1].full in text


def test_the_size_is_the_pages_class() -> None:
    for count, name in ((1, "large"), (15, "long")):
        assert all_of(strict(page_of(routine_of(text_of(count)))), "main", name)
