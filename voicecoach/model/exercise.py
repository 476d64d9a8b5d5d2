"""An exercise: what a step names, and how much of it is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Side(StrEnum):
    """A side of the body."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Sides(StrEnum):
    """Which sides an exercise is done on.

    ``each``: all of one side, then all of the other. ``alternate``: repetition by repetition in turn; a hold, time,
    cycle or breath set by set in turn. ``both``: at once.
    """

    EACH = "each"
    ALTERNATE = "alternate"
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    def turns(self, start: Side = Side.LEFT) -> tuple[Side | None, ...]:
        """Return the sides in the order done; one ``None`` where both work at once."""
        if self in {Sides.EACH, Sides.ALTERNATE}:
            return (start, start.other)
        return (None,) if self is Sides.BOTH else (Side(self.value),)


class ExerciseKind(StrEnum):
    """What an exercise is for; it tells what may change places in an order."""

    WARM_UP = "warm-up"
    RELEASE = "release"
    MOBILITY = "mobility"
    STRETCH = "stretch"
    STRENGTH = "strength"
    BALANCE = "balance"
    POSTURE = "posture"


@dataclass(frozen=True)
class Tempo:
    """Four parts of a repetition or breath, each in seconds: down, hold, up, hold; or in, hold, out, hold."""

    down_s: Fraction
    low_s: Fraction
    up_s: Fraction
    high_s: Fraction

    @property
    def parts_s(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """The four parts in order."""
        return (self.down_s, self.low_s, self.up_s, self.high_s)

    @property
    def whole_s(self) -> Fraction:
        """Seconds of one repetition or breath."""
        return sum(self.parts_s, Fraction(0))

    def __str__(self) -> str:
        return "-".join(f"{float(part):g}" for part in self.parts_s)


DEFAULT_TEMPO = Tempo(Fraction(2), Fraction(0), Fraction(2), Fraction(0))
DEFAULT_PATTERN = Tempo(Fraction(4), Fraction(0), Fraction(6), Fraction(0))
"""A calm breath: the breath out longer than the one in, six breaths a minute."""


class Measure(StrEnum):
    """What an exercise is measured by; also the author's key for it."""

    HOLD = "hold"
    REPS = "reps"
    TIME = "time"
    CYCLES = "cycles"
    BREATHS = "breaths"

    @property
    def timed(self) -> bool:
        """Measured in seconds, not counted."""
        return self in {Measure.HOLD, Measure.TIME}


class Unit(StrEnum):
    """What an amount counts."""

    SECONDS = "s"
    REPS = "reps"
    CYCLES = "cycles"
    BREATHS = "breaths"


@dataclass(frozen=True)
class Quantity:
    """An amount, or a range that fitting may choose from: seconds, exact, or a count.

    Attributes
    ----------
    least, most
        Equal where no range is given; ``least <= most``, above 0.
    """

    least: Fraction
    most: Fraction

    @classmethod
    def of(cls, amount: Fraction | int) -> Quantity:
        """Make an amount without a range."""
        return cls(Fraction(amount), Fraction(amount))

    @property
    def fixed(self) -> bool:
        """There is no range."""
        return self.least == self.most

    @property
    def count(self) -> int:
        """The lower figure as a whole number: what is done unless the session is fitted to a length."""
        return int(self.least)


@dataclass(frozen=True)
class Dose:
    """How much of an exercise is done in one set on one side: seconds of a hold or time, else a count."""

    measure: Measure
    amount: Quantity

    @property
    def length_s(self) -> Fraction:
        """Seconds, of a hold or time."""
        return self.amount.least

    @property
    def count(self) -> int:
        """Repetitions, cycles or breaths."""
        return self.amount.count


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
class Phase:
    """A part of a cycle: what to do, and for how long."""

    say: Phrase
    length_s: Fraction


@dataclass(frozen=True)
class Exercise:
    """A library entry, or one that the author wrote.

    Attributes
    ----------
    id
        The key that a step names it by: ``pigeon-pose``.
    name
        For people, on screen.
    says
        How the name is spoken, where that differs.
    kind
        What it is for; None where not told.
    position, end_position
        The position that it is done in and the one that it leaves the person in; None where not told.
    set_up
        How to get there; may hold ``{side}`` and ``{other side}``.
    form
        What to mind while doing it, in order of weight.
    phases
        The parts of a cycle, for an exercise measured in cycles.
    pattern
        The breath, for one measured in breaths.
    dose, sides, start, sets, tempo, rest_s, remind_every_s
        Defaults, for a step that says nothing else.
    source
        Where the facts come from.
    language
        What its wording is in: of the library English, or the translation's; of an author's own the routine's.
    """

    id: str
    name: str
    says: str | None = None
    kind: ExerciseKind | None = None
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
    phases: tuple[Phase, ...] = ()
    pattern: Tempo = DEFAULT_PATTERN
    sides: Sides = Sides.BOTH
    start: Side = Side.LEFT
    sets: int = 1
    tempo: Tempo = DEFAULT_TEMPO
    rest_s: Fraction | None = None
    remind_every_s: Fraction | None = None
    source: str | None = None
    language: str = "en"
    based_on: str | None = None

    @property
    def spoken_name(self) -> str:
        """The name as the coach says it."""
        return self.says or self.name

    @property
    def cycle_s(self) -> Fraction:
        """Seconds of one cycle of its phases."""
        return sum((phase.length_s for phase in self.phases), Fraction(0))
