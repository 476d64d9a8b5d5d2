"""The language as JSON Schema, for editors: made of the tables that the reader reads by, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from voicecoach.model.exercise import Measure
from voicecoach.source.fields import AMOUNT, file_schema, table_schema
from voicecoach.stages.parse.forms import DOING_FIELDS, OWN_FIELDS, STEP_FORMS
from voicecoach.stages.parse.table import ROUTINE_FIELDS

Schema = dict[str, Any]


def routine_schema(exercise_ids: Iterable[str] = ()) -> Schema:
    """Return the JSON Schema of a routine as a YAML 1.2 reader types it.

    Parameters
    ----------
    exercise_ids
        Exercises that an editor may offer; others are as good, since authors define their own.

    Returns
    -------
    dict
        JSON Schema, draft 2020-12, with ``$defs`` for what contains itself.
    """
    ids = tuple(exercise_ids)
    return {
        **file_schema("voicecoach routine", ROUTINE_FIELDS),
        "$defs": {
            "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}},
            "step": _step(ids),
            "items": {"anyOf": [{"type": "array", "minItems": 1, "items": _item(ids)}, _item(ids)]},
            "doing": _doing(),
            "exercise": _own(),
        },
    }


def _step(ids: Sequence[str]) -> Schema:
    """A word: an exercise; or a map: 'repeat' with what stands beside it, another form's only key, or an exercise."""
    repeat, say = STEP_FORMS["repeat"], STEP_FORMS["say"]
    others = [form for form in STEP_FORMS.values() if form is not repeat]
    single = {form.word: {"description": form.table[0].doc, **form.kind.schema} for form in others}
    return {
        "type": ["string", "object"],
        **_word(ids),
        "if": {"type": "object", "required": [repeat.word]},
        "then": table_schema(repeat.table),
        "else": {
            "if": {"type": "object", "required": [say.word]},
            "then": table_schema(say.table),
            "else": _map({**single, **_named(ids)}),
        },
    }


def _item(ids: Sequence[str]) -> Schema:
    """An exercise of intervals."""
    return {
        "type": ["string", "object"],
        **_word(ids),
        **_map(_named(ids)),
        "propertyNames": {"not": {"enum": list(STEP_FORMS)}},
    }


def _word(ids: Sequence[str]) -> Schema:
    offered = {"examples": list(ids)} if ids else {}
    return {**offered, "minLength": 1, "not": {"enum": list(STEP_FORMS)}}


def _map(properties: Schema) -> Schema:
    return {
        "minProperties": 1,
        "maxProperties": 1,
        "properties": properties,
        "additionalProperties": {"$ref": "#/$defs/doing"},
    }


def _named(ids: Sequence[str]) -> Schema:
    return {name: {"$ref": "#/$defs/doing"} for name in ids}


def _doing() -> Schema:
    """What stands at an exercise's name: nothing, a dose, or a map; the map of one that is defined here has a name."""
    defines = {"anyOf": [{"required": [key]} for key in _own_keys()]}
    return {
        "if": {"type": "object", **defines},
        "then": {"$ref": "#/$defs/exercise"},
        "else": {"anyOf": [{"type": "null"}, AMOUNT.schema, _one_dose(table_schema(DOING_FIELDS))]},
    }


def _own() -> Schema:
    """An exercise that is defined on the spot: it has a name, or the one that it is based on has."""
    table = table_schema(OWN_FIELDS)
    required = table.pop("required")
    return {**_one_dose(table), "anyOf": [{"required": required}, {"required": ["based on"]}]}


def _own_keys() -> Iterable[str]:
    doing = {field.key for field in DOING_FIELDS}
    return (field.key for field in OWN_FIELDS if field.key not in doing)


def _one_dose(table: Schema) -> Schema:
    pairs = combinations([measure.value for measure in Measure], 2)
    return {**table, "not": {"anyOf": [{"required": list(pair)} for pair in pairs]}}
