"""YAML text to nodes that keep place and raw text: the only door to yaml.

Scalars stay text (YAML's own typing turns ``30:00`` into 1800, ``off`` into False and ``1.10`` into 1.1); the field
that a scalar stands in gives it its type. Nothing is constructed, so no tag can run anything.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath

import yaml

from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.location import Location

MAX_BYTES = 256 * 1024
"""A routine of this size would run for days; larger files are not read."""
MAX_NODES = 100_000
MAX_DEPTH = 40


@dataclass(frozen=True)
class ScalarNode:
    """A piece of text. ``empty`` is true where nothing was written at all."""

    text: str
    place: Location
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """Nothing was written (``rest:`` and no more)."""
        return not self.text and not self.quoted


@dataclass(frozen=True)
class Entry:
    """A key with its value, in a map."""

    key: ScalarNode
    value: Node


@dataclass(frozen=True)
class MapNode:
    """Keys with values in the order written; equal keys are all here."""

    entries: tuple[Entry, ...]
    place: Location


@dataclass(frozen=True)
class ListNode:
    """Items in the order written."""

    items: tuple[Node, ...]
    place: Location


Node = ScalarNode | MapNode | ListNode


@dataclass(frozen=True)
class SourceFile:
    """The text of a file, and the way to make a diagnostic that shows its line.

    Attributes
    ----------
    name
        The file's name as people know it, used in diagnostics.
    text
        Its whole text.
    folder
        The folder that it lies in, where files that it names are looked for; None for a text that lies in none (a
        built-in one, or one from elsewhere).
    """

    name: str
    text: str
    folder: Path | None = None

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The text's lines without their ends."""
        return tuple(self.text.split("\n"))

    def fault(
        self, code: str, message: str, place: Location, hint: str | None = None, severity: Severity = Severity.ERROR
    ) -> Diagnostic:
        """Make a diagnostic at a place of this file, with the line that stands there."""
        line = self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""
        return Diagnostic(code, message, place, hint, line, severity)

    def beside(self, name: str) -> str:
        """Return how people know a file that lies at ``name`` from this one's folder."""
        return os.path.normpath(PurePath(self.name).parent / name)


class Sources:
    """All files that a routine is made of: the one asked for, and those that it includes or takes exercises from.

    Parameters
    ----------
    main
        The file that was asked for.

    Attributes
    ----------
    main
        As given.
    """

    def __init__(self, main: SourceFile) -> None:
        self.main = main
        self._by_name = {main.name: main}

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """All files: the one asked for, then the others as they came."""
        return tuple(self._by_name.values())

    def add(self, source: SourceFile) -> None:
        """Add a file; one of a name that is known already stays as it is."""
        self._by_name.setdefault(source.name, source)

    def fault(
        self, code: str, message: str, place: Location, hint: str | None = None, severity: Severity = Severity.ERROR
    ) -> Diagnostic:
        """Make a diagnostic that shows the line of the file that the place names; of an unknown file it shows none."""
        source = self._by_name.get(place.file, SourceFile(place.file, ""))
        return source.fault(code, message, place, hint, severity)


def read_source(path: Path, name: str | None = None) -> tuple[SourceFile, tuple[Diagnostic, ...]]:
    """Read a file as UTF-8 text.

    Parameters
    ----------
    path
        The file.
    name
        How to call it in diagnostics; the path as given where None.

    Returns
    -------
    tuple
        The source (empty where it cannot be used) and the faults: too large, binary, not UTF-8.

    Raises
    ------
    OSError
        The file cannot be opened.
    """
    shown = name or str(path)
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    empty = SourceFile(shown, "", path.parent)
    top = Location(shown, 1, 1)
    if len(data) > MAX_BYTES:
        return empty, (Diagnostic("too-large", f"the file is larger than {MAX_BYTES // 1024} kB: not a routine", top),)
    if b"\0" in data:
        return empty, (Diagnostic("binary", "this is not text: a routine is a YAML file", top),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        hint = "save the file as UTF-8"
        return empty, (Diagnostic("not-utf8", "the text is not UTF-8", Location(shown, line, column), hint),)
    return SourceFile(shown, _one_line_end(text), path.parent), ()


def _one_line_end(text: str) -> str:
    """Leave one kind of line end, so that YAML's lines are ours: YAML also ends a line at signs that nobody sees."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(dict.fromkeys((0x85, 0x2028, 0x2029), " "))


def parse_yaml(source: SourceFile) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Turn YAML text into nodes.

    Returns
    -------
    tuple
        The root node, or None where the YAML does not read or is empty; and the faults.
    """
    try:
        documents = list(yaml.compose_all(source.text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        return None, (_yaml_fault(source, error),)
    except yaml.reader.ReaderError as error:
        where = source.text[: error.position]
        place = Location(source.name, where.count("\n") + 1, len(where) - where.rfind("\n"))
        return None, (source.fault("binary", "a character that text cannot have (a control character)", place),)
    except RecursionError:
        return None, (source.fault("too-deep", "lists and maps are nested too deeply", Location(source.name, 1, 1)),)
    if len(documents) > 1:
        mark = documents[1].start_mark
        place = Location(source.name, mark.line + 1, mark.column + 1)
        return None, (
            source.fault("yaml", "a second document begins here; a routine is one", place, "remove the '---'"),
        )
    if not documents or documents[0] is None:
        return None, ()
    try:
        return _Walker(source.name).node(documents[0], 0), ()
    except _RefusedError as refused:
        return None, (source.fault(refused.code, refused.message, refused.place),)


class _RefusedError(Exception):
    def __init__(self, code: str, message: str, place: Location) -> None:
        super().__init__(message)
        self.code, self.message, self.place = code, message, place


class _Walker:
    """Copies PyYAML's nodes into ours; counts them, since an alias may stand for a million."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0

    def node(self, node: yaml.Node, depth: int) -> Node:
        place = self.place(node)
        self.count += 1
        if self.count > MAX_NODES:
            raise _RefusedError("too-large", f"aliases (*name) make more than {MAX_NODES} values of this file", place)
        if depth > MAX_DEPTH:
            raise _RefusedError("too-deep", f"nested more than {MAX_DEPTH} deep", place)
        if not node.tag.startswith("tag:yaml.org,2002:") or node.tag.startswith("tag:yaml.org,2002:python"):
            raise _RefusedError("yaml-tag", f"YAML tags such as '{node.tag}' are not used here", place)
        if isinstance(node, yaml.ScalarNode):
            return ScalarNode(node.value, place, quoted=node.style is not None)
        if isinstance(node, yaml.SequenceNode):
            return ListNode(tuple(self.node(item, depth + 1) for item in node.value), place)
        entries = tuple(Entry(self.key(key), self.node(value, depth + 1)) for key, value in node.value)
        return MapNode(entries, place)

    def key(self, node: yaml.Node) -> ScalarNode:
        if not isinstance(node, yaml.ScalarNode):
            raise _RefusedError("yaml", "a key must be a word, not a list or a map", self.place(node))
        return ScalarNode(node.value, self.place(node), quoted=node.style is not None)

    def place(self, node: yaml.Node) -> Location:
        start, end = node.start_mark, node.end_mark
        length = end.index - start.index if start.line == end.line else 1
        return Location(self.name, start.line + 1, start.column + 1, max(1, length))


# What PyYAML says, and what helps an author who has never heard of "mappings".
_HINTS = (
    ("mapping values are not allowed", 'a colon inside text needs quotes around the text: say: "Remember: breathe."'),
    ("cannot start any token", "indent with spaces, not tabs; text that begins with one of @ ` % needs quotes"),
    ("undefined alias", "text that begins with * needs quotes"),
    ("while scanning a quoted scalar", "the quote that opens this text is never closed"),
    ("while scanning an alias", "text that begins with * needs quotes"),
    ("while scanning an anchor", "text that begins with & needs quotes"),
    ("while scanning a simple key", "write 'key: value', with a space after the colon"),
    (
        "while parsing a block mapping",
        "lines that belong together begin in the same column; quotes go around all of a text",
    ),
    ("while parsing a block collection", "items of one list must begin in the same column"),
    ("while parsing a flow", "a '{' or '[' is not closed, or a comma is missing"),
)


def _yaml_fault(source: SourceFile, error: yaml.MarkedYAMLError) -> Diagnostic:
    said = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark or error.context_mark
    if error.context_mark and "quoted scalar" in said:
        mark = error.context_mark  # the end of the file says nothing; the opening quote does
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    last = source.text.count("\n") + 1
    hint = next((hint for words, hint in _HINTS if words in said), None)
    message = f"the YAML does not read: {error.problem or error.context}"
    return source.fault("yaml", message, Location(source.name, min(line, last), column), hint)
