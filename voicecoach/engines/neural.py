"""What the engines that run ONNX models share: files and their digests, sessions, and sound put together.

A session runs on one thread, on the processor, so that the same request gives the same samples however many are asked
for at a time; several cues at a time use the other processors.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import math
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from voicecoach.config import data_folder
from voicecoach.engines.espeak_files import LONGEST_PATH_BYTES, short_data_path
from voicecoach.errors import EngineError
from voicecoach.model.clip import Samples

PACES = "pace.json"
"""A file among an engine's voices: by how much a voice is to be quicker than we take it to be, ``{"NAME": 1.1}``."""
PAUSE_S = 0.25
"""Silence between two sentences of one request, at speed 1."""

ESPEAK_LOCK = threading.Lock()
"""Held while espeak makes phonemes inside this process: its state is the process's, so neither two threads nor two
engines may be in it at a time. Measured: without it, piper's gave 63 of 4,320 texts in another thread's language."""

_LEVEL = np.float32(0.5)  # a true model goes over full scale here and there; we level each voice anyway
_PEAK = 0.98
_SILENT = 0.001  # -60 dBFS
_KEPT_S = 0.03
_QUICKER = (0.5, 2.0)


def import_package(module: str, engine: str) -> ModuleType:
    """Import an engine's package.

    Raises
    ------
    EngineError
        It is not installed, or does not import.
    """
    require_package(module, engine)
    try:
        return importlib.import_module(module)
    except Exception as error:  # onnxruntime without its libraries raises what it likes
        message = f"{engine} cannot be loaded: {type(error).__name__}: {first_line(error)}"
        raise EngineError(message, hint=f"pip install --force-reinstall 'voicecoach[{engine}]'") from error


def require_package(module: str, engine: str) -> None:
    """See that an engine's package is there, without the second that it takes to import it; raises `EngineError`."""
    try:
        found = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        found = None
    if found is None:
        raise EngineError(f"{engine} is not installed", hint=f"pip install 'voicecoach[{engine}]'")


def version_of(distribution: str) -> str:
    """Give a package's version, or ``?`` where it has no papers."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "?"


def first_line(error: BaseException) -> str:
    """Give what a message of many lines says first."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def own_folder(engine: str) -> Path:
    """Give the folder in which an engine's voices are installed."""
    return data_folder() / "voices" / engine


def voice_folders(engine: str) -> tuple[Path, ...]:
    """Give the folders in which voices are looked for: our own, then those of ``VOICECOACH_ENGINE``."""
    more = os.environ.get(f"VOICECOACH_{engine.upper()}", "").split(os.pathsep)
    return (own_folder(engine), *(Path(folder).expanduser() for folder in more if folder.strip()))


def files_in(folder: Path, pattern: str) -> Iterator[Path]:
    """Give the files of a folder and of those below it, sorted; none where it is missing or barred."""
    try:
        yield from sorted(path for path in folder.rglob(pattern) if path.is_file())
    except OSError:
        return


Stamp = tuple[int, int, int]


def stamp_of(path: Path) -> Stamp:
    """Give what changes when a file does: size, time, inode.

    Raises
    ------
    EngineError
        It cannot be read.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise EngineError(f"{path} cannot be read: {error.strerror or error}") from error
    return state.st_size, state.st_mtime_ns, state.st_ino


class Digests:
    """SHA-256 of files, each read once as long as it stays the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Path, tuple[Stamp, str]] = {}

    def of(self, path: Path) -> str:
        """Give the digest, 16 digits; raises `EngineError` where the file cannot be read."""
        with self._lock:
            stamp = stamp_of(path)
            if self._known.get(path, ((), ""))[0] != stamp:
                try:
                    with path.open("rb") as file:
                        digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
                except OSError as error:
                    raise EngineError(f"{path} cannot be read: {error.strerror or error}") from error
                self._known[path] = (stamp, digest)
            return self._known[path][1]


def open_session(path: Path, engine: str, hint: str) -> Any:
    """Load a model for one thread of the processor, the same whatever the machine has.

    Raises
    ------
    EngineError
        It is damaged, or no model.
    """
    stamp_of(path)
    onnx = import_package("onnxruntime", engine)
    options = onnx.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4  # what goes wrong is raised; the rest would stand on the terminal
    try:
        return onnx.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions have no common base
        raise EngineError(f"the model {path} cannot be loaded: {first_line(error)}", hint=hint) from error


def read_json(path: Path, hint: str | None = None) -> dict[str, Any]:
    """Read a file that holds a JSON object.

    Raises
    ------
    EngineError
        It is missing or holds something else.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EngineError(f"{path} cannot be read: {error.strerror or error}", hint=hint) from error
    except (ValueError, RecursionError) as error:
        raise EngineError(f"{path} is no JSON: {first_line(error)}", hint=hint) from error
    if not isinstance(value, dict):
        raise EngineError(f"{path} holds no JSON object", hint=hint)
    return value


def quicker_by(engine: str, *names: str) -> float:
    """Give a voice's factor of `PACES`, that of the first name that is in it; 1 where none is.

    Raises
    ------
    EngineError
        The file cannot be read, or holds a factor that is no number from 0.5 to 2.
    """
    path = own_folder(engine) / PACES
    if not path.is_file():
        return 1.0
    paces = read_json(path)
    factor = next((paces[name] for name in names if name in paces), 1.0)
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not _QUICKER[0] <= factor <= _QUICKER[1]:
        raise EngineError(f"{path}: the pace of {names[0]} is {factor!r}, not a number from 0.5 to 2")
    return float(factor)


class ShortData:
    """A path to espeak's data that it can hold: the data's own, or a link in a folder that goes at the end."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def path(self, data: Path) -> Path:
        """Give the path; raises `EngineError` where there can be none."""
        if len(os.fsencode(data)) <= LONGEST_PATH_BYTES:
            return data
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="voicecoach-", ignore_cleanup_errors=True)
        return short_data_path(data, Path(self._folder.name))


def joined(sounds: Sequence[Samples], rate_hz: int, speed: float) -> Samples:
    """Put the sound of sentences together, `PAUSE_S` between two, within full scale.

    Parameters
    ----------
    sounds
        Each of shape (frames,), as the model gave it. Silence where two meet is cut off first.
    rate_hz, speed
        Of all of them.

    Returns
    -------
    ndarray
        float32, shape (frames, 1): half as loud as the model, and softer as a whole where that is too loud.
    """
    pause = np.zeros(round(PAUSE_S / speed * rate_hz), np.float32)
    kept: list[Samples] = []
    for number, sound in enumerate(sounds):
        start, end = _loud(sound, round(_KEPT_S * rate_hz))
        if number:
            kept.append(pause)
        kept.append(sound[start if number else 0 : end if number < len(sounds) - 1 else len(sound)])
    whole = np.concatenate(kept).astype(np.float32) * _LEVEL
    whole += np.float32(0.0)  # noise times nought is 0 or -0, as luck will have it: both are 0 from here on
    peak = float(np.abs(whole).max(initial=0.0))
    if math.isfinite(peak) and peak > _PEAK:
        whole *= np.float32(_PEAK / peak)
    return whole.reshape(-1, 1)


def _loud(sound: Samples, margin: int) -> tuple[int, int]:
    """Give where a sound begins and ends, with a margin; all of it where there is none."""
    loud = np.flatnonzero(np.abs(sound) > _SILENT)
    if not loud.size:
        return 0, len(sound)
    return max(0, int(loud[0]) - margin), min(len(sound), int(loud[-1]) + 1 + margin)
