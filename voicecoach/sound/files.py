"""Sound files. The only door to soundfile."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np

from voicecoach.errors import SoundError
from voicecoach.model.clip import Clip


def read_sound(source: Path | BinaryIO) -> Clip:
    """Read a sound file: WAV, AIFF, FLAC, OGG, MP3 and what else libsndfile knows.

    Parameters
    ----------
    source
        A path, or a file that is open for reading in binary and seekable.

    Returns
    -------
    Clip
        At the file's own rate and channels. 16-bit samples are divided by 32768.

    Raises
    ------
    SoundError
        The file is missing, is no sound, or holds samples that are no numbers.
    """
    import soundfile

    name = str(source) if isinstance(source, Path) else str(getattr(source, "name", "the sound"))
    if isinstance(source, Path) and not source.is_file():
        raise SoundError(f"there is no sound file {name}")
    try:
        samples, rate_hz = soundfile.read(source, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError, ValueError, TypeError) as fault:
        raise SoundError(f"cannot read {name} as sound: {fault}") from fault
    if not np.isfinite(samples).all():
        raise SoundError(f"cannot use {name} as sound: it holds samples that are no numbers")
    return Clip(samples, int(rate_hz))
