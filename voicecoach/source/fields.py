"""Typed reading of nodes by tables: every map of the language is a tuple of `Field`s.

The tables are the language: the reader takes its keys, its messages and its did-you-mean from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from voicecoach.model.diagnostic import Diagnostic, Severity, did_you_mean
from voicecoach.model.location import Location
from voicecoach.model.routine import Phrase, Sides
from voicecoach.source import values
from voicecoach.source.nodes import ListNode, MapNode, Node, ScalarNode, SourceFile

T = TypeVar("T")


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


Kind = Callable[[Node, Reader, str], Any]
"""Reads a node as one type: (node, reader, the key it stands at) gives the value, or None after recording a fault."""


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


def _scalar(read: Callable[[str], T]) -> Kind:
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

    return kind


def _text(raw: str) -> str:
    text = " ".join(raw.split())
    if not text:
        raise values.ValueFaultError(
            "empty-value", "the text is empty", "write what is to be said, or leave the key out"
        )
    return text


def _choice(raw: str, choices: Sequence[str], what: str) -> str:
    word = raw.strip().casefold()
    if word not in choices:
        hint = did_you_mean(word, choices) or f"one of {', '.join(choices)}"
        raise values.ValueFaultError("bad-choice", f"'{raw.strip()}' is not {what}", hint)
    return word


def _sides(raw: str) -> Sides:
    return Sides(_choice(raw, [s.value for s in Sides], "a choice of sides"))


def _speed(raw: str) -> Fraction:
    plain = re.fullmatch(values.NUMBER, raw.strip()) is not None and len(raw.strip()) <= values.MAX_DIGITS
    speed = Fraction(raw.strip()) if plain else Fraction(0)
    if not Fraction(1, 2) <= speed <= 2:
        raise values.ValueFaultError(
            "bad-speed", f"'{raw.strip()}' is not a speed", "write a number from 0.5 to 2; 1 is the usual"
        )
    return speed


TEXT = _scalar(_text)
DURATION = _scalar(values.duration)
REPS = _scalar(values.reps)
COUNT = _scalar(values.whole)
COUNT_OR_NONE = _scalar(lambda raw: values.whole(raw, least=0))
TEMPO = _scalar(values.tempo)
SIDES = _scalar(_sides)
SWITCH = _scalar(values.switch)
SPEED = _scalar(_speed)


def texts(node: Node, reader: Reader, key: str) -> tuple[str, ...] | None:
    """Read one text or a list of them."""
    items = node.items if isinstance(node, ListNode) else (node,)
    read = [TEXT(item, reader, key) for item in items]
    return tuple(text for text in read if text is not None)


PHRASE_FIELDS = (
    Field("full", TEXT, "the whole wording", required=True),
    Field("brief", TEXT, "a short form for whoever knows it already"),
)


def phrase(node: Node, reader: Reader, key: str) -> Phrase | None:
    """Read a wording: text, or a map of its full and brief form."""
    if isinstance(node, MapNode):
        read = read_map(node, PHRASE_FIELDS, f"'{key}'", reader)
        return Phrase(read.get("full"), read.get("brief")) if read and "full" in read.values else None
    text = TEXT(node, reader, key)
    return None if text is None else Phrase(text)


def phrases(node: Node, reader: Reader, key: str) -> tuple[Phrase, ...] | None:
    """Read one wording or a list of them."""
    items = node.items if isinstance(node, ListNode) else (node,)
    read = [phrase(item, reader, key) for item in items]
    return tuple(p for p in read if p is not None)
