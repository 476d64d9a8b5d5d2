"""verify: a finished MP3 → what it keeps of its own timeline.

The file is decoded and compared with what it says of itself. Nothing is taken from the build: what passes here is what
a listener hears.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from voicecoach.errors import SessionFileError, SoundError
from voicecoach.model.timeline import PACK_NAMES, Timeline
from voicecoach.model.verdict import Promise, Verdict
from voicecoach.mp3.session_file import read_plan
from voicecoach.sound.files import SoundReel
from voicecoach.sound.packs import Pack, load_pack
from voicecoach.stages.verify import marks, speech
from voicecoach.stages.verify.course import follow
from voicecoach.stages.verify.listening import Ear
from voicecoach.stages.verify.planned import timeline_kept
from voicecoach.stages.verify.quiet import level_kept, silence_kept
from voicecoach.stages.verify.written import Written, chapters_kept, file_kept, length_kept


def verify(path: Path, progress: Callable[[str, int, int], None] | None = None) -> Verdict:
    """Prove a session against its own timeline.

    Parameters
    ----------
    path
        An MP3 that `build` made. It is decoded some seconds at a time: memory does not grow with its length, but for
        a byte per 5 ms.
    progress
        Called with ("verify", frames done, of).

    Returns
    -------
    Verdict
        Every promise, kept or not. Where something moved all that follows (a cut, an insertion), what follows is
        looked for where it is now, so that one fault is told once.

    Raises
    ------
    SessionFileError
        The file cannot be read, is not ours, or its timeline is damaged: there is nothing to prove it against.
    """
    timeline = read_plan(path)
    pack = load_pack(timeline.sounds if timeline.sounds in PACK_NAMES else None)
    try:
        written = Written.of(path)
        with written.reel() as reel:
            return Verdict(
                str(path), timeline.title, timeline.frames, _promises(written, timeline, reel, pack, progress)
            )
    except SoundError as fault:
        raise SessionFileError(fault.message, hint="build the session again") from fault
    except OSError as fault:
        raise SessionFileError(f"cannot read {path}: {fault.strerror or fault}") from fault


def _promises(
    written: Written,
    timeline: Timeline,
    reel: SoundReel,
    pack: Pack,
    progress: Callable[[str, int, int], None] | None,
) -> tuple[Promise, ...]:
    planned = timeline_kept(timeline, pack)
    ear = Ear(reel, timeline, pack)
    ear.listen(progress)
    file = file_kept(written, timeline, reel, ear.frames)
    chapters = chapters_kept(written.path, timeline)
    if reel.rate_hz != timeline.sample_rate:
        return file, planned, chapters  # no frame of it is where the timeline counts it
    course = follow(ear)
    by_marks = marks.usual_gain_db(course)
    gain_db = speech.usual_gain_db(ear) if by_marks is None else by_marks
    said = speech.speech_heard(course, ear, gain_db)
    return (
        file,
        planned,
        length_kept(written, timeline, ear.frames),
        chapters,
        level_kept(ear, gain_db),
        marks.earcons_kept(course, ear, gain_db),
        marks.holds_kept(course, timeline),
        marks.sides_kept(course, timeline),
        speech.speech_kept(said, ear),
        silence_kept(course, ear, said.elsewhere),
    )
