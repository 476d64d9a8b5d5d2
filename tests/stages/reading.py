"""Reading routines in tests: from a text, with the files of a folder."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.exercise import Quantity, Tempo
from voicecoach.model.routine import Routine, Step
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.parse import parse

LIBRARY = Library()
Write = Callable[[str, str], Path]
"""Writes a file of a name below the test's folder."""


def tempo(*parts_s: int) -> Tempo:
    return Tempo(*(Fraction(part) for part in parts_s))


def seconds(least: int, most: int | None = None) -> Quantity:
    return Quantity(Fraction(least), Fraction(most or least))


def read(text: str, folder: Path | None = None, library: Library = LIBRARY) -> tuple[Routine, tuple[Diagnostic, ...]]:
    source = SourceFile("routine.yaml", text, folder)
    routine, faults = parse(Sources(source), "routine", library.beside(source))
    assert routine is not None
    return routine, faults


def good(text: str, folder: Path | None = None, library: Library = LIBRARY) -> Routine:
    routine, faults = read(text, folder, library)
    assert not faults, "\n".join(fault.render() for fault in faults)
    return routine


def one(step: str, folder: Path | None = None) -> Step:
    found = good(f"steps:\n  - {step}\n", folder).steps
    assert len(found) == 1
    return found[0]


def codes(text: str, folder: Path | None = None, library: Library = LIBRARY) -> list[tuple[str, str]]:
    return [(fault.code, f"{fault.location.file}:{fault.location.line}") for fault in read(text, folder, library)[1]]
