"""Piper's voices on disk: which there are, their languages and speakers, and what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from voicecoach.engines.base import VoiceInfo
from voicecoach.engines.neural import files_in, read_json, voice_folders
from voicecoach.errors import EngineError, VoiceUnknownError
from voicecoach.model.diagnostic import did_you_mean

ENGINE = "piper"
RECOMMENDED = "en_US-kristin-medium"
LISTED_SPEAKERS = 32
"""A voice of more speakers stands in the list once; the others are called by their number or name all the same."""

_QUALITIES = ("medium", "high", "low", "x_low")  # in the order that they are taken in: high takes four times as long
_FIRST = ("en_US-kristin-", "en_US-norman-")  # in the public domain
_TAG = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*")
_RATES_HZ = range(8000, 48_001)


@dataclass(frozen=True)
class PiperFile:
    """A voice: ``NAME.onnx`` with ``NAME.onnx.json`` beside it."""

    name: str
    model: Path

    @property
    def config_path(self) -> Path:
        """Where its makers say how it is to be used."""
        return self.model.with_name(f"{self.model.name}.json")

    @property
    def hint(self) -> str:
        """What to do where it is damaged."""
        return f"install it again: voicecoach voices install {ENGINE}:{self.name}"

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """What its makers say, checked for all that we need.

        Raises
        ------
        EngineError
            The file is missing or damaged, or says too little.
        """
        config = read_json(self.config_path, self.hint)
        missing = next((key for key, good in _NEEDED.items() if not good(_at(config, key))), None)
        if missing is not None:
            raise EngineError(f"{self.config_path} is no piper voice's: {missing} is missing or wrong", hint=self.hint)
        return config

    @property
    def speakers(self) -> int:
        """How many people it speaks as."""
        return int(self.config["num_speakers"])

    @property
    def language(self) -> str:
        """BCP 47, lower case; ``und`` where it says none."""
        stated = (_at(self.config, "language.code"), self.config["espeak"]["voice"], self.name.partition("-")[0])
        tags = (str(tag).lower().replace("_", "-") for tag in stated if tag)
        return next((tag for tag in tags if _TAG.fullmatch(tag)), "und")

    @property
    def quality(self) -> str:
        """``x_low``, ``low``, ``medium``, ``high``; empty where it says none."""
        stated = str(_at(self.config, "audio.quality") or self.name.rpartition("-")[2])
        return stated if stated in _QUALITIES else ""

    @property
    def speaker_names(self) -> dict[str, int]:
        """Names of its speakers, or their numbers where it names none; without spaces."""
        if self.speakers <= 1:
            return {}
        named = {re.sub(r"[\s:]+", "_", str(name)): number for name, number in self._speaker_ids().items()}
        unnamed = {str(number): number for number in range(self.speakers) if number not in named.values()}
        return {**named, **unnamed}

    def speaker(self, wanted: str) -> int | None:
        """Find a speaker by name, else by number; None where there is none."""
        named = self.speaker_names
        folded = {name.casefold(): number for name, number in named.items()}
        number = named.get(wanted, folded.get(wanted.casefold()))
        if number is None and wanted.isdecimal() and wanted.isascii() and int(wanted) < self.speakers > 1:
            number = int(wanted)
        return number

    def infos(self) -> Iterator[VoiceInfo]:
        """Give it for the list, and its speakers where they are not too many."""
        size = self.model.stat().st_size + self.config_path.stat().st_size
        licence = "public domain" if self.name.startswith(_FIRST) else ""
        dataset = str(_at(self.config, "dataset") or self.name)
        about = dataset
        if self.speakers > 1:
            about += f", {self.speakers} speakers: {self.name}/0 to {self.name}/{self.speakers - 1}"
        yield VoiceInfo(self.name, self.language, about, self.quality, licence, size)
        if self.speakers <= LISTED_SPEAKERS:
            for speaker in self.speaker_names:
                yield VoiceInfo(
                    f"{self.name}/{speaker}",
                    self.language,
                    f"{dataset}, speaker {speaker}",
                    self.quality,
                    licence,
                    size,
                )

    def rank(self) -> tuple[int, int, str]:
        """Give its place among voices of its language."""
        first = next((place for place, stem in enumerate(_FIRST) if self.name.startswith(stem)), len(_FIRST))
        quality = _QUALITIES.index(self.quality) if self.quality else len(_QUALITIES)
        return first, quality, self.name

    def _speaker_ids(self) -> dict[str, int]:
        ids = self.config.get("speaker_id_map") or {}
        return {name: number for name, number in ids.items() if isinstance(number, int) and number < self.speakers}


def find_files() -> dict[str, PiperFile]:
    """Find the models that lie in the voices' folders, by name; the first of a name is meant."""
    found: dict[str, PiperFile] = {}
    for folder in voice_folders(ENGINE):
        for path in files_in(folder, "*.onnx"):
            name = re.sub(r"[\s:/]+", "_", path.stem)
            found.setdefault(name, PiperFile(name, path))
    return found


def sound_files() -> dict[str, PiperFile]:
    """Find those that can be used, as far as their papers tell; a damaged one is told when it is asked for."""
    return {name: file for name, file in find_files().items() if _is_sound(file)}


def find_voice(voice: str) -> tuple[PiperFile, int | None]:
    """Find a voice by its name, ``NAME`` or ``NAME/SPEAKER``.

    Returns
    -------
    tuple
        The file, and the number of the speaker; None where the voice has one only, or its own first is meant.

    Raises
    ------
    VoiceUnknownError
        There is no such voice or speaker.
    EngineError
        It is damaged.
    """
    files = find_files()
    name, slash, wanted = voice.partition("/")
    file = files.get(name) or {known.casefold(): one for known, one in files.items()}.get(name.casefold())
    if file is None:
        raise VoiceUnknownError(f"piper has no voice {voice!r}", hint=_hint(name, files))
    file.config  # noqa: B018 - a damaged one is told here
    if not slash:
        return file, None
    number = file.speaker(wanted)
    if number is None:
        names = file.speaker_names
        first = f"it has {', '.join(list(names)[:8])}" if names else "it has one speaker only"
        raise VoiceUnknownError(
            f"piper's voice {name!r} has no speaker {wanted!r}", hint=did_you_mean(wanted, names) or first
        )
    return file, number


def _hint(name: str, files: Mapping[str, PiperFile]) -> str:
    if not files:
        return f"none is installed: voicecoach voices install {ENGINE}:{name or RECOMMENDED}"
    return did_you_mean(name, files) or f"install it, if there is one: voicecoach voices install {ENGINE}:{name}"


def _is_sound(file: PiperFile) -> bool:
    try:
        return bool(file.config)
    except EngineError:
        return False


def _at(config: Mapping[str, Any], key: str) -> Any:
    """Give the value at ``audio.sample_rate``, or None."""
    value: Any = config
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _is_map(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(ids, list) and all(isinstance(one, int) for one in ids) for ids in value.values()
    )


_NEEDED: dict[str, Callable[[Any], bool]] = {
    "audio.sample_rate": lambda value: isinstance(value, int) and value in _RATES_HZ,
    "num_symbols": lambda value: isinstance(value, int) and value > 0,
    "num_speakers": lambda value: isinstance(value, int) and value >= 0,
    "espeak.voice": lambda value: isinstance(value, str),
    "phoneme_id_map": lambda value: _is_map(value) and {"^", "_", "$"} <= set(value),
}
"""What must stand in a voice's papers, and what makes it right."""
