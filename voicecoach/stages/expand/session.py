"""The steps of a session in order, between its opening and its close."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from voicecoach.library import Library
from voicecoach.model.cuescript import NAMED_SOUNDS, Cue, Earcon, EarconCue, Gap, ScriptSpan, SpanKind, Where
from voicecoach.model.exercise import Exercise, Tempo, Unit
from voicecoach.model.routine import (
    BreatheStep,
    CoachSettings,
    ExerciseStep,
    IntervalsStep,
    RestStep,
    Routine,
    SayStep,
    SoundStep,
    Talk,
    changed,
    prescribe,
)
from voicecoach.stages.expand.doing import AFTER_SAY_S, Doing
from voicecoach.stages.expand.intervals import Intervals
from voicecoach.stages.expand.performed import Performed, performed
from voicecoach.stages.expand.person import Person
from voicecoach.stages.expand.phases import breaths
from voicecoach.stages.expand.rests import Following, rest
from voicecoach.stages.expand.speaker import BETWEEN_SENTENCES_S, Speaker
from voicecoach.stages.expand.work import Work

LEAD_IN_S = Fraction(1)
"""Silence before the first word: players and wireless earphones swallow what comes sooner."""
AFTER_CLOSE_S = Fraction(1)
BEFORE_BREATHING_S = Fraction(3)


def session(routine: Routine, library: Library, speaker: Speaker) -> Iterator[ScriptSpan]:
    """Give all spans of a session in order."""
    yield from Session(routine, library, speaker).spans()


class Session:
    """What is remembered from step to step: where the person is, and what has been taught and announced."""

    def __init__(self, routine: Routine, library: Library, speaker: Speaker) -> None:
        self.routine = routine
        self.library = library
        self.speaker = speaker
        self.words = speaker.words
        self.coach = changed(CoachSettings(), routine.coach)
        self.person = Person()
        self.taught: set[str] = set()
        self.announced: int | None = None
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
                yield ScriptSpan(SpanKind.SAY, self.where(number), cues)
            yield from self._step(number, done)
        yield self._closing()

    def _step(self, number: int, done: Performed) -> Iterator[ScriptSpan]:
        step, where = done.step, self.where(number)
        if isinstance(step, SayStep):
            if self.voiced:
                said = self.speaker.voiced(step.voice).say(step.text, "say", self._values(number))
                yield ScriptSpan(SpanKind.SAY, where, (said, Gap(AFTER_SAY_S)))
        elif isinstance(step, SoundStep):
            sound = EarconCue(NAMED_SOUNDS.get(step.sound, step.name))
            yield ScriptSpan(SpanKind.SOUND, where, (sound, Gap(AFTER_SAY_S)))
        elif isinstance(step, RestStep):
            following = self._following(number)
            yield rest(self.speaker, step.length.least, where, voiced=self.voiced, variant=number, following=following)
            self.announced = None if following is None else number + 1
        elif isinstance(step, BreatheStep):
            yield from self._breathe(number, step, done.part)
        elif isinstance(step, IntervalsStep):
            yield from Intervals(self, step, number, done.part).spans()
        elif isinstance(step, ExerciseStep):
            yield from self.doing(step, number, done.part).spans()
            self.taught.add(step.exercise)
            self.person.does(self.exercise(step))

    def where(self, number: int | None, name: str | None = None) -> Where:
        """Return what a span belongs to that is no exercise's: the step, in the position that one is in."""
        return Where(number, name=name, position=self.person.position)

    def exercise(self, step: ExerciseStep) -> Exercise:
        """Return the exercise that a step names, in the routine's language where it is translated."""
        if step.own is not None:
            return step.own
        return self.library.exercise(step.exercise, self.routine.language)

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
        coach, speaker = changed(self.coach, step.coach), self.speaker.voiced(step.voice)
        return Doing(
            speaker,
            plan,
            Work(speaker, plan, coach, step.cues, talk is not Talk.BELLS, number),
            coach=coach,
            talk=talk,
            known=step.exercise in self.taught,
            step=number,
            getting_there_s=self.person.getting_there_s(exercise),
            announced=self.announced == number,
            position=self.person.position,
            part=part,
        )

    def _breathe(self, number: int, step: BreatheStep, part: str) -> Iterator[ScriptSpan]:
        count = breath_count(step)
        name = self.speaker.text(step.name) if step.name else self.words("chapter-breathing")
        where, speaker = self.where(number, name), self.speaker.voiced(step.voice)
        gap = Gap(max(BEFORE_BREATHING_S, self.coach.get_ready_s))
        cues: tuple[Cue, ...] = (gap,)
        if self.voiced:
            heading = self.words("exercise", name=step.name) if step.name else self.words("breathing")
            texts = [heading, self.words("breathe-for", n=count), *self._pattern(step.pattern)]
            cues = (*speaker.sentences(*texts, role="set-up"), gap)
        yield ScriptSpan(SpanKind.SET_UP, where, cues, chapter=part.replace("{name}", name))
        yield breaths(speaker, where, step.pattern, count, voiced=self.voiced, variant=number)

    def _pattern(self, pattern: Tempo) -> Iterator[str]:
        words = ("breathe-in-for", "breathe-full-for", "breathe-out-for", "breathe-empty-for")
        for length_s, word in zip(pattern.parts_s, words, strict=True):
            if length_s:
                yield self.words(word, n=f"{float(length_s):g}" if length_s.denominator > 1 else int(length_s))

    def _following(self, number: int) -> Following | None:
        """Tell what follows the step of that number at once, where a rest may announce it."""
        if number >= len(self.performed):
            return None
        step = self.performed[number].step
        if isinstance(step, ExerciseStep) and changed(self.coach, step.coach).next_up:
            exercise = self.exercise(step)
            return Following(exercise.spoken_name, self._items(self.person.lacks(exercise)))
        if isinstance(step, BreatheStep | IntervalsStep) and step.name and self.coach.next_up:
            return Following(self.speaker.text(step.name))
        return None

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
            items = self._items(self._equipment())
            if items:
                text = self.words("opening-equipment", items=items)
                cues += [self.speaker.say(text, "equipment"), Gap(BETWEEN_SENTENCES_S)]
        if self.voiced and self.coach.safety:
            cues += [self.speaker.say(self.words("opening-safety"), "safety"), Gap(BETWEEN_SENTENCES_S)]
        cues.append(Gap(AFTER_SAY_S))
        return ScriptSpan(SpanKind.OPENING, self.where(None), tuple(cues), chapter=self.words("chapter-opening"))

    def _items(self, things: tuple[str, ...]) -> str:
        return self.words.listed([self.words("equipment", item=slug(item), name=item) for item in things])

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
        return ScriptSpan(SpanKind.CLOSING, self.where(None), tuple(cues), chapter=self.words("chapter-closing"))


def slug(item: str) -> str:
    """Write the name of a thing as a word without spaces: ``foam-roller``."""
    return "-".join(item.lower().split())


def breath_count(step: BreatheStep) -> int:
    """Whole breaths of a breathing step: as counted, or as many as come nearest to its length; at least one."""
    if step.unit is not Unit.SECONDS:
        return step.amount.count
    return max(1, round(step.amount.least / step.pattern.whole_s))
