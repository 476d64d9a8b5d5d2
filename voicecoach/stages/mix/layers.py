"""Layers: a track's clips as the mix hears them, with what is known of each without its samples."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from voicecoach.errors import EncodeError
from voicecoach.model.clip import Clip, Samples, Utterance
from voicecoach.model.timeline import PlacedClip
from voicecoach.sound.breath import TONES
from voicecoach.sound.figures import ClipFigures, measure_clip
from voicecoach.sound.gain import to_linear


class Speech(Protocol):
    """What `speak` gives."""

    def clip(self, utterance: Utterance, /) -> Clip:
        """Give the clip of an utterance."""
        ...

    def figures(self, utterance: Utterance, /) -> ClipFigures:
        """Tell what is known of it."""
        ...


class Sounds(Protocol):
    """What a pack of earcons gives."""

    def clip(self, name: str, frames: int, /) -> Clip:
        """Give a sound, as long as it is planned."""
        ...


@dataclass(frozen=True)
class Heard:
    """A clip in its place.

    Attributes
    ----------
    start, end
        Its first frame, and the one after its last.
    figures
        What is known of it, before the session's own gain.
    read
        Gives its samples.
    is_tone
        It is a breath tone: it goes on for as long as a breath does.
    """

    start: int
    end: int
    figures: ClipFigures
    read: Callable[[], Samples]
    is_tone: bool = False


class Layer:
    """The clips of a track: in order, none over another.

    Parameters
    ----------
    clips
        In the order of their places.
    """

    def __init__(self, clips: Iterable[Heard]) -> None:
        self.clips = tuple(clips)
        self._starts = [clip.start for clip in self.clips]

    def spans(self) -> Iterator[tuple[int, int]]:
        """First frame and end of each clip."""
        return ((clip.start, clip.end) for clip in self.clips)

    def with_tones(self, gain_db: float) -> Layer:
        """Give the layer with its breath tones so much louder."""
        known: dict[str, ClipFigures] = {}
        factor = np.float32(to_linear(gain_db))

        def other(clip: Heard) -> Heard:
            if not clip.is_tone:
                return clip
            figures = clip.figures
            louder = known.setdefault(figures.digest, figures.louder(gain_db))

            def read() -> Samples:
                return clip.read() * factor

            return replace(clip, figures=louder, read=read)

        return Layer(map(other, self.clips)) if gain_db else self

    def touching(self, start: int, end: int) -> tuple[Heard, ...]:
        """The clips that sound in the frames from ``start`` to ``end``."""
        first = max(0, bisect_right(self._starts, start) - 1)
        return tuple(clip for clip in self.clips[first : bisect_left(self._starts, end)] if clip.end > start)

    def add(self, samples: Samples, start: int, gain: np.float32) -> None:
        """Add what sounds from a frame on to samples, in place."""
        end = start + len(samples)
        for clip in self.touching(start, end):
            first, last = max(clip.start, start), min(clip.end, end)
            part = clip.read()[first - clip.start : last - clip.start]
            if part.shape[1] > samples.shape[1]:
                part = part.mean(axis=1, keepdims=True, dtype=np.float32)
            louder = part * gain
            for channel in range(samples.shape[1]):  # four times as fast as all at once
                samples[first - start : last - start, channel] += louder[:, channel % part.shape[1]]

    def passage(self, start: int) -> int:
        """Give a number for the clip that begins at a frame: another for another clip."""
        clip = self.clips[bisect_left(self._starts, start)]
        return int(clip.figures.digest[:8], 16)


def voice_layer(placed: Iterable[PlacedClip], speech: Speech, rate_hz: int) -> Layer:
    """Hear what is said.

    Raises
    ------
    EncodeError
        A clip is not as long as was planned.
    """
    known: dict[Utterance, ClipFigures] = {}

    def heard(clip: PlacedClip) -> Heard:
        if (utterance := clip.utterance) is None:
            raise EncodeError(f"'{clip.text}' has nothing to be spoken by")
        if utterance not in known:
            known[utterance] = speech.figures(utterance)
        figures = known[utterance]
        _fit(clip, figures.frames, rate_hz, rate_hz)

        def read() -> Samples:
            made = speech.clip(utterance)
            _fit(clip, made.frames, made.rate_hz, rate_hz)
            return made.samples

        return Heard(clip.start, clip.end, figures, read)

    return Layer(map(heard, placed))


def earcon_layer(placed: Iterable[PlacedClip], sounds: Sounds, rate_hz: int, own: Collection[str] = ()) -> Layer:
    """Hear the earcons, each different one measured once.

    Parameters
    ----------
    placed, sounds, rate_hz
        What is where.
    own
        The names of those that are the author's own, and so no breath tones.

    Raises
    ------
    EncodeError
        A clip is not as long as was planned.
    """
    known: dict[tuple[str, int], ClipFigures] = {}

    def heard(clip: PlacedClip) -> Heard:
        def read() -> Samples:
            made = sounds.clip(clip.role, clip.frames)
            _fit(clip, made.frames, made.rate_hz, rate_hz)
            return made.samples

        name = (clip.role, clip.frames)
        if name not in known:
            known[name] = measure_clip(Clip(read(), rate_hz))
        is_tone = clip.role in TONES and clip.role not in own
        return Heard(clip.start, clip.end, known[name], read, is_tone)

    return Layer(map(heard, placed))


def _fit(placed: PlacedClip, frames: int, rate_hz: int, planned_hz: int) -> None:
    if frames != placed.frames or rate_hz != planned_hz:
        what = placed.text or placed.earcon
        raise EncodeError(f"'{what}' has {frames} frames at {rate_hz} Hz, but {placed.frames} were planned")
