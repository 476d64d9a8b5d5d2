"""From a routine to what stands on its sheet: the steps in the order done, each exercise described once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import takewhile

from voicecoach.library import Library
from voicecoach.model.exercise import Dose, Exercise, Measure, Quantity, Side, Unit
from voicecoach.model.routine import (
    BreatheStep,
    CoachSettings,
    ExerciseStep,
    IncludeStep,
    IntervalsStep,
    RepeatStep,
    RestStep,
    Routine,
    SayStep,
    SoundStep,
    Step,
    changed,
    prescribe,
)
from voicecoach.publish.handout.doses import Doses
from voicecoach.publish.handout.sheet import Block, Item, Line, LineKind, Sheet, Task, Text
from voicecoach.publish.handout.task import Describing, Telling, Told
from voicecoach.text.fill import fill


class Writer:
    """Writes the sheet of one routine.

    Parameters
    ----------
    routine
        As it is done, its includes resolved.
    length_s
        Of the session.
    library
        The exercises that the routine names.
    """

    def __init__(self, routine: Routine, length_s: Fraction, library: Library) -> None:
        self.routine = routine
        self.library = library
        self.labels = library.labels(routine.language)
        self.doses = Doses(self.labels)
        self.language = routine.language if self.labels.language == _base(routine.language) else self.labels.language
        self.coach = changed(CoachSettings(), routine.coach)
        own = dict(routine.variables)
        self.title = fill(routine.title, own)
        self.length = self.doses.about(length_s)
        self.values = {**own, "title": self.title, "length": self.length}

    def sheet(self, *, full: bool = True, form: int = 2) -> Sheet:
        """Write the sheet, with exercises described in full or briefly, and so many points of good form of each."""
        steps = tuple(_flat(self.routine.steps))
        before = tuple(takewhile(_only_heard, steps))
        after = tuple(takewhile(_only_heard, reversed(steps[len(before) :])))[::-1]
        done = steps[len(before) : len(steps) - len(after)]
        listing = _Listing(self, Telling(full, form))
        safety = self.library.wording(self.routine.language)("opening-safety") if self.coach.safety else None
        items = tuple(listing.items(done))
        count = listing.number
        author = self.routine.author
        return Sheet(
            labels=self.labels,
            language=self.language,
            title=self.own(self.title),
            author=None if author is None else self.own(author),
            description=None if self.routine.description is None else self.own(self.routine.description),
            facts=(
                self.labels("about-length", length=self.length),
                *((self.labels("exercises-count", n=count),) if count else ()),
            ),
            needs=tuple(listing.needs()),
            positions=tuple(listing.positions),
            safety=None if safety is None else self.label(safety),
            before=tuple(self.said(before, done)),
            sides=None if listing.first is None else self.labels(f"sides-{listing.first.value}"),
            items=items,
            after=tuple(self.said(after)),
        )

    def own(self, template: str) -> Text:
        """A text of the author's, filled in."""
        return Text(fill(template, self.values), self.routine.language)

    def label(self, words: str) -> Text:
        """A text of the page's own."""
        return Text(words, self.language)

    def exercise(self, step: ExerciseStep) -> Exercise:
        """Return the exercise that a step names, in the routine's language where it is translated."""
        return step.own or self.library.exercise(step.exercise, self.routine.language)

    def said(self, steps: Sequence[Step], following: Sequence[Step] = ()) -> Iterator[Text]:
        """Give what the author says; ``following`` steps tell what ``{next}`` is."""
        coming = next((self.exercise(step).name for step in _performed(following)), "")
        for step in steps:
            if isinstance(step, SayStep):
                yield Text(fill(step.text, {**self.values, "next": coming}), self.routine.language)


class _Listing:
    """The steps as they come, with what has been described and is needed so far."""

    def __init__(self, writer: Writer, telling: Telling) -> None:
        self.writer = writer
        self.labels = writer.labels
        self.doses = writer.doses
        sides = writer.library.wording(writer.routine.language)
        self.describing = Describing(writer.labels, writer.language, writer.values, sides, telling)
        self.number = 0
        self.described: dict[Exercise, int] = {}
        self.equipment: dict[str, Text] = {}
        self.positions: dict[Text, None] = {}
        self.first: Side | None = None

    def items(self, steps: Sequence[Step], after: Sequence[Step] = ()) -> Iterator[Item]:
        """List steps; ``after`` are those that come behind them."""
        for index, step in enumerate(steps):
            following = (*steps[index + 1 :], *after)
            if isinstance(step, SayStep):
                yield from (Line(LineKind.SAID, text) for text in self.writer.said((step,), following))
            elif isinstance(step, RestStep):
                rest = self.labels("rest", length=self.doses.length(step.length.least))
                yield Line(LineKind.REST, self.writer.label(rest))
            elif isinstance(step, ExerciseStep):
                yield self._task(step)
            elif isinstance(step, BreatheStep):
                yield self._breathing(step)
            elif isinstance(step, RepeatStep):
                yield from self._rounds(step, following)
            elif isinstance(step, IntervalsStep):
                yield self._intervals(step)

    def needs(self) -> Iterator[Text]:
        """What to have ready, each thing once; "counter or chair" goes without saying where a chair is needed."""
        for item, text in self.equipment.items():
            if not set(item.split(" or ")) & (self.equipment.keys() - {item}):
                yield text

    def _task(self, step: ExerciseStep, work_s: Fraction | None = None) -> Task:
        """List an exercise; in intervals, by the clock, for ``work_s``."""
        exercise = self.writer.exercise(step)
        plan = prescribe(step, exercise)
        if work_s is not None:
            plan = replace(plan, dose=Dose(Measure.TIME, Quantity.of(work_s)), sets=1)
        self.number += 1
        before = self.described.setdefault(exercise, self.number)
        rest_s = changed(self.writer.coach, step.coach).rest_s if plan.rest_s is None else plan.rest_s
        for item in exercise.equipment:
            self.equipment.setdefault(item.lower(), self.describing.thing(item, exercise.language))
        where = self.describing.position(exercise)
        if where is not None:
            self.positions[where] = None
        if len(plan.turns) > 1:
            self.first = self.first or plan.start
        same_as = None if before == self.number else before
        return self.describing.task(self.number, step, plan, rest_s, Told(same_as, self.first))

    def _breathing(self, step: BreatheStep) -> Task:
        self.number += 1
        count = step.amount.count
        if step.unit is Unit.SECONDS:
            count = max(1, round(step.amount.least / step.pattern.whole_s))
        return Task(
            number=self.number,
            name=self.writer.own(step.name) if step.name else self.writer.label(self.labels("breathing")),
            dose=self.doses.breaths(count),
            facts=(self.writer.label(self.doses.breath(step.pattern)), *self._optional(step.optional)),
        )

    def _rounds(self, step: RepeatStep, following: Sequence[Step]) -> Iterator[Item]:
        times = step.times.count
        inner = tuple(self.items(tuple(_flat(step.steps)), following))
        if times == 1 and step.name is None:
            yield from inner
            return
        rounds = self.labels("rounds", n=times)
        heading = self.writer.label(rounds) if step.name is None else self.writer.own(step.name)
        detail = [rounds] if step.name is not None and times > 1 else []
        yield Block(heading, self._joined(*detail, optional=step.optional), inner)

    def _intervals(self, step: IntervalsStep) -> Block:
        emom = step.kind == "emom"
        heading = self.writer.own(step.name) if step.name else self.writer.label(self.labels("intervals"))
        if emom or not step.rest_s:
            clock = self.labels("every", length=self.doses.length(step.work_s))
        else:
            work, rest = self.doses.length(step.work_s), self.doses.length(step.rest_s)
            clock = self.labels("work-and-rest", work=work, rest=rest)
        items = tuple(self._task(replace(one, sets=1), None if emom else step.work_s) for one in step.of)
        rounds = self.labels("rounds", n=step.rounds.count)
        return Block(heading, self._joined(rounds, clock, optional=step.optional), items)

    def _optional(self, optional: bool) -> tuple[Text, ...]:  # noqa: FBT001
        return (self.writer.label(self.labels("optional")),) if optional else ()

    def _joined(self, *parts: str, optional: bool) -> str | None:
        return ", ".join((*parts, *(text.words for text in self._optional(optional)))) or None


def _flat(steps: Sequence[Step]) -> Iterator[Step]:
    """Give the steps with those of included files in their place."""
    for step in steps:
        if isinstance(step, IncludeStep):
            yield from _flat(step.steps)
        else:
            yield step


def _performed(steps: Sequence[Step]) -> Iterator[ExerciseStep]:
    for step in steps:
        if isinstance(step, ExerciseStep):
            yield step
        elif isinstance(step, RepeatStep | IncludeStep):
            yield from _performed(step.steps)


def _only_heard(step: Step) -> bool:
    return isinstance(step, SayStep | SoundStep)


def _base(language: str) -> str:
    return language.partition("-")[0].lower()
