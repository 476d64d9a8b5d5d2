"""The forms that a step can have, as tables: what the reader reads by, and what the schema is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from voicecoach.library.exercise import DOSE_FIELDS, EXERCISE_FIELDS
from voicecoach.model.exercise import Quantity, Unit
from voicecoach.model.routine import MidCue
from voicecoach.source import values
from voicecoach.source.fields import (
    AMOUNT,
    COUNTS,
    DURATION,
    DURATIONS,
    PERCENTAGE,
    SWITCH,
    TEMPO,
    TEXT,
    Field,
    Kind,
    Reader,
    list_of,
    read_map,
    scalar,
    table_schema,
)
from voicecoach.source.nodes import ListNode, MapNode, Node, ScalarNode
from voicecoach.stages.parse.settings import STEP_COACH, STEP_COACH_FIELDS, TALK
from voicecoach.stages.parse.voices import VOICE_CHANGE


def _steps(node: Node, reader: Reader, key: str) -> ListNode | None:
    if isinstance(node, ListNode) and node.items:
        return node
    hint = "write each step on a line of its own that begins with '- '"
    reader.fault("wrong-shape", f"'{key}' must be a list of steps", node.place, hint)
    return None


def _items(node: Node, reader: Reader, key: str) -> ListNode | None:
    if isinstance(node, ListNode) and not node.items:
        hint = "name at least one, such as [fire-hydrant, hip-bridge]"
        reader.fault("empty-value", f"'{key}' names no exercise", node.place, hint)
        return None
    return node if isinstance(node, ListNode) else ListNode((node,), node.place)


STEPS = Kind(_steps, {"$ref": "#/$defs/steps"})
"""A list of steps; it gives the node as it stands, which `StepReader` reads."""
ITEMS = Kind(_items, {"$ref": "#/$defs/items"})
"""Exercises of intervals; it gives the list node as it stands, which `StepReader` reads."""


def _at(raw: str) -> MidCue:
    """Read when a cue comes, as a cue without text."""
    if raw.strip().endswith("%"):
        return MidCue("", share=values.share(raw))
    try:
        return MidCue("", at_s=values.duration(raw))
    except values.ValueFaultError as fault:
        if fault.code == "bare-number":
            raise values.ValueFaultError(fault.code, fault.message, f"write {raw.strip()}% or {raw.strip()}s") from None
        raise


CUE_FIELDS = (
    Field(
        "at", scalar(_at, {"anyOf": [PERCENTAGE.schema, DURATION.schema]}), "when, such as 75% or 20s", required=True
    ),
    Field("say", TEXT, "what is said", required=True),
)


def _cue(node: Node, reader: Reader, key: str) -> MidCue | None:
    if not isinstance(node, MapNode):
        text = TEXT(node, reader, key)
        return None if text is None else MidCue(text)
    read = read_map(node, CUE_FIELDS, f"'{key}'", reader)
    if read is None or "at" not in read.values or "say" not in read.values:
        return None
    at: MidCue = read.get("at")
    return MidCue(read.get("say"), at.at_s, at.share)


CUE = Kind(_cue, {"anyOf": [TEXT.schema, table_schema(CUE_FIELDS)]})
"""Something said in the middle: a text, or a map that says when, too."""

OPTIONAL = Field("optional", SWITCH, "yes: it may be left out where the session is fitted to a length")
STEP_VOICE = Field("voice", VOICE_CHANGE, "who speaks here, such as espeak:en-gb, or how, such as {speed: 0.8}")

EXTRA_FIELDS = (
    OPTIONAL,
    Field("cues", list_of(CUE), "what is said in the middle of it: texts, or {at: 75%, say: …}"),
    Field("talk", TALK, "how much is said here: teach, brief, cues or bells"),
    STEP_VOICE,
    Field("coach", STEP_COACH, "how the coach behaves here"),
    *STEP_COACH_FIELDS,
)
"""What a step says beside the dose."""
DOING_FIELDS = (*DOSE_FIELDS, *EXTRA_FIELDS)
"""The map of a step that names an exercise."""
OWN_FIELDS = (*EXERCISE_FIELDS, *EXTRA_FIELDS)
"""The map of a step that defines an exercise."""


def _breaths_or_time(raw: str) -> tuple[Quantity, Unit]:
    text, hint = raw.strip(), "write a number of breaths such as 5 breaths, or a length such as 2 min"
    try:
        amount, unit = values.amount(text)
    except values.ValueFaultError as fault:
        fits = {"bare-number": f"write {text} breaths, {text}s or {text} min", "bad-dose": hint}
        raise values.ValueFaultError(fault.code, fault.message, fits.get(fault.code, fault.hint)) from None
    if unit not in {Unit.SECONDS, Unit.BREATHS}:
        raise values.ValueFaultError("bad-dose", f"'{text}' is not what breathing is measured in", hint)
    return amount, unit


BREATHE_FIELDS = (
    Field("pattern", TEMPO, "seconds of a breath, in-hold-out-hold, such as 4-0-6-0"),
    Field("for", scalar(_breaths_or_time, AMOUNT.schema), "how long, such as 5 breaths or 2 min", required=True),
    Field("name", TEXT, "what it is called"),
    OPTIONAL,
    STEP_VOICE,
)

SAY_FIELDS = (Field("text", TEXT, "what the coach says", required=True), STEP_VOICE)
"""The long form of ``say``."""

_ROUNDS = "how many times through the exercises, such as 8"
_OF = Field("of", ITEMS, "the exercises, such as [fire-hydrant, hip-bridge]", required=True)
_INTERVALS_NAME = Field("name", TEXT, "what the whole is called")

INTERVALS_FIELDS = (
    Field("work", DURATION, "how long to work at a time, such as 40s", required=True),
    Field("rest", DURATION, "how long to rest after it, such as 20s"),
    Field("rounds", COUNTS, _ROUNDS, required=True),
    _OF,
    _INTERVALS_NAME,
    OPTIONAL,
)
TABATA_FIELDS = (
    Field("rounds", COUNTS, f"{_ROUNDS}; 8 where nothing is said"),
    Field("work", DURATION, "how long to work at a time; 20s where nothing is said"),
    Field("rest", DURATION, "how long to rest after it; 10s where nothing is said"),
    _OF,
    _INTERVALS_NAME,
    OPTIONAL,
)
EMOM_FIELDS = (
    Field("rounds", COUNTS, _ROUNDS, required=True),
    Field("every", DURATION, "how often the next one begins; 60s where nothing is said"),
    _OF,
    _INTERVALS_NAME,
    OPTIONAL,
)


@dataclass(frozen=True)
class IntervalForm:
    """One of the words for work and rest by the clock: its table, and what goes where nothing is said.

    Attributes
    ----------
    alone
        The exercises may stand for the whole map.
    """

    table: tuple[Field, ...]
    work_s: Fraction | None = None
    rest_s: Fraction = Fraction(0)
    rounds: Quantity | None = None
    alone: bool = False


INTERVAL_FORMS: Mapping[str, IntervalForm] = {
    "intervals": IntervalForm(INTERVALS_FIELDS),
    "tabata": IntervalForm(TABATA_FIELDS, Fraction(20), Fraction(10), Quantity.of(8), alone=True),
    "emom": IntervalForm(EMOM_FIELDS, work_s=Fraction(60)),
}


def _node(node: Node, _reader: Reader, _key: str) -> Node:
    """Give the node as it stands; `StepReader` reads it by its own table."""
    return node


def _intervals(word: str) -> Kind:
    form = INTERVAL_FORMS[word]
    schema = table_schema(form.table)
    return Kind(_node, {"anyOf": [ITEMS.schema, schema]} if form.alone else schema)


@dataclass(frozen=True)
class StepForm:
    """A step that is not an exercise.

    Attributes
    ----------
    table
        Its keys; the first one is the word that makes it this step.
    example
        For hints.
    """

    table: tuple[Field, ...]
    example: str

    @property
    def word(self) -> str:
        """The key that makes it this step."""
        return self.table[0].key

    @property
    def kind(self) -> Kind:
        """What stands at that key."""
        return self.table[0].kind


def _form(word: str, kind: Kind, doc: str, example: str, *beside: Field) -> StepForm:
    return StepForm((Field(word, kind, doc, required=True), *beside), f"{word}: {example}")


_FORMS = (
    _form(
        "say",
        Kind(_node, {"anyOf": [TEXT.schema, table_schema(SAY_FIELDS)]}),
        "what the coach says",
        "Well done.",
        STEP_VOICE,
    ),
    _form("rest", DURATIONS, "how long to rest, such as 20s or 20-40s", "20s"),
    _form("sound", TEXT, "a sound to play: bell, or a sound file", "bell"),
    _form(
        "breathe",
        Kind(_node, table_schema(BREATHE_FIELDS)),
        "breathe to a pattern",
        "{pattern: 4-0-6-0, for: 5 breaths}",
    ),
    _form(
        "repeat",
        COUNTS,
        "how many times to do the steps below it, such as 3",
        "3",
        Field("name", TEXT, "what the round is called"),
        OPTIONAL,
        Field("steps", STEPS, "what to do each time, in order", required=True),
    ),
    _form(
        "intervals",
        _intervals("intervals"),
        "work and rest by the clock",
        "{work: 40s, rest: 20s, rounds: 8, of: [fire-hydrant, hip-bridge]}",
    ),
    _form("tabata", _intervals("tabata"), "20 s of work and 10 s of rest, 8 times", "[split-squat]"),
    _form(
        "emom",
        _intervals("emom"),
        "repetitions at the start of every minute, the rest of it free",
        "{rounds: 10, of: [split-squat]}",
    ),
    _form("include", TEXT, "another routine's file, whose steps are done here", "cooldown.yaml"),
)
STEP_FORMS: Mapping[str, StepForm] = {form.word: form for form in _FORMS}
"""Every step that is not an exercise, by its word."""


def inner_keys(word: str) -> frozenset[str]:
    """Return the keys of the map that stands at a step's word; none where no map does."""
    clocked = {key: form.table for key, form in INTERVAL_FORMS.items()}
    tables: dict[str, Any] = {"breathe": BREATHE_FIELDS, "say": SAY_FIELDS, **clocked}
    return frozenset(field.key for field in tables.get(word, ()))


def is_nothing(node: Node) -> bool:
    """Tell whether nothing was written."""
    return isinstance(node, ScalarNode) and node.empty
