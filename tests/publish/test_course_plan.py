"""The plan to print: what stands on it, that nothing is fetched, and that four weeks are one sheet of paper."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.publish.courses import content, contents, course
from tests.publish.handout_pages import LIBRARY, all_of, strict, words
from tests.publish.test_handout_print import QUIET
from voicecoach.model.course import Course, Done
from voicecoach.publish.course.plan_doses import joined
from voicecoach.publish.course.plan_page import plan_html

NASTY = """<script>alert(1)</script> & "Übung" ﷺ \x0b"""


def plan(of: Course, held: Any = None) -> str:
    return plan_html(of, contents(of) if held is None else held, LIBRARY)


def with_notes(of: Course, note: Callable[[int], str]) -> Course:
    """Give the sessions notes, by the week that they are in."""
    return replace(
        of,
        weeks=tuple(
            replace(week, days=tuple(day if day.rests else replace(day, note=note(week.number)) for day in week.days))
            for week in of.weeks
        ),
    )


def test_each_day_has_its_row_and_each_session_its_box() -> None:
    root = strict(plan(course(4)))
    weeks = all_of(root, "table", "week")
    assert [words(all_of(week, "caption")[0]) for week in weeks] == [
        "Week 1",
        "Week 2 · holds +5s",
        "Week 3 · holds +10s",
        "Week 4 · Lighter week · holds +15s",
    ]
    for week in weeks:
        assert len(all_of(week, "tr")) == 7
        assert len(all_of(week, "span", "box")) == 5
    rows = [words(row) for row in all_of(weeks[0], "tr")]
    assert rows[0] == "Tu 1 Dec Morning hips 14 min"
    assert rows[1] == "We 2 Dec Knee relief ⇄ 15 min"
    assert rows[2] == "Th 3 Dec Rest"
    assert rows[6] == "Mo 7 Dec Rest: An easy walk, if you like."
    assert next(words(row) for row in all_of(weeks[3], "tr")).startswith("Tu 22 Dec")


def test_doses_stand_once_with_a_figure_for_each_week() -> None:
    root = strict(plan(course(4)))
    routines = {words(all_of(one, "h3")[0]): one for one in all_of(root, "div", "routine")}
    assert list(routines) == ["Morning hips", "Knee relief", "Nine moves for hips and lower back", "Calm down"]
    assert [words(line) for line in all_of(routines["Morning hips"], "li")] == [
        "Warm-up: 1 min",
        "Supine hip rotation: 10 → 11 → 12 → 12 repetitions",
        "Figure four stretch: hold 30 → 35 → 40 → 45 s each side",
        "Kneeling hip flexor stretch: hold 30 → 35 → 40 → 45 s each side",
        "Split squat: 2 × 10 → 11 → 12 → 12 repetitions each side",
    ]
    assert "Figures with arrows between them go from week to week." in words(root)


@pytest.mark.parametrize(
    ("doses", "told"),
    [
        (["hold 30\u00a0s each side"] * 3, "hold 30\u00a0s each side"),
        (["30\u00a0s", "35\u00a0s", "35\u00a0s"], "30 → 35 → 35\u00a0s"),
        (["45\u00a0s", "1\u00a0min"], "45\u00a0s → 1\u00a0min"),
        (
            ["55\u00a0s each side", "1\u00a0min 5\u00a0s each side"],
            "55\u00a0s each side → 1\u00a0min 5\u00a0s each side",
        ),
        (["1 repetition", "2 repetitions"], "1 repetition → 2 repetitions"),
        (["2\u00a0× 8 reps", "3\u00a0× 8 reps"], "2 → 3\u00a0× 8 reps"),
    ],
)
def test_what_stays_the_same_in_a_dose_is_told_once(doses: list[str], told: str) -> None:
    assert joined(doses).replace("\u00a0→\u00a0", " → ") == told


def test_rounds_grow_beside_their_dose() -> None:
    made = course(3)
    labels = LIBRARY.labels("en")
    held = {}
    for day in made.sessions:
        rounds = 1 if day.week < 3 else 2
        behind = f", {labels('rounds', n=rounds)}" if rounds > 1 else ""
        done = Done("Hip bridge", f"{9 + day.week} repetitions{behind}", "reps", 9 + day.week, rounds)
        held[day.session] = replace(content(day), done=(done,))
    (line, *_) = all_of(strict(plan(made, held)), "li")
    assert words(line) == "Hip bridge: 10 → 11 → 12 repetitions, 1 → 1 → 2 rounds"


def test_a_routine_of_some_weeks_says_which_and_one_done_in_two_ways_stands_twice() -> None:
    made = course(4)
    held = contents(made)
    some = {
        day.session: replace(held[day.session], title="Extra" if day.week in {2, 4} and day.day == 6 else "Usual")
        for day in made.sessions
        if day.day != 5
    }
    first = next(made.sessions).session
    some[first] = replace(some[first], done=(Done("Warm-up", "9 min"), *some[first].done[1:]))
    headings = [words(one) for one in all_of(strict(plan(made, some)), "h3")]
    assert headings.count("Usual") >= 1
    assert "Usual (Week 1)" in headings
    assert "Extra (weeks 2, 4)" in headings


def test_a_note_that_is_the_same_each_time_stands_once_with_its_routine() -> None:
    same = strict(plan(with_notes(course(4), lambda _: "Move slowly.")))
    assert words(same).count("Move slowly.") == 4  # once for each routine
    assert not [note for week in all_of(same, "table", "week") for note in all_of(week, "span", "note")]
    other = strict(plan(with_notes(course(2), lambda week: f"In week {week}.")))
    assert words(other).count("In week 2.") == 5


def test_the_head_tells_whom_to_ask_what_to_have_and_when_to_stop() -> None:
    told = words(all_of(strict(plan(course(4))), "header")[0])
    assert told.startswith("Hip relief in four weeks Ana · 1 December 2026 – 28 December 2026 · 4 weeks · 20 sessions")
    assert "Have ready: chair" in told
    assert LIBRARY.wording("en")("opening-safety") in told
    assert all(word in told for word in ("physiotherapist", "osteoporosis", "without bouncing", "swelling"))
    bare = {session: replace(one, equipment=()) for session, one in contents(course(4)).items()}
    assert "no equipment" in words(strict(plan(course(4), bare)))


def test_a_long_course_has_a_sheet_for_four_weeks_each() -> None:
    root = strict(plan(course(10)))
    sheets = all_of(root, "section", "sheet")
    assert [len(all_of(sheet, "table", "week")) for sheet in sheets] == [4, 4, 2]
    assert [words(all_of(sheet, "header")[0]) for sheet in sheets[1:]] == [
        "Hip relief in four weeks weeks 5–8",
        "Hip relief in four weeks weeks 9–10",
    ]
    assert [len(all_of(sheet, "footer")) for sheet in sheets] == [0, 0, 1]
    assert "hold 45 s each side" in words(sheets[1])
    assert "weeks 5" not in words(all_of(strict(plan(course(5))), "header")[1])


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "de",
            ("Woche 4", "Leichtere Woche", "Di", "1. Dez.", "Ruhetag: ", "14 Min.", "28. Dezember 2026", "ein Kurs"),
        ),
        ("es", ("Semana 4", "Semana más suave", "ma", "1 dic", "Descanso: ", "14 min", "28 de diciembre de 2026")),
    ],
)
def test_it_is_in_the_language_of_the_course(language: str, told: tuple[str, ...]) -> None:
    page = plan(course(4, language=language))
    root = strict(page)
    assert root.get("lang") == language
    assert all(word in words(root) for word in told if word != "ein Kurs")
    assert LIBRARY.wording(language)("opening-safety") in words(root)
    french = strict(plan(course(1, language="fr")))
    assert french.get("lang") == "en"
    assert all_of(french, "h1")[0].get("lang") == "fr"


def test_nothing_is_fetched_nothing_runs_and_what_an_author_writes_stays_text() -> None:
    made = with_notes(course(2, title=NASTY, note=NASTY), lambda _: NASTY)
    held = {session: replace(one, title=NASTY, equipment=(NASTY,)) for session, one in contents(made).items()}
    page = plan(replace(made, description=NASTY, author=NASTY), held)
    root = strict(page)
    assert not all_of(root, "script")
    assert not re.search(r"(src|href)=|url\(|@import", page)
    assert "default-src 'none'" in page
    assert words(root).count("<script>alert(1)</script>") > 10


def test_without_dates_and_without_contents_it_is_a_plan_all_the_same() -> None:
    root = strict(plan(course(2, None), {}))
    rows = [words(row) for row in all_of(root, "tr")]
    assert rows[0] == "Day 1 morning"
    assert not all_of(root, "div", "routine")
    assert "2026" not in words(root)


def test_the_same_course_gives_the_same_page() -> None:
    assert plan(course(4)) == plan(course(4))


def full(lines: int) -> tuple[Course, dict[str, Any]]:
    """Make a course with so many exercises in each routine."""
    made = course(4)
    done = [f"Exercise number {number} of them" for number in range(lines)]
    held = {
        day.session: replace(
            content(day), done=tuple(Done(name, f"hold {25 + 5 * day.week}\u00a0s each side") for name in done)
        )
        for day in made.sessions
    }
    return made, held


@pytest.mark.slow
@pytest.mark.parametrize("size", ["A4", "letter"])
def test_four_weeks_are_one_sheet_of_paper(size: str, tool: Callable[[str], str], tmp_path: Path) -> None:
    plans = [plan(course(weeks, language=language)) for weeks in (1, 4) for language in ("en", "de", "es")]
    plans += [plan(with_notes(course(4), lambda week: f"A word of its own for week {week}, rather long."))]
    plans += [plan(*full(lines)) for lines in (1, 4, 8, 11)]
    plans.append(plan(course(12)))
    assert not any("long" in re.findall(r'class="sheet (\w+ ?\w*)"', one)[0] for one in plans)
    style = "".join(re.findall(r"<style>(.*?)</style>", plans[0], re.DOTALL))
    mains = "".join(re.findall(r"<main.*?</main>", "".join(plans), re.DOTALL))
    source, target = tmp_path / "plan.html", tmp_path / "plan.pdf"
    forced = f"@page {{ size: {size}; }} main {{ break-before: page; }}"
    source.write_text(f'<!DOCTYPE html><meta charset="utf-8"><style>{forced}{style}</style>{mains}', encoding="utf-8")
    browser = [tool("chromium"), *QUIET, f"--user-data-dir={tmp_path}", f"--print-to-pdf={target}", source.as_uri()]
    subprocess.run(browser, check=True, capture_output=True, timeout=120)
    sheets = len(re.findall(rb"/Type\s*/Page\b", target.read_bytes()))
    assert sheets == len(plans) - 1 + 3
