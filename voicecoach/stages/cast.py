"""cast: who speaks. What was asked for on the command line goes before what the routine says."""

from __future__ import annotations

from voicecoach.engines.registry import EngineShelf, find_voice
from voicecoach.errors import VoiceUnknownError
from voicecoach.model.clip import Voice
from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.routine import Routine
from voicecoach.source.nodes import Sources


def cast(
    routine: Routine, sources: Sources, engines: EngineShelf, asked: str | None
) -> tuple[Voice | None, tuple[Diagnostic, ...]]:
    """Find the voice of a session.

    Parameters
    ----------
    routine, sources
        What the author wants, and where it is written.
    engines
        The engines that there are.
    asked
        ``auto``, an engine, or ``engine:voice``, in place of the routine's; None: as the routine says.

    Returns
    -------
    tuple
        The voice, or None and the fault where the routine names one that there is not.

    Raises
    ------
    VoiceUnknownError
        There is no voice such as was asked for.
    EngineError
        The engine cannot be used here.
    """
    if asked is not None:
        return find_voice(asked, routine.language, engines), ()
    try:
        return find_voice(routine.voice.spec, routine.language, engines), ()
    except VoiceUnknownError as error:
        place = routine.places.get("voice") or routine.places.get("language")
        if place is None:
            raise
        return None, (sources.fault("unknown-voice", error.message, place, error.hint),)
