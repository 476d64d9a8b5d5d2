"""expand: Routine → CueScript. Fixes what is heard, in which order, and what must last how long; knows no time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.library import Library
from voicecoach.model.clip import Utterance, Voice
from voicecoach.model.cuescript import (
    Cue,
    CueScript,
    Earcon,
    EarconCue,
    Gap,
    Priority,
    ScriptSpan,
    SpanKind,
    SpokenCue,
    Where,
)
from voicecoach.model.routine import (
    Dose,
    ExerciseStep,
    Measure,
    Phrase,
    Prescription,
    RepeatStep,
    RestStep,
    Routine,
    SayStep,
    Side,
    Step,
    prescribe,
)
from voicecoach.text.fill import fill
from voicecoach.text.normalise import normalise
from voicecoach.text.wording import Wording

LEAD_IN_S = Fraction(1)
"""Silence before the first word: players and wireless earphones swallow what comes sooner."""
BETWEEN_SENTENCES_S = Fraction(45, 100)
AFTER_SAY_S = Fraction(8, 10)
AFTER_CLOSE_S = Fraction(1)
LENGTH_WINDOW_S = Fraction(5)
"""Time kept for saying the session's length, so that saying another one does not change it."""
NEXT_SET_READY_S = Fraction(3)
"""Time to get ready for a further set: one is in position already."""
BEFORE_LAST_REP_S = Fraction(2, 10)
LEAST_BEFORE_TICK_S = Fraction(1)
"""A countdown tick sounds no sooner after the start, or the two would be one noise."""


def expand(
    routine: Routine, library: Library, wording: Wording, voice: Voice, stated_length_s: int | None = None
) -> CueScript:
    """Turn a routine that has no faults into cues.

    Parameters
    ----------
    routine, library
        What to do, and the exercises that it names.
    wording
        The coach's own words.
    voice
        Who speaks.
    stated_length_s
        The session's length in whole seconds, as the coach says it at the beginning; None: the coach does not say it.
    """
    expander = _Expander(routine, library, wording, voice)
    return CueScript(routine.title, tuple(expander.session(stated_length_s)), stated_length_s)


@dataclass(frozen=True)
class _Round:
    """Which round of which repeat we are in."""

    number: int = 1
    of: int = 1
    name: str | None = None


class _Expander:
    def __init__(self, routine: Routine, library: Library, wording: Wording, voice: Voice) -> None:
        self.routine = routine
        self.library = library
        self.words = wording
        self.voice = voice
        self.coach = routine.coach
        self.step = 0
        self.position: str | None = None
        self.taught: set[str] = set()
        self.performed = tuple(_performed(routine.steps))

    def session(self, stated_length_s: int | None) -> Iterator[ScriptSpan]:
        yield self._opening(stated_length_s)
        for number, (step, round_) in enumerate(self.performed, start=1):
            self.step = number
            if isinstance(step, SayStep):
                cues = (self.say(step.text, "say"), Gap(AFTER_SAY_S))
                yield ScriptSpan(SpanKind.SAY, Where(number), cues)
            elif isinstance(step, RestStep):
                yield self._rest(step.length_s, Where(number), self._next_name(number))
            elif isinstance(step, ExerciseStep):
                yield from _Doing(self, step, round_).spans()
        yield self._closing()

    def say(self, text: str, role: str, **placing: object) -> SpokenCue:
        """Make a spoken cue of words as people read them."""
        utterance = Utterance(normalise(text, self.routine.language), self.voice, self.routine.voice.speed)
        return SpokenCue(text, utterance, role, **placing)  # type: ignore[arg-type]

    def sentences(self, *texts: str, role: str) -> tuple[Cue, ...]:
        """Say texts one after another with a pause between."""
        cues: list[Cue] = []
        for text in texts:
            cues += [self.say(text, role), Gap(BETWEEN_SENTENCES_S)]
        return tuple(cues[:-1])

    def rest(self, length_s: Fraction, where: Where) -> ScriptSpan:
        """Rest between sets."""
        return self._rest(length_s, where, None)

    def _rest(self, length_s: Fraction, where: Where, next_name: str | None) -> ScriptSpan:
        rest = self.words("rest", length=self.words.length(length_s))
        cues: list[Cue] = [EarconCue(Earcon.REST), self.say(rest, "rest", priority=Priority.USEFUL)]
        if next_name is not None:
            cues.append(self.say(self.words("next-up", name=next_name), "next up", priority=Priority.EXTRA))
        return ScriptSpan(SpanKind.REST, where, tuple(cues), length_s)

    def _next_name(self, number: int) -> str | None:
        """Name the exercise that follows the step of that number at once, if one does."""
        if number >= len(self.performed):
            return None
        step = self.performed[number][0]
        if not isinstance(step, ExerciseStep):
            return None
        return (step.own or self.library.exercise(step.exercise)).spoken_name

    def _opening(self, stated_length_s: int | None) -> ScriptSpan:
        title = self.routine.title.rstrip(".!?")
        cues: list[Cue] = [
            Gap(LEAD_IN_S),
            self.say(self.words("opening", title=title), "opening"),
            Gap(BETWEEN_SENTENCES_S),
        ]
        if stated_length_s is not None:
            length = self.words("opening-length", length=self.words.length(stated_length_s))
            window_s = LENGTH_WINDOW_S / self.routine.voice.speed
            cues.append(self.say(length, "length", least_s=window_s))
        cues.append(Gap(AFTER_SAY_S))
        return ScriptSpan(SpanKind.OPENING, Where(), tuple(cues), chapter=self.words("chapter-opening"))

    def _closing(self) -> ScriptSpan:
        title = self.routine.title.rstrip(".!?")
        closing = self.say(self.words("closing", title=title), "closing")
        cues = (Gap(AFTER_SAY_S), closing, Gap(BETWEEN_SENTENCES_S), EarconCue(Earcon.DONE), Gap(AFTER_CLOSE_S))
        return ScriptSpan(SpanKind.CLOSING, Where(), cues, chapter=self.words("chapter-closing"))


class _Doing:
    """One exercise step: set up, then on each side each set, with what stands between."""

    def __init__(self, expander: _Expander, step: ExerciseStep, round_: _Round) -> None:
        self.by = expander
        self.words = expander.words
        self.coach = expander.coach
        self.round = round_
        self.plan: Prescription = prescribe(step, step.own or expander.library.exercise(step.exercise))
        if self.plan.dose is None:
            raise ValueError(f"'{step.exercise}' has no dose; check lets none pass")
        self.dose: Dose = self.plan.dose
        self.exercise = self.plan.exercise
        self.known = self.exercise.id in expander.taught
        self.turns = self.plan.sides.turns

    def spans(self) -> Iterator[ScriptSpan]:
        for side in self.turns:
            yield self._set_up(side) if side is self.turns[0] else self._change_sides(side)
            for number in range(1, self.plan.sets + 1):
                if number > 1:
                    yield self.by.rest(self._rest_s(), self._where(side, number - 1))
                    yield self._next_set(side, number)
                yield self._work(side, number)
        if self.exercise.release is not None:
            texts = self._fill(self.exercise.release, self.turns[-1])
            cues = self.by.sentences(texts, role="release")
            yield ScriptSpan(SpanKind.RELEASE, self._where(self.turns[-1]), (*cues, Gap(AFTER_SAY_S)))
        self.by.taught.add(self.exercise.id)
        self.by.position = self.exercise.end_position or self.exercise.position

    def _where(self, side: Side | None, number: int | None = None) -> Where:
        shown = number if self.plan.sets > 1 else None
        return Where(self.by.step, self.exercise.id, side.value if side else None, shown)

    def _rest_s(self) -> Fraction:
        return self.coach.rest_s if self.plan.rest_s is None else self.plan.rest_s

    def _set_up(self, side: Side | None) -> ScriptSpan:
        """Name the exercise and how much of it; say how to get there, in full the first time; leave time to do so."""
        by, exercise = self.by, self.exercise
        heading = self.words("exercise-again" if self.known else "exercise", name=exercise.spoken_name)
        texts = [heading, self._amount()]
        if side is not None:
            texts.append(self.words("side-first" if len(self.turns) > 1 else "side-only", side=self._side(side)))
        if exercise.set_up is not None:
            texts.append(self._fill(exercise.set_up, side, brief=self.known))
        if not self.known:
            more = (*exercise.form, exercise.breath, exercise.safety)
            texts += [self._fill(phrase, side) for phrase in more if phrase is not None]
            texts.append(self.words("at-the-tap" if self.dose.measure is Measure.REPS else "at-the-bell"))
        ready_s = self.coach.get_ready_s + (self.coach.move_s if self._moves() else 0)
        cues = (*by.sentences(*texts, role="set-up"), Gap(ready_s))
        return ScriptSpan(SpanKind.SET_UP, self._where(side), cues, chapter=self._chapter(side))

    def _moves(self) -> bool:
        position = self.exercise.position
        return position is not None and position != self.by.position

    def _change_sides(self, side: Side | None) -> ScriptSpan:
        assert side is not None
        texts = [self.words("change-sides", side=self._side(side))]
        if self.exercise.set_up is not None:
            texts.append(self._fill(self.exercise.set_up, side, brief=True))
        said = self.by.sentences(*texts, role="change sides")
        cues = (EarconCue(Earcon.SIDE), *said, Gap(self.coach.change_sides_s))
        return ScriptSpan(SpanKind.CHANGE_SIDES, self._where(side), cues, chapter=self._chapter(side))

    def _next_set(self, side: Side | None, number: int) -> ScriptSpan:
        if side is None:
            text = self.words("set-of", n=number, total=self.plan.sets)
        else:
            text = self.words("set-of-side", n=number, total=self.plan.sets, side=self._side(side))
        cues = (self.by.say(text, "set"), Gap(min(NEXT_SET_READY_S, self.coach.get_ready_s)))
        return ScriptSpan(SpanKind.SET_UP, self._where(side, number), cues)

    def _work(self, side: Side | None, number: int) -> ScriptSpan:
        where = self._where(side, number)
        if self.dose.measure is Measure.REPS:
            return self._reps(where)
        kind = SpanKind.HOLD if self.dose.measure is Measure.HOLD else SpanKind.TIME
        length_s = self.dose.length_s
        assert length_s is not None
        ticks = [length_s - before for before in range(self.coach.countdown, 0, -1)]
        cues = (
            EarconCue(Earcon.START, Fraction(0)),
            *(EarconCue(Earcon.TICK, at_s) for at_s in ticks if at_s >= LEAST_BEFORE_TICK_S),
            EarconCue(Earcon.END, length_s),
        )
        return ScriptSpan(kind, where, cues, length_s)

    def _reps(self, where: Where) -> ScriptSpan:
        """A tap begins each repetition; the last one is announced before it."""
        count, rep_s = self.dose.reps or 1, self.plan.tempo.rep_s
        cues: list[Cue] = [EarconCue(Earcon.REP, rep_s * n, rep=n + 1) for n in range(count)]
        cues.append(EarconCue(Earcon.END, rep_s * count))
        if count > 1:
            done_by_s = rep_s * (count - 1) - BEFORE_LAST_REP_S
            cues.append(
                self.by.say(
                    self.words("last-rep"), "rep", priority=Priority.USEFUL, done_by_s=done_by_s, late=True, rep=count
                )
            )
        return ScriptSpan(SpanKind.REPS, where, tuple(cues), rep_s * count)

    def _amount(self) -> str:
        each = "-each" if len(self.turns) > 1 else ""
        if self.dose.measure is Measure.REPS:
            amount = self.words(f"reps{each}", n=self.dose.reps or 1)
        else:
            amount = self.words(f"{self.dose.measure.value}{each}", length=self.words.length(self.dose.length_s or 0))
        return f"{self.words('sets', n=self.plan.sets)} {amount}" if self.plan.sets > 1 else amount

    def _side(self, side: Side) -> str:
        return self.words("side", side=side.value)

    def _fill(self, phrase: Phrase, side: Side | None, *, brief: bool = False) -> str:
        text = phrase.shortest if brief else phrase.full
        if side is None:
            return text
        return fill(text, {"side": self._side(side), "other side": self._side(side.other)})

    def _chapter(self, side: Side | None) -> str:
        name = self.exercise.name
        if side is not None:
            name = self.words("chapter-side", name=name, side=self._side(side))
        if self.round.name is not None:
            name = self.words("chapter-part", part=self.round.name, name=name)
        if self.round.of > 1:
            name = self.words("chapter-round", name=name, round=self.round.number, rounds=self.round.of)
        return name


def _performed(steps: tuple[Step, ...], round_: _Round | None = None) -> Iterator[tuple[Step, _Round]]:
    """Unroll repeats: every step as often as it is done, with its round."""
    for step in steps:
        if isinstance(step, RepeatStep):
            for number in range(1, step.times + 1):
                yield from _performed(step.steps, _Round(number, step.times, step.name))
        else:
            yield step, round_ or _Round()
