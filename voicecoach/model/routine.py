"""What the author wrote: a routine of steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from voicecoach.model.exercise import Dose, Exercise, Measure, Phase, Quantity, Side, Sides, Tempo, Unit
from voicecoach.model.lexicon import Pronunciation
from voicecoach.model.location import Location

Places = Mapping[str, Location]
"""Where each key of a step or routine was written, for the checker's diagnostics."""


class Talk(StrEnum):
    """How much the coach says."""

    TEACH = "teach"
    BRIEF = "brief"
    CUES = "cues"
    BELLS = "bells"


@dataclass(frozen=True)
class CoachSettings:
    """How the coach behaves; each can be changed for a routine and again for a step.

    Attributes
    ----------
    countdown
        Ticks before the end of a hold, one a second.
    spoken_countdown
        The seconds are also counted aloud.
    halfway
        The middle of a longer hold or time is marked.
    get_ready_s
        Least time between the end of the set-up's speech and the start.
    count_reps
        Repetitions are counted aloud where their tempo leaves room for it.
    change_sides_s
        Least time between the call to change sides and the start.
    rest_s
        Rest between sets, where neither step nor exercise says.
    next_up
        What comes next is announced in a rest.
    opening, safety, closing
        The session opens with title, length and what to have at hand; with the safety line; and closes with a word.
    """

    countdown: int = 3
    spoken_countdown: bool = False
    halfway: bool = True
    count_reps: bool = True
    get_ready_s: Fraction = Fraction(5)
    change_sides_s: Fraction = Fraction(6)
    rest_s: Fraction = Fraction(10)
    next_up: bool = True
    opening: bool = True
    safety: bool = True
    closing: bool = True


Changes = tuple[tuple[str, Any], ...]
"""Coach settings that a routine or step changes, by name of the field of `CoachSettings`, in the order written."""


def changed(settings: CoachSettings, changes: Changes) -> CoachSettings:
    """Lay changes over settings."""
    return replace(settings, **dict(changes))


@dataclass(frozen=True)
class Given:
    """How much of an exercise a step asks for.

    Attributes
    ----------
    amount
        In seconds, or counted.
    unit
        What is counted.
    measure
        As the key of the long form says (``{hold: 30s}``); None in the short form (``pigeon-pose: 30s``), where the
        exercise tells what seconds are.
    """

    amount: Quantity
    unit: Unit
    measure: Measure | None = None


@dataclass(frozen=True)
class MidCue:
    """Something said during a hold or time.

    Attributes
    ----------
    text
        What is said.
    at_s
        Seconds from the start, or None.
    share
        Part of the whole, 0 to 1, or None. Where both are None, such cues are spread evenly.
    """

    text: str
    at_s: Fraction | None = None
    share: Fraction | None = None


@dataclass(frozen=True)
class VoiceChoice:
    """The voice that an author asks for, and how it speaks.

    Attributes
    ----------
    spec
        ``espeak:en-us``, an engine's name, or ``default``; several with commas between: the first one that can speak.
    speed
        1 is a coach's pace.
    pitch_st
        Semitones above the voice's own pitch.
    gain_db
        How much louder than usual.
    """

    spec: str = "default"
    speed: Fraction = Fraction(1)
    pitch_st: Fraction = Fraction(0)
    gain_db: Fraction = Fraction(0)


@dataclass(frozen=True)
class VoiceChange:
    """What a step, or who counts, has otherwise than the coach's voice; what is None is as the coach has it."""

    spec: str | None = None
    speed: Fraction | None = None
    pitch_st: Fraction | None = None
    gain_db: Fraction | None = None

    def over(self, choice: VoiceChoice) -> VoiceChoice:
        """Lay the change over a voice."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        return replace(choice, **given)


@dataclass(frozen=True)
class ExerciseStep:
    """Do an exercise; what is None is as the exercise says. An ``optional`` step may go where time is short."""

    exercise: str
    own: Exercise | None = None
    given: Given | None = None
    sides: Sides | None = None
    start: Side | None = None
    sets: int | None = None
    tempo: Tempo | None = None
    pattern: Tempo | None = None
    rest_s: Fraction | None = None
    remind_every_s: Fraction | None = None
    cues: tuple[MidCue, ...] = ()
    talk: Talk | None = None
    coach: Changes = ()
    optional: bool = False
    voice: VoiceChange | None = None
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


@dataclass(frozen=True)
class RestStep:
    """Rest for a length of time."""

    length: Quantity
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


@dataclass(frozen=True)
class SayStep:
    """Say something."""

    text: str
    voice: VoiceChange | None = None
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


@dataclass(frozen=True)
class SoundStep:
    """Play a sound: an earcon's name, ``bell``, or a file."""

    sound: str
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)

    @property
    def name(self) -> str:
        """What a session calls it: as written; of a path that tells where the author keeps things, its last part."""
        path = PurePath(self.sound)
        return path.name if path.is_absolute() or self.sound.startswith("~/") else self.sound


@dataclass(frozen=True)
class BreatheStep:
    """Breathe to a pattern, for a number of breaths or a length of time (rounded to whole breaths)."""

    pattern: Tempo
    amount: Quantity
    unit: Unit
    name: str | None = None
    optional: bool = False
    voice: VoiceChange | None = None
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


@dataclass(frozen=True)
class RepeatStep:
    """Do steps several times."""

    times: Quantity
    steps: tuple[Step, ...]
    name: str | None = None
    optional: bool = False
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


@dataclass(frozen=True)
class IntervalsStep:
    """Work and rest by the clock. A round is once through the exercises, one interval for each side of each.

    Attributes
    ----------
    kind
        The author's word: ``intervals``, ``tabata`` (20 s of work, 10 s of rest, 8 rounds) or ``emom`` (repetitions at
        the start of every minute, the rest of it free).
    work_s, rest_s
        For ``intervals`` and ``tabata``. For ``emom``, ``work_s`` is the whole minute and ``rest_s`` nothing.
    """

    kind: str
    work_s: Fraction
    rest_s: Fraction
    rounds: Quantity
    of: tuple[ExerciseStep, ...]
    name: str | None = None
    optional: bool = False
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


@dataclass(frozen=True)
class IncludeStep:
    """The steps of another routine file.

    Attributes
    ----------
    file
        As written: relative to the file that it stands in.
    steps
        What that file holds.
    """

    file: str
    steps: tuple[Step, ...] = ()
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


Step = ExerciseStep | RestStep | SayStep | SoundStep | BreatheStep | RepeatStep | IntervalsStep | IncludeStep


@dataclass(frozen=True)
class Bed:
    """Music or noise under the voice.

    Attributes
    ----------
    sound
        A built-in name or a file.
    level_db
        How loud.
    duck_db
        How much lower under the voice.
    """

    sound: str
    level_db: Fraction = Fraction(-22)
    duck_db: Fraction = Fraction(10)


@dataclass(frozen=True)
class Routine:
    """What the author wrote.

    Attributes
    ----------
    name
        The file's name without folder and extension; names the session's file.
    title
        For people and players.
    language
        BCP 47: which wording and which voice.
    voice, counter
        Who speaks, and who counts where that is somebody else, or somebody who speaks otherwise.
    talk
        How much is said; None: each exercise is taught the first time and brief after.
    length_s
        The length that the author wants the session fitted to, or None.
    coach
        What the author changes of the coach's settings.
    variables
        The author's own (``with:``), in the order written.
    lexicon
        How words are spoken, in the order written.
    sounds
        Earcon pack, or None.
    floor
        A very soft noise instead of digital silence, for earphones that switch off in it.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    author: str | None = None
    description: str | None = None
    image: str | None = None
    date: str | None = None
    series: str | None = None
    language: str = "en"
    voice: VoiceChoice = VoiceChoice()
    counter: VoiceChange | None = None
    talk: Talk | None = None
    length_s: Fraction | None = None
    coach: Changes = ()
    bed: Bed | None = None
    sounds: str | None = None
    floor: bool = False
    variables: tuple[tuple[str, str], ...] = ()
    lexicon: tuple[Pronunciation, ...] = ()
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)

    def sound_steps(self) -> Iterator[SoundStep]:
        """Every step that plays a sound."""
        return _sound_steps(self.steps)


def _sound_steps(steps: tuple[Step, ...]) -> Iterator[SoundStep]:
    for step in steps:
        if isinstance(step, SoundStep):
            yield step
        elif isinstance(step, RepeatStep | IncludeStep):
            yield from _sound_steps(step.steps)


def named_voices(routine: Routine) -> Iterator[tuple[str, Location | None]]:
    """Every voice that a routine names beside the coach's, with its place: who counts, and those of steps."""
    counter = routine.counter
    if counter is not None and counter.spec is not None:
        yield counter.spec, routine.places.get("counter")
    for step in _voiced_steps(routine.steps):
        if step.voice is not None and step.voice.spec is not None:
            yield step.voice.spec, step.places.get("voice")


def _voiced_steps(steps: tuple[Step, ...]) -> Iterator[ExerciseStep | SayStep | BreatheStep]:
    for step in steps:
        if isinstance(step, ExerciseStep | SayStep | BreatheStep):
            yield step
        elif isinstance(step, RepeatStep | IncludeStep):
            yield from _voiced_steps(step.steps)
        elif isinstance(step, IntervalsStep):
            yield from step.of


@dataclass(frozen=True)
class Prescription:
    """An exercise as a step wants it done: the step's word over the exercise's."""

    exercise: Exercise
    dose: Dose | None
    sides: Sides
    start: Side
    sets: int
    tempo: Tempo
    pattern: Tempo
    rest_s: Fraction | None
    remind_every_s: Fraction | None
    phases: tuple[Phase, ...]

    @property
    def turns(self) -> tuple[Side | None, ...]:
        """The sides in the order done; one ``None`` where both work at once."""
        return self.sides.turns(self.start)


def prescribe(step: ExerciseStep, exercise: Exercise) -> Prescription:
    """Lay a step over its exercise. The dose is None where neither gives one."""
    return Prescription(
        exercise=exercise,
        dose=_dose(step, exercise),
        sides=step.sides or exercise.sides,
        start=step.start or exercise.start,
        sets=step.sets or exercise.sets,
        tempo=step.tempo or exercise.tempo,
        pattern=step.pattern or exercise.pattern,
        rest_s=step.rest_s if step.rest_s is not None else exercise.rest_s,
        remind_every_s=step.remind_every_s or exercise.remind_every_s,
        phases=exercise.phases,
    )


def _dose(step: ExerciseStep, exercise: Exercise) -> Dose | None:
    given = step.given
    if given is None:
        return exercise.dose
    if given.measure is not None:
        return Dose(given.measure, given.amount)
    if given.unit is Unit.SECONDS:
        timed = exercise.dose is not None and exercise.dose.measure is Measure.TIME
        return Dose(Measure.TIME if timed else Measure.HOLD, given.amount)
    return Dose(Measure(given.unit.value), given.amount)
