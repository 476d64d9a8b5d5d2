"""THE line: from a routine's text to a session, one statement a stage.

source ─parse→ Routine ─check→ Diagnostics ─cast→ Voice ─adapt→ Routine ─fit→ Routine ─expand→ CueScript
       ─speak→ {Utterance: Clip} ─place→ Timeline ─mix→ Master ─encode→ Session (one .mp3), which `verify` proves

`plan` is the same line, stopped after `place` and, unless it is to be exact, fed with estimated lengths of speech. What
`expand`, `speak` and `place` do together is `timing`, since `fit` asks it many times.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from voicecoach.cache import Cache
from voicecoach.config import Options
from voicecoach.engines.registry import EngineShelf
from voicecoach.errors import BrokenPromiseError, LengthError
from voicecoach.library import Library
from voicecoach.model.clip import Voice
from voicecoach.model.diagnostic import Diagnostic, has_errors, in_reading_order
from voicecoach.model.location import Location
from voicecoach.model.profile import laid_over
from voicecoach.model.routine import Routine
from voicecoach.model.session import Outcome, Session
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.earcons import load_earcons
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.adapt import adapt
from voicecoach.stages.cast import cast
from voicecoach.stages.check import check
from voicecoach.stages.encode import encode
from voicecoach.stages.fit import Fitted, Refusal, fit
from voicecoach.stages.mix import mix
from voicecoach.stages.parse import parse
from voicecoach.stages.speak import Spoken, Studio
from voicecoach.stages.verify import verify
from voicecoach.stopwatch import Stopwatch
from voicecoach.timing import Progress, Timing

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
        The machine failed: a voice, the cache, the output; or the length that a person asked for cannot be had.
    """
    watch = Stopwatch()
    made, spoken = _up_to_place(source, name, shop, watch, exact=True)
    if made.timeline is None or made.routine is None or made.voice is None:
        return made
    timeline = made.timeline
    master = mix(timeline, spoken.clip, load_earcons())
    regions = watch.each("mix", master.regions(shop.options.encoding.region_s * SAMPLE_RATE_HZ, shop.progress))
    proof = partial(_prove, progress=shop.progress) if shop.options.verify else None
    size_bytes = watch.run("encode", encode, regions, timeline, made.routine, target, shop.options.encoding, proof)
    shop.cache.prune()
    return replace(made, session=Session(target, size_bytes, timeline, made.voice, watch.spent_s))


def plan(source: SourceFile, name: str, shop: Workshop, *, exact: bool = False) -> Outcome:
    """Plan the session of a routine: with estimated lengths of speech and no voice at all, or with ``exact`` ones."""
    return _up_to_place(source, name, shop, Stopwatch(), exact=exact)[0]


def _up_to_place(
    source: SourceFile, name: str, shop: Workshop, watch: Stopwatch, *, exact: bool
) -> tuple[Outcome, Spoken]:
    spoken, sources, library = Spoken(), Sources(source), shop.library.beside(source)
    routine, faults = watch.run("parse", parse, sources, name, library)
    if routine is None:
        return Outcome(faults), spoken
    profile = shop.options.profile
    routine = replace(routine, variables=laid_over(profile.variables, routine.variables))
    faults = in_reading_order((*faults, *watch.run("check", check, routine, sources, library)))
    voice: Voice | None = ESTIMATED
    if exact:
        voice, unknown = watch.run("cast", cast, routine, sources, shop.engines, shop.options.voice or profile.voice)
        faults = in_reading_order((*faults, *unknown))
    if voice is None or has_errors(faults) or (faults and shop.options.strict):
        return Outcome(faults, routine), spoken
    adapted = watch.run("adapt", adapt, routine, profile, library)
    timing = Timing(library, voice, shop.studio() if exact else None, shop.progress, watch)
    fitted = _fitted(adapted.routine, timing, shop)
    if isinstance(fitted, Refusal):
        return Outcome(in_reading_order((*faults, _refused(fitted, routine, sources, shop))), routine), spoken
    script, timeline = timing.settled(fitted.routine)
    if exact:
        timeline = timeline.with_outlines(timing.spoken.outline)
    notes = (*adapted.notes, *fitted.notes)
    return Outcome(faults, fitted.routine, voice, script, timeline, notes=notes), timing.spoken


def _fitted(routine: Routine, timing: Timing, shop: Workshop) -> Fitted | Refusal:
    if routine.length_s is None:
        return Fitted(routine)
    talk_is_fixed = shop.options.profile.talk is not None
    return timing.watch.run("fit", fit, routine, timing.library, timing.measure, talk_is_fixed=talk_is_fixed)


def _refused(refusal: Refusal, routine: Routine, sources: Sources, shop: Workshop) -> Diagnostic:
    """Tell the author at the length that they wrote; who asked for one from outside is told as such."""
    if shop.options.profile.length_s is not None:
        raise LengthError(refusal.message, hint=refusal.hint)
    place = routine.places.get("length", Location(f"{routine.name}.yaml", 1, 1))
    return sources.fault("length-unfit", refusal.message, place, refusal.hint)


def _prove(path: Path, progress: Progress) -> None:
    verdict = verify(path, load_earcons(), progress)
    if verdict.first is not None:
        raise BrokenPromiseError(f"the finished session is not as planned: {verdict.first}")
