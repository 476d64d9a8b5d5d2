"""What an MP3 is, as far as a feed tells of it: whole or not, how long, its chapters."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from voicecoach.errors import VoicecoachError
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import to_ms
from voicecoach.mp3.frames import parse_header, read_frames, skip_id3v2
from voicecoach.mp3.header import InfoHeader, read_info
from voicecoach.mp3.id3 import PLAYERS_READ_BYTES, read_tags
from voicecoach.mp3.session_file import music_crc
from voicecoach.mp3.tags import Chapter

_TAG_HEAD_BYTES = 10
_HEAD_BYTES = 2048
_NEAR_MS = 20


@dataclass(frozen=True)
class Recording:
    """An MP3 file.

    Attributes
    ----------
    path, size_bytes
        Where it is and how large.
    broken
        Why nothing else can be said of it, for people: no MP3, cut off, damaged; None for a whole one.
    oddities
        What players are known to stumble over, each for people.
    length_s
        How long it plays; None where nobody knows.
    timeline
        Of a session of ours; None of any other MP3.
    chapters
        Title and start in ms, as its tag has them, in order.
    """

    path: Path
    size_bytes: int
    broken: str | None = None
    oddities: tuple[str, ...] = ()
    length_s: Fraction | None = None
    timeline: Timeline | None = None
    chapters: tuple[tuple[str, int], ...] = field(default=())


def read_recording(path: Path) -> Recording:
    """Look at an MP3 without reading all of it (but one that says nowhere how long it is)."""
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_TAG_HEAD_BYTES)
            sound = skip_id3v2(file)
            frame = file.read(_HEAD_BYTES)
    except OSError as fault:
        return Recording(path, 0, broken=f"it cannot be read: {fault.strerror or fault}")
    if not size_bytes:
        return Recording(path, 0, broken="it is empty")
    first = parse_header(frame)
    if first is None or first.layer != 3:
        if head[:3] == b"ID3" and sound >= size_bytes:
            return Recording(path, size_bytes, broken="it is cut off: it ends within its tag")
        return Recording(path, size_bytes, broken=f"it is no MP3: {_what_else(head)}")
    oddities = list(_of_tag(head, sound))
    info, missing_bytes = _info(path, sound, size_bytes)
    if missing_bytes > 0:
        broken = f"it is cut off: {missing_bytes} of {size_bytes + missing_bytes} bytes are missing"
        return Recording(path, size_bytes, broken=broken)
    if info is None:
        kind = frame[first.main_data_at : first.main_data_at + 4]
        oddities.append(
            "it has a variable bitrate: players jump to the wrong place"
            if kind == b"Xing"
            else "it has no Info header: players guess its length"
        )
    timeline, chapters, told = _from_tag(path)
    length_s = _length_s(path, info) if timeline is None else timeline.length_s
    return Recording(path, size_bytes, None, (*oddities, *told), length_s, timeline, chapters)


def sound_is_damaged(path: Path) -> bool:
    """Tell whether the MP3 frames are not those that its Info header counted; all of it is read."""
    try:
        info = read_info(path)
        return music_crc(path, info) != info.music_crc
    except (VoicecoachError, OSError):
        return False


def _of_tag(head: bytes, sound: int) -> list[str]:
    if head[:3] != b"ID3":
        return ["it has no ID3 tag: players show its file name only"]
    told = []
    if head[3] != 3:
        told.append(f"its tag is ID3v2.{head[3]}: with it players show no chapters, or none of the tag; v2.3 is read")
    if sound > PLAYERS_READ_BYTES:
        told.append(f"its tag has {sound} bytes: of one over {PLAYERS_READ_BYTES} Android reads nothing")
    return told


def _info(path: Path, sound: int, size_bytes: int) -> tuple[InfoHeader | None, int]:
    try:
        info = read_info(path)
    except VoicecoachError:
        return None, 0
    return info, sound + info.total_bytes - size_bytes


def _length_s(path: Path, info: InfoHeader | None) -> Fraction | None:
    if info is not None:
        return Fraction(info.length_frames, info.rate_hz)
    total = Fraction(0)
    try:
        with path.open("rb") as file:
            for _, header, _ in read_frames(file):
                total += Fraction(header.frames, header.rate_hz)
    except (VoicecoachError, OSError):
        return None
    return total or None


def _from_tag(path: Path) -> tuple[Timeline | None, tuple[tuple[str, int], ...], list[str]]:
    """Read timeline and chapters, and say what is odd about them; the tag is read once."""
    try:
        tags = read_tags(path)
        listed = (Chapter(*one) for one in tags.chapters)
        chapters = tuple((chapter.title, chapter.start_ms) for chapter in listed)
        if tags.timeline_json is None:
            return None, chapters, []
        timeline = Timeline.from_json(json.loads(tags.timeline_json))
        own = [(one.title, to_ms(one.start)) for one in sorted(timeline.chapters, key=lambda one: one.start)]
        timeline.length_s  # noqa: B018  (raises where it is no number)
    except VoicecoachError as fault:
        return None, (), ["its timeline is damaged"] if "timeline" in fault.message else []
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError, OSError):
        return None, (), ["its tag or its timeline is damaged"]
    told = []
    if len(own) != len(chapters):
        told.append(f"its tag has {len(chapters)} chapters, its timeline {len(own)}: players show others than apps")
    elif any(abs(start - other) > _NEAR_MS for (_, start), (_, other) in zip(own, chapters, strict=True)):
        told.append("the chapters of its tag begin at other times than those of its timeline")
    return timeline, chapters, told


def _what_else(head: bytes) -> str:
    signs = (
        (b"RIFF", "a WAV file"),
        (b"OggS", "an Ogg file"),
        (b"fLaC", "a FLAC file"),
        (b"<", "a page of text"),
        (b"version https://git-lfs", "a pointer of Git LFS"),
        (b"PK", "a ZIP file"),
    )
    if head[4:8] == b"ftyp":
        return "an MP4 or M4A file"
    kind = next((name for sign, name in signs if head.lstrip().startswith(sign[:10])), None)
    return kind or "no MP3 frame stands where the first belongs"
