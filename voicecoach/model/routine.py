"""What the author wrote: a routine of steps, and the exercises that the steps name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from voicecoach.model.location import Location


class Side(StrEnum):
    """A side of the body."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Sides(StrEnum):
    """Which sides an exercise is done on."""

    EACH = "each"
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    @property
    def turns(self) -> tuple[Side | None, ...]:
        """The sides in the order done; one ``None`` where both work at once."""
        return {
            Sides.EACH: (Side.LEFT, Side.RIGHT),
            Sides.LEFT: (Side.LEFT,),
            Sides.RIGHT: (Side.RIGHT,),
            Sides.BOTH: (None,),
        }[self]


@dataclass(frozen=True)
class Tempo:
    """How a repetition is timed: down, hold, up, hold, each in seconds."""

    down_s: Fraction
    low_s: Fraction
    up_s: Fraction
    high_s: Fraction

    @property
    def rep_s(self) -> Fraction:
        """Seconds of one repetition."""
        return self.down_s + self.low_s + self.up_s + self.high_s

    def __str__(self) -> str:
        return "-".join(f"{float(part):g}" for part in (self.down_s, self.low_s, self.up_s, self.high_s))


DEFAULT_TEMPO = Tempo(Fraction(2), Fraction(0), Fraction(2), Fraction(0))


class Measure(StrEnum):
    """What an exercise is measured by; also the author's key for it."""

    HOLD = "hold"
    REPS = "reps"
    TIME = "time"


@dataclass(frozen=True)
class Dose:
    """How much of an exercise is done in one set on one side.

    Attributes
    ----------
    measure
        Hold and time are lengths; reps are counted.
    length_s
        Seconds of a hold or a time; None for reps.
    reps
        Number of repetitions; None for a hold or a time.
    """

    measure: Measure
    length_s: Fraction | None = None
    reps: int | None = None


@dataclass(frozen=True)
class Phrase:
    """Wording in its full form, and a brief one for whoever knows it already."""

    full: str
    brief: str | None = None

    @property
    def shortest(self) -> str:
        """The brief form where there is one."""
        return self.brief or self.full


@dataclass(frozen=True)
class Exercise:
    """A library entry, or one that the author wrote on the spot.

    Attributes
    ----------
    id
        The key that a step names it by: ``pigeon-pose``.
    name
        For people, on screen.
    says
        How the name is spoken, where that differs.
    position, end_position
        The position that it is done in and the one that it leaves the person in; None where not told.
    set_up
        How to get there; may hold ``{side}`` and ``{other side}``.
    form
        What to mind while doing it, in order of weight.
    dose, sides, sets, tempo, rest_s
        Defaults, for a step that says nothing else.
    source
        Where the facts come from.
    """

    id: str
    name: str
    says: str | None = None
    area: tuple[str, ...] = ()
    position: str | None = None
    end_position: str | None = None
    equipment: tuple[str, ...] = ()
    set_up: Phrase | None = None
    form: tuple[Phrase, ...] = ()
    breath: Phrase | None = None
    release: Phrase | None = None
    safety: Phrase | None = None
    easier: Phrase | None = None
    harder: Phrase | None = None
    dose: Dose | None = None
    sides: Sides = Sides.BOTH
    sets: int = 1
    tempo: Tempo = DEFAULT_TEMPO
    rest_s: Fraction | None = None
    source: str | None = None

    @property
    def spoken_name(self) -> str:
        """The name as the coach says it."""
        return self.says or self.name


Places = Mapping[str, Location]
"""Where each key of a step or routine was written, for the checker's diagnostics."""


@dataclass(frozen=True)
class ExerciseStep:
    """Do an exercise; what is None is as the exercise says.

    ``amount_s`` and ``amount_reps`` are the short form (``pigeon-pose: 30s``), whose meaning is the exercise's to tell.
    """

    exercise: str
    own: Exercise | None = None
    amount_s: Fraction | None = None
    amount_reps: int | None = None
    hold_s: Fraction | None = None
    time_s: Fraction | None = None
    reps: int | None = None
    sides: Sides | None = None
    sets: int | None = None
    tempo: Tempo | None = None
    rest_s: Fraction | None = None
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


@dataclass(frozen=True)
class RestStep:
    """Rest for a length of time."""

    length_s: Fraction
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


@dataclass(frozen=True)
class SayStep:
    """Say something."""

    text: str
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


@dataclass(frozen=True)
class RepeatStep:
    """Do steps several times."""

    times: int
    steps: tuple[Step, ...]
    name: str | None = None
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


Step = ExerciseStep | RestStep | SayStep | RepeatStep


@dataclass(frozen=True)
class VoiceChoice:
    """The voice that an author asks for: ``espeak:en-us``, an engine's name, or ``default``; and how fast it speaks."""

    spec: str = "default"
    speed: Fraction = Fraction(1)


@dataclass(frozen=True)
class CoachSettings:
    """How the coach behaves.

    Attributes
    ----------
    countdown
        Ticks before the end of a hold, one a second.
    get_ready_s
        Least time between the end of the set-up's speech and the start.
    move_s
        Added to it where the exercise begins in another position than the last one ended in.
    change_sides_s
        Least time between the call to change sides and the start.
    rest_s
        Rest between sets, where neither step nor exercise says.
    """

    countdown: int = 3
    get_ready_s: Fraction = Fraction(5)
    move_s: Fraction = Fraction(4)
    change_sides_s: Fraction = Fraction(6)
    rest_s: Fraction = Fraction(10)


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
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    author: str | None = None
    description: str | None = None
    language: str = "en"
    voice: VoiceChoice = VoiceChoice()
    coach: CoachSettings = CoachSettings()
    places: Places = field(default_factory=dict, compare=False, hash=False, repr=False)


@dataclass(frozen=True)
class Prescription:
    """An exercise as a step wants it done: the step's word over the exercise's."""

    exercise: Exercise
    dose: Dose | None
    sides: Sides
    sets: int
    tempo: Tempo
    rest_s: Fraction | None


def prescribe(step: ExerciseStep, exercise: Exercise) -> Prescription:
    """Lay a step over its exercise. The dose is None where neither gives one."""
    return Prescription(
        exercise=exercise,
        dose=_dose(step, exercise),
        sides=step.sides or exercise.sides,
        sets=step.sets or exercise.sets,
        tempo=step.tempo or exercise.tempo,
        rest_s=step.rest_s if step.rest_s is not None else exercise.rest_s,
    )


def _dose(step: ExerciseStep, exercise: Exercise) -> Dose | None:
    if step.amount_s is not None:
        timed = exercise.dose is not None and exercise.dose.measure is Measure.TIME
        return Dose(Measure.TIME if timed else Measure.HOLD, length_s=step.amount_s)
    if step.hold_s is not None:
        return Dose(Measure.HOLD, length_s=step.hold_s)
    if step.time_s is not None:
        return Dose(Measure.TIME, length_s=step.time_s)
    count = step.reps or step.amount_reps
    return exercise.dose if count is None else Dose(Measure.REPS, reps=count)
