"""parse: the text of a routine → Routine and the faults of its shape."""

from __future__ import annotations

from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic, in_reading_order
from voicecoach.model.location import Location
from voicecoach.model.routine import Routine
from voicecoach.source.fields import Reader
from voicecoach.source.nodes import SourceFile, parse_yaml
from voicecoach.stages.parse.routine import read_routine


def parse(source: SourceFile, name: str, library: Library) -> tuple[Routine | None, tuple[Diagnostic, ...]]:
    """Turn a routine's text into a `Routine`.

    Parameters
    ----------
    source
        The text with its file's name.
    name
        Name of the routine: the file's, without folder and extension.
    library
        Tells exercises from misspelt words.

    Returns
    -------
    tuple
        The routine, or None where nothing of it could be read; and every fault found, in reading order. Where there
        are faults, the routine holds what did read, so that later checks can tell theirs at the same time.
    """
    root, faults = parse_yaml(source)
    reader = Reader(source, list(faults))
    routine = None
    if root is not None:
        routine = read_routine(root, name, reader, library)
    elif not faults:
        hint = "a routine has a title and steps; 'voicecoach new' writes one to begin with"
        reader.fault("empty-file", "there is nothing in this file", Location(source.name, 1, 1), hint)
    return routine, in_reading_order(reader.faults)
