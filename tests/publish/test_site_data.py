"""What a player page knows: marks, words and what comes next, for any timeline."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from tests.publish.sessions import SECOND, exercise, sound, timelines
from tests.publish.site_cases import episode_of
from voicecoach.model.cuescript import Earcon
from voicecoach.model.timeline import PlacedClip, Span, Timeline, Track
from voicecoach.publish.by_span import by_span
from voicecoach.publish.page_words import page_words
from voicecoach.publish.site.marks import marks_of
from voicecoach.publish.site.player_data import player_data
from voicecoach.publish.site.upcoming import Upcoming


def of_span(kind: str, length_s: int, *clips: PlacedClip, **where: object) -> list[tuple[object, ...]]:
    span = Span(kind, 0, length_s * SECOND, step=1, **where)  # type: ignore[arg-type]
    timeline = Timeline("T", span.frames, (Track("voice"), Track("earcons", clips), Track("bed")), (span,), ())
    return [(mark.at / SECOND, *mark[1:]) for mark in marks_of(by_span(timeline)[0])]


def test_repetitions_on_one_side() -> None:
    taps = [sound(4 * n, Earcon.REP, rep=n + 1, side="left") for n in range(3)]
    assert of_span("reps", 12, *taps, side="left") == [
        (0, "r", 1, None, ""),
        (4, "r", 2, None, ""),
        (8, "r", 3, None, ""),
    ]


def test_repetitions_in_turn_count_each_side_by_itself() -> None:
    taps = [sound(2 * n, Earcon.REP, rep=n + 1, side=("right", "left")[n % 2]) for n in range(4)]
    told = [mark[2:4] for mark in of_span("reps", 8, *taps)]
    assert told == [(1, "right"), (1, "left"), (2, "right"), (2, "left")]


def test_phases_have_the_shortest_words_that_are_said() -> None:
    sounds = [sound(0, Earcon.REP, rep=1), sound(5, Earcon.OUT, rep=1), sound(15, Earcon.REP, rep=2)]
    sounds.append(sound(20, Earcon.OUT, rep=2))
    said = [
        PlacedClip(round(at_s * SECOND), SECOND, "phase", text=text, rep=rep)
        for at_s, text, rep in ((0.4, "press the knee up into the hand.", 1), (5.4, "Let go.", 1), (15.4, "press.", 2))
    ]
    span = Span("cycles", 0, 30 * SECOND, step=1)
    tracks = (Track("voice", tuple(said)), Track("earcons", tuple(sounds)), Track("bed"))
    marks = marks_of(by_span(Timeline("T", span.frames, tracks, (span,), ()))[0])
    assert [(mark.number, mark.text) for mark in marks] == [(1, "Press"), (1, "Let go"), (2, "Press"), (2, "Let go")]


def test_breaths_halfway_and_ticks() -> None:
    tones = [sound(0, Earcon.IN, rep=1), sound(4, Earcon.FULL, rep=1), sound(6, Earcon.OUT, rep=1)]
    assert [mark[:3] for mark in of_span("breathe", 12, *tones)] == [(0, "i", 1), (4, "f", 1), (6, "o", 1)]
    marks = [sound(10, Earcon.HALFWAY), *(sound(at, Earcon.TICK) for at in (17, 18, 19))]
    assert [mark[:2] for mark in of_span("hold", 20, *marks)] == [(10, "h"), (17, "t"), (18, "t"), (19, "t")]


@pytest.mark.parametrize(
    ("kind", "pattern", "wanted"),
    [
        ("reps", "2-0-2-0", [(0, "r", 1), (4, "r", 2), (8, "r", 3)]),
        ("breathe", "4-2-6-0", [(0, "i", 1), (4, "f", 1), (6, "o", 1)]),
        ("reps", "quick", []),
        ("reps", "0-0-0-0", []),
        ("breathe", None, []),
    ],
)
def test_without_sounds_the_pattern_tells(kind: str, pattern: str | None, wanted: list[object]) -> None:
    assert [mark[:3] for mark in of_span(kind, 12, pattern=pattern)] == wanted


def test_the_rows_of_a_session() -> None:
    data = player_data(episode_of(exercise()), "en")
    texts, kinds = data["texts"], data["kinds"]
    rows = [[*row, *[0] * (9 - len(row))] for row in data["spans"]]
    told = [(row[0] // SECOND, kinds[row[1]], texts[row[2]], row[3], texts[row[5]]) for row in rows]
    assert told == [
        (0, "opening", "Hips", 0, "Pigeon pose, left"),
        (2, "set-up", "Pigeon pose", 1, "hold 30\u00a0s"),
        (12, "hold", "Pigeon pose", 1, "Pigeon pose, right"),
        (42, "change sides", "Pigeon pose", 2, "4 repetitions"),
        (50, "reps", "Pigeon pose", 2, "Rest, 20\u00a0s"),
        (66, "rest", "", 0, ""),
        (86, "closing", "Hips", 0, ""),
    ]
    assert texts[rows[1][6]] == "standing"
    assert rows[1][7] == 1, "the picture of the first posture that is got into"
    assert rows[2][8] == [[15 * SECOND, "h"], [27 * SECOND, "t"], [28 * SECOND, "t"], [29 * SECOND, "t"]]
    assert data["chapters"] == [[0, "Opening"], [2 * SECOND, "Pigeon pose"]]


def test_sets_are_told_where_there_are_several() -> None:
    def span(kind: str, at: int, number: int | None, exercise: str | None = "x") -> Span:
        return Span(kind, at * SECOND, 10 * SECOND, 1, exercise, None, number, "Bridge" if exercise else None)

    spans = (span("set-up", 0, None), span("time", 10, 1), span("rest", 20, 1), span("time", 30, 2))
    tracks = (Track("voice"), Track("earcons"), Track("bed"))
    told = Upcoming(Timeline("T", 40 * SECOND, tracks, spans, ()), page_words("en"))
    assert [told.set_of(n) for n in range(4)] == ["", "Set 1 of 2", "", "Set 2 of 2"]
    assert told.after(2) == "Bridge, set 2"
    clock = (span("set-up", 0, None, None), *spans[1:])
    told = Upcoming(Timeline("T", 40 * SECOND, tracks, clock, ()), page_words("de"))
    assert told.set_of(1) == "Runde 1 von 2"


@given(timelines())
def test_any_session_gives_whole_rows(timeline: Timeline) -> None:
    data = json.loads(json.dumps(player_data(episode_of(timeline), "es")))
    assert [row[0] for row in data["spans"]] == [span.start for span in timeline.spans]
    for row, span in zip(data["spans"], timeline.spans, strict=True):
        full = [*row, *[0] * (9 - len(row))]
        assert data["kinds"][full[1]] == span.kind
        assert all(0 <= number < len(data["texts"]) for number in (full[2], *full[4:7]))
        marks = full[8] or []
        assert all(0 <= mark[0] < span.frames for mark in marks)
        assert [mark[0] for mark in marks] == sorted(mark[0] for mark in marks)


def test_a_session_without_spans_has_one_row() -> None:
    tracks = (Track("voice"), Track("earcons"), Track("bed"))
    data = player_data(episode_of(replace(exercise(), spans=(), chapters=(), tracks=tracks)), "en")
    assert (data["spans"], data["kinds"], data["chapters"]) == ([[0, 0]], ["say"], [])
