"""The cue sheet: what is heard when, what it adds up to, and nothing that commands a terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tests.publish.sessions import SECOND, exercise, sound, spoken, timelines
from voicecoach.model.cuescript import Earcon
from voicecoach.model.timeline import Note, Span, Timeline, Track
from voicecoach.publish.cue_table import cue_table


def table(timeline: Timeline, **settings: object) -> list[str]:
    return list(cue_table(timeline, **settings))  # type: ignore[arg-type]


WANTED = """\
Hips  1:30 (speech estimated)

   0:00.0  OPENING           2s
   0:00.5    “Hips.”

   0:02.0  SET-UP           10s  Pigeon pose, left                                           150 wpm
   0:02.0    “Now: come down. Bring your left knee to the front.”
   0:12.0  getting down: standing → on all fours
   0:12.0  HOLD             30s  Pigeon pose, left
   0:12.0    (start)
   0:27.0    (halfway)
   0:27.3    “Halfway.”
   0:39.0    (tick) 3 times, 1 s apart
   0:42.0    (end)
   0:42.0  CHANGE SIDES      8s  Pigeon pose, right, set 2
   0:42.6    “Change sides. Now the right side.”
   0:50.0  REPS             16s  Pigeon pose, right, set 2
   0:50.0    (rep 1 to 3) “1.” to “3.”, 4 s apart
   1:02.0    (rep 4)
   1:06.0    (end)
   1:06.0  REST             20s
   1:07.0    “Rest for 20 seconds.”
   1:26.0  CLOSING           4s
   1:26.0    (done)

length     1:30
speech     0:11, 12 % of it: 25 words, 138 a minute while it speaks, 17 over the whole
positions  1 change, once between up and the floor
sounds     1 start, 1 halfway, 3 tick, 2 end, 4 rep, 1 done
1 cue was moved, shortened or left out: -v shows them
"""


def test_a_session_as_people_read_it() -> None:
    assert "\n".join(table(exercise(), remark="speech estimated")) + "\n" == WANTED


def test_with_every_cue_and_note() -> None:
    lines = table(exercise(), every=True)
    assert [line.split("    ")[1] for line in lines if "(rep" in line] == [f"(rep {n})" for n in (1, 2, 3, 4)]
    assert sum("(tick)" in line for line in lines) == 3
    assert lines[-1] == "note: 0:28 step 1: left out '10 seconds left.': no room before the countdown"


def test_without_notes_nothing_is_said_of_them() -> None:
    assert table(replace(exercise(), notes=()))[-1].startswith("sounds ")


def test_several_notes_are_counted() -> None:
    notes = (Note(0, "moved"), Note(SECOND, "left out"))
    assert table(replace(exercise(), notes=notes))[-1] == "2 cues were moved, shortened or left out: -v shows them"


@pytest.mark.parametrize("width", [100, 72, 40])
def test_it_keeps_within_the_terminal(width: int) -> None:
    lines = table(exercise(), remark="speech estimated", width=width, every=True)
    assert max(map(len, lines)) <= width
    assert [line for line in lines if not line] == [""] * 3, "one before each chapter and the totals"
    words = " ".join(" ".join(lines).split())
    for text in ("Bring your left knee to the front.", "Pigeon pose, right, set 2", "no room before the countdown"):
        assert text in words or set(text.split()) <= set(words.split())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_every_cue_is_there_and_none_commands_a_terminal(timeline: Timeline) -> None:
    lines = table(timeline, remark="x", every=True)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]", "".join(lines))
    clips = [clip for track in timeline.tracks for clip in track.clips]
    cues = [line for line in lines if re.match(r" *[\d:.]+    [^ ]", line)]
    assert len(cues) == len(clips)
    assert sum(line.count("(") for line in cues) >= sum(clip.earcon is not None for clip in clips)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_the_times_of_the_cues_ascend(timeline: Timeline) -> None:
    found = [re.match(r" *(?:(\d+):)?(\d+):(\d\d\.\d)  ", line) for line in table(timeline)]
    times = [int(m[1] or 0) * 3600 + int(m[2]) * 60 + float(m[3]) for m in found if m]
    assert times == sorted(times)


def positions(*names: str | None) -> list[str]:
    spans = tuple(Span("hold", n * SECOND, SECOND, position=name) for n, name in enumerate(names))
    timeline = Timeline("T", len(names) * SECOND, (Track("voice"), Track("earcons")), spans, ())
    return [line.split("  ", 2)[-1].strip() for line in table(timeline) if " → " in line or "positions" in line]


def test_changes_of_position_are_lines_of_their_own() -> None:
    assert positions("standing", None, "lying on the back", "side-lying", "sitting on a chair") == [
        "getting down: standing → lying on the back",
        "moving: lying on the back → side-lying",
        "getting up: side-lying → sitting on a chair",
        "3 changes, twice between up and the floor",
    ]


def test_other_words_for_the_same_posture_are_no_change() -> None:
    assert positions("lying on the back", "supine, knees bent") == ["no change"]
    assert positions("in a tree", "in a boat") == [
        "moving: in a tree → in a boat",
        "1 change, never between up and the floor",
    ]


def test_breaths_in_and_out_share_a_line() -> None:
    sounds = tuple(
        clip
        for n in range(4)
        for clip in (sound(10 * n, Earcon.IN, rep=n + 1), sound(10 * n + 4, Earcon.OUT, rep=n + 1))
    )
    span = Span("breathe", 0, 40 * SECOND)
    timeline = Timeline("T", 40 * SECOND, (Track("voice"), Track("earcons", sounds)), (span,), ())
    assert "   0:00.0    (in, out 1 to 4), 10 s apart" in table(timeline)


def test_what_only_leads_in_words_is_not_shown_but_counted() -> None:
    clips, voice = (sound(5, Earcon.LEAD_IN),), (spoken(6, 1, "Hello."),)
    tracks = (Track("voice", voice), Track("earcons", clips))
    timeline = Timeline("T", 9 * SECOND, tracks, (Span("say", 0, 9 * SECOND),), ())
    assert "(lead-in)" not in "".join(table(timeline))
    assert "   0:05.0    (lead-in)" in table(timeline, every=True)
    assert table(timeline)[-1] == "sounds     1 lead-in"


def test_uneven_sounds_are_not_put_together() -> None:
    sounds = tuple(sound(at, Earcon.TICK) for at in (1, 2, 4))
    timeline = Timeline("T", 9 * SECOND, (Track("voice"), Track("earcons", sounds)), (Span("say", 0, 9 * SECOND),), ())
    told = [line.strip() for line in table(timeline) if "tick)" in line]
    assert told == ["0:01.0    (tick) 2 times, 1 s apart", "0:04.0    (tick)"]


def test_the_sound_at_the_end_of_a_span_is_its_own() -> None:
    spans = (Span("hold", 0, 3 * SECOND), Span("hold", 3 * SECOND, 3 * SECOND))
    clips = (sound(0, Earcon.START), sound(3, Earcon.END))
    voice = (spoken(3, 1, "Good."),)
    timeline = Timeline("T", 6 * SECOND, (Track("voice", voice), Track("earcons", clips)), spans, ())
    told = [line.split("  ")[-1].strip() for line in table(timeline) if re.match(r" +0:", line)]
    assert told == ["3s", "(start)", "(end)", "3s", "“Good.”"]
