"""What goes into a tag: notes, words and their times, names; against the routine and the timeline."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from PIL import Image

from tests.publish.plotting import golden, long_session, s, said, session
from tests.publish.sessions import timelines
from voicecoach import __version__
from voicecoach.errors import PictureError
from voicecoach.library import Library
from voicecoach.model.routine import Routine
from voicecoach.model.timeline import Chapter, Span, Timeline
from voicecoach.model.units import to_ms
from voicecoach.mp3.id3 import PLAYERS_READ_BYTES, build_tag
from voicecoach.mp3.tags import Lyric
from voicecoach.publish.cover import cover
from voicecoach.publish.lyrics import lyrics, words
from voicecoach.publish.show_notes import MOST_LETTERS, show_notes
from voicecoach.publish.tags import session_tags, tags_of
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.parse import parse

ROUTINE = """\
title: "Hips of {name}"
author: Dr. {name}
series: "{name} every day"
date: 2026-03-31
description: For {name}.
with: {name: Sam}
steps:
  - pigeon-pose: 30s
  - own-sit: {name: Wall sit, hold: 20s, set up: Sit., equipment: [chair], safety: Not with a sore knee.}
  - repeat: 2
    name: Strength
    steps:
      - own-squat: {name: Squat, reps: 5, set up: Stand.}
      - figure-four-stretch: 30s
      - pigeon-pose: 20s
"""


def routine_of(text: str, library: Library) -> Routine:
    routine, faults = parse(Sources(SourceFile("x.yaml", text)), "x", library)
    assert routine is not None
    assert not faults
    return routine


@pytest.fixture
def routine(library: Library) -> Routine:
    return routine_of(ROUTINE, library)


def of_length(minutes: int) -> Timeline:
    return session(Span("say", 0, s(60 * minutes)), voice=(said(1, "Hello."),))


def test_names_and_figures(routine: Routine, library: Library) -> None:
    timeline = golden("hold-each")
    tags = tags_of(timeline, routine, library, b"jpeg")
    assert (tags.title, tags.artist, tags.album) == (timeline.title, "Dr. Sam", "Sam every day")
    assert (tags.date, tags.language, tags.cover) == ("2026-03-31", "en", b"jpeg")
    assert tags.encoder == f"voicecoach {__version__}"
    assert tags.length_ms == to_ms(timeline.frames)
    assert tags.timeline_json == timeline.dumps()
    assert [tuple(c) for c in tags.chapters] == [(c.title, to_ms(c.start), to_ms(c.end)) for c in timeline.chapters]
    plain = tags_of(timeline, replace(routine, author=None, series=None), library, b"")
    assert (plain.artist, plain.album) == ("voicecoach", None)


def test_notes_tell_what_to_do_have_and_mind(routine: Routine, library: Library) -> None:
    notes = show_notes(routine, of_length(13), library)
    lines = [line.replace("\u00a0", " ") for line in notes.split("\n")]
    assert lines[0] == "For Sam."
    assert lines[2].startswith("About 13 min · 5 exercises")
    assert lines[3] == "Have ready: chair"
    assert "1. Pigeon pose: hold 30 s each side" in lines
    assert "2. Wall sit: hold 20 s" in lines
    at = lines.index("Strength (2 rounds)")
    done = ["  3. Squat: 5 repetitions", "  4. Figure four stretch: hold 30 s each side"]
    assert lines[at + 1 : at + 4] == [*done, "  5. Pigeon pose: hold 20 s each side"]
    care = lines[lines.index("Take care:") :]
    assert "pain" in care[1]
    assert care.count("Wall sit: Not with a sore knee.") == 1
    assert sum(line.startswith("Pigeon pose: ") for line in care) == 1, "told once"
    assert lines[-1] == "Dr. Sam"
    assert not any(line.endswith(" ") for line in lines)


def test_notes_are_in_the_language_of_the_routine(library: Library) -> None:
    german = routine_of("title: X\nlanguage: de\nsteps:\n  - pigeon-pose: 30s\n", library)
    notes = show_notes(german, of_length(5), library)
    assert "Have ready" not in notes
    assert library.labels("de")("needs") in notes
    bare = routine_of("title: X\ncoach: {safety: off}\nsteps:\n  - say: Hello.\n", library)
    assert show_notes(bare, of_length(5), library).splitlines() == ["About 5\u00a0min", "Have ready: no equipment"]


def test_absurd_notes_are_cut_at_a_line(library: Library) -> None:
    long = replace(routine_of("title: X\nsteps:\n  - say: Hi.\n", library), description="A line.\n" * 5000)
    notes = show_notes(long, of_length(5), library)
    assert len(notes) <= MOST_LETTERS + 2
    assert notes.endswith("\nA line.\n…")


def test_words_are_whole_and_apart_by_chapter() -> None:
    timeline = session(
        Span("say", 0, s(60)), voice=(said(1, "One.  Two\nthree."), said(9, "Four."), said(30, "\x00Five.\u2028"))
    )
    chapters = (Chapter("a", 0, s(30)), Chapter("b", s(30), s(30)))
    assert words(replace(timeline, chapters=chapters)) == "One. Two three.\nFour.\n\nFive."
    assert words(session(Span("say", 0, s(60)))) is None
    assert lyrics(session(Span("say", 0, s(60)))) == ()


def test_lines_have_the_time_at_which_they_are_said() -> None:
    timeline = session(Span("say", 0, s(60)), voice=(said(1, "One, two.", 1), said(9.5, "Abcd. Efghijk lmn.", 4)))
    assert lyrics(timeline) == (
        Lyric("One, two.", 1000),
        Lyric("Abcd.", 9500),
        Lyric("Efghijk lmn.", 9500 + 4000 * 5 // 17),
    )


@given(timelines())
@settings(max_examples=40, deadline=None)
def test_whatever_is_said_all_of_it_is_there_in_time(timeline: Timeline) -> None:
    clips = timeline.track("voice").clips
    found = lyrics(timeline)
    assert [lyric.at_ms for lyric in found] == sorted(lyric.at_ms for lyric in found)
    told = "".join("".join(lyric.text.split()) for lyric in found)
    assert told == "".join((words(timeline) or "").split())
    wanted = "".join(c for clip in clips for c in clip.text or "" if c.isprintable() and not c.isspace())
    assert told == wanted
    for lyric in found:
        at = Fraction(lyric.at_ms, 1000)
        assert any(
            Fraction(c.start, 48_000) - Fraction(1, 1000) <= at <= Fraction(c.end, 48_000) + Fraction(1, 1000)
            for c in clips
        )


def test_eight_hours_are_a_tag_that_players_read(routine: Routine, library: Library) -> None:
    timeline = long_session(8, 10_000)
    tags = tags_of(timeline, routine, library, cover(timeline))
    assert len(tags.lyrics) == 5000
    tag = build_tag(tags)
    assert len(tag) < PLAYERS_READ_BYTES
    assert b"SYLT" in tag


def test_the_picture_of_the_author_or_one_that_is_drawn(routine: Routine, library: Library, tmp_path: Path) -> None:
    timeline = golden("hold-each")
    Image.new("RGB", (600, 600), "#804020").save(tmp_path / "x.png")
    drawn, own = (session_tags(timeline, routine, library, picture) for picture in (None, tmp_path / "x.png"))
    assert drawn.cover == cover(timeline)
    assert own.cover is not None
    assert len(own.cover) < len(drawn.cover)
    with pytest.raises(PictureError):
        session_tags(timeline, routine, library, tmp_path / "none.png")
