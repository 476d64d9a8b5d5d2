"""Beds: loops without a seam, on the grid of MP3 frames, of one loudness."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from tests.sound.tones import tone, write_sound
from voicecoach.errors import SoundError
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.sound import beds
from voicecoach.sound.beds import BED_NAMES, LOOP_LUFS, MOST_S, load_bed, loop_of
from voicecoach.sound.weighting import loudest_lufs, mean_lufs

RATE_HZ = 48_000
every_bed = pytest.mark.parametrize("name", BED_NAMES)


@pytest.fixture(scope="module")
def loops():
    return {name: load_bed(name).clip() for name in BED_NAMES}


def noise(length_s: float, rate_hz: int = RATE_HZ, channels: int = 2, level: float = 0.1) -> np.ndarray:
    made = np.random.default_rng(9).normal(0, level, (round(length_s * rate_hz), channels))
    return made.astype(np.float32)


def bends(samples: np.ndarray) -> np.ndarray:
    """How sharply a loop bends at each frame, played round and round: a click is a sharp bend."""
    ringed = np.concatenate([samples, samples[:2]])
    return np.abs(np.diff(ringed, n=2, axis=0)).max(axis=1)


@every_bed
def test_a_loop_of_ours(loops, name):
    clip = loops[name]
    assert clip.rate_hz == RATE_HZ
    assert clip.samples.dtype == np.float32
    assert clip.samples.shape[1] == 2
    assert clip.frames % MP3_FRAME_FRAMES == 0
    assert clip.length_s >= 20
    assert np.abs(clip.samples).max() < 0.7
    assert abs(clip.samples.mean()) < 1e-3
    assert not np.array_equal(clip.samples[:, 0], clip.samples[:, 1]), "stereo"


@every_bed
def test_it_has_the_loudness_of_all_loops(loops, name):
    """As an independent meter has it; nothing in these is gated."""
    measured = pyloudnorm.Meter(RATE_HZ).integrated_loudness(loops[name].samples)
    assert measured == pytest.approx(LOOP_LUFS, abs=0.2)


@every_bed
def test_it_has_no_seam(loops, name):
    sharp = bends(loops[name].samples)
    assert sharp[-2:].max() <= np.quantile(sharp, 0.999)
    power = np.mean(loops[name].samples.astype(np.float64) ** 2, axis=1)
    around = np.concatenate([power[-2400:], power[:2400]]).reshape(-1, 1200).mean(axis=1)
    usual = power.reshape(-1, 1200).mean(axis=1)
    assert usual.min() <= around.min()
    assert around.max() <= usual.max()


@every_bed
def test_nothing_in_it_repeats_soon_or_beats(loops, name):
    """Over half seconds its level hardly wanders, and does so in no rhythm."""
    power = np.mean(loops[name].samples.astype(np.float64) ** 2, axis=1)[: 36 * RATE_HZ]
    level_db = 10 * np.log10(power.reshape(-1, RATE_HZ // 2).mean(axis=1))
    assert np.ptp(level_db) < 5
    wandering = level_db - level_db.mean()
    again = np.fft.irfft(np.abs(np.fft.rfft(wandering)) ** 2)
    assert (again[8 : len(again) // 2 + 1] / again[0]).max() < 0.6, "from 4 s on"


@every_bed
def test_it_leaves_room_for_consonants(loops, name):
    """Its spectrum falls: between 2 and 6 kHz there is far less than below 1 kHz."""
    power = (np.abs(np.fft.rfft(loops[name].samples, axis=0)) ** 2).sum(axis=1)
    frequency_hz = np.fft.rfftfreq(loops[name].frames, 1 / RATE_HZ)

    def level_db(low_hz, high_hz):
        return 10 * np.log10(power[(frequency_hz >= low_hz) & (frequency_hz < high_hz)].sum())

    assert level_db(2000, 6000) < level_db(100, 1000) - 7


def test_keys_tell_what_is_heard(tmp_path):
    assert len({load_bed(name).key for name in BED_NAMES}) == len(BED_NAMES)
    assert load_bed("rain") == load_bed("rain", tmp_path)
    one, same, other = (write_sound(tmp_path / f"{n}.wav", noise(3, level=x)) for n, x in enumerate((0.1, 0.1, 0.2)))
    assert load_bed(str(one)).key == load_bed(same.name, tmp_path).key != load_bed(str(other)).key


@pytest.mark.parametrize(("rate_hz", "channels"), [(44_100, 2), (48_000, 1), (22_050, 1), (48_000, 6)])
def test_an_own_file_becomes_a_loop(tmp_path, rate_hz, channels):
    write_sound(tmp_path / "own.wav", noise(5, rate_hz, channels), rate_hz)
    clip = load_bed("own.wav", tmp_path).clip()
    assert clip.rate_hz == RATE_HZ
    assert clip.samples.shape[1] == (channels if channels <= 2 else 1)
    assert clip.frames % MP3_FRAME_FRAMES == 0
    assert 3.7 * RATE_HZ < clip.frames <= 3.75 * RATE_HZ, "5 s, less a quarter that goes over into the beginning"
    assert mean_lufs(clip.samples) == pytest.approx(LOOP_LUFS, abs=0.05)


def test_the_fade_keeps_the_power(tmp_path):
    write_sound(tmp_path / "own.wav", noise(12))
    power = np.mean(load_bed("own.wav", tmp_path).clip().samples.astype(np.float64) ** 2, axis=1)
    level_db = 10 * np.log10(power[: 9 * RATE_HZ].reshape(-1, RATE_HZ // 2).mean(axis=1))
    assert np.ptp(level_db) < 0.5


def test_the_end_goes_over_into_the_beginning():
    """A slow sweep: at the seam it goes on from where the end stopped."""
    ramp = np.linspace(0, 1, 50_000, dtype=np.float32)[:, np.newaxis]
    loop = loop_of(ramp.copy(), 4800)
    assert len(loop) == 39 * MP3_FRAME_FRAMES
    assert loop[-1, 0] == ramp[len(loop) - 1, 0]
    assert loop[0, 0] == pytest.approx(ramp[len(loop), 0], abs=1e-3)
    assert loop[4800, 0] == ramp[4800, 0]


def test_only_two_minutes_of_a_long_file_are_held(tmp_path):
    write_sound(tmp_path / "own.flac", noise(MOST_S + 10, 8000, 1), 8000)
    assert load_bed("own.flac", tmp_path).clip().length_s <= MOST_S


@pytest.mark.parametrize(
    ("samples", "told"),
    [(tone(0.5), "too short for a bed"), (np.zeros((RATE_HZ * 3, 1), np.float32), "nothing to be heard")],
)
def test_what_is_no_bed_is_refused(tmp_path, samples, told):
    write_sound(tmp_path / "own.wav", samples)
    with pytest.raises(SoundError, match=told):
        load_bed("own.wav", tmp_path).clip()


def test_a_missing_bed_is_told(tmp_path, monkeypatch):
    with pytest.raises(SoundError, match="cannot read"):
        load_bed("own.wav", tmp_path)
    monkeypatch.setattr(beds.resources, "files", lambda _: tmp_path)
    with pytest.raises(SoundError, match="the bed 'rain' is missing"):
        load_bed("rain")
    (tmp_path / "beds").mkdir()
    write_sound(tmp_path / "beds" / "rain.ogg", noise(1))
    with pytest.raises(SoundError, match="the bed 'rain' is damaged"):
        load_bed("rain").clip()


def test_k_weighting_is_that_of_the_standard():
    """BS.1770: a sine of 997 Hz at full scale in one channel has -3.01 LUFS; a low one counts less, a high one more."""
    time_s = np.arange(RATE_HZ)[:, np.newaxis] / RATE_HZ
    loudness = [mean_lufs(np.sin(2 * np.pi * pitch_hz * time_s).astype(np.float32)) for pitch_hz in (997, 50, 4000)]
    assert loudness[0] == pytest.approx(-3.01, abs=0.01)
    assert loudness[1] < -5
    assert loudness[2] == pytest.approx(0.3, abs=0.2)
    assert loudest_lufs(np.sin(2 * np.pi * 997 * time_s).astype(np.float32)) == pytest.approx(-3.01, abs=0.1)
    sound = noise(3)
    assert mean_lufs(sound) == pytest.approx(pyloudnorm.Meter(RATE_HZ).integrated_loudness(sound), abs=0.1)
    assert mean_lufs(sound[:0]) == loudest_lufs(sound[:0, :1]) == -np.inf
