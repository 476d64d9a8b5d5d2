"""Rows for other programs: a spreadsheet's, and Audacity's label track."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings

from tests.publish.sessions import SECOND, TRAPS, exercise, spoken, timelines
from voicecoach.model.diagnostic import harmless
from voicecoach.model.timeline import Span, Timeline, Track
from voicecoach.model.units import to_seconds
from voicecoach.publish.audacity import audacity
from voicecoach.publish.cue_csv import COLUMNS, cue_csv


def rows(timeline: Timeline) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(cue_csv(timeline)), strict=True))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_the_spreadsheet_has_every_span_and_cue_once(timeline: Timeline) -> None:
    text = cue_csv(timeline)
    assert text.startswith(",".join(COLUMNS) + "\n")
    assert text.endswith("\n")
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)
    found = rows(timeline)
    assert all(None not in row and None not in row.values() for row in found)
    voice, earcons = timeline.tracks[0].clips, timeline.tracks[1].clips
    for track, wanted in (("spans", timeline.spans), ("voice", voice), ("earcons", earcons)):
        mine = [row for row in found if row["track"] == track]
        assert [Fraction(row["start_s"]) for row in mine] == [micro(one.start) for one in wanted]
        assert [Fraction(row["end_s"]) for row in mine] == [micro(one.end) for one in wanted]
        assert [Fraction(row["length_s"]) for row in mine] == [micro(one.frames) for one in wanted]
    said = [row["text"] for row in found if row["track"] == "voice"]
    assert [text.removeprefix("'") for text in said] == [
        harmless(clip.text or "").removeprefix("'") for clip in timeline.tracks[0].clips
    ]


def micro(frames: int) -> Fraction:
    return Fraction(round(to_seconds(frames) * 1_000_000), 1_000_000)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_no_cell_is_a_formula(timeline: Timeline) -> None:
    for row in csv.reader(io.StringIO(cue_csv(timeline))):
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)


def test_an_apostrophe_stands_before_what_would_be_a_formula() -> None:
    said = tuple(spoken(n, 1, text) for n, text in enumerate(("=1+1", " =2+2", "\t=3+3", "-5 dB", "1 + 1")))
    tracks = (Track("voice", said), Track("earcons"))
    timeline = Timeline("T", 9 * SECOND, tracks, (Span("say", 0, 9 * SECOND),), ())
    texts = [row["text"] for row in rows(timeline) if row["track"] == "voice"]
    assert texts == ["'=1+1", "' =2+2", "\\t=3+3", "'-5 dB", "1 + 1"]


def test_a_row_tells_what_it_belongs_to() -> None:
    found = rows(exercise())
    assert [row["kind"] for row in found[:4]] == ["opening", "opening", "set-up", "set-up"]
    hold = next(row for row in found if row["kind"] == "hold")
    assert (hold["length_s"], hold["name"], hold["side"], hold["position"]) == (
        *("30.000000", "Pigeon pose", "left", "on all fours"),
    )
    said = next(row for row in found if row["text"].startswith("Now: "))
    assert (said["track"], said["kind"], said["step"], said["exercise"], said["name"], said["side"]) == (
        *("voice", "set-up", "1", "pigeon-pose", "Pigeon pose", "left"),
    )
    assert (said["words"], said["words_per_minute"]) == ("10", "150")
    tap = next(row for row in found if row["kind"] == "rep" and row["track"] == "earcons")
    assert (tap["rep"], tap["set"], tap["words"], tap["words_per_minute"], tap["text"]) == ("1", "2", "", "", "")


class Label(NamedTuple):
    start_s: Fraction
    end_s: Fraction
    text: str


LABEL = re.compile(r"(\d+\.\d{6})\t(\d+\.\d{6})\t([^\t\n]+)")


def labels(text: str) -> list[Label]:
    """Read a label track strictly, as Audacity's manual has it."""
    assert text.endswith("\n")
    found = []
    for line in text.removesuffix("\n").split("\n"):
        match = LABEL.fullmatch(line)
        assert match, line
        found.append(Label(Fraction(match[1]), Fraction(match[2]), match[3]))
    assert all(label.start_s <= label.end_s for label in found)
    assert [label.start_s for label in found] == sorted(label.start_s for label in found)
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_audacity_has_every_span_word_and_sound(timeline: Timeline) -> None:
    session, *found = labels(audacity(timeline, "speech estimated"))
    assert session.start_s == 0
    assert session.end_s == micro(timeline.frames)
    assert session.text.endswith(", speech estimated")
    looks = {"[": timeline.spans, "“": timeline.tracks[0].clips, "(": timeline.tracks[1].clips}
    for look, wanted in looks.items():
        mine = [label for label in found if label.text.startswith(look)]
        assert [label.start_s for label in mine] == [micro(one.start) for one in wanted]
        ends = [label.start_s for label in mine] if look == "(" else [micro(one.end) for one in wanted]
        assert [label.end_s for label in mine] == ends
    assert len(found) == sum(map(len, looks.values()))


def test_audacity_names_them() -> None:
    texts = [label.text for label in labels(audacity(exercise(), "spoken by fake:fake"))]
    assert texts[:4] == ["Hips, spoken by fake:fake", "[opening 2s]", "“Hips.”", "[set-up 10s, Pigeon pose, left]"]
    assert "(rep 3)" in texts


def test_texts_that_trip_readers_up_are_one_label_each() -> None:
    said = tuple(spoken(n, 1, text) for n, text in enumerate(TRAPS))
    spans = (Span("say", 0, len(TRAPS) * SECOND),)
    timeline = Timeline("T\n9\t9\tx", len(TRAPS) * SECOND, (Track("voice", said), Track("earcons")), spans, ())
    found = labels(audacity(timeline, "r"))
    assert len(found) == len(TRAPS) + 2
    assert "“tab\\there”" in [label.text for label in found]
