"""XML to elements that know their place. No DTD is read, no entity is expanded, nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from xml.parsers import expat

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.location import Location
from voicecoach.publish.linter.vocabulary import ALSO_PODCAST, NAMESPACES, RSS_NAMESPACES
from voicecoach.publish.linter.xml_names import meant_prefix
from voicecoach.source.nodes import SourceFile

MOST_ELEMENTS = 1_000_000
MOST_DEPTH = 64

_ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")
_PREFIX_OF = (
    {uri: prefix for prefix, uri in NAMESPACES.items()} | {ALSO_PODCAST: "podcast"} | dict.fromkeys(RSS_NAMESPACES, "")
)


@dataclass(frozen=True, eq=False)
class Element:
    """An element.

    Attributes
    ----------
    name
        By which rules know it: ``title``, ``itunes:image``; the prefix is the usual one, whatever the file calls it.
        Of a foreign namespace ``{uri}name``.
    written
        Its name as it stands in the file.
    attributes
        As written, with their prefixes.
    children, text
        What stands in it; the text is all that stands directly in it.
    line, column
        Where its tag begins, both from 1.
    """

    name: str
    written: str
    attributes: Mapping[str, str]
    line: int
    column: int
    children: tuple[Element, ...] = ()
    text: str = ""

    def all(self, name: str) -> tuple[Element, ...]:
        """Give the elements of a name that stand directly in it."""
        return tuple(child for child in self.children if child.name == name)

    def first(self, name: str) -> Element | None:
        """Give the first of a name that stands directly in it, or None."""
        return next((child for child in self.children if child.name == name), None)

    def text_of(self, name: str) -> str | None:
        """Give the text of the first of a name, without space around it; None where there is none."""
        found = self.first(name)
        return (found.text.strip() or None) if found is not None else None

    def walk(self) -> Iterator[Element]:
        """Give it and all below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()


class Declared(NamedTuple):
    """A namespace, declared: ``xmlns:prefix="uri"``."""

    prefix: str
    uri: str
    element: Element


@dataclass(frozen=True)
class Document:
    """A whole file, read.

    Attributes
    ----------
    source
        Its text.
    root
        Its one outermost element.
    declared
        The namespaces, in the order of the file.
    undeclared
        Prefix → the first element that has it though it is declared nowhere, and how many have.
    encoding
        What the XML declaration says, or None.
    """

    source: SourceFile
    root: Element
    declared: tuple[Declared, ...] = ()
    undeclared: Mapping[str, tuple[Element, int]] = field(default_factory=dict)
    encoding: str | None = None

    def place(self, element: Element) -> Location:
        """Where its name stands."""
        return Location(self.source.name, element.line, element.column + 1, len(element.written))

    def attribute_place(self, element: Element, name: str) -> Location:
        """Where the value of an attribute stands; where the element does if it has none of that name."""
        tag = self._tag(element)
        for found in _ATTRIBUTE.finditer(tag):
            if found[1] == name:
                return self._located(element, tag, found.start(2) + 1, found.end(2) - 1)
        return self.place(element)

    def text_place(self, element: Element) -> Location:
        """Where its text begins; where the element does if it has none."""
        tag = self._tag(element)
        begun = self._from(element)[len(tag) :]
        text = begun.partition("\n")[0].partition("</")[0].removeprefix("<![CDATA[").partition("]]>")[0].strip()
        if not text or tag.endswith("/>"):
            return self.place(element)
        start = len(tag) + begun.index(text)
        return self._located(element, tag + begun[: len(text) + 16], start, start + len(text))

    def _from(self, element: Element) -> str:
        lines = self.source.lines
        return "\n".join((lines[element.line - 1][element.column - 1 :], *lines[element.line : element.line + 40]))

    def _tag(self, element: Element) -> str:
        text, quote = self._from(element), ""
        for at, character in enumerate(text):
            if quote:
                quote = "" if character == quote else quote
            elif character in "\"'":
                quote = character
            elif character == ">":
                return text[: at + 1]
        return text

    def _located(self, element: Element, text: str, start: int, end: int) -> Location:
        before = text[:start]
        line = element.line + before.count("\n")
        column = start - before.rfind("\n") if "\n" in before else element.column + start
        length = len(text[start:end].partition("\n")[0])
        return Location(self.source.name, line, column, max(1, length))


class RefusedError(Exception):
    """The file is not read any further; the fault says why."""

    def __init__(self, fault: Diagnostic) -> None:
        super().__init__(fault.message)
        self.fault = fault


def read_xml(source: SourceFile) -> Document:
    """Read the text of an XML file.

    Raises
    ------
    RefusedError
        It is not well formed, has a DTD, or is nested or filled beyond reason.
    """
    return _Reader(source).read()


@dataclass
class _Open:
    """An element that is not closed yet."""

    element: Element
    scope: Mapping[str, str]
    children: list[Element] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.open: list[_Open] = []
        self.root: Element | None = None
        self.declared: list[Declared] = []
        self.undeclared: dict[str, tuple[Element, int]] = {}
        self.encoding: str | None = None
        self.count = 0
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def read(self) -> Document:
        try:
            self.parser.Parse(self.source.text.encode(), True)
        except expat.ExpatError as error:
            raise RefusedError(self._malformed(error)) from None
        assert self.root is not None
        return Document(self.source, self.root, tuple(self.declared), self.undeclared, self.encoding)

    def _declaration(self, *declared: object) -> None:
        self.encoding = str(declared[1]) if declared[1] else None

    def _doctype(self, *_: object) -> None:
        message = "the file has a DTD (<!DOCTYPE …>): a feed has none, and what it declares is not read"
        raise self.error(
            "feed-dtd", message, "take out the DOCTYPE; write the characters themselves instead of entities"
        )

    def _start(self, written: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS:
            raise self.error("feed-too-large", f"the file has more than {MOST_ELEMENTS} elements", None)
        if len(self.open) >= MOST_DEPTH:
            raise self.error("feed-too-large", f"elements are nested more than {MOST_DEPTH} deep", None)
        outer = self.open[-1].scope if self.open else {}
        own = {
            name.partition(":")[2]: uri.strip()
            for name, uri in attributes.items()
            if name == "xmlns" or name.startswith("xmlns:")
        }
        scope = {**outer, **own} if own else outer
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        prefix, _, local = written.rpartition(":")
        name, known = _canonical(prefix, local, scope)
        element = Element(name, written, attributes, line, column)
        self.declared += [Declared(given, uri, element) for given, uri in own.items()]
        if not known:
            first, times = self.undeclared.get(prefix, (element, 0))
            self.undeclared[prefix] = (first, times + 1)
        self.open.append(_Open(element, scope))

    def _end(self, _: str) -> None:
        done = self.open.pop()
        element = replace(done.element, children=tuple(done.children), text="".join(done.text))
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element

    def _characters(self, text: str) -> None:
        self.open[-1].text.append(text)

    def error(self, code: str, message: str, hint: str | None) -> RefusedError:
        """Make what ends the reading where it stands."""
        place = Location(self.source.name, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        return RefusedError(self.source.fault(code, message, place, hint))

    def _malformed(self, error: expat.ExpatError) -> Diagnostic:
        """Say in plain words what is not XML, and where."""
        place = Location(self.source.name, error.lineno, error.offset + 1)
        message, hint = self._told(error.code, place)
        return self.source.fault("feed-xml", f"the file is not XML: {message}", place, hint)

    def _told(self, code: int, place: Location) -> tuple[str, str | None]:
        codes = expat.errors.codes
        inner = self.open[-1].element if self.open else None
        rest = _line(self.source, place.line)[place.column - 1 :]
        if code == codes[expat.errors.XML_ERROR_TAG_MISMATCH] and inner is not None:
            found = rest[:40].partition(">")[0]
            return (
                f"{found}> stands where <{inner.written}> of line {inner.line} is still open",
                f"close it first: </{inner.written}>",
            )
        ended = (codes[expat.errors.XML_ERROR_NO_ELEMENTS], codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN])
        if code in ended and inner is not None:
            message = f"it ends before <{inner.written}> of line {inner.line} is closed"
            return message, "it may have been cut off: write it again with `voicecoach feed`"
        if code in ended:
            return "there is no element in it", "write it again with `voicecoach feed`"
        if code == codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
            entity = rest.partition(";")[0]
            return f"XML does not know the entity {entity};", "write the character itself, or its number: &#160;"
        if code == codes[expat.errors.XML_ERROR_MISPLACED_XML_PI]:
            return "something stands before <?xml …?>", "<?xml …?> must be the very first of the file"
        if code == codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]:
            return "something stands behind the end of the outermost element", "a file has one outermost element"
        if code == codes[expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE]:
            return "the same attribute stands twice in one tag", None
        return _token(rest, expat.errors.messages[code])


def _token(rest: str, otherwise: str) -> tuple[str, str | None]:
    if rest and (ord(rest[0]) < 32 or rest[0] in "\ufffe\uffff"):
        return f"a control character (U+{ord(rest[0]):04X}) stands there, which no feed may hold", "take it out"
    return otherwise, "write '&' as &amp; and '<' as &lt; in texts and addresses; close what you open, quote each value"


def _line(source: SourceFile, number: int) -> str:
    return source.lines[number - 1] if 0 < number <= len(source.lines) else ""


def _canonical(prefix: str, local: str, scope: Mapping[str, str]) -> tuple[str, bool]:
    """Name an element as rules know it; tell whether its prefix is declared."""
    uri = scope.get(prefix)
    if uri is None:
        folded = prefix.casefold()
        usual = folded if not prefix or folded in NAMESPACES else f"{{{prefix}}}"
        return _named(usual, local), not prefix or prefix == "xml"
    known = _PREFIX_OF.get(uri) if uri else ""
    if known is None:
        known = meant_prefix(prefix, uri) or f"{{{uri}}}"
    return _named(known, local), True


def _named(prefix: str, local: str) -> str:
    if prefix.startswith("{"):
        return f"{prefix}{local}"
    return f"{prefix}:{local}" if prefix else local
