"""Settings with names: paths, levels, encoding. All frozen; nothing is read at import."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from voicecoach.model.profile import Profile

CACHE_VARIABLE = "VOICECOACH_CACHE"
"""Environment variable: the folder of the cache."""
CACHE_SIZE_VARIABLE = "VOICECOACH_CACHE_MB"
"""Environment variable: how large the cache may grow, in megabytes."""
DATA_VARIABLE = "VOICECOACH_DATA"
"""Environment variable: the folder of what is the user's own, such as exercises."""

MEGABYTE_BYTES = 1_000_000
CACHE_LIMIT_BYTES = 512 * MEGABYTE_BYTES
OUTPUT_FOLDER = "output"


@dataclass(frozen=True)
class LevelProfile:
    """How loud things are.

    Attributes
    ----------
    voice_rms_dbfs
        RMS that each voice is brought to, over the parts in which it speaks. −20 dBFS of active speech is about
        −19 LUFS for a mono file, the usual level of spoken podcasts.
    voice_peak_dbfs
        No spoken clip peaks above this: what is left is room for a tap that sounds under it.
    """

    voice_rms_dbfs: float = -20.0
    voice_peak_dbfs: float = -3.0


@dataclass(frozen=True)
class Encoding:
    """How the MP3 is made.

    Attributes
    ----------
    bitrate_kbps
        Constant bitrate. 96 kbit/s mono is transparent for speech and what players are told to expect of it.
    channels
        1: mono.
    region_s
        How much of the master is mixed and encoded at a time; what memory is needed for, whatever the length.
    """

    bitrate_kbps: int = 96
    channels: int = 1
    region_s: int = 20


@dataclass(frozen=True)
class Options:
    """What a build can be told, beside the routine.

    Attributes
    ----------
    voice
        ``auto``, an engine or ``engine:voice``, over what the routine asks for; None leaves it to the routine.
    jobs
        How many utterances are made at a time.
    use_cache
        False: nothing is read from or kept in the cache.
    verify
        The finished file is decoded and proved against its timeline before it takes its place.
    strict
        Warnings stop a build, as errors do.
    profile
        What the person wants changed of the routine.
    """

    voice: str | None = None
    jobs: int = 2
    use_cache: bool = True
    verify: bool = False
    strict: bool = False
    profile: Profile = field(default_factory=Profile)
    levels: LevelProfile = LevelProfile()
    encoding: Encoding = Encoding()


def default_jobs() -> int:
    """One utterance a core at a time."""
    return max(1, os.cpu_count() or 1)


def cache_folder() -> Path:
    """The folder of the cache: ``VOICECOACH_CACHE``, else where the system keeps such things."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("voicecoach", appauthor=False))


def data_folder() -> Path:
    """The folder of what is the user's own: ``VOICECOACH_DATA``, else where the system keeps such things."""
    chosen = os.environ.get(DATA_VARIABLE)
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_data_dir("voicecoach", appauthor=False))


def cache_limit_bytes() -> int:
    """How large the cache may grow: ``VOICECOACH_CACHE_MB``, else 512 MB. A value that is no number counts as unset."""
    chosen = os.environ.get(CACHE_SIZE_VARIABLE, "")
    return int(chosen) * MEGABYTE_BYTES if chosen.isdecimal() else CACHE_LIMIT_BYTES
