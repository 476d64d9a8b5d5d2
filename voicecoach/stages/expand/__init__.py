"""expand: Routine → CueScript. Fixes what is heard, in which order, and what must last how long; knows no time."""

from __future__ import annotations

from voicecoach.library import Library
from voicecoach.model.clip import Voice
from voicecoach.model.cuescript import CueScript
from voicecoach.model.routine import Routine
from voicecoach.stages.expand.session import session
from voicecoach.stages.expand.speaker import Speaker
from voicecoach.text.wording import Wording


def expand(
    routine: Routine, library: Library, wording: Wording, voice: Voice, stated_length_s: int | None = None
) -> CueScript:
    """Turn a routine that has no faults into cues.

    Parameters
    ----------
    routine
        What to do, adapted to the person, its includes resolved.
    library
        The exercises that it names.
    wording
        The coach's own words.
    voice
        Who speaks.
    stated_length_s
        The session's length in whole seconds, as the coach says it; None: the coach does not say it.
    """
    speaker = Speaker(routine, wording, voice, stated_length_s)
    return CueScript(speaker.title, tuple(session(routine, library, speaker)), stated_length_s)
