"""Settings with names: paths, levels, encoding. All frozen; nothing is read at import."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from voicecoach.model.heading import Heading
from voicecoach.model.output import FileFormat, Output
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


VOICE_LUFS = -19.0
"""What each voice is brought to (ITU-R BS.1770, one channel) before the session's own gain. The earcons and the beds
are made to stand beside a voice of this loudness, so one gain for the whole session keeps them where they belong."""


@dataclass(frozen=True)
class LevelProfile:
    """How loud a session is.

    Attributes
    ----------
    name
        How it is asked for.
    mono_lufs
        Integrated loudness (ITU-R BS.1770) of a session of one channel.
    true_peak_dbtp
        No true peak of the master is above it. A coder adds up to half a decibel, or nearly one where it is pressed.
    coder_loss_db
        By how much a file comes out softer than its master: the master is made so much louder.
    """

    name: str = "podcast"
    mono_lufs: float = -19.0
    true_peak_dbtp: float = -1.5
    coder_loss_db: float = 0.0

    @property
    def stereo_lufs(self) -> float:
        """The same of two channels: 3 LU more is as loud to the ear, since both count."""
        return self.mono_lufs + 3.0

    def lufs(self, channels: int) -> float:
        """Integrated loudness of a session of one or two channels."""
        return self.mono_lufs if channels == 1 else self.stereo_lufs


LEVEL_PROFILES = {
    profile.name: profile
    for profile in (
        LevelProfile(),  # what Apple and others ask of podcasts: -19 LUFS mono, -16 stereo
        LevelProfile("quiet", -24.0),  # about television's -23: for the evening, in a still room
        LevelProfile("loud", -17.0),  # as music is played (-14 stereo), for the street; the limiter has work to do
    )
}
"""The profiles that have a name."""


MONO_KBPS, STEREO_KBPS = 96, 128
"""96 kbit/s mono is transparent for speech and what players are told to expect of it; a bed in stereo needs more."""
USUAL_KBPS = {FileFormat.OGG: (80, 112), FileFormat.OPUS: (64, 96)}
"""Bitrates, mono and stereo, of formats that need less than MP3 for the same."""
LEAST_KBPS, MOST_KBPS = 48, 320
"""What can be asked for."""


@dataclass(frozen=True)
class Encoding:
    """How the MP3 is made, or another file that is smaller than its samples.

    Attributes
    ----------
    bitrate_kbps
        Bitrate, of an MP3 constant; None: 96 mono, 128 stereo, or what `USUAL_KBPS` says.
    plain
        The encoder is given the whole session in order, silence and all, and nothing encoded is kept: the reference.
    jobs
        How many stretches are mixed and encoded at a time. It changes no byte.
    """

    bitrate_kbps: int | None = None
    plain: bool = False
    jobs: int = 2

    def bitrate_for(self, channels: int, file_format: FileFormat = FileFormat.MP3) -> int:
        """Give the bitrate of a session of so many channels."""
        mono, stereo = USUAL_KBPS.get(file_format, (MONO_KBPS, STEREO_KBPS))
        return self.bitrate_kbps or (mono if channels == 1 else stereo)


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
    heading
        What stands over the session where that is not the routine's own.
    levels, encoding, output
        How loud the session is to be, how it is encoded, and what files are made of it.
    """

    voice: str | None = None
    jobs: int = 2
    use_cache: bool = True
    verify: bool = False
    strict: bool = False
    profile: Profile = field(default_factory=Profile)
    heading: Heading = field(default_factory=Heading)
    levels: LevelProfile = LevelProfile()
    encoding: Encoding = Encoding()
    output: Output = field(default_factory=Output)


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
