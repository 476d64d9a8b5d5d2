"""Repeats and includes unrolled: every step as often as it is done, and how its round is announced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from voicecoach.model.routine import IncludeStep, RepeatStep, Step
from voicecoach.stages.expand.speaker import Speaker


@dataclass(frozen=True)
class Performed:
    """A step as it is done: in which round of which repeat.

    Attributes
    ----------
    step
        The step.
    part
        What a chapter's title has around the exercise's name: the round or the repeat.
    round_words
        What announces the round that begins with it, or None.
    """

    step: Step
    part: str = "{name}"
    round_words: str | None = None


def performed(steps: tuple[Step, ...], speaker: Speaker, part: str = "{name}") -> Iterator[Performed]:
    """Unroll repeats and includes: every step as often as it is done, with its round."""
    for step in steps:
        if isinstance(step, RepeatStep):
            yield from _rounds(step, speaker, part)
        elif isinstance(step, IncludeStep):
            yield from performed(step.steps, speaker, part)
        else:
            yield Performed(step, part)


def _rounds(step: RepeatStep, speaker: Speaker, part: str) -> Iterator[Performed]:
    words, total = speaker.words, step.times.count
    outer = (
        part
        if step.name is None
        else part.replace("{name}", words("chapter-part", part=speaker.text(step.name), name="{name}"))
    )
    for number in range(1, total + 1):
        inner = outer
        if total > 1:
            inner = outer.replace("{name}", words("chapter-round", name="{name}", round=number, rounds=total))
        first = True
        for done in performed(step.steps, speaker, inner):
            yield replace(done, round_words=_round_words(words, step, number) or done.round_words) if first else done
            first = False


def _round_words(words: Callable[..., str], step: RepeatStep, number: int) -> str | None:
    """Announce a round: by its name where it has one, and as the last one where it is."""
    total = step.times.count
    if total == 1:
        return None if step.name is None else f"{step.name}."
    if step.name is not None:
        return words("round-of-name", name=step.name, n=number, total=total)
    return words("last-round") if number == total and total > 2 else words("round-of", n=number, total=total)
