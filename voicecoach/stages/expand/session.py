"""The steps of a session in order, between its opening and its close."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from voicecoach.library import Library
from voicecoach.model.cuescript import NAMED_SOUNDS, Cue, Earcon, EarconCue, Gap, ScriptSpan, SpanKind, Where
from voicecoach.model.exercise import Exercise, Tempo, Unit
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
    Talk,
    changed,
    prescribe,
)
from voicecoach.stages.expand.doing import AFTER_SAY_S, Doing, rest
from voicecoach.stages.expand.intervals import Intervals
from voicecoach.stages.expand.speaker import BETWEEN_SENTENCES_S, Speaker
from voicecoach.stages.expand.work import Work, breaths

LEAD_IN_S = Fraction(1)
"""Silence before the first word: players and wireless earphones swallow what comes sooner."""
AFTER_CLOSE_S = Fraction(1)
BEFORE_BREATHING_S = Fraction(3)


@dataclass(frozen=True)
class Performed:
    """A step as it is done: in which round of which repeat."""

    step: Step
    part: str = "{name}"
    round_words: str | None = None


def session(routine: Routine, library: Library, speaker: Speaker) -> Iterator[ScriptSpan]:
    """Give all spans of a session in order."""
    yield from Session(routine, library, speaker).spans()


class Session:
    """What is remembered from step to step: the position one is in, and what has been taught."""

    def __init__(self, routine: Routine, library: Library, speaker: Speaker) -> None:
        self.routine = routine
        self.library = library
        self.speaker = speaker
        self.words = speaker.words
        self.coach = changed(CoachSettings(), routine.coach)
        self.position: str | None = None
        self.taught: set[str] = set()
        self.performed = tuple(performed(routine.steps, speaker))

    @property
    def voiced(self) -> bool:
        """The coach speaks at all."""
        return self.routine.talk is not Talk.BELLS

    def spans(self) -> Iterator[ScriptSpan]:
        """All spans in order."""
        yield self._opening()
        for number, done in enumerate(self.performed, start=1):
            if done.round_words is not None and self.voiced:
                cues = (self.speaker.say(done.round_words, "round"), Gap(AFTER_SAY_S))
                yield ScriptSpan(SpanKind.SAY, Where(number), cues)
            yield from self._step(number, done)
        yield self._closing()

    def _step(self, number: int, done: Performed) -> Iterator[ScriptSpan]:
        step = done.step
        if isinstance(step, SayStep):
            if self.voiced:
                said = self.speaker.say(step.text, "say", self._values(number))
                yield ScriptSpan(SpanKind.SAY, Where(number), (said, Gap(AFTER_SAY_S)))
        elif isinstance(step, SoundStep):
            earcon = NAMED_SOUNDS.get(step.sound)
            if earcon is not None:
                cues: tuple[Cue, ...] = (EarconCue(earcon), Gap(AFTER_SAY_S))
                yield ScriptSpan(SpanKind.SOUND, Where(number), cues)
        elif isinstance(step, RestStep):
            next_up = self._next_up(number)
            yield rest(
                self.speaker, step.length.least, Where(number), voiced=self.voiced, variant=number, next_up=next_up
            )
        elif isinstance(step, BreatheStep):
            yield from self._breathe(number, step, done.part)
        elif isinstance(step, IntervalsStep):
            yield from Intervals(self, step, number, done.part).spans()
        elif isinstance(step, ExerciseStep):
            yield from self.doing(step, number, done.part).spans()
            self.taught.add(step.exercise)
            self.moved(self.exercise(step))

    def exercise(self, step: ExerciseStep) -> Exercise:
        """Return the exercise that a step names, in the routine's language where it is translated."""
        if step.own is not None:
            return step.own
        return self.library.exercise(step.exercise, self.routine.language)

    def moved(self, exercise: Exercise) -> None:
        """Remember the position that an exercise ends in."""
        self.position = exercise.end_position or exercise.position or self.position

    def talk(self, step: ExerciseStep) -> Talk:
        """How much is said at a step: as it says, or the routine; else in full the first time and brief after."""
        if self.routine.talk is Talk.BELLS:
            return Talk.BELLS
        usual = Talk.BRIEF if step.exercise in self.taught else Talk.TEACH
        return step.talk or self.routine.talk or usual

    def doing(self, step: ExerciseStep, number: int, part: str) -> Doing:
        """Make what is heard of an exercise step."""
        exercise = self.exercise(step)
        plan, talk = prescribe(step, exercise), self.talk(step)
        coach = changed(self.coach, step.coach)
        return Doing(
            self.speaker,
            plan,
            Work(self.speaker, plan, coach, step.cues, talk is not Talk.BELLS, number),
            coach=coach,
            talk=talk,
            known=step.exercise in self.taught,
            moves=exercise.position is not None and exercise.position != self.position,
            step=number,
            part=part,
        )

    def _breathe(self, number: int, step: BreatheStep, part: str) -> Iterator[ScriptSpan]:
        count = breath_count(step)
        name = self.speaker.text(step.name) if step.name else self.words("chapter-breathing")
        where = Where(number)
        gap = Gap(max(BEFORE_BREATHING_S, self.coach.get_ready_s))
        cues: tuple[Cue, ...] = (gap,)
        if self.voiced:
            heading = self.words("exercise", name=step.name) if step.name else self.words("breathing")
            texts = [heading, self.words("breathe-for", n=count), *self._pattern(step.pattern)]
            cues = (*self.speaker.sentences(*texts, role="set-up"), gap)
        yield ScriptSpan(SpanKind.SET_UP, where, cues, chapter=part.replace("{name}", name))
        yield breaths(self.speaker, where, step.pattern, count, voiced=self.voiced, variant=number)

    def _pattern(self, pattern: Tempo) -> Iterator[str]:
        words = ("breathe-in-for", "breathe-full-for", "breathe-out-for", "breathe-empty-for")
        for length_s, word in zip(pattern.parts_s, words, strict=True):
            if length_s:
                yield self.words(word, n=f"{float(length_s):g}" if length_s.denominator > 1 else int(length_s))

    def _next_up(self, number: int) -> str | None:
        """Announce the exercise that follows the step of that number at once, if one does."""
        if number >= len(self.performed):
            return None
        step = self.performed[number].step
        if not isinstance(step, ExerciseStep) or not changed(self.coach, step.coach).next_up:
            return None
        return self.words("next-up", variant=number, name=self.exercise(step).spoken_name)

    def _values(self, number: int) -> dict[str, str]:
        """Give ``{next}`` its value: the next exercise from here on."""
        following = (done.step for done in self.performed[number:] if isinstance(done.step, ExerciseStep))
        step = next(following, None)
        return {} if step is None else {"next": self.exercise(step).spoken_name}

    def _opening(self) -> ScriptSpan:
        cues: list[Cue] = [Gap(LEAD_IN_S)]
        if self.voiced and self.coach.opening:
            title = self.speaker.title.rstrip(".!?")
            cues += [self.speaker.say(self.words("opening", title=title), "opening"), Gap(BETWEEN_SENTENCES_S)]
            if self.speaker.stated_length_s is not None:
                said = self.speaker.say(self.words("opening-length", length="{length}"), "length")
                cues += [said, Gap(BETWEEN_SENTENCES_S)]
            items = [self.words("equipment", item=slug(item), name=item) for item in self._equipment()]
            if items:
                text = self.words("opening-equipment", items=self.words.listed(items))
                cues += [self.speaker.say(text, "equipment"), Gap(BETWEEN_SENTENCES_S)]
        if self.voiced and self.coach.safety:
            cues += [self.speaker.say(self.words("opening-safety"), "safety"), Gap(BETWEEN_SENTENCES_S)]
        cues.append(Gap(AFTER_SAY_S))
        return ScriptSpan(SpanKind.OPENING, Where(), tuple(cues), chapter=self.words("chapter-opening"))

    def _equipment(self) -> tuple[str, ...]:
        """What the session needs, each thing once; "counter or chair" goes without saying where a chair is needed."""
        items: dict[str, None] = {}
        for done in self.performed:
            steps = done.step.of if isinstance(done.step, IntervalsStep) else (done.step,)
            for step in steps:
                if isinstance(step, ExerciseStep):
                    items.update(dict.fromkeys(self.exercise(step).equipment))
        return tuple(item for item in items if not set(item.split(" or ")) & (set(items) - {item}))

    def _closing(self) -> ScriptSpan:
        cues: list[Cue] = [Gap(AFTER_SAY_S)]
        if self.voiced and self.coach.closing:
            title = self.speaker.title.rstrip(".!?")
            cues += [self.speaker.say(self.words("closing", title=title), "closing"), Gap(BETWEEN_SENTENCES_S)]
        cues += [EarconCue(Earcon.DONE), Gap(AFTER_CLOSE_S)]
        return ScriptSpan(SpanKind.CLOSING, Where(), tuple(cues), chapter=self.words("chapter-closing"))


def slug(item: str) -> str:
    """Write the name of a thing as a word without spaces: ``foam-roller``."""
    return "-".join(item.lower().split())


def breath_count(step: BreatheStep) -> int:
    """Whole breaths of a breathing step: as counted, or as many as come nearest to its length; at least one."""
    if step.unit is not Unit.SECONDS:
        return step.amount.count
    return max(1, round(step.amount.least / step.pattern.whole_s))


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
