"""A profile from its file or from flags: one table for both."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

from voicecoach.config import LEAST_KBPS, LEVEL_PROFILES, MOST_KBPS
from voicecoach.model.change import Change
from voicecoach.model.diagnostic import Diagnostic, did_you_mean, has_errors
from voicecoach.model.location import Location
from voicecoach.model.output import FileFormat
from voicecoach.model.profile import Profile, Variables
from voicecoach.model.routine import Talk
from voicecoach.model.units import short
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
_LIMITED = re.compile(r"(.*?)\s*,?\s+up\s+to\s+(.*)", re.IGNORECASE | re.DOTALL)
_SIGNED = re.compile(r"([+−-])\s*(.*)", re.DOTALL)
_LIKE_FACTOR = re.compile(rf"[x×].*|{values.NUMBER}\s*%?", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"\s*\b(?:reps?|repetitions?|cycles?|rounds?|sets?|times)\.?$", re.IGNORECASE)
MOST_ADDED_S, MOST_ADDED = Fraction(600), 100
"""What is added or taken away; more is a slip."""
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


def read_change(text: str, *, timed: bool) -> Change:
    """Read how an amount changes: ``x1.25``, ``+5s``, ``-5s``, ``+5s up to 45s``; of counts ``+2``, ``+2 up to 15``.

    Parameters
    ----------
    text
        As written.
    timed
        Of seconds, not of a count.

    Raises
    ------
    ValueFaultError
        ``bad-change``, or ``bad-factor`` where it begins like one, or ``bare-number``: seconds without a unit.
    """
    limited = _LIMITED.fullmatch(text.strip())
    raw = limited[1] if limited else text.strip()
    signed = _SIGNED.fullmatch(raw)
    if signed is not None:
        added = _added(signed[2], raw, timed=timed)
        change = Change(plus=added if signed[1] == "+" else -added)
    elif _LIKE_FACTOR.fullmatch(raw):
        change = Change(factor=values.factor(raw))
    else:
        raise _no_change(raw, timed=timed, like=_amount(raw, timed=timed))
    if limited is None:
        return change
    if change.factor <= 1 and change.plus <= 0:
        message = f"'{raw}' makes nothing more, so it never comes to a limit"
        raise values.ValueFaultError("bad-change", message, f"leave 'up to {limited[2]}' out")
    return replace(change, most=_limit(limited[2], timed=timed))


def _again(raw: str) -> Change:
    number = raw.strip()
    if number.isascii() and number.isdecimal():
        hint = f"write +{number} for so many more, or x{number} for so many times as many"
        raise values.ValueFaultError("bad-change", f"'{number}' is not a change", hint)
    return read_change(raw, timed=False)


def _added(raw: str, whole: str, *, timed: bool) -> Fraction:
    if timed and re.fullmatch(values.NUMBER, raw):
        sign = whole[0]
        raise values.ValueFaultError("bare-number", f"'{whole}' has no unit", f"write {sign}{raw}s or {sign}{raw} min")
    added = _amount(raw, timed=timed)
    if added is None:
        raise _no_change(whole, timed=timed)
    if added > (MOST_ADDED_S if timed else MOST_ADDED):
        hint = f"the most is {short(MOST_ADDED_S) if timed else MOST_ADDED}; or write a factor such as x2"
        raise values.ValueFaultError("bad-change", f"'{whole}' is too much", hint)
    return added


def _limit(raw: str, *, timed: bool) -> Fraction:
    if timed and re.fullmatch(values.NUMBER, raw):
        raise values.ValueFaultError("bare-number", f"'up to {raw}' has no unit", f"write up to {raw}s")
    most = _amount(raw, timed=timed)
    if most is None or most.denominator != 1:
        hint = "write whole seconds, such as up to 45s" if timed else "write a whole number, such as up to 15"
        raise values.ValueFaultError("bad-change", f"'up to {raw}' is not a limit", hint)
    return most


def _amount(raw: str, *, timed: bool) -> Fraction | None:
    """Read a length of time, or a count with or without its word; None where it is neither."""
    try:
        return values.duration(raw) if timed else Fraction(values.whole(_WORD.sub("", raw)))
    except values.ValueFaultError:
        return None


def _no_change(raw: str, *, timed: bool, like: Fraction | None = None) -> values.ValueFaultError:
    """Say that a text is no change; ``like`` is the amount that it would be, were there a sign before it."""
    usual = "+5s, -5s or +5s up to 45s" if timed else "+2, -1 or +2 up to 15"
    hint = f"write a factor such as x1.25, or {usual}" if like is None else f"write +{raw} for so much more, or x1.25"
    return values.ValueFaultError("bad-change", f"'{raw}' is not a change", hint)


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
CHANGE_S = scalar(lambda raw: read_change(raw, timed=True), FACTOR.schema)
"""How lengths of time change; gives a `Change`."""
CHANGE_COUNT = scalar(lambda raw: read_change(raw, timed=False), FACTOR.schema)
"""How counts change; gives a `Change`."""
CHANGE_AGAIN = scalar(_again, FACTOR.schema)
"""How rounds and sets change; gives a `Change`. A number alone is none: of these it would be taken for how many."""
NAMES = Kind(_names, TEXTS.schema)
LEVEL = scalar(_level, {"enum": list(LEVEL_PROFILES)})
BITRATE = scalar(_bitrate, {"type": "integer", "minimum": LEAST_KBPS, "maximum": MOST_KBPS})
VARIABLES = Kind(_variables, {"type": "object", "additionalProperties": TEXT.schema})

PROFILE_FIELDS = (
    Field("name", TEXT, "your name; short for with: {name: …}"),
    Field("with", VARIABLES, "what {name} and its like stand for, such as {name: Sam}"),
    Field("talk", choice(Talk, "a level of talk"), "how much is said: teach, brief, cues or bells"),
    Field("hold", CHANGE_S, "how holds change, such as x1.25 (times and the work of intervals, too) or +5s up to 45s"),
    Field("reps", CHANGE_COUNT, "how repetitions and cycles change, such as x0.8 or +2 up to 15"),
    Field("rounds", CHANGE_AGAIN, "how the rounds of repeats and intervals change, such as +1 up to 4"),
    Field("sets", CHANGE_AGAIN, "how sets change, such as +1 up to 3"),
    Field("rest", CHANGE_S, "how rests change, such as x0.5 or -5s"),
    Field("pace", scalar(_pace, FACTOR.schema), "how fast the coach speaks and counts, such as 0.9 for slower"),
    Field("voice", VOICE, "who speaks, such as espeak:en-gb; of several, the first one that can"),
    Field("lexicon", LEXICON, "how words are spoken, such as {psoas: SOH-as}"),
    Field("bed", SWITCH, "off: no music or noise under the voice"),
    Field("skip", NAMES, "exercises to leave out, such as pigeon-pose"),
    Field("avoid", NAMES, "positions to leave out, such as kneeling"),
    Field("without", NAMES, "equipment that there is not, such as foam roller"),
    Field("reorder", SWITCH, "yes: exercises may change places, for fewer changes of position"),
    Field("warm up", DURATION, "a warm-up first, where the routine has none, such as 5 min"),
    Field("swap sides", SWITCH, "yes: what is done one side after the other begins with the other side"),
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
        rounds=given.get("rounds"),
        sets=given.get("sets"),
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
        swap_sides=given.get("swap sides", False),
        warm_up_s=given.get("warm up"),
        level=given.get("level"),
        file_format=given.get("format"),
        bitrate_kbps=given.get("bitrate"),
    )
