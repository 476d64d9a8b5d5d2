"""Sound that cannot be the text, whichever engine gave it: nothing, too little, too much, or damaged."""

from __future__ import annotations

import numpy as np

from voicecoach.engines.base import Speech, SpeechRequest
from voicecoach.model.clip import Samples

LEAST_S = 0.03
"""Less than this is no word."""
LEAST_S_PER_LETTER = 0.0025
"""At speed 1 a coach takes 0.1 s; what is forty times as quick was cut off."""
MOST_S_PER_CHARACTER = 1.0
"""At speed 1; a digit may stand for a long word, but no character takes a second."""
ALWAYS_S = 5.0
"""As long any text may take: a short one, said by a slow voice."""
CLIPPED_SHARE = 0.01
"""So much of a sound at full scale, in runs, is heard as a rattle."""

_FULL, _FLAT, _RUN = 0.9999, 1e-4, 4
_SILENT = 0.00316  # -50 dBFS: what is cut off as silence
_RATES_HZ = range(1000, 400_001)


def fault_of(speech: Speech, request: SpeechRequest) -> str | None:
    """Say what is wrong with a sound, or None: it is none, is not finite, silent, clipped, too short or too long."""
    samples = speech.samples
    if not isinstance(samples, np.ndarray) or samples.ndim != 2 or not np.issubdtype(samples.dtype, np.floating):
        return "what it gave is no sound"
    if speech.rate_hz not in _RATES_HZ:
        return f"it gave a sample rate of {speech.rate_hz} Hz"
    if not np.isfinite(samples).all():
        return "it gave samples that are no numbers"
    loud = np.flatnonzero((np.abs(samples) >= _SILENT).any(axis=1))
    if not loud.size:
        return f"it gave {len(samples) / speech.rate_hz:.2f} s of silence"
    heard = samples[loud[0] : loud[-1] + 1]
    share = clipped_share(heard)
    if share > CLIPPED_SHARE:
        return f"the sound is clipped: {share:.0%} of it stands still at full scale"
    return length_fault(len(heard) / speech.rate_hz, request.text, request.speed)


def length_fault(length_s: float, text: str, speed: float) -> str | None:
    """Say that a sound, without the silence around it, is too short or too long for its text; or None."""
    letters = sum(character.isalnum() for character in text)
    least_s = max(LEAST_S, LEAST_S_PER_LETTER * letters / speed)
    most_s = max(ALWAYS_S, MOST_S_PER_CHARACTER * len(text) / speed)
    if least_s <= length_s <= most_s:
        return None
    too = "short" if length_s < least_s else "long"
    return f"{length_s:.2f} s of sound for {len(text)} characters is too {too}"


def clipped_share(samples: Samples) -> float:
    """Give the share of a sound that stands still at full scale, four samples or more in a row; of the worst channel.

    Single samples at full scale are what levelling by the peak leaves, and are no harm.
    """
    worst = 0.0
    for channel in samples.T:
        still = (np.abs(channel[1:]) >= _FULL) & (np.abs(np.diff(channel)) < _FLAT)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(np.int8), [0]])))
        runs = edges[1::2] - edges[::2] + 1
        worst = max(worst, float(runs[runs >= _RUN].sum()) / len(channel))
    return worst
