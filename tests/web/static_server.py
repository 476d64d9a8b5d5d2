"""A web host like those that people publish on: a folder below a path, ranges, right types, and a browser cache."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".vtt": "text/vtt; charset=utf-8",
    ".xml": "application/xml",
    ".mp3": "audio/mpeg",
}


class Asked(NamedTuple):
    """A request that the server has had, and the status of its answer."""

    path: str
    range: str
    status: int


class _Files(StaticFiles):
    max_age_s = 0

    def file_response(self, full_path: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().file_response(full_path, *args, **kwargs)
        if kind := TYPES.get(Path(full_path).suffix):
            response.headers["content-type"] = kind
        response.headers["cache-control"] = f"max-age={self.max_age_s}"
        return response


@dataclass
class StaticServer:
    """Serves folders on 127.0.0.1; stopped and started again it keeps its port.

    Attributes
    ----------
    mounts
        Path → folder: ``{"/": site}``, ``{"/some/where": site, "/other": second}``.
    max_age_s
        What it tells browsers to keep answers for; GitHub Pages says 600.
    silent
        As long as it is set, no answer is given: a network that is there and gives nothing.
    downloads_wait
        The same for sounds that are fetched whole to be kept; those that are being played are answered.
    asked
        What it was asked for since it began.
    """

    mounts: dict[str, Path]
    max_age_s: int = 0
    silent: bool = False
    downloads_wait: bool = False
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> StaticServer:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        self.port = door.getsockname()[1]
        longest_first = sorted(self.mounts.items(), key=lambda one: -len(one[0]))
        files = type("Files", (_Files,), {"max_age_s": self.max_age_s})
        routes = [Mount(at.rstrip("/"), files(directory=folder, html=True)) for at, folder in longest_first]
        config = uvicorn.Config(
            self._watched(Starlette(routes=routes)), log_level="critical", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = server = uvicorn.Server(config)

        def serve() -> None:
            with door:
                asyncio.run(server.serve(sockets=[door]))

        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()
        while not server.started:
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """From now on nobody listens at the port: the browser is offline."""
        self.silent = self.downloads_wait = False
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=10)
            self._server = self._thread = None

    def _watched(self, app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def run(scope: Any, receive: Any, send: Any) -> None:
            async def sent(message: Any) -> None:
                if message["type"] == "http.response.start":
                    query = f"?{scope['query_string'].decode()}" if scope["query_string"] else ""
                    path = scope["raw_path"].decode() + query
                    self.asked.append(Asked(path, headers.get(b"range", b"").decode(), message["status"]))
                await send(message)

            headers = dict(scope["headers"])
            downloads = scope["path"].endswith(".mp3") and b"range" not in headers
            while self.silent or (downloads and self.downloads_wait):
                await asyncio.sleep(0.1)
            await app(scope, receive, sent)

        return run
