"""A guarded child process: speech libraries that crash, hang, leak or print do so there, not here.

A request goes to a child by pipe, the reply comes back the same way. A child that dies or does not answer in time is
replaced and the request asked again, a bounded number of times; one that has served its share is retired. A child ends
by itself when its input ends, so nothing is left behind even when this process is killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from voicecoach.engines.child_side import read_message, write_message
from voicecoach.errors import EngineError

_STOP_S = 1.0
_TAIL_CHUNKS = 8


@dataclass(frozen=True)
class Reply:
    """What a child answered: a header of plain values, and raw bytes."""

    header: Mapping[str, Any]
    body: bytes


class ChildRefusal(Exception):  # noqa: N818 - the child works; its answer is no
    """The child works and says that the request cannot be met; ``kind`` is ``speech`` or ``engine``."""

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


class ChildFault(Exception):  # noqa: N818 - engines turn it into an error that names the text
    """The child could not be started, died, did not answer in time, or failed in an unforeseen way."""


class Child:
    """One child process, used by one thread at a time.

    Parameters
    ----------
    module
        The module that it runs, which calls `child_side.serve`.
    folder
        The private temporary folder, passed to it as its argument.

    Raises
    ------
    ChildFault
        It cannot be started.
    """

    def __init__(self, module: str, folder: str) -> None:
        if not sys.executable or getattr(sys, "frozen", False):
            raise ChildFault("a speech process needs a Python interpreter, and this program runs without one")
        # -P: a file in the working folder must not stand in for a module of the standard library.
        command = [sys.executable, "-P", "-m", module, folder]
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows: no console window, no Ctrl-C of ours
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
                creationflags=flags,
            )
        except OSError as error:
            raise ChildFault(f"a speech process cannot be started: {error}") from error
        self._requests = cast("BinaryIO", self._process.stdin)
        self._replies = cast("BinaryIO", self._process.stdout)
        self._errors = cast("BinaryIO", self._process.stderr)
        self._tail: deque[bytes] = deque(maxlen=_TAIL_CHUNKS)
        self._drain = threading.Thread(target=_drain, args=(self._errors.fileno(), self._tail), daemon=True)
        self._drain.start()
        self._expired = False
        self.served = 0

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def ask(self, request: Mapping[str, object], timeout_s: float) -> Reply:
        """Send one request and wait for its reply; after any exception but `ChildRefusal` the child is dead.

        Raises
        ------
        ChildRefusal
            The request cannot be met.
        ChildFault
            The child died, failed, or did not answer within ``timeout_s`` seconds.
        """
        guard = threading.Timer(timeout_s, self._expire)  # killing it ends a blocked read or write on every platform
        guard.daemon = True
        guard.start()
        try:
            write_message(self._requests, request)
            message = read_message(self._replies)
        except (OSError, ValueError):  # a broken pipe; closed under us; what came was no message
            message = None
        except BaseException:  # Ctrl-C: what comes next in the pipe would answer this request, not the next one
            self.kill()
            raise
        finally:
            guard.cancel()
        if message is None:
            self.kill()
            raise ChildFault(f"no answer within {timeout_s:g} s" if self._expired else self._obituary())
        header, body = message
        self.served += 1
        if "refused" in header:
            raise ChildRefusal(str(header["refused"]), str(header.get("kind", "speech")))
        if "failed" in header:
            self.kill()
            raise ChildFault(str(header["failed"]))
        return Reply(header, body)

    def stop(self) -> None:
        """Say goodbye, wait for the child's end, and close the pipes."""
        with contextlib.suppress(OSError, ValueError):
            write_message(self._requests, {"do": "goodbye"})
        with contextlib.suppress(OSError):
            self._requests.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_S)
        self.kill()

    def kill(self) -> None:
        """End the child at once and close the pipes; may be called again."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._requests, self._replies):
            with contextlib.suppress(OSError):
                pipe.close()
        self._drain.join(1.0)
        if not self._drain.is_alive():  # else a grandchild holds the pipe; the thread ends with it
            self._errors.close()

    def _expire(self) -> None:
        self._expired = True
        self._process.kill()

    def _obituary(self) -> str:
        """Say how the child ended, with the last that it wrote."""
        code = self._process.returncode
        how = f"exit code {code}"
        if code is not None and code < 0:
            with contextlib.suppress(ValueError):
                how = signal.Signals(-code).name
        lines = b"".join(self._tail).decode("utf-8", "replace").strip().splitlines()
        return f"the speech process ended ({how})" + (f": {' | '.join(lines[-3:])}" if lines else "")


class ChildPool:
    """Children of one module, started when wanted: one for each thread that asks at the same time.

    Parameters
    ----------
    module
        The module that the children run.
    timeout_s
        How long one request may take, in seconds, the start of a child included.
    recycle_after
        A child is retired after so many requests (or when its reply says ``retire``).
    retries
        How often a request is asked again after a fault, each time in a fresh child.
    size
        The most children at a time; by default one for each processor.

    Raises
    ------
    EngineError
        The temporary folder cannot be written.
    """

    def __init__(
        self,
        module: str,
        *,
        timeout_s: float = 30.0,
        recycle_after: int = 2000,
        retries: int = 2,
        size: int | None = None,
    ) -> None:
        self._module = module
        self._timeout_s = timeout_s
        self._recycle_after = recycle_after
        self._retries = retries
        self._places = threading.Semaphore(size or os.cpu_count() or 1)
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._all: set[Child] = set()
        self._closed = threading.Event()
        try:
            self.folder = tempfile.mkdtemp(prefix="voicecoach-")
        except OSError as error:
            hint = "free some space, or name another folder with the variable TMPDIR (TEMP on Windows)"
            raise EngineError(f"the temporary folder cannot be written: {error}", hint=hint) from error
        self._end = weakref.finalize(self, _end, self._all, self.folder, os.getpid())  # also at the interpreter's exit

    def ask(self, request: Mapping[str, object], *, timeout_s: float | None = None) -> Reply:
        """Ask a child, and again a fresh one where that fails.

        Raises
        ------
        ChildRefusal
            The request cannot be met.
        ChildFault
            Every attempt failed; the message is the last one's.
        """
        for attempt in range(self._retries + 1):
            try:
                return self._ask_once(request, self._timeout_s if timeout_s is None else timeout_s)
            except ChildFault as fault:
                if attempt == self._retries or self._closed.is_set():
                    raise ChildFault(f"{fault} ({attempt + 1} attempts)" if attempt else str(fault)) from fault
        raise AssertionError

    def close(self) -> None:
        """End every child, also one at work, and remove the temporary folder."""
        self._closed.set()
        self._end()

    def _ask_once(self, request: Mapping[str, object], timeout_s: float) -> Reply:
        with self._child() as child:
            try:
                reply = child.ask(request, timeout_s)
            except ChildRefusal:
                raise
            except BaseException:
                self._forget(child)
                raise
            if reply.header.get("retire"):
                child.served = self._recycle_after
            return reply

    @contextlib.contextmanager
    def _child(self) -> Iterator[Child]:
        with self._places:
            with self._lock:
                if self._closed.is_set():
                    raise ChildFault("the engine is closed")
                child = self._idle.pop() if self._idle else None
            if child is None:
                child = Child(self._module, self.folder)
                with self._lock:
                    self._all.add(child)
            try:
                yield child
            finally:
                self._give_back(child)

    def _give_back(self, child: Child) -> None:
        with self._lock:
            if child not in self._all:
                return
            if child.served < self._recycle_after and not self._closed.is_set():
                self._idle.append(child)
                return
        self._forget(child)
        child.stop()

    def _forget(self, child: Child) -> None:
        with self._lock:
            self._all.discard(child)


def _end(children: set[Child], folder: str, owner_pid: int) -> None:
    if os.getpid() != owner_pid:  # a fork of us: they are not its own
        return
    for child in tuple(children):
        child.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _drain(fd: int, tail: deque[bytes]) -> None:
    """Keep the last that the child wrote, so that its pipe never fills."""
    with contextlib.suppress(OSError):
        while chunk := os.read(fd, 4096):
            tail.append(chunk)


def _environment() -> dict[str, str]:
    """Return our environment, so that the child finds this very package in a source checkout too.

    A folder of installed packages is never added: there it would come before the standard library.
    """
    environment = dict(os.environ)
    environment["PYTHONIOENCODING"] = "utf-8:backslashreplace"  # a library's stray print must not fail
    home = Path(__file__).absolute().parents[2]
    if home.name not in {"site-packages", "dist-packages"}:
        known = environment.get("PYTHONPATH", "").split(os.pathsep)
        environment["PYTHONPATH"] = os.pathsep.join([*filter(None, known), str(home)])
    return environment
