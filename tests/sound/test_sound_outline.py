"""Outlines: the text of a sound's loudness, and knowing the sound again by it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.outline import CELL_FRAMES, compare, compare_along, outline, outlined_levels


def tones(*levels_dbfs: float, cell: int = CELL_FRAMES) -> np.ndarray:
    """A cell of tone of each level (RMS)."""
    at = np.arange(cell * len(levels_dbfs)) / SAMPLE_RATE_HZ
    gains = np.repeat(10 ** (np.array(levels_dbfs) / 20) * np.sqrt(2), cell)
    return (gains * np.sin(2 * np.pi * 400 * at)).astype(np.float32)[:, np.newaxis]


LEVELS = (-20, -14, -26, -17, -32, -20, -60, -60, -23, -15, -29, -18)


def test_a_digit_for_each_50_ms() -> None:
    assert outline(tones(-60, -45, -42, -39, -21, -3)) == "01239f"
    assert len(outline(tones(-20)[:100])) == 1
    assert outline(np.zeros((0, 1), np.float32)) == ""
    assert outline(np.zeros((2400, 1), np.float32)) == "0"


@given(st.lists(st.floats(-46.4, -2), min_size=1, max_size=40))
def test_a_digit_is_within_a_step_and_a_half_of_its_level(levels: list[float]) -> None:
    assert np.abs(outlined_levels(outline(tones(*levels))) - levels).max() <= 1.5 + 0.01


def test_the_same_sound_is_known_again_louder_or_softer() -> None:
    sound = tones(*LEVELS)
    text = outline(sound)
    assert compare(text, sound).share() == 1.0
    softer = compare(text, sound * np.float32(0.5))
    assert softer.offset_db == pytest.approx(-6, abs=1.5)
    assert softer.share() < 0.5
    assert softer.share(-6.0) == 1.0


@pytest.mark.parametrize(
    "other",
    [
        tones(*reversed(LEVELS)),
        tones(*LEVELS[:6], *[-90] * 6),
        tones(*LEVELS[1:], LEVELS[0]),
        np.zeros((CELL_FRAMES * len(LEVELS), 1), np.float32),
    ],
    ids=["backwards", "half", "shifted", "silence"],
)
def test_another_sound_is_not(other: np.ndarray) -> None:
    text = outline(tones(*LEVELS))
    likeness = compare(text, other)
    assert likeness.share() < 0.75
    assert likeness.share(likeness.offset_db) < 0.75


def test_sound_where_silence_was() -> None:
    text = outline(tones(-90, -90, -90, -20, -90))
    off = compare(text, tones(-90, -25, -90, -20, -90)).off_db()
    assert np.flatnonzero(off).tolist() == [1]
    assert off[1] > 0
    assert compare(text, tones(-90, -90, -40, -20, -40)).share() == 1.0, "a coder's smear beside a loud moment"


def test_what_is_covered_does_not_count() -> None:
    sound, other = tones(*LEVELS), tones(*LEVELS)
    other[: CELL_FRAMES * 2] = 0.9
    covered = np.zeros(len(sound), np.bool_)
    covered[10 : CELL_FRAMES + 10] = True
    assert compare(outline(sound), other).share() < 1.0
    assert compare(outline(sound), other, covered=covered).share() == 1.0
    everything = compare(outline(sound), other, covered=np.ones(len(sound), np.bool_))
    assert (everything.share(), everything.offset_db) == (1.0, 0.0)


def test_no_outline_at_all() -> None:
    assert compare("", tones(-20)).share() == 1.0
    with pytest.raises(ValueError, match="invalid literal"):
        compare("xyz", tones(-20))


def test_finding_it_elsewhere() -> None:
    sound = tones(*LEVELS)[: -CELL_FRAMES // 2]
    recording = np.zeros((len(sound) + 20_000, 1), np.float32)
    recording[7200 : 7200 + len(sound)] = sound
    found = {at: likeness.share() for at, likeness in compare_along(outline(sound), recording, len(sound), 480)}
    assert max(found, key=lambda at: found[at]) == 7200
    assert found[7200] == 1.0
    assert max(found) <= 20_000


@pytest.mark.parametrize("by_db", [0.0, 6.0])
def test_over_a_bed_as_loud_as_it_speech_is_known(by_db: float) -> None:
    """Both together are 3 dB louder than either, and a digit is up to 1.5 dB off: no fault; 6 dB more is one."""
    said = tones(*[-25.6] * 20)
    assert set(outlined_levels(outline(said))) == {-27.0}
    bed = 0.0447 * 10 ** (by_db / 20) * np.sqrt(2) * np.sin(2 * np.pi * 1000 * np.arange(len(said)) / SAMPLE_RATE_HZ)
    likeness = replace(compare(outline(said), said + bed[:, np.newaxis]), floor_dbfs=-27.0)
    assert likeness.share() == (by_db == 0)
