"""The limiter and the true peaks that it goes by: never above the ceiling, nothing bent, the same however it is cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

import tests.sound.measuring as measuring
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.sound import limiter
from voicecoach.sound.energy import CELL_FRAMES, cell_energies, cell_peaks
from voicecoach.sound.envelope import fade_in, fade_out
from voicecoach.sound.gain import to_db, to_linear
from voicecoach.sound.limiter import REACH, STEP, foretold, limit_loop, limiter_gains
from voicecoach.sound.tone import sine
from voicecoach.sound.true_peak import HALO, true_peak

RATE_HZ = 48_000
CEILING_DBTP = -1.5


def limited(samples: np.ndarray, ceiling_dbtp: float = CEILING_DBTP) -> np.ndarray:
    """All of a sound, limited, with silence around it."""
    around = -(-REACH // STEP) * STEP
    padded = np.pad(samples, ((around, around + -len(samples) % STEP), (0, 0)))
    gains = limiter_gains(padded, ceiling_dbtp)
    return samples if gains is None else samples * gains[around : around + len(samples), np.newaxis]


def fine_peak_dbtp(samples: np.ndarray) -> float:
    """The peak at 16 times the rate, by a resampler that is not ours."""
    padded = np.pad(samples, ((4800, 4800), (0, 0)))
    return to_db(float(np.abs(soxr.resample(padded, RATE_HZ, 16 * RATE_HZ, quality="VHQ")).max()))


def band_limited(seed: int, frames: int = 24_000, channels: int = 1, highest_hz: float = 15_000) -> np.ndarray:
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((frames, channels)), axis=0)
    spectrum[round(highest_hz * frames / RATE_HZ) :] = 0
    noise = np.fft.irfft(spectrum, frames, axis=0)
    return (noise / np.abs(noise).max()).astype(np.float32)


LOUD = {
    "speech": 4 * measuring.speechlike(4),
    "noise": 2 * band_limited(1),
    "stereo": 3 * band_limited(2, channels=2),
    "tone": sine(1000, RATE_HZ, RATE_HZ, level=2.0),
    "high tone": fade_out(fade_in(sine(11_987, RATE_HZ, RATE_HZ, level=1.3), 4800), 4800),
    "click": np.concatenate([np.zeros((9000, 1)), [[1.7]], [[-1.7]], np.zeros((9000, 1))]).astype(np.float32),
    "ten times too loud": 10 * measuring.speechlike(2, seed=3),
}


# True peaks


@pytest.mark.parametrize("frequency_hz", [100, 997, 3000, 6000, 9000, 12_000])
@pytest.mark.parametrize("phase", [0.0, 0.125, 0.25])
def test_the_crest_of_a_tone(frequency_hz: float, phase: float) -> None:
    at = np.arange(RATE_HZ // 4) / RATE_HZ
    fade = np.minimum(1, np.minimum(np.arange(len(at)), np.arange(len(at))[::-1]) / 2000)
    tone = (0.5 * fade * np.sin(2 * np.pi * (frequency_hz * at + phase))).astype(np.float32)[:, np.newaxis]
    assert to_db(true_peak(tone)) == pytest.approx(to_db(0.5), abs=0.1)


def test_a_crest_between_the_samples() -> None:
    """A quarter of the sample rate, met halfway: the samples know nothing of 3 dB of it."""
    tone = np.tile(np.array([1, 1, -1, -1], np.float32) * np.float32(0.5), 3000)[:, np.newaxis]
    fade = np.minimum(1, np.minimum(np.arange(12_000), np.arange(12_000)[::-1]) / 2000)[:, np.newaxis]
    assert to_db(true_peak((tone * fade).astype(np.float32))) == pytest.approx(to_db(0.5 * 2**0.5), abs=0.1)


@pytest.mark.parametrize("samples", LOUD.values(), ids=LOUD)
def test_true_peaks_as_ffmpeg_finds_them(samples: np.ndarray, tool, tmp_path: Path) -> None:
    padded = np.pad(samples, ((4800, 24_000), (0, 0)))
    theirs = measuring.measure(tool("ffmpeg"), padded, tmp_path)
    assert to_db(true_peak(samples)) == pytest.approx(theirs.true_peak_dbtp, abs=0.25)


def test_no_peak_at_all() -> None:
    assert true_peak(np.zeros((0, 1), np.float32)) == true_peak(np.zeros((100, 2), np.float32)) == 0.0


# The limiter


@pytest.mark.parametrize("samples", LOUD.values(), ids=LOUD)
def test_nothing_is_above_the_ceiling(samples: np.ndarray, tool, tmp_path: Path) -> None:
    made = limited(samples)
    assert fine_peak_dbtp(samples) > CEILING_DBTP
    assert fine_peak_dbtp(made) <= CEILING_DBTP
    padded = np.pad(made, ((4800, 24_000), (0, 0)))
    assert measuring.measure(tool("ffmpeg"), padded, tmp_path).true_peak_dbtp <= CEILING_DBTP


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    level=st.floats(0.5, 8),
    highest_hz=st.floats(300, 19_000),
    channels=st.integers(1, 2),
    ceiling_dbtp=st.sampled_from([-1.5, -6.0, 0.0]),
)
def test_nothing_is_above_any_ceiling(
    seed: int, level: float, highest_hz: float, channels: int, ceiling_dbtp: float
) -> None:
    samples = np.float32(level) * band_limited(seed, 9600, channels, highest_hz)
    samples *= np.hanning(9600).astype(np.float32)[:, np.newaxis]
    assert fine_peak_dbtp(limited(samples, ceiling_dbtp)) <= ceiling_dbtp


def test_nothing_that_is_passed_over_is_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `MOST_OVER` assumes, on noise that strains it more than any sound of ours."""
    samples = 1.5 * band_limited(5, 4 * RATE_HZ, highest_hz=20_000)
    made = limited(samples)
    monkeypatch.setattr(limiter, "MOST_OVER", 4.0)
    assert np.array_equal(made, limited(samples))


def test_what_is_not_too_loud_is_left_alone() -> None:
    samples = measuring.speechlike(4)
    samples *= np.float32(to_linear(CEILING_DBTP - 0.25) / true_peak(samples))
    assert limiter_gains(samples[: len(samples) // STEP * STEP], CEILING_DBTP) is None


def test_it_is_over_soon_before_and_after() -> None:
    samples = np.zeros((RATE_HZ, 1), np.float32)
    samples[24_000] = 4.0
    gains = limiter_gains(samples, CEILING_DBTP)
    assert gains is not None
    moved = np.flatnonzero(gains < 1)
    assert 24_000 - moved[0] <= REACH
    assert moved[-1] - 24_000 <= REACH
    assert REACH < RATE_HZ // 10
    assert REACH <= 3 * MP3_FRAME_FRAMES, "what `stages.mix.regions` counts on"
    assert gains.min() == gains[24_000]


def test_the_gain_does_not_jump() -> None:
    gains = limiter_gains(LOUD["ten times too loud"], CEILING_DBTP)
    assert gains is not None
    assert np.abs(np.diff(gains)).max() < 0.002


def test_a_steady_low_tone_is_only_made_softer() -> None:
    """No distortion: of a tone of a low voice's pitch, 6 dB too loud, nothing but the tone is left."""
    tone = sine(90, 2 * RATE_HZ, RATE_HZ, level=2 * to_linear(CEILING_DBTP))
    made = limited(tone)[RATE_HZ // 2 : -RATE_HZ // 2, 0].astype(np.float64)
    same = tone[RATE_HZ // 2 : -RATE_HZ // 2, 0].astype(np.float64)
    rest = made - same * (made @ same) / (same @ same)
    assert to_db(float(np.sqrt(np.mean(rest**2) / np.mean(made**2)))) < -80


AROUND = -(-(REACH + HALO) // STEP) * STEP


def whole_of(name: str) -> tuple[np.ndarray, np.ndarray]:
    """A sound, and its gains with silence around it."""
    whole = LOUD[name][: len(LOUD[name]) // STEP * STEP]
    gains = limiter_gains(np.pad(whole, ((AROUND, AROUND), (0, 0))), CEILING_DBTP)
    assert gains is not None
    return whole, gains[AROUND:-AROUND]


WHOLE = {name: whole_of(name) for name in ("speech", "stereo")}


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_stretch_is_limited_as_the_whole_is(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["speech", "stereo"]))
    whole, gains = WHOLE[name]
    around = AROUND
    cells = len(whole) // STEP
    start = data.draw(st.integers(0, cells - 1)) * STEP
    end = start + data.draw(st.integers(1, 300)) * STEP
    padded = np.pad(whole, ((around, around + 300 * STEP), (0, 0)))
    part = limiter_gains(padded[start : end + 2 * around], CEILING_DBTP)
    seen = np.ones(end - start, np.float32) if part is None else part[around : around + end - start]
    assert np.array_equal(seen[: len(gains) - start], gains[start:end])


@pytest.mark.parametrize("level", [0.5, 1.0, 2.0, 4.0])
def test_what_it_leaves_is_foretold(level: float) -> None:
    samples = np.float32(level) * measuring.speechlike(10)
    left = (cell_energies(samples) * foretold(cell_peaks(samples), CEILING_DBTP) ** 2).sum()
    made = limited(samples)
    assert len(cell_energies(made)) == -(-len(made) // CELL_FRAMES)
    assert 10 * np.log10(left / cell_energies(made).sum()) == pytest.approx(0, abs=0.4)


@pytest.mark.parametrize("frames", [5 * MP3_FRAME_FRAMES, 250 * MP3_FRAME_FRAMES])
def test_a_loop_is_limited_as_it_is_when_it_goes_round(frames: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over its seam too, and whatever is looked at at a time."""
    loop = 0.5 * band_limited(7, frames, channels=2)
    loop[:500] *= 3
    loop[-700:] *= 4
    loop[frames // 2] += 1
    limited_loop = loop.copy()
    limit_loop(limited_loop, CEILING_DBTP)
    around = np.concatenate([loop] * 3)
    gains = limiter_gains(around, CEILING_DBTP)
    assert gains is not None
    assert np.abs(limited_loop - loop * gains[frames : 2 * frames, np.newaxis]).max() < 1e-6
    assert to_db(true_peak(np.concatenate([limited_loop] * 2))) <= CEILING_DBTP
    monkeypatch.setattr(limiter, "_LOOP_AT_ONCE", 2 * MP3_FRAME_FRAMES)
    other = loop.copy()
    limit_loop(other, CEILING_DBTP)
    assert np.array_equal(other, limited_loop)
