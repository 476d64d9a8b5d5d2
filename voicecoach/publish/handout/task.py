"""An exercise described for reading: how, what to mind, when to take care, easier and harder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.body.positions import posture
from voicecoach.model.exercise import Exercise, Measure, Side
from voicecoach.model.routine import ExerciseStep, Prescription
from voicecoach.publish.handout.doses import Doses
from voicecoach.publish.handout.figures import slug
from voicecoach.publish.handout.sheet import Advice, Task, Text
from voicecoach.text.fill import fill, variables
from voicecoach.text.wording import Wording

_SIDE = re.compile(r"\{\s*(side|other side)\s*\}(\w*)")


@dataclass(frozen=True)
class Telling:
    """How much is told of an exercise: in full, with the breath, or with the brief set-up; so many points of form."""

    full: bool
    form: int


@dataclass(frozen=True)
class Told:
    """What the sheet has told already: this exercise, under the number ``same_as``; and which side comes first."""

    same_as: int | None
    first: Side | None


class Describing:
    """Describes exercises with the labels of one language.

    Parameters
    ----------
    labels
        The page's words.
    language
        Of the page.
    values
        What the routine's variables stand for.
    sides
        The coach's words, which have those of a side for every language.
    telling
        How much is told.
    """

    def __init__(
        self, labels: Wording, language: str, values: Mapping[str, str], sides: Wording, telling: Telling
    ) -> None:
        self.labels = labels
        self.language = language
        self.values = values
        self.sides = sides
        self.telling = telling
        self._doses = Doses(labels)

    def task(self, number: int, step: ExerciseStep, plan: Prescription, rest_s: Fraction, told: Told) -> Task:
        """Describe an exercise, with ``rest_s`` of rest between its sets; or refer to where it is described."""
        exercise = plan.exercise
        words = _Words(self, plan)
        where = self.position(exercise)
        facts = [Text(fact, self.language) for fact in self._details(plan, rest_s)]
        facts += [where] if where is not None and told.same_as is None else []
        facts += [self.thing(item, exercise.language) for item in exercise.equipment]
        facts += [self._label("optional")] if step.optional else []
        return Task(
            number=number,
            name=Text(fill(exercise.name, self.values), exercise.language),
            dose=self._doses.amount(plan),
            posture=posture(exercise.position) if exercise.position else None,
            facts=tuple(facts),
            how=tuple(self._how(plan, words, told)),
            advice=() if told.same_as is not None else tuple(self._advice(step, plan, words)),
        )

    def position(self, exercise: Exercise) -> Text | None:
        """Name the position that an exercise is done in, in the page's language where that is known."""
        if exercise.position is None:
            return None
        known = posture(exercise.position)
        if known is None or known.value != exercise.position.lower():
            return Text(exercise.position, exercise.language)
        return self._label("position", posture=slug(known), name=exercise.position)

    def thing(self, item: str, language: str) -> Text:
        """Name a thing that is needed, in the page's language where that is known."""
        name = self.labels("equipment", item="-".join(item.lower().split()), name=item)
        return Text(name, language if name == item else self.language)

    def _details(self, plan: Prescription, rest_s: Fraction) -> Iterator[str]:
        fast = self._doses.how_fast(plan)
        if fast is not None:
            yield fast
        if plan.sets > 1 and rest_s:
            yield self.labels("rest-between", length=self._doses.length(rest_s))

    def _how(self, plan: Prescription, words: _Words, told: Told) -> Iterator[Text]:
        exercise = plan.exercise
        if told.same_as is not None:
            yield self._label("as-before", n=told.same_as)
            return
        if exercise.set_up is not None:
            yield words(exercise.set_up.full if self.telling.full else exercise.set_up.shortest)
        if plan.dose is not None and plan.dose.measure is Measure.CYCLES:
            for phase in plan.phases:
                what = words(phase.say.full).words.rstrip(".!")
                length = self._doses.length(phase.length_s)
                yield Text(self.labels("phase", what=what, length=length) + ".", exercise.language)
        first = plan.turns[0]
        if len(plan.turns) > 1 and first is not None and first is not told.first:
            yield self._label(f"first-{first.value}")

    def _advice(self, step: ExerciseStep, plan: Prescription, words: _Words) -> Iterator[tuple[Advice, ...]]:
        exercise = plan.exercise
        form = [
            *exercise.form[: self.telling.form],
            *((exercise.breath,) if self.telling.full and exercise.breath else ()),
        ]
        mind = [words(phrase.full) for phrase in form]
        mind += [words(cue.text) for cue in step.cues if cue.at_s is None and cue.share is None and _timeless(cue.text)]
        if mind:
            yield (Advice(self.labels("mind"), "mind", tuple(mind)),)
        if exercise.safety is not None:
            yield (Advice(self.labels("care"), "care", (words.either(exercise.safety.full),)),)
        levels = (("easier", exercise.easier), ("harder", exercise.harder))
        told = tuple(Advice(self.labels(kind), kind, (words(how.full),)) for kind, how in levels if how is not None)
        if told:
            yield told

    def _label(self, message: str, **values: str | int) -> Text:
        return Text(self.labels(message, variant=0, **values), self.language)


class _Words:
    """Fills in the wording of one exercise, for the side that is done first."""

    def __init__(self, describing: Describing, plan: Prescription) -> None:
        self.language = plan.exercise.language
        counted = plan.dose is not None and not plan.dose.measure.timed
        reps = {"reps": str(plan.dose.count)} if counted and plan.dose is not None else {}
        self._values = {**describing.values, "exercise": plan.exercise.name, **reps}
        side = describing.sides.of(self.language)
        self._named = {which: side("side", side=which.value, which=which.value) for which in Side}
        self._or = describing.sides
        self._turns = plan.turns
        self._labels = describing.labels.of(self.language)

    def __call__(self, text: str) -> Text:
        """Fill in a text as it is for the first side."""
        return Text(fill(text, {**self._values, **self._sides(self._turns[0])}), self.language)

    def either(self, text: str) -> Text:
        """Fill in a text that holds for both sides: ``your left or right knee``, each with its ending."""
        first = self._turns[0]
        if first is None or len(self._turns) == 1:
            return self(text)
        names = self._sides(first), self._sides(first.other)

        def both(found: re.Match[str]) -> str:
            one, other = (side[found[1]] + found[2] for side in names)
            return self._labels("either-side", one=one, other=other)

        return Text(fill(_SIDE.sub(both, text), self._values), self.language)

    def _sides(self, side: Side | None) -> dict[str, str]:
        return {} if side is None else {"side": self._named[side], "other side": self._named[side.other]}


def _timeless(cue: str) -> bool:
    return "remaining" not in variables(cue)
