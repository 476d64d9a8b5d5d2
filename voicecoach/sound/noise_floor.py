"""A noise floor: noise so soft that nobody hears it, in the place of digital silence.

Some wireless earphones switch their amplifiers off in digital silence, and swallow the first syllable after it.
"""

from __future__ import annotations

import numpy as np

from voicecoach.model.clip import Clip
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.sound.gain import to_linear

FLOOR_DBFS = -75.0
"""RMS. Under -70 LUFS, so that no measure of loudness counts it."""
FLOOR_KEY = "floor 1"
"""Changed whenever its samples are others."""
_MP3_FRAMES = 250
_LOWEST_HZ, _HIGHEST_HZ = 500.0, 4000.0
"""Where the ear is keenest, and so a coder keeps noise this soft; spread over all frequencies it would be dropped."""
_SEED = 1770


def noise_floor() -> Clip:
    """Make a seamless loop of noise: 48 kHz, mono, 6 s, -75 dBFS; the same samples each time.

    Notes
    -----
    Every line of the spectrum within the band has the same magnitude and a phase at random (a linear congruential
    generator's, Numerical Recipes' constants, so that no library's version changes it). Such a loop has no seam: it is
    periodic by its make.
    """
    frames = _MP3_FRAMES * MP3_FRAME_FRAMES
    lines = np.fft.rfftfreq(frames, 1 / SAMPLE_RATE_HZ)
    sounding = np.flatnonzero((lines >= _LOWEST_HZ) & (lines <= _HIGHEST_HZ))
    phases, state = np.empty(len(sounding)), _SEED
    for at in range(len(sounding)):
        state = (1664525 * state + 1013904223) % 2**32
        phases[at] = state / 2**32
    spectrum = np.zeros(len(lines), np.complex128)
    spectrum[sounding] = np.exp(2j * np.pi * phases)
    noise = np.fft.irfft(spectrum, frames)
    noise *= to_linear(FLOOR_DBFS) / np.sqrt(np.mean(noise**2))
    return Clip(noise.astype(np.float32)[:, np.newaxis], SAMPLE_RATE_HZ)
