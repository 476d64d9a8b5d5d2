"""The ID3 tag: titles, chapters and the session's own timeline. The only door to mutagen.

ID3v2.3 without unsynchronisation and without ID3v1, the dialect that all players read (ID3v2.3.0 informal standard,
and the ID3v2 Chapter Frame Addendum). Each frame is written by mutagen on its own and set in its place by us, because
mutagen sorts a tag's frames by size (its issue 506), and players list chapters in the order of the file.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from voicecoach.errors import EncodeError, SessionFileError
from voicecoach.mp3.languages import bcp_47, iso_639_2

TIMELINE_DESCRIPTION = "voicecoach timeline"
TIMELINE_MIME = "application/zlib"
TIMELINE_FILE_NAME = "timeline.json"
MOST_TIMELINE_BYTES = 256 * 1024 * 1024

_MOST_CHILDREN = 255  # a CTOC counts its children in one byte
_MOST_MS = 2**32 - 1
_MOST_TAG_BYTES = 2**28 - 1
_NO_OFFSET = 0xFFFFFFFF
_LATIN_1, _UTF_16 = 0, 1


class Chapter(NamedTuple):
    """A titled stretch of a session: ``(title, start_ms, end_ms)``."""

    title: str
    start_ms: int
    end_ms: int


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
    """What a session's ID3 tag holds.

    Attributes
    ----------
    title, artist
        Of the session.
    encoder
        What made it: ``voicecoach 0.1.0``.
    length_ms
        Length of the audio, milliseconds.
    timeline_json
        The timeline, as JSON bytes; kept compressed in the tag.
    chapters
        ``(title, start_ms, end_ms)`` each, 0 ≤ start ≤ end < 2**32.
    genre
        Plain text.
    album, comment
        Optional; the comment is where players show notes.
    language
        BCP 47 tag or None. The tag keeps its ISO 639-2 code alone: ``en-us`` is read back as ``en``.
    """

    title: str
    artist: str
    encoder: str
    length_ms: int
    timeline_json: bytes
    chapters: tuple[Chapter | tuple[str, int, int], ...] = ()
    genre: str = "Podcast"
    album: str | None = None
    comment: str | None = None
    language: str | None = None


def build_tag(tags: Tags) -> bytes:
    """Build the ID3v2.3 tag: the first bytes of a session file. The same tags give the same bytes.

    Parameters
    ----------
    tags
        Its content. Chapters are put in order of their start.

    Raises
    ------
    EncodeError
        A chapter's times make no sense, there are more than 65,025 chapters, a text is no Unicode, or all is too
        large for a tag.
    """
    from mutagen import MutagenError

    try:
        body = b"".join(_written(frame) for frame in _frames(tags))
    except MutagenError as fault:
        raise EncodeError(f"the tag cannot be written, perhaps a text is no valid Unicode: {fault}") from fault
    if len(body) > _MOST_TAG_BYTES:
        raise EncodeError(f"the tag would have {len(body)} bytes: an ID3 tag has at most {_MOST_TAG_BYTES}")
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def read_timeline(path: Path) -> bytes:
    """Read the timeline out of a session file.

    Returns
    -------
    bytes
        The JSON that `build_tag` was given.

    Raises
    ------
    SessionFileError
        The file is missing, is no MP3 of voicecoach's, or its timeline is damaged or over 256 MiB.
    """
    return _timeline(_load(path), path)


def read_tags(path: Path) -> Tags:
    """Read the whole tag of a session file.

    Raises
    ------
    SessionFileError
        As of `read_timeline`.
    """
    tag = _load(path)
    comments = [frame for frame in tag.getall("COMM") if not frame.desc]
    length = _text_of(tag, "TLEN") or ""
    return Tags(
        title=_text_of(tag, "TIT2") or "",
        artist=_text_of(tag, "TPE1") or "",
        encoder=_text_of(tag, "TSSE") or "",
        length_ms=int(length) if length.isascii() and length.isdigit() else 0,
        timeline_json=_timeline(tag, path),
        chapters=_chapters_of(tag),
        genre=_text_of(tag, "TCON") or "",
        album=_text_of(tag, "TALB"),
        comment=str(comments[0]) if comments else None,
        language=bcp_47(_text_of(tag, "TLAN") or "und"),
    )


def read_chapters(path: Path) -> ChapterTable:
    """Read the chapters of a session file, unsorted.

    Raises
    ------
    SessionFileError
        The file is missing or has no ID3 tag that can be read.
    """
    from mutagen import id3

    tag = _load(path)
    frames = tuple((frame.element_id, _chapter(frame)) for frame in tag.getall("CHAP"))
    tables = {frame.element_id: frame for frame in tag.getall("CTOC")}
    top = next((frame for frame in tables.values() if frame.flags & id3.CTOCFlags.TOP_LEVEL), None)
    if top is None:
        return ChapterTable(frames, (), ordered=False)
    # One level of tables below the uppermost is as deep as ours go; a table that names itself ends there too.
    listed = (
        member
        for name in top.child_element_ids
        for member in (tables[name].child_element_ids if name in tables else (name,))
    )
    return ChapterTable(frames, tuple(listed), ordered=bool(top.flags & id3.CTOCFlags.ORDERED))


def _frames(tags: Tags) -> Iterator[Any]:
    """Give mutagen's frames, in the order of the file."""
    from mutagen import id3

    language = iso_639_2(tags.language)
    texts = (
        (id3.TIT2, tags.title),
        (id3.TPE1, tags.artist),
        (id3.TALB, tags.album),
        (id3.TCON, tags.genre),
        (id3.TLAN, language if bcp_47(language) else None),
        (id3.TLEN, str(tags.length_ms)),
        (id3.TSSE, tags.encoder),
    )
    for kind, text in texts:
        if text is not None:
            yield kind(encoding=_encoding(text), text=text)
    if tags.comment is not None:
        yield id3.COMM(encoding=_encoding(tags.comment), lang=language, desc="", text=tags.comment)
    yield from _chapter_frames(tags.chapters)
    yield id3.GEOB(
        encoding=_LATIN_1,
        mime=TIMELINE_MIME,
        filename=TIMELINE_FILE_NAME,
        desc=TIMELINE_DESCRIPTION,
        data=zlib.compress(tags.timeline_json, 9),
    )


def _chapter_frames(given: tuple[Chapter | tuple[str, int, int], ...]) -> Iterator[Any]:
    """Give the tables of contents, the uppermost first, then the chapters in order of their start."""
    from mutagen import id3

    chapters = sorted((Chapter(*chapter) for chapter in given), key=lambda chapter: chapter.start_ms)
    if not chapters:
        return
    names = [f"ch{number}" for number in range(len(chapters))]
    yield from _contents(names)
    for name, chapter in zip(names, chapters, strict=True):
        if not 0 <= chapter.start_ms <= chapter.end_ms < _MOST_MS:
            raise EncodeError(f"chapter {chapter.title!r} cannot be from {chapter.start_ms} to {chapter.end_ms} ms")
        yield id3.CHAP(
            element_id=name,
            start_time=chapter.start_ms,
            end_time=chapter.end_ms,
            start_offset=_NO_OFFSET,
            end_offset=_NO_OFFSET,
            sub_frames=[id3.TIT2(encoding=_encoding(chapter.title), text=chapter.title)],
        )


def _contents(names: list[str]) -> Iterator[Any]:
    """Give one table of contents for up to 255 chapters, else one of tables."""
    from mutagen import id3

    parts = [names[at : at + _MOST_CHILDREN] for at in range(0, len(names), _MOST_CHILDREN)]
    if len(parts) > _MOST_CHILDREN:
        raise EncodeError(f"a tag cannot hold {len(names)} chapters: at most {_MOST_CHILDREN**2}")
    tables = [("toc", names)]
    if len(parts) > 1:
        children = [(f"toc{number}", part) for number, part in enumerate(parts)]
        tables = [("toc", [name for name, _ in children]), *children]
    for table, members in tables:
        flags = id3.CTOCFlags.ORDERED | (id3.CTOCFlags.TOP_LEVEL if table == "toc" else 0)
        yield id3.CTOC(element_id=table, flags=flags, child_element_ids=members, sub_frames=[])


def _written(frame: Any) -> bytes:
    """Let mutagen write a tag of that one frame, and take its ten header bytes off."""
    from mutagen.id3 import ID3

    tag, file = ID3(), BytesIO()
    tag.add(frame)
    tag.save(file, v1=0, v2_version=3, padding=lambda _: 0)
    return file.getvalue()[10:]


def _encoding(text: str) -> int:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return _UTF_16
    return _LATIN_1


def _load(path: Path) -> Any:
    """Read the tag alone: nothing behind it is looked at."""
    from mutagen import MutagenError
    from mutagen.id3 import ID3, ID3NoHeaderError

    if not path.is_file():
        raise SessionFileError(f"there is no file {path}")
    try:
        return ID3(path, load_v1=False)
    except ID3NoHeaderError as fault:
        raise SessionFileError(
            f"{path} is not an MP3 that voicecoach made: it has no ID3 tag", hint="check an MP3 that `build` wrote"
        ) from fault
    except (MutagenError, EOFError, ValueError) as fault:
        raise SessionFileError(f"the ID3 tag of {path} cannot be read: {str(fault) or 'it is cut off'}") from fault


def _timeline(tag: Any, path: Path) -> bytes:
    """Unpack the timeline, never more than is allowed of it."""
    frame = next((frame for frame in tag.getall("GEOB") if frame.desc == TIMELINE_DESCRIPTION), None)
    if frame is None:
        raise SessionFileError(
            f"{path} carries no voicecoach timeline",
            hint="another program may have made it, or rewritten its tag; build the session again",
        )
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(frame.data, MOST_TIMELINE_BYTES + 1)
    except zlib.error as fault:
        raise SessionFileError(f"the timeline in {path} is damaged: {fault}") from fault
    if len(data) > MOST_TIMELINE_BYTES:
        raise SessionFileError(f"the timeline in {path} is absurdly large: over {MOST_TIMELINE_BYTES} bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise SessionFileError(f"the timeline in {path} is damaged: it is not whole")
    return data


def _text_of(tag: Any, key: str) -> str | None:
    frame = tag.get(key)
    return None if frame is None or not frame.text else str(frame.text[0])


def _chapters_of(tag: Any) -> tuple[Chapter, ...]:
    return tuple(sorted(map(_chapter, tag.getall("CHAP")), key=lambda chapter: chapter.start_ms))


def _chapter(frame: Any) -> Chapter:
    return Chapter(_text_of(frame.sub_frames, "TIT2") or "", int(frame.start_time), int(frame.end_time))
