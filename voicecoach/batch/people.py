"""For whom sessions are made: the rows of a table, or maps in the jobs file; nobody is held in memory for longer."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any, Protocol

from voicecoach.batch.table import Row, Table, TableFaultError
from voicecoach.errors import UsageError
from voicecoach.library.profile import NAMES, PROFILE_FIELDS, VOICE, profile_of, variable_name
from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.location import Location
from voicecoach.model.profile import Profile, laid_over
from voicecoach.source.fields import TEXT, Field, Kind, Reader, read_map, table_schema
from voicecoach.source.nodes import MapNode, Node, ScalarNode, SourceFile
from voicecoach.source.values import ValueFaultError

FOR_ALL = ("level", "format", "bitrate")
"""Keys of a profile that are one for all sessions of a batch."""
NOT_IN_A_CELL = ("with", "lexicon")
"""Keys of a profile that are maps."""
ROUTINE = Field("routine", NAMES, "this person's own routine, or several, in place of those for all")
PERSON_FIELDS = (*(field for field in PROFILE_FIELDS if field.key not in FOR_ALL), ROUTINE)
_BY_KEY = {field.key: field for field in PERSON_FIELDS}
_CELLS = {key: field for key, field in _BY_KEY.items() if key not in NOT_IN_A_CELL}
_LISTS = frozenset(key for key, field in _CELLS.items() if field.kind in (NAMES, VOICE))
NOWHERE = Location("", 1, 1)
"""Where somebody stands who is not written anywhere."""
_NEAR = 0.75
"""How like a key a column's name is that was meant to be it: ``hodl`` and ``hold``."""


@dataclass(frozen=True)
class Person:
    """Somebody.

    Attributes
    ----------
    profile
        What they want changed, and what is said of them.
    routines
        Their own; empty: those for all.
    place
        Where they stand, to tell of faults; line 1 where it is not known.
    at
        By which `People.at` finds them again.
    line
        The text of the line that they stand in.
    """

    profile: Profile
    routines: tuple[str, ...] = ()
    place: Location = NOWHERE
    at: int = 0
    line: str = ""

    def fault(self, code: str, message: str, hint: str | None = None) -> Diagnostic:
        """Make a fault of theirs."""
        return Diagnostic(code, message, self.place, hint, self.line)


class People(Protocol):
    """Somebody after somebody, as often as is asked."""

    @property
    def variables(self) -> Sequence[str]:
        """What may be said of them, beside the keys of a profile."""
        ...

    def read(self) -> Iterator[Person | tuple[Diagnostic, ...]]:
        """Give all of them in order; in the place of one that does not read, its faults."""
        ...

    def picked(self, places: Iterator[int]) -> Iterator[Person]:
        """Give those at some places, in the order of the places.

        Raises
        ------
        UsageError
            The file is not as it was.
        """
        ...


class Nobody:
    """Sessions that are for nobody in particular."""

    variables: Sequence[str] = ()

    def read(self) -> Iterator[Person | tuple[Diagnostic, ...]]:
        """Give one person without wishes."""
        yield Person(Profile())

    def picked(self, places: Iterator[int]) -> Iterator[Person]:
        """Give one person without wishes for each place."""
        for _ in places:
            yield Person(Profile())


class Listed:
    """People that are written in the jobs file itself."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._people = tuple(replace(person, at=at) for at, person in enumerate(people))
        names = (name for person in people for name, _ in person.profile.variables)
        self.variables: Sequence[str] = tuple(dict.fromkeys(name for name in names if name != "name"))

    def read(self) -> Iterator[Person | tuple[Diagnostic, ...]]:
        """Give all of them."""
        yield from self._people

    def picked(self, places: Iterator[int]) -> Iterator[Person]:
        """Give those of some numbers."""
        for at in places:
            yield self._people[at]


class TablePeople:
    """The rows of a table.

    Attributes
    ----------
    variables
        The columns that are no keys of a profile.
    faults
        Of the header.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.faults: tuple[Diagnostic, ...] = ()
        self._columns = tuple(self._header())
        self.variables: Sequence[str] = tuple(name for name, field in self._columns if field is None and name)

    @property
    def has_routines(self) -> bool:
        """There is a column for routines of their own."""
        return any(field is ROUTINE for _, field in self._columns)

    def read(self) -> Iterator[Person | tuple[Diagnostic, ...]]:
        """Give somebody for each row."""
        for row in self.table.rows():
            if isinstance(row, TableFaultError):
                yield (row.fault,)
            else:
                yield self._person(row)

    def picked(self, places: Iterator[int]) -> Iterator[Person]:
        """Give those whose rows begin at some places, in bytes."""
        with self.table.open() as file:
            for at in places:
                yield self._again(file, at)

    def _again(self, file: IO[bytes], at: int) -> Person:
        try:
            person = self._person(self.table.at(file, at))
        except TableFaultError as error:
            person = (error.fault,)
        if isinstance(person, Person):
            return person
        message = f"{self.table.name} was changed while its sessions were made: {person[0].message}"
        raise UsageError(message, hint="begin again with --resume")

    def _person(self, row: Row) -> Person | tuple[Diagnostic, ...]:
        reader = _OfRow(self.table.name, row)
        given: dict[str, Any] = {}
        variables: dict[str, str] = {}
        for (name, field), cell in zip(self._columns, row.cells, strict=True):
            if not cell.text:
                continue
            place = Location(self.table.name, cell.line, cell.column, cell.length)
            if field is None:
                variables[name] = " ".join(cell.text.split())
                continue
            text = cell.text.replace(";", ",") if name in _LISTS else cell.text
            value = field.kind(ScalarNode(text, place, quoted=True), reader, name)
            if value is not None:
                given[name] = value
        if reader.faults:
            return tuple(reader.faults)
        place = Location(self.table.name, row.cells[0].line, row.cells[0].column, row.cells[0].length)
        return _of(given, variables, place, row.at, row.lines[0])

    def _header(self) -> Iterator[tuple[str, Field | None]]:
        header = self.table.header
        reader = _OfRow(self.table.name, header)
        first: dict[str, int] = {}
        for number, cell in enumerate(header.cells, 1):
            place = Location(self.table.name, cell.line, cell.column, cell.length)
            if not cell.text:
                reader.fault("bad-csv", f"column {number} has no name", place, "name it, or take the column away")
                yield "", None
                continue
            folded = " ".join(cell.text.casefold().replace("_", " ").split())
            name = folded if folded in _BY_KEY or folded in FOR_ALL else " ".join(cell.text.split())
            if name in first:
                hint = f"column {first[name]} is the first; only one can count"
                reader.fault("duplicate-key", f"the column '{name}' is there twice", place, hint)
            first.setdefault(name, number)
            _assert_name(name, place, reader, cells=True)
            yield name, _CELLS.get(name)
        self.faults = tuple(reader.faults)


def _assert_name(name: str, place: Location, reader: Reader, *, cells: bool = False) -> None:
    """Record what is wrong with the name of a column or key, if anything is."""
    if name in FOR_ALL:
        hint = f"write '{name}: …' in the jobs file"
        reader.fault("unknown-key", f"'{name}' is one for all sessions of a batch", place, hint)
    elif cells and name in NOT_IN_A_CELL:
        hint = "name a column by the variable" if name == "with" else "write it in the jobs file, under 'profile'"
        reader.fault("unknown-key", f"'{name}' does not go into a cell", place, hint)
    elif name not in _BY_KEY:
        try:
            variable_name(name)
        except ValueFaultError as fault:
            reader.fault(fault.code, fault.message, place, fault.hint)
            return
        near = difflib.get_close_matches(name.casefold(), list(_BY_KEY), n=1, cutoff=_NEAR)
        if near:
            message = f"'{name}' is no key of a profile, so it is what {{{name}}} stands for"
            reader.fault("near-key", message, place, f"did you mean '{near[0]}'?", Severity.WARNING)


def read_listed(node: Node, reader: Reader) -> Person | None:
    """Read somebody who is written as a map: keys of a profile; any other key is what ``{key}`` stands for."""
    others: list[Field] = []
    if isinstance(node, MapNode):
        for entry in node.entries:
            name = entry.key.text
            if name not in _BY_KEY:
                _assert_name(name, entry.key.place, reader)
                others.append(Field(name, TEXT, f"what {{{name}}} stands for"))
    unique = tuple({field.key: field for field in others}.values())
    before = len(reader.faults)
    read = read_map(node, (*PERSON_FIELDS, *unique), "a person", reader)
    if read is None or any(fault.severity is Severity.ERROR for fault in reader.faults[before:]):
        return None
    variables = {field.key: read.values.pop(field.key) for field in unique if field.key in read.values}
    line = reader.source.lines[node.place.line - 1] if node.place.line <= len(reader.source.lines) else ""
    return _of(read.values, variables, node.place, 0, line)


def _of(given: dict[str, Any], variables: dict[str, str], place: Location, at: int, line: str) -> Person:
    routines = given.pop("routine", ())
    profile = profile_of(given)
    if variables:
        profile = replace(profile, variables=laid_over(profile.variables, tuple(variables.items())))
    return Person(profile, routines, place, at, line)


class _OfRow(Reader):
    """Collects the faults of a row, and shows its lines."""

    def __init__(self, name: str, row: Row) -> None:
        super().__init__(SourceFile(name, ""))
        self._row = row

    def fault(
        self, code: str, message: str, place: Location, hint: str | None = None, severity: Severity = Severity.ERROR
    ) -> None:
        shown = self._row.text_of(place.line)
        self.faults.append(Diagnostic(code, message, place, hint, shown, severity))


PERSON = Kind(
    lambda node, reader, _: read_listed(node, reader), {**table_schema(PERSON_FIELDS), "additionalProperties": True}
)
"""Somebody who is written as a map."""
