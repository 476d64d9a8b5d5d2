"""One exercise step: set up, then on each side each set, with what stands between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.model.cuescript import Cue, Earcon, EarconCue, Gap, Priority, ScriptSpan, SpanKind, Where
from voicecoach.model.exercise import Exercise, Measure, Phrase, Side, Sides
from voicecoach.model.routine import CoachSettings, Prescription, Talk
from voicecoach.stages.expand.speaker import Speaker
from voicecoach.stages.expand.work import Work

AFTER_SAY_S = Fraction(8, 10)
NEXT_SET_READY_S = Fraction(3)
"""Time to get ready for a further set: one is in position already."""
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
    moves
        It begins in another position than the person is in.
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
    moves: bool
    step: int
    part: str = "{name}"

    @property
    def exercise(self) -> Exercise:
        """The exercise done."""
        return self.plan.exercise

    def spans(self) -> Iterator[ScriptSpan]:
        """All spans of it, in order."""
        in_turn = self.plan.sides is Sides.ALTERNATE
        if in_turn and self.plan.dose is not None and self.plan.dose.measure is Measure.REPS:
            yield from self._one_side(None, first=True)  # the taps go from side to side
        elif in_turn:
            yield from self._set_by_set()
        else:
            for side in self.plan.turns:
                yield from self._one_side(side, first=side is self.plan.turns[0])
        if self.exercise.release is not None and self._tells:
            text = self._fill(self.exercise.release, self.plan.turns[-1])
            cues = (
                *self.speaker.sentences(text, role="release", values=self._values(self.plan.turns[-1])),
                Gap(AFTER_SAY_S),
            )
            yield ScriptSpan(SpanKind.RELEASE, self._where(self.plan.turns[-1]), cues)

    @property
    def _tells(self) -> bool:
        """How to do it is told, in full or in brief."""
        return self.talk in {Talk.TEACH, Talk.BRIEF}

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
        shown = number if self.plan.sets > 1 else None
        return Where(self.step, self.exercise.id, side.value if side else None, shown)

    def _set_up(self, side: Side | None) -> ScriptSpan:
        """Name the exercise and how much of it; say how to get there, in full the first time; leave time to do so."""
        ready_s = self.coach.get_ready_s + (self.coach.move_s if self.moves else 0)
        chapter = self._chapter(side)
        if not self._voiced:
            gap = Gap(ready_s + (0 if self.known else UNTOLD_READY_S))
            return ScriptSpan(SpanKind.SET_UP, self._where(side), (gap,), chapter=chapter)
        texts = [self._heading(), self._amount()]
        if side is not None:
            message = "side-first" if len(self.plan.turns) > 1 else "side-only"
            texts.append(self.speaker.sided(message, side, variant=self.step))
        if self._tells:
            texts += self._teaching(side)
        else:
            ready_s += 0 if self.known else UNTOLD_READY_S
        cues = (*self.speaker.sentences(*texts, role="set-up", values=self._values(side)), Gap(ready_s))
        return ScriptSpan(SpanKind.SET_UP, self._where(side), cues, chapter=chapter)

    def _heading(self) -> str:
        message = "exercise-again" if self.known else "exercise"
        return self.speaker.words(message, variant=self.step, name=self.exercise.spoken_name)

    def _teaching(self, side: Side | None) -> list[str]:
        exercise = self.exercise
        brief = self.talk is Talk.BRIEF
        texts = [self._fill(exercise.set_up, side, brief=brief)] if exercise.set_up is not None else []
        if brief:
            return texts
        phases = tuple(phase.say for phase in self.plan.phases) if self._measure is Measure.CYCLES else ()
        more = (*phases, *exercise.form, exercise.breath, exercise.safety)
        texts += [self._fill(phrase, side) for phrase in more if phrase is not None]
        begin = {Measure.REPS: "at-the-tap", Measure.CYCLES: "with-my-words", Measure.BREATHS: "with-my-words"}
        return [*texts, self.speaker.words(begin.get(self._measure, "at-the-bell"), variant=self.step)]

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
        cues.append(Gap(self.coach.change_sides_s))
        chapter = self._chapter(side) if number in {None, 1} else None
        return ScriptSpan(SpanKind.CHANGE_SIDES, self._where(side, number), tuple(cues), chapter=chapter)

    def _rest(self, where: Where) -> ScriptSpan:
        length_s = self.coach.rest_s if self.plan.rest_s is None else self.plan.rest_s
        return rest(self.speaker, length_s, where, voiced=self._voiced, variant=self.step)

    def _next_set(self, side: Side | None, number: int) -> ScriptSpan:
        gap = Gap(min(NEXT_SET_READY_S, self.coach.get_ready_s))
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
        if self.plan.sides is Sides.ALTERNATE and dose.measure is Measure.REPS:
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


def rest(
    speaker: Speaker,
    length_s: Fraction,
    where: Where,
    *,
    voiced: bool = True,
    variant: int = 0,
    next_up: str | None = None,
) -> ScriptSpan:
    """Rest for an exact time.

    Parameters
    ----------
    next_up
        What to say of what comes next, or None.
    """
    cues: list[Cue] = [EarconCue(Earcon.REST)]
    if voiced:
        text = speaker.words("rest", variant=variant, length=speaker.words.length(length_s))
        cues.append(speaker.say(text, "rest", priority=Priority.USEFUL))
        if next_up is not None:
            cues.append(speaker.say(next_up, "next up", priority=Priority.EXTRA))
    return ScriptSpan(SpanKind.REST, where, tuple(cues), length_s)
