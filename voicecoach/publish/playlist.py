"""A playlist of a session's files: extended M3U, UTF-8, with names relative to itself, so that the folder can move."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from voicecoach.model.units import SAMPLE_RATE_HZ

_REFUSED = frozenset('<>:"/\\|?*')
"""Letters that one system or another has in no file name."""
_MOST_BYTES = 180
"""Of a name, with room for a number, an ending, and what a file is called while it is written: 255 is the limit."""


def track_name(number: int, of: int, title: str, ending: str) -> str:
    """Name the file of a track: ``01 Opening.mp3``. All names of a session sort in its order."""
    letters = (" " if letter in _REFUSED or not letter.isprintable() else letter for letter in title)
    name = " ".join(unicodedata.normalize("NFC", "".join(letters)).split())
    while len(name.encode()) > _MOST_BYTES:
        name = name[:-1]
    return f"{number:0{max(2, len(str(of)))}} {name}".rstrip(" .") + ending


def playlist(title: str, tracks: Iterable[tuple[str, int, str]]) -> str:
    """Write the playlist.

    Parameters
    ----------
    title
        Of the session.
    tracks
        File name, or its path with ``/`` from the playlist on, length in frames at 48 kHz, and title of each. A name
        with a line break cannot be listed, and is left out.
    """
    lines = ["#EXTM3U", f"#PLAYLIST:{_line(title)}"]
    for name, frames, track_title in tracks:
        if set(name) & {"\n", "\r"}:
            continue
        lines += [f"#EXTINF:{round(frames / SAMPLE_RATE_HZ)},{_line(track_title)}", _entry(name)]
    return "\n".join(lines) + "\n"


def listed(text: str) -> list[str]:
    """Give the file names in a playlist."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _entry(name: str) -> str:
    """Write a name so that no player takes it for a remark, an option or a blank."""
    return f"./{name}" if name[:1] in {"#", "-"} or name[:1].isspace() else name


def _line(text: str) -> str:
    return " ".join(text.split())
