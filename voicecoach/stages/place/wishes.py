"""What is to be said in an exact span, and when it may be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from voicecoach.model.cuescript import SpokenCue
from voicecoach.model.units import to_frames

BETWEEN_WORDS = to_frames(Fraction(15, 100))
"""Frames between one spoken cue and the next, where neither asks for more quiet."""


@dataclass(slots=True, eq=False)
class Wish:
    """A spoken cue with its window, in frames of the session.

    Attributes
    ----------
    cue, index
        What is to be said, and its number in the span.
    earliest, begin_by, done_by
        The window: the first and the last frame for its first word, the frame after the last one for its last.
    wanted
        When it is wanted to begin; None: as soon as the window lets it, or with ``late`` as late.
    quiet
        Frames to keep to other speech.
    full_frames, frames
        Length in full, and of the form that is chosen.
    brief
        The brief form is chosen.
    begin, latest
        While scheduling, the earliest and latest begin that leave room for all others; then, both, when it is said.
    made_room_for
        The cue for whose sake the brief form was chosen, if that was not its own.
    """

    cue: SpokenCue
    index: int
    earliest: int
    begin_by: int
    done_by: int
    wanted: int | None
    quiet: int
    full_frames: int
    frames: int
    brief: bool = False
    begin: int = 0
    latest: int = 0
    made_room_for: SpokenCue | None = None

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.begin + self.frames

    @property
    def limit(self) -> int:
        """The latest begin that the window lets the form that is chosen have."""
        return min(self.begin_by, self.done_by - self.frames)

    def gap(self, other: Wish) -> int:
        """Frames to keep between the two."""
        return max(BETWEEN_WORDS, self.quiet, other.quiet)
