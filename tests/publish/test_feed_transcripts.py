"""Transcripts: three forms of the same captions, at the times of the voice track."""

from __future__ import annotations

import html
import json
import unicodedata
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pysubs2
import pytest
import srt
import webvtt
from hypothesis import given, settings

from tests.publish.feed_cases import course, feed_of
from tests.publish.sessions import exercise, timelines
from tests.publish.test_feed_rss import made, plain_episode
from voicecoach.model.about import About
from voicecoach.model.cuescript import Earcon
from voicecoach.model.feed import Episode, Feed
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import to_ms

Rows = list[tuple[int, int, str]]


def rows(feed: Feed, episode: Episode) -> Rows:
    values = json.loads(made(feed, f"feed/{episode.name}.json"))
    assert values["version"] == "1.0.0"
    assert all(set(one) == {"startTime", "endTime", "body"} for one in values["segments"])
    return [(round(s["startTime"] * 1000), round(s["endTime"] * 1000), s["body"]) for s in values["segments"]]


def srt_rows(text: str) -> Rows:
    return [
        (round(one.start.total_seconds() * 1000), round(one.end.total_seconds() * 1000), joined(one.content))
        for one in srt.parse(text)
    ]


def in_ms(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds.replace(".", ""))


def joined(text: str) -> str:
    return " ".join(text.split("\n"))


def test_what_is_said_stands_where_it_is_said(course_folder: Path) -> None:
    """Each clip of the voice begins a caption at its first frame, and its captions say all of its words by its end."""
    feed = course(course_folder)
    for episode in feed.episodes:
        told = rows(feed, episode)
        starts = {start: at for at, (start, _, _) in enumerate(told)}
        clips = [clip for clip in episode.timeline.track("voice").clips if clip.text]
        spoken = 0
        for clip in clips:
            start_ms, end_ms = to_ms(clip.start), to_ms(clip.end)
            if (clip.text or "").strip(".").isdigit():
                # The number of a repetition is shown from its tap on, which comes before.
                assert any(start <= start_ms < end and clip.text.strip(".") in body for start, end, body in told)
                continue
            at = starts[start_ms]
            said = [body for start, _, body in told[at:] if start < end_ms]
            assert " ".join(said) == " ".join((clip.text or "").split())
            spoken += 1
        assert spoken > 10


def test_sounds_that_tell_something_are_told_when_they_sound(course_folder: Path) -> None:
    feed = course(course_folder)
    for episode in feed.episodes:
        told = rows(feed, episode)
        ticks = [clip for clip in episode.timeline.track("earcons").clips if clip.earcon == Earcon.TICK]
        assert len(ticks) >= 3
        shown = {start: body for start, _, body in told}
        spans = episode.timeline.spans
        for tick in ticks:
            end = next(span.end for span in spans if span.start <= tick.start < span.end)
            assert shown[to_ms(tick.start)] == f"[{round((end - tick.start) / 48_000)}]"


def test_the_three_forms_say_the_same(course_folder: Path, tmp_path: Path) -> None:
    feed = course(course_folder)
    for episode in feed.episodes:
        told = rows(feed, episode)
        assert told[0][0] >= 0
        assert all(start < end for start, end, _ in told)
        assert all(one[1] <= other[0] for one, other in pairwise(told))
        assert told[-1][1] <= to_ms(episode.timeline.frames)
        vtt = made(feed, f"feed/{episode.name}.vtt").decode()
        (tmp_path / "one.vtt").write_text(vtt, encoding="utf-8")
        read = [(in_ms(one.start), in_ms(one.end), joined(one.text)) for one in webvtt.read(str(tmp_path / "one.vtt"))]
        subrip = srt_rows(made(feed, f"feed/{episode.name}.srt").decode())
        assert [row[:2] for row in read] == [row[:2] for row in subrip] == [row[:2] for row in told]
        assert [html.unescape(row[2]) for row in read] == [row[2] for row in told]
        events = pysubs2.SSAFile.from_string(made(feed, f"feed/{episode.name}.srt").decode(), format_="srt").events
        assert [(one.start, one.end) for one in events] == [row[:2] for row in told]


def test_no_colon_makes_a_speaker(course_folder: Path) -> None:
    """Where a line of SubRip has ': ', AntennaPod takes what stands before it for who speaks."""
    feed = course(course_folder)
    german = feed.episodes[2]
    assert any(": " in body for _, _, body in rows(feed, german))
    for episode in feed.episodes:
        text = made(feed, f"feed/{episode.name}.srt").decode()
        assert not [line for line in text.splitlines() if ": " in line or line.endswith(":")]


@pytest.mark.parametrize(("language", "word"), [("de", "Halten"), ("en", "Hold"), ("de-at", "Halten"), ("xx", "Hold")])
def test_what_is_not_said_is_told_in_the_sessions_language(language: str, word: str) -> None:
    episode = plain_episode(timeline=replace(exercise(), about=About("hips", language)))
    for ending in (".json", ".srt", ".vtt"):
        assert f"{word} 30 s" in made(feed_of(episode), f"feed/hips{ending}").decode()


def test_a_session_that_does_not_tell_its_language_has_the_feeds() -> None:
    assert "Halten 30 s" in made(feed_of(plain_episode(), language="de"), "feed/hips.vtt").decode()


@settings(max_examples=40)
@given(timelines())
def test_any_session_gives_transcripts_that_read_back(timeline: Timeline) -> None:
    feed = feed_of(plain_episode(timeline=timeline))
    told = rows(feed, feed.episodes[0])
    assert not {unicodedata.category(letter) for _, _, text in told for letter in text} & {"Cc", "Cs", "Zl", "Zp"}
    assert [row[:2] for row in srt_rows(made(feed, "feed/hips.srt").decode())] == [row[:2] for row in told]
    vtt = made(feed, "feed/hips.vtt").decode()
    assert vtt.startswith("WEBVTT\n")
    assert vtt.count(" --> ") == len(told)
