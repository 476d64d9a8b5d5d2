"""Names that are none: misspelt namespaces and elements. What was meant is told once, and meant from there on.

So the rules that follow look at a feed as its author meant it, and one slip is one finding.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.publish.linter.vocabulary import ANYTHING_IN, KNOWN, NAMESPACES, PARENTS
from voicecoach.publish.linter.xml_names import how_misspelt, meant_prefix
from voicecoach.publish.linter.xml_reading import Document, Element

_NEAR = 0.75


def spelt_right(document: Document) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Return the document with every name as it was meant, and what was wrong with them."""
    faults = [*_namespaces(document), *_undeclared(document)]
    root = _element(document, document.root, faults)
    return replace(document, root=root), tuple(faults)


def _namespaces(document: Document) -> Iterator[Diagnostic]:
    for prefix, uri, element in document.declared:
        meant = meant_prefix(prefix, uri)
        if meant is None:
            continue
        right = NAMESPACES[meant]
        attribute = f"xmlns:{prefix}" if prefix else "xmlns"
        place = document.attribute_place(element, attribute)
        message = (
            f"the address of the namespace {prefix or meant} is not the right one ({how_misspelt(uri, right)}): "
            f"apps pass over all that stands in it"
        )
        yield document.source.fault("feed-namespace", message, place, f'write {attribute}="{right}", letter for letter')


def _undeclared(document: Document) -> Iterator[Diagnostic]:
    for prefix, (element, times) in document.undeclared.items():
        right = NAMESPACES.get(prefix)
        more = f" (and {times - 1} more)" if times > 1 else ""
        message = f"the prefix of <{element.written}>{more} is declared nowhere: the file is no XML with namespaces"
        declared = {given for given, _, _ in document.declared}
        near = difflib.get_close_matches(prefix.casefold(), sorted(declared | set(NAMESPACES)), n=1)
        hint = f'add xmlns:{prefix}="{right}" to <rss>' if right else f"did you mean '{near[0]}'?" if near else None
        yield document.source.fault("feed-namespace", message, document.place(element), hint)


def _element(document: Document, element: Element, faults: list[Diagnostic]) -> Element:
    """Return an element whose parts have the names that were meant."""
    if element.name in ANYTHING_IN or not _is_known(element):
        return element
    return replace(element, children=tuple(_child(document, element, child, faults) for child in element.children))


def _child(document: Document, parent: Element, child: Element, faults: list[Diagnostic]) -> Element:
    prefix, local = split_name(child.name)
    if prefix is not None and local not in KNOWN[prefix] and not (parent.name not in PARENTS and not prefix):
        meant, fault = _unknown(document, parent, child, prefix, local)
        faults.append(fault)
        child = replace(child, name=meant)
    return _element(document, child, faults)


def _unknown(document: Document, parent: Element, child: Element, prefix: str, local: str) -> tuple[str, Diagnostic]:
    """Find what was meant by a name that its namespace does not have."""
    where = PARENTS.get(parent.name, {})
    fitting = {joined(prefix, name) for name in where.get(prefix, "").split()}
    others = {joined(other, name) for other, names in where.items() for name in names.split()}
    place, of = document.place(child), "RSS" if not prefix else f"the namespace {prefix}"
    near = _nearest(local, fitting) or _same_elsewhere(local, others) or _nearest(local, others)
    message = f"<{child.written}> is no element of {of}"
    if near is not None:
        return near, document.source.fault("feed-unknown-element", message, place, f"did you mean <{near}>?")
    message += ": apps pass over it"
    fault = document.source.fault("feed-unknown-element", message, place, None, Severity.WARNING)
    return child.name, fault


def _nearest(local: str, names: set[str]) -> str | None:
    """Find the name nearest to one, capitals set aside."""
    by_local = {name.rpartition(":")[2].casefold(): name for name in sorted(names)}
    near = difflib.get_close_matches(local.casefold(), list(by_local), n=1, cutoff=_NEAR)
    return by_local[near[0]] if near else None


def _same_elsewhere(local: str, names: set[str]) -> str | None:
    return next((name for name in sorted(names) if name.rpartition(":")[2] == local), None)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is near, capitals set aside; None where none is."""
    folded = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def split_name(name: str) -> tuple[str | None, str]:
    """Part a name into the usual prefix, empty for RSS, and the rest; the prefix of a foreign one is None."""
    if name.startswith("{"):
        return None, name
    prefix, _, local = name.rpartition(":")
    return (prefix, local) if prefix in KNOWN else (None, name)


def joined(prefix: str, local: str) -> str:
    """Put prefix and name together."""
    return f"{prefix}:{local}" if prefix else local


def _is_known(element: Element) -> bool:
    return split_name(element.name)[0] is not None
