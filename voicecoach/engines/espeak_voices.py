"""The voices of espeak-ng: what we call each, what the library calls it, and which of its data it speaks by."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicecoach.engines.base import VoiceInfo


@dataclass(frozen=True)
class EspeakVoice:
    """A voice: what we tell of it, the name that the library takes, and its languages with their priority."""

    info: VoiceInfo
    identifier: str
    languages: tuple[tuple[int, str], ...]


def name_voices(listed: Sequence[Any], data: Path) -> dict[str, EspeakVoice]:
    """Name each voice by its first language, or where that is taken by its file: British English is ``en-gb``.

    The library is always given the identifier (``gmw/en``): by ``en-gb`` it finds nothing and keeps the old voice.
    """
    known: dict[str, EspeakVoice] = {}
    for identifier, description, ranked in listed:
        file, first = identifier.replace("\\", "/"), ranked[0][1]
        name = first if first not in known else file.rpartition("/")[2].lower()
        languages = tuple((rank, language) for rank, language in ranked)
        if _has_words(data, file, languages):
            known[name] = EspeakVoice(VoiceInfo(name, first, description), identifier, languages)
    return known


def sound_tables(data: Path, voice: EspeakVoice) -> list[str]:
    """Name the tables that may have a voice's sounds, the best first: what its file tells, else its languages'."""
    languages = [language for _, language in voice.languages]
    file = _text(data, voice.identifier)
    told = re.findall(r"^phonemes\s+(\S+)", file, re.MULTILINE)
    return [*told, *languages, *(language.partition("-")[0] for language in languages)]


def _has_words(data: Path, file: str, languages: Sequence[tuple[int, str]]) -> bool:
    """Tell whether a voice's dictionary is there: some (Faroese) are listed without one, and say nothing at all."""
    names = {language.partition("-")[0] for _, language in languages}
    names.update(re.findall(r"^dictionary\s+(\w+)", _text(data, file), re.MULTILINE))
    return any((data / f"{name}_dict").is_file() for name in names)


def _text(data: Path, identifier: str) -> str:
    with contextlib.suppress(OSError):
        return (data / "lang" / identifier.replace("\\", "/")).read_text("utf-8", "replace")
    return ""
