"""WebVTT, SubRip and LRC: what independent readers make of them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pysubs2
import pytest
import srt
import webvtt
from hypothesis import HealthCheck, given, settings

from tests.publish.sessions import SECOND, TRAPS, exercise, spoken, timelines
from voicecoach.model.timeline import PlacedClip, Span, Timeline, Track
from voicecoach.publish.caption_files import lyrics, subrip
from voicecoach.publish.caption_files import webvtt as write_webvtt
from voicecoach.publish.caption_words import caption_words
from voicecoach.publish.captions import captions

ENGLISH = caption_words("en")
REMARK = "speech estimated"
WRITERS: dict[str, Callable[[Timeline], str]] = {
    "vtt": lambda timeline: write_webvtt(timeline, ENGLISH, REMARK),
    "srt": lambda timeline: subrip(timeline, ENGLISH),
    "lrc": lambda timeline: lyrics(timeline, ENGLISH, REMARK),
}
ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}


class Read(NamedTuple):
    start_ms: int
    end_ms: int


def times(timeline: Timeline) -> list[tuple[int, int]]:
    return [(caption.start_ms, caption.end_ms) for caption in captions(timeline, ENGLISH)]


def unescaped(text: str) -> str:
    return re.sub("&amp;|&lt;|&gt;", lambda match: ENTITIES[match[0]], text)


def bare(text: str) -> str:
    """Letters and digits only: signs may be replaced by those that look like them, words may not."""
    return "".join(character for character in text if character.isalnum())


def in_ms(time: str) -> int:
    hours, minutes, seconds = time.replace(",", ".").split(":")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)


def trapped() -> Timeline:
    """Every text that trips readers up, said one after another."""
    said = tuple(spoken(10 * n, 9, text) for n, text in enumerate(TRAPS))
    return saying("A --> <b>: title", 10 * len(TRAPS), *said)


def saying(title: str, length_s: int, *said: PlacedClip) -> Timeline:
    tracks = (Track("voice", said), Track("earcons"), Track("bed"))
    return Timeline(title, length_s * SECOND, tracks, (Span("say", 0, length_s * SECOND),), ())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_every_form_is_plain_text_with_nothing_that_commands(timeline: Timeline) -> None:
    for write in WRITERS.values():
        text = write(timeline)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert not text.startswith("\ufeff")
        assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]", text) is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_webvtt_reads_back(timeline: Timeline) -> None:
    every = captions(timeline, ENGLISH)
    read = webvtt.from_string(WRITERS["vtt"](timeline))
    assert [(in_ms(cue.start), in_ms(cue.end)) for cue in read] == times(timeline)
    assert [cue.identifier for cue in read] == [str(number) for number in range(1, len(every) + 1)]
    for cue, caption in zip(read, every, strict=True):
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", cue.raw_text)
        assert len(cue.lines) == len(caption.lines)


def test_webvtt_shows_every_sign_as_it_is() -> None:
    timeline = trapped()
    blocks = WRITERS["vtt"](timeline).split("\n\n")
    assert blocks[0] == "WEBVTT"
    assert blocks[1].startswith("NOTE A --&gt; &lt;b&gt;: title, ")
    assert blocks[1].endswith(", speech estimated")
    shown = [unescaped(" ".join(block.split("\n")[2:])) for block in blocks[2:]]
    assert "<b>bold</b> & so on" in shown
    assert "a --> b" in shown
    assert "&amp; already" in shown
    assert sum("-->" in line for line in WRITERS["vtt"](timeline).split("\n")) == len(shown)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_subrip_reads_back_in_two_readers(timeline: Timeline) -> None:
    text, every = WRITERS["srt"](timeline), captions(timeline, ENGLISH)
    strict = list(srt.parse(text)) if every else []
    assert [srt.timedelta_to_srt_timestamp(one.start).replace(",", ".") for one in strict] == [
        webvtt_time(start) for start, _ in times(timeline)
    ]
    assert [bare(one.content) for one in strict] == [bare(harmless_text(caption.text)) for caption in every]
    lax = pysubs2.SSAFile.from_string(text, format_="srt") if every else []
    assert [(event.start, event.end) for event in lax] == times(timeline)
    assert [bare(event.plaintext) for event in lax] == [bare(harmless_text(caption.text)) for caption in every]


def harmless_text(text: str) -> str:
    from voicecoach.model.diagnostic import harmless

    return harmless(text)


def webvtt_time(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_subrip_names_no_speaker_and_has_no_markup(timeline: Timeline) -> None:
    for one in srt.parse(WRITERS["srt"](timeline)):
        joined = " ".join(one.content.split("\n")) + " "
        assert ": " not in joined, "AntennaPod would take it for a speaker"
        assert not set("<>{}\\") & set(joined)


def test_a_colon_of_a_time_stays() -> None:
    timeline = saying("T", 9, spoken(1, 5, "Now: hold it for 1:30."))
    assert "Now – hold it for 1:30." in WRITERS["srt"](timeline)
    assert "Now: hold it for 1:30." in WRITERS["vtt"](timeline)


TAG = re.compile(r"\[(ti|length|re):([^\]\[]*)\]")
LINE = re.compile(r"\[(\d{2,}):([0-5]\d)\.(\d\d)\]([^\[\]<>]*)")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_lyrics_read_back(timeline: Timeline) -> None:
    rows = WRITERS["lrc"](timeline).removesuffix("\n").split("\n")
    assert [TAG.fullmatch(row)[1] for row in rows[:3]] == ["ti", "length", "re"]  # type: ignore[index]
    matches = [LINE.fullmatch(row) for row in rows[3:]]
    assert all(matches)
    starts_cs = [(int(m[1]) * 60 + int(m[2])) * 100 + int(m[3]) for m in matches if m]
    assert starts_cs == sorted(starts_cs)
    every = captions(timeline, ENGLISH)
    shown = [(start, m[4]) for start, m in zip(starts_cs, matches, strict=True) if m and m[4]]
    assert [start for start, _ in shown] == [caption.start_ms // 10 for caption in every]
    assert [bare(text) for _, text in shown] == [bare(harmless_text(caption.text)) for caption in every]


def test_lyrics_are_taken_away_where_long_nothing_is_shown() -> None:
    timeline = saying("T", 12, spoken(1, 1, "Hello."), spoken(9, 1, "Again."))
    rows = WRITERS["lrc"](timeline).splitlines()[3:]
    assert rows == ["[00:01.00]Hello.", "[00:02.70]", "[00:09.00]Again.", "[00:10.70]"]


def test_lyrics_know_more_than_99_minutes(tool: Callable[[str], str], tmp_path: Path) -> None:
    timeline = saying("T", 7600, spoken(7503.25, 2, "Late."))
    assert "[125:03.25]Late." in WRITERS["lrc"](timeline)
    assert packets(tool("ffprobe"), tmp_path, "lrc", WRITERS["lrc"](timeline))[0].start_ms == 7_503_250


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("make", [exercise, trapped])
def test_ffmpeg_reads_the_same_times_and_words(
    tool: Callable[[str], str], tmp_path: Path, form: str, make: Callable[[], Timeline]
) -> None:
    timeline = make()
    every = captions(timeline, ENGLISH)
    read = packets(tool("ffprobe"), tmp_path, form, WRITERS[form](timeline))
    if form == "lrc":
        shown = {caption.start_ms // 10 * 10 for caption in every}
        taken_away = {caption.end_ms // 10 * 10 for caption in every}
        assert shown <= {packet.start_ms for packet in read} <= shown | taken_away
    else:
        assert [(packet.start_ms, packet.end_ms) for packet in read] == times(timeline)
        kept = without_breaks if form == "vtt" else bare  # SubRip has a stroke instead of a backslash
        assert shown_by_ffmpeg(tool("ffmpeg"), tmp_path / f"x.{form}") == [
            kept(harmless_text(caption.text)) for caption in every
        ]


def packets(ffprobe: str, folder: Path, form: str, text: str) -> list[Read]:
    (folder / f"x.{form}").write_text(text, encoding="utf-8", newline="")
    command = [ffprobe, "-v", "error", "-show_packets", "-of", "json", str(folder / f"x.{form}")]
    ran = subprocess.run(command, capture_output=True, check=True)
    assert ran.stderr == b""
    found = []
    for packet in json.loads(ran.stdout)["packets"]:
        start_ms = round(float(packet["pts_time"]) * 1000)
        end_ms = start_ms + round(float(packet.get("duration_time", 0)) * 1000)
        found.append(Read(start_ms, end_ms))
    return found


def shown_by_ffmpeg(ffmpeg: str, file: Path) -> list[str]:
    """The words that ffmpeg's own decoder shows of a file, by way of its plain form (ASS)."""
    command = [ffmpeg, "-v", "error", "-i", str(file), "-f", "ass", "-"]
    shown = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    rows = [line.split(",", 9)[9] for line in shown.splitlines() if line.startswith("Dialogue:")]
    return [without_breaks(row) for row in rows]


def without_breaks(text: str) -> str:
    """Drop ASS's line breaks, which a text may hold as letters, too."""
    return bare(re.sub(r"\\[Nh]", " ", text))
