"""parse: the text of a routine → Routine and the faults of its shape."""

from __future__ import annotations

from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic, in_reading_order
from voicecoach.model.location import Location
from voicecoach.model.routine import Routine
from voicecoach.source.nodes import Sources, parse_yaml
from voicecoach.stages.parse.context import Context
from voicecoach.stages.parse.routine import read_routine


def parse(sources: Sources, name: str, library: Library) -> tuple[Routine | None, tuple[Diagnostic, ...]]:
    """Turn a routine's text into a `Routine`.

    Parameters
    ----------
    sources
        The text with its file's name; every file that it includes or takes exercises of is added.
    name
        Name of the routine: the file's, without folder and extension.
    library
        The exercises that there are; those of the routine's own folder come by `Library.beside`.

    Returns
    -------
    tuple
        The routine, or None where nothing of it could be read; and every fault found, in reading order. Where there
        are faults, the routine holds what did read, so that later checks can tell theirs at the same time.
    """
    main = sources.main
    root, faults = parse_yaml(main)
    context = Context(sources, library, list(faults))
    routine = None
    if root is not None:
        routine = read_routine(root, name, context)
    elif not faults:
        hint = "a routine has a title and steps; 'voicecoach new' writes one to begin with"
        place = Location(main.name, 1, 1)
        context.faults.append(main.fault("empty-file", "there is nothing in this file", place, hint))
    return routine, in_reading_order(context.faults)
