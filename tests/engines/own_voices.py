"""Voices for engines that have none of their own: tiny models, a recording, a speech server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from tests.engines.tiny_onnx import write_kokoro_voices, write_piper_voice


def write_voices(data: Path) -> None:
    """Fill a data folder with a voice of piper, those of kokoro, and the recorded voice ``kim``."""
    write_piper_voice(data / "voices" / "piper")
    write_kokoro_voices(data / "voices" / "kokoro")
    recorded = data / "voices" / "recorded" / "kim"
    recorded.mkdir(parents=True)
    times = np.arange(44100) / 44100
    soundfile.write(recorded / "now-change-sides.wav", 0.2 * np.sin(2 * np.pi * 300 * times), 44100)


@contextmanager
def speech_server() -> Iterator[str]:
    """Run a server with OpenAI's speech API that tells its voices; its base URL."""
    command = [sys.executable, str(Path(__file__).with_name("speech_server.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/listing/v1"
        finally:
            process.kill()
