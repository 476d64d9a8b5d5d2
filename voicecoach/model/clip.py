"""What is to be spoken, and the sound that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Audio: float32, shape (frames, channels), full scale 1.0."""


@dataclass(frozen=True, order=True)
class Voice:
    """One way that an engine can sound, written ``espeak:en-us``.

    Attributes
    ----------
    engine
        Name of the engine in the registry.
    name
        The engine's own name for the voice.
    language
        The language that the voice speaks, as a BCP 47 tag in lower case: ``en``, ``en-us``, ``de``.
    """

    engine: str
    name: str
    language: str

    def __str__(self) -> str:
        return f"{self.engine}:{self.name}"


@dataclass(frozen=True, order=True)
class SpeechMark:
    """What is to be heard at a stretch of an utterance's text, beside its words.

    Attributes
    ----------
    start, end
        Its place in the text, in characters; equal for a pause.
    pause_s
        Silence there, made by us, never by an engine; 0 of other marks.
    ipa, respelled
        How the stretch sounds: IPA for engines that take phonemes, and how to write it for those that do not; either
        may be empty.
    emphasis
        It is stressed, where the engine can.
    """

    start: int
    end: int
    pause_s: Fraction = Fraction(0)
    ipa: str = ""
    respelled: str = ""
    emphasis: bool = False


@dataclass(frozen=True, order=True)
class Utterance:
    """Text to speak, with the voice and prosody that it is spoken in.

    Attributes
    ----------
    text
        Normalised text, without marks.
    voice
        Who speaks.
    speed
        How fast, 1 being a coach's pace (about 145 words a minute); 0.5 to 2.
    pitch_st
        Semitones above the voice's own pitch, -12 to 12.
    gain_db
        How much louder than usual, -12 to 6; laid on by us, beside the levelling of its voice.
    marks
        In order of their place, without overlap.
    role
        What it is for (``halfway``, ``count`` …), where its voice may say it otherwise for that; mostly empty.
    """

    text: str
    voice: Voice
    speed: Fraction = Fraction(1)
    pitch_st: Fraction = Fraction(0)
    gain_db: Fraction = Fraction(0)
    marks: tuple[SpeechMark, ...] = ()
    role: str = ""

    @property
    def pauses_s(self) -> Fraction:
        """Silence in it, in seconds."""
        return sum((mark.pause_s for mark in self.marks), start=Fraction(0))


@dataclass(frozen=True)
class Clip:
    """Sound: samples with their sample rate.

    Attributes
    ----------
    samples
        float32, shape (frames, channels), full scale 1.0.
    rate_hz
        Frames a second.
    """

    samples: Samples
    rate_hz: int

    @property
    def frames(self) -> int:
        """Length in frames."""
        return int(self.samples.shape[0])

    @property
    def length_s(self) -> Fraction:
        """Exact length in seconds."""
        return Fraction(self.frames, self.rate_hz)

    def to_bytes(self) -> bytes:
        """Return the clip as bytes: a line of rate and channels, then little-endian float32 samples."""
        header = f"{self.rate_hz} {self.samples.shape[1]}\n".encode()
        return header + np.ascontiguousarray(self.samples, dtype="<f4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Clip:
        """Make the clip of its bytes.

        Raises
        ------
        ValueError
            They are not those of a clip.
        """
        end = data.index(b"\n")
        rate_hz, channels = (int(word) for word in data[:end].split())
        samples = np.frombuffer(data, dtype="<f4", offset=end + 1).reshape(-1, channels)
        return cls(samples.astype(np.float32, copy=False), rate_hz)
