"""The master: a session's audio, read by region, never held whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from voicecoach.model.clip import Clip, Samples


class RegionKind(StrEnum):
    """What sounds in a region."""

    SILENCE = "silence"
    BED = "bed"
    ACTIVE = "active"


@dataclass(frozen=True)
class Region:
    """A stretch of the master that is encoded as one piece; regions follow one another without a hole.

    A region says what is heard from its first frame to its last and nothing beyond: an active one need not reach into
    the silence around it. Any length will do; `encode` cuts long active ones up and keeps the pieces by the key.

    Attributes
    ----------
    kind
        ``silence``: digital zero. ``bed``: the bed's loop at its plain level and nothing else. ``active``: the rest.
    start, frames
        Place and length in frames; at least one frame. All but the last region's end are multiples of an MP3 frame
        (1152 frames).
    key
        Of an active region, a hash of all that makes its samples and those of its surroundings, 8 MP3 frames (9216
        frames) on both sides; equal keys, equal samples. None: it is not kept in the cache. None for the others.
    phase
        Of ``bed``: the frame of the loop that the region begins with, a multiple of 1152. None for the others.
    """

    kind: RegionKind
    start: int
    frames: int
    key: str | None = None
    phase: int | None = None

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.start + self.frames


@dataclass(frozen=True)
class Measured:
    """What was measured of a stretch while it was encoded; stretches are in order and do not overlap.

    All that is active is covered, silence and bed alone are not.

    Attributes
    ----------
    start, frames
        Place and length in frames. All but the session's end are multiples of an MP3 frame (1152 frames).
    figures
        What `Master.measure` gave.
    """

    start: int
    frames: int
    figures: bytes


class Master(Protocol):
    """What `mix` makes and `encode` reads.

    Attributes
    ----------
    frames, channels, rate_hz
        Its whole length and form.
    loop
        The bed's loop as it sounds at its plain level, a multiple of 1152 frames long and of as many channels as the
        master; None without a bed.
    loop_key
        Hash of the loop's samples; None without a bed.
    """

    @property
    def frames(self) -> int: ...  # noqa: D102
    @property
    def channels(self) -> int: ...  # noqa: D102
    @property
    def rate_hz(self) -> int: ...  # noqa: D102
    @property
    def loop(self) -> Clip | None: ...  # noqa: D102
    @property
    def loop_key(self) -> str | None: ...  # noqa: D102

    def regions(self) -> Iterable[Region]:
        """All regions in order, from frame 0 to the end."""
        ...

    def read(self, start: int, frames: int) -> Samples:
        """Mix a stretch: float32, shape (frames, channels); zeros before frame 0 and after the end.

        It is a pure function of its place: how a stretch is cut up does not change a sample. Threads may call it at
        the same time.
        """
        ...

    def measure(self, samples: Samples, before: int, frames: int) -> bytes:
        """Measure what `read` gave of an active stretch: small, kept in the cache beside its MP3 frames.

        A pure function of the samples, called by several threads at the same time. `encode` does not look into what
        it gives and hands it on (`Measured`). Where how it measures changes, the keys of its regions must.

        Parameters
        ----------
        samples
            The stretch with its surroundings, 8 MP3 frames on both sides (in front not beyond the session's begin):
            float32, shape (before + frames + what follows, channels).
        before
            Frames of surroundings in front.
        frames
            Length of the stretch: whole MP3 frames (1152 frames), but at the session's end.
        """
        ...
