"""An exercise from its node: the same table for the library's files and for exercises defined on the spot."""

from __future__ import annotations

from voicecoach.model.routine import DEFAULT_TEMPO, Dose, Exercise, Measure, Sides
from voicecoach.source.fields import (
    COUNT,
    DURATION,
    REPS,
    SIDES,
    TEMPO,
    TEXT,
    Field,
    Reader,
    ReadMap,
    phrase,
    phrases,
    read_map,
    texts,
)
from voicecoach.source.nodes import Node

DOSE_FIELDS = (
    Field("hold", DURATION, "how long to hold, such as 30s"),
    Field("reps", REPS, "how many repetitions, such as 10"),
    Field("time", DURATION, "how long to go on, such as 2 min"),
    Field("sides", SIDES, "each, left, right or both"),
    Field("sets", COUNT, "how many times over, such as 2"),
    Field("tempo", TEMPO, "seconds of a repetition, down-hold-up-hold, such as 2-0-2-0"),
    Field("rest", DURATION, "rest between sets, such as 20s"),
)
"""How much of an exercise: defaults in an exercise, and what a step may say otherwise."""

EXERCISE_FIELDS = (
    Field("name", TEXT, "what people call it", required=True),
    Field("says", TEXT, "how the name is spoken, where that differs"),
    Field("area", texts, "what it works on"),
    Field("position", TEXT, "the position that it is done in, such as standing"),
    Field("end position", TEXT, "the position that it ends in, where that differs"),
    Field("equipment", texts, "what it needs"),
    Field("set up", phrase, "how to get into position"),
    Field("form", phrases, "what to mind while doing it"),
    Field("breath", phrase, "how to breathe"),
    Field("release", phrase, "how to come out of it"),
    Field("safety", phrase, "when to take care"),
    Field("easier", phrase, "an easier form"),
    Field("harder", phrase, "a harder form"),
    *DOSE_FIELDS,
    Field("source", TEXT, "where the facts come from"),
)


def read_exercise(exercise_id: str, node: Node, reader: Reader) -> Exercise | None:
    """Read an exercise; what is wrong with it is recorded with the reader.

    Returns
    -------
    Exercise or None
        None where the node is no map or has no name.
    """
    read = read_map(node, EXERCISE_FIELDS, f"exercise '{exercise_id}'", reader)
    if read is None or "name" not in read.values:
        return None
    get = read.get
    return Exercise(
        id=exercise_id,
        name=get("name"),
        says=get("says"),
        area=get("area", ()),
        position=get("position"),
        end_position=get("end position"),
        equipment=get("equipment", ()),
        set_up=get("set up"),
        form=get("form", ()),
        breath=get("breath"),
        release=get("release"),
        safety=get("safety"),
        easier=get("easier"),
        harder=get("harder"),
        dose=read_dose(read, exercise_id, reader),
        sides=get("sides", Sides.BOTH),
        sets=get("sets", 1),
        tempo=get("tempo", DEFAULT_TEMPO),
        rest_s=get("rest"),
        source=get("source"),
    )


def read_dose(read: ReadMap, what: str, reader: Reader) -> Dose | None:
    """Take the one dose out of hold, reps and time; more than one is a fault."""
    given = [measure for measure in Measure if measure.value in read.places]
    if len(given) > 1:
        named = " and ".join(f"'{measure.value}'" for measure in given)
        place = read.places[given[1].value]
        reader.fault("two-doses", f"'{what}' has {named}", place, "keep the one that counts")
        return None
    if not given or given[0].value not in read.values:
        return None
    value = read.values[given[0].value]
    if given[0] is Measure.REPS:
        return Dose(Measure.REPS, reps=value)
    return Dose(given[0], length_s=value)
