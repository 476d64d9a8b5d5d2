"""What a session's tag holds, whoever writes it and in whatever form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Chapter(NamedTuple):
    """A titled stretch of a session: ``(title, start_ms, end_ms)``."""

    title: str
    start_ms: int
    end_ms: int


class Lyric(NamedTuple):
    """A line that is said, and when: ``(text, at_ms)``."""

    text: str
    at_ms: int


@dataclass(frozen=True)
class ChapterTable:
    """The chapters as they stand in the bytes of a tag, which is how many players list them.

    Attributes
    ----------
    frames
        Each chapter with the name that the tag gives it, in the order of the file.
    listed
        Those names in the order of the table of contents.
    ordered
        There is a table of contents that is the uppermost and says that its order counts.
    """

    frames: tuple[tuple[str, Chapter], ...]
    listed: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True)
class Tags:
    """What a session's tag holds.

    Attributes
    ----------
    title, artist
        Of the session.
    encoder
        What made it: ``voicecoach 0.1.0``.
    length_ms
        Length of the audio, milliseconds.
    timeline_json
        The timeline, as JSON bytes; kept compressed in an ID3 tag, and in no other; None: of a part of one.
    chapters
        ``(title, start_ms, end_ms)`` each, 0 ≤ start ≤ end < 2**32.
    genre
        Plain text.
    album, comment
        Optional; the comment is where players show notes.
    language
        BCP 47 tag or None. The tag keeps its ISO 639-2 code alone: ``en-us`` is read back as ``en``.
    date
        ``2026-03-31``, or None.
    cover
        A JPEG file, or None.
    words
        All that is said, with line breaks, or None.
    lyrics
        The same line by line, in order of their times, 0 ≤ at < 2**32.
    track
        Of one of several files its number, from 1, and how many there are; or None.
    """

    title: str
    artist: str
    encoder: str
    length_ms: int
    timeline_json: bytes | None
    chapters: tuple[Chapter | tuple[str, int, int], ...] = ()
    genre: str = "Podcast"
    album: str | None = None
    comment: str | None = None
    language: str | None = None
    date: str | None = None
    cover: bytes | None = None
    words: str | None = None
    lyrics: tuple[Lyric | tuple[str, int], ...] = ()
    track: tuple[int, int] | None = None
