"""The loudness of a voice, as a well-kept library measures it (pyloudnorm), in a process of its own.

pyloudnorm stands on scipy, which takes 0.7 s to import and 60 MB of memory. A voice is measured once and the result
kept, so a builder that has done it before pays for neither, and none holds it in its own memory.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from voicecoach.errors import SoundError
from voicecoach.model.clip import Clip

LEAST_S = 0.4
"""One block of ITU-R BS.1770; less than it has no loudness."""
TIMEOUT_S = 120.0
_CHILD = Path(__file__).with_name("loudness_child.py")


def integrated_lufs(clip: Clip) -> float:
    """Measure the integrated loudness of a sound.

    Parameters
    ----------
    clip
        At least 0.4 s, of one or two channels.

    Returns
    -------
    float
        LUFS, as of ITU-R BS.1770-4; finite.

    Raises
    ------
    SoundError
        It is too short or silent, or the library is missing or fails.
    """
    if clip.length_s < LEAST_S:
        raise SoundError(f"{float(clip.length_s):.2f} s of sound have no loudness: {LEAST_S:g} s is the least")
    told = _run(clip)
    try:
        loudness_lufs = float(told)
    except ValueError:
        raise SoundError(f"the measuring process answered {told[:80]!r}") from None
    if not math.isfinite(loudness_lufs):
        raise SoundError("what is to be measured is silent")
    return loudness_lufs


def _run(clip: Clip) -> str:
    if not sys.executable or getattr(sys, "frozen", False):
        raise SoundError("loudness is measured by a Python interpreter, and this program runs without one")
    # -P: a file in the working folder must not stand in for a module. It is run by its path: it needs nothing of ours.
    command = [sys.executable, "-P", str(_CHILD), str(clip.rate_hz), str(clip.samples.shape[1])]
    data = np.ascontiguousarray(clip.samples, dtype="<f4").tobytes()
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and file
            command,
            input=data,
            capture_output=True,
            timeout=TIMEOUT_S,
            env=environment,
            creationflags=flags,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SoundError(f"loudness could not be measured within {TIMEOUT_S:g} s") from None
    except OSError as error:
        raise SoundError(f"loudness cannot be measured: {error}") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        cause = lines[-1] if lines else f"exit code {done.returncode}"
        hint = "install voicecoach again" if "ModuleNotFoundError" in cause else None
        raise SoundError(f"loudness cannot be measured: {cause}", hint=hint)
    return done.stdout.decode("ascii", "replace").strip()
