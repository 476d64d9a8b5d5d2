"""A routine back to YAML, in the one form that all routines of the same meaning share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    IncludeStep,
    IntervalsStep,
    RepeatStep,
    RestStep,
    Routine,
    SayStep,
    SoundStep,
    Step,
)
from voicecoach.source.emitting import Entry, Node, Value, block_list, block_map, emit, plain, short_list, short_map
from voicecoach.source.parts import (
    bed_value,
    coach_entries,
    cue_value,
    dose_entries,
    exercise_entries,
    length_node,
    lexicon_node,
    optional_node,
    step_coach_entries,
    tempo_node,
    voice_value,
)
from voicecoach.source.written import written_amount, written_counts, written_lengths

ROUTINE_KEYS = (
    *("title", "author", "description", "image", "language", "date", "series"),
    *("voice", "counter", "talk", "length", "coach", "bed", "sounds", "floor", "lexicon", "with", "steps"),
)
"""The keys of a routine file's top level, in the order of a tidy one."""

_TABATA = (Fraction(20), Fraction(10), 8)
"""Work and rest in seconds, and rounds, where an author who writes 'tabata' says nothing else."""


def print_routine(routine: Routine) -> str:
    """Write a routine as YAML: canonical, so that reading it again gives an equal routine.

    What is as it would be anyway is left out. An exercise of the author's own is written where it is first used, and
    named after that. The steps of an included file stay there.

    Raises
    ------
    ValueError
        No author can have written it: a step that defines an exercise and gives it another dose at the same time, or
        a dose without its measure beside other settings.
    """
    return emit(_Printer().routine(routine))


class _Printer:
    """Writes the steps of one routine and remembers the exercises that it has defined."""

    def __init__(self) -> None:
        self._defined: set[str] = set()

    def routine(self, routine: Routine) -> Node:
        nodes = {
            "title": routine.title,
            "author": routine.author,
            "description": routine.description,
            "image": routine.image,
            "language": routine.language if routine.language != "en" else None,
            "date": routine.date,
            "series": routine.series,
            "voice": voice_value(routine.voice),
            "counter": voice_value(routine.counter),
            "talk": routine.talk,
            "length": length_node(routine.length_s),
            "coach": block_map(coach_entries(routine.coach)) if routine.coach else None,
            "bed": bed_value(routine.bed),
            "sounds": routine.sounds,
            "floor": plain("on") if routine.floor else None,
            "lexicon": lexicon_node(routine.lexicon),
            "with": block_map(routine.variables) if routine.variables else None,
            "steps": self.steps(routine.steps),
        }
        return block_map([(key, nodes[key]) for key in ROUTINE_KEYS])

    def steps(self, steps: Sequence[Step]) -> Node:
        return block_list(self.step(step) for step in steps)

    def step(self, step: Step) -> Value:
        if isinstance(step, ExerciseStep):
            return self.exercise(step)
        if isinstance(step, SayStep):
            return block_map([("say", step.text), ("voice", voice_value(step.voice))])
        if isinstance(step, RestStep):
            return block_map([("rest", plain(written_lengths(step.length)))])
        if isinstance(step, SoundStep):
            return block_map([("sound", step.sound)])
        if isinstance(step, IncludeStep):
            self._define_all(step.steps)
            return block_map([("include", step.file)])
        if isinstance(step, RepeatStep):
            times = plain(written_counts(step.times))
            optional = optional_node(step)
            steps = self.steps(step.steps)
            return block_map([("repeat", times), ("name", step.name), ("optional", optional), ("steps", steps)])
        if isinstance(step, BreatheStep):
            return block_map([("breathe", _breathe(step))])
        return block_map([(step.kind, self.intervals(step))])

    def intervals(self, step: IntervalsStep) -> Node:
        of = short_list([self.exercise(item) for item in step.of])
        rounds = plain(written_counts(step.rounds))
        around: list[Entry] = [("of", of), ("name", step.name), ("optional", optional_node(step))]
        if step.kind == "emom":
            return short_map([("rounds", rounds), ("every", length_node(step.work_s)), *around])
        usual = (step.work_s, step.rest_s) == _TABATA[:2] and step.rounds.least == step.rounds.most == _TABATA[2]
        if step.kind == "tabata" and usual:
            return of if step.name is None and not step.optional else short_map(around)
        rest = length_node(step.rest_s) if step.rest_s else None
        return short_map([("work", length_node(step.work_s)), ("rest", rest), ("rounds", rounds), *around])

    def exercise(self, step: ExerciseStep) -> Value:
        name = step.exercise
        given = step.given
        around = [
            ("optional", optional_node(step)),
            ("cues", short_list([cue_value(cue) for cue in step.cues]) if step.cues else None),
            ("talk", step.talk),
            ("voice", voice_value(step.voice)),
            *step_coach_entries(step.coach),
        ]
        if step.own is not None and name not in self._defined:
            if given is not None or any(value is not None for _, value in dose_entries(step)):
                raise ValueError(f"'{name}' is defined and given another dose in one step")
            self._defined.add(name)
            return block_map([(name, block_map([*exercise_entries(step.own), *around]))])
        settings = [(key, node) for key, node in [*dose_entries(step), *around] if node is not None]
        if given is not None and given.measure is None:
            if settings:
                raise ValueError(f"'{name}' has a dose in its short form beside other settings")
            return block_map([(name, plain(written_amount(given.amount, given.unit)))])
        return block_map([(name, short_map(settings))]) if settings else name

    def _define_all(self, steps: Iterable[Step]) -> None:
        """Remember the exercises that an included file defines."""
        for step in steps:
            if isinstance(step, ExerciseStep) and step.own is not None:
                self._defined.add(step.exercise)
            elif isinstance(step, RepeatStep | IncludeStep):
                self._define_all(step.steps)
            elif isinstance(step, IntervalsStep):
                self._define_all(step.of)


def _breathe(step: BreatheStep) -> Node:
    long = plain(written_amount(step.amount, step.unit))
    pattern, optional = tempo_node(step.pattern), optional_node(step)
    around: list[Entry] = [("name", step.name), ("optional", optional), ("voice", voice_value(step.voice))]
    return short_map([("pattern", pattern), ("for", long), *around])
