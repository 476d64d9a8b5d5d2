"""A profile from its file or from flags: one table for both."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from voicecoach.config import LEAST_KBPS, LEVEL_PROFILES, MOST_KBPS
from voicecoach.model.diagnostic import Diagnostic, did_you_mean, has_errors
from voicecoach.model.location import Location
from voicecoach.model.output import FileFormat
from voicecoach.model.profile import Profile, Variables
from voicecoach.model.routine import Talk
from voicecoach.source import values
from voicecoach.source.fields import (
    DURATION,
    FACTOR,
    SWITCH,
    TEXT,
    TEXTS,
    Field,
    Kind,
    Reader,
    choice,
    read_map,
    scalar,
)
from voicecoach.source.nodes import ListNode, MapNode, Node, ScalarNode, SourceFile, parse_yaml
from voicecoach.source.pronouncing import LEXICON

COACHS_OWN = ("length", "exercise", "next", "reps", "side", "other side", "remaining", "title")
"""Variables that the coach fills in; nobody else can."""
_NAME = re.compile(r"[^\W\d_][\w -]*")
SLOWEST_PACE, FASTEST_PACE = Fraction(1, 2), Fraction(2)


def variable_name(text: str) -> str:
    """Read the name of a variable.

    Raises
    ------
    ValueFaultError
        ``bad-variable``: it is none, or one that the coach fills in.
    """
    name = text.strip()
    if not _NAME.fullmatch(name):
        hint = "begin it with a letter; letters, digits, spaces and '-' may follow"
        raise values.ValueFaultError("bad-variable", f"'{name}' cannot name a variable", hint)
    if name in COACHS_OWN:
        raise values.ValueFaultError("bad-variable", f"the coach fills in {{{name}}}", "choose another name")
    return name


def _variables(node: Node, reader: Reader, key: str) -> Variables | None:
    if not isinstance(node, MapNode):
        reader.fault("wrong-shape", f"'{key}' must be a map of names and texts", node.place, "write {name: Sam}")
        return None
    found: dict[str, str] = {}
    for entry in node.entries:
        try:
            name = variable_name(entry.key.text)
        except values.ValueFaultError as fault:
            reader.fault(fault.code, fault.message, entry.key.place, fault.hint)
            continue
        if name in found:
            reader.fault("duplicate-key", f"'{name}' is written twice", entry.key.place, "only one can count")
        text = TEXT(entry.value, reader, name)
        if text is not None:
            found.setdefault(name, text)
    return tuple(found.items())


def _pace(raw: str) -> Fraction:
    hint = "write a number from 0.5 (half as fast) to 2 (twice as fast)"
    try:
        pace = values.factor(raw)
    except values.ValueFaultError:
        pace = Fraction(0)
    if not SLOWEST_PACE <= pace <= FASTEST_PACE:
        raise values.ValueFaultError("bad-pace", f"'{raw.strip()}' is not a pace", hint)
    return pace


def _names(node: Node, reader: Reader, key: str) -> tuple[str, ...]:
    """Read one text or a list of them; commas part, too."""
    texts: tuple[str, ...] = TEXTS(node, reader, key)
    return tuple(name.strip() for text in texts for name in text.split(",") if name.strip())


def _level(raw: str) -> str:
    name = raw.strip().casefold()
    if name not in LEVEL_PROFILES:
        hint = did_you_mean(name, LEVEL_PROFILES) or f"one of {', '.join(LEVEL_PROFILES)}"
        raise values.ValueFaultError("bad-choice", f"'{raw.strip()}' is not a level", hint)
    return name


def _bitrate(raw: str) -> int:
    kbps = int(raw) if raw.strip().isascii() and raw.strip().isdecimal() else 0
    if not LEAST_KBPS <= kbps <= MOST_KBPS:
        hint = f"write a whole number of kbit/s from {LEAST_KBPS} to {MOST_KBPS}"
        raise values.ValueFaultError("bad-number", f"'{raw.strip()}' is not a bitrate", hint)
    return kbps


def _voice(node: Node, reader: Reader, key: str) -> str | None:
    """Read a voice or several, as a list or with commas between."""
    texts = _names(node, reader, key) if isinstance(node, ListNode) else (TEXT(node, reader, key),)
    specs = [spec.strip() for text in texts if text is not None for spec in text.split(",") if spec.strip()]
    if not specs and None not in texts:
        reader.fault("empty-value", f"'{key}' names no voice", node.place, "name one, such as espeak")
    return ", ".join(specs) or None


VOICE = Kind(_voice, TEXTS.schema)
SCALE = scalar(values.factor, FACTOR.schema)
NAMES = Kind(_names, TEXTS.schema)
LEVEL = scalar(_level, {"enum": list(LEVEL_PROFILES)})
BITRATE = scalar(_bitrate, {"type": "integer", "minimum": LEAST_KBPS, "maximum": MOST_KBPS})
VARIABLES = Kind(_variables, {"type": "object", "additionalProperties": TEXT.schema})

PROFILE_FIELDS = (
    Field("name", TEXT, "your name; short for with: {name: …}"),
    Field("with", VARIABLES, "what {name} and its like stand for, such as {name: Sam}"),
    Field("talk", choice(Talk, "a level of talk"), "how much is said: teach, brief, cues or bells"),
    Field("hold", SCALE, "a factor for holds, times and the work of intervals, such as x1.25"),
    Field("reps", SCALE, "a factor for repetitions and cycles, such as x0.8"),
    Field("rest", SCALE, "a factor for rests, such as x0.5"),
    Field("pace", scalar(_pace, FACTOR.schema), "how fast the coach speaks and counts, such as 0.9 for slower"),
    Field("voice", VOICE, "who speaks, such as espeak:en-gb; of several, the first one that can"),
    Field("lexicon", LEXICON, "how words are spoken, such as {psoas: SOH-as}"),
    Field("bed", SWITCH, "off: no music or noise under the voice"),
    Field("skip", NAMES, "exercises to leave out, such as pigeon-pose"),
    Field("avoid", NAMES, "positions to leave out, such as kneeling"),
    Field("without", NAMES, "equipment that there is not, such as foam roller"),
    Field("reorder", SWITCH, "yes: exercises may change places, for fewer changes of position"),
    Field("length", DURATION, "the length that sessions should have, such as 12 min"),
    Field("level", LEVEL, "how loud sessions are: podcast, quiet or loud"),
    Field("format", choice(FileFormat, "a format"), "what files are made: mp3, wav, flac, ogg, opus, m4a or m4b"),
    Field("bitrate", BITRATE, "the bitrate of files in kbit/s, such as 128"),
)


def read_profile(source: SourceFile) -> tuple[Profile | None, tuple[Diagnostic, ...]]:
    """Read the text of a profile file.

    Returns
    -------
    tuple
        The profile, or None where an error stands in its way; and the faults. An empty file is the empty profile.
    """
    root, faults = parse_yaml(source)
    if root is None:
        return (None if faults else Profile()), faults
    reader = Reader(source)
    read = read_map(root, PROFILE_FIELDS, "the profile", reader)
    given = read.values if read is not None else {}
    if read is not None and "name" in read.places and "name" in dict(given.get("with", ())):
        place = read.places["name"]
        reader.fault("duplicate-key", "'name' stands under 'with', too", place, "only one can count; leave one out")
    found = tuple(reader.faults)
    return (None if has_errors(found) else profile_of(given)), found


def read_flag(key: str, text: str) -> Any:
    """Read the value of one key from a flag.

    Raises
    ------
    ValueFaultError
        It does not read, and why.
    """
    kind = next(f.kind for f in PROFILE_FIELDS if f.key == key)
    reader = Reader(SourceFile(key, text))
    value = kind(ScalarNode(text, Location(key, 1, 1)), reader, key)
    for fault in reader.faults:
        raise values.ValueFaultError(fault.code, fault.message.removeprefix(f"{key}: "), fault.hint)
    return value


def profile_of(given: dict[str, Any]) -> Profile:
    """Make a profile of what the keys of `PROFILE_FIELDS` gave."""
    name: Variables = (("name", given["name"]),) if "name" in given else ()
    return Profile(
        variables=(*name, *given.get("with", ())),
        talk=given.get("talk"),
        hold=given.get("hold"),
        reps=given.get("reps"),
        rest=given.get("rest"),
        pace=given.get("pace"),
        voice=given.get("voice"),
        lexicon=given.get("lexicon", ()),
        skip=given.get("skip", ()),
        avoid=given.get("avoid", ()),
        without=given.get("without", ()),
        no_bed=not given.get("bed", True),
        length_s=given.get("length"),
        reorder=given.get("reorder", False),
        level=given.get("level"),
        file_format=given.get("format"),
        bitrate_kbps=given.get("bitrate"),
    )
