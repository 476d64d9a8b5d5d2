"""The matched filter: a known sound is found to the frame, under noise, and no other is taken for it."""

from __future__ import annotations

import numpy as np
import pytest

from voicecoach.sound.earcons import load_earcons
from voicecoach.sound.matched import find

EARCONS = {name: clip.samples[:, 0] for name, clip in load_earcons().items()}


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
