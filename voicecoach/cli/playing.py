"""Playing a sound to whoever sits here: by what the system brings, or the first player that is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import OutputError

if TYPE_CHECKING:
    from voicecoach.model.clip import Clip

PLAYERS = (
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("mpv", "--no-video", "--really-quiet"),
)
"""Programs that play a file and end, where the system has none of its own; in the order that they are tried in."""


def play(clip: Clip, platform: str = sys.platform) -> str | None:
    """Play a clip to its end.

    Returns
    -------
    str or None
        What played it; None where nothing here can.
    """
    with tempfile.TemporaryDirectory(prefix="voicecoach-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "voice.wav"
        _write(clip, path)
        if platform == "win32":
            return _by_windows(path)
        for command in _players(platform):
            if _by(command, path):
                return Path(command[0]).name
    return None


def _players(platform: str) -> Iterator[tuple[str, ...]]:
    for name, *options in (("afplay",), *PLAYERS) if platform == "darwin" else PLAYERS:
        found = shutil.which(name)
        if found is not None:
            yield (found, *options)


def _by(command: tuple[str, ...], path: Path) -> bool:
    """Play by a program; False where it fails, as one does that finds no loudspeaker."""
    try:
        done = subprocess.run(  # noqa: S603 - a program of our list
            [*command, str(path)],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    return done.returncode == 0


def _by_windows(path: Path) -> str | None:
    import importlib

    winsound = importlib.import_module("winsound")
    try:
        winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_NODEFAULT)
    except RuntimeError:
        return None
    return "winsound"


def _write(clip: Clip, path: Path) -> None:
    """Write 16 bits, which every player takes."""
    import numpy as np

    data = np.rint(np.clip(clip.samples, -1.0, 1.0) * 32_767).astype("<i2").tobytes()
    try:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(clip.samples.shape[1])
            file.setsampwidth(2)
            file.setframerate(clip.rate_hz)
            file.writeframes(data)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}", hint="write to a file with -o") from error
