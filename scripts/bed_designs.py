"""How the beds are made: loops from seeds, for `make_sounds.py`.

Each is made of parts that are periodic in the loop by themselves (spectra, and modulations in whole cycles), so there
is no seam to hide. Their spectra fall with frequency: between 1 and 4 kHz, where consonants are, there is little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Samples
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.beds import BUILT_IN_LOOP_FRAMES, BUILT_IN_PAD_FRAMES, LOOP_LUFS
from voicecoach.sound.gain import apply_gain
from voicecoach.sound.weighting import mean_lufs

VORBIS_LEVEL = 0.8
"""1 is the smallest file. What is lost lies 20 dB and more under noise, in noise."""
_FRAMES = BUILT_IN_LOOP_FRAMES
_FREQUENCIES_HZ = np.fft.rfftfreq(_FRAMES, 1 / SAMPLE_RATE_HZ)
Wave = NDArray[np.float64]


def shaped_noise(rng: np.random.Generator, weights: Wave) -> Wave:
    """Noise of a spectrum, shape (frames,), of unit power: the same amplitudes in every run, the phases by chance."""
    phases = np.exp(2j * np.pi * rng.random(len(weights)))
    noise = np.fft.irfft(weights * phases, _FRAMES)
    unit: Wave = noise / np.sqrt(np.mean(noise**2))
    return unit


def tilt(corner_hz: float, slope_db: float, *, from_hz: float, to_hz: float) -> Wave:
    """Amplitudes that are flat to a corner and fall from there on by so many dB an octave, between two limits."""
    frequency_hz = np.maximum(_FREQUENCIES_HZ, 1.0)
    octaves = np.log2(np.maximum(frequency_hz / corner_hz, 1.0))
    edges = 1 / np.sqrt(1 + (from_hz / frequency_hz) ** 4) / np.sqrt(1 + (frequency_hz / to_hz) ** 8)
    shape: Wave = 10 ** (-slope_db * octaves / 20) * edges
    return shape


def slow(rng: np.random.Generator, cycles: tuple[int, ...], depth_db: float) -> Wave:
    """A gain that wanders by some dB, each of its waves in whole cycles of the loop."""
    turns = np.arange(_FRAMES) / _FRAMES
    waves = [np.sin(2 * np.pi * (count * turns + rng.random())) / np.sqrt(len(cycles)) for count in cycles]
    gain: Wave = 10 ** (depth_db * np.sum(waves, axis=0) / 20)
    return gain


def wide(rng: np.random.Generator, weights: Wave, share: float) -> Wave:
    """Stereo noise, shape (frames, 2), of which both ears share a part (0 to 1)."""
    middle, left, right = (shaped_noise(rng, weights) for _ in range(3))
    return np.stack([np.sqrt(share) * middle + np.sqrt(1 - share) * side for side in (left, right)], axis=1)


def drops(rng: np.random.Generator, a_second: float, pitch_hz: tuple[float, float], decay_s: float) -> Wave:
    """Drops that fall by chance, near and far, left and right: shape (frames, 2), of unit power."""
    grains, length_s = 16, _FRAMES / SAMPLE_RATE_HZ
    total = np.zeros((_FRAMES, 2))
    time_s = np.arange(round(decay_s * 8 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    for pitch in np.geomspace(*pitch_hz, grains):
        falling = decay_s * (0.5 + rng.random())
        grain = np.sin(2 * np.pi * pitch * (1 + 0.15 * time_s / decay_s) * time_s) * np.exp(-time_s / falling)
        hits = np.zeros((_FRAMES, 2))
        at = (rng.random(round(a_second * length_s / grains)) * _FRAMES).astype(int)
        levels, pan = rng.random(len(at)) ** 5, rng.random(len(at)) * np.pi / 2
        np.add.at(hits, at, levels[:, None] * np.stack([np.cos(pan), np.sin(pan)], axis=1))
        spectrum = np.fft.rfft(hits, axis=0) * np.fft.rfft(grain, _FRAMES)[:, None]
        total += np.fft.irfft(spectrum, _FRAMES, axis=0)
    unit: Wave = total / np.sqrt(np.mean(total**2))
    return unit


def rain() -> Samples:
    """Steady rain on leaves: a wash that wanders a little, small drops in it, some nearer ones."""
    rng = np.random.default_rng(20)
    wash = wide(rng, tilt(300.0, 5.2, from_hz=130.0, to_hz=8000.0), 0.25) * slow(rng, (1, 2, 3, 5, 8), 1.2)[:, None]
    small = drops(rng, 260.0, (1900.0, 6500.0), 0.0025)
    near = drops(rng, 26.0, (480.0, 1500.0), 0.013)
    return levelled(wash + 0.2 * small + 0.32 * near)


def soft_noise() -> Samples:
    """Soft noise, as of a far waterfall: darker than pink, wide, hardly moving."""
    rng = np.random.default_rng(21)
    noise = wide(rng, tilt(180.0, 5.5, from_hz=80.0, to_hz=7000.0), 0.2)
    return levelled(noise * slow(rng, (1, 2, 3), 0.6)[:, None])


def drone() -> Samples:
    """A drone of fifths on D; its overtones come and go, each in its own time and in each ear at another."""
    rng = np.random.default_rng(22)
    turns = np.arange(_FRAMES) / _FRAMES
    total = 0.05 * wide(rng, tilt(250.0, 6.0, from_hz=150.0, to_hz=5000.0), 0.2)
    voices = ((146.83, 0.7), (220.0, 0.7), (293.66, 0.7), (329.63, 0.3), (440.0, 0.5), (587.33, 0.32), (659.26, 0.18))
    for number, (pitch_hz, level) in enumerate((*voices, (880.0, 0.14), (1174.66, 0.07), (1318.51, 0.04))):
        cycles = round(pitch_hz * _FRAMES / SAMPLE_RATE_HZ)  # in the loop: so it fits
        tone = np.sin(2 * np.pi * (cycles * turns + rng.random()))
        comes = np.stack([slow(rng, (2 + number % 3, 3 + number % 4, 7 + number % 5), 3.0) for _ in range(2)], axis=1)
        total += level * tone[:, None] * comes
    return levelled(total)


def levelled(loop: Wave) -> Samples:
    """Bring a loop to the loudness of all loops."""
    samples = (loop - loop.mean(axis=0)).astype(np.float32)
    return apply_gain(samples, LOOP_LUFS - mean_lufs(samples))


BEDS: Mapping[str, Callable[[], Samples]] = {"rain": rain, "soft-noise": soft_noise, "drone": drone}


def write_loop(path: Path, loop: Samples) -> None:
    """Write a loop as Ogg Vorbis, with a little of its beginning behind it.

    What a coder loses is not the same at both ends, which would click: `load_bed` fades what is behind over into the
    beginning.
    """
    import soundfile

    padded = np.concatenate([loop, loop[:BUILT_IN_PAD_FRAMES]])
    with soundfile.SoundFile(
        path, "w", SAMPLE_RATE_HZ, 2, subtype="VORBIS", format="OGG", compression_level=VORBIS_LEVEL
    ) as file:
        for start in range(0, len(padded), SAMPLE_RATE_HZ):  # libsndfile's Vorbis fails at too much at a time
            file.write(padded[start : start + SAMPLE_RATE_HZ])
    path.write_bytes(numbered(path.read_bytes()))


def numbered(ogg: bytes) -> bytes:
    """Give the pages of an Ogg stream a serial number of ours instead of one by chance: the same bytes every time.

    Notes
    -----
    RFC 3533, section 6: the serial number is in bytes 14 to 17 of a page, the checksum in bytes 22 to 25.
    """
    pages, at = bytearray(), 0
    while at < len(ogg):
        segments = ogg[at + 26]
        length = 27 + segments + sum(ogg[at + 27 : at + 27 + segments])
        page = bytearray(ogg[at : at + length])
        page[14:18] = (1).to_bytes(4, "little")
        page[22:26] = bytes(4)
        page[22:26] = checksum(bytes(page)).to_bytes(4, "little")
        pages += page
        at += length
    return bytes(pages)


def checksum(page: bytes) -> int:
    """CRC-32 of an Ogg page: polynomial 0x04C11DB7, begun with 0, bits not reversed."""
    crc = 0
    for byte in page:
        crc = ((crc << 8) & 0xFFFFFFFF) ^ _TABLE[(crc >> 24) ^ byte]
    return crc


def _table() -> tuple[int, ...]:
    table = []
    for entry in range(256):
        crc = entry << 24
        for _ in range(8):
            crc = ((crc << 1) ^ 0x04C11DB7) & 0xFFFFFFFF if crc & 0x80000000 else crc << 1
        table.append(crc)
    return tuple(table)


_TABLE = _table()
