"""The matched filter: a known sound is found to the frame, under noise, and no other is taken for it."""

from __future__ import annotations

import numpy as np
import pytest

from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.beds import load_bed
from voicecoach.sound.breath import TONES
from voicecoach.sound.matched import AROUND, Match, find, find_under
from voicecoach.sound.packs import load_pack

PACK = load_pack()
EARCONS = {name: clip.samples[:, 0] for name, clip in PACK.clips.items()}
MARKS = {name: sound for name, sound in EARCONS.items() if name != "lead-in"}  # no bed needs one
SOUNDS = MARKS | {name: PACK.clip(name, 4 * SAMPLE_RATE_HZ).samples[: SAMPLE_RATE_HZ // 3, 0] for name in TONES}
REACH = SAMPLE_RATE_HZ * 60 // 1000


@pytest.mark.parametrize("name", EARCONS)
@pytest.mark.parametrize("at", [0, 1, 5001, 9999])
def test_it_is_found_to_the_frame(name: str, at: int) -> None:
    sound = EARCONS[name]
    recording = np.zeros(len(sound) + 9999, np.float32)
    recording[at : at + len(sound)] = sound * np.float32(0.25)
    (found,) = find(recording, sound)
    assert found.at == at
    assert found.likeness == pytest.approx(1.0, abs=1e-6)
    assert found.gain_db == pytest.approx(-12.04, abs=0.01)


def test_under_noise() -> None:
    rng = np.random.default_rng(7)
    sound = EARCONS["start"]
    recording = rng.normal(0, 0.05, len(sound) + 20_000).astype(np.float32)
    recording[4321 : 4321 + len(sound)] += sound
    (found,) = find(recording, sound)
    assert abs(found.at - 4321) <= 2
    assert 0.5 < found.likeness < 1
    assert found.gain_db == pytest.approx(0, abs=0.5)


def test_no_earcon_is_taken_for_another() -> None:
    """`verify` calls it the same from 0.8 on."""
    for name, sound in EARCONS.items():
        for other, played in EARCONS.items():
            recording = np.pad(played, len(sound))
            (found,) = find(recording, sound)
            assert (found.likeness > 0.8) == (name == other), (name, other, found)


def test_several_places_the_best_first() -> None:
    sound = EARCONS["tick"]
    recording = np.zeros(60_000, np.float32)
    for at, gain in ((1000, 0.5), (20_000, 1.0), (40_000, 0.1)):
        recording[at : at + len(sound)] += sound * np.float32(gain)
    found = find(recording, sound, most=3)
    assert sorted(match.at for match in found) == [1000, 20_000, 40_000]
    assert len(find(recording, sound, most=2)) == 2


def test_nothing_to_find() -> None:
    sound = EARCONS["tick"]
    assert find(np.zeros(10_000, np.float32), sound) == ()
    assert find(sound[:-1], sound) == ()
    assert find(sound, sound[:0]) == ()


# Under a bed


@pytest.fixture(scope="module", params=["rain", "drone", "soft-noise"])
def bed(request: pytest.FixtureRequest) -> np.ndarray:
    """As loud as it is between words, beside a voice of -19 LUFS."""
    return load_bed(request.param).clip().samples.mean(axis=1) * np.float32(0.8)


def heard_under(bed: np.ndarray, sound: np.ndarray, late: int, seed: int, gain: float = 1.0) -> Match | None:
    """Play a sound so late under some stretch of a bed, and look for it; give where it is, from its place."""
    expected = REACH + AROUND
    frames = 2 * expected + len(sound)
    at = int(np.random.default_rng(seed).integers(0, len(bed) - frames))
    recording = bed[at : at + frames].copy()
    recording[expected + late : expected + late + len(sound)] += sound * np.float32(gain)
    found = find_under(recording, sound, expected, REACH)
    return None if found is None else Match(found.at - expected, found.likeness, found.gain_db, found.evidence)


@pytest.mark.parametrize("name", SOUNDS)
@pytest.mark.parametrize("late_ms", [0, 6, -6, 30])
def test_under_a_bed_it_is_found_to_the_frame(bed: np.ndarray, name: str, late_ms: int) -> None:
    """A tone's periods of 3 ms are all alike, but it is not taken for one that began two of them earlier."""
    late = late_ms * SAMPLE_RATE_HZ // 1000
    for seed in range(3):
        found = heard_under(bed, SOUNDS[name], late, seed)
        assert found is not None
        assert abs(found.at - late) <= 2
        assert found.gain_db == pytest.approx(0, abs=1.5)
        assert found.evidence > 20


def test_a_bed_alone_is_no_evidence(bed: np.ndarray) -> None:
    for seed, sound in enumerate(SOUNDS.values()):
        found = heard_under(bed, sound, 0, seed, gain=0.0)
        assert found is None or found.evidence < 20 or found.gain_db < -12


def test_the_beginning_of_a_sound_tells_how_loud_it_is(bed: np.ndarray) -> None:
    """What goes on behind what is known of it makes it no softer."""
    whole = EARCONS["done"]
    part = whole[: SAMPLE_RATE_HZ // 5]
    expected = REACH + AROUND
    recording = bed[: 2 * expected + len(whole)].copy()
    recording[expected : expected + len(whole)] += whole
    found = find_under(recording, part, expected, REACH)
    assert found is not None
    assert found.at == expected
    assert found.gain_db == pytest.approx(0, abs=1)


def test_a_tie_goes_to_the_place_that_is_expected() -> None:
    """A tone without a beginning, under noise that hides where it is: nothing tells of another place, loud or soft."""
    hidden = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        sound = np.sin(np.arange(9600) * 0.05) * np.hanning(9600)
        expected = REACH + AROUND
        recording = rng.normal(0, 2.0, 2 * expected + len(sound))
        recording[expected : expected + len(sound)] += sound
        found = find_under(recording.astype(np.float32), sound.astype(np.float32), expected, REACH)
        assert found is not None
        hidden += found.at == expected
    assert hidden >= 19


def test_silence_is_nothing() -> None:
    sound = EARCONS["tick"]
    frames = 2 * (REACH + AROUND) + len(sound)
    assert find_under(np.zeros(frames, np.float32), sound, REACH + AROUND, REACH) is None
