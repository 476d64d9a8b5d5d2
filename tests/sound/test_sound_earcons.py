"""The earcons: each can be told from all others, and those that mark an instant mark it sharply."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from voicecoach.errors import SoundError
from voicecoach.model.cuescript import NAMED_SOUNDS, Earcon
from voicecoach.sound import earcons
from voicecoach.sound.earcons import EARCON_NAMES, load_earcons
from voicecoach.sound.gain import peak_dbfs

ROOT = Path(__file__).resolve().parents[2]
INSTANTS = ("tick", "start", "end", "rep", "halfway")
LONGEST_S = {
    "in": 0.5,
    "out": 0.5,
    "rep": 0.08,
    "tick": 0.1,
    "halfway": 0.3,
    "side": 0.6,
    "rest": 0.6,
    "start": 0.4,
    "end": 0.6,
    "done": 1.3,
    "lead-in": 0.5,
}


@pytest.fixture(scope="module")
def sounds():
    return {name: clip.samples[:, 0].astype(np.float64) for name, clip in load_earcons().items()}


def correlated(one, other):
    """Normalised cross-correlation at every shift: 1 is the same."""
    size = 1 << (len(one) + len(other)).bit_length()
    product = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    return product / (np.linalg.norm(one) * np.linalg.norm(other))


def loudness_db(samples):
    """Level of the loudest 50 ms, about what an ear adds up."""
    power = np.convolve(np.pad(samples**2, 2400), np.ones(2400) / 2400)
    return 10 * math.log10(power.max())


def test_all_are_there():
    clips = load_earcons()
    assert tuple(clips) == EARCON_NAMES
    for clip in clips.values():
        assert clip.rate_hz == 48_000
        assert clip.samples.shape[1] == 1
        assert clip.samples.dtype == np.float32


@pytest.mark.parametrize("name", EARCON_NAMES)
def test_length_and_ends(sounds, name):
    samples = sounds[name]
    assert len(samples) / 48_000 <= LONGEST_S[name]
    assert samples[-1] == 0
    assert np.abs(samples[-24:]).max() < 0.001
    assert abs(samples.mean()) < 1e-5
    assert peak_dbfs(samples.astype(np.float32)) <= -6


@pytest.mark.parametrize("name", EARCON_NAMES)
def test_a_phone_plays_it(sounds, name):
    power = np.abs(np.fft.rfft(sounds[name], 1 << 17)) ** 2
    frequency_hz = np.fft.rfftfreq(1 << 17, 1 / 48_000)
    within = power[(frequency_hz >= 300) & (frequency_hz <= 6000)].sum() / power.sum()
    assert within > 0.98


@pytest.mark.parametrize("name", INSTANTS)
def test_onset_is_sharp(sounds, name):
    samples = np.abs(sounds[name])
    assert samples[:96].max() > samples.max() / 2, "half of the peak within 2 ms"


def test_every_meaning_has_its_sound_and_authors_may_name_all_but_the_lead_in():
    assert set(EARCON_NAMES) == {earcon.value for earcon in Earcon}
    assert set(NAMED_SOUNDS) == {"bell", *EARCON_NAMES} - {"lead-in"}


def test_the_lead_in_is_soft(sounds):
    swell = np.abs(sounds["lead-in"])
    assert swell[0] == 0
    assert swell[:4800].max() < swell.max() / 3, "it swells"
    assert -33 < peak_dbfs(swell.astype(np.float32)) < -31
    assert loudness_db(sounds["lead-in"]) < loudness_db(sounds["rep"]) - 9, "hardly there"


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(EARCON_NAMES, 2)))
def test_no_two_are_alike(sounds, one, other):
    assert np.abs(correlated(sounds[one], sounds[other])).max() < 0.5


@pytest.mark.parametrize("name", INSTANTS)
def test_a_matched_filter_finds_it(sounds, name):
    rng = np.random.default_rng(3)
    noisy = rng.normal(0, 0.005, 48_000)
    noisy[17_003 : 17_003 + len(sounds[name])] += sounds[name]
    found = int(np.argmax(correlated(noisy, sounds[name])))
    assert abs(found - 17_003) <= 2


def test_order_of_loudness(sounds):
    level = {name: loudness_db(samples) for name, samples in sounds.items()}
    ranks = [["lead-in"], ["rep"], ["tick"], ["halfway", "side", "rest", "in", "out"], ["start", "end"], ["done"]]
    for softer, louder in itertools.pairwise(ranks):
        assert max(level[name] for name in softer) < min(level[name] for name in louder)


def test_the_script_makes_the_same_bytes(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_sounds.py"), str(tmp_path)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in (ROOT / "sounds").glob("*.wav")}
    assert set(made) == {f"{name}.wav" for name in EARCON_NAMES}
    assert made == kept


def test_a_missing_earcon_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(earcons.resources, "files", lambda _: tmp_path)
    with pytest.raises(SoundError, match="the earcon 'tick' is missing"):
        load_earcons()
    (tmp_path / "tick.wav").write_text("no sound")
    with pytest.raises(SoundError, match="the earcon 'tick' is damaged"):
        load_earcons()
