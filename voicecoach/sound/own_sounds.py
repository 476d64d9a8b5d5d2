"""Sounds of the author's own: read, made fit to mark a moment, and found in their folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from voicecoach.errors import SoundError
from voicecoach.model.clip import Clip, Samples
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.envelope import fade_in, fade_out
from voicecoach.sound.files import SoundReel, open_any
from voicecoach.sound.gain import apply_gain, peak_dbfs, to_linear
from voicecoach.sound.resample import resample

SOUND_ENDINGS = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".m4a", ".aac")
MOST_S = 120
"""So much of a file is heard; more is no sound but music, and belongs under the voice, as a bed."""
MOST_PEAK_DBFS = -3.0
"""What is louder is brought down to this: there must be room for a word over it."""
SILENT_DBFS = -60.0
ONSET_DB = -26.0
"""A sound begins where it first comes so near to its own peak; what coders let sound before it is softer."""
END_DB = -60.0
"""It ends where it is so far below its peak for good."""
_BEFORE_ONSET_FRAMES = SAMPLE_RATE_HZ // 2000
_END_FADE_FRAMES = SAMPLE_RATE_HZ // 100


def own_sound(path: Path) -> Clip:
    """Read a sound that is to mark a moment.

    Returns
    -------
    Clip
        48 kHz, mono; without the silence before it, so that it begins at its first frame (half a millisecond of fade,
        that it does not click, included), and without the silence after it; no louder than -3 dBFS; 2 minutes at most.

    Raises
    ------
    SoundError
        It is missing, cannot be read, or is silent.
    """
    with open_any(path, MOST_S) as reel:
        clip = Clip(np.concatenate([*_mono(reel), np.zeros((0, 1), np.float32)]), reel.rate_hz)
    samples = _from_onset(resample(clip, SAMPLE_RATE_HZ).samples)
    if samples is None:
        raise SoundError(f"there is nothing to be heard in {path}")
    return Clip(apply_gain(samples, min(0.0, MOST_PEAK_DBFS - peak_dbfs(samples))), SAMPLE_RATE_HZ)


def sounds_in(folder: Path, names: Iterable[str]) -> Mapping[str, Path]:
    """Find the sounds of a folder by their names; of several files of one name, the first by `SOUND_ENDINGS`.

    Raises
    ------
    SoundError
        There is no such folder.
    """
    found = {}
    files = sound_files_in(folder)
    for name in names:
        matching = [path for path in files if path.stem == name]
        if matching:
            found[name] = min(matching, key=lambda path: SOUND_ENDINGS.index(path.suffix.lower()))
    return found


def sound_files_in(folder: Path) -> tuple[Path, ...]:
    """All files of a folder that are sounds by their ending, in the order of their names.

    Raises
    ------
    SoundError
        There is no such folder.
    """
    try:
        return tuple(sorted(path for path in folder.iterdir() if path.suffix.lower() in SOUND_ENDINGS))
    except OSError as fault:
        raise SoundError(f"there is no folder of sounds {folder}") from fault


def _mono(reel: SoundReel) -> Iterator[Samples]:
    left = MOST_S * reel.rate_hz
    for block in reel.blocks(reel.rate_hz):
        yield block[:left].mean(axis=1, keepdims=True, dtype=np.float32)
        left -= len(block)
        if left <= 0:
            return


def _from_onset(samples: Samples) -> Samples | None:
    peak = peak_dbfs(samples)
    if peak < SILENT_DBFS:
        return None
    loud = np.flatnonzero(np.abs(samples[:, 0]) >= to_linear(peak + ONSET_DB))
    start = max(0, int(loud[0]) - _BEFORE_ONSET_FRAMES)
    heard = np.flatnonzero(np.abs(samples[:, 0]) >= to_linear(max(SILENT_DBFS, peak + END_DB)))
    end = min(len(samples), int(heard[-1]) + _END_FADE_FRAMES)
    cut = fade_in(samples[start:end], min(_BEFORE_ONSET_FRAMES, end - start))
    return fade_out(cut, min(_END_FADE_FRAMES, len(cut)))
