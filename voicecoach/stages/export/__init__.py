"""export: the master → a file that is no MP3 of ours: WAV, FLAC, Ogg Vorbis, Opus, M4A or M4B.

Written region by region beside its target and moved into place, as `encode` does it. Title and chapters go where the
format can carry them; only an MP3 has the timeline and can be verified.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from voicecoach.config import Encoding
from voicecoach.model.master import Master
from voicecoach.model.output import FileFormat
from voicecoach.mp3.tags import Tags
from voicecoach.parts import part_beside, writing
from voicecoach.stages.export.containers import opened
from voicecoach.stages.export.samples import blocks

Progress = Callable[[str, int, int], None]
"""Called with (stage, done, of)."""


def export(
    master: Master,
    tags: Tags,
    target: Path,
    file_format: FileFormat,
    encoding: Encoding,
    progress: Progress | None = None,
) -> int:
    """Write a sound file.

    Parameters
    ----------
    master
        What is heard. Some seconds of it are held at a time.
    tags
        What the file says of itself, as far as its format can.
    target
        The file to write; there or not. It is replaced only by a whole one.
    file_format
        Any but MP3.
    encoding
        The bitrate, of a format that has one.
    progress
        Called with ("export", frames done, of).

    Returns
    -------
    int
        Size of the file in bytes.

    Raises
    ------
    OutputError
        The file cannot be written.
    EncodeError
        The audio cannot be encoded, or ffmpeg is needed and not there.
    """
    part, *more = (part_beside(target, what) for what in ("", ".meta", ".cover"))
    with writing(target, part, *more):
        with opened(part, more, file_format, master, encoding, tags) as write:
            done = 0
            for samples in blocks(master):
                write(samples)
                done += len(samples)
                if progress is not None:
                    progress("export", done, master.frames)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        size_bytes = part.stat().st_size
        part.replace(target)
    return size_bytes
