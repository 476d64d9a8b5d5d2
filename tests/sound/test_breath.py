"""Breath tones: as long as the breath, rising, staying, falling, staying; soft, smooth, and sharp at the beginning."""

from __future__ import annotations

import numpy as np
import pytest

from voicecoach.sound.breath import TONES, breath_tone
from voicecoach.sound.matched import find
from voicecoach.sound.packs import COLOURS, load_pack
from voicecoach.sound.weighting import loudest_lufs, mean_lufs

RATE_HZ = 48_000
every_pack = pytest.mark.parametrize("colour", COLOURS.values(), ids=list(COLOURS))


def pitch_hz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples[:, 0] * np.hanning(len(samples)), 1 << 17))
    return float(spectrum[: (1 << 17) * 700 // RATE_HZ].argmax()) * RATE_HZ / (1 << 17)


@every_pack
@pytest.mark.parametrize("part", TONES)
@pytest.mark.parametrize("frames", [24_000, 24_001, 191_999, 20 * RATE_HZ])
def test_it_lasts_to_the_frame_and_ends_in_silence(colour, part, frames):
    samples = breath_tone(part, frames, colour).samples
    assert samples.shape == (frames, 1)
    assert samples.dtype == np.float32
    assert samples[-1] == 0
    assert abs(samples.mean()) < 1e-4
    assert np.abs(samples).max() < 0.25, "-12 dBFS"


@every_pack
def test_it_rises_stays_falls_and_stays(colour):
    parts = {part: breath_tone(part, 4 * RATE_HZ, colour).samples for part in TONES}
    quarter = RATE_HZ // 4
    ends = {
        part: (pitch_hz(s[2 * quarter : 3 * quarter]), pitch_hz(s[-2 * quarter : -quarter]))
        for part, s in parts.items()
    }
    assert ends["in"][0] < ends["in"][1] * 0.8
    assert ends["out"][0] * 0.8 > ends["out"][1]
    for part, wanted_hz in (("full", colour.high_hz), ("empty", colour.low_hz)):
        assert ends[part] == pytest.approx((wanted_hz, wanted_hz), rel=0.01)


@every_pack
def test_it_goes_on_where_the_part_before_it_stopped(colour):
    """In pitch: the last 0.2 s of one part and the first of the next (behind the touch) are near each other."""
    for one, other in zip(TONES, (*TONES[1:], TONES[0]), strict=True):
        before = breath_tone(one, 6 * RATE_HZ, colour).samples[-14_400:-4800]
        after = breath_tone(other, 6 * RATE_HZ, colour).samples[14_400:24_000]
        assert pitch_hz(after) == pytest.approx(pitch_hz(before), rel=0.05)


@every_pack
@pytest.mark.parametrize("part", TONES)
def test_it_is_soft_and_smooth(colour, part):
    samples = breath_tone(part, 6 * RATE_HZ, colour).samples
    assert -45 < mean_lufs(samples) < -29, "10 LU below a voice of -19 LUFS"
    assert -31 < loudest_lufs(samples) < -19, "softer than a change of sides"
    level = np.sqrt(np.mean(samples[24_000:-9600].reshape(-1, 4800) ** 2, axis=1))
    assert np.abs(np.diff(20 * np.log10(level))).max() < 1, "no beat"


@every_pack
@pytest.mark.parametrize("part", TONES)
def test_its_onset_is_found_under_noise(colour, part):
    tone = breath_tone(part, 3 * RATE_HZ, colour).samples[:, 0]
    noisy = np.random.default_rng(5).normal(0, 0.01, 4 * RATE_HZ).astype(np.float32)
    noisy[20_000 : 20_000 + len(tone)] += tone
    (match,) = find(noisy, tone[:16_800])
    assert abs(match.at - 20_000) <= 240, "5 ms"


def test_the_same_breath_is_the_same_tone():
    bells = load_pack("bells")
    assert bells.key("in", 48_000) == bells.key("in", 48_000)
    keys = {bells.key("in", 48_001), bells.key("out", 48_000), load_pack("wood").key("in", 48_000)}
    assert bells.key("in", 48_000) not in keys
    assert np.array_equal(bells.clip("in", 48_000).samples, load_pack("bells").clip("in", 48_000).samples)
