"""The key of a session: a hash of all that shapes its bytes, the same on every machine.

Into it go this package (its code and data) and the libraries that make samples and bytes of them, the routine with all
files that it names, what is changed of it for this session, what all sessions have in common, and what its voices are
made of.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from importlib.resources.abc import Traversable
from types import TracebackType
from typing import Self

from voicecoach.batch.job import Job, Making
from voicecoach.batch.materials import materials_of
from voicecoach.cache import Cache, key_of
from voicecoach.config import Options
from voicecoach.engines.asking import guarded
from voicecoach.errors import VoicecoachError
from voicecoach.model.clip import Voice
from voicecoach.model.heading import Heading
from voicecoach.model.profile import Profile
from voicecoach.pipeline import Workshop, voices_of
from voicecoach.shop import open_workshop
from voicecoach.source.nodes import SourceFile

LIBRARIES = ("fluent.runtime", "lameenc", "mutagen", "numpy", "pillow", "pyloudnorm", "PyYAML", "soundfile", "soxr")
"""Those whose versions may change a session's bytes."""
APART = (
    *("batch/", "cache/", "cli/", "program/", "serve/", "library/faults/", "library/programs/"),
    *("publish/course/", "publish/feed/", "publish/linter/", "publish/site/"),
)
"""Rooms of this package that change no byte of a session."""
HELD_ROUTINES = 256
"""So many routines' shares of the key are remembered at a time, each for the voice that was asked for."""


class Keys:
    """Gives jobs their keys; a context manager, since it asks the voices what they are.

    What a routine and its voices give is found out once for each routine and voice, so files that change while it is
    open are not noticed.

    Parameters
    ----------
    making
        What all sessions have in common.
    """

    def __init__(self, making: Making) -> None:
        self.making = making
        self._open = ExitStack()
        self._shop: Workshop | None = None
        self._shares: dict[_Asked, str] = {}
        self._common = ""

    def __enter__(self) -> Self:
        making = self.making
        cache = Cache(making.cache, making.cache_limit_bytes)
        options = replace(making.options, jobs=1)
        self._shop = self._open.enter_context(open_workshop(options, cache, data=making.data))
        self._common = key_of(package_digest(), *library_versions(), repr(_that_matter(options)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._shop = None
        self._open.close()

    def of(self, job: Job) -> str:
        """Give a job's key; "" where it cannot be known (a routine with faults, a voice that is not there)."""
        asked = _Asked(job.name, job.source, self.making.options.voice or job.profile.voice)
        if asked not in self._shares:
            while len(self._shares) >= HELD_ROUTINES:
                del self._shares[next(iter(self._shares))]
            self._shares[asked] = self._share(asked)
        share = self._shares[asked]
        return key_of(self._common, share, repr(job.profile), repr(job.heading)) if share else ""

    def keyed(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """Give the same jobs with their keys, as they are asked for."""
        for job in jobs:
            yield replace(job, key=self.of(job))

    def _share(self, asked: _Asked) -> str:
        """Say what a routine and its voices give to the key."""
        shop = self._shop
        assert shop is not None, "keys are entered before they are asked"
        shop = replace(shop, options=replace(shop.options, voice=asked.voice))
        try:
            voices = [_made_of(voice, shop) for voice in voices_of(asked.source, asked.name, shop)]
        except VoicecoachError:
            return ""
        return key_of(materials_of(asked.source, asked.name, shop.library).digest, *voices) if voices else ""


@dataclass(frozen=True)
class _Asked:
    name: str
    source: SourceFile
    voice: str | None


def _made_of(voice: Voice, shop: Workshop) -> str:
    """Say which voice it is and what it is made of; where that is kept matters nothing."""
    engine = shop.engines.get(voice.engine)
    name = voice.name.replace("\\", "/").rpartition("/")[2]
    return key_of(voice.engine, name, voice.language, guarded(lambda: engine.fingerprint(voice.name)))


def _that_matter(options: Options) -> Options:
    """Leave out what changes no byte, and what each job has of its own."""
    return replace(
        options,
        jobs=1,
        use_cache=True,
        verify=False,
        profile=Profile(),
        heading=Heading(),
        encoding=replace(options.encoding, jobs=1),
    )


def library_versions() -> tuple[str, ...]:
    """Name the libraries that shape a session's bytes, each with its version, and the Python that runs them."""
    told = [f"python {sys.version_info.major}.{sys.version_info.minor}"]
    for name in LIBRARIES:
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            told.append(f"{name} -")
    return tuple(told)


def package_digest() -> str:
    """Hash this package's code and data as far as they shape sessions: 5 MB, in about 40 ms."""
    digest = hashlib.sha256()
    for package in ("voicecoach", "voicecoach.sounds"):
        for name, file in sorted(_files_below(resources.files(package), "")):
            if not name.startswith(APART):
                digest.update(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _files_below(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for one in folder.iterdir():
        if one.is_dir() and one.name != "__pycache__":
            yield from _files_below(one, f"{name}{one.name}/")
        elif one.is_file():
            yield f"{name}{one.name}", one
