"""Typed reading of nodes by tables: every map of the language is a tuple of `Field`s.

The tables are the language: the reader takes its keys, its messages and its did-you-mean from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from voicecoach.model.diagnostic import Diagnostic, Severity, did_you_mean
from voicecoach.model.exercise import Phrase, Quantity, Side, Sides, Unit
from voicecoach.model.location import Location
from voicecoach.source import values
from voicecoach.source.nodes import ListNode, MapNode, Node, ScalarNode, SourceFile

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


@dataclass
class Reader:
    """Collects the faults that are found while a source is read, so that all are told at once."""

    source: SourceFile
    faults: list[Diagnostic] = field(default_factory=list)

    def fault(
        self, code: str, message: str, place: Location, hint: str | None = None, severity: Severity = Severity.ERROR
    ) -> None:
        """Record a fault."""
        self.faults.append(self.source.fault(code, message, place, hint, severity))


Schema = Mapping[str, Any]
"""JSON Schema, draft 2020-12, of one value."""
DRAFT = "https://json-schema.org/draft/2020-12/schema"
"""What a whole schema names."""


@dataclass(frozen=True)
class Kind:
    """A type of value of the language: how it is read, and the JSON Schema that says the same to editors.

    Attributes
    ----------
    read
        (node, reader, the key it stands at) gives the value, or None after recording a fault.
    schema
        Of the value as YAML 1.2 types it.
    """

    read: Callable[[Node, Reader, str], Any]
    schema: Schema

    def __call__(self, node: Node, reader: Reader, key: str) -> Any:
        """Read a node."""
        return self.read(node, reader, key)


@dataclass(frozen=True)
class Field:
    """One key of a map of the language.

    Attributes
    ----------
    key
        As the author writes it.
    kind
        What its value is.
    doc
        One line for people.
    required
        A map without it is faulty.
    """

    key: str
    kind: Kind
    doc: str
    required: bool = False


@dataclass(frozen=True)
class ReadMap:
    """What a map gave: the values that read well, and where each key stands (of those that did not, too)."""

    values: dict[str, Any]
    places: dict[str, Location]

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or the default."""
        return self.values.get(key, default)


def read_map(node: Node, table: Sequence[Field], what: str, reader: Reader) -> ReadMap | None:
    """Read a map by its table.

    Unknown, repeated and missing keys and values that do not read are recorded as faults.

    Returns
    -------
    ReadMap or None
        None where the node is no map.
    """
    if not isinstance(node, MapNode):
        hint = f"write it as 'key: value' lines; the keys are {_listed(table)}"
        reader.fault("wrong-shape", f"{what} must be a map of keys and values", node.place, hint)
        return None
    by_key = {f.key: f for f in table}
    read: dict[str, Any] = {}
    places: dict[str, Location] = {}
    for entry in node.entries:
        key = entry.key.text
        known = by_key.get(key)
        if known is None:
            hint = did_you_mean(key, by_key) or f"the keys here are {_listed(table)}"
            reader.fault("unknown-key", f"{what} has no key '{key}'", entry.key.place, hint)
        elif key in places:
            first = f"the first one is in line {places[key].line}; only one can count"
            reader.fault("duplicate-key", f"'{key}' is written twice", entry.key.place, first)
        else:
            places[key] = entry.value.place if not _empty(entry.value) else entry.key.place
            value = _value(entry.value, known, entry.key, reader)
            if value is not None:
                read[key] = value
    for f in table:
        if f.required and f.key not in places:
            reader.fault("missing-key", f"{what} has no '{f.key}'", node.place, f"add '{f.key}: …' ({f.doc})")
    return ReadMap(read, places)


def _value(node: Node, known: Field, key: ScalarNode, reader: Reader) -> Any:
    if _empty(node):
        reader.fault("empty-value", f"'{key.text}' has no value", key.place, known.doc)
        return None
    return known.kind(node, reader, key.text)


def _empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.empty


def _listed(table: Sequence[Field]) -> str:
    return ", ".join(f.key for f in table)


def scalar(read: Callable[[str], T], schema: Schema) -> Kind:
    """Make a kind of a reader of text."""

    def kind(node: Node, reader: Reader, key: str) -> T | None:
        if not isinstance(node, ScalarNode):
            shape = "a list" if isinstance(node, ListNode) else "a map"
            hint = "text that begins with { or [ needs quotes around it"
            reader.fault("wrong-shape", f"'{key}' wants one value, not {shape}", node.place, hint)
            return None
        try:
            return read(node.text)
        except values.ValueFaultError as fault:
            reader.fault(fault.code, f"{key}: {fault.message}", node.place, fault.hint)
            return None

    return Kind(kind, schema)


def choice(enum: type[E], what: str) -> Kind:
    """Make a kind of the words of an enumeration."""
    words = [member.value for member in enum]

    def read(raw: str) -> E:
        word = raw.strip().casefold()
        if word not in words:
            hint = did_you_mean(word, words) or f"one of {', '.join(words)}"
            raise values.ValueFaultError("bad-choice", f"'{raw.strip()}' is not {what}", hint)
        return enum(word)

    return scalar(read, {"enum": words})


def map_of(table: Sequence[Field], make: Callable[[ReadMap, Reader, Node], Any]) -> Kind:
    """Make a kind of a map with its own table; ``make`` turns what was read into the value, or None."""

    def kind(node: Node, reader: Reader, key: str) -> Any:
        read = read_map(node, table, f"'{key}'", reader)
        return None if read is None else make(read, reader, node)

    return Kind(kind, table_schema(table))


def list_of(kind: Kind) -> Kind:
    """Make a kind of one value or a list of them; it gives a tuple."""

    def read(node: Node, reader: Reader, key: str) -> tuple[Any, ...]:
        items = node.items if isinstance(node, ListNode) else (node,)
        found = [kind(item, reader, key) for item in items]
        return tuple(item for item in found if item is not None)

    return Kind(read, {"anyOf": [kind.schema, {"type": "array", "items": kind.schema, "minItems": 1}]})


def table_schema(table: Sequence[Field]) -> dict[str, Any]:
    """Return the JSON Schema of a map with this table."""
    properties = {f.key: {"description": f.doc, **f.kind.schema} for f in table}
    required = [f.key for f in table if f.required]
    schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def file_schema(title: str, table: Sequence[Field]) -> dict[str, Any]:
    """Return the whole JSON Schema of a file that is a map with this table, for editors."""
    return {"$schema": DRAFT, "title": title, **table_schema(table)}


def _text(raw: str) -> str:
    text = " ".join(raw.split())
    if not text:
        hint = "write what is to be said, or leave the key out"
        raise values.ValueFaultError("empty-value", "the text is empty", hint)
    return text


def _speed(raw: str) -> Fraction:
    plain = re.fullmatch(values.NUMBER, raw.strip()) is not None and len(raw.strip()) <= values.MAX_DIGITS + 2
    speed = Fraction(raw.strip()) if plain else Fraction(0)
    if not Fraction(1, 2) <= speed <= 2:
        hint = "write a number from 0.5 to 2; 1 is the usual"
        raise values.ValueFaultError("bad-speed", f"'{raw.strip()}' is not a speed", hint)
    return speed


_N = values.NUMBER
_LENGTH = rf"(?:{_N}\s*[A-Za-z]+\.?(?:\s*(?:and)?\s*{_N}\s*[A-Za-z]+\.?)*|(?:\d+:)?\d{{1,3}}:\d{{2}}(?:\.\d+)?)"
_LENGTHS = rf"(?:{_N}\s*(?:-|–|to)\s*)?{_LENGTH}|{_LENGTH}\s*(?:-|–|to)\s*{_LENGTH}"
_PARTS = rf"\s*{_N}\s*(?:-\s*{_N}\s*){{3}}"


def _counted(unit: Unit) -> Schema:
    words = values.COUNT_WORDS.get(unit, "x")
    pattern = rf"^\s*\d+\s*(?:(?:-|–|to)\s*\d+\s*)?(?:{words})?\.?\s*$"
    return {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": pattern}]}


TEXT = scalar(_text, {"type": ["string", "number", "boolean"], "minLength": 1})
DURATION = scalar(values.duration, {"type": "string", "pattern": rf"^\s*{_LENGTH}\s*$"})
DURATIONS = scalar(values.durations, {"type": "string", "pattern": rf"^\s*(?:{_LENGTHS})\s*$"})
REPS = scalar(lambda raw: values.counts(raw, Unit.REPS, "number of repetitions"), _counted(Unit.REPS))
CYCLES = scalar(lambda raw: values.counts(raw, Unit.CYCLES, "number of cycles"), _counted(Unit.CYCLES))
BREATHS = scalar(lambda raw: values.counts(raw, Unit.BREATHS, "number of breaths"), _counted(Unit.BREATHS))
COUNTS = scalar(lambda raw: values.counts(raw, Unit.SECONDS), _counted(Unit.SECONDS))
COUNT = scalar(values.whole, {"type": "integer", "minimum": 1})
TEMPO = scalar(values.tempo, {"type": "string", "pattern": rf"^{_PARTS}$"})
PERCENTAGE = scalar(values.share, {"type": "string", "pattern": rf"^\s*{_N}\s*%\s*$"})
LEVEL = scalar(values.level_db, {"type": "string", "pattern": rf"^\s*[+-]?{_N}\s*[dD][bB]\s*$"})
FACTOR = scalar(values.factor, {"type": ["string", "number"]})
SIDES = choice(Sides, "a choice of sides")
SIDE = choice(Side, "a side")
SWITCH = scalar(values.switch, {"enum": [True, False, "yes", "no", "on", "off", "Yes", "No", "On", "Off"]})
SPEED = scalar(_speed, {"type": "number", "minimum": 0.5, "maximum": 2})
TEXTS = list_of(TEXT)


def _amount(raw: str) -> tuple[Quantity, Unit]:
    return values.amount(raw)


AMOUNT = scalar(_amount, {"type": "string", "pattern": rf"^\s*(?:{_LENGTHS}|\d[^:]*[A-Za-z×]\.?)\s*$"})
"""A dose in its short form."""

PHRASE_FIELDS = (
    Field("full", TEXT, "the whole wording", required=True),
    Field("brief", TEXT, "a short form for whoever knows it already"),
)


def _phrase(node: Node, reader: Reader, key: str) -> Phrase | None:
    if isinstance(node, MapNode):
        read = read_map(node, PHRASE_FIELDS, f"'{key}'", reader)
        return Phrase(read.get("full"), read.get("brief")) if read and "full" in read.values else None
    text = TEXT(node, reader, key)
    return None if text is None else Phrase(text)


PHRASE = Kind(_phrase, {"anyOf": [TEXT.schema, table_schema(PHRASE_FIELDS)]})
"""A wording: text, or a map of its full and brief form."""
PHRASES = list_of(PHRASE)
