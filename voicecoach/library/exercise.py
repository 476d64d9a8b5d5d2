"""An exercise from its node: the same table for the library's files, the user's own and those defined on the spot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from voicecoach.model.exercise import Dose, Exercise, ExerciseKind, Measure, Phase
from voicecoach.source.fields import (
    BREATHS,
    COUNT,
    CYCLES,
    DURATION,
    DURATIONS,
    PHRASE,
    PHRASES,
    REPS,
    SIDE,
    SIDES,
    TEMPO,
    TEXT,
    TEXTS,
    Field,
    Reader,
    ReadMap,
    choice,
    list_of,
    map_of,
    read_map,
)
from voicecoach.source.nodes import Node

DOSE_FIELDS = (
    Field("hold", DURATIONS, "how long to hold, such as 30s or 30-60s"),
    Field("reps", REPS, "how many repetitions, such as 10 or 8-12"),
    Field("time", DURATIONS, "how long to go on, such as 2 min"),
    Field("cycles", CYCLES, "how many times through its phases, such as 3-5"),
    Field("breaths", BREATHS, "how many breaths, such as 5"),
    Field("sides", SIDES, "each, alternate, left, right or both"),
    Field("start", SIDE, "the side to begin with"),
    Field("sets", COUNT, "how many times over, such as 2"),
    Field("tempo", TEMPO, "seconds of a repetition, down-hold-up-hold, such as 2-0-2-0"),
    Field("pattern", TEMPO, "seconds of a breath, in-hold-out-hold, such as 4-0-6-0"),
    Field("rest", DURATION, "rest between sets, such as 20s"),
    Field("remind every", DURATION, "say what to mind again and again while it lasts, such as every 20s"),
)
"""How much of an exercise: defaults in an exercise, and what a step may say otherwise."""

PHASE_FIELDS = (
    Field("say", PHRASE, "what to do", required=True),
    Field("for", DURATION, "for how long, such as 5s", required=True),
)


def _phase(read: ReadMap, _reader: Reader, _node: Node) -> Phase | None:
    whole = "say" in read.values and "for" in read.values
    return Phase(read.get("say"), read.get("for")) if whole else None


EXERCISE_FIELDS = (
    Field("name", TEXT, "what people call it", required=True),
    Field("based on", TEXT, "another exercise, which this one is like but for what it says itself"),
    Field("says", TEXT, "how the name is spoken, where that differs"),
    Field(
        "kind",
        choice(ExerciseKind, "a kind of exercise"),
        "what it is for: warm-up, release, mobility, stretch, strength, balance or posture",
    ),
    Field("area", TEXTS, "what it works on"),
    Field("position", TEXT, "the position that it is done in, such as standing"),
    Field("end position", TEXT, "the position that it ends in, where that differs"),
    Field("equipment", TEXTS, "what it needs"),
    Field("set up", PHRASE, "how to get into position"),
    Field("form", PHRASES, "what to mind while doing it"),
    Field("breath", PHRASE, "how to breathe"),
    Field("release", PHRASE, "how to come out of it"),
    Field("safety", PHRASE, "when to take care"),
    Field("easier", PHRASE, "an easier form"),
    Field("harder", PHRASE, "a harder form"),
    Field("phases", list_of(map_of(PHASE_FIELDS, _phase)), "the parts of a cycle, in order"),
    *DOSE_FIELDS,
    Field("source", TEXT, "where the facts come from"),
)

OVERLAY_FIELDS = tuple(
    f
    for f in EXERCISE_FIELDS
    if f.key in {"name", "says", "set up", "form", "breath", "release", "safety", "easier", "harder", "phases"}
)
"""What a translation of an exercise holds: what is said and shown."""

_ATTRIBUTES = {
    "name": "name",
    "says": "says",
    "kind": "kind",
    "area": "area",
    "position": "position",
    "end position": "end_position",
    "equipment": "equipment",
    "set up": "set_up",
    "form": "form",
    "breath": "breath",
    "release": "release",
    "safety": "safety",
    "easier": "easier",
    "harder": "harder",
    "phases": "phases",
    "sides": "sides",
    "start": "start",
    "sets": "sets",
    "tempo": "tempo",
    "pattern": "pattern",
    "rest": "rest_s",
    "remind every": "remind_every_s",
    "source": "source",
    "based on": "based_on",
}
"""The attribute of `Exercise` that each key sets."""


def read_exercise(exercise_id: str, node: Node, reader: Reader, base: Exercise | None = None) -> Exercise | None:
    """Read an exercise; what is wrong with it is recorded with the reader.

    Parameters
    ----------
    exercise_id
        Its key.
    node, reader
        Where it stands.
    base
        The exercise that it is based on: what this one does not say is as there. (Finding it is the caller's.)

    Returns
    -------
    Exercise or None
        None where the node is no map or has no name.
    """
    table = EXERCISE_FIELDS if base is None else tuple(replace(f, required=False) for f in EXERCISE_FIELDS)
    read = read_map(node, table, f"exercise '{exercise_id}'", reader)
    if read is None or (base is None and "name" not in read.values):
        return None
    given = _attributes(read)
    dose = read_dose(read, exercise_id, reader)
    if dose is not None:
        given["dose"] = dose
    if base is None:
        return Exercise(id=exercise_id, **given)
    return replace(base, id=exercise_id, **given)


def read_overlay(exercise: Exercise, language: str, node: Node, reader: Reader) -> Exercise:
    """Lay a translation over an exercise: what it does not say stays as it is."""
    table = tuple(replace(f, required=False) for f in OVERLAY_FIELDS)
    read = read_map(node, table, f"the translation of '{exercise.id}'", reader)
    return exercise if read is None else replace(exercise, language=language, **_attributes(read))


def _attributes(read: ReadMap) -> dict[str, Any]:
    return {_ATTRIBUTES[key]: value for key, value in read.values.items() if key in _ATTRIBUTES}


def read_dose(read: ReadMap, what: str, reader: Reader) -> Dose | None:
    """Take the one dose out of hold, reps, time, cycles and breaths; more than one is a fault."""
    given = [measure for measure in Measure if measure.value in read.places]
    if len(given) > 1:
        named = " and ".join(f"'{measure.value}'" for measure in given)
        place = read.places[given[1].value]
        reader.fault("two-doses", f"'{what}' has {named}", place, "keep the one that counts")
        return None
    if not given or given[0].value not in read.values:
        return None
    return Dose(given[0], read.values[given[0].value])
