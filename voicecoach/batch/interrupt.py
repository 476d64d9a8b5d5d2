"""Ctrl-C in a batch: the first one asks for an end, the second one is the end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = ("SIGINT", "SIGTERM")


class Stopping:
    """While it is entered, a first Ctrl-C (or SIGTERM) is only noted, and the next one raises KeyboardInterrupt.

    Outside the main thread, where there are no signals, it does nothing.

    Parameters
    ----------
    then
        Called at the first one.

    Attributes
    ----------
    asked
        There was one.
    """

    def __init__(self, then: Callable[[], None]) -> None:
        self._then = then
        self.asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for name in _SIGNALS:
                number = getattr(signal, name)
                if signal.getsignal(number) is not signal.SIG_IGN:  # whoever ignores it goes on to
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            with suppress(TypeError, ValueError):  # a handler that was not set from Python cannot be set again
                signal.signal(number, before)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self._then()
