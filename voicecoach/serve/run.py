"""Running the server until somebody ends it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import UsageError
from voicecoach.serve.options import ServeOptions

if TYPE_CHECKING:
    import uvicorn

EXTRA = "pip install 'voicecoach[serve]'"
_PARTS = ("starlette", "uvicorn", "segno")


def check_extra() -> None:
    """Make sure that what only a server needs is installed.

    Raises
    ------
    UsageError
        It is not.
    """
    import importlib

    for name in _PARTS:
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise UsageError(f"voicecoach serve needs {name}, which is not installed", hint=EXTRA) from error


def make_server(folder: Path, options: ServeOptions, ready: Callable[[], None] | None = None) -> uvicorn.Server:
    """Make the server of a folder; ``server.run(sockets=…)`` runs it, ``server.should_exit = True`` ends it.

    Parameters
    ----------
    folder
        Where the sessions lie.
    options
        Whom it is for, and its limits.
    ready
        Called when it has read the folder and answers.
    """
    import uvicorn

    from voicecoach.serve.app import make_app
    from voicecoach.serve.protocol import protocol_of

    limits = options.limits
    config = uvicorn.Config(
        make_app(folder, options),
        http=protocol_of(limits),
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        log_level="critical",  # what we have to say, the desk says
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,  # the answers have a true one
        timeout_keep_alive=limits.idle_s,
        timeout_graceful_shutdown=limits.leaving_s,
        h11_max_incomplete_event_size=limits.head_bytes,
    )
    return _server(config, ready)


def _server(config: uvicorn.Config, ready: Callable[[], None] | None) -> uvicorn.Server:
    import uvicorn

    class Server(uvicorn.Server):
        """Says when it is ready, and ends on Ctrl-C and SIGTERM without raising them once more."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if ready is not None and self.started:
                ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            await super().shutdown(sockets)
            for connection in list(self.server_state.connections):
                connection.transport.abort()  # who has not taken it by now does not take it
            await asyncio.sleep(0)

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            if threading.current_thread() is not threading.main_thread():
                yield
                return
            ends = [signal.SIGINT, signal.SIGTERM, *filter(None, [getattr(signal, "SIGBREAK", None)])]
            before = {one: signal.signal(one, self.handle_exit) for one in ends}
            try:
                yield
            finally:
                for one, handler in before.items():
                    signal.signal(one, handler)

    return Server(config)


def serve(
    folder: Path, options: ServeOptions, sockets: Sequence[socket.socket], ready: Callable[[], None] | None = None
) -> None:
    """Serve a folder until Ctrl-C; the sockets are closed then.

    Parameters
    ----------
    folder, options, ready
        See `make_server`.
    sockets
        From `network.listen`.
    """
    make_server(folder, options, ready).run(sockets=list(sockets))
