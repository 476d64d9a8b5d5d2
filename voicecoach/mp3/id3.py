"""The ID3 tag: titles, chapters and the session's own timeline. With `mp3.comments`, the only door to mutagen.

ID3v2.3 without unsynchronisation and without ID3v1, the dialect that all players read (ID3v2.3.0 informal standard,
and the ID3v2 Chapter Frame Addendum). Each frame is written by mutagen on its own and set in its place by us, because
mutagen sorts a tag's frames by size (its issue 506), and players list chapters in the order of the file.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from voicecoach.errors import EncodeError, SessionFileError
from voicecoach.mp3.languages import bcp_47, iso_639_2
from voicecoach.mp3.tags import Chapter, ChapterTable, Lyric, Tags

TIMELINE_DESCRIPTION = "voicecoach timeline"
TIMELINE_MIME = "application/zlib"
TIMELINE_FILE_NAME = "timeline.json"
MOST_TIMELINE_BYTES = 256 * 1024 * 1024

PLAYERS_READ_BYTES = 3 * 1024 * 1024
"""Android reads nothing of a larger tag, not even the title (``kMaxMetadataSize`` in its libstagefright)."""

_MOST_CHILDREN = 255  # a CTOC counts its children in one byte
_MOST_MS = 2**32 - 1
_MOST_TAG_BYTES = 2**28 - 1
_YIELDS = ("SYLT", "USLT")
_NO_OFFSET = 0xFFFFFFFF
_FRONT_COVER = 3
_MS, _LYRICS = 2, 1
_LATIN_1, _UTF_16 = 0, 1


def build_tag(tags: Tags) -> bytes:
    """Build the ID3v2.3 tag: the first bytes of a session file. The same tags give the same bytes.

    Where it would be larger than players read (`PLAYERS_READ_BYTES`), what is said is left out of it: first with its
    times, then at all.

    Parameters
    ----------
    tags
        Its content. Chapters are put in order of their start.

    Raises
    ------
    EncodeError
        The times of a chapter or a line make no sense, there are more than 65,025 chapters, a text is no Unicode, or
        all is too large for a tag.
    """
    from mutagen import MutagenError

    try:
        frames = [(frame.FrameID, _written(frame)) for frame in _frames(tags)]
    except MutagenError as fault:
        raise EncodeError(f"the tag cannot be written, perhaps a text is no valid Unicode: {fault}") from fault
    for name in _YIELDS:
        if sum(len(data) for _, data in frames) > PLAYERS_READ_BYTES:
            frames = [frame for frame in frames if frame[0] != name]
    body = b"".join(data for _, data in frames)
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
    data = _timeline(_load(path), path)
    if data is None:
        raise SessionFileError(
            f"{path} carries no voicecoach timeline",
            hint="another program may have made it, or rewritten its tag; build the session again",
        )
    return data


def read_tags(path: Path) -> Tags:
    """Read the whole tag of a session file, or of a part of one, which has no timeline.

    Raises
    ------
    SessionFileError
        The file is missing or has no ID3 tag that can be read, or its timeline is damaged or over 256 MiB.
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
        date=_text_of(tag, "TDRC"),
        cover=next((bytes(frame.data) for frame in tag.getall("APIC") if frame.type == _FRONT_COVER), None),
        words=next((str(frame.text) for frame in tag.getall("USLT") if not frame.desc), None),
        lyrics=_lyrics_of(tag),
        track=_track_of(tag),
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
        (id3.TRCK, None if tags.track is None else "{}/{}".format(*tags.track)),
        (id3.TCON, tags.genre),
        *_date_frames(tags.date),
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
    if tags.cover is not None:
        yield id3.APIC(encoding=_LATIN_1, mime="image/jpeg", type=_FRONT_COVER, desc="", data=tags.cover)
    if tags.words is not None:
        yield id3.USLT(encoding=_encoding(tags.words), lang=language, desc="", text=tags.words)
    if tags.lyrics:
        yield _lyric_frame(tags.lyrics, language)
    if tags.timeline_json is not None:
        yield id3.GEOB(
            encoding=_LATIN_1,
            mime=TIMELINE_MIME,
            filename=TIMELINE_FILE_NAME,
            desc=TIMELINE_DESCRIPTION,
            data=zlib.compress(tags.timeline_json, 9),
        )


def _date_frames(date: str | None) -> tuple[tuple[Any, str | None], ...]:
    """ID3v2.3 has the year in one frame and day and month, ``DDMM``, in another."""
    from mutagen import id3

    if date is None:
        return ()
    try:
        day = dt.date.fromisoformat(date)
    except ValueError as fault:
        raise EncodeError(f"'{date}' is not a date, such as 2026-03-31") from fault
    return (id3.TYER, f"{day.year:04}"), (id3.TDAT, f"{day.day:02}{day.month:02}")


def _lyric_frame(given: tuple[Lyric | tuple[str, int], ...], language: str) -> Any:
    """Give all lines with their times; each but the first begins with a line break, as the standard shows it."""
    from mutagen import id3

    lyrics = sorted((Lyric(*lyric) for lyric in given), key=lambda lyric: lyric.at_ms)
    wrong = next((lyric for lyric in lyrics if not 0 <= lyric.at_ms < _MOST_MS), None)
    if wrong is not None:
        raise EncodeError(f"'{wrong.text}' cannot be said at {wrong.at_ms} ms")
    lines = [(f"\n{lyric.text}" if number else lyric.text, lyric.at_ms) for number, lyric in enumerate(lyrics)]
    encoding = max(_encoding(text) for text, _ in lines)
    return id3.SYLT(encoding=encoding, lang=language, format=_MS, type=_LYRICS, desc="", text=lines)


def _lyrics_of(tag: Any) -> tuple[Lyric, ...]:
    frame = next((frame for frame in tag.getall("SYLT") if frame.format == _MS and not frame.desc), None)
    return () if frame is None else tuple(Lyric(text.removeprefix("\n"), at_ms) for text, at_ms in frame.text)


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


def _timeline(tag: Any, path: Path) -> bytes | None:
    """Unpack the timeline, never more than is allowed of it; None where there is none."""
    frame = next((frame for frame in tag.getall("GEOB") if frame.desc == TIMELINE_DESCRIPTION), None)
    if frame is None:
        return None
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


def _track_of(tag: Any) -> tuple[int, int] | None:
    number, slash, of = (_text_of(tag, "TRCK") or "").partition("/")
    return (int(number), int(of)) if slash and number.isdecimal() and of.isdecimal() else None


def _chapters_of(tag: Any) -> tuple[Chapter, ...]:
    return tuple(sorted(map(_chapter, tag.getall("CHAP")), key=lambda chapter: chapter.start_ms))


def _chapter(frame: Any) -> Chapter:
    return Chapter(_text_of(frame.sub_frames, "TIT2") or "", int(frame.start_time), int(frame.end_time))
