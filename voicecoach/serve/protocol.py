"""HTTP as uvicorn speaks it, with limits.

There are clocks against clients that keep a connection and do nothing with it, and a true answer where a request is too
long.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from voicecoach.serve.answers import Answer, plain
from voicecoach.serve.options import Limits

_PHRASES = {
    400: "Bad Request",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


def protocol_of(limits: Limits) -> type[H11Protocol]:
    """Return the protocol with these limits, for ``uvicorn.Config(http=…)``."""
    return type("LimitedProtocol", (_LimitedProtocol,), {"limits": limits})


class _LimitedProtocol(H11Protocol):
    """One connection.

    The head of a request must be here within a time that no byte of it renews; an answer that nobody takes is broken
    off; a client that has said all it wants to say (half-closed) still gets its answers.
    """

    limits = Limits()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None
        self._stalled_timer: asyncio.TimerHandle | None = None
        self._said_all = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or refuse it where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._refuse(503)
            return
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all clocks."""
        self._stop_head()
        self._stop_stalled()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; the clock of a head runs until it is complete."""
        super().data_received(data)
        if self._answering:
            self._stop_head()
        elif self.timeout_keep_alive_task is None:
            self._wait_for_head()

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client says no more: what it asked for is answered, then the connection ends."""
        self._said_all = True
        return self._answering

    def on_response_complete(self) -> None:
        """Go on with what the client asked meanwhile."""
        super().on_response_complete()
        if self._answering:
            self._stop_head()
        elif self._said_all and not self.transport.is_closing():
            self.transport.close()

    def pause_writing(self) -> None:
        """The client takes nothing: it has some time to begin again."""
        super().pause_writing()
        self._stalled_timer = self.loop.call_later(self.limits.stalled_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It takes again."""
        self._stop_stalled()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words are for programmers
        """Refuse what is no HTTP, or too long."""
        status = getattr(sys.exc_info()[1], "error_status_hint", 400)
        self._refuse(status if status in _PHRASES else 400)

    @property
    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _stop_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_stalled(self) -> None:
        if self._stalled_timer is not None:
            self._stalled_timer.cancel()
            self._stalled_timer = None

    def _wait_for_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.limits.head_s, self._late)

    def _late(self) -> None:
        self._head_timer = None
        if not self._answering and not self.transport.is_closing():
            self._refuse(408)

    def _refuse(self, status: int) -> None:
        if self._answering:
            self.transport.abort()
            return
        more = {"retry_after": "2"} if status == 503 else {}
        self.transport.write(_raw(plain(status, connection="close", **more)))
        self.transport.close()


def _raw(answer: Answer) -> bytes:
    """Write an answer out, for where there is no request that it would belong to."""
    lines = [f"HTTP/1.1 {answer.status} {_PHRASES[answer.status]}".encode()]
    lines += [name + b": " + value for name, value in answer.head()]
    return b"\r\n".join([*lines, b"", b"".join(piece.data for piece in answer.pieces)])
