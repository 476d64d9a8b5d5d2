"""The Engine protocol: what a speech engine is to voicecoach.

An engine takes text and gives samples. It never decides levels, pauses or sample rates: those are ours. It is found
through the entry-point group ``voicecoach.engines``, whose values are callables without arguments that give an engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from voicecoach.model.clip import Samples


@dataclass(frozen=True)
class Phonemes:
    """How a stretch of the text sounds.

    Attributes
    ----------
    start, end
        Its place in the text, in characters.
    ipa
        International Phonetic Alphabet, without slashes: ``ˈsoʊæs``.
    """

    start: int
    end: int
    ipa: str


@dataclass(frozen=True)
class SpeechRequest:
    """What an engine is asked to speak.

    Attributes
    ----------
    text
        Plain text, already normalised; never empty. Markup in it is none: it is to be read as it stands.
    voice
        The engine's own name of the voice.
    speed
        1.0 is a coach's pace, about 145 words a minute; 0.5 to 2.0.
    pitch_st
        Semitones above the voice's own pitch, -12 to 12; an engine without `Capabilities.pitch` gets 0.
    phonemes
        How stretches of the text sound, in order, without overlap; an engine without `Capabilities.phonemes` gets none
        (a respelling stands in its text instead).
    emphasis
        ``(start, end)`` of stretches to be stressed; an engine without `Capabilities.emphasis` gets none.
    role
        What the text is for: ``halfway``, ``count`` …; an engine without `Capabilities.roles` gets none.
    """

    text: str
    voice: str
    speed: float = 1.0
    pitch_st: float = 0.0
    phonemes: tuple[Phonemes, ...] = ()
    emphasis: tuple[tuple[int, int], ...] = ()
    role: str = ""


@dataclass(frozen=True)
class Mark:
    """Where a word of the text begins in the samples.

    Attributes
    ----------
    at_s
        Seconds from the start of the samples.
    start, end
        The word's place in the text, in characters.
    """

    at_s: float
    start: int
    end: int


@dataclass(frozen=True)
class Speech:
    """What an engine gives.

    Attributes
    ----------
    samples
        float32, shape (frames, channels), full scale 1.0.
    rate_hz
        The engine's own sample rate.
    marks
        Word marks in order; empty where the engine gives none.
    """

    samples: Samples
    rate_hz: int
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Capabilities:
    """What an engine honours.

    Attributes
    ----------
    speed
        It can speak faster and slower.
    marks
        It gives word marks.
    repeatable
        The same request gives the same samples, in every process.
    max_chars
        The longest text that it takes in one request.
    pitch, phonemes, emphasis, roles
        It honours these parts of a request.
    parallel
        How many requests at a time make it quicker; 0: as many as there are processors.
    paid
        Each request may cost money: who builds is asked once before the first one.
    """

    speed: bool
    marks: bool
    repeatable: bool
    max_chars: int
    pitch: bool = False
    phonemes: bool = False
    emphasis: bool = False
    roles: bool = False
    parallel: int = 0
    paid: bool = False


@dataclass(frozen=True)
class VoiceInfo:
    """A voice that an engine has.

    Attributes
    ----------
    name
        The engine's own name, unique within the engine, as in ``espeak:NAME``.
    language
        BCP 47, lower case: ``en-us``.
    description
        For people: the voice's display name.
    quality, licence
        In a word or two, as its makers say; empty where nobody says.
    size_bytes
        What it takes on disk, or None where it comes with its engine.
    """

    name: str
    language: str
    description: str = ""
    quality: str = ""
    licence: str = ""
    size_bytes: int | None = None


@runtime_checkable
class Engine(Protocol):
    """A speech engine. It may be called from several threads at once.

    Raises
    ------
    voicecoach.errors.EngineError
        From any method: the engine cannot be used here; the message says why and the hint how to mend it.
    """

    @property
    def name(self) -> str:
        """Name in the registry, lower case."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What the engine honours."""
        ...

    def voices(self) -> Sequence[VoiceInfo]:
        """List the voices, in the engine's order."""
        ...

    def default_voice(self, language: str) -> str | None:
        """Name the voice that fits a language (``en``, ``de``, ``en-gb``) best, or None where there is none."""
        ...

    def fingerprint(self, voice: str) -> str:
        """Name everything that changes the sound, apart from the request: version, data, model's hash, settings."""
        ...

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one text.

        Raises
        ------
        voicecoach.errors.VoiceUnknownError
            The engine has no such voice.
        voicecoach.errors.SpeechError
            Nothing, or something that cannot be the text, came out.
        """
        ...

    def close(self) -> None:
        """Give back processes and files; the engine is not used after."""
        ...
