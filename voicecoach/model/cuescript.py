"""What `expand` makes and `place` reads: cues in order, with anchors and *required* durations, but no times yet.

A script is a row of spans. An **exact** span has its length fixed by the author (a hold, a rest, repetitions at a
tempo) and its cues are anchored inside it. A **flowing** span has its cues one after another and lasts as long as they
do: speech takes the time that it takes, and what follows waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from fractions import Fraction
from types import MappingProxyType

from voicecoach.model.clip import Utterance
from voicecoach.model.timeline import USUAL_SOUNDS, UsedBed


class SpanKind(StrEnum):
    """What a stretch of the session is for."""

    OPENING = "opening"
    SAY = "say"
    SOUND = "sound"
    SET_UP = "set-up"
    HOLD = "hold"
    REPS = "reps"
    TIME = "time"
    CYCLES = "cycles"
    BREATHE = "breathe"
    CHANGE_SIDES = "change sides"
    RELEASE = "release"
    REST = "rest"
    CLOSING = "closing"


class Earcon(StrEnum):
    """A short sound with a meaning."""

    TICK = "tick"
    START = "start"
    END = "end"
    HALFWAY = "halfway"
    SIDE = "side"
    REST = "rest"
    REP = "rep"
    IN = "in"
    FULL = "full"
    OUT = "out"
    EMPTY = "empty"
    DONE = "done"
    LEAD_IN = "lead-in"


BREATH_TONES = (Earcon.IN, Earcon.FULL, Earcon.OUT, Earcon.EMPTY)
"""The earcons that last as long as a part of a breath does: in, hold, out, hold."""

NAMED_SOUNDS = MappingProxyType(
    {
        "bell": Earcon.START,
        **{earcon.value: earcon for earcon in Earcon if earcon not in {Earcon.LEAD_IN, Earcon.FULL, Earcon.EMPTY}},
    }
)
"""The sounds that an author can name in a ``sound`` step; any other name is a file."""


class Priority(IntEnum):
    """What yields first where speech does not fit: the lower goes. ``MUST`` is never dropped."""

    EXTRA = 0
    USEFUL = 1
    MUST = 2


@dataclass(frozen=True)
class Where:
    """What a span or cue belongs to.

    Attributes
    ----------
    step
        Number of the step in the order performed, from 1 (the steps of a repeat count anew each round); None for the
        opening and the close, which the author did not write.
    exercise
        Exercise id, or None.
    side
        ``left`` or ``right``, or None.
    set
        Counted from 1, or None.
    name
        What people call the exercise (or the breathing, or the intervals), or None.
    position
        The position that one is in, or gets into, as the exercise calls it: ``lying on the back``; None where unknown.
    """

    step: int | None = None
    exercise: str | None = None
    side: str | None = None
    set: int | None = None
    name: str | None = None
    position: str | None = None


@dataclass(frozen=True)
class Said:
    """Words as people read them, and as they go to the engine."""

    text: str
    utterance: Utterance


@dataclass(frozen=True)
class SpokenCue:
    """Something said.

    Attributes
    ----------
    text
        As people read it, in captions and cue sheets.
    utterance
        As it goes to the engine.
    role
        What it is for: ``set-up``, ``say``, ``rest``, ``rep`` …
    priority
        Whether it may be dropped from an exact span that it does not fit.
    brief
        The same in fewer words, for an exact span that has no room for all of them; or None.
    not_before_s, done_by_s
        In an exact span: the window that it must fit, in seconds from the span's start. Outside of it the words would
        be untrue, or run into something; it is never left. ``done_by_s`` None: the end of the span.
    at_s
        In an exact span: when it is wanted to begin. `place` takes the nearest moment to it that there is in the
        window, rather earlier than later. None: at the beginning of the window.
    begin_by_s
        In an exact span: it begins no later than this, or it would be untrue ("Halfway."); a part of the window, for
        words of a length that is not known yet. None: as late as ``done_by_s`` lets it.
    late
        It is wanted at the end of its window instead: words that announce what comes then.
    least_s
        In a flowing span: the time to keep for it, where that is more than it takes.
    quiet_s
        In an exact span: the quiet to keep between it and other speech, on both sides.
    """

    text: str
    utterance: Utterance
    role: str
    priority: Priority = Priority.MUST
    brief: Said | None = None
    not_before_s: Fraction = Fraction(0)
    done_by_s: Fraction | None = None
    at_s: Fraction | None = None
    begin_by_s: Fraction | None = None
    late: bool = False
    least_s: Fraction = Fraction(0)
    quiet_s: Fraction = Fraction(0)
    rep: int | None = None


@dataclass(frozen=True)
class EarconCue:
    """An earcon.

    Attributes
    ----------
    earcon
        An `Earcon`, or the name of a sound file (`model.routine.SoundStep.name`).
    at_s
        In an exact span: seconds from its start, to the frame; never moved. None: at the earliest moment after what
        sounds before it (in a flowing span, always so).
    length_s
        It sounds so long: the tone of a breath. None: as long as its clip. Such a one has its moment fixed.
    """

    earcon: str
    at_s: Fraction | None = None
    rep: int | None = None
    side: str | None = None
    length_s: Fraction | None = None


@dataclass(frozen=True)
class Gap:
    """Explicit silence, in a flowing span."""

    length_s: Fraction


Cue = SpokenCue | EarconCue | Gap


@dataclass(frozen=True)
class ScriptSpan:
    """A stretch of the session with one purpose.

    Attributes
    ----------
    kind, where
        What it is for and what it belongs to.
    cues
        In order. Gaps stand in flowing spans only.
    length_s
        The exact length that it must have, or None for a flowing span.
    chapter
        Title of the chapter that begins with this span, or None.
    pattern
        Of repetitions their tempo, of breathing its pattern, as written: ``4-2-6-0``; None for others.
    """

    kind: SpanKind
    where: Where
    cues: tuple[Cue, ...] = ()
    length_s: Fraction | None = None
    chapter: str | None = None
    pattern: str | None = None


@dataclass(frozen=True)
class CueScript:
    """The cues of a whole session.

    Attributes
    ----------
    title
        The session's title.
    spans
        In order; the first one begins a chapter.
    stated_length_s
        The whole length in seconds that the coach says somewhere, or None where nothing says it.
    sounds
        The pack of earcons, by the name that the session keeps of it.
    bed
        What sounds under all of it, or None.
    floor
        A very soft noise stands in the place of digital silence.
    """

    title: str
    spans: tuple[ScriptSpan, ...]
    stated_length_s: int | None = None
    sounds: str = USUAL_SOUNDS
    bed: UsedBed | None = None
    floor: bool = False

    def spoken(self) -> Iterator[SpokenCue]:
        """All spoken cues in order."""
        for span in self.spans:
            for cue in span.cues:
                if isinstance(cue, SpokenCue):
                    yield cue

    def utterances(self) -> tuple[Utterance, ...]:
        """Each different utterance once, in the order of first use; the brief forms that may be needed with them."""
        every: dict[Utterance, None] = {}
        for cue in self.spoken():
            every[cue.utterance] = None
            if cue.brief is not None:
                every[cue.brief.utterance] = None
        return tuple(every)
