"""The built-in lexicons: how the names of muscles, bones and poses are spoken."""

from __future__ import annotations

from importlib.resources.abc import Traversable

from voicecoach.errors import LibraryError
from voicecoach.model.lexicon import Pronunciation
from voicecoach.source.fields import Reader
from voicecoach.source.nodes import SourceFile, parse_yaml
from voicecoach.source.pronouncing import LEXICON


def read_lexicon(file: Traversable) -> tuple[Pronunciation, ...]:
    """Read the lexicon of a language; none where there is no such file.

    Raises
    ------
    LibraryError
        It does not read.
    """
    if not file.is_file():
        return ()
    source = SourceFile(file.name, file.read_text(encoding="utf-8"))
    root, faults = parse_yaml(source)
    reader = Reader(source, list(faults))
    found: tuple[Pronunciation, ...] | None = None if root is None else LEXICON(root, reader, "lexicon")
    if reader.faults or found is None:
        raise LibraryError(f"the built-in lexicon does not read: {reader.faults[0] if reader.faults else file.name}")
    return found
