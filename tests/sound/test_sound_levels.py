"""Tones, fades, gains and trimming."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.sound.envelope import attack_curve, fade_in, fade_out, overlay
from voicecoach.sound.gain import apply_gain, peak_dbfs, rms_dbfs, to_db, to_linear
from voicecoach.sound.tone import Partial, bell, glide, sine
from voicecoach.sound.trim import trim_silence

RATE_HZ = 48_000


def silence(frames, channels=1):
    return np.zeros((frames, channels), np.float32)


def test_sine():
    samples = sine(1000, RATE_HZ, RATE_HZ, level=0.5)
    assert samples.shape == (RATE_HZ, 1)
    assert samples.dtype == np.float32
    assert samples[0, 0] == 0
    assert peak_dbfs(samples) == pytest.approx(to_db(0.5), abs=0.01)
    assert rms_dbfs(samples) == pytest.approx(to_db(0.5) - 3.01, abs=0.01)
    assert np.argmax(np.abs(np.fft.rfft(samples[:, 0]))) == 1000


def test_glide_ends_an_octave_lower():
    samples = glide(880, 440, RATE_HZ, RATE_HZ)[:, 0]
    crossings = np.flatnonzero((samples[:-1] < 0) & (samples[1:] >= 0))
    assert RATE_HZ / np.diff(crossings)[0] == pytest.approx(880, rel=0.02)
    assert RATE_HZ / np.diff(crossings)[-1] == pytest.approx(440, rel=0.02)


@pytest.mark.parametrize("frequency_hz", [0, -5, 24_000, 30_000])
def test_impossible_tones(frequency_hz):
    with pytest.raises(ValueError, match="cannot be made"):
        sine(frequency_hz, 10, RATE_HZ)


def test_nothing_long():
    assert glide(880, 440, 0, RATE_HZ).shape == (0, 1)
    assert bell((Partial(440, 1, 0.1),), 0, RATE_HZ).shape == (0, 1)


def test_bell_fades():
    samples = bell((Partial(500, 0.5, 0.05), Partial(1200, 0.2, 0.03, 0.01)), 4800 * 3, RATE_HZ)
    levels = [rms_dbfs(samples[at : at + 480]) for at in range(480, len(samples) - 480, 1440)]
    assert levels == sorted(levels, reverse=True)
    assert peak_dbfs(samples) < to_db(0.7)


def test_fades_leave_the_original_alone():
    ones = np.ones((100, 2), np.float32)
    faded = fade_out(fade_in(ones, 10), 20)
    assert (ones == 1).all()
    assert faded.dtype == np.float32
    assert (faded[0] == 0).all()
    assert (faded[-1] == 0).all()
    assert (faded[10:80] == 1).all()
    assert (np.diff(faded[:10, 0]) > 0).all()
    assert (np.diff(faded[80:, 0]) < 0).all()


@given(st.integers(0, 50), st.integers(0, 80))
def test_fades_of_any_length(frames, fade_frames):
    ones = np.ones((frames, 1), np.float32)
    assert fade_in(ones, fade_frames).shape == fade_out(ones, fade_frames).shape == ones.shape
    assert attack_curve(frames, fade_frames).shape == ones.shape


def test_overlay():
    mixed = overlay(np.ones((5, 2), np.float32), np.ones((2, 1), np.float32), 3)
    assert mixed.tolist() == [[1, 1]] * 3 + [[2, 2]] * 2
    for at in (-1, 4):
        with pytest.raises(ValueError, match="not within"):
            overlay(np.ones((5, 2), np.float32), np.ones((2, 1), np.float32), at)


@given(st.floats(-120, 40))
def test_decibels(level_db):
    assert to_db(to_linear(level_db)) == pytest.approx(level_db)


def test_silence_has_no_level():
    for samples in (silence(0), silence(100), silence(100, 2)):
        assert peak_dbfs(samples) == rms_dbfs(samples) == -math.inf
    assert to_linear(-math.inf) == 0


def test_gain():
    samples = sine(440, 4800, RATE_HZ, level=0.25)
    assert rms_dbfs(apply_gain(samples, 6.0)) == pytest.approx(rms_dbfs(samples) + 6.0, abs=1e-4)
    assert apply_gain(samples, 6.0).dtype == np.float32


def test_trim():
    voice = sine(300, 9600, RATE_HZ, level=0.3)
    samples = np.concatenate([silence(5000), voice, silence(7000)])
    trimmed = trim_silence(samples, RATE_HZ)
    assert len(voice) - 100 <= len(trimmed) - 2 * 480 <= len(voice)
    middle = trimmed[1000:-1000]
    start = np.flatnonzero(trimmed[:, 0])[0] - np.flatnonzero(voice[:, 0])[0]
    assert np.array_equal(middle, voice[1000 - start : 1000 - start + len(middle)])


def test_trim_does_not_click():
    hiss = (0.002 * np.sin(np.arange(48_000))).astype(np.float32)[:, np.newaxis]
    hiss[20_000:30_000] += sine(300, 10_000, RATE_HZ, level=0.3)
    for samples in (hiss, hiss[20_100:29_900]):
        trimmed = trim_silence(samples, RATE_HZ)
        assert trimmed[0] == trimmed[-1] == 0
        assert np.abs(np.diff(trimmed[:, 0])).max() < 0.05


@given(st.integers(0, 2000), st.integers(1, 2), st.floats(0, 0.003))
def test_trim_of_silence(frames, channels, level):
    assert trim_silence(np.full((frames, channels), level, np.float32), RATE_HZ).shape == (0, channels)


@given(st.lists(st.floats(-1, 1, width=32), max_size=60), st.floats(0, 0.001))
def test_trim_never_lengthens(values, keep_s):
    samples = np.array(values, np.float32).reshape(-1, 1)
    before = samples.copy()
    assert len(trim_silence(samples, RATE_HZ, keep_s=keep_s)) <= len(samples)
    assert np.array_equal(samples, before)
