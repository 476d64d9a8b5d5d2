"""The tree of steps: where each one is, how often it is done, and what goes along where one is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from voicecoach.model.routine import BreatheStep, ExerciseStep, IntervalsStep, RepeatStep, RestStep, Step

Path = tuple[int, ...]
"""Where a step is: its index in the routine's list, then in that of the repeat that it stands in, and so on."""
Rounds = Mapping[Path, int]
"""How often the repeats and intervals are done whose author leaves that open."""


def every_step(steps: Iterable[Step], at: Path = ()) -> Iterator[tuple[Path, Step]]:
    """Give every step with its path, a repeat before what is in it."""
    for index, step in enumerate(steps):
        path = (*at, index)
        yield path, step
        if isinstance(step, RepeatStep):
            yield from every_step(step.steps, path)


def performed(steps: Iterable[Step], at: Path = ()) -> Iterator[Path]:
    """Give the path of each step in the order done, rounds unrolled: the n-th is step number n of the timeline."""
    for index, step in enumerate(steps):
        path = (*at, index)
        if isinstance(step, RepeatStep):
            for _ in range(step.times.count):
                yield from performed(step.steps, path)
        else:
            yield path


def rebuilt(steps: Iterable[Step], change: Callable[[Path, Step], Step | None], at: Path = ()) -> tuple[Step, ...]:
    """Change each step, innermost first; None leaves it out."""
    kept: list[Step] = []
    for index, step in enumerate(steps):
        path = (*at, index)
        inner = replace(step, steps=rebuilt(step.steps, change, path)) if isinstance(step, RepeatStep) else step
        changed = change(path, inner)
        if changed is not None:
            kept.append(changed)
    return tuple(kept)


def does_something(steps: Iterable[Step], left_out: frozenset[Path] = frozenset(), at: Path = ()) -> bool:
    """Tell whether there is anything to do in steps but to rest and to listen."""
    for index, step in enumerate(steps):
        path = (*at, index)
        if path in left_out:
            continue
        if isinstance(step, ExerciseStep | BreatheStep | IntervalsStep):
            return True
        if isinstance(step, RepeatStep) and does_something(step.steps, left_out, path):
            return True
    return False


def goes_along(steps: tuple[Step, ...], asked: frozenset[Path]) -> frozenset[Path]:
    """Return all that is left out where some steps are: they, and what has no use without them.

    A repeat in which nothing is left to do goes. Where a step is gone, the rests on both sides of it become one, the
    longer; and a rest that would then begin or end the session goes.
    """
    return frozenset(_gone(steps, asked, ()))


def _gone(steps: tuple[Step, ...], asked: frozenset[Path], at: Path) -> set[Path]:
    out: set[Path] = set()
    kept: list[Path] = []
    beside_gap = False
    for index, step in enumerate(steps):
        path = (*at, index)
        emptied = False
        if isinstance(step, RepeatStep):
            inner = _gone(step.steps, asked, path)
            emptied = bool(inner) and not does_something(step.steps, frozenset(inner), path)
            out |= inner
        if path in asked or emptied:
            out.add(path)
            beside_gap = True
            continue
        if beside_gap and isinstance(step, RestStep):
            before = steps[kept[-1][-1]] if kept else None
            if before is None and not at:
                out.add(path)
                continue
            if isinstance(before, RestStep):
                shorter = path if step.length.least <= before.length.least else kept.pop()
                out.add(shorter)
                if shorter != path:
                    kept.append(path)
                beside_gap = False
                continue
        kept.append(path)
        beside_gap = False
    if not at and beside_gap and len(kept) > 1 and isinstance(steps[kept[-1][-1]], RestStep):
        out.add(kept[-1])
    return out


def outermost(paths: Iterable[Path]) -> frozenset[Path]:
    """Return the paths that do not stand in another one of them."""
    every = frozenset(paths)
    return frozenset(path for path in every if not any(path[:depth] in every for depth in range(1, len(path))))


def passes(steps: tuple[Step, ...], path: Path, rounds: Rounds) -> int:
    """How often a step is come to: the product of the rounds of the repeats that it stands in."""
    times, inner = 1, steps
    for depth, index in enumerate(path[:-1], start=1):
        step = inner[index]
        assert isinstance(step, RepeatStep)
        times *= rounds.get(path[:depth], step.times.count)
        inner = step.steps
    return times
