"""Leaving out steps: exercises that are to be skipped, positions to be avoided, equipment that there is not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from voicecoach.errors import UsageError
from voicecoach.model.diagnostic import did_you_mean
from voicecoach.model.exercise import Exercise
from voicecoach.model.profile import Profile
from voicecoach.model.routine import ExerciseStep, IntervalsStep, RepeatStep, RestStep, Step
from voicecoach.model.units import short
from voicecoach.stages.adapt.notes import Notes
from voicecoach.stages.adapt.steps import Lookup, done_in, exercises_in

ALSO_CALLED = (
    ("hands and knees", "kneeling all fours"),
    ("kneeling", "floor"),
    ("lying", "floor"),
    ("lying face down", "prone front"),
    ("lying on the back", "supine"),
)
"""A position with the words on the left is meant by those on the right, too."""
POSITIONS = ("standing", "kneeling", "half-kneeling", "all fours", "lying", "prone", "supine", "sitting", "floor")
_SMALL_WORDS = frozenset({"a", "an", "and", "at", "in", "of", "on", "the", "to", "with"})


def words(text: str) -> frozenset[str]:
    """Take a text apart: ``foam-rollers`` and ``Foam roller`` are the same two words."""
    found = re.findall(r"\w+", text.casefold().replace("_", " "))
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in found if word not in _SMALL_WORDS)


def unwanted_position(asked: Sequence[str], exercise: Exercise) -> str | None:
    """Tell a position of an exercise that is to be avoided: ``its position is half-kneeling``; else None.

    A position may be named by some of its words.
    """
    for which, position in (("its position", exercise.position), ("its last position", exercise.end_position)):
        if position and any(_meant_by(name, _also_called(position)) for name in asked):
            return f"{which} is {position}"
    return None


def _also_called(position: str) -> frozenset[str]:
    called = words(position)
    for name, others in ALSO_CALLED:
        if words(name) <= called:
            called |= words(others)
    return called


def lacked(asked: Sequence[str], exercise: Exercise) -> str | None:
    """Return what an exercise needs that there is not. ``counter or chair`` is lacked where both are."""
    for needed in exercise.equipment:
        ways = re.split(r"\s+or\s+|/", needed.casefold())
        if all(any(_meant_by(name, words(way)) for name in asked) for way in ways):
            return needed
    return None


def _meant_by(asked: str, found: frozenset[str]) -> bool:
    wanted = words(asked)
    return bool(wanted) and wanted <= found


def is_called(asked: str, step: ExerciseStep, exercise: Exercise) -> bool:
    """Tell whether a step's exercise is the one of that id or name."""
    return _slug(asked) in {_slug(step.exercise), _slug(exercise.name)}


def _slug(text: str) -> str:
    return "-".join(re.findall(r"\w+", text.casefold().replace("_", " ")))


class Leaving:
    """Leaves steps out of a routine.

    Parameters
    ----------
    profile
        What is to be left out.
    lookup
        Finds the exercise of a step.
    known
        All exercises that there are, for a hint where one is misspelt.
    notes
        Takes what was left out, and what was asked for in vain.
    """

    def __init__(self, profile: Profile, lookup: Lookup, known: Iterable[str], notes: Notes) -> None:
        self.profile = profile
        self.lookup = lookup
        self.known = tuple(known)
        self.notes = notes

    def leave_out(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        """Return the steps that stay.

        Raises
        ------
        UsageError
            There was something to do, and nothing is left of it.
        """
        profile = self.profile
        if not (profile.skip or profile.avoid or profile.without):
            return steps
        self._told_in_vain(tuple(exercises_in(steps)))
        kept = self._kept(steps, whole=True)
        if any(done_in(steps)) and not any(done_in(kept)):
            reasons = {"skip": profile.skip, "avoid": profile.avoid, "without": profile.without}
            asked = ", ".join(f"{key} {', '.join(names)}" for key, names in reasons.items() if names)
            raise UsageError(
                f"nothing would be left to do in this routine ({asked})",
                hint="leave out less, or take another routine",
            )
        return kept

    def _reason(self, step: ExerciseStep) -> str | None:
        """Why a step is left out, or None where it stays."""
        exercise = self.lookup(step)
        if any(is_called(asked, step, exercise) for asked in self.profile.skip):
            return "to be skipped"
        position = unwanted_position(self.profile.avoid, exercise)
        if position is not None:
            return position
        needed = lacked(self.profile.without, exercise)
        return None if needed is None else f"needs {_one(needed)}"

    def _kept(self, steps: tuple[Step, ...], *, whole: bool = False) -> tuple[Step, ...]:
        """Return the steps that stay; where one is gone, the rests on both sides of it become one, the longer.

        Parameters
        ----------
        steps
            One list of them.
        whole
            It is that of the routine itself: a rest that would now begin or end it goes, too.
        """
        kept: list[Step] = []
        gone = False
        for step in steps:
            left = self._one(step)
            if left is None:
                gone = True
                continue
            if gone and isinstance(left, RestStep):
                if whole and not kept:
                    self.notes.add(f"left out a rest of {short(left.length.least)}: nothing comes before it now")
                    continue
                if kept and isinstance(kept[-1], RestStep):
                    kept[-1] = self._longer(kept[-1], left)
                    continue
            kept.append(left)
            gone = False
        if whole and gone and len(kept) > 1 and isinstance(kept[-1], RestStep):
            self.notes.add(f"left out a rest of {short(kept[-1].length.least)}: nothing comes after it now")
            kept.pop()
        return tuple(kept)

    def _longer(self, one: RestStep, other: RestStep) -> RestStep:
        longer = max(one, other, key=lambda rest: rest.length.least)
        self.notes.add(f"one rest of {short(longer.length.least)} where two would meet")
        return longer

    def _one(self, step: Step) -> Step | None:
        if isinstance(step, ExerciseStep):
            return step if self._stays(step) else None
        if isinstance(step, IntervalsStep):
            left = replace(step, of=tuple(item for item in step.of if self._stays(item)))
            if step.of and not left.of:
                self._emptied(step.kind, step.name)
                return None
            return left
        if isinstance(step, RepeatStep):
            inner = replace(step, steps=self._kept(step.steps))
            if any(done_in(step.steps)) and not any(done_in(inner.steps)):
                self._emptied("repeat", step.name)
                return None
            return inner
        return step

    def _stays(self, step: ExerciseStep) -> bool:
        reason = self._reason(step)
        if reason is not None:
            self.notes.add(f"left out {step.exercise}: {reason}")
        return reason is None

    def _emptied(self, kind: str, name: str | None) -> None:
        called = f"{kind} '{name}'" if name else kind
        self.notes.add(f"left out {called}: nothing is left to do in it")

    def _told_in_vain(self, steps: Sequence[ExerciseStep]) -> None:
        """Note what was asked for and matches nothing, with what may have been meant."""
        found = [(step, self.lookup(step)) for step in steps]
        here = [step.exercise for step in steps]
        for asked in self.profile.skip:
            if not any(is_called(asked, step, exercise) for step, exercise in found):
                near = did_you_mean(_slug(asked), here)
                if near is None and _slug(asked) not in self.known:
                    near = did_you_mean(_slug(asked), self.known)
                self._in_vain("skip", asked, "this routine has no such exercise", near)
        for asked in self.profile.avoid:
            if not any(unwanted_position((asked,), exercise) for _, exercise in found):
                positions = (*POSITIONS, *(e.position for _, e in found if e.position))
                self._in_vain("avoid", asked, "no exercise here is done so", _unless_known(asked, positions))
        every = [exercise for _, exercise in found]
        for asked in self.profile.without:
            needed = [item for exercise in every for item in exercise.equipment]
            if not any(_meant_by(asked, words(item)) for item in needed):
                self._in_vain("without", asked, "no exercise here needs it", _unless_known(asked, needed))

    def _in_vain(self, key: str, asked: str, why: str, near: str | None) -> None:
        self.notes.add(f"{key} {asked} changes nothing: {why}{f' ({near})' if near else ''}")


def _unless_known(asked: str, known: Iterable[str]) -> str | None:
    """Guess what was meant, unless the word is a known one."""
    all_known = tuple(known)
    exact = any(_meant_by(asked, words(one)) for one in all_known)
    return None if exact else did_you_mean(asked, all_known)


def _one(item: str) -> str:
    """Name one of a thing: ``a foam roller``, ``ankle weights``."""
    article = "" if item.endswith("s") else "an " if item[:1].casefold() in "aeiou" else "a "
    return f"{article}{item}"
