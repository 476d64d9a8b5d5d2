"""What is sent between whoever runs a batch and a fleet's workers. No paths: the machines may be of different kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voicecoach.batch.job import Job, Result
from voicecoach.config import Options

Identity = tuple[tuple[str, str], ...]
"""What must be the same on all machines for a session to be the same: names with versions or digests."""


@dataclass(frozen=True)
class Order:
    """What a worker is told once.

    Attributes
    ----------
    options, output, store, paid
        As in `batch.job.Making`.
    own
        The user's own exercises and choice of voices (`bundles.own_bundle_of`).
    own_root
        Where they lie on the machine that sends them, to tell of them.
    identity
        Of the machine that sends work.
    """

    options: Options
    output: str
    store: str
    paid: bool
    own: bytes
    own_root: str
    identity: Identity


@dataclass(frozen=True)
class Routine:
    """What a worker needs of a routine.

    Attributes
    ----------
    digest
        Of its materials.
    root
        Its folder on the machine that sends it, to tell of files in it; "" where it lies in none.
    bundle
        Its materials; None: they lie in the store.
    """

    digest: str
    root: str
    bundle: bytes | None = None


@dataclass(frozen=True)
class Parcel:
    """A unit on its way to a worker.

    Attributes
    ----------
    jobs
        Each with its routine's digest; their sources have names and no text, which is in the bundle.
    routines
        By digest.
    """

    jobs: tuple[tuple[Job, str], ...]
    routines: Mapping[str, Routine] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """What came of a parcel.

    Attributes
    ----------
    results
        One a job.
    spent_s
        How long it kept its place busy.
    """

    results: tuple[Result, ...]
    spent_s: float


@dataclass(frozen=True)
class Trouble:
    """Why a worker can build nothing.

    Attributes
    ----------
    kind
        The class of `errors` that it is.
    message, hint
        For people.
    """

    kind: str
    message: str
    hint: str | None = None
