"""encode: the master's regions → one MP3, written beside its target and moved into place."""

from __future__ import annotations

import contextlib
import glob
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from voicecoach import __version__
from voicecoach.config import Encoding
from voicecoach.errors import EncodeError, OutputError
from voicecoach.model.clip import Samples
from voicecoach.model.routine import Routine
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import to_ms
from voicecoach.mp3.header import MusicTally
from voicecoach.mp3.id3 import Chapter, Tags, build_tag
from voicecoach.mp3.lame import ENCODER_DELAY_FRAMES, LameEncoder, lame_name

ARTIST = "voicecoach"
STALE_S = 24 * 3600
"""A part file this old belongs to no build that still runs."""


def encode(
    regions: Iterable[Samples],
    timeline: Timeline,
    routine: Routine,
    target: Path,
    encoding: Encoding,
    proof: Callable[[Path], None] | None = None,
) -> int:
    """Encode a session.

    Parameters
    ----------
    regions
        The master in order: float32, shape (frames, channels), at the timeline's sample rate. One is held at a time.
    timeline
        What is in it; goes into the file.
    routine
        Title, author and description, for the tags.
    target
        The file to write; there or not. It is replaced only by a whole one.
    encoding
        Bitrate and channels.
    proof
        Called with the finished file before it takes its place; where it raises, the file goes and the target stays.

    Returns
    -------
    int
        Size of the file in bytes.

    Raises
    ------
    OutputError
        The file cannot be written there.
    EncodeError
        The audio is not as long as the timeline, or cannot be encoded.
    """
    tag = build_tag(_tags(timeline, routine))
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        _sweep(target)
        with part.open("wb") as file:
            file.write(tag)
            _stream(file, len(tag), regions, timeline, encoding)
            file.flush()
            os.fsync(file.fileno())
            size_bytes = file.seek(0, os.SEEK_END)
        if proof is not None:
            proof(part)
        part.replace(target)
    except OSError as error:
        raise OutputError(
            f"cannot write {target}: {error.strerror or error}", hint="choose another place with -o"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return size_bytes


def _stream(file: BinaryIO, start: int, regions: Iterable[Samples], timeline: Timeline, encoding: Encoding) -> None:
    """Write the MP3 frames as they come, then the Info header in the place kept for it."""
    rate_hz, channels, bitrate_kbps = timeline.sample_rate, encoding.channels, encoding.bitrate_kbps
    encoder = LameEncoder(rate_hz=rate_hz, channels=channels, bitrate_kbps=bitrate_kbps)
    tally = MusicTally(rate_hz=rate_hz, channels=channels, bitrate_kbps=bitrate_kbps)
    file.write(tally.placeholder())
    for samples in regions:
        _add(file, tally, encoder.encode(samples))
    _add(file, tally, encoder.finish())
    if encoder.length_frames != timeline.frames:
        raise EncodeError(f"{encoder.length_frames} frames were mixed, but {timeline.frames} were planned")
    header = tally.header(length_frames=timeline.frames, delay_frames=ENCODER_DELAY_FRAMES, encoder=lame_name())
    file.seek(start)
    file.write(header.to_bytes())


def _add(file: BinaryIO, tally: MusicTally, data: bytes) -> None:
    tally.add(data)
    file.write(data)


def _tags(timeline: Timeline, routine: Routine) -> Tags:
    chapters = tuple(Chapter(c.title, to_ms(c.start), to_ms(c.end)) for c in timeline.chapters)
    return Tags(
        title=timeline.title,
        artist=routine.author or ARTIST,
        encoder=f"voicecoach {__version__}",
        length_ms=to_ms(timeline.frames),
        timeline_json=timeline.dumps(),
        chapters=chapters,
        comment=routine.description,
        language=routine.language,
    )


def _sweep(target: Path) -> None:
    """Take away what killed builds of this target left behind."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_S or not _runs(left):
                left.unlink()


def _runs(part: Path) -> bool:
    """Tell whether the process named in a part file's name may still run."""
    number = part.suffixes[-2].removeprefix(".") if len(part.suffixes) > 1 else ""
    if not number.isdecimal() or os.name == "nt":  # on Windows, os.kill would end it
        return True
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
