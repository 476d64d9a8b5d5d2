"""One session of many: what is to be built, what came of it, and who builds such."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from voicecoach.config import Options
from voicecoach.model.heading import Heading
from voicecoach.model.profile import Profile
from voicecoach.source.nodes import SourceFile


@dataclass(frozen=True)
class Job:
    """A session to be built.

    Attributes
    ----------
    session
        Where it goes: a path relative to the output, ``/`` between, without ending. No two jobs of a batch have the
        same.
    name
        The routine's name: its file's without folder and ending.
    source
        The routine's text.
    profile
        What of the routine is changed for this session.
    heading
        What stands over it.
    key
        Of all that shapes its bytes; "" while it is not known.
    """

    session: str
    name: str
    source: SourceFile
    profile: Profile = field(default_factory=Profile)
    heading: Heading = field(default_factory=Heading)
    key: str = ""


@dataclass(frozen=True)
class Making:
    """What all sessions of a batch have in common.

    Attributes
    ----------
    options
        Levels, encoding, files, ``verify``, ``strict``; the profile and the heading are the job's.
    output
        A folder, or an fsspec address (``s3://bucket/sessions``), that sessions are put into.
    cache, cache_limit_bytes
        Where this machine keeps clips and regions, and how large that may grow.
    data
        The folder of what is the user's own; None: what this machine has.
    store
        An fsspec address of clips and regions that all machines share; "" for none.
    paid
        Voices that cost money may be used.
    """

    options: Options
    output: str
    cache: Path
    cache_limit_bytes: int
    data: Path | None = None
    store: str = ""
    paid: bool = False


class State(StrEnum):
    """What became of a job."""

    BUILT = "built"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True)
class Result:
    """What came of a job.

    Attributes
    ----------
    session, key
        Of the job.
    state
        ``built`` now, ``kept`` since it was there and up to date, or ``failed``.
    file
        The session's file, relative to the output; "" where it failed.
    size_bytes, sha256
        Of the file; 0 and "" where it failed.
    length_s
        How long the session is, seconds.
    voice
        Who coaches.
    spent_s
        Seconds of wall clock that it took to build.
    cpu_s
        Seconds of processor time that the worker took, without what a speech engine's own process takes.
    clips, regions
        How many were made for it; what was there already is not counted.
    reasons
        Why it failed: the faults as they are shown for a routine, or the error; one text each.
    notes
        What the person's wishes changed, one line each.
    """

    session: str
    key: str
    state: State
    file: str = ""
    size_bytes: int = 0
    sha256: str = ""
    length_s: float = 0.0
    voice: str = ""
    spent_s: float = 0.0
    cpu_s: float = 0.0
    clips: int = 0
    regions: int = 0
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        return {**asdict(self), "state": self.state.value}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Result:
        """Read what `to_json` gave.

        Raises
        ------
        TypeError, ValueError
            It is none.
        """
        told = {name: tuple(values.get(name, ())) for name in ("reasons", "notes")}
        return cls(**{**values, **told, "state": State(values["state"])})


class Runner(Protocol):
    """Builds jobs: with the cores of this machine, or on a fleet.

    It takes jobs from an iterator only as fast as it can build them, so that memory does not grow with the batch.
    """

    def __enter__(self) -> Self:
        """Start what it needs."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it, and leave no process behind."""
        ...

    @property
    def width(self) -> int:
        """How many sessions it builds at a time."""
        ...

    def stop(self) -> None:
        """Begin nothing more in the `run` that is going on; may be called from a signal's handler."""
        ...

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Build jobs; give results as they come, in any order. A job that fails is a result, not an exception.

        Raises
        ------
        VoicecoachError
            Building cannot go on: the scheduler is gone. What was given before stands.
        """
        ...
