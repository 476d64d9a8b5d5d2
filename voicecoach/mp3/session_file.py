"""A session, as its file has it: the timeline that it carries, and whether it is whole."""

from __future__ import annotations

import json
from pathlib import Path

from voicecoach.errors import SessionFileError
from voicecoach.model.timeline import Timeline
from voicecoach.mp3.crc import crc16
from voicecoach.mp3.frames import skip_id3v2
from voicecoach.mp3.header import InfoHeader, read_info
from voicecoach.mp3.id3 import read_timeline

_BLOCK_BYTES = 1 << 20
_MOST_FRAMES = 1 << 48


def read_session(path: Path) -> Timeline:
    """Read the timeline that an MP3 of ours carries.

    Raises
    ------
    SessionFileError
        The file cannot be read, is not ours, is cut off, or its timeline is damaged.
    """
    timeline = read_plan(path)
    info = read_info(path)
    missing_bytes = sound_at(path) + info.total_bytes - path.stat().st_size
    if missing_bytes > 0:
        message = f"{path}: it is cut off: {missing_bytes} of {missing_bytes + path.stat().st_size} bytes are missing"
        raise SessionFileError(message, hint="copy it once more, or build the session again")
    return timeline


def read_plan(path: Path) -> Timeline:
    """Read the timeline alone, of a file that may be cut off behind it.

    Raises
    ------
    SessionFileError
        The file cannot be read, is not ours, or its timeline is damaged.
    """
    data = read_timeline(path)
    try:
        timeline = Timeline.from_json(json.loads(data))
        _check_kinds(timeline)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SessionFileError(f"{path}: its timeline is damaged", hint="build the session again") from error
    return timeline


def _check_kinds(timeline: Timeline) -> None:
    """Raise `TypeError` where a place is no whole number, or a text no text."""
    clips = [clip for track in timeline.tracks for clip in track.clips]
    numbers = [timeline.frames, timeline.sample_rate, *(note.at for note in timeline.notes)]
    for items in (clips, timeline.spans, timeline.chapters):
        numbers += [number for item in items for number in (item.start, item.frames)]
    texts = [timeline.title, *(c.title for c in timeline.chapters), *(s.kind for s in timeline.spans)]
    texts += [t for c in clips for t in (c.role, c.text or "", c.earcon or "", c.side or "", c.outline or "")]
    if (about := timeline.about) is not None:
        own = (about.author, about.description, about.series, about.date)
        texts += [about.name, about.language, *(text or "" for text in own)]
        texts += [*about.equipment, *about.cautions, *about.exercises]
    if not all(type(n) is int and abs(n) < _MOST_FRAMES for n in numbers) or not all(isinstance(t, str) for t in texts):
        raise TypeError("a place is no whole number, or a text no text")
    if any(set(clip.outline or "") - set("0123456789abcdef") for clip in clips):
        raise ValueError("an outline is none")


def sound_at(path: Path) -> int:
    """Where in the file the MP3 frames begin, the Info frame first: the length of its tag in bytes."""
    with path.open("rb") as file:
        return skip_id3v2(file)


def music_crc(path: Path, info: InfoHeader) -> int:
    """CRC-16 of the MP3 frames that a file has, as many as its header counts; the header states what it should be."""
    crc, left_bytes = 0, info.music_bytes
    with path.open("rb") as file:
        file.seek(skip_id3v2(file) + info.size_bytes)
        while left_bytes > 0 and (block := file.read(min(left_bytes, _BLOCK_BYTES))):
            crc = crc16(block, crc)
            left_bytes -= len(block)
    return crc
