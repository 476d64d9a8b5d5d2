"""Whether what a routine names can be heard as it is meant: sound files, the bed, a folder of earcons."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

from voicecoach.errors import SoundError
from voicecoach.model.cuescript import NAMED_SOUNDS
from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.model.location import Location
from voicecoach.model.routine import SoundStep, Talk
from voicecoach.model.timeline import NO_SOUNDS, PACK_NAMES
from voicecoach.model.units import clock
from voicecoach.sound import beds, own_sounds
from voicecoach.sound.files import stated_length_s
from voicecoach.sound.packs import OWN_NAMES, load_pack
from voicecoach.sound.weighting import loudest_lufs
from voicecoach.stages.check.checked import Checked
from voicecoach.stages.check.files import exists, file_path

LONG_SOUND_S = 30
"""A sound of a step that is longer keeps one waiting: nothing else is heard meanwhile."""
LONG_EARCON_S = 5
FAR_OFF_DB = 12.0
"""An earcon that is so much louder or softer than ours does not mean any more what it should."""


def sound_files_can_be_heard(checked: Checked) -> Iterator[Diagnostic]:
    """A sound file of a step can be read, and is a sound rather than music."""
    for step, folder in checked.steps_in_folders():
        path = file_path(step.sound, folder) if isinstance(step, SoundStep) else None
        if not isinstance(step, SoundStep) or step.sound in NAMED_SOUNDS or not _usable(path):
            continue
        assert path is not None
        place = checked.place(step, "sound")
        length_s = yield from _length_s(checked, step.sound, path, place)
        if length_s is not None and length_s > LONG_SOUND_S:
            heard = f"; only {clock(own_sounds.MOST_S)} of it are heard" if length_s > own_sounds.MOST_S else ""
            message = f"'{step.sound}' lasts {clock(length_s)}, and nothing else is heard meanwhile{heard}"
            yield checked.warning("long-sound", message, place, "cut it, or let it play under the voice, as 'bed'")


def bed_can_be_heard(checked: Checked) -> Iterator[Diagnostic]:
    """The author's own bed can be read, and is neither too short nor too long to be a loop."""
    bed = checked.routine.bed
    path = None if bed is None else file_path(bed.sound, checked.sources.main.folder)
    if bed is None or bed.sound in beds.BED_NAMES or not _usable(path):
        return
    assert path is not None
    place = checked.place(checked.routine, "bed")
    length_s = yield from _length_s(checked, bed.sound, path, place)
    if length_s is not None and length_s < beds.LEAST_S:
        message = f"'{bed.sound}' lasts {length_s:.1f} s, which is too short for a bed"
        yield checked.error("unreadable-sound", message, place, f"take one of {', '.join(beds.BED_NAMES)}")
    elif length_s is not None and length_s > beds.MOST_S:
        message = f"'{bed.sound}' lasts {clock(length_s)}: its first {clock(beds.MOST_S)} are heard, again and again"
        yield checked.warning("long-sound", message, place, "cut out the part that you like best")


def pack_can_be_heard(checked: Checked) -> Iterator[Diagnostic]:
    """A folder of the author's own holds earcons, and nothing that will not be heard."""
    pack = checked.routine.sounds
    path = None if pack is None or pack in PACK_NAMES else file_path(pack, checked.sources.main.folder)
    if path is None or not exists(path) or not path.is_dir():
        return
    place = checked.place(checked.routine, "sounds")
    found = own_sounds.sounds_in(path, OWN_NAMES)
    if not found:
        message = f"the folder '{pack}' holds no sound by a name that is known, so it changes nothing"
        yield checked.warning("unknown-sound", message, place, f"the names are {', '.join(OWN_NAMES)}")
    for file in sorted(path.iterdir()):
        yield from _known_file(checked, file, place)
    ours = load_pack().clips
    for name, file in found.items():
        try:
            clip = own_sounds.own_sound(file)
        except SoundError as fault:
            yield _unreadable(checked, file.name, fault, place)
            continue
        if clip.length_s > LONG_EARCON_S:
            message = f"'{file.name}' lasts {clock(clip.length_s)}; it is faded out where the next sound begins"
            yield checked.warning("long-sound", message, place, "cut it: a sound that marks a time is short")
        if name in ours:
            off_db = loudest_lufs(clip.samples) - loudest_lufs(ours[name].samples)
            if abs(off_db) > FAR_OFF_DB:
                how = "louder" if off_db > 0 else "softer"
                message = f"'{file.name}' is {abs(off_db):.0f} dB {how} than the usual '{name}'"
                hint = f"make it {'softer' if off_db > 0 else 'louder'} by some {abs(off_db):.0f} dB"
                yield checked.warning("odd-level", message, place, hint)


def something_is_heard(checked: Checked) -> Iterator[Diagnostic]:
    """There are words, or sounds that mark the time."""
    if checked.routine.sounds == NO_SOUNDS and checked.routine.talk is Talk.BELLS:
        message = "with 'talk: bells' and 'sounds: none' neither words nor sounds are heard"
        yield checked.warning("silent", message, checked.place(checked.routine, "sounds"), "leave out one of them")


def _known_file(checked: Checked, file: Path, place: Location) -> Iterator[Diagnostic]:
    """Tell of a file whose name or kind nobody asks for, where it looks as if it was meant to be heard."""
    is_sound = file.suffix.lower() in own_sounds.SOUND_ENDINGS
    if is_sound and file.stem not in OWN_NAMES:
        hint = did_you_mean(file.stem, OWN_NAMES) or f"the names are {', '.join(OWN_NAMES)}"
        yield checked.warning("unknown-sound", f"no earcon is called '{file.stem}' ('{file.name}')", place, hint)
    elif not is_sound and file.stem in OWN_NAMES:
        hint = f"it must end in {', '.join(own_sounds.SOUND_ENDINGS)}"
        yield checked.warning("unknown-sound", f"'{file.name}' is no file of a sound", place, hint)


def _usable(path: Path | None) -> bool:
    """Whether it is a file that may be a sound; where not, `files` has told it."""
    return path is not None and exists(path) and path.is_file() and path.suffix.lower() in own_sounds.SOUND_ENDINGS


def _length_s(checked: Checked, name: str, path: Path, place: Location) -> Generator[Diagnostic, None, float | None]:
    """Give the length of a file, and tell where it has none: ``yield from`` returns seconds, or None."""
    try:
        return stated_length_s(path)
    except SoundError as fault:
        yield _unreadable(checked, name, fault, place)
        return None


def _unreadable(checked: Checked, name: str, fault: SoundError, place: Location) -> Diagnostic:
    hint = fault.hint or "play it somewhere else first: it may be damaged, or no sound at all"
    return checked.error("unreadable-sound", f"'{name}' cannot be read as a sound", place, hint)
