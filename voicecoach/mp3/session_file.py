"""The timeline of a session, from its file."""

from __future__ import annotations

import json
from pathlib import Path

from voicecoach.errors import SessionFileError
from voicecoach.model.timeline import Timeline
from voicecoach.mp3.frames import skip_id3v2
from voicecoach.mp3.header import read_info
from voicecoach.mp3.id3 import read_timeline


def read_session(path: Path) -> Timeline:
    """Read the timeline that an MP3 of ours carries.

    Raises
    ------
    SessionFileError
        The file cannot be read, is not ours, or its timeline is damaged.
    """
    data = read_timeline(path)
    _is_whole(path)
    try:
        return Timeline.from_json(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SessionFileError(f"{path}: its timeline is damaged", hint="build the session again") from error


def _is_whole(path: Path) -> None:
    """Compare the file's size with what its own header says it is."""
    with path.open("rb") as file:
        tag_bytes = skip_id3v2(file)
    expected_bytes = tag_bytes + read_info(path).total_bytes
    size_bytes = path.stat().st_size
    if size_bytes < expected_bytes:
        message = f"{path}: it is cut off: {size_bytes} of {expected_bytes} bytes are there"
        raise SessionFileError(message, hint="copy it once more, or build the session again")
