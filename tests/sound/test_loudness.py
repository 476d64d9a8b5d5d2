"""Loudness: our light measure against the standard's own cases and two independent tools; a voice's in a child."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tests.sound.measuring as measuring
from voicecoach.errors import SoundError
from voicecoach.model.clip import Clip
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.sound import loudness
from voicecoach.sound.energy import (
    CELL_FRAMES,
    HOP_FRAMES,
    cell_energies,
    cell_peaks,
    integrated_lufs,
    lay,
    loop_energies,
)
from voicecoach.sound.figures import ClipFigures, measure_clip
from voicecoach.sound.gain import apply_gain
from voicecoach.sound.outline import outline
from voicecoach.sound.tone import sine

RATE_HZ = 48_000


def light_lufs(samples: np.ndarray) -> float:
    """Integrated loudness of a whole sound by our own measure."""
    hops = np.zeros(len(samples) // HOP_FRAMES + 1)
    lay(hops, cell_energies(samples), 0, len(samples))
    return integrated_lufs(hops[: len(samples) // HOP_FRAMES])


def tones(*parts: tuple[float, float]) -> np.ndarray:
    """Stereo sines of 1 kHz: (dBFS, seconds) one after another."""
    made = [sine(1000, round(length_s * RATE_HZ), RATE_HZ, level=10 ** (db / 20)) for db, length_s in parts]
    return np.repeat(np.concatenate(made), 2, axis=1)


# EBU Tech 3341 (2016), table 1: minimum requirements, cases 1 to 5
@pytest.mark.parametrize(
    ("parts", "wanted_lufs"),
    [
        ([(-23, 20)], -23.0),
        ([(-33, 20)], -33.0),
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    ],
)
def test_the_cases_of_the_ebu(parts: list[tuple[float, float]], wanted_lufs: float) -> None:
    assert light_lufs(tones(*parts)) == pytest.approx(wanted_lufs, abs=0.1)


@pytest.mark.parametrize(("channels", "wanted_lufs"), [(1, -3.01), (2, 0.0)])
def test_a_sine_of_full_scale(channels: int, wanted_lufs: float) -> None:
    samples = np.repeat(sine(997, 5 * RATE_HZ, RATE_HZ), channels, axis=1)
    assert light_lufs(samples) == pytest.approx(wanted_lufs, abs=0.02)


def noise(length_s: float, channels: int) -> np.ndarray:
    return (0.1 * np.random.default_rng(3).standard_normal((round(length_s * RATE_HZ), channels))).astype(np.float32)


def bass(length_s: float) -> np.ndarray:
    return sine(60, round(length_s * RATE_HZ), RATE_HZ, level=0.3) + 0.1 * noise(length_s, 1)


SOUNDS = {
    "speech": measuring.speechlike(30),
    "soft speech": measuring.speechlike(30, seed=2, level=0.01),
    "white noise": noise(10, 1),
    "stereo noise": noise(10, 2),
    "two in stereo": np.hstack([measuring.speechlike(20, seed=4), measuring.speechlike(20, seed=5)]),
}


@pytest.mark.parametrize("samples", SOUNDS.values(), ids=SOUNDS)
def test_as_ffmpeg_measures(samples: np.ndarray, tool, tmp_path: Path) -> None:
    theirs = measuring.measure(tool("ffmpeg"), samples, tmp_path)
    assert light_lufs(samples) == pytest.approx(theirs.integrated_lufs, abs=0.1)


def test_low_tones_as_ffmpeg_measures(tool, tmp_path: Path) -> None:
    """Where cells leak most; it is less than a step of the session's gain."""
    theirs = measuring.measure(tool("ffmpeg"), bass(10), tmp_path)
    assert light_lufs(bass(10)) == pytest.approx(theirs.integrated_lufs, abs=0.25)


@pytest.mark.parametrize("samples", SOUNDS.values(), ids=SOUNDS)
def test_as_pyloudnorm_measures(samples: np.ndarray) -> None:
    import pyloudnorm

    theirs = pyloudnorm.Meter(RATE_HZ).integrated_loudness(samples.astype(np.float64))
    assert light_lufs(samples) == pytest.approx(theirs, abs=0.1)


def test_clips_laid_out_are_as_loud_as_their_sum(tool, tmp_path: Path) -> None:
    """What a session is foretold by: clips of any length, anywhere, none of them looked at again."""
    random = np.random.default_rng(8)
    clips = [measuring.speechlike(length_s, seed=n) for n, length_s in enumerate((0.3, 0.7, 1.1, 2.3, 3.7))]
    whole = np.zeros((120 * RATE_HZ, 1), np.float32)
    hops = np.zeros(1200)
    at = 777
    while True:
        clip = clips[random.integers(len(clips))]
        if at + len(clip) > len(whole):
            break
        whole[at : at + len(clip)] += clip
        lay(hops, cell_energies(clip), at, len(clip))
        at += len(clip) + int(random.exponential(1.5 * RATE_HZ))
    assert np.count_nonzero(whole) < 0.8 * len(whole)
    theirs = measuring.measure(tool("ffmpeg"), whole, tmp_path).integrated_lufs
    assert integrated_lufs(hops) == pytest.approx(theirs, abs=0.15)


def test_a_loop_is_weighed_as_it_goes_round(tool, tmp_path: Path) -> None:
    """A low tone too, which leaks most: the mean is set right."""
    loop = sine(62.5, 24 * MP3_FRAME_FRAMES, RATE_HZ, level=0.5)  # 36 periods: no seam
    energies = loop_energies(np.repeat(loop, 2, axis=1))
    assert energies.shape == (24,)
    hops = np.zeros(200)
    lay(hops, np.tile(energies, 40), 0, 200 * HOP_FRAMES, cell_frames=MP3_FRAME_FRAMES)
    theirs = measuring.measure(tool("ffmpeg"), np.tile(loop, (40, 2)), tmp_path)
    assert integrated_lufs(hops) == pytest.approx(theirs.integrated_lufs, abs=0.1)


def test_silence_has_no_loudness() -> None:
    assert light_lufs(np.zeros((RATE_HZ, 1), np.float32)) == -math.inf
    assert integrated_lufs(np.zeros(0)) == -math.inf
    assert loop_energies(np.zeros((MP3_FRAME_FRAMES, 2), np.float32)).tolist() == [0.0]
    assert cell_energies(np.zeros((0, 1), np.float32)).shape == cell_peaks(np.zeros((0, 1), np.float32)).shape == (0,)


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, 50_000), frames=st.integers(0, 20_000), seed=st.integers(0, 9))
def test_no_energy_is_lost_by_laying_it_out(start: int, frames: int, seed: int) -> None:
    energies = cell_energies(noise(1, 1)[seed : seed + frames])
    hops = np.zeros(20)
    lay(hops, energies, start, min(frames, RATE_HZ - seed))
    assert hops.sum() == pytest.approx(energies.sum())
    assert not hops[: start // HOP_FRAMES].any()
    assert not hops[-(-(start + frames) // HOP_FRAMES) :].any()


# Figures of a clip


def test_figures_are_the_same_from_the_cache() -> None:
    figures = measure_clip(Clip(measuring.speechlike(1.3), RATE_HZ))
    kept = ClipFigures.from_bytes(figures.to_bytes())
    for field in ("digest", "frames", "channels", "peak"):
        assert getattr(kept, field) == getattr(figures, field)
    for field in ("energies", "cell_peaks", "levels_dbfs"):
        assert np.array_equal(getattr(kept, field), getattr(figures, field)), field
    assert kept.outline == figures.outline


@pytest.mark.parametrize("data", [b"", b"x", b"[1, 2]\n", b"{}\nabcd", b'["d", 1, 1, 1.0, 1]\nabc'])
def test_what_are_no_figures(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        ClipFigures.from_bytes(data)


@pytest.mark.parametrize("gain_db", [-7.3, 0.0, 5.1])
def test_figures_of_a_louder_clip(gain_db: float) -> None:
    clip = Clip(measuring.speechlike(2.0), RATE_HZ)
    foretold = measure_clip(clip).louder(gain_db)
    made = measure_clip(Clip(apply_gain(clip.samples, gain_db), RATE_HZ))
    assert foretold.peak == pytest.approx(made.peak, rel=1e-4)
    assert np.allclose(foretold.energies, made.energies, rtol=1e-3)
    assert np.allclose(foretold.cell_peaks, made.cell_peaks, rtol=1e-4)
    assert foretold.outline == outline(apply_gain(clip.samples, gain_db))
    assert foretold.digest != measure_clip(clip).digest
    assert foretold.digest == measure_clip(clip).louder(gain_db).digest
    assert len(foretold.energies) == -(-clip.frames // CELL_FRAMES)


# A voice, in a process of its own


def test_the_child_measures_as_the_library_does() -> None:
    import pyloudnorm

    samples = np.hstack([measuring.speechlike(4), measuring.speechlike(4, seed=9)])
    theirs = pyloudnorm.Meter(RATE_HZ).integrated_loudness(samples.astype(np.float64))
    assert loudness.integrated_lufs(Clip(samples, RATE_HZ)) == pytest.approx(theirs, abs=1e-6)


def test_the_builder_never_imports_scipy() -> None:
    code = (
        "import sys, numpy as np\n"
        "from voicecoach.model.clip import Clip\n"
        "from voicecoach.sound.loudness import integrated_lufs\n"
        "noise = np.random.default_rng(1).standard_normal((48000, 1)).astype(np.float32)\n"
        "integrated_lufs(Clip(noise, 48000))\n"
        "import voicecoach.pipeline\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('scipy', 'pyloudnorm')])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_too_short_and_silent() -> None:
    with pytest.raises(SoundError, match=r"0\.39 s of sound have no loudness"):
        loudness.integrated_lufs(Clip(noise(0.39, 1), RATE_HZ))
    with pytest.raises(SoundError, match="silent"):
        loudness.integrated_lufs(Clip(np.zeros((RATE_HZ, 1), np.float32), RATE_HZ))


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import no_such_library", "No module named 'no_such_library'"),
        ("raise SystemExit(3)", "exit code 3"),
        ("print('warm')", "answered 'warm'"),
        ("import os; os.abort()", "exit code -6"),
        ("import time; time.sleep(60)", "within 0.5 s"),
    ],
)
def test_a_child_that_fails_is_told(code: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "child.py"
    child.write_text(code, encoding="utf-8")
    monkeypatch.setattr(loudness, "_CHILD", child)
    if "sleep" in code:
        monkeypatch.setattr(loudness, "TIMEOUT_S", 0.5)
    with pytest.raises(SoundError, match=told):
        loudness.integrated_lufs(Clip(noise(1, 1), RATE_HZ))
