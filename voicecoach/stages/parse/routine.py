"""A routine from its node: the keys of the file's top level."""

from __future__ import annotations

from voicecoach.model.routine import Routine, VoiceChoice
from voicecoach.source.fields import Reader, read_map
from voicecoach.source.nodes import Node
from voicecoach.stages.parse.context import Context
from voicecoach.stages.parse.includes import path_of
from voicecoach.stages.parse.steps import StepReader
from voicecoach.stages.parse.table import ROUTINE_FIELDS


def read_routine(root: Node, name: str, context: Context) -> Routine | None:
    """Read the root node of the file that was asked for."""
    main = context.sources.main
    reader = Reader(main, context.faults)
    read = read_map(root, ROUTINE_FIELDS, "a routine", reader)
    if read is None:
        return None
    context.language = read.get("language", "en").lower()
    context.variables.update(read.get("with", ()))
    path = path_of(main)
    steps = StepReader(reader, context, () if path is None else (path,))
    found = steps.steps(read.get("steps")) if "steps" in read.values else ()
    return Routine(
        name=name,
        title=read.get("title") or name.replace("-", " ").replace("_", " ").capitalize(),
        steps=found,
        author=read.get("author"),
        description=read.get("description"),
        image=read.get("image"),
        date=read.get("date"),
        series=read.get("series"),
        language=context.language,
        voice=read.get("voice", VoiceChoice()),
        counter=read.get("counter"),
        talk=read.get("talk"),
        length_s=read.get("length"),
        coach=read.get("coach", ()),
        bed=read.get("bed"),
        sounds=read.get("sounds"),
        floor=read.get("floor", False),
        variables=tuple(context.variables.items()),
        lexicon=read.get("lexicon", ()),
        places=read.places,
    )
