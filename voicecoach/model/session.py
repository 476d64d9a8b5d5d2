"""What comes of a routine: one built session, or the faults that stood in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voicecoach.model.casting import Casting
from voicecoach.model.clip import Voice
from voicecoach.model.cuescript import CueScript
from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.routine import Routine
from voicecoach.model.timeline import Timeline


@dataclass(frozen=True)
class Session:
    """One built session.

    Attributes
    ----------
    path
        Where it is; of one in steps, the playlist.
    size_bytes
        How large it is; of one in steps, all of them.
    timeline
        What is in it.
    voice
        Who coaches.
    stage_s
        Wall-clock seconds that each stage took, by name.
    stems
        Files with one track each, if they were asked for.
    """

    path: Path
    size_bytes: int
    timeline: Timeline
    voice: Voice
    stage_s: Mapping[str, float]
    stems: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of a routine.

    Attributes
    ----------
    faults
        All that the author should know, in reading order; where one of them is an error, nothing was made.
    routine, casting, script, timeline, session
        What was made of it, as far as it went.
    notes
        Which voices could not be used, what the person's profile changed of the routine, and what it asked for in vain.
    chosen
        Whose choice the coach's voice is: ``auto``, ``your default``; empty where it was named.
    """

    faults: tuple[Diagnostic, ...]
    routine: Routine | None = None
    casting: Casting | None = None
    script: CueScript | None = None
    timeline: Timeline | None = None
    session: Session | None = None
    notes: tuple[str, ...] = ()
    chosen: str = ""

    @property
    def voice(self) -> Voice | None:
        """Who coaches."""
        return None if self.casting is None else self.casting.coach

    @property
    def heard(self) -> tuple[Voice, ...]:
        """Every voice that says anything, the coach's first, others in the order of the casting."""
        if self.casting is None or self.script is None:
            return ()
        said = {utterance.voice for utterance in self.script.utterances()}
        return tuple(voice for voice in self.casting.voices if voice in said)
