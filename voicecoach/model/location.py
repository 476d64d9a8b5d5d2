"""A place in a source file."""

from __future__ import annotations

from typing import NamedTuple


class Location(NamedTuple):
    """A place in a source file, printed as ``file:line:column``.

    Lines and columns count from 1, columns in characters; ``length`` is how many characters the caret underlines.
    """

    file: str
    line: int
    column: int
    length: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
