"""The small language of growth: ``+5s a week, up to 45s``, ``+1 every 2 weeks``; and of lighter weeks."""

from __future__ import annotations

import re
from typing import Any

from voicecoach.library.profile import read_change
from voicecoach.model.program import Growth
from voicecoach.source import values
from voicecoach.source.fields import TEXT, Field, Kind, Reader, ReadMap, map_of, scalar, table_schema
from voicecoach.source.nodes import MapNode, Node

_EVERY = r"(?:(?:a|each|per|every)\s+(?:(?P<n>\d+|other|second)\s+)?weeks?|weekly)"
_GROWTH = re.compile(rf"(?P<by>.+?)\s*,?\s*\b{_EVERY}(?P<most>\s*,?\s*up\s+to\s.*)?", re.IGNORECASE)
_WEEKS = re.compile(r"(?:every\s+)?(?:(?P<n>\d+|other|second)\s*)?(?:weeks?)?", re.IGNORECASE)
_NUMBERS = {"other": 2, "second": 2}
_TIMED_HINT = "write how much and how often, such as '+5s a week, up to 45s', or {by: +5s, every: 2 weeks, up to: 45s}"
_COUNT_HINT = "write how much and how often, such as '+1 a week, up to 12', or {by: +1, every: 2 weeks, up to: 12}"


def _number(written: str | None) -> int:
    return 1 if written is None else _NUMBERS.get(written.casefold()) or values.whole(written, "number of weeks")


def read_every(text: str) -> int:
    """Read how many weeks lie between two times: ``every 2 weeks``, ``2 weeks``, ``week``, ``2``.

    Raises
    ------
    ValueFaultError
        ``bad-growth``: it is none.
    """
    match = _WEEKS.fullmatch(text.strip())
    if match is None or not text.strip():
        raise values.ValueFaultError("bad-growth", f"'{text.strip()}' is not a number of weeks", "write 2 weeks")
    return _number(match["n"])


def read_growth(text: str, *, timed: bool) -> Growth:
    """Read how an amount grows.

    Raises
    ------
    ValueFaultError
        ``bad-growth``: it does not say how often; others as `read_change`.
    """
    raw = " ".join(text.split())
    match = _GROWTH.fullmatch(raw)
    if match is None:
        hint = _TIMED_HINT if timed else _COUNT_HINT
        raise values.ValueFaultError("bad-growth", f"'{raw}' does not say how often it grows", hint)
    limit = (match["most"] or "").strip(" ,")
    return Growth(read_change(f"{match['by'].rstrip(' ,')} {limit}".strip(), timed=timed), _number(match["n"]))


EVERY = scalar(read_every, {"type": ["string", "integer"]})

GROWTH_FIELDS = (
    Field("by", TEXT, "how much each time, such as +5s, +1 or x1.1", required=True),
    Field("every", EVERY, "how often, such as 2 weeks; a week where nothing is said"),
    Field("up to", TEXT, "no further than this, such as 45s or 12"),
)


def growth_kind(*, timed: bool) -> Kind:
    """Make the kind of how one amount grows; ``timed``: it is seconds, else a count."""

    def make(read: ReadMap, reader: Reader, node: Node) -> Growth | None:  # noqa: ARG001
        if "by" not in read.values:
            return None
        limit = f" up to {read.get('up to')}" if "up to" in read.values else ""
        try:
            return Growth(read_change(f"{read.get('by')}{limit}", timed=timed), read.get("every", 1))
        except values.ValueFaultError as fault:
            reader.fault(fault.code, fault.message, read.places["by"], fault.hint)
            return None

    of_map = map_of(GROWTH_FIELDS, make)
    of_text = scalar(lambda raw: read_growth(raw, timed=timed), TEXT.schema)

    def kind(node: Node, reader: Reader, key: str) -> Any:
        return (of_map if isinstance(node, MapNode) else of_text)(node, reader, key)

    return Kind(kind, {"anyOf": [of_text.schema, table_schema(GROWTH_FIELDS)]})


GROWTH_S = growth_kind(timed=True)
GROWTH_COUNT = growth_kind(timed=False)
