"""The earcons: short sounds with a meaning, as `voicecoach.sounds` carries them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from io import BytesIO
from types import MappingProxyType

from voicecoach.errors import SoundError
from voicecoach.model.clip import Clip
from voicecoach.sound.files import read_sound

EARCON_NAMES = ("tick", "start", "end", "halfway", "side", "rest", "rep", "in", "out", "done", "lead-in")
"""Every earcon there is. Each begins at its first frame, so that it can be placed to the frame."""

_PACKAGE = "voicecoach.sounds"


def load_earcons() -> Mapping[str, Clip]:
    """Read all earcons.

    Returns
    -------
    Mapping of str to Clip
        By name, in the order of `EARCON_NAMES`: 48 kHz, mono, peaks of -6 dBFS at most.

    Raises
    ------
    SoundError
        One is missing or cannot be read: the installation is damaged.
    """
    return MappingProxyType({name: _load(name) for name in EARCON_NAMES})


def _load(name: str) -> Clip:
    try:
        data = resources.files(_PACKAGE).joinpath(f"{name}.wav").read_bytes()
        return read_sound(BytesIO(data))
    except (OSError, ModuleNotFoundError) as fault:
        raise SoundError(
            f"the earcon {name!r} is missing from the installation", hint="install voicecoach again"
        ) from fault
    except SoundError as fault:
        raise SoundError(f"the earcon {name!r} is damaged: {fault.message}") from fault
