"""Changing a finished session in ways that a listener would mind, and writing it again as we write it."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile

from voicecoach.model.timeline import PlacedClip, Span, Timeline
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.mp3.crc import crc16
from voicecoach.mp3.frames import frame_size_bytes, skip_id3v2
from voicecoach.mp3.header import MusicTally, read_info
from voicecoach.mp3.id3 import Tags, build_tag, read_tags
from voicecoach.mp3.lame import ENCODER_DELAY_FRAMES, LameEncoder, lame_name
from voicecoach.mp3.session_file import read_plan


def ms(length_ms: float) -> int:
    """Milliseconds in frames."""
    return round(length_ms * SAMPLE_RATE_HZ / 1000)


def tag_of(path: Path) -> bytes:
    """The bytes of a file's tag."""
    with path.open("rb") as file:
        length = skip_id3v2(file)
        file.seek(0)
        return file.read(length)


def encoded(samples: np.ndarray, bitrate_kbps: int = 96) -> bytes:
    """An MP3 without a tag: Info frame and MP3 frames, as the encode stage writes them."""
    channels = samples.shape[1]
    encoder = LameEncoder(channels=channels, bitrate_kbps=bitrate_kbps)
    tally = MusicTally(channels=channels, bitrate_kbps=bitrate_kbps)
    music = encoder.encode(samples) + encoder.finish()
    tally.add(music)
    length = encoder.length_frames
    header = tally.header(length_frames=length, delay_frames=ENCODER_DELAY_FRAMES, encoder=lame_name())
    return header.to_bytes() + music


def without_mp3_frames(path: Path, first: int, count: int) -> bytes:
    """A session with some MP3 frames cut out of its bytes, and a header that knows of it."""
    info, tag, data = read_info(path), tag_of(path), path.read_bytes()
    frame_bytes = frame_size_bytes(info.rate_hz, info.bitrate_kbps)
    music = data[len(tag) + info.size_bytes :]
    music = music[: first * frame_bytes] + music[(first + count) * frame_bytes :]
    header = replace(
        info,
        mp3_frames=info.mp3_frames - count,
        length_frames=info.length_frames - count * MP3_FRAME_FRAMES,
        music_bytes=len(music),
        music_crc=crc16(music),
    )
    return tag + header.to_bytes() + music


@dataclass
class Tape:
    """A session, taken apart: what is heard, and the tag with the timeline."""

    samples: np.ndarray
    tag: bytes
    timeline: Timeline
    path: Path
    untouched: np.ndarray

    @classmethod
    def of(cls, path: Path) -> Tape:
        """Take a session apart."""
        samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        assert rate_hz == SAMPLE_RATE_HZ
        # LAME makes everything softer by a twentieth; undone, the second coding is as loud as the first.
        samples = np.clip(samples / 0.95, -1, 1)
        return cls(samples, tag_of(path), read_plan(path), path, samples)

    def copy(self) -> Tape:
        """One more, to be changed."""
        return replace(self, samples=self.samples.copy())

    def write(self, target: Path, bitrate_kbps: int | None = None) -> Path:
        """Put it together again; what was not touched is coded again only where a bitrate is asked for."""
        if bitrate_kbps is None and np.array_equal(self.samples, self.untouched):
            music = self.path.read_bytes()[len(tag_of(self.path)) :]
        else:
            music = encoded(self.samples, bitrate_kbps or 96)
        target.write_bytes(self.tag + music)
        return target

    def earcons(self, name: str, kind: str | None = None, side: str | None = None) -> list[PlacedClip]:
        """The earcons of a name, in spans of a kind, of a side."""
        return [
            clip
            for clip in self.timeline.track("earcons").clips
            if clip.earcon == name
            and (
                kind is None
                or any(span.kind == kind and span.start <= clip.start <= span.end for span in self.timeline.spans)
            )
            and (side is None or clip.side == side)
        ]

    def voice(self, role: str | None = None, least: int = 0) -> list[PlacedClip]:
        """What is said, in a role, so long at least."""
        clips = self.timeline.track("voice").clips
        return [clip for clip in clips if (role is None or clip.role == role) and clip.frames >= least]

    def span(self, kind: str, side: str | None = None) -> Span:
        """The first span of a kind and side."""
        return next(span for span in self.timeline.spans if span.kind == kind and side in {None, span.side})

    # What can be done to it

    def mute(self, start: int, end: int) -> None:
        """Silence."""
        self.samples[start:end] = 0

    def move(self, clip: PlacedClip, by: int) -> None:
        """Take what sounds in a clip's place, and put it elsewhere."""
        taken = self.samples[clip.start : clip.end].copy()
        self.mute(clip.start, clip.end)
        self.samples[clip.start + by : clip.end + by] += taken

    def cut(self, start: int, frames: int) -> None:
        """Take a stretch out; all that follows comes earlier."""
        self.samples = np.delete(self.samples, slice(start, start + frames), axis=0)

    def insert(self, start: int, frames: int) -> None:
        """Put silence in; all that follows comes later."""
        self.samples = np.insert(self.samples, [start] * frames, 0, axis=0)

    def gain(self, start: int, end: int, gain_db: float) -> None:
        """Make a stretch louder or softer."""
        self.samples[start:end] *= np.float32(10 ** (gain_db / 20))

    def put(self, start: int, sound: np.ndarray) -> None:
        """Add a sound."""
        self.samples[start : start + len(sound)] += sound.astype(np.float32)

    def swap(self, one: PlacedClip, other: PlacedClip) -> None:
        """Let two clips change places."""
        first = self.samples[one.start : one.end].copy()
        second = self.samples[other.start : other.end].copy()
        self.mute(one.start, one.end)
        self.mute(other.start, other.end)
        self.put(one.start, second)
        self.put(other.start, first)

    def retag(self, change: Callable[[Tags], Tags]) -> None:
        """Change what the tag says."""
        self.tag = build_tag(change(read_tags(self.path)))

    def replan(self, change: Callable[[dict], None]) -> None:
        """Change the timeline in the tag."""
        values = self.timeline.to_json()
        change(values)
        data = json.dumps(values).encode()
        self.retag(lambda tags: replace(tags, timeline_json=data))

    def change_bytes(self, old: bytes, new: bytes) -> None:
        """Write other bytes over some of the tag, where they stand first."""
        assert len(old) == len(new)
        assert old in self.tag
        self.tag = self.tag.replace(old, new, 1)

    def swap_chapter_frames(self, number: int) -> None:
        """Let two chapters stand in the other order in the bytes of the tag, with nothing else changed."""
        body, at, frames = self.tag[10:], 0, []
        while at < len(body) and body[at]:
            _, size, _ = struct.unpack_from(">4sIH", body, at)
            frames.append(body[at : at + 10 + size])
            at += 10 + size
        chapters = [index for index, frame in enumerate(frames) if frame[:4] == b"CHAP"]
        one, other = chapters[number], chapters[number + 1]
        frames[one], frames[other] = frames[other], frames[one]
        self.tag = self.tag[:10] + b"".join(frames) + body[at:]
