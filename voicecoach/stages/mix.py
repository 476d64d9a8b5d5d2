"""mix: Timeline and clips → the master, read region by region and never held whole."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from voicecoach.errors import EncodeError
from voicecoach.model.clip import Clip, Samples, Utterance
from voicecoach.model.timeline import PlacedClip, Timeline
from voicecoach.model.units import clock, to_seconds


@dataclass(frozen=True)
class Master:
    """The summed audio of a session.

    Attributes
    ----------
    timeline
        What is where.
    speech
        The clip of each utterance, levelled, at the timeline's sample rate.
    earcons
        The clip of each earcon.
    """

    timeline: Timeline
    speech: Callable[[Utterance], Clip]
    earcons: Mapping[str, Clip]

    def regions(self, region_frames: int, progress: Callable[[str, int, int], None] | None = None) -> Iterator[Samples]:
        """Give the whole session in order, in pieces of ``region_frames`` (the last one may be shorter).

        Parameters
        ----------
        region_frames
            How many frames at a time.
        progress
            Called with ("mix", frames done, of) after each.

        Yields
        ------
        float32, shape (frames, 1), full scale 1.0
        """
        for start in range(0, self.timeline.frames, region_frames):
            frames = min(region_frames, self.timeline.frames - start)
            yield self.read(start, frames)
            if progress is not None:
                progress("mix", start + frames, self.timeline.frames)

    def read(self, start: int, frames: int) -> Samples:
        """Sum what sounds between two frames.

        Raises
        ------
        EncodeError
            The sum is beyond full scale, and would clip.
        """
        region = np.zeros((frames, 1), dtype=np.float32)
        for track in self.timeline.tracks:
            for placed in _touching(track.clips, start, start + frames):
                samples = self._samples(placed)
                into = max(placed.start, start)
                until = min(placed.start + len(samples), start + frames)
                region[into - start : until - start] += samples[into - placed.start : until - placed.start]
        peak = float(np.abs(region).max(initial=0.0))
        if not peak <= 1.0:  # so that what is no number is caught too
            at = clock(to_seconds(start + int(np.abs(region).argmax())))
            raise EncodeError(f"voice and sounds together are too loud at {at} (peak {peak:.2f} of full scale)")
        return region

    def _samples(self, placed: PlacedClip) -> Samples:
        clip = self.earcons[placed.role] if placed.utterance is None else self.speech(placed.utterance)
        if clip.frames != placed.frames or clip.rate_hz != self.timeline.sample_rate:
            what = placed.text or placed.earcon
            raise EncodeError(
                f"'{what}' has {clip.frames} frames at {clip.rate_hz} Hz, but {placed.frames} were planned"
            )
        return clip.samples if clip.samples.shape[1] == 1 else clip.samples.mean(axis=1, keepdims=True)


def mix(timeline: Timeline, speech: Callable[[Utterance], Clip], earcons: Mapping[str, Clip]) -> Master:
    """Make the master of a timeline; nothing is summed before a region of it is read.

    Parameters
    ----------
    timeline
        As `place` made it, its clips with their utterances.
    speech
        Gives the clip of an utterance, as long as the timeline has it.
    earcons
        The clip of each earcon.
    """
    return Master(timeline, speech, earcons)


def _touching(clips: tuple[PlacedClip, ...], start: int, end: int) -> Iterator[PlacedClip]:
    """The clips that sound between two frames; they are in order and do not overlap, so few are looked at."""
    first = max(0, bisect_left(clips, start, key=lambda clip: clip.start) - 1)
    for index in range(first, len(clips)):
        clip = clips[index]
        if clip.start >= end:
            return
        if clip.end > start:
            yield clip
