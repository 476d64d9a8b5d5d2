"""Show notes: what is in them, in which language, and that no text breaks out of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.publish.feed_cases import course
from tests.publish.sessions import exercise
from tests.publish.test_feed_rss import plain_episode
from voicecoach.library import Library
from voicecoach.model.about import About
from voicecoach.model.feed import Episode
from voicecoach.model.timeline import Chapter
from voicecoach.publish.feed.chapters import clock_time, marks
from voicecoach.publish.feed.notes_html import notes_html, notes_text
from voicecoach.publish.page_words import page_words

ALLOWED = {"html", "head", "body", "p", "ol", "ul", "li", "strong"}
CLOCK = re.compile(r"\b(?:\d\d:)?\d\d?:\d\d\b")
"""What apps make a link of (AntennaPod and Pocket Casts)."""

ABOUT = About(
    name="hips",
    author="Dr. Kim",
    description="For hips.\n\nEvery\nday.",
    equipment=("chair", "strap"),
    cautions=("Mild discomfort is fine.", "Wall sit: Not with a sore knee."),
    exercises=("Wall sit: hold 12 s", "Hip bridge: 2 repetitions", "Clamshell: 8 repetitions each side"),
)


def told(about: About | None = ABOUT, notes: str = "", **changes: object) -> Episode:
    return plain_episode(timeline=replace(exercise(), about=about), notes=notes, **changes)


def shown(markup: str) -> tuple[set[str], list[str]]:
    """What a browser makes of it: its elements, and the lines that one reads."""
    tree = html5lib.parse(markup, namespaceHTMLElements=False)
    blocks = [one for one in tree.iter() if one.tag in {"p", "li"}]
    lines = [" ".join(("".join((one.text or "", *inner(one)))).split(" ")).strip() for one in blocks]
    return {str(one.tag) for one in tree.iter()}, lines


def inner(block):  # type: ignore[no-untyped-def]
    """Text in a block, less what stands in blocks of its own."""
    for child in block:
        if child.tag not in {"ul", "ol"}:
            yield (child.text or "") + (child.tail or "")


def test_notes_have_all_in_order() -> None:
    tags, lines = shown(notes_html(told(), "en"))
    assert tags <= ALLOWED
    assert lines == [
        "For hips.",
        "Every day.",
        "1 min 30 s".join(("About ", " · 3 exercises")).replace(" min", "\u00a0min").replace(" s ", "\u00a0s "),
        "Have ready: chair, strap",
        "Exercises",
        *ABOUT.exercises,
        "Take care",
        *ABOUT.cautions,
        "Chapters",
        "00:00:00 Opening",
        "00:00:02 Pigeon pose",
        "Dr. Kim",
    ]


def test_rounds_keep_their_heading() -> None:
    tasks = [f"{number}. {text}" for number, text in enumerate(ABOUT.exercises, start=1)]
    notes = "\n".join(
        ("About it.", "", tasks[0], "2 rounds (Legs)", *(f"  {task}" for task in tasks[1:]), "", "Take care:")
    )
    markup = notes_html(told(notes=notes), "en")
    _, lines = shown(markup)
    at = lines.index("Exercises")
    assert lines[at + 1 : at + 5] == [
        "1. Wall sit: hold 12 s",
        "2 rounds (Legs)",
        "2. Hip bridge: 2 repetitions",
        "3. Clamshell: 8 repetitions each side",
    ]
    assert "<li>2 rounds (Legs)<ul><li>2. Hip" in markup
    other = notes.replace("Clamshell", "Something else")
    assert "2 rounds" not in notes_html(told(notes=other), "en")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Have ready: no equipment", "Chapters")),
        ("de", ("Bereitlegen: keine Geräte", "Kapitel")),
        ("es", ("Ten a mano: ningún material", "Capítulos")),
        ("xx", ("Have ready: no equipment", "Chapters")),
    ],
)
def test_notes_are_in_the_sessions_language(language: str, words: tuple[str, ...]) -> None:
    _, lines = shown(notes_html(told(About("hips", language)), "en"))
    assert set(words) <= set(lines)


def test_pages_have_the_same_words_in_every_language() -> None:
    for language in Library().languages:
        assert page_words(language).missing == ()
        assert page_words(language)("chapters") != "" != page_words(language)("complete")


def test_notes_of_built_sessions(course_folder: Path) -> None:
    for episode in course(course_folder).episodes:
        about = episode.timeline.about
        assert about is not None
        tags, lines = shown(notes_html(episode, "en"))
        text = notes_text(episode, "en")
        assert tags <= ALLOWED
        assert text.replace("\u2060", "").startswith(episode.notes)
        for wanted in (*about.cautions, *(f"{clock_time(mark.start_ms)} {mark.title}" for mark in marks(episode))):
            assert wanted in lines
            assert wanted in text.splitlines()
        for exercise_line in about.exercises:
            assert any(line.endswith(exercise_line) for line in lines)
            assert exercise_line in text
        for thing in about.equipment:
            assert any(thing in line for line in lines)
            assert thing in text


def test_only_chapters_read_as_times_and_none_is_late(course_folder: Path) -> None:
    for episode in course(course_folder).episodes:
        starts = [chapter.start // 48_000 for chapter in episode.timeline.chapters]
        for notes in (notes_html(episode, "en"), notes_text(episode, "en")):
            times = [[int(part) for part in one.split(":")] for one in CLOCK.findall(notes)]
            assert [hours * 3600 + minutes * 60 + second for hours, minutes, second in times] == starts


HOSTILE = '<script>alert(1)</script> <b>&" ]]> &amp; \x00\ud800'


def test_no_text_breaks_out() -> None:
    about = About("x", "en", HOSTILE, HOSTILE, None, None, (HOSTILE,), (HOSTILE,), (HOSTILE,))
    episode = told(about)
    episode = replace(episode, timeline=replace(episode.timeline, chapters=(Chapter(HOSTILE, 0, 48_000),)))
    tags, lines = shown(notes_html(episode, "en"))
    assert tags <= ALLOWED
    read = '<script>alert(1)</script> <b>&" ]]> &amp;'
    assert [line for line in lines if read in line] == [
        read,
        f"Have ready: {read}",
        read,
        read,
        f"00:00:00 {read}",
        read,
    ]


def test_a_description_is_the_same_text_for_whoever_takes_it_for_html() -> None:
    text = notes_text(told(notes="a < b, <b>bold</b> & <!-- --> &amp; &#65; AT&T; R&D"), "en").partition("\n")[0]
    body = html5lib.parse(text, namespaceHTMLElements=False).find("body")
    assert body is not None
    assert "".join(body.itertext()) == text
    assert text.replace("\u2060", "") == "a < b, <b>bold</b> & <!-- --> &amp; &#65; AT&T; R&D"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_make_notes(description: str, caution: str) -> None:
    about = replace(ABOUT, description=description, cautions=(caution,))
    tags, _ = shown(notes_html(told(about, notes=description), "en"))
    assert tags <= ALLOWED
    notes_text(told(about, notes=description), "en").encode()


def test_a_session_without_notes_tells_the_most_needed() -> None:
    assert notes_text(told(), "en").startswith("For hips.\n\nEvery\nday.\n\nAbout 1")
    assert "Have ready: chair, strap" in notes_text(told(), "en")


def test_notes_of_which_nothing_else_is_known_keep_their_lines() -> None:
    _, lines = shown(notes_html(told(None, "One.\n\nTwo\nthree <b>"), "en"))
    assert lines[:3] == ["One.", "Two", "three <b>"]


CHAPTERS = "\n\nChapters:\n00:00:00 Opening\n00:00:02 Pigeon pose"


@pytest.mark.parametrize("notes", ["x" * 3980, "x " * 3980, "ü\n" * 3980, "x\n\n" * 3980, "<b>" * 3980])
def test_notes_without_room_keep_their_chapters(notes: str) -> None:
    text = notes_text(told(notes=notes), "en")
    assert text.endswith(CHAPTERS)
    assert 3800 < len(text.encode()) <= 4000


def test_the_list_of_exercises_is_cut_and_not_what_is_behind_it() -> None:
    exercises = "\n".join(f"{number}. Wall sit: hold 12 s, then rest" for number in range(1, 200))
    text = notes_text(told(notes=f"For hips.\n\nExercises\n{exercises}\n\nTake care: slowly."), "en")
    assert text.startswith("For hips.\n\nExercises\n1. Wall sit: hold 12 s, then rest\n2. Wall")
    assert text.endswith(f"then rest\n…\n\nTake care: slowly.{CHAPTERS}")
    assert 3900 < len(text.encode()) <= 4000


def test_chapters_that_are_too_many_are_cut_at_a_line() -> None:
    episode = told(notes="Notes. " * 500)
    chapters = tuple(Chapter(f"Chapter {n}", n * 48_000, (n + 1) * 48_000) for n in range(200))
    text = notes_text(replace(episode, timeline=replace(episode.timeline, chapters=chapters)), "en")
    assert re.search(r"\n\d\d:\d\d:\d\d Chapter \d+\n…$", text)
    assert text.startswith("Notes. " * 200)
    assert len(text.encode()) <= 4000
    brief = notes_text(replace(episode, notes="Notes.", timeline=replace(episode.timeline, chapters=chapters)), "en")
    assert brief.count("\n") > text.count("\n"), "they have the room that notes leave"
