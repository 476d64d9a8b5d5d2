"""The noise floor: so soft that no measure counts it, without a seam, and not lost in the coder."""

from __future__ import annotations

import math
import subprocess
from pathlib import Path

import numpy as np
import pytest

import tests.sound.measuring as measuring
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.mp3.lame import LameEncoder
from voicecoach.sound.gain import rms_dbfs
from voicecoach.sound.noise_floor import noise_floor


def test_level_and_form(tool, tmp_path: Path) -> None:
    floor = noise_floor()
    assert floor.frames % MP3_FRAME_FRAMES == 0
    assert rms_dbfs(floor.samples) == pytest.approx(-75, abs=0.01)
    assert np.array_equal(floor.samples, noise_floor().samples)
    assert np.abs(floor.samples).max() < 10 ** (-60 / 20)
    heard = measuring.measure(tool("ffmpeg"), np.tile(floor.samples, (3, 1)), tmp_path)
    assert heard.integrated_lufs == pytest.approx(-70.0), "the lowest that the tool tells: nothing passed the gate"


def test_no_seam_and_no_swell() -> None:
    samples = np.tile(noise_floor().samples, (2, 1))
    levels = [rms_dbfs(samples[at : at + 4800]) for at in range(0, len(samples) - 4800, 2400)]
    assert max(levels) - min(levels) < 3
    steps = np.abs(np.diff(samples[:, 0]))
    seam = steps[len(samples) // 2 - 1]
    assert seam <= steps.max()
    assert math.isclose(
        np.median(steps[len(samples) // 2 - 50 : len(samples) // 2 + 50]), np.median(steps), rel_tol=0.5
    )


@pytest.mark.parametrize("bitrate_kbps", [48, 96])
def test_the_coder_keeps_it(bitrate_kbps: int, tool, tmp_path: Path) -> None:
    encoder = LameEncoder(channels=1, bitrate_kbps=bitrate_kbps)
    path = tmp_path / "floor.mp3"
    path.write_bytes(encoder.encode(noise_floor().samples) + encoder.finish())
    command = [tool("ffmpeg"), "-v", "error", "-i", str(path), "-f", "f32le", "-"]
    decoded = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<f4")
    levels = [rms_dbfs(decoded[at : at + 2400, np.newaxis]) for at in range(4800, len(decoded) - 7200, 2400)]
    assert min(levels) > -85, "nowhere silent"
    assert max(levels) < -68
