"""THE line: from a routine's text to a session, one statement a stage.

source ─parse→ Routine ─check→ Diagnostics ─cast→ Casting ─adapt→ Routine ─fit→ Routine ─expand→ CueScript
       ─speak→ {Utterance: Clip} ─place→ Timeline ─mix→ Master ─encode→ Session (one .mp3), which `verify` proves
                                                              └─cut→ stems and steps; ─export→ other formats

`plan` is the same line, stopped after `place` and, unless it is to be exact, fed with estimated lengths of speech. What
`expand`, `speak` and `place` do together is `timing`, since `fit` asks it many times; which files are made of a master
is `delivery`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from voicecoach.cache import Cache
from voicecoach.config import LevelProfile, Options
from voicecoach.delivery import Delivery, assert_can_write
from voicecoach.engines.registry import EngineShelf
from voicecoach.errors import BrokenPromiseError, EngineError, LengthError, PictureError
from voicecoach.library import Library
from voicecoach.model.casting import Casting
from voicecoach.model.clip import Voice
from voicecoach.model.diagnostic import Diagnostic, has_errors, in_reading_order
from voicecoach.model.location import Location
from voicecoach.model.output import FileFormat
from voicecoach.model.profile import laid_over
from voicecoach.model.routine import Routine, named_voices
from voicecoach.model.session import Outcome, Session
from voicecoach.mp3.lame import loss_db
from voicecoach.publish.about import about_session
from voicecoach.publish.cover import own_cover, picture_of
from voicecoach.publish.tags import session_tags
from voicecoach.sound.beds import load_bed
from voicecoach.sound.packs import load_pack
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.adapt import adapt
from voicecoach.stages.cast import Cast, cast, nobody
from voicecoach.stages.check import check
from voicecoach.stages.fit import Fitted, Refusal, fit
from voicecoach.stages.mix import mix
from voicecoach.stages.parse import parse
from voicecoach.stages.speak import Approve, Studio, allowed
from voicecoach.stages.verify import verify
from voicecoach.stopwatch import Stopwatch
from voicecoach.timing import Progress, Timing

ESTIMATED = Casting.of(Voice("estimated", "none", "en"))
SPARE_CHARACTERS = 500
"""What a build may have spoken for money beside what it asked for: how long a session is, is told when it is known."""


def unseen(_stage: str, _done: int, _of: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Workshop:
    """What builds share.

    Attributes
    ----------
    library, engines, cache, options
        Exercises, the engines that are open, where clips are kept, and what was asked for.
    progress
        Shown how far a stage is.
    preferred
        Gives the voice that whoever builds prefers for a language, or None.
    approve
        Asked with (engine, texts, characters) before a build sends anything to an engine that may cost money.
    """

    library: Library
    engines: EngineShelf
    cache: Cache
    options: Options = field(default_factory=Options)
    progress: Progress = unseen
    preferred: Callable[[str], str | None] = nobody
    approve: Approve = allowed

    def studio(self) -> Studio:
        """What the speaking of one build needs."""
        return Studio(self.engines, self.cache, self.options.jobs, approve=_once(self.approve))


def build(source: SourceFile, name: str, target: Path, shop: Workshop) -> Outcome:
    """Build the session of a routine into ``target``; where the author erred, no session but the faults.

    ``target`` is a file; of a session in steps (`config.Options.output`), a folder.

    Raises
    ------
    VoicecoachError
        The machine failed: a voice, the cache, the output; or the length that a person asked for cannot be had.
    """
    assert_can_write(shop.options.output)
    watch = Stopwatch()
    made, timing = _up_to_place(source, name, shop, watch, exact=True)
    if made.timeline is None or made.routine is None or made.voice is None or timing is None:
        return made
    spoken, timeline = timing.spoken, replace(made.timeline, own_sounds=timing.pack.sketches())
    wanted = made.routine.bed
    loop = None if wanted is None else load_bed(wanted.sound, source.folder)
    master = watch.run("mix", mix, timeline, spoken, timing.pack, _levels(shop.options), shop.cache, loop=loop)
    timeline = timeline.with_outlines(lambda said: master.outline(spoken.figures(said)))
    picture, library = picture_of(made.routine, source.folder), shop.library.beside(source)
    tags_of = partial(session_tags, routine=made.routine, library=library, picture=picture)
    proof = partial(_prove, progress=shop.progress) if shop.options.verify else None
    delivery = Delivery(timeline, tags_of, shop.options, shop.cache, proof, shop.progress, watch)
    files = delivery.write(master, target)
    shop.cache.prune()
    session = Session(files.path, files.size_bytes, files.timeline, made.voice, watch.spent_s, files.stems)
    return replace(made, timeline=files.timeline, session=session)


def plan(source: SourceFile, name: str, shop: Workshop, *, exact: bool = False, voices: bool = False) -> Outcome:
    """Plan the session of a routine: with estimated lengths of speech and no voice at all, or with ``exact`` ones.

    ``voices``: those that its author names are looked for all the same.
    """
    return _up_to_place(source, name, shop, Stopwatch(), exact=exact, voices=voices)[0]


def _up_to_place(
    source: SourceFile, name: str, shop: Workshop, watch: Stopwatch, *, exact: bool, voices: bool = False
) -> tuple[Outcome, Timing | None]:
    sources, library = Sources(source), shop.library.beside(source)
    routine, faults = watch.run("parse", parse, sources, name, library)
    if routine is None:
        return Outcome(faults), None
    routine = shop.options.heading.over(routine)
    routine = replace(routine, variables=laid_over(shop.options.profile.variables, routine.variables))
    faults = in_reading_order((*faults, *watch.run("check", check, routine, sources, library)))
    if routine.image is not None and not has_errors(faults):
        faults = in_reading_order((*faults, *_unreadable_image(routine, sources)))
    if not exact:
        found = Cast(ESTIMATED)
        if voices and ({"voice", "counter", "language"} & set(routine.places) or any(named_voices(routine))):
            found = replace(_cast(routine, sources, shop, {}), casting=ESTIMATED)
        faults = in_reading_order((*faults, *found.faults))
        return _placed(routine, found, faults, Building(sources, library, shop, watch, None))
    building = Building(sources, library, shop, watch, shop.studio())
    failed: dict[str, EngineError] = {}
    while True:  # a voice that fails is no voice of this session: another one says all of it
        found = watch.run("cast", _cast, routine, sources, shop, failed)
        try:
            return _placed(routine, found, in_reading_order((*faults, *found.faults)), building)
        except EngineError as fault:
            if not fault.voice or fault.voice in failed:
                raise
            failed[fault.voice] = fault


def voices_of(source: SourceFile, name: str, shop: Workshop) -> tuple[Voice, ...]:
    """Name who speaks in the session of a routine, the coach first, without planning it; none if it has faults.

    Raises
    ------
    EngineError
        A voice cannot be used.
    """
    sources = Sources(source)
    routine, faults = parse(sources, name, shop.library.beside(source))
    if routine is None or has_errors(faults):
        return ()
    casting = _cast(routine, sources, shop, {}).casting
    return () if casting is None else casting.voices


def _cast(routine: Routine, sources: Sources, shop: Workshop, failed: Mapping[str, EngineError]) -> Cast:
    asked = shop.options.voice or shop.options.profile.voice
    return cast(routine, sources, shop.engines, asked, shop.preferred, failed)


@dataclass(frozen=True)
class Building:
    """What one build goes by; without a studio, lengths of speech are estimated."""

    sources: Sources
    library: Library
    shop: Workshop
    watch: Stopwatch
    studio: Studio | None


def _placed(
    routine: Routine, found: Cast, faults: tuple[Diagnostic, ...], building: Building
) -> tuple[Outcome, Timing | None]:
    sources, library, shop, watch = building.sources, building.library, building.shop, building.watch
    if found.casting is None or has_errors(faults) or (faults and shop.options.strict):
        return Outcome(faults, routine, notes=found.notes), None
    adapted = watch.run("adapt", adapt, routine, shop.options.profile, library)
    folder = sources.main.folder
    pack = watch.run("sounds", load_pack, adapted.routine.sounds, adapted.routine.sound_steps(), folder)
    timing = Timing(library, found.casting, building.studio, shop.progress, watch, pack=pack)
    fitted = _fitted(adapted.routine, timing, shop)
    if isinstance(fitted, Refusal):
        return Outcome(in_reading_order((*faults, _refused(fitted, routine, sources, shop))), routine), timing
    script, timeline = timing.settled(fitted.routine)
    timeline = replace(timeline.with_voices(), about=about_session(fitted.routine, timeline.length_s, library))
    notes = (*found.notes, *adapted.notes, *fitted.notes)
    made = Outcome(faults, fitted.routine, found.casting, script, timeline, notes=notes, chosen=found.chosen)
    return made, timing


def _once(approve: Approve) -> Approve:
    """Ask once a build and engine, for all that is known to be said; a little more may follow."""
    left: dict[str, int] = {}

    def leave(engine: str, texts: int, characters: int) -> bool:
        if characters <= left.get(engine, 0):
            left[engine] -= characters
            return True
        if not approve(engine, texts, characters):
            return False
        left[engine] = max(SPARE_CHARACTERS, characters // 4)
        return True

    return leave


def _fitted(routine: Routine, timing: Timing, shop: Workshop) -> Fitted | Refusal:
    if routine.length_s is None:
        return Fitted(routine)
    talk_is_fixed = shop.options.profile.talk is not None
    return timing.watch.run("fit", fit, routine, timing.library, timing.measure, talk_is_fixed=talk_is_fixed)


def _unreadable_image(routine: Routine, sources: Sources) -> Iterator[Diagnostic]:
    """Look at the author's picture before anything is spoken."""
    picture = picture_of(routine, sources.main.folder)
    try:
        if picture is not None:
            own_cover(picture)
    except PictureError as fault:
        message = f"'{routine.image}' cannot be used as an image: {fault.message}"
        yield sources.fault("unreadable-image", message, routine.places["image"], fault.hint)


def _refused(refusal: Refusal, routine: Routine, sources: Sources, shop: Workshop) -> Diagnostic:
    """Tell the author at the length that they wrote; who asked for one from outside is told as such."""
    if shop.options.profile.length_s is not None:
        raise LengthError(refusal.message, hint=refusal.hint)
    place = routine.places.get("length", Location(f"{routine.name}.yaml", 1, 1))
    return sources.fault("length-unfit", refusal.message, place, refusal.hint)


def _levels(options: Options) -> LevelProfile:
    """How loud the master is to be, for its file to come out as loud as was asked for."""
    is_mp3 = options.output.file_format is FileFormat.MP3
    return replace(options.levels, coder_loss_db=loss_db(options.encoding.bitrate_for(1)) if is_mp3 else 0.0)


def _prove(path: Path, progress: Progress) -> None:
    verdict = verify(path, progress)
    if verdict.first is not None:
        raise BrokenPromiseError(f"the finished session is not as planned: {verdict.first}")
