"""A session, as its file has it: the timeline that it carries, and whether it is whole."""

from __future__ import annotations

import json
from pathlib import Path

from voicecoach.errors import SessionFileError
from voicecoach.model.timeline import Timeline
from voicecoach.mp3.crc import crc16
from voicecoach.mp3.frames import skip_id3v2
from voicecoach.mp3.header import InfoHeader, read_info
from voicecoach.mp3.id3 import read_tags, read_timeline
from voicecoach.mp3.tags import Tags

_BLOCK_BYTES = 1 << 20
_MOST_FRAMES = 1 << 48
_TAG_START_BYTES = 1 << 16


def read_session(path: Path) -> Timeline:
    """Read the timeline that an MP3 of ours carries.

    Raises
    ------
    SessionFileError
        The file cannot be read, is not ours, is cut off, or its timeline is damaged.
    """
    timeline = read_plan(path)
    _check_whole(path)
    return timeline


def read_tagged(path: Path) -> tuple[Timeline, Tags] | None:
    """Read the timeline and the whole tag of an MP3 at once.

    Returns
    -------
    tuple or None
        None: the MP3 is no session of ours, whole or damaged.

    Raises
    ------
    SessionFileError
        The file cannot be read, or it is ours and it is cut off, or its tag or timeline is damaged.
    """
    try:
        tags = read_tags(path)
    except SessionFileError:
        if _names_us(path):
            raise
        return None
    if tags.timeline_json is None:
        return None
    timeline = _timeline(tags.timeline_json, path)
    _check_whole(path)
    return timeline, tags


def _names_us(path: Path) -> bool:
    """Tell whether a tag that does not read was ours: what made it stands near its beginning."""
    try:
        with path.open("rb") as file:
            start = file.read(_TAG_START_BYTES)
    except OSError:
        return True
    return start.startswith(b"ID3") and b"voicecoach" in start


def _check_whole(path: Path) -> None:
    """Raise `SessionFileError` where the file ends before its sound does."""
    info = read_info(path)
    missing_bytes = sound_at(path) + info.total_bytes - path.stat().st_size
    if missing_bytes > 0:
        message = f"{path}: it is cut off: {missing_bytes} of {missing_bytes + path.stat().st_size} bytes are missing"
        raise SessionFileError(message, hint="copy it once more, or build the session again")


def read_plan(path: Path) -> Timeline:
    """Read the timeline alone, of a file that may be cut off behind it.

    Raises
    ------
    SessionFileError
        The file cannot be read, is not ours, or its timeline is damaged.
    """
    return _timeline(read_timeline(path), path)


def _timeline(data: bytes, path: Path) -> Timeline:
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
        if not isinstance(about.own_cover, bool):
            raise TypeError("whether a cover is the author's own is no yes or no")
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
