"""What the picture of a session shows: kinds, sides, the breath, positions; and nothing that does not occur."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.publish.plotting import (
    RATE,
    SVG,
    key_words,
    one_of_each,
    place_of,
    s,
    session,
    shown,
    sound,
    texts,
)
from voicecoach.model.cuescript import Earcon
from voicecoach.model.timeline import Note, NoteKind, PlacedClip, Span, Track
from voicecoach.publish.plot.curves import course
from voicecoach.publish.plot.layout import scene
from voicecoach.publish.plot.rows import WIDE
from voicecoach.publish.plot.svg import svg


def test_the_key_has_what_occurs_and_nothing_else() -> None:
    words = key_words(scene(one_of_each(), WIDE))
    assert {"hold", "repetitions", "breathe", "rest", "change sides", "get set up", "left side", "right side"} <= words
    assert {"start", "end", "repetition", "breathe in", "speech"} <= words
    assert not words & {"cycles", "for a time", "halfway", "done", "last seconds", "music", "lead-in to speech"}
    assert not any("left out" in word for word in words)
    assert key_words(scene(session(Span("rest", 0, s(30), 1)), WIDE)) == {"rest"}


def test_sides_are_told_by_letters_and_by_the_way_of_the_lines() -> None:
    marks = [mark for mark in shown(svg(scene(one_of_each(), WIDE))) if mark.kind == "span"]
    left, right = (next(m for m in marks if "hold" in m.tip and side in m.tip) for side in ("left", "right"))
    for mark, letter, slope in ((left, "L", 1), (right, "R", -1)):
        assert next(text.text for text in mark.element.iter(f"{SVG}text")) == letter
        path = mark.element.findall(f"{SVG}path")[-1].attrib["d"]
        x1, y1, x2, y2 = (float(n) for n in re.findall(r"[\d.]+", path)[:4])
        assert x2 > x1
        assert (y2 - y1) * slope > 0
    assert left.element.find(f"{SVG}circle") is not None
    assert right.element.find(f"{SVG}circle") is None
    neither = next(m for m in marks if "Squat" in m.tip)
    assert {"L", "R"}.isdisjoint(text.text or "" for text in neither.element.iter(f"{SVG}text"))


def test_reps_of_the_left_stand_higher_than_those_of_the_right() -> None:
    span = Span("reps", 0, s(16), 1, "leg-swings", pattern="2-0-2-0")
    taps = (sound(0, Earcon.REP, 1, "left"), sound(4, Earcon.REP, 2, "right"), sound(8, Earcon.REP, 3))
    marks = [mark for mark in shown(svg(scene(session(span, earcons=taps), WIDE))) if mark.kind == "sound"]
    left, right, neither = (float(mark.element[1].attrib["cy"]) for mark in marks)
    assert left < neither < right
    assert [mark.tip.rpartition(" · ")[2] for mark in marks] == [
        "repetition 1, left",
        "repetition 2, right",
        "repetition 3",
    ]


def test_a_breath_rises_stays_falls_and_stays() -> None:
    span = Span("breathe", s(10), s(24), 1, pattern="4-1-6-1")
    sounds = tuple(sound(10 + at, e, n) for n, at, e in ((1, 0, Earcon.IN), (1, 5, Earcon.OUT), (2, 12, Earcon.IN)))
    points = course(span, sounds, RATE)
    assert [frame for frame, _ in points] == sorted(frame for frame, _ in points)
    level = dict(points)
    assert level[s(10)] == 0
    assert level[s(12)] == pytest.approx(0.5)
    assert level[s(14)] == level[s(15)] == 1
    assert level[s(18)] == pytest.approx(0.5)
    assert level[s(21)] == level[s(22)] == 0
    assert level[s(26)] == level[s(27)] == 1
    assert points[-1] == (s(34), 0)


def test_a_course_follows_its_sounds_rather_than_the_clock() -> None:
    span = Span("breathe", 0, s(21), 1, pattern="4-0-6-0")
    late = (sound(0, Earcon.IN, 1), sound(4, Earcon.OUT, 1), sound(11, Earcon.IN, 2), sound(15, Earcon.OUT, 2))
    level = dict(course(span, late, RATE))
    assert level[s(11)] == 0
    assert level[s(15)] == 1
    assert dict(course(span, (), RATE))[s(14)] == 1, "without sounds, rounds follow one another"
    only_out = course(Span("breathe", 0, s(16), 1, pattern="0-2-6-0"), (sound(3, Earcon.OUT, 1),), RATE)
    assert only_out[0] == (s(1), 1), "a breath that begins full begins as long before its breath out as it is held"


def test_repetitions_go_down_first_and_cycles_go_from_phase_to_phase() -> None:
    reps = Span("reps", 0, s(8), 1, pattern="2-1-1-0")
    level = dict(course(reps, (sound(0, Earcon.REP, 1), sound(4, Earcon.REP, 2)), RATE))
    assert [level[s(at)] for at in (0, 2, 3, 4, 6, 7, 8)] == [1, 0, 0, 1, 0, 0, 1]
    cycles = Span("cycles", 0, s(30), 1)
    marks = tuple(sound(15 * n + d, e, n + 1) for n in range(2) for d, e in ((0, Earcon.REP), (5, Earcon.OUT)))
    assert course(cycles, marks, RATE) == (
        (0, 1), (s(5), 1), (s(5), 0), (s(15), 0), (s(15), 1), (s(20), 1), (s(20), 0), (s(30), 0)
    )  # fmt: skip
    assert course(Span("hold", 0, s(8), 1), (), RATE) == ()
    assert course(Span("reps", 0, s(8), 1, pattern="fast"), (), RATE) == ()


def test_the_breath_is_drawn_where_its_time_is() -> None:
    span = Span("breathe", s(2), s(24), 1, pattern="4-2-6-0", name="Breath")
    timeline = session(Span("opening", 0, s(2)), span)
    (mark,) = (
        mark
        for mark in shown(svg(scene(timeline, WIDE)))
        if "Breath" in mark.tip and mark.kind == "span" and mark.row == 0
    )
    numbers = [float(n) for n in re.findall(r"[\d.]+", mark.element.findall(f"{SVG}path")[-1].attrib["d"])]
    line = list(zip(numbers[::2], numbers[1::2], strict=True))
    top, floor = min(y for _, y in line), max(y for _, y in line)
    flat = [x for x, y in line if y == top]
    assert line[0] == (pytest.approx(place_of(s(2), timeline)[1], abs=0.01), floor)
    assert flat[0] == pytest.approx(place_of(s(6), timeline)[1], abs=0.01)
    assert flat[1] == pytest.approx(place_of(s(8), timeline)[1], abs=0.01)


def test_positions_are_steps_as_high_as_one_is() -> None:
    words = ("standing", "sitting on a chair", "half-kneeling", "hands and knees", "lying on the back")
    spans = [Span("hold", s(60 * n), s(60), n + 1, position=word) for n, word in enumerate(words)]
    marks = [mark for mark in shown(svg(scene(session(*spans), WIDE))) if mark.kind == "position"]
    first = {mark.at: float(mark.element.findall(f"{SVG}rect")[0].attrib["y"]) for mark in reversed(marks)}
    heights = [first[span.start] for span in spans]
    assert heights == sorted(heights)
    assert len(set(heights)) == len(words)
    assert set(words) <= texts(svg(scene(session(*spans), WIDE)))
    bare = [replace(span, position=None) for span in spans]
    assert not any(mark.kind == "position" for mark in shown(svg(scene(session(*bare), WIDE))))


def test_a_position_that_is_not_told_goes_on() -> None:
    spans = (Span("hold", 0, s(10), 1, position="standing"), Span("rest", s(10), s(5), 2), Span("closing", s(15), s(5)))
    (mark,) = (mark for mark in shown(svg(scene(session(*spans), WIDE))) if mark.kind == "position" and mark.row == 0)
    assert mark.rect[1] == pytest.approx(place_of(s(15), session(*spans))[1] or 0, abs=2000)
    assert mark.tip == "0:00.0–0:20.0 · standing"


def test_music_and_what_was_left_out_are_shown() -> None:
    timeline = session(Span("hold", 0, s(60), 1))
    assert not any(mark.kind in {"music", "note"} for mark in shown(svg(scene(timeline, WIDE))))
    bed = Track("bed", (PlacedClip(s(5), s(50), "rain"),))
    notes = (Note(s(30), "left out 'Halfway.': no room", NoteKind.DROPPED), Note(s(40), "moved", NoteKind.MOVED))
    fuller = replace(timeline, tracks=(*timeline.tracks[:2], bed), notes=notes)
    marks = {mark.kind: mark for mark in reversed(shown(svg(scene(fuller, WIDE))))}
    assert marks["music"].rect[0] == pytest.approx(place_of(s(5), timeline)[1], abs=0.01)
    assert marks["note"].tip == "0:30.0 · left out 'Halfway.': no room"
    assert {"music", "left out: no room for it"} <= key_words(scene(fuller, WIDE))


def test_figures() -> None:
    words = texts(svg(scene(one_of_each(), WIDE)))
    assert {"4:00", "0:06", "2 · 1:00", "1 · 0:32", "1 · 1:00", "1 · 0:30", "left 0:30, right 0:30"} <= words
    assert {"Total", "Spoken", "Holds", "Rests", "Sides", "Changes of position", "Up or down"} <= words


def test_a_kind_and_a_sound_of_a_later_version_are_drawn_all_the_same() -> None:
    strange = PlacedClip(s(3), s(1), "gong", earcon="gong")
    timeline = session(Span("somersault", 0, s(20), 1), earcons=(strange,))
    marks = {mark.kind: mark for mark in shown(svg(scene(timeline, WIDE))) if mark.row == 0}
    assert "somersault" in marks["span"].tip
    assert marks["sound"].tip.endswith("gong")
