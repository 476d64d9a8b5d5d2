"""The earcons of every pack: a grammar of loudness and length, each known from the others, each sharply in place."""

from __future__ import annotations

import itertools
import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicecoach.errors import SoundError
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.sound import packs
from voicecoach.sound.breath import TONES
from voicecoach.sound.gain import peak_dbfs
from voicecoach.sound.matched import find
from voicecoach.sound.packs import COLOURS, EARCON_NAMES, load_pack
from voicecoach.sound.weighting import loudest_lufs

ROOT = Path(__file__).resolve().parents[2]
GRAMMAR = (("rep",), ("tick",), ("halfway",), ("start", "end"), ("side",), ("rest",), ("done",))
"""From the least to the greatest, in loudness and in length."""
CLEARLY_LU = 0.9
BREATH_FRAMES = 4 * 48_000
every_pack = pytest.mark.parametrize("pack", COLOURS)
every_earcon = pytest.mark.parametrize("name", EARCON_NAMES)


@pytest.fixture(scope="module")
def sounds():
    """By pack and name; the breath tones by what one hears first of them."""
    made = {}
    for name in COLOURS:
        pack = load_pack(name)
        made[name] = {earcon: clip.samples[:, 0].astype(np.float64) for earcon, clip in pack.clips.items()}
        for tone in TONES:
            made[name][f"{tone} tone"] = pack.clip(tone, BREATH_FRAMES).samples[:24_000, 0].astype(np.float64)
    return made


def likeness(one, other):
    """Normalised cross-correlation where it is greatest: 1 is the same."""
    size = 1 << (len(one) + len(other)).bit_length()
    product = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    return float(np.abs(product).max() / (np.linalg.norm(one) * np.linalg.norm(other)))


@every_pack
def test_all_are_there(pack):
    clips = load_pack(pack).clips
    assert tuple(clips) == EARCON_NAMES
    for clip in clips.values():
        assert clip.rate_hz == 48_000
        assert clip.samples.shape[1] == 1
        assert clip.samples.dtype == np.float32


@every_pack
def test_loudness_and_length_have_a_grammar(sounds, pack):
    loudness = {name: loudest_lufs(sounds[pack][name][:, np.newaxis]) for name in EARCON_NAMES}
    length = {name: len(sounds[pack][name]) for name in EARCON_NAMES}
    for lesser, greater in itertools.pairwise(GRAMMAR):
        assert max(loudness[name] for name in lesser) + CLEARLY_LU < min(loudness[name] for name in greater)
        assert max(length[name] for name in lesser) < max(length[name] for name in greater)
    assert loudness["lead-in"] < loudness["rep"] - 9, "hardly there"
    assert loudness["tick"] < min(loudness[name] for name in ("in", "out")) < loudness["start"]


@every_pack
@every_earcon
def test_ends_and_peaks(sounds, pack, name):
    samples = sounds[pack][name]
    assert samples[-1] == 0
    assert np.abs(samples[-24:]).max() < 0.001
    assert abs(samples.mean()) < 1e-5, "no DC"
    assert peak_dbfs(samples.astype(np.float32)) <= -6


@every_pack
@every_earcon
def test_a_phone_plays_it(sounds, pack, name):
    power = np.abs(np.fft.rfft(sounds[pack][name], 1 << 17)) ** 2
    frequency_hz = np.fft.rfftfreq(1 << 17, 1 / 48_000)
    within = power[(frequency_hz >= 300) & (frequency_hz <= 6000)].sum() / power.sum()
    assert within > 0.98


@every_pack
@pytest.mark.parametrize("name", [name for name in EARCON_NAMES if name != "lead-in"])
def test_onset_is_at_the_first_frame(sounds, pack, name):
    samples = np.abs(sounds[pack][name])
    assert samples[:96].max() > 0.6 * samples.max(), "within 2 ms"


@every_pack
def test_the_lead_in_is_soft(sounds, pack):
    swell = np.abs(sounds[pack]["lead-in"])
    assert swell[0] == 0
    assert swell[:4800].max() < swell.max() / 2, "it swells"


@every_pack
def test_no_two_are_alike(sounds, pack):
    for one, other in itertools.combinations(sounds[pack], 2):
        parts_of_a_breath = one.endswith("tone") and other.endswith("tone")
        most = 0.75 if parts_of_a_breath else 0.5
        assert likeness(sounds[pack][one], sounds[pack][other]) < most, (one, other)


@every_pack
def test_the_end_is_no_tick(sounds, pack):
    """Both end a hold: they differ in pitch by a half at least, in length and in loudness."""

    def pitch_hz(name):
        return np.abs(np.fft.rfft(sounds[pack][name], 1 << 17)).argmax() * 48_000 / (1 << 17)

    assert pitch_hz("tick") > 1.5 * pitch_hz("end")
    assert len(sounds[pack]["end"]) > 4 * len(sounds[pack]["tick"])
    gap_lu = loudest_lufs(sounds[pack]["end"][:, np.newaxis]) - loudest_lufs(sounds[pack]["tick"][:, np.newaxis])
    assert gap_lu > 4


@every_pack
@pytest.mark.parametrize("name", [*EARCON_NAMES[:-1], *(f"{tone} tone" for tone in TONES)])
def test_a_matched_filter_finds_it(sounds, pack, name):
    noisy = np.random.default_rng(3).normal(0, 0.005, 90_000)
    noisy[17_003 : 17_003 + len(sounds[pack][name])] += sounds[pack][name]
    (match,) = find(noisy.astype(np.float32), sounds[pack][name].astype(np.float32))
    assert abs(match.at - 17_003) <= 2


def test_the_packs_differ_in_nothing_but_their_sound():
    """A change of pack changes no time."""
    assert len({tuple(load_pack(name).frames.items()) for name in COLOURS}) == 1


@every_earcon
def test_the_packs_do_not_sound_alike(sounds, name):
    for one, other in itertools.combinations(COLOURS, 2):
        assert likeness(sounds[one][name], sounds[other][name]) < 0.75


@pytest.mark.slow
def test_the_script_makes_what_is_shipped(tmp_path):
    """Earcons to the byte; of the beds, which a coder made, the sound."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_sounds.py"), str(tmp_path)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    kept = {path.relative_to(ROOT / "sounds") for path in (ROOT / "sounds").glob("*/*.*") if path.suffix != ".pyc"}
    assert {path.relative_to(tmp_path) for path in tmp_path.glob("*/*.*")} == kept
    for path in kept:
        if path.suffix == ".wav":
            assert (tmp_path / path).read_bytes() == (ROOT / "sounds" / path).read_bytes(), path
        else:
            made, shipped = (
                soundfile.read(folder / path, dtype="float32")[0] for folder in (tmp_path, ROOT / "sounds")
            )
            assert made.shape == shipped.shape
            assert np.abs(made - shipped).max() < 0.02, path


def test_a_missing_earcon_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(packs.resources, "files", lambda _: tmp_path)
    with pytest.raises(SoundError, match="the sound 'bells/tick' is missing"):
        load_pack()
    (tmp_path / "bells").mkdir()
    (tmp_path / "bells" / "tick.wav").write_text("no sound")
    with pytest.raises(SoundError, match="the sound 'bells/tick' is damaged"):
        load_pack()


def test_the_installed_sounds_are_small():
    shipped = resources.files("voicecoach.sounds")
    total = sum(len(file.read_bytes()) for folder in shipped.iterdir() if folder.is_dir() for file in folder.iterdir())
    assert total < 3_000_000
    assert MP3_FRAME_FRAMES == 1152
