"""Parts of a file: what a ``Range`` asks for (RFC 9110, 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_RANGES = 16
"""Who asks for more is given the whole: many small parts cost more than they bring."""

_SPEC = re.compile(r"(?P<first>[0-9]*)-(?P<last>[0-9]*)")
_LONGEST_SPEC = 100


@dataclass(frozen=True)
class Span:
    """Bytes from `start` up to, not with, `end`."""

    start: int
    end: int

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.end - self.start

    def content_range(self, whole: int) -> str:
        """Return what stands in ``Content-Range``."""
        return f"bytes {self.start}-{self.end - 1}/{whole}"


class UnsatisfiableError(Exception):
    """All that is asked for lies beyond the end."""


def read_ranges(text: str, size: int) -> tuple[Span, ...] | None:
    """Read a ``Range``.

    Parameters
    ----------
    text
        Its value.
    size
        The whole, in bytes.

    Returns
    -------
    tuple of Span, or None
        What is asked for and there, in that order; spans that overlap or touch are one. None: it is malformed, of
        another unit, or asks for too many; it does not count.

    Raises
    ------
    UnsatisfiableError
        It is well-formed, and nothing of it is there.
    """
    unit, equals, listed = text.strip(" \t").partition("=")
    if not equals or unit.lower() != "bytes":
        return None
    specs = [spec for spec in (part.strip(" \t") for part in listed.split(",")) if spec]
    if not 0 < len(specs) <= MOST_RANGES:
        return None
    spans: list[Span] = []
    for spec in specs:
        found = _SPEC.fullmatch(spec)
        if found is None or spec == "-" or len(spec) > _LONGEST_SPEC:
            return None
        first, last = found["first"], found["last"]
        if first and last and int(last) < int(first):
            return None
        start = int(first) if first else max(0, size - int(last))
        end = min(int(last) + 1, size) if first and last else size
        if start < end:
            spans.append(Span(start, end))
    if not spans:
        raise UnsatisfiableError
    return _joined(spans)


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Make one of spans that overlap or touch; it stands where the first of them stood."""
    done: list[Span] = []
    for span in spans:
        merged = span
        rest: list[Span] = []
        place: int | None = None
        for other in done:
            if other.start <= merged.end and merged.start <= other.end:
                merged = Span(min(other.start, merged.start), max(other.end, merged.end))
                place = len(rest) if place is None else place
            else:
                rest.append(other)
        done = rest
        done.insert(len(done) if place is None else place, merged)
    return tuple(done)
