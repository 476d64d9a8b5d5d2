"""What the rules look at: the routine, its steps and exercises laid open, and the way to tell a fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.exercise import Exercise, Phrase
from voicecoach.model.location import Location
from voicecoach.model.routine import (
    CoachSettings,
    ExerciseStep,
    IncludeStep,
    IntervalsStep,
    Prescription,
    RepeatStep,
    Routine,
    Step,
    changed,
    prescribe,
)
from voicecoach.source.nodes import Sources
from voicecoach.text.fill import fill
from voicecoach.text.pace import estimate_s
from voicecoach.text.spoken import spoken

SEARCHED = 30
"""How many characters of a text, and lines of a file, are looked at to find where the text stands."""


class Doing(NamedTuple):
    """An exercise step with all that is known of how it is done.

    Attributes
    ----------
    step, plan
        As written, and laid over its exercise.
    within
        The intervals that it is an item of, or None.
    """

    step: ExerciseStep
    plan: Prescription
    within: IntervalsStep | None = None

    @property
    def name(self) -> str:
        """The exercise's id."""
        return self.step.exercise


@dataclass(frozen=True)
class Checked:
    """What the rules look at.

    Attributes
    ----------
    routine
        As `parse` gave it, perhaps with holes where something did not read.
    sources
        The texts, for the lines that diagnostics show.
    library
        The exercises and languages that there are.
    """

    routine: Routine
    sources: Sources
    library: Library

    def steps(self) -> Iterator[Step]:
        """Every step, those of repeats and included files too; not the items of intervals."""
        yield from (step for step, _ in self.steps_in_folders())

    def steps_in_folders(self) -> Iterator[tuple[Step, Path | None]]:
        """Every step, with the folder of the file that it is written in; None where that lies in no folder."""
        yield from _walk(self.routine.steps, self.sources.main.folder)

    def lists(self) -> Iterator[tuple[Step, ...]]:
        """Every list of steps, the outermost first."""
        yield self.routine.steps
        for step in self.steps():
            if isinstance(step, RepeatStep | IncludeStep):
                yield step.steps

    def exercises(self) -> Iterator[Doing]:
        """Every exercise step that stands by itself."""
        yield from (doing for doing in self.everything_done() if doing.within is None)

    def items(self) -> Iterator[Doing]:
        """Every exercise that is an item of intervals."""
        yield from (doing for doing in self.everything_done() if doing.within is not None)

    def everything_done(self) -> Iterator[Doing]:
        """Every exercise, in a step of its own or in intervals. One that is unknown is left out: parse tells it."""
        for step in self.steps():
            found = step.of if isinstance(step, IntervalsStep) else (step,)
            for item in found:
                exercise = self.exercise(item) if isinstance(item, ExerciseStep) else None
                if isinstance(item, ExerciseStep) and exercise is not None:
                    within = step if isinstance(step, IntervalsStep) else None
                    yield Doing(item, prescribe(item, exercise), within)

    def worded(self) -> Iterator[tuple[ExerciseStep, Exercise]]:
        """Every exercise once, with the first step that it is done in."""
        seen: set[str] = set()
        for step, plan, _ in self.everything_done():
            if step.exercise not in seen:
                seen.add(step.exercise)
                yield step, plan.exercise

    def exercise(self, step: ExerciseStep) -> Exercise | None:
        """Find the exercise of a step, or None."""
        if step.own is not None:
            return step.own
        try:
            return self.library.look_up(step.exercise, self.routine.language).exercise
        except KeyError:
            return None

    def coach(self, step: ExerciseStep) -> CoachSettings:
        """The coach's settings in a step."""
        return changed(changed(CoachSettings(), self.routine.coach), step.coach)

    def place(self, step: Step | Routine, *keys: str) -> Location:
        """Where the first of the keys that was written stands; else where the step does; else the top of the file."""
        found = next((step.places[key] for key in keys if key in step.places), None)
        return found or next(iter(step.places.values()), Location(self.sources.main.name, 1, 1))

    def words_after(self, place: Location, text: str) -> Location | None:
        """Where a text begins, at or after a place of the file that was asked for; or None."""
        if place.file != self.sources.main.name:
            return None
        lines, words = self.sources.main.text.split("\n"), text[:SEARCHED]
        for number in range(place.line, min(len(lines), place.line + SEARCHED) + 1):
            column = lines[number - 1].find(words, place.column - 1 if number == place.line else 0)
            if column >= 0:
                length = len(text) if lines[number - 1].startswith(text, column) else len(words)
                return Location(place.file, number, column + 1, length)
        return None

    def speech_s(self, text: str) -> Fraction:
        """Estimate how many seconds it takes to say a text."""
        said = spoken(fill(text, dict(self.routine.variables)), self.routine.language)
        pauses_s = sum((mark.pause_s for mark in said.marks), start=Fraction(0))
        return estimate_s(said.text, self.routine.voice.speed) + pauses_s

    def error(self, code: str, message: str, place: Location, hint: str | None) -> Diagnostic:
        """Make a fault that stops the build."""
        return self.sources.fault(code, message, place, hint)

    def warning(self, code: str, message: str, place: Location, hint: str) -> Diagnostic:
        """Make a fault that does not stop it."""
        return self.sources.fault(code, message, place, hint, Severity.WARNING)


def _walk(steps: Iterable[Step], folder: Path | None) -> Iterator[tuple[Step, Path | None]]:
    for step in steps:
        yield step, folder
        if isinstance(step, RepeatStep):
            yield from _walk(step.steps, folder)
        elif isinstance(step, IncludeStep):
            inner = Path(step.file) if folder is None else folder / step.file
            yield from _walk(step.steps, inner.parent)


def phrases(exercise: Exercise) -> Iterator[tuple[str, Phrase]]:
    """Every wording of an exercise, with the key that it stands under."""
    single = {
        "set up": exercise.set_up,
        "breath": exercise.breath,
        "release": exercise.release,
        "safety": exercise.safety,
        "easier": exercise.easier,
        "harder": exercise.harder,
    }
    yield from ((key, phrase) for key, phrase in single.items() if phrase is not None)
    yield from (("form", phrase) for phrase in exercise.form)
    yield from (("phases", phase.say) for phase in exercise.phases)


def seconds(length_s: Fraction) -> str:
    """An estimated length, to the second: ``6 s``."""
    return f"{max(1, round(length_s))} s"
