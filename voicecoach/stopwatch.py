"""Wall-clock time by name of stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Stopwatch:
    """Adds up the seconds that each stage takes; a stage that runs inside another is not counted twice.

    Attributes
    ----------
    spent_s
        Seconds by name, in the order of first use.
    """

    def __init__(self) -> None:
        self.spent_s: dict[str, float] = {}
        self._inner_s = 0.0

    def run(self, stage: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a stage and count its time."""
        outer_s, self._inner_s = self._inner_s, 0.0
        start_s = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            took_s = time.perf_counter() - start_s
            self.spent_s[stage] = self.spent_s.get(stage, 0.0) + took_s - self._inner_s
            self._inner_s = outer_s + took_s

    def each(self, stage: str, items: Iterable[T]) -> Iterator[T]:
        """Pass items through and count the time that their maker takes."""
        end = object()
        iterator = iter(items)
        while (item := self.run(stage, next, iterator, end)) is not end:
            yield item  # type: ignore[misc]
