"""What an author says of a batch: ``jobs.yaml``, routine × voice × length × talk × person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from voicecoach.batch.people import PERSON, Listed, Nobody, People, Person, TablePeople
from voicecoach.batch.table import Table, TableFaultError
from voicecoach.library.profile import BITRATE, LEVEL, PROFILE_FIELDS, VOICE, profile_of
from voicecoach.model.diagnostic import Diagnostic, Severity, did_you_mean, has_errors, in_reading_order
from voicecoach.model.location import Location
from voicecoach.model.output import FileFormat
from voicecoach.model.profile import Profile
from voicecoach.model.routine import Talk
from voicecoach.mp3.frames import BITRATES_KBPS
from voicecoach.publish.feed import scalars
from voicecoach.source.fields import (
    DURATION,
    SWITCH,
    TEXT,
    Field,
    Kind,
    Reader,
    ReadMap,
    choice,
    list_of,
    map_of,
    read_map,
    scalar,
)
from voicecoach.source.nodes import ListNode, MapNode, Node, ScalarNode, SourceFile, parse_yaml, read_source

AS_WRITTEN = "as written"
"""What an axis holds where the routine, or the profile for all, has its way."""


class Word(NamedTuple):
    """A text of the author's and where it stands."""

    text: str
    place: Location


@dataclass(frozen=True)
class JobsFile:
    """What is wanted.

    Attributes
    ----------
    name
        The file's, without folder and ending.
    source
        Its text.
    routines
        Names or files; empty where each person has their own.
    voices, talk, lengths_s
        What sessions are made in; None: as written. One value at least.
    people
        For whom.
    profile
        What is changed for all; its ``level``, ``file_format`` and ``bitrate_kbps`` are the batch's.
    session_name
        A template of the session's path, or None.
    headings
        Templates of ``title``, ``series``, ``author`` and ``description``, and the ``date``.
    output
        The folder or address that sessions are put into, or None.
    verify
        Each finished session is proved.
    places
        Where each key stands.
    """

    name: str
    source: SourceFile
    routines: tuple[Word, ...] = ()
    voices: tuple[str | None, ...] = (None,)
    talk: tuple[Talk | None, ...] = (None,)
    lengths_s: tuple[Fraction | None, ...] = (None,)
    people: People = field(default_factory=Nobody)
    profile: Profile = field(default_factory=Profile)
    session_name: str | None = None
    headings: Mapping[str, str] = field(default_factory=dict)
    output: str | None = None
    verify: bool = False
    places: Mapping[str, Location] = field(default_factory=dict)

    def fault(
        self, code: str, message: str, place: Location, hint: str | None = None, severity: Severity = Severity.ERROR
    ) -> Diagnostic:
        """Make a fault that shows its line."""
        return self.source.fault(code, message, place, hint, severity)


def _word(node: Node, reader: Reader, key: str) -> Word | None:
    text = TEXT(node, reader, key)
    return None if text is None else Word(text, node.place)


def _or_written(kind: Kind) -> Kind:
    """Make a kind that also takes ``as written``; it gives a value in a tuple of one."""

    def read(node: Node, reader: Reader, key: str) -> tuple[Any] | None:
        if isinstance(node, ScalarNode) and node.text.strip().casefold() == AS_WRITTEN:
            return (None,)
        value = kind(node, reader, key)
        return None if value is None else (value,)

    return Kind(read, {"anyOf": [{"const": AS_WRITTEN}, kind.schema]})


def _axis(kind: Kind) -> Kind:
    """Make a kind of one value or several, each once."""
    each = list_of(_or_written(kind))

    def read(node: Node, reader: Reader, key: str) -> tuple[Any, ...] | None:
        if isinstance(node, ListNode) and not node.items:
            reader.fault("empty-value", f"'{key}' is an empty list", node.place, "name one, or leave the key out")
            return None
        found = tuple(value for (value,) in each(node, reader, key))
        if len(set(found)) < len(found):
            reader.fault("duplicate-key", f"'{key}' has a value twice", node.place, "each makes sessions of its own")
        return found or None

    return Kind(read, each.schema)


def _people(node: Node, reader: Reader, key: str) -> Word | tuple[Person, ...] | None:
    """Read the name of a table, or maps."""
    if isinstance(node, ScalarNode):
        return _word(node, reader, key)
    people: tuple[Person, ...] = list_of(PERSON)(node, reader, key)
    if isinstance(node, ListNode) and not node.items:
        reader.fault(
            "empty-value", f"'{key}' is an empty list", node.place, "leave the key out for sessions for nobody"
        )
    return people


def _profile(read: ReadMap, reader: Reader, node: Node) -> Profile | None:  # noqa: ARG001
    if "name" in read.places and "name" in dict(read.get("with", ())):
        reader.fault("duplicate-key", "'name' stands under 'with', too", read.places["name"], "leave one out")
    return profile_of(read.values)


def _routines(node: Node, reader: Reader, key: str) -> tuple[Word, ...]:
    if isinstance(node, ListNode) and not node.items:
        reader.fault("empty-value", f"'{key}' is an empty list", node.place, "name a routine, such as morning")
    words: tuple[Word, ...] = list_of(Kind(_word, TEXT.schema))(node, reader, key)
    seen: set[str] = set()
    for word in words:
        if word.text in seen:
            reader.fault("duplicate-key", f"'{word.text}' is named twice", word.place, "each makes sessions of its own")
        seen.add(word.text)
    return words


PEOPLE = Kind(_people, {"anyOf": [{"type": "string"}, {"type": "array", "items": PERSON.schema}]})
LINE = scalar(scalars.line, TEXT.schema)
DATE = scalar(lambda raw: scalars.day(raw).isoformat(), {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})

JOBS_FIELDS = (
    Field("routines", Kind(_routines, list_of(TEXT).schema), "names of built-in routines, or files beside this one"),
    Field("voices", _axis(VOICE), "who speaks, such as [espeak:en-us, espeak:en-gb]"),
    Field("talk", _axis(choice(Talk, "a level of talk")), "how much is said, such as [teach, brief]"),
    Field("lengths", _axis(DURATION), "how long sessions are, such as [as written, 10 min]"),
    Field("people", PEOPLE, "for whom: a table (CSV) beside this file, or a list such as [{name: Sam, hold: x0.8}]"),
    Field("profile", map_of(PROFILE_FIELDS, _profile), "what is changed for all, by the keys of a profile"),
    Field("name", LINE, "what sessions are called, such as '{person}/{routine}'; the ending comes by itself"),
    Field("title", LINE, "their title, such as '{title} for {name}'"),
    Field("series", LINE, "what series they belong to"),
    Field("author", LINE, "who made them"),
    Field("description", LINE, "what they are about"),
    Field("date", DATE, "their date, such as 2026-12-01"),
    Field("output", LINE, "the folder that they are put into, or an address such as s3://bucket/sessions"),
    Field("format", choice(FileFormat, "a format"), "what files are made: mp3, wav, flac, ogg, opus, m4a or m4b"),
    Field("bitrate", BITRATE, "the bitrate of files in kbit/s, such as 128"),
    Field("level", LEVEL, "how loud sessions are: podcast, quiet or loud"),
    Field("verify", SWITCH, "yes: each finished session is decoded and proved"),
)
HEADINGS = ("title", "series", "author", "description", "date")


def read_jobs(path: Path) -> tuple[JobsFile | None, tuple[Diagnostic, ...]]:
    """Read a jobs file, and the header of its table of people.

    Returns
    -------
    tuple
        What is wanted, or None where an error stands in its way; and the faults.

    Raises
    ------
    OSError
        The file cannot be opened.
    """
    source, faults = read_source(path)
    if faults:
        return None, tuple(map(_of_jobs, faults))
    root, faults = parse_yaml(source)
    if root is None or (isinstance(root, ScalarNode) and root.empty):
        top = Location(source.name, 1, 1)
        hint = "begin with 'routines: [morning]'"
        return None, faults or (Diagnostic("empty-file", "nothing is wanted: the file is empty", top, hint),)
    reader = Reader(source)
    read = read_map(root, JOBS_FIELDS, "a jobs file", reader)
    if read is None:
        return None, tuple(reader.faults)
    jobs = _jobs(read, path, reader, root)
    found = in_reading_order(reader.faults)
    return (None if has_errors(found) else jobs), found


def _of_jobs(fault: Diagnostic) -> Diagnostic:
    """Say what the file should have been: it is no routine."""
    told = {
        "too-large": "the file is too large: jobs are some lines of YAML; people go into a table (people: people.csv)",
        "binary": "this is not text: jobs are some lines of YAML",
    }
    return replace(fault, message=told.get(fault.code, fault.message))


def _jobs(read: ReadMap, path: Path, reader: Reader, root: Node) -> JobsFile:
    given = read.values
    people = _opened(given.get("people"), reader)
    has_own = not isinstance(people, Nobody) and may_have_routines(people)
    if "routines" not in read.places and not has_own:
        hint = "add 'routines: [morning]'" + ("" if isinstance(people, Nobody) else ", or a column 'routine'")
        reader.fault("missing-key", "a jobs file has no 'routines'", root.place, hint)
    profile: Profile = given.get("profile") or Profile()
    over = Profile(level=given.get("level"), file_format=given.get("format"), bitrate_kbps=given.get("bitrate"))
    for key in ("level", "format", "bitrate"):
        if key in read.places and _in_profile(root, key):
            message = f"'{key}' stands under 'profile', too"
            reader.fault("duplicate-key", message, read.places[key], "only one can count; leave one out")
    _assert_bitrate(over.over(profile), read, reader)
    return JobsFile(
        path.stem,
        reader.source,
        given.get("routines", ()),
        given.get("voices", (None,)),
        given.get("talk", (None,)),
        given.get("lengths", (None,)),
        people,
        over.over(profile),
        given.get("name"),
        {key: given[key] for key in HEADINGS if key in given},
        given.get("output"),
        given.get("verify", False),
        read.places,
    )


def _in_profile(root: Node, key: str) -> bool:
    if not isinstance(root, MapNode):
        return False
    maps = [entry.value for entry in root.entries if entry.key.text == "profile"]
    return any(entry.key.text == key for one in maps if isinstance(one, MapNode) for entry in one.entries)


def _assert_bitrate(profile: Profile, read: ReadMap, reader: Reader) -> None:
    """Refuse, before anything is built, a bitrate that an MP3 cannot have."""
    kbps = profile.bitrate_kbps
    place = read.places.get("bitrate") or read.places.get("profile")
    if place is None or kbps is None or profile.file_format not in {None, FileFormat.MP3} or kbps in BITRATES_KBPS:
        return
    near = ", ".join(str(one) for one in BITRATES_KBPS if one >= 48)
    reader.fault("bad-number", f"an MP3 cannot have {kbps} kbit/s", place, f"it can have {near}")


def _opened(written: Word | tuple[Person, ...] | None, reader: Reader) -> People:
    """Open the table of people, or take those that are written."""
    if written is None:
        return Nobody()
    if not isinstance(written, Word):
        return Listed(written)
    folder = reader.source.folder or Path()
    path, name = folder / written.text, reader.source.beside(written.text)
    if not path.is_file():
        here = sorted(file.name for file in folder.glob("*.csv"))
        hint = did_you_mean(written.text, here) or "it is looked for beside this file"
        reader.fault("missing-file", f"there is no file '{name}'", written.place, hint)
        return Nobody()
    try:
        people = TablePeople(Table(path, name))
    except TableFaultError as error:
        reader.faults.append(error.fault)
        return Nobody()
    except OSError as error:
        reader.fault("missing-file", f"cannot read '{name}': {error.strerror}", written.place)
        return Nobody()
    reader.faults += people.faults
    return people


def may_have_routines(people: People) -> bool:
    """Tell whether somebody may have a routine of their own."""
    if isinstance(people, TablePeople):
        return people.has_routines
    return any(isinstance(one, Person) and one.routines for one in people.read())
