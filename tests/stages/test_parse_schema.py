"""The JSON Schema accepts what parse reads and rejects what has another shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
from reading import LIBRARY
from ruamel.yaml import YAML
from test_parse_faults import STEP_FAULTS, TOP_FAULTS
from test_parse_language import EXAMPLE, EXERCISE_STEPS, OTHER_STEPS, TOP_LEVEL

from voicecoach.stages.parse.forms import BREATHE_FIELDS, DOING_FIELDS, INTERVAL_FORMS, OWN_FIELDS, STEP_FORMS
from voicecoach.stages.parse.schema import routine_schema
from voicecoach.stages.parse.table import ROUTINE_FIELDS


def typed(text: str) -> Any:
    """Read YAML as an editor does: 1.2, typed."""
    return YAML(typ="safe", pure=True).load(text)


SCHEMA = routine_schema(LIBRARY.exercise_ids)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
MEANING = (
    "reversed-range",
    "bad-percentage",
    "unknown-exercise",
    "unknown-base",
    "base-loop",
    "include-missing",
    "bad-dose",
)
"""Codes of what a schema cannot tell."""


class TestSchema:
    def test_it_is_a_schema(self) -> None:
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        jsonschema.Draft202012Validator.check_schema(routine_schema())

    @pytest.mark.parametrize("name", LIBRARY.routine_names)
    def test_it_accepts_the_built_in_routines(self, name: str) -> None:
        VALIDATOR.validate(typed(LIBRARY.routine_source(name).text))

    def test_it_accepts_the_example(self) -> None:
        VALIDATOR.validate(typed(EXAMPLE))

    def test_it_accepts_the_template(self) -> None:
        VALIDATOR.validate(typed(LIBRARY.template()))

    @pytest.mark.parametrize("text", [*EXERCISE_STEPS, *OTHER_STEPS, "include: cooldown.yaml"])
    @pytest.mark.parametrize("schema", [SCHEMA, routine_schema()], ids=["offering", "plain"])
    def test_it_accepts_every_step(self, text: str, schema: Mapping[str, Any]) -> None:
        jsonschema.Draft202012Validator(schema).validate(typed(f"steps:\n  - {text}\n"))

    @pytest.mark.parametrize("text", [text for text in TOP_LEVEL if "date" not in text])
    def test_it_accepts_every_key(self, text: str) -> None:
        VALIDATOR.validate(typed(f"{text}\nsteps:\n  - rest: 5s\n"))

    @pytest.mark.parametrize("text", [text for text, code in STEP_FAULTS.items() if code not in MEANING])
    def test_it_rejects_steps_of_another_shape(self, text: str) -> None:
        assert not VALIDATOR.is_valid(typed(f"steps:\n  - {text}\n"))

    @pytest.mark.parametrize("text", [text for text, code in TOP_FAULTS.items() if code != "duplicate-key"])
    def test_it_rejects_a_top_of_another_shape(self, text: str) -> None:
        duck = "duck: -10 dB" in text  # levels of both signs have one shape
        assert VALIDATOR.is_valid(typed(f"{text}\nsteps:\n  - rest: 5s\n")) is duck

    def test_every_key_of_the_tables_is_described(self) -> None:
        described: set[str] = set()

        def walk(schema: Any) -> None:
            if isinstance(schema, list):
                for part in schema:
                    walk(part)
            if isinstance(schema, dict):
                described.update(key for key, value in schema.get("properties", {}).items() if "description" in value)
                for part in schema.values():
                    walk(part)

        walk(routine_schema())
        tables = [ROUTINE_FIELDS, BREATHE_FIELDS, DOING_FIELDS, OWN_FIELDS]
        tables += [form.table for form in (*STEP_FORMS.values(), *INTERVAL_FORMS.values())]
        assert {field.key for table in tables for field in table} <= described
