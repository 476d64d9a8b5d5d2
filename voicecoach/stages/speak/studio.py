"""What speaking needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voicecoach.cache import Cache
from voicecoach.engines.registry import EngineShelf
from voicecoach.model.clip import Clip
from voicecoach.sound.loudness import integrated_lufs

Approve = Callable[[str, int, int], bool]
"""Called with (engine, texts, characters); True where they may be sent."""


def allowed(_engine: str, _utterances: int, _characters: int) -> bool:
    """Let every engine be paid."""
    return True


@dataclass(frozen=True)
class Studio:
    """What speaking needs.

    Attributes
    ----------
    engines
        Where the engines of the voices come from.
    cache
        Where clips are kept.
    jobs
        How many clips each engine makes at a time, unless it can do with fewer.
    loudness
        Measures the integrated loudness of a clip, in LUFS.
    approve
        Asked with (engine, texts, characters) before an engine that may cost money is sent anything: what it is to be
        sent. False: nothing is.
    """

    engines: EngineShelf
    cache: Cache
    jobs: int = 1
    loudness: Callable[[Clip], float] = integrated_lufs
    approve: Approve = allowed
