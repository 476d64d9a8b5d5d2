"""What runs in a process of the pool: it builds what it is sent until that ends, or whoever sends is gone."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import SimpleQueue
from types import FrameType

from voicecoach.batch.job import Job, Making
from voicecoach.batch.worker import Worker
from voicecoach.errors import VoicecoachError

GRACE_S = 10.0
"""How long a session may still take when whoever wants it is gone."""


@dataclass(frozen=True)
class Ready:
    """The process is open, and what it is sent is built."""


@dataclass(frozen=True)
class Unfit:
    """The process cannot be opened."""

    error: VoicecoachError


Told = Ready | Unfit
"""What a process says beside its results."""


def work(pipe: Connection, making: Making, folder: str) -> None:
    """Build jobs from a pipe, and send their results; None ends it.

    ``folder`` is the parent's, from which relative paths are meant.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; what it means the parent decides
    signal.signal(signal.SIGTERM, _end)
    with suppress(OSError):
        os.chdir(folder)
    jobs: SimpleQueue[Job | None] = SimpleQueue()
    gone = threading.Event()
    threading.Thread(target=_receive, args=(pipe, jobs, gone), daemon=True).start()
    with suppress(BrokenPipeError, ConnectionResetError):
        try:
            with Worker(making) as worker:
                pipe.send(Ready())
                while (job := jobs.get()) is not None and not gone.is_set():
                    pipe.send(worker.build(job))
        except VoicecoachError as error:
            pipe.send(Unfit(error))


def _receive(pipe: Connection, jobs: SimpleQueue[Job | None], gone: threading.Event) -> None:
    """Take jobs from the pipe at once, so that whoever sends never waits for one to be built."""
    try:
        while (job := pipe.recv()) is not None:
            jobs.put(job)
        jobs.put(None)
    except (EOFError, OSError):  # the parent ended without a word
        gone.set()
        jobs.put(None)
        time.sleep(GRACE_S)  # the session in work becomes whole meanwhile, and this thread ends with the process
        os._exit(1)


def _end(_number: int, _frame: FrameType | None) -> None:
    """End by an exception, so that what is half written is taken away."""
    sys.exit(1)
