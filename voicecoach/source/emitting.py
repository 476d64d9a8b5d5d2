"""Nodes to YAML text: which text needs quotes, and what fits into one line.

The tree is built of PyYAML's own nodes and written by its own emitter, so that what it writes, it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import yaml

Node = yaml.Node
Value = yaml.Node | str | None
"""A node; text of the author's; or nothing, which is left out."""
Entry = tuple[str, Value]
"""A key with its value."""

_WIDEST_FLOW = 88
"""A map or list that is longer when written in one line gets a line for each entry."""
_TEXT, _LIST, _MAP = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


class _Dumper(yaml.SafeDumper):
    """Indents the items of a list below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, False)


def emit(node: yaml.Node) -> str:
    """Write a node as YAML, each piece of text in one line."""
    text: str = yaml.serialize(node, Dumper=_Dumper, allow_unicode=True, width=float("inf"), indent=2)
    return text


def plain(text: str) -> yaml.Node:
    """Text of ours that needs no quotes, such as ``1:30`` or ``yes``: its field types it, not YAML."""
    tag = yaml.resolver.Resolver().resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return yaml.ScalarNode(tag, text)


def block_list(values: Iterable[Value]) -> yaml.Node:
    """A list with a line or more for each item."""
    return yaml.SequenceNode(_LIST, _nodes(values), flow_style=False)


def short_list(values: Iterable[Value]) -> yaml.Node:
    """A list in one line if it fits."""
    return _in_one_line_if_short(yaml.SequenceNode(_LIST, _nodes(values), flow_style=False))


def one_or_list(values: Sequence[Value]) -> Value:
    """One value as it is, several as a list, none as None."""
    if len(values) == 1:
        return values[0]
    return short_list(values) if values else None


def block_map(entries: Iterable[Entry]) -> yaml.Node:
    """A map with a line or more for each entry."""
    return _map(entries)


def short_map(entries: Iterable[Entry]) -> yaml.Node:
    """A map in one line if it fits."""
    return _in_one_line_if_short(_map(entries))


def _map(entries: Iterable[Entry]) -> yaml.MappingNode:
    pairs = [_nodes(entry) for entry in entries if entry[1] is not None]
    return yaml.MappingNode(_MAP, [(key, value) for key, value in pairs], flow_style=False)


def _nodes(values: Iterable[Value]) -> list[yaml.Node]:
    """Make text into nodes; the emitter quotes it where YAML would take it for something else."""
    found = [value for value in values if value is not None]
    return [yaml.ScalarNode(_TEXT, str(value)) if isinstance(value, str) else value for value in found]


def _in_one_line_if_short(node: yaml.CollectionNode) -> yaml.Node:
    node.flow_style = True
    text = emit(node)
    node.flow_style = len(text) <= _WIDEST_FLOW and text.count("\n") == 1
    return node
