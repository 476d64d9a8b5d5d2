"""encode: the master → one MP3, written beside its target and moved into place.

Most of a session is silence, or a bed with nothing over it. So by default only what is active is mixed and encoded,
each region once and in several threads; silence is one MP3 frame repeated, the bed's loop is encoded once, and all is
poured into one stream (`layout`, `workshop`, `pieces`, `joining`; `mp3.splice`). `plain` gives LAME the whole: the
reference.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from voicecoach.cache import Cache
from voicecoach.config import Encoding
from voicecoach.errors import EncodeError
from voicecoach.model.master import Master, Measured
from voicecoach.parts import part_beside, writing
from voicecoach.stages.encode.music import Music, Progress

_COPY_BYTES = 1 << 20


def encode(
    master: Master,
    tag_of: Callable[[Sequence[Measured]], bytes],
    target: Path,
    encoding: Encoding,
    cache: Cache,
    proof: Callable[[Path], None] | None = None,
    progress: Progress | None = None,
) -> int:
    """Encode a session.

    Parameters
    ----------
    master
        What is heard. A few regions of it are held at a time.
    tag_of
        Gives the bytes of the whole tag that the file begins with; called once, when all is encoded, with what the
        master measured of it.
    target
        The file to write; there or not. It is replaced only by a whole one.
    encoding
        Bitrate, which path, and how many threads (which changes no byte).
    cache
        Where what was encoded is kept.
    proof
        Called with the finished file before it takes its place; where it raises, the file goes and the target stays.
    progress
        Called with ("encode", frames done, of).

    Returns
    -------
    int
        Size of the file in bytes.

    Raises
    ------
    OutputError
        The file or the cache cannot be written.
    EncodeError
        The audio cannot be encoded, or the master's regions are not all of it.
    """
    music = Music(master, encoding, cache, progress)
    part, music_part = part_beside(target), part_beside(target, ".music")
    with writing(target, part, music_part):
        with music_part.open("w+b") as poured:
            info, measured = music.write(poured)
            tag = tag_of(measured)
            poured.seek(0)
            with part.open("wb") as file:
                file.write(tag)
                file.write(info.to_bytes())
                shutil.copyfileobj(poured, file, _COPY_BYTES)
                file.flush()
                os.fsync(file.fileno())
                size_bytes = file.tell()
        if size_bytes != len(tag) + info.total_bytes:
            raise EncodeError(f"{size_bytes} bytes were written, but they should be {len(tag) + info.total_bytes}")
        if proof is not None:
            proof(part)
        part.replace(target)
    return size_bytes
