"""One exercise step: set up, then on each side each set, with what stands between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from voicecoach.body.positions import turning_s
from voicecoach.model.cuescript import Cue, Earcon, EarconCue, Gap, ScriptSpan, SpanKind, Where
from voicecoach.model.exercise import Exercise, Measure, Phrase, Side, Sides
from voicecoach.model.routine import CoachSettings, Prescription, Talk
from voicecoach.stages.expand.phases import room_s
from voicecoach.stages.expand.rests import rest
from voicecoach.stages.expand.speaker import Speaker
from voicecoach.stages.expand.work import Work

AFTER_SAY_S = Fraction(8, 10)
NEXT_SET_READY_S = Fraction(3)
"""Time to get ready for a further set: one is in position already."""
LONG_REST_S = Fraction(30)
"""In a rest from this length on one lets go and moves, and has to get ready again."""
UNTOLD_READY_S = Fraction(5)
"""Added to the time to get ready where nothing tells what to do: one has to look or remember."""


@dataclass(frozen=True)
class Doing:
    """One exercise, done.

    Attributes
    ----------
    speaker
        Makes the spoken cues.
    plan
        The exercise as the step wants it.
    work
        Makes what is done in one set.
    coach
        How the coach behaves here.
    talk
        How much is said.
    known
        It has been taught in this session.
    getting_there_s
        Seconds to get into its position, with what it needs.
    announced
        A rest before it has told that it comes.
    position
        The position that one is in where the exercise does not tell its own, or None.
    step
        Number of the step, for the timeline; it chooses the variants of words too, so that both sides have the same.
    part
        What the chapter's title has around the exercise's name: the round or the repeat.
    """

    speaker: Speaker
    plan: Prescription
    work: Work
    coach: CoachSettings
    talk: Talk
    known: bool
    step: int
    getting_there_s: Fraction = Fraction(0)
    announced: bool = False
    position: str | None = None
    part: str = "{name}"

    @property
    def exercise(self) -> Exercise:
        """The exercise done."""
        return self.plan.exercise

    def spans(self) -> Iterator[ScriptSpan]:
        """All spans of it, in order."""
        if self._in_turn:
            yield from self._one_side(None, first=True)  # the taps go from side to side
        elif self.plan.sides is Sides.ALTERNATE:
            yield from self._set_by_set()
        else:
            for side in self.plan.turns:
                yield from self._one_side(side, first=side is self.plan.turns[0])
        if self.exercise.release is not None and self._tells:
            side = self.plan.turns[-1]
            text = self._fill(self.exercise.release, side)
            cues = (*self.speaker.sentences(text, role="release", values=self._values(side)), Gap(AFTER_SAY_S))
            where = replace(self._where(side), position=self.exercise.end_position or self._where(side).position)
            yield ScriptSpan(SpanKind.RELEASE, where, cues)

    @property
    def _tells(self) -> bool:
        """How to do it is told, in full or in brief."""
        return self.talk in {Talk.TEACH, Talk.BRIEF}

    @property
    def _in_turn(self) -> bool:
        """The sides take turns repetition by repetition."""
        return self.plan.sides is Sides.ALTERNATE and self._measure is Measure.REPS

    @property
    def _voiced(self) -> bool:
        return self.talk is not Talk.BELLS

    def _one_side(self, side: Side | None, *, first: bool) -> Iterator[ScriptSpan]:
        """All sets of one side; or of both at once, or in turn (None)."""
        yield self._set_up(side) if first else self._change_sides(side)
        for number in range(1, self.plan.sets + 1):
            if number > 1:
                yield self._rest(self._where(side, number - 1))
                yield self._next_set(side, number)
            yield self.work.span(self._where(side, number), side)

    def _set_by_set(self) -> Iterator[ScriptSpan]:
        """Do a set of one side, then one of the other."""
        for number in range(1, self.plan.sets + 1):
            for side in self.plan.turns:
                if side is self.plan.turns[0]:
                    if number > 1:
                        yield self._rest(self._where(self.plan.turns[-1], number - 1))
                    yield self._set_up(side) if number == 1 else self._change_sides(side, number)
                else:
                    yield self._change_sides(side, number)
                yield self.work.span(self._where(side, number), side)

    def _where(self, side: Side | None, number: int | None = None) -> Where:
        exercise = self.exercise
        shown = number if self.plan.sets > 1 else None
        position = exercise.position or self.position
        return Where(self.step, exercise.id, side.value if side else None, shown, exercise.name, position)

    def _set_up(self, side: Side | None) -> ScriptSpan:
        """Name the exercise and how much of it; say how to get there, in full the first time; leave time to do so."""
        ready_s = self.coach.get_ready_s + self.getting_there_s
        if not (self._tells or self.known):
            ready_s += UNTOLD_READY_S
        where, chapter = self._where(side), self._chapter(side)
        if not self._voiced:
            return ScriptSpan(SpanKind.SET_UP, where, (Gap(ready_s),), chapter=chapter)
        texts = [self._heading(), self._amount()]
        first = self.plan.turns[0]
        if first is not None:
            message = "side-first" if len(self.plan.turns) > 1 else "side-only"
            texts.append(self.speaker.sided(message, first, variant=self.step))
        if self._tells:
            texts += self._teaching(side)
        cues = (*self.speaker.sentences(*texts, role="set-up", values=self._values(side)), Gap(ready_s))
        return ScriptSpan(SpanKind.SET_UP, where, cues, chapter=chapter)

    def _heading(self) -> str:
        """Name it; after a rest that has told so already, by the plain name and not by "next" once more."""
        message = "exercise-again" if self.known else "exercise"
        return self.speaker.words(message, variant=0 if self.announced else self.step, name=self.exercise.spoken_name)

    def _teaching(self, side: Side | None) -> list[str]:
        exercise = self.exercise
        brief = self.talk is Talk.BRIEF
        texts = [self._fill(exercise.set_up, side, brief=brief)] if exercise.set_up is not None else []
        if self._in_turn and texts:
            texts.append(self.speaker.sided("in-turn", self.plan.start.other, variant=self.step))
        if brief:
            return texts
        more = (*self._phases(), *exercise.form, exercise.breath, exercise.safety)
        texts += [self._fill(phrase, side) for phrase in more if phrase is not None]
        begin = {Measure.REPS: "at-the-tap", Measure.CYCLES: "with-my-words", Measure.BREATHS: "with-my-words"}
        return [*texts, self.speaker.words(begin.get(self._measure, "at-the-bell"), variant=self.step)]

    def _phases(self) -> Iterator[Phrase]:
        """Tell beforehand what to do in a phase where it is too short to tell it in full when it comes."""
        for phase in self.plan.phases if self._measure is Measure.CYCLES else ():
            if self.speaker.takes_s(phase.say.full) > room_s(phase.length_s):
                yield phase.say

    @property
    def _measure(self) -> Measure:
        assert self.plan.dose is not None
        return self.plan.dose.measure

    def _change_sides(self, side: Side | None, number: int | None = None) -> ScriptSpan:
        assert side is not None
        cues: list[Cue] = [EarconCue(Earcon.SIDE)]
        if self._voiced:
            texts = [self.speaker.sided("change-sides", side, variant=self.step)]
            if self.exercise.set_up is not None and self._tells:
                texts.append(self._fill(self.exercise.set_up, side, brief=True))
            cues += self.speaker.sentences(*texts, role="change sides", values=self._values(side))
        turning = turning_s(self.exercise.position or self.position, equipment=bool(self.exercise.equipment))
        cues.append(Gap(self.coach.change_sides_s + turning))
        chapter = self._chapter(side) if number in {None, 1} else None
        return ScriptSpan(SpanKind.CHANGE_SIDES, self._where(side, number), tuple(cues), chapter=chapter)

    @property
    def _rest_s(self) -> Fraction:
        """Seconds of rest between sets."""
        return self.coach.rest_s if self.plan.rest_s is None else self.plan.rest_s

    def _rest(self, where: Where) -> ScriptSpan:
        return rest(self.speaker, self._rest_s, where, voiced=self._voiced, variant=self.step)

    def _next_set(self, side: Side | None, number: int) -> ScriptSpan:
        again = self._rest_s >= LONG_REST_S
        gap = Gap(self.coach.get_ready_s if again else min(NEXT_SET_READY_S, self.coach.get_ready_s))
        if not self._voiced:
            return ScriptSpan(SpanKind.SET_UP, self._where(side, number), (gap,))
        if side is None:
            text = self.speaker.words("set-of", n=number, total=self.plan.sets)
        else:
            text = self.speaker.sided("set-of-side", side, n=number, total=self.plan.sets)
        return ScriptSpan(SpanKind.SET_UP, self._where(side, number), (self.speaker.say(text, "set"), gap))

    def _amount(self) -> str:
        dose, sets = self.plan.dose, self.plan.sets
        assert dose is not None
        each = "-each" if len(self.plan.turns) > 1 else ""
        if self._in_turn:
            each = "-alternate"
        if dose.measure.timed:
            amount = self.speaker.words(f"{dose.measure.value}{each}", length=self.speaker.words.length(dose.length_s))
        else:
            amount = self.speaker.words(f"{dose.measure.value}{each}", n=dose.count)
        return f"{self.speaker.words('sets', n=sets)} {amount}" if sets > 1 else amount

    def _values(self, side: Side | None) -> dict[str, str]:
        dose = self.plan.dose
        reps = str(dose.count) if dose is not None and not dose.measure.timed else ""
        sides = self.speaker.sides(side, self.exercise.language)
        return {"exercise": self.exercise.spoken_name, "reps": reps, **sides}

    def _fill(self, phrase: Phrase, side: Side | None, *, brief: bool = False) -> str:
        """Fill the sides in, in the words of the language that the exercise's own wording is in."""
        side = side or self.plan.turns[0]
        return self.speaker.filled(phrase.shortest if brief else phrase.full, side, self.exercise.language)

    def _chapter(self, side: Side | None) -> str:
        name = self.exercise.name
        if side is not None:
            name = self.speaker.sided("chapter-side", side, name=name)
        return self.part.replace("{name}", name)
