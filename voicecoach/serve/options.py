"""What a server can be told. All frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

DEFAULT_PORT = 8000


def unheard(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Limits:
    """How much a client may ask for, and how long it may take.

    Attributes
    ----------
    requests
        So many are answered at a time; who comes then is told to come again (503).
    connections
        So many may be open.
    head_bytes
        Of the head of a request: its line and its fields.
    head_s
        A head must be here within so long, however slowly it drips.
    idle_s
        A connection is kept for so long after an answer.
    stalled_s
        A client that takes nothing for so long is let go. Players that are paused take nothing, and come back with a
        range.
    leaving_s
        Answers have so long to end when the server ends.
    """

    requests: int = 64
    connections: int = 256
    head_bytes: int = 16_384
    head_s: float = 10.0
    idle_s: int = 15
    stalled_s: float = 900.0
    leaving_s: int = 2


@dataclass(frozen=True)
class ServeOptions:
    """How a folder is handed out.

    Attributes
    ----------
    public_url
        Where it is from outside (a proxy stands before it): every URL in the feed begins so. None: as it was asked.
    hosts
        Names and addresses that are ours, beside the loopback ones.
    any_own_address
        Whatever address of this machine a connection arrives at is ours, too (``--lan``).
    secret
        The first part of every path; what lies outside is not there. None: there is none.
    reach
        The pages' URL for a phone, which the QR code on them shows; None: no phone can reach them.
    keep
        Write what must outlive the server (the feed's guid, the days of its sessions) into the folder.
    limits
        What a client may ask for.
    tell
        Called with a line on what went wrong in the folder, for people.
    log
        Called with a line for each request; None: nobody reads it.
    """

    public_url: str | None = None
    hosts: tuple[str, ...] = ()
    any_own_address: bool = False
    secret: str | None = None
    reach: str | None = None
    keep: bool = True
    limits: Limits = field(default_factory=Limits)
    tell: Callable[[str], None] = unheard
    log: Callable[[str], None] | None = None
