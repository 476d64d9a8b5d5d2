"""What the reading of one routine shares across its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.exercise import Exercise
from voicecoach.model.location import Location
from voicecoach.source.nodes import Node, SourceFile, Sources

MOST_STEPS = 50_000
"""Files that include others twice, and those again, would otherwise never end."""


@dataclass(frozen=True)
class Own:
    """An exercise that the author defined: None where it did not read; and where it stands."""

    exercise: Exercise | None
    place: Location


@dataclass(frozen=True)
class Opened:
    """A file that is included: its text and its root node, None where it does not read."""

    source: SourceFile
    root: Node | None


@dataclass
class Context:
    """What the reading of one routine shares across its files.

    Attributes
    ----------
    sources
        Grows by every file that is read.
    library
        The exercises that there are, the author's own files among them.
    faults
        Every fault found.
    language
        The routine's: that of the exercises' wording.
    own
        The exercises that were defined so far, by id.
    variables
        The author's own, of all files; the outermost file's word counts.
    opened
        The files that were included, by path.
    steps
        How many steps were read.
    """

    sources: Sources
    library: Library
    faults: list[Diagnostic] = field(default_factory=list)
    language: str = "en"
    own: dict[str, Own] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    opened: dict[Path, Opened] = field(default_factory=dict)
    steps: int = 0
