"""Asking a server over a bare socket, so that every byte that goes and comes is seen; and a server to ask."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from voicecoach.serve.network import listen
from voicecoach.serve.options import ServeOptions
from voicecoach.serve.run import make_server

PATIENCE_S = 20


@dataclass
class Reply:
    """What came back: one response, taken apart without a library."""

    status: int
    fields: dict[str, str]
    body: bytes
    repeated: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str | None:
        return self.fields.get(name)


class Connection:
    """A connection that is kept until it is closed; ``slow``: it takes little before it is read from."""

    def __init__(self, port: int, host: str = "127.0.0.1", *, slow: bool = False) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        if slow:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect((host, port))
        self.left = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def more(self) -> bool:
        block = self.socket.recv(1 << 16)
        self.left += block
        return bool(block)

    def reply(self, method: str = "GET") -> Reply:
        """Read one response, by its Content-Length."""
        while b"\r\n\r\n" not in self.left:
            assert self.more(), f"the connection ended within a head: {self.left[:200]!r}"
        head, _, rest = self.left.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1"
        fields: dict[str, str] = {}
        repeated = []
        for line in lines:
            name, _, value = line.partition(": ")
            if name.lower() in fields:
                repeated.append(name.lower())
            fields[name.lower()] = value
        bare = method == "HEAD" or status in {"204", "304"}
        size = 0 if bare else int(fields["content-length"])
        self.left = rest
        while len(self.left) < size:
            assert self.more(), f"the connection ended {size - len(self.left)} bytes too soon"
        body, self.left = self.left[:size], self.left[size:]
        return Reply(int(status), fields, body, repeated)

    def is_ended(self) -> bool:
        """Tell whether the server ends the connection, and sends nothing more."""
        try:
            return not self.left and not self.more()
        except ConnectionError:
            return True


@dataclass
class Running:
    """A server in a thread; ``told`` and ``logged`` are what it said."""

    folder: Path
    options: ServeOptions
    port: int = 0
    told: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)

    def start(self) -> Self:
        options = ServeOptions(
            **{**vars(self.options), "tell": self.told.append, "log": self.logged.append},
        )
        self.sockets = listen(0, lan=options.any_own_address)
        self.port = self.sockets[0].getsockname()[1]
        ready = threading.Event()
        self.server = make_server(self.folder, options, ready.set)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": self.sockets}, daemon=True)
        self.thread.start()
        assert ready.wait(PATIENCE_S)
        return self

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def request(self, target: str, method: str = "GET", host: str | None = None, **fields: str) -> bytes:
        """Write a request; ``if_range`` gives ``If-Range``."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.host if host is None else host}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        return "\r\n".join([*lines, "", ""]).encode("utf-8")

    def ask(self, target: str, method: str = "GET", host: str | None = None, **fields: str) -> Reply:
        """Ask once, over a connection of its own."""
        with Connection(self.port) as connection:
            connection.send(self.request(target, method, host, **fields))
            return connection.reply(method)

    def raw(self, data: bytes) -> Reply:
        """Send bytes as they are; read one response."""
        with Connection(self.port) as connection:
            connection.send(data)
            return connection.reply()

    def until(self, condition: object, timeout_s: float = PATIENCE_S) -> None:
        """Wait until a condition holds; it is called."""
        end = time.monotonic() + timeout_s
        while not condition():  # type: ignore[operator]
            assert time.monotonic() < end, f"not within {timeout_s} s; told: {self.told}"
            time.sleep(0.05)
