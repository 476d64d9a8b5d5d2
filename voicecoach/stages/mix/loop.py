"""A bed's loop as the mix knows it: measured once, the figures kept in the cache, its samples made when heard."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from voicecoach.cache import Cache, key_of
from voicecoach.errors import EncodeError
from voicecoach.model.clip import Clip, Samples
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.sound.energy import Energies, loop_energies
from voicecoach.sound.true_peak import true_peak

_VERSION = "1"


class LoopSource(Protocol):
    """What a bed is made of."""

    @property
    def key(self) -> str:
        """Hash of all that makes its samples."""
        ...

    @property
    def is_texture(self) -> bool:
        """It is noise or the like, which may be taken up anywhere (see `sound.bedding`); not music."""
        ...

    def clip(self) -> Clip:
        """Give the loop: 48 kHz, whole MP3 frames (1152 frames)."""
        ...


@dataclass(frozen=True)
class LoopFigures:
    """What is known of a loop in a session of one or two channels.

    Attributes
    ----------
    frames, channels
        Length, and channels of the session.
    is_wide
        The loop itself has two channels that differ.
    peak
        True peak, linear.
    energies
        K-weighted, of each MP3 frame (1152 frames).
    """

    frames: int
    channels: int
    is_wide: bool
    peak: float
    energies: Energies

    def to_bytes(self) -> bytes:
        """Return the figures as bytes: a line of JSON, then little-endian float64."""
        head = json.dumps([self.frames, self.channels, self.is_wide, self.peak])
        return head.encode() + b"\n" + self.energies.astype("<f8").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> LoopFigures:
        """Make the figures of their bytes.

        Raises
        ------
        ValueError
            They are not those of figures.
        """
        line, _, rest = data.partition(b"\n")
        frames, channels, is_wide, peak = json.loads(line)
        return cls(int(frames), int(channels), bool(is_wide), float(peak), np.frombuffer(rest, "<f8"))


def loop_figures(source: LoopSource, channels: int | None, cache: Cache) -> LoopFigures:
    """Measure a loop, or take what is known of it from the cache.

    Parameters
    ----------
    source
        The loop.
    channels
        Of the session; None: as many as the loop has that differ.
    cache
        Where figures are kept.

    Raises
    ------
    EncodeError
        It has not the form of a loop.
    """
    key = key_of("loop", _VERSION, source.key, str(channels))
    if (kept := cache.get(key)) is not None:
        try:
            return LoopFigures.from_bytes(kept)
        except ValueError:
            pass
    clip = source.clip()
    if clip.rate_hz != SAMPLE_RATE_HZ or not clip.frames or clip.frames % MP3_FRAME_FRAMES:
        raise EncodeError(f"a bed's loop has {clip.frames} frames at {clip.rate_hz} Hz, which is no loop")
    is_wide = differ(clip.samples)
    samples = with_channels(clip.samples, channels or (2 if is_wide else 1))
    figures = LoopFigures(clip.frames, samples.shape[1], is_wide, true_peak(samples), loop_energies(samples))
    cache.put(key, figures.to_bytes())
    return figures


def differ(samples: Samples) -> bool:
    """Tell whether there are two channels that differ."""
    return samples.shape[1] > 1 and not np.array_equal(samples[:, 0], samples[:, 1])


def with_channels(samples: Samples, channels: int) -> Samples:
    """Give samples one or two channels: both alike where there was one, their mean where there were two."""
    if samples.shape[1] == channels:
        return samples
    if channels == 1:
        mono: Samples = samples.mean(axis=1, keepdims=True, dtype=np.float32)
        return mono
    return np.repeat(samples, channels, axis=1)
