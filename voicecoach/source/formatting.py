"""A routine's text made tidy: only space and the order of the top level's keys change.

The text is not written anew from its values (that would join lines that the author broke, and lose comments inside
braces); each line is moved to the column that the structure gives it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import yaml

from voicecoach.source.layout import Layout, Line, read_layout
from voicecoach.source.printing import ROUTINE_KEYS

_EDITORS_LINE = re.compile(r"#\s*(?:yaml-language-server:|vim?:|-\*-)")
"""What editors look for in a file's first lines."""


def format_text(text: str) -> str:
    """Make a routine's text tidy without changing what it says.

    Two spaces of indent, the items of a list indented below its key, the keys of the top level in their usual order,
    at most one empty line in a row, no space at the ends of lines, one line end at the end. What stands inside a text,
    quotes, braces, line breaks and every comment stay as they are.

    Parameters
    ----------
    text
        YAML that reads, with newlines between its lines.

    Raises
    ------
    ValueError
        The text is not YAML.
    """
    try:
        layout = read_layout(text if text.endswith("\n") else f"{text}\n")
        lines = _in_order(_one_empty_line(layout.lines), layout)
        tidy = "".join(f"{line.text}\n" for line in lines)
        same = _meaning(text) == _meaning(tidy)
    except yaml.YAMLError as error:
        raise ValueError(f"this does not read as YAML: {error}") from error
    if not same:
        raise RuntimeError("tidying would change what the routine says")
    return tidy


def _one_empty_line(lines: Sequence[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        if not line.empty or (kept and not kept[-1].empty):
            kept.append(line)
    return _trimmed(kept)


def _trimmed(lines: Sequence[Line]) -> list[Line]:
    filled = [number for number, line in enumerate(lines) if not line.empty]
    return list(lines[filled[0] : filled[-1] + 1]) if filled else []


def _in_order(lines: list[Line], layout: Layout) -> list[Line]:
    """Put the keys of the top level into their usual order, each with the comments above it; unknown ones come last."""
    starts = [number for number, line in enumerate(lines) if line.key is not None]
    ranks = {key: rank for rank, key in enumerate(ROUTINE_KEYS)}
    order = [ranks.get(lines[start].key or "", len(ranks)) for start in starts]
    if layout.fixed or order == sorted(order):
        return lines
    heads = [_end_of_opening(lines[: starts[0]])]
    heads += [_after_last(lines, before + 1, start) for before, start in pairwise(starts)]
    tail = _after_last(lines, starts[-1] + 1, len(lines))
    ends = [*heads[1:], tail]
    groups = [(rank, lines[head:end]) for rank, head, end in zip(order, heads, ends, strict=True)]
    ranked = [group for _, group in sorted(groups, key=lambda pair: pair[0])]
    return _joined([lines[: heads[0]], *ranked, lines[tail:]])


def _end_of_opening(lines: Sequence[Line]) -> int:
    """Count the lines that open the file: all up to the last empty one, and what editors look for."""
    opening = 0
    for number, line in enumerate(lines):
        if line.empty or not line.aside or (opening == number and _EDITORS_LINE.match(line.text)):
            opening = number + 1
    return opening


def _after_last(lines: Sequence[Line], begin: int, end: int) -> int:
    """Find where the comments above the line at ``end`` begin; those right below what is before belong to that."""
    head = end
    while head > begin and lines[head - 1].aside:
        head -= 1
    first_empty = next((number for number in range(head, end) if lines[number].empty), None)
    return head if first_empty is None else first_empty


def _joined(groups: Sequence[Sequence[Line]]) -> list[Line]:
    """Put groups one below the other, an empty line around each that is more than one line."""
    joined: list[Line] = []
    last_long = False
    for group in groups:
        lines = _trimmed(group)
        if not lines:
            continue
        long = len(lines) > 1
        if joined and (long or last_long or group[0].empty):
            joined.append(Line("", empty=True, aside=True))
        joined += lines
        last_long = long
    return joined


def _meaning(text: str) -> object:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    values = _values(root)
    return sorted(values, key=repr) if isinstance(root, yaml.MappingNode) and isinstance(values, list) else values


def _values(node: yaml.Node | None) -> object:
    """Reduce a node to what it says: where the lines of a text break is not part of it."""
    if isinstance(node, yaml.ScalarNode):
        return (" ".join(node.value.split()), bool(node.value), node.style is not None)
    if isinstance(node, yaml.MappingNode):
        return [(_values(key), _values(value)) for key, value in node.value]
    return [_values(item) for item in node.value] if node is not None else []
