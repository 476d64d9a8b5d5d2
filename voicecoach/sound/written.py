"""Sound files, written by libsndfile. With `sound.files`, which reads them, the only door to soundfile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from voicecoach.errors import EncodeError, OutputError
from voicecoach.model.clip import Samples
from voicecoach.model.output import FileFormat

BLOCK_FRAMES = 48_000
"""libsndfile's Vorbis encoder holds what it is given at once on its stack: no more than a second."""
MOST_WAV_BYTES = 2**32 - 2**16
"""A WAV counts its bytes in 32 bits. What is larger becomes an RF64 (EBU Tech 3306), the same with 64."""
_BYTES_A_SAMPLE = 3  # 24 bits

_VORBIS_KBPS = {
    1: (48, 60, 70, 80, 86, 96, 110, 120, 140, 160, 240),
    2: (64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 500),
}
"""Nominal bitrates at 48 kHz of the qualities 0, 0.1 … 1, by channels (libvorbis, ``modes/setup_44u.h`` for mono and
``modes/setup_44.h`` for stereo). What is made is about that: the more happens, the more."""
_OPUS_LEAST_KBPS, _OPUS_SPAN_KBPS = 6, 250
"""Bitrates of one channel: libsndfile's ``ogg_opus.c`` takes the level 1 for the least, 0 for that and the span."""

Write = Callable[[Samples], None]


@contextmanager
def sound_writer(
    path: Path,
    file_format: FileFormat,
    rate_hz: int,
    channels: int,
    frames: int,
    *,
    bitrate_kbps: int | None = None,
    texts: Mapping[str, str] | None = None,
) -> Iterator[Write]:
    """Write a WAV, FLAC, Ogg Vorbis or Opus file, piece by piece.

    Parameters
    ----------
    path
        The file; one that is there is written over.
    file_format
        One of those four. WAV and FLAC have 24 bits.
    rate_hz, channels, frames
        Form and whole length of the sound.
    bitrate_kbps
        Of Vorbis and Opus, about.
    texts
        ``title``, ``artist``, ``album``, ``date``, ``comment``, ``tracknumber``, as libsndfile knows them.

    Yields
    ------
    Callable
        Takes samples: float32, shape (n, channels).

    Raises
    ------
    OutputError
        The file cannot be written.
    EncodeError
        Other than so many frames were given.
    """
    import soundfile

    def failed(fault: object) -> OutputError:
        return OutputError(f"cannot write {path}: {fault}", hint="perhaps the disk is full")

    given = 0
    try:
        file = soundfile.SoundFile(
            str(path), "w", rate_hz, channels, **_form(file_format, channels, frames, bitrate_kbps)
        )
    except soundfile.SoundFileError as fault:
        raise failed(fault) from fault
    with file:
        for name, text in (texts or {}).items():
            setattr(file, name, text)

        def write(samples: Samples) -> None:
            nonlocal given
            try:
                for at in range(0, len(samples), BLOCK_FRAMES):
                    file.write(samples[at : at + BLOCK_FRAMES])
            except (soundfile.SoundFileError, AssertionError) as fault:
                raise failed(fault) from fault
            given += len(samples)

        yield write
    if given != frames:
        raise EncodeError(f"{given} frames were written, but they should be {frames}")
    # libsndfile does not always notice that a disk is full.
    if (kept := _frames_in(path)) != given:
        raise failed(f"it has {kept} of {given} frames")


def _frames_in(path: Path) -> int:
    import soundfile

    try:
        return int(soundfile.info(str(path)).frames)
    except soundfile.SoundFileError:
        return 0


def _form(file_format: FileFormat, channels: int, frames: int, bitrate_kbps: int | None) -> dict[str, Any]:
    """Say it in soundfile's words."""
    if file_format is FileFormat.WAV:
        small = frames * channels * _BYTES_A_SAMPLE <= MOST_WAV_BYTES
        return {"format": "WAV" if small else "RF64", "subtype": "PCM_24"}
    if file_format is FileFormat.FLAC:
        return {"format": "FLAC", "subtype": "PCM_24"}
    level: dict[str, Any] = {}
    if bitrate_kbps is not None:
        level = {"compression_level": _level(file_format, channels, bitrate_kbps)}
    return {"format": "OGG", "subtype": "OPUS" if file_format is FileFormat.OPUS else "VORBIS", **level}


def _level(file_format: FileFormat, channels: int, bitrate_kbps: int) -> float:
    """Give libsndfile's level, 0 the best and 1 the smallest, of a bitrate."""
    if file_format is FileFormat.OPUS:
        best = (bitrate_kbps / channels - _OPUS_LEAST_KBPS) / _OPUS_SPAN_KBPS
    else:
        best = float(np.interp(bitrate_kbps, _VORBIS_KBPS[channels], np.linspace(0, 1, 11)))
    return min(max(1 - best, 0.0), 1.0)
