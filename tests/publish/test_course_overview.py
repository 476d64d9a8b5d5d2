"""The overview of a course: everything on one page, nothing over anything else, whatever the course."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.publish.courses import content, contents, course
from tests.publish.plotting import SVG, Shown, shown, texts
from tests.publish.test_plot_colours import contrast
from voicecoach.model.course import Course, DayContent, Done
from voicecoach.model.profile import Profile
from voicecoach.publish.course.frame import LEAST_SIZE, PAGE_HEIGHT, PAGE_WIDTH, wrapped
from voicecoach.publish.course.overview import overview, overview_png, overview_svg
from voicecoach.publish.course.weeks import figures
from voicecoach.publish.course.words import CourseWords
from voicecoach.publish.plot.lettering import width
from voicecoach.publish.plot.paints import PAINTS
from voicecoach.publish.plot.scene import Anchor, Mark, Panel, Rect, Scene, Text

NASTY = "Oberschenkelrückseitenmuskulaturdehnung & <b>mehr</b> für\x0b Hüften, Knie und den unteren Rücken " * 3
LENGTHS = (1, 2, 4, 8, 9, 13, 18, 19, 36, 37, 52)


def boxes(panel: Panel) -> list[tuple[float, float, float, float, str]]:
    found = []
    for shape in panel.shapes():
        if isinstance(shape, Text) and shape.text:
            wide = width(shape.text, shape.size, bold=shape.bold)
            left = shape.x - {Anchor.START: 0.0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[shape.anchor]
            found.append((left, shape.y - 0.7 * shape.size, left + wide, shape.y, shape.text))
    return found


def assert_legible(scene: Scene) -> None:
    """All of it is on the page, no text is too small, and none stands over another."""
    assert scene.width == PAGE_WIDTH
    assert scene.height == pytest.approx(PAGE_HEIGHT)
    for panel in scene.panels:
        found = boxes(panel)
        for left, top, right, low, text in found:
            assert left >= 0, text
            assert right <= PAGE_WIDTH, text
            assert top >= 0, text
            assert low <= panel.height + 0.01, (panel.name, text)
        assert all(shape.size >= LEAST_SIZE for shape in panel.shapes() if isinstance(shape, Text))
        for index, one in enumerate(sorted(found)):
            for other in sorted(found)[index + 1 :]:
                apart = other[0] >= one[2] - 0.5 or other[1] >= one[3] or one[1] >= other[3]
                assert apart, (panel.name, one, other)


def assert_days_hold_their_words(scene: Scene) -> None:
    """What stands in a day stays in it, and days stand beside one another."""
    days = [item for panel in scene.rows for item in panel.items if isinstance(item, Mark)]
    for day in days:
        box = next(shape for shape in day.shapes if isinstance(shape, Rect))
        for left, top, right, low, text in boxes(Panel("", 0, (day,))):
            assert box.x - 0.1 <= left, text
            assert right <= box.x + box.width + 0.1, text
            assert box.y - 0.1 <= top, text
            assert low <= box.y + box.height + 0.1, text


@pytest.mark.parametrize("weeks", LENGTHS)
def test_a_course_of_any_length_is_one_page_on_which_all_can_be_read(weeks: int) -> None:
    made = course(weeks)
    scene = overview(made, contents(made))
    assert_legible(scene)
    assert_days_hold_their_words(scene)
    days = [item for panel in scene.rows for item in panel.items if isinstance(item, Mark)]
    assert [day.at for day in days] == [*range(1, 7 * weeks + 1)]


@pytest.mark.parametrize(
    ("weeks", "start", "language"),
    [(1, True, "en"), (4, True, "de"), (4, False, "es"), (12, True, "es"), (12, False, "de"), (30, True, "en")],
)
def test_long_words_are_cut_and_stay_in_their_place(weeks: int, start: bool, language: str) -> None:
    made = course(weeks, language=language, title=NASTY, note=NASTY, lighter=lambda number: number % 2 == 1)
    made = replace(made, weeks=tuple(replace(week, title=NASTY, goal=NASTY) for week in made.weeks))
    if not start:
        made = replace(course(weeks, None, language=language, title=NASTY, note=NASTY))
    held = {
        session: replace(
            one, title=f"{one.title} {NASTY}", done=tuple(Done(NASTY, NASTY, "hold", 30) for _ in range(9))
        )
        for session, one in contents(made).items()
    }
    scene = overview(made, held)
    assert_legible(scene)
    assert_days_hold_their_words(scene)


@pytest.mark.parametrize("weeks", [4, 16, 40])
def test_words_stand_out_from_what_lies_under_them_by_day_and_by_night(weeks: int) -> None:
    made = course(weeks)
    for panel in overview(made, contents(made)).panels:
        under: list[Rect] = []
        for shape in panel.shapes():
            if isinstance(shape, Rect):
                under.append(shape)
            elif isinstance(shape, Text):
                grounds = [
                    one.paint
                    for one in under
                    if one.x <= shape.x <= one.x + one.width and one.y <= shape.y - 2 <= one.y + one.height
                ]
                ground, ink = PAINTS[grounds[-1] if grounds else "paper"], PAINTS[shape.paint]
                assert contrast(ground.light, ink.light) >= 4.5, (panel.name, shape)
                assert contrast(ground.dark, ink.dark) >= 4.5, (panel.name, shape)


def day(marks: list[Shown], number: int) -> Shown:
    return next(mark for mark in marks if mark.at == number)


def test_each_day_shows_its_date_routine_and_length_and_tells_all_of_it_who_points_at_it() -> None:
    made = course(4)
    picture = overview_svg(made, contents(made))
    marks = shown(picture)
    first, rest = day(marks, 1), day(marks, 7)
    assert first.tip == "1 December 2026 · Week 1, day 1: Morning hips · 14 min"
    words = ["".join(text.itertext()) for text in first.element.iter(f"{SVG}text")]
    assert words[:3] == ["1 Dec", "14 min", "Morning hips"]
    assert rest.tip == "7 December 2026 · Rest: An easy walk, if you like."
    assert day(marks, 2).tip.endswith("Begins with the other side")
    assert {"Tu", "We", "Mo", "Week 4", "holds +15s", "Lighter week", "30 s", "45 s", "teaches", "cues only"} <= texts(
        picture
    )
    assert "1 December 2026 – 28 December 2026 · 4 weeks · 20 sessions" in texts(picture)
    assert "Have ready: chair" in texts(picture)


def test_a_long_course_shows_letters_and_the_key_tells_them() -> None:
    made = course(30)
    words = texts(overview_svg(made, contents(made)))
    assert {
        "A",
        "B",
        "C",
        "D",
        *("Morning hips", "Knee relief", "Nine moves for hips and lower back", "Calm down"),
    } <= words
    assert "A" not in texts(overview_svg(course(4), contents(course(4))))


def test_without_a_start_there_are_days_and_no_dates() -> None:
    made = course(4, None)
    words = texts(overview_svg(made, contents(made)))
    assert {"Day 1", "Day 7"} <= words
    assert not any("2026" in word or "Dec" in word for word in words)


def test_a_week_that_is_lighter_lies_on_its_tint_and_no_other_does() -> None:
    made = course(4)
    grid = overview(made, contents(made)).rows[0]
    tints = [shape for shape in grid.shapes() if isinstance(shape, Rect) and shape.paint == "rest"]
    assert len(tints) == 1
    fourth = [item for item in grid.items if isinstance(item, Mark)][21]
    box = next(shape for shape in fourth.shapes if isinstance(shape, Rect))
    assert tints[0].y <= box.y
    assert box.y + box.height <= tints[0].y + tints[0].height
    bare = overview(course(4, lighter=lambda _: False), contents(made))
    assert not any(
        isinstance(shape, Rect) and shape.paint == "rest" for panel in bare.panels for shape in panel.shapes()
    )


def test_a_week_comes_to_the_mean_of_its_exercises_and_the_sum_of_its_minutes() -> None:
    made = course(3)
    held = contents(made)
    words = CourseWords(made, held)
    weeks = [figures(week, words) for week in made.weeks]
    assert [week.hold_s for week in weeks] == [30, 35, 40]
    assert [week.reps for week in weeks] == [10, 11, 12]
    assert weeks[0].length_s == sum(held[one.session].length_s for one in made.weeks[0].days if not one.rests)
    assert [week.talks for week in weeks] == [("teach",), ("brief",), ("brief",)]


def test_an_exercise_counts_once_however_often_it_is_done() -> None:
    made = course(1)
    first, *others = [one.session for one in made.sessions]
    held: dict[str, DayContent] = {
        first: DayContent("T", 60, (Done("A", "", "hold", 60), Done("B", "", "hold", 20))),
        **{session: DayContent("T", 60, (Done("B", "", "hold", 20),)) for session in others},
    }
    assert figures(made.weeks[0], CourseWords(made, held)).hold_s == 40


def test_curves_rise_where_figures_do() -> None:
    made = course(4)
    curves = overview(made, contents(made)).rows[1]
    dots = [shape for shape in curves.shapes() if shape.paint == "hold" and type(shape).__name__ == "Disc"]
    assert len(dots) == 4
    assert all(one.x < other.x and one.y > other.y for one, other in pairwise(dots))  # type: ignore[union-attr]


def test_what_is_not_known_is_not_drawn() -> None:
    made = course(4)
    scene = overview(made, {})
    assert len(scene.rows) == 1
    assert_legible(scene)
    assert {"morning", "knee-relief"} <= texts(overview_svg(made, {}))
    some = {one.session: content(one) for one in made.sessions if one.week != 2}
    assert_legible(overview(made, some))
    assert not any("min" in word for word in texts(overview_svg(made, {})))


def test_the_png_is_a4_on_its_side_and_the_same_each_time() -> None:
    made = course(4)
    data = overview_png(made, contents(made))
    assert data == overview_png(course(4), contents(course(4)))
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (2376, 1680)
        assert image.size[0] / image.size[1] == pytest.approx(297 / 210, rel=0.001)
        assert image.info["Title"] == "Hip relief in four weeks"
        assert len(image.convert("RGB").getcolors(1 << 20) or ()) > 50
    assert overview_svg(made, contents(made)) == overview_svg(course(4), contents(course(4)))


@given(st.text(max_size=80), st.integers(1, 20), st.booleans())
@settings(max_examples=20)
def test_whatever_an_author_writes_the_picture_reads(text: str, weeks: int, known: bool) -> None:
    made = course(weeks, title=text, note=text, person=Profile())
    held = {session: replace(one, title=text) for session, one in contents(made).items()} if known else {}
    root = ET.fromstring(overview_svg(made, held).encode())
    assert root.tag == f"{SVG}svg"
    assert not list(root.iter(f"{SVG}script"))


@given(st.text(st.sampled_from("abcdefgh ÄÖ W…"), max_size=120), st.floats(60, 300), st.integers(0, 4))
def test_wrapped_lines_fit_and_lose_nothing_but_at_their_end(text: str, room: float, most: int) -> None:
    lines = wrapped(text, 10, room, most)
    assert len(lines) <= most
    assert all(width(line, 10) <= room for line in lines)
    if not any(line.endswith("…") for line in lines) and sum(map(len, lines)):
        assert re.sub(r"\s", "", text).startswith(re.sub(r"\s", "", "".join(lines))) or "…" in text


def test_a_course_of_very_many_routines_keeps_its_page() -> None:
    made = course(52)
    held = {one.session: replace(content(one), title=f"Routine {one.number}") for one in made.sessions}
    scene = overview(made, held)
    assert_legible(scene)
    assert_days_hold_their_words(scene)
    letters = {shape.text for panel in scene.rows for shape in panel.shapes() if isinstance(shape, Text)}
    assert {"A", "Z", "AA", "IZ"} <= letters
    assert any(isinstance(shape, Text) and shape.text == "…" for shape in scene.key.shapes())


def test_a_course_may_be_one_that_has_no_session_at_all() -> None:
    made = course(2)
    empty = tuple(
        replace(week, days=tuple(replace(one, routine=None, session="") for one in week.days)) for week in made.weeks
    )
    bare: Course = replace(made, weeks=empty)
    assert_legible(overview(bare, {}))
