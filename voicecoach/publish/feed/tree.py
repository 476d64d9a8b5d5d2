"""XML, written plainly: elements in order, everything escaped, the same bytes for the same tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from voicecoach.publish.feed.plain import one_line, plain

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_VALUE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


@dataclass(frozen=True)
class Node:
    """An element.

    Attributes
    ----------
    tag
        Its name, with the prefix of its namespace.
    content
        Its text, or the elements in it.
    attributes
        In the order in which they are written; one that is None is left out.
    """

    tag: str
    content: str | tuple[Node, ...] = ()
    attributes: Mapping[str, str | None] = field(default_factory=dict)


def document(root: Node) -> bytes:
    """Write a whole document as UTF-8, one element a line."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(_lines(root, ""))).encode()


def _lines(node: Node, indent: str) -> Iterator[str]:
    given = [(name, value) for name, value in node.attributes.items() if value is not None]
    opening = node.tag + "".join(f' {name}="{one_line(value).translate(_VALUE)}"' for name, value in given)
    if not node.content:
        yield f"{indent}<{opening}/>\n"
    elif isinstance(node.content, str):
        # ">" is escaped too: "]]>" may not stand in a text.
        yield f"{indent}<{opening}>{plain(node.content).translate(_TEXT)}</{node.tag}>\n"
    else:
        yield f"{indent}<{opening}>\n"
        for child in node.content:
            yield from _lines(child, f"{indent}  ")
        yield f"{indent}</{node.tag}>\n"
