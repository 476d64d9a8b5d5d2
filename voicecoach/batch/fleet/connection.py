"""The connection to a scheduler: finding it and its workers, sending, and noticing when it is gone."""

from __future__ import annotations

import logging
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from voicecoach.batch.fleet.identity import differences, identity
from voicecoach.batch.fleet.orders import Done, Order, Parcel, Trouble
from voicecoach.errors import UsageError, VoicecoachError

CONNECT_S = 10.0
"""How long a scheduler has to answer."""
WORKERS_S = 60.0
"""How long we wait for a first worker, and, once all are gone, for another one."""
LOOK_EVERY_S = 3.0
"""So often the scheduler is asked who is there."""
ANSWER_S = 20.0
"""A scheduler that does not answer for so long is gone."""
ASKED_TIMES = 5
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_LOGGERS = ("distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application", "asyncio")
_GO_ON = "what was built stands: go on with --resume"


class Connection:
    """A scheduler and its workers, while it is entered.

    Parameters
    ----------
    address
        The scheduler's.
    tell
        Told what whoever waits should know.

    Attributes
    ----------
    address
        The scheduler's, whole.
    done
        Units (their futures) that have come to an end.

    Raises
    ------
    UsageError
        It is no address.
    """

    def __init__(self, address: str, tell: Callable[[str], None]) -> None:
        self.address = _checked(address)
        self.done: SimpleQueue[Any] = SimpleQueue()
        self._tell = tell
        self._open = ExitStack()
        self._client: Any = None
        self._name = f"voicecoach-{uuid.uuid4().hex[:12]}"
        self._width = 0
        self._is_lost = False
        self._looked_s = self._seen_s = 0.0

    @property
    def is_here(self) -> bool:
        """The scheduler is on this machine."""
        return urlsplit(self.address).hostname in _HERE

    @property
    def width(self) -> int:
        """How many threads all workers have; 1 while there is none."""
        return max(1, self._width)

    @property
    def _is_there(self) -> bool:
        return not self._is_lost and self._client.status == "running"

    def __enter__(self) -> Self:
        """Connect.

        Raises
        ------
        UsageError
            Dask is not installed.
        VoicecoachError
            There is no scheduler.
        """
        with ExitStack() as opened:
            opened.enter_context(_hushed())
            self._client = _connected(self.address)
            opened.callback(self._leave)
            self._open = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.close()

    def take_on(self, order: Order) -> None:
        """Tell all workers, and those that come later, what is to be done.

        Raises
        ------
        UsageError
            A worker has other versions than this machine.
        VoicecoachError
            There is no worker, and none comes.
        """
        self._await_workers()
        told = self._ask(lambda: self._client.run(identity, on_error="return"))
        if lines := differences(order.identity, told):
            message = "the workers' sessions would not be those of this machine:\n  " + "\n  ".join(lines)
            raise UsageError(
                message, hint="install the same voicecoach, and the same of what it needs, on all machines"
            )
        from voicecoach.batch.fleet.foreman import Foreman

        self._ask(lambda: self._client.register_plugin(Foreman(order), name=self._name))

    def send(self, parcel: Parcel, number: int) -> Any:
        """Send a parcel; its future comes to `done`."""
        from voicecoach.batch.fleet.foreman import build_parcel

        key = f"{self._name}-{number}"
        future = self._client.submit(build_parcel, parcel, self._name, key=key, pure=False)
        future.add_done_callback(self.done.put)
        return future

    def next_done(self) -> Any:
        """Wait for a unit that has come to an end, and return its future.

        Raises
        ------
        VoicecoachError
            The scheduler is gone, or no worker is left.
        """
        while True:
            with suppress(Empty):
                return self.done.get(timeout=1.0)
            self._look()

    def outcome(self, future: Any) -> Done | Trouble | int:
        """Say what came of a unit: results, trouble, or how many workers died at it.

        Raises
        ------
        VoicecoachError
            The scheduler is gone, or the worker failed in a way that nobody foresaw.
        """
        from distributed import KilledWorker

        try:
            told = self._awaited(future)
        except KilledWorker as fault:
            return int(fault.allowed_failures) + 1
        except Exception as fault:
            if self._client.status != "running" or future.status != "error":
                raise self._gone() from fault
            raise VoicecoachError(f"a worker failed: {type(fault).__name__}: {fault}", hint=_GO_ON) from fault
        finally:
            with suppress(Exception):
                future.release()
        self._seen_s = time.monotonic()
        if not isinstance(told, Done | Trouble):
            raise VoicecoachError("a worker gave something that is no result", hint=_GO_ON)
        return told

    def _awaited(self, future: Any) -> Any:
        """Fetch a result; where the worker that had it died, it comes once another one has made it anew."""
        while True:
            try:
                return future.result(timeout=ANSWER_S)
            except TimeoutError:
                if future.status in {"error", "cancelled", "lost"}:
                    raise
                self._look()

    def cancel(self, futures: list[Any]) -> None:
        """Call back what was sent and not begun; what is in work comes to its end unheard."""
        if futures and self._is_there:
            with suppress(Exception):
                self._client.cancel(futures, force=True)

    def _look(self) -> None:
        """See whether the scheduler answers, and who is there."""
        now_s = time.monotonic()
        if self._client.status != "running":
            raise self._gone()
        if now_s - self._looked_s < LOOK_EVERY_S:
            return
        width = self._threads()
        self._looked_s = time.monotonic()
        if width:
            self._seen_s = self._looked_s
        elif self._width:
            self._tell(f"no worker is left at {self.address}: waiting for one")
        if not width and self._looked_s - self._seen_s > WORKERS_S:
            raise VoicecoachError(f"no worker is left at {self.address}", hint=f"start some; {_GO_ON}")
        self._width = width

    def _await_workers(self) -> None:
        begun_s, told = time.monotonic(), False
        self._width = self._threads()
        while not self._width:
            waited_s = time.monotonic() - begun_s
            if not told and waited_s > LOOK_EVERY_S:
                self._tell(f"the scheduler at {self.address} has no workers yet: waiting for one")
                told = True
            if waited_s > WORKERS_S:
                message = f"the scheduler at {self.address} has no workers"
                raise VoicecoachError(message, hint=f"start some: dask worker {self.address} --nthreads 1 --nworkers 4")
            time.sleep(0.5)
            self._width = self._threads()
        self._looked_s = self._seen_s = time.monotonic()

    def _threads(self) -> int:
        scheduler = self._client.scheduler
        return sum(self._ask(lambda: self._client.sync(scheduler.ncores, callback_timeout=ANSWER_S)).values())

    def _ask(self, question: Callable[[], Any]) -> Any:
        """Ask the scheduler something; where it does not answer, it is gone."""
        for _ in range(ASKED_TIMES):
            try:
                return question()
            except TimeoutError as fault:
                raise self._gone() from fault
            except OSError:  # a worker that died just then is no fault of the scheduler's
                if self._client.status != "running":
                    break
                time.sleep(0.5)
        raise self._gone()

    def _gone(self) -> VoicecoachError:
        self._is_lost = True
        return VoicecoachError(f"the scheduler at {self.address} is gone", hint=_GO_ON)

    def _leave(self) -> None:
        with suppress(Exception):
            if self._is_there:
                self._client.unregister_worker_plugin(self._name)
        with suppress(Exception):
            self._client.close(timeout=5)


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as fault:
        message = f"fleets need Dask, which is not installed: {fault}"
        raise UsageError(message, hint="pip install 'voicecoach[dask]'") from fault
    try:
        return Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, TimeoutError) as fault:
        hint = "start one with 'dask scheduler', and workers with 'dask worker'; 'voicecoach batch' without --scheduler"
        raise VoicecoachError(f"no scheduler answers at {address}", hint=f"{hint} builds here") from fault
    except (ValueError, TypeError, RuntimeError) as fault:
        raise UsageError(f"the scheduler at {address} cannot be reached: {fault}") from fault


def _checked(address: str) -> str:
    whole = address if "://" in address else f"tcp://{address}"
    try:
        parts = urlsplit(whole)
        good = parts.scheme in {"tcp", "tls", "ws", "wss"} and bool(parts.hostname) and parts.port is not None
    except ValueError:
        good = False
    if not good:
        raise UsageError(f"'{address}' is no address of a scheduler", hint="write it like tcp://host:8786")
    return whole


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep Dask's own words from the terminal: whatever matters is told as an error of ours."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    with suppress(ImportError):
        import distributed  # noqa: F401 - it sets up its loggers when it is imported
    before = [(one.handlers[:], one.propagate, one.level) for one in loggers]
    _set(loggers, [([logging.NullHandler()], False, logging.CRITICAL)] * len(loggers))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        _set(loggers, before)


def _set(loggers: Iterable[logging.Logger], how: Iterable[tuple[list[logging.Handler], bool, int]]) -> None:
    for logger, (handlers, propagate, level) in zip(loggers, how, strict=True):
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)
