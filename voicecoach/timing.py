"""How long a routine takes: expand, speak and place, with true or estimated speech; each utterance is spoken once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from voicecoach.library import Library
from voicecoach.model.casting import Casting
from voicecoach.model.clip import Utterance
from voicecoach.model.cuescript import CueScript
from voicecoach.model.routine import Routine
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import to_frames
from voicecoach.sound.packs import Pack, load_pack
from voicecoach.stages.expand import expand
from voicecoach.stages.place import place
from voicecoach.stages.speak import Spoken, Studio, speak
from voicecoach.stopwatch import Stopwatch
from voicecoach.text.pace import estimate_s

ATTEMPTS = 5
FIRST_GUESS_S = 900
Progress = Callable[[str, int, int], None]
"""Called with (stage, done, of)."""


@dataclass
class Timing:
    """Times routines.

    Attributes
    ----------
    library
        The exercises that they name.
    casting
        Who speaks.
    studio
        What speaking needs; None: lengths of speech are estimated, and nothing is spoken.
    progress, watch
        Where progress is shown, and the time of each stage counted.
    spoken, estimated
        All that was spoken so far, and lengths in frames that are estimated, each once.
    pack
        The earcons.
    """

    library: Library
    casting: Casting
    studio: Studio | None
    progress: Progress
    watch: Stopwatch
    spoken: Spoken = field(default_factory=Spoken)
    estimated: Callable[[Utterance], int] = field(default_factory=lambda: lru_cache(maxsize=None)(_estimated))
    pack: Pack = field(default_factory=load_pack)

    def once(self, routine: Routine, stated_s: int | None) -> tuple[CueScript, Timeline]:
        """Time a routine whose coach tells that length, be it true or not; None: tells none."""
        wording = self.library.wording(routine.language)
        script = self.watch.run("expand", expand, routine, self.library, wording, self.casting, stated_s)
        if self.studio is not None:
            wanted = script.utterances()
            self.spoken = self.watch.run("speak", speak, wanted, self.spoken, self.studio, self.progress)
        frames = self.estimated if self.studio is None else self.spoken.frames
        return script, self.watch.run("place", place, script, frames, self.pack.frames)

    def measure(self, routine: Routine) -> Timeline:
        """Time a routine whose coach tells the length that it wants."""
        return self.once(routine, _first_guess_s(routine))[1]

    def settled(self, routine: Routine) -> tuple[CueScript, Timeline]:
        """The coach says how long it takes, which takes time: once more until it is so, or it is not said."""
        stated_s: int | None = _first_guess_s(routine)
        for attempt in range(ATTEMPTS):
            script, timeline = self.once(routine, stated_s)
            if stated_s is None or timeline.length_s == stated_s:
                break
            stated_s = int(timeline.length_s) if attempt < ATTEMPTS - 2 else None
        return script, timeline


def _first_guess_s(routine: Routine) -> int:
    return FIRST_GUESS_S if routine.length_s is None else int(routine.length_s)


def _estimated(utterance: Utterance) -> int:
    return to_frames(estimate_s(utterance.text, utterance.speed) + utterance.pauses_s)
