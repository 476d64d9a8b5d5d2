"""What LAME takes of the level, at every bitrate: measured again, since the master makes it up."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.sound.measuring import speechlike
from voicecoach.mp3.lame import LameEncoder, loss_db


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bitrate_kbps", [48, 64, 96, 128, 160, 192, 224, 256, 320])
def test_loss(bitrate_kbps: int, channels: int, tool: Callable[[str], str], tmp_path: Path) -> None:
    samples = np.repeat(speechlike(3, level=0.1), channels, axis=1)
    encoder = LameEncoder(channels=channels, bitrate_kbps=bitrate_kbps)
    path = tmp_path / "speech.mp3"
    path.write_bytes(encoder.encode(samples) + encoder.finish())
    command = [tool("ffmpeg"), "-v", "error", "-i", str(path), "-f", "f32le", "-"]
    decoded = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<f4")
    heard = decoded.reshape(-1, channels)[1105 : 1105 + len(samples), 0].astype(np.float64)
    wanted = samples[: len(heard), 0].astype(np.float64)
    gain_db = 20 * np.log10((heard @ wanted) / (wanted @ wanted))
    assert gain_db == pytest.approx(-loss_db(bitrate_kbps), abs=0.06)
