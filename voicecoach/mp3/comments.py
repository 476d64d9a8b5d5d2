"""The tags of FLAC, Ogg Vorbis and Opus files: Vorbis comments. With `mp3.id3` the only door to mutagen.

Chapters are ``CHAPTER000=00:00:00.000`` and ``CHAPTER000NAME=Opening`` (the Chapter Extension of the Xiph wiki), which
ffmpeg, mpv and VLC read.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from voicecoach.errors import EncodeError
from voicecoach.model.output import FileFormat
from voicecoach.mp3.tags import Chapter, Tags

_FRONT_COVER = 3
_MOST_CHAPTERS = 1000
"""Three digits number them."""


def write_comments(path: Path, file_format: FileFormat, tags: Tags) -> None:
    """Write tags into a FLAC, Ogg Vorbis or Opus file that has just been made. The same tags give the same bytes.

    Raises
    ------
    EncodeError
        It is none of those.
    """
    from mutagen import MutagenError

    try:
        file = _opened(path, file_format)
        if file.tags is None:
            file.add_tags()
        file.tags.clear()
        file.tags.extend(_comments(tags))
        if tags.cover is not None:
            _add_cover(file, file_format, tags.cover)
        file.save(padding=lambda _: 0)
    except (MutagenError, UnicodeEncodeError) as fault:
        raise EncodeError(f"the tags of {path} cannot be written: {fault}") from fault


def _opened(path: Path, file_format: FileFormat) -> Any:
    if file_format is FileFormat.FLAC:
        from mutagen.flac import FLAC

        return FLAC(path)
    if file_format is FileFormat.OPUS:
        from mutagen.oggopus import OggOpus

        return OggOpus(path)
    from mutagen.oggvorbis import OggVorbis

    return OggVorbis(path)


def _comments(tags: Tags) -> Iterator[tuple[str, str]]:
    number, of = tags.track or (None, None)
    texts = {
        "TITLE": tags.title,
        "ARTIST": tags.artist,
        "ALBUM": tags.album,
        "GENRE": tags.genre,
        "DATE": tags.date,
        "TRACKNUMBER": number,
        "TRACKTOTAL": of,
        "LANGUAGE": tags.language,
        "ENCODER": tags.encoder,
        "COMMENT": tags.comment,
        "LYRICS": tags.words,
    }
    for name, text in texts.items():
        if text is not None:
            yield name, str(text)
    for at, given in enumerate(tags.chapters[:_MOST_CHAPTERS]):
        chapter = Chapter(*given)
        yield f"CHAPTER{at:03}", _clock(chapter.start_ms)
        yield f"CHAPTER{at:03}NAME", chapter.title


def _clock(at_ms: int) -> str:
    seconds, ms = divmod(at_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"


def _add_cover(file: Any, file_format: FileFormat, cover: bytes) -> None:
    """Add the picture; in an Ogg file it is one of the comments."""
    from mutagen.flac import Picture

    picture = Picture()
    picture.type = _FRONT_COVER
    picture.mime = "image/jpeg"
    picture.data = cover
    if file_format is FileFormat.FLAC:
        file.add_picture(picture)
    else:
        file.tags.append(("METADATA_BLOCK_PICTURE", base64.b64encode(picture.write()).decode()))
