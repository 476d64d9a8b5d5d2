"""The timeline of a session, from its file."""

from __future__ import annotations

import json
from pathlib import Path

from voicecoach.errors import SessionFileError
from voicecoach.model.timeline import Timeline
from voicecoach.mp3.id3 import read_timeline


def read_session(path: Path) -> Timeline:
    """Read the timeline that an MP3 of ours carries.

    Raises
    ------
    SessionFileError
        The file cannot be read, is not ours, or its timeline is damaged.
    """
    try:
        return Timeline.from_json(json.loads(read_timeline(path)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SessionFileError(f"{path}: its timeline is damaged", hint="build the session again") from error
