"""THE line: from a routine's text to a session, one statement a stage.

source ─parse→ Routine ─check→ Diagnostics ─cast→ Voice ─adapt→ Routine ─expand→ CueScript ─speak→ {Utterance: Clip}
       ─place→ Timeline ─mix→ Master ─encode→ Session (one .mp3)

`plan` is the same line, stopped after `place` and, unless it is to be exact, fed with estimated lengths of speech.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from voicecoach.cache import Cache
from voicecoach.config import Options
from voicecoach.engines.registry import EngineShelf
from voicecoach.library import Library
from voicecoach.model.clip import Clip, Utterance, Voice
from voicecoach.model.diagnostic import has_errors, in_reading_order
from voicecoach.model.profile import laid_over
from voicecoach.model.session import Outcome, Session
from voicecoach.model.units import SAMPLE_RATE_HZ, to_frames
from voicecoach.sound.earcons import load_earcons
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.adapt import adapt
from voicecoach.stages.cast import cast
from voicecoach.stages.check import check
from voicecoach.stages.encode import encode
from voicecoach.stages.expand import expand
from voicecoach.stages.mix import mix
from voicecoach.stages.parse import parse
from voicecoach.stages.place import place
from voicecoach.stages.speak import Spoken, Studio, speak
from voicecoach.stopwatch import Stopwatch
from voicecoach.text.pace import estimate_s

ATTEMPTS = 5
FIRST_GUESS_S = 900
Progress = Callable[[str, int, int], None]
"""Called with (stage, done, of)."""
ESTIMATED = Voice("estimated", "none", "en")


def unseen(_stage: str, _done: int, _of: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Workshop:
    """What builds share: the library, the engines that are open, the cache, and what was asked for."""

    library: Library
    engines: EngineShelf
    cache: Cache
    options: Options = field(default_factory=Options)
    progress: Progress = unseen

    def studio(self) -> Studio:
        """What speaking needs."""
        return Studio(self.engines, self.cache, self.options.levels, self.options.jobs)


def build(source: SourceFile, name: str, target: Path, shop: Workshop) -> Outcome:
    """Build the session of a routine into the file ``target``; where the author erred, no session but the faults.

    Raises
    ------
    VoicecoachError
        The machine failed: a voice, the cache, the output.
    """
    watch = Stopwatch()
    made, speech = _up_to_place(source, name, shop, watch, exact=True)
    if made.timeline is None or made.routine is None or made.voice is None:
        return made
    master = mix(made.timeline, speech, load_earcons())
    regions = watch.each("mix", master.regions(shop.options.encoding.region_s * SAMPLE_RATE_HZ, shop.progress))
    size_bytes = watch.run("encode", encode, regions, made.timeline, made.routine, target, shop.options.encoding)
    shop.cache.prune()
    return replace(made, session=Session(target, size_bytes, made.timeline, made.voice, watch.spent_s))


def plan(source: SourceFile, name: str, shop: Workshop, *, exact: bool = False) -> Outcome:
    """Plan the session of a routine: with estimated lengths of speech and no voice at all, or with ``exact`` ones."""
    return _up_to_place(source, name, shop, Stopwatch(), exact=exact)[0]


def _up_to_place(
    source: SourceFile, name: str, shop: Workshop, watch: Stopwatch, *, exact: bool
) -> tuple[Outcome, Callable[[Utterance], Clip]]:
    spoken, sources, library = Spoken(), Sources(source), shop.library.beside(source)
    routine, faults = watch.run("parse", parse, sources, name, library)
    if routine is None:
        return Outcome(faults), spoken.clip
    profile = shop.options.profile
    routine = replace(routine, variables=laid_over(profile.variables, routine.variables))
    faults = in_reading_order((*faults, *watch.run("check", check, routine, sources, library)))
    voice: Voice | None = ESTIMATED
    if exact:
        asked = shop.options.voice or profile.voice
        voice, unknown = watch.run("cast", cast, routine, sources, shop.engines, asked)
        faults = in_reading_order((*faults, *unknown))
    if voice is None or has_errors(faults) or (faults and shop.options.strict):
        return Outcome(faults, routine), spoken.clip
    adapted = watch.run("adapt", adapt, routine, profile, library)
    wording = library.wording(routine.language)
    earcon_frames = {earcon: clip.frames for earcon, clip in load_earcons().items()}
    stated_s: int | None = FIRST_GUESS_S
    # The coach says how long it takes, which takes time: once more until it is so, or it is not said.
    for attempt in range(ATTEMPTS):
        script = watch.run("expand", expand, adapted.routine, library, wording, voice, stated_s)
        if exact:
            spoken = watch.run("speak", speak, script.utterances(), spoken, shop.studio(), shop.progress)
        timeline = watch.run("place", place, script, spoken.frames if exact else _estimated, earcon_frames)
        if stated_s is None or timeline.length_s == stated_s:
            break
        stated_s = int(timeline.length_s) if attempt < ATTEMPTS - 2 else None
    return Outcome(faults, adapted.routine, voice, script, timeline, notes=adapted.notes), spoken.clip


def _estimated(utterance: Utterance) -> int:
    return to_frames(estimate_s(utterance.text, utterance.speed))
