"""expand: Routine → CueScript. Fixes what is heard, in which order, and what must last how long; knows no time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from voicecoach.library import Library
from voicecoach.model.casting import Casting
from voicecoach.model.cuescript import CueScript, EarconCue, ScriptSpan, SpanKind
from voicecoach.model.routine import Bed, Routine
from voicecoach.model.timeline import NO_SOUNDS, UsedBed, pack_name
from voicecoach.stages.expand.session import session
from voicecoach.stages.expand.speaker import Speaker
from voicecoach.text.lexicon import lexicon_of
from voicecoach.text.wording import Wording


def expand(
    routine: Routine, library: Library, wording: Wording, casting: Casting, stated_length_s: int | None = None
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
    casting
        Who speaks.
    stated_length_s
        The session's length in whole seconds, as the coach says it; None: the coach does not say it.
    """
    lexicon = lexicon_of(routine.lexicon, library.lexicon(routine.language))
    speaker = Speaker(routine, wording, casting, stated_length_s, lexicon)
    spans = session(routine, library, speaker)
    if routine.sounds == NO_SOUNDS:
        spans = map(_unmarked, spans)
    return CueScript(
        speaker.title,
        tuple(spans),
        stated_length_s,
        sounds=pack_name(routine.sounds),
        bed=None if routine.bed is None else _used(routine.bed),
        floor=routine.floor,
    )


def _unmarked(span: ScriptSpan) -> ScriptSpan:
    """Leave out the earcons, but those that the author asked for in so many words: a step of their own."""
    if span.kind is SpanKind.SOUND:
        return span
    return replace(span, cues=tuple(cue for cue in span.cues if not isinstance(cue, EarconCue)))


def _used(bed: Bed) -> UsedBed:
    name = PurePath(bed.sound).name or bed.sound  # where the author keeps a file is nobody else's business
    return UsedBed(name, float(bed.level_db), float(bed.duck_db))
