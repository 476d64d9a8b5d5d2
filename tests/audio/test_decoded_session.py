"""What a person hears of the built-in routine: the session decoded by independent programs, against its timeline."""

from __future__ import annotations

import json
import math
import struct
import subprocess
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from voicecoach.model.session import Outcome
from voicecoach.model.timeline import PlacedClip, Span, Timeline
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ, to_ms
from voicecoach.mp3.lame import ENCODER_DELAY_FRAMES
from voicecoach.sound.packs import load_pack

pytestmark = pytest.mark.slow

WINDOW_FRAMES = SAMPLE_RATE_HZ * 50 // 1000
NEAR_FRAMES = 48
"""1 ms. What must hold is 5 ms; an encoder and decoders that count rightly are exact."""
QUIET_FRAMES = 3 * MP3_FRAME_FRAMES
WORK = {"hold", "reps", "time"}


def output_of(*command: str | Path) -> bytes:
    """Run a program that must be content: exit code 0 and not a word on standard error."""
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b"", done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def path(morning_mp3: Outcome) -> Path:
    assert morning_mp3.session is not None
    return morning_mp3.session.path


@pytest.fixture(scope="module")
def timeline(morning_mp3: Outcome) -> Timeline:
    assert morning_mp3.session is not None
    return morning_mp3.session.timeline


@pytest.fixture(scope="module")
def decoded(path: Path, tool: Callable[[str], str]) -> dict[str, np.ndarray]:
    """The session, mono float32, as two decoders that share no code give it."""
    raw = {
        "ffmpeg": output_of(tool("ffmpeg"), "-v", "warning", "-i", path, "-f", "f32le", "-"),
        "mpg123": output_of(tool("mpg123"), "-q", "-s", "-e", "f32", path),
    }
    return {name: np.frombuffer(data, "<f4") for name, data in raw.items()}


@pytest.fixture(scope="module", params=["ffmpeg", "mpg123"])
def heard(request: pytest.FixtureRequest, decoded: dict[str, np.ndarray]) -> np.ndarray:
    return decoded[request.param]


class Found(NamedTuple):
    """An earcon as a matched filter finds it."""

    planned: PlacedClip
    at: int
    likeness: float
    gain: float


def find(samples: np.ndarray, planned: PlacedClip, sound: np.ndarray) -> Found:
    """Slide an earcon over the 50 ms on either side of its place, and take where it is most alike."""
    first = max(0, planned.start - WINDOW_FRAMES)
    window = samples[first : planned.start + WINDOW_FRAMES + len(sound)].astype(np.float64)
    sound = sound.astype(np.float64)
    size = 1 << (len(window) + len(sound)).bit_length()
    product = np.fft.irfft(np.fft.rfft(window, size) * np.conj(np.fft.rfft(sound, size)), size)
    product = product[: len(window) - len(sound) + 1]
    energy = np.concatenate([[0.0], np.cumsum(window**2)])
    here = np.sqrt(np.maximum(energy[len(sound) :] - energy[: -len(sound)], 1e-9))
    likeness = product / (here * np.linalg.norm(sound))
    best = int(np.argmax(likeness))
    return Found(planned, first + best, float(likeness[best]), float(product[best] / (sound @ sound)))


@pytest.fixture(scope="module")
def earcons(heard: np.ndarray, timeline: Timeline) -> list[Found]:
    pack = load_pack()
    clips = timeline.track("earcons").clips
    return [find(heard, clip, pack.clip(clip.earcon or "", clip.frames).samples[:, 0]) for clip in clips]


def active_rms_dbfs(samples: np.ndarray) -> float:
    """Level while something is said: RMS of the 10 ms windows within 30 dB of the loudest."""
    whole = len(samples) // 480 * 480
    power = np.mean(samples[:whole].astype(np.float64).reshape(-1, 480) ** 2, axis=1)
    active = power[power >= power.max() / 1000]
    return 10 * math.log10(active.mean()) if active.any() else -math.inf


def loudest_dbfs(samples: np.ndarray) -> float:
    """Level of the loudest 50 ms."""
    window = min(2400, len(samples))
    sums = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    most = float((sums[window:] - sums[:-window]).max()) / window
    return 10 * math.log10(most) if most > 0 else -math.inf


# The file


def test_the_file_carries_the_timeline(path: Path, timeline: Timeline, cli: Callable[..., object]) -> None:
    shown = cli("show", "--json", path)
    assert shown.code == 0
    assert json.loads(shown.out) == timeline.to_json()


def test_it_lasts_as_long_as_it_should(timeline: Timeline) -> None:
    assert 12 * 60 <= timeline.length_s <= 15 * 60


def test_both_decoders_give_exactly_the_frames_of_the_timeline(
    decoded: dict[str, np.ndarray], timeline: Timeline
) -> None:
    assert {name: len(samples) for name, samples in decoded.items()} == dict.fromkeys(decoded, timeline.frames)


def test_both_decoders_hear_the_same(decoded: dict[str, np.ndarray]) -> None:
    assert np.abs(decoded["ffmpeg"] - decoded["mpg123"]).max() < 1e-4


def test_pydub_reads_it(path: Path, decoded: dict[str, np.ndarray], tool: Callable[[str], str]) -> None:
    from pydub import AudioSegment

    tool("ffmpeg")
    segment = AudioSegment.from_file(str(path), format="mp3")
    samples = np.frombuffer(segment.raw_data, "<i2") / np.float32(32768)
    assert (segment.frame_rate, segment.channels, len(samples)) == (SAMPLE_RATE_HZ, 1, len(decoded["ffmpeg"]))
    assert np.abs(samples - decoded["ffmpeg"]).max() < 2 / 32768


def test_mp3val_has_nothing_to_say(path: Path, tool: Callable[[str], str]) -> None:
    lines = output_of(tool("mp3val"), path).decode().splitlines()
    assert [line for line in lines if not line.startswith(("Analyzing", "INFO", "Done"))] == []


# Earcons


def test_every_kind_of_earcon_is_there(timeline: Timeline) -> None:
    kinds = {clip.earcon for clip in timeline.track("earcons").clips}
    assert kinds >= {"start", "end", "tick", "side", "rest", "rep", "done"}


def test_every_earcon_is_heard_at_its_place(earcons: list[Found]) -> None:
    for found in earcons:
        assert found.likeness > 0.95, found
        assert abs(found.at - found.planned.start) <= NEAR_FRAMES, found


def test_no_earcon_is_softer_or_louder_than_the_next(earcons: list[Found]) -> None:
    for found in earcons:
        assert found.gain == pytest.approx(1.0, abs=0.1), found  # LAME scales by 0.95 on its own


def test_holds_sound_as_long_as_planned(earcons: list[Found], timeline: Timeline) -> None:
    """From the start to the end earcon as heard, not as planned."""
    starts = {found.planned.start: found.at for found in earcons if found.planned.earcon == "start"}
    ends = {found.planned.start: found.at for found in earcons if found.planned.earcon == "end"}
    holds = [span for span in timeline.spans if span.kind in {"hold", "time"}]
    assert holds
    for span in holds:
        assert span.frames % SAMPLE_RATE_HZ == 0, "this routine asks for whole seconds"
        assert ends[span.end] - starts[span.start] == pytest.approx(span.frames, abs=NEAR_FRAMES), span


def test_ticks_count_the_last_seconds_down(earcons: list[Found], timeline: Timeline) -> None:
    for span in timeline.spans:
        if span.kind not in {"hold", "time"}:
            continue
        ticks = [f.at for f in earcons if f.planned.earcon == "tick" and span.start <= f.planned.start < span.end]
        due = [span.end - n * SAMPLE_RATE_HZ for n in (3, 2, 1)]
        assert ticks == pytest.approx(due, abs=NEAR_FRAMES), span


# Sides


def sides(timeline: Timeline) -> Iterator[tuple[list[Span], list[Span]]]:
    """The work of each exercise that has sides: on the left, on the right."""
    work = [span for span in timeline.spans if span.kind in WORK and span.side]
    for _, group in groupby(work, key=lambda span: (span.step, span.exercise)):
        spans = list(group)
        yield [s for s in spans if s.side == "left"], [s for s in spans if s.side == "right"]


def heard_within(earcons: list[Found], span: Span) -> list[tuple[str | None, int]]:
    return [
        (found.planned.earcon, found.at - span.start)
        for found in earcons
        if span.start <= found.planned.start < span.end
        or (found.planned.earcon == "end" and found.planned.start == span.end)
    ]


def test_left_and_right_are_equal(earcons: list[Found], timeline: Timeline) -> None:
    compared = 0
    for left, right in sides(timeline):
        assert [span.frames for span in left] == [span.frames for span in right]
        for one, other in zip(left, right, strict=True):
            heard_left, heard_right = heard_within(earcons, one), heard_within(earcons, other)
            assert [name for name, _ in heard_left] == [name for name, _ in heard_right]
            for (name, a), (_, b) in zip(heard_left, heard_right, strict=True):
                assert abs(a - b) <= NEAR_FRAMES, (one, name)
            compared += 1
    assert compared >= 4


# Speech


def test_nothing_spoken_overlaps_anything_spoken(timeline: Timeline) -> None:
    clips = timeline.track("voice").clips
    assert len(clips) > 30
    for first, second in pairwise(clips):
        assert first.end <= second.start, (first, second)


def test_speech_is_where_it_was_planned(heard: np.ndarray, timeline: Timeline) -> None:
    for clip in timeline.track("voice").clips:
        samples = heard[clip.start : clip.end]
        assert loudest_dbfs(samples) > -35, clip
        assert active_rms_dbfs(samples) == pytest.approx(-20, abs=6), clip
        for part in (samples[:4800], samples[-9600:]):  # the clip fills its place: it neither ends early nor is cut
            assert loudest_dbfs(part) > -60, clip


def test_speech_as_a_whole_has_the_level_wanted(heard: np.ndarray, timeline: Timeline) -> None:
    speech = np.concatenate([heard[clip.start : clip.end] for clip in timeline.track("voice").clips])
    assert active_rms_dbfs(speech) == pytest.approx(-20, abs=2)


def test_the_coach_does_not_jump(heard: np.ndarray, timeline: Timeline) -> None:
    levels = {
        clip.text: active_rms_dbfs(heard[clip.start : clip.end])
        for clip in timeline.track("voice").clips
        if clip.frames > SAMPLE_RATE_HZ
    }
    assert len(levels) > 10
    assert max(levels.values()) - min(levels.values()) < 8, levels


def test_nothing_is_clipped(heard: np.ndarray) -> None:
    assert 0.1 < np.abs(heard).max() < 1.0


# Silence


def test_gaps_are_digital_silence(heard: np.ndarray, timeline: Timeline) -> None:
    quiet = np.ones(timeline.frames, bool)
    for track in timeline.tracks:
        for clip in track.clips:
            quiet[max(0, clip.start - QUIET_FRAMES) : clip.end + QUIET_FRAMES] = False
    assert quiet.sum() > timeline.frames / 3, "a coach leaves a person in peace most of the time"
    loud = np.flatnonzero(heard[quiet])
    assert not loud.size, f"{loud.size} frames sound, the first at {np.flatnonzero(quiet)[loud[0]]}"


# The tag


def test_chapters_as_a_player_lists_them(path: Path, timeline: Timeline, tool: Callable[[str], str]) -> None:
    shown = json.loads(output_of(tool("ffprobe"), "-v", "warning", "-of", "json", "-show_chapters", path))
    listed = [(c["tags"]["title"], c["start"], c["end"]) for c in shown["chapters"]]
    assert all(c["time_base"] == "1/1000" for c in shown["chapters"])
    assert listed == [(c.title, to_ms(c.start), to_ms(c.end)) for c in timeline.chapters]
    assert listed[0][1] == 0
    assert listed[-1][2] == to_ms(timeline.frames)
    assert all(a[1] < a[2] == b[1] for a, b in pairwise(listed))


def test_one_chapter_an_exercise_and_side(timeline: Timeline) -> None:
    work = [span for span in timeline.spans if span.kind in WORK]
    parts = [next(group) for _, group in groupby(work, key=lambda span: (span.step, span.exercise, span.side))]
    chapters = timeline.chapters[1:-1]  # before and after: the opening and the close
    assert len(chapters) == len(parts)
    for chapter, span in zip(chapters, parts, strict=True):
        assert chapter.start <= span.start < chapter.end
        assert chapter.title.endswith(f", {span.side}") == (span.side is not None), chapter


def id3_frames(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Walk the frames of an ID3v2.3 tag, as the standard has them."""
    assert data[:6] == b"ID3\x03\x00\x00"
    end = 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    at = 10
    while at < end and data[at]:
        name, size, _ = struct.unpack_from(">4sIH", data, at)
        yield name.decode("ascii"), data[at + 10 : at + 10 + size]
        at += 10 + size
    assert at == end or not any(data[at:end])


def test_chapter_frames_stand_in_order_in_the_file(path: Path, timeline: Timeline) -> None:
    frames = list(id3_frames(path.read_bytes()))
    chapters = [body for name, body in frames if name == "CHAP"]
    times = [struct.unpack_from(">II", body, body.index(0) + 1) for body in chapters]
    assert [start for start, _ in times] == [to_ms(chapter.start) for chapter in timeline.chapters]
    assert [start for start, _ in times] == sorted({start for start, _ in times})
    contents = [body for name, body in frames if name == "CTOC"]
    assert len(contents) == 1
    flags, count, listed = contents[0][4], contents[0][5], contents[0][6:].split(b"\0")
    assert contents[0][:4] == b"toc\0"
    assert flags == 0b11, "top-level and ordered"
    assert count == len(chapters)
    assert listed[:count] == [body[: body.index(0)] for body in chapters]


def test_title_and_artist(path: Path, timeline: Timeline, tool: Callable[[str], str]) -> None:
    command = (tool("ffprobe"), "-v", "warning", "-of", "json", "-show_format", "-show_streams", path)
    shown = json.loads(output_of(*command))
    tags = shown["format"]["tags"]
    assert (tags["title"], tags["artist"]) == ("Morning hips", "voicecoach")
    assert timeline.title == "Morning hips"
    stream = shown["streams"][0]
    assert (stream["codec_name"], stream["sample_rate"], stream["channels"]) == ("mp3", "48000", 1)
    # ffprobe tells the duration of the MP3 frames, delay and padding with it
    beyond_s = float(shown["format"]["duration"]) - float(timeline.length_s)
    assert -0.001 <= beyond_s < (ENCODER_DELAY_FRAMES + 2 * MP3_FRAME_FRAMES) / SAMPLE_RATE_HZ
