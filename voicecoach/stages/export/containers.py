"""Each format's own way to be written, and to carry a title, chapters and a cover."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from voicecoach.config import Encoding
from voicecoach.model.clip import Samples
from voicecoach.model.master import Master
from voicecoach.model.output import FileFormat
from voicecoach.mp3.comments import write_comments
from voicecoach.mp3.languages import iso_639_2
from voicecoach.mp3.tags import Tags
from voicecoach.sound.ffmpeg import About, ffmpeg_writer, metadata
from voicecoach.sound.ogg import give_serial
from voicecoach.sound.written import sound_writer

_SERIAL = 1
"""The number of the one stream in our Ogg files."""

Write = Callable[[Samples], None]


@contextmanager
def opened(
    path: Path, more: Sequence[Path], file_format: FileFormat, master: Master, encoding: Encoding, tags: Tags
) -> Iterator[Write]:
    """Open a file for a master's samples; when they are all there, it gets its tags.

    Parameters
    ----------
    path
        The file.
    more
        Two more that may be needed until then.
    """
    kbps = None if file_format.is_lossless else encoding.bitrate_for(master.channels, file_format)
    if file_format.needs_ffmpeg:
        assert kbps is not None
        with _mp4(path, more, file_format, master, kbps, tags) as write:
            yield write
        return
    texts = _texts(tags, "tracknumber", "date") if file_format is FileFormat.WAV else None
    with sound_writer(
        path, file_format, master.rate_hz, master.channels, master.frames, bitrate_kbps=kbps, texts=texts
    ) as write:
        yield write
    if file_format is FileFormat.WAV:
        return
    write_comments(path, file_format, tags)
    if file_format is not FileFormat.FLAC:
        give_serial(path, _SERIAL)


@contextmanager
def _mp4(
    path: Path, more: Sequence[Path], file_format: FileFormat, master: Master, bitrate_kbps: int, tags: Tags
) -> Iterator[Write]:
    meta, cover = more
    texts = _texts(tags, "track", "date")
    if tags.words is not None:
        texts["lyrics"] = tags.words
    meta.write_text(metadata(texts, tags.chapters), encoding="utf-8", newline="\n")
    if tags.cover is not None:
        cover.write_bytes(tags.cover)
    about = About(meta, None if tags.cover is None else cover, iso_639_2(tags.language))
    with ffmpeg_writer(path, file_format, master.rate_hz, master.channels, bitrate_kbps, about) as write:
        yield write


def _texts(tags: Tags, track: str, date: str) -> dict[str, str]:
    """Name the texts as libsndfile and ffmpeg do."""
    number = None if tags.track is None else "{}/{}".format(*tags.track)
    texts = {
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "genre": tags.genre,
        date: tags.date,
        track: number,
        "comment": tags.comment,
    }
    return {name: text for name, text in texts.items() if text is not None}
