"""The timeline's JSON: what other tools read, and what the MP3 carries."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.model.clip import Utterance, Voice
from voicecoach.model.timeline import Chapter, Note, PlacedClip, Span, Timeline, Track, UsedBed

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
frames = st.integers(0, 10**11)
numbers = st.none() | st.integers(1, 1000)
where = {
    "step": numbers,
    "exercise": st.none() | words,
    "side": st.sampled_from([None, "left", "right"]),
    "set": numbers,
}
speech = st.builds(PlacedClip, frames, frames, words, text=words, earcon=st.none(), rep=numbers, **where)
sounds = st.builds(PlacedClip, frames, frames, words, text=st.none(), earcon=words, rep=numbers, **where)
timelines = st.builds(
    Timeline,
    title=words,
    frames=frames,
    tracks=st.lists(st.builds(Track, words, st.lists(speech | sounds, max_size=4).map(tuple)), max_size=3).map(tuple),
    spans=st.lists(st.builds(Span, words, frames, frames, **where), max_size=4).map(tuple),
    chapters=st.lists(st.builds(Chapter, words, frames, frames), max_size=4).map(tuple),
    notes=st.lists(st.builds(Note, frames, words), max_size=3).map(tuple),
    sample_rate=st.sampled_from([44_100, 48_000]),
    sounds=words,
    own_sounds=st.dictionaries(words, words, max_size=3),
    bed=st.none() | st.builds(UsedBed, words, st.floats(-60, 0), st.floats(0, 60)),
    floor=st.booleans(),
)

HOLD = Timeline(
    title="Hüfte",
    frames=480_000,
    tracks=(
        Track("voice", (PlacedClip(0, 48_000, "set-up", text="Lean back.", step=1, exercise="lean"),)),
        Track("earcons", (PlacedClip(96_000, 4800, "start", earcon="start", step=1, side="left", set=2, rep=3),)),
        Track("bed"),
    ),
    spans=(Span("set-up", 0, 96_000, 1, "lean"), Span("hold", 96_000, 384_000, 1, "lean", "left", 2)),
    chapters=(Chapter("Lean, left", 0, 480_000),),
)


@settings(deadline=None)
@given(timeline=timelines)
def test_round_trip(timeline: Timeline) -> None:
    assert Timeline.from_json(timeline.to_json()) == timeline
    assert Timeline.from_json(json.loads(timeline.dumps())) == timeline


@settings(deadline=None)
@given(timeline=timelines)
def test_the_same_timeline_gives_the_same_bytes(timeline: Timeline) -> None:
    again = Timeline.from_json(json.loads(timeline.dumps()))
    assert again.dumps() == timeline.dumps()


def test_the_form_that_is_documented() -> None:
    assert HOLD.to_json() == {
        "title": "Hüfte",
        "sample_rate": 48_000,
        "frames": 480_000,
        "length_s": 10.0,
        "sounds": "bells",
        "tracks": [
            {
                "name": "voice",
                "clips": [
                    {
                        "start": 0,
                        "frames": 48_000,
                        "role": "set-up",
                        "text": "Lean back.",
                        "step": 1,
                        "exercise": "lean",
                    }
                ],
            },
            {
                "name": "earcons",
                "clips": [
                    {
                        "start": 96_000,
                        "frames": 4800,
                        "role": "start",
                        "earcon": "start",
                        "step": 1,
                        "side": "left",
                        "set": 2,
                        "rep": 3,
                    }
                ],
            },
            {"name": "bed", "clips": []},
        ],
        "spans": [
            {"kind": "set-up", "start": 0, "frames": 96_000, "step": 1, "exercise": "lean"},
            {
                "kind": "hold",
                "start": 96_000,
                "frames": 384_000,
                "step": 1,
                "exercise": "lean",
                "side": "left",
                "set": 2,
            },
        ],
        "chapters": [{"title": "Lean, left", "start": 0, "frames": 480_000}],
    }


@settings(deadline=None)
@given(timeline=timelines)
def test_keys_that_do_not_apply_are_absent(timeline: Timeline) -> None:
    values = timeline.to_json()
    clips = [clip for track in values["tracks"] for clip in track["clips"]]
    for noun in (*clips, *values["spans"], *values["chapters"]):
        assert all(value is not None for value in noun.values())
        assert isinstance(noun["start"], int)
        assert isinstance(noun["frames"], int)
    for clip in clips:
        assert ("text" in clip) != ("earcon" in clip)
    assert ("notes" in values) == bool(timeline.notes)


def test_what_the_engine_was_asked_for_is_not_in_it() -> None:
    utterance = Utterance("lean back", Voice("fake", "fake", "en"))
    timeline = Timeline("T", 9, (Track("voice", (PlacedClip(0, 9, "say", "Lean.", utterance=utterance),)),), (), ())
    assert b"lean back" not in timeline.dumps()
    assert Timeline.from_json(timeline.to_json()).tracks[0].clips[0].utterance is None


def test_compact_and_readable() -> None:
    data = HOLD.dumps()
    assert "Hüfte".encode() in data
    assert b", " not in data.replace(b"Lean, left", b"")
    assert b'": ' not in data


def test_unknown_keys_are_passed_over() -> None:
    """A later version may say more; what it says besides is not our business."""
    values = json.loads(HOLD.dumps())
    values["loudness_lufs"] = -19
    values["tracks"][0]["gain_db"] = 3
    for noun in (values["tracks"][0]["clips"][0], values["spans"][0], values["chapters"][0]):
        noun["colour"] = "red"
        noun["more"] = {"deep": [1, 2]}
    assert Timeline.from_json(values) == HOLD


def test_optional_keys_may_be_absent() -> None:
    values = {
        "title": "T",
        "sample_rate": 48_000,
        "frames": 48_000,
        "tracks": [{"name": "voice", "clips": [{"start": 1, "frames": 2, "role": "say"}]}],
        "spans": [{"kind": "say", "start": 0, "frames": 48_000}],
        "chapters": [],
    }
    timeline = Timeline.from_json(values)
    assert timeline.tracks[0].clips == (PlacedClip(1, 2, "say"),)
    assert timeline.notes == ()
    assert timeline.length_s == 1, "the length is that of the frames, whatever the JSON says of it"


@pytest.mark.parametrize("key", ["title", "sample_rate", "frames", "tracks", "spans", "chapters"])
def test_a_key_that_must_be_there(key: str) -> None:
    values = HOLD.to_json()
    del values[key]
    with pytest.raises(KeyError):
        Timeline.from_json(values)


@pytest.mark.parametrize("key", ["start", "frames", "role"])
def test_a_clip_without_its_place(key: str) -> None:
    values = HOLD.to_json()
    del values["tracks"][0]["clips"][0][key]
    with pytest.raises((KeyError, TypeError)):
        Timeline.from_json(values)


@pytest.mark.parametrize("key", ["tracks", "spans", "chapters"])
def test_what_is_no_timeline(key: str) -> None:
    with pytest.raises((KeyError, TypeError)):
        Timeline.from_json(HOLD.to_json() | {key: None})


def test_lengths_and_ends() -> None:
    assert HOLD.length_s == Fraction(10)
    assert HOLD.spans[1].end == 480_000
    assert HOLD.chapters[0].end == 480_000
    assert HOLD.tracks[0].clips[0].end == 48_000
    assert Timeline("T", 1, (), (), (), sample_rate=44_100).length_s == Fraction(1, 44_100)


def test_a_track_by_its_name() -> None:
    assert HOLD.track("earcons") is HOLD.tracks[1]
    with pytest.raises(KeyError):
        HOLD.track("drums")


def test_a_voice_is_told_without_the_place_where_it_is_kept() -> None:
    def clip(start: int, voice: Voice) -> PlacedClip:
        return PlacedClip(start, 48000, "say", text="One.", utterance=Utterance("One.", voice))

    voices = (Voice("recorded", "/home/kim/recordings", "en"), Voice("piper", "en_US-tiny/two", "en-us"))
    track = Track("voice", tuple(clip(number * 48000, voice) for number, voice in enumerate(voices)))
    told = Timeline("T", 96000, (track,), (), ()).with_voices()
    assert [one.voice for one in told.track("voice").clips] == ["recorded:recordings", "piper:en_US-tiny/two"]
