"""Files that a routine names: sounds, the image, the bed, a folder of earcons; whether they are there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from voicecoach.model.cuescript import NAMED_SOUNDS
from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.model.location import Location
from voicecoach.model.routine import SoundStep
from voicecoach.model.timeline import PACK_NAMES
from voicecoach.sound.beds import BED_NAMES
from voicecoach.sound.own_sounds import SOUND_ENDINGS
from voicecoach.stages.check.checked import Checked

SOUNDS = tuple(NAMED_SOUNDS)
"""What a ``sound`` step can name without a file."""
IMAGE_ENDINGS = (".jpg", ".jpeg", ".png")
LOUD_BED_DB = -10


def sounds_are_there(checked: Checked) -> Iterator[Diagnostic]:
    """A ``sound`` step names an earcon or a file that there is."""
    for step, folder in checked.steps_in_folders():
        if isinstance(step, SoundStep) and step.sound not in SOUNDS:
            wanted = _Wanted(step.sound, "sound", SOUND_ENDINGS, SOUNDS)
            yield from _file(checked, wanted, folder, checked.place(step, "sound"))


def bed_is_there(checked: Checked) -> Iterator[Diagnostic]:
    """The bed is a built-in one or a file, and lies under the voice."""
    bed = checked.routine.bed
    if bed is None:
        return
    place = checked.place(checked.routine, "bed")
    if bed.sound not in BED_NAMES:
        wanted = _Wanted(bed.sound, "bed", SOUND_ENDINGS, BED_NAMES)
        yield from _file(checked, wanted, checked.sources.main.folder, place)
    if bed.level_db > LOUD_BED_DB:
        message = f"a bed at {float(bed.level_db):g} dB hides the voice"
        yield checked.warning("loud-bed", message, place, "a bed lies at about -22 dB")


def image_is_there(checked: Checked) -> Iterator[Diagnostic]:
    """The image is a file that players show."""
    if checked.routine.image is not None:
        wanted = _Wanted(checked.routine.image, "image", IMAGE_ENDINGS)
        yield from _file(checked, wanted, checked.sources.main.folder, checked.place(checked.routine, "image"))


def pack_is_there(checked: Checked) -> Iterator[Diagnostic]:
    """The pack of earcons is a built-in one or a folder."""
    pack = checked.routine.sounds
    if pack is None or pack in PACK_NAMES:
        return
    place = checked.place(checked.routine, "sounds")
    path = file_path(pack, checked.sources.main.folder)
    if path is not None and exists(path) and not path.is_dir():
        hint = f"name the folder that it lies in, or one of {', '.join(PACK_NAMES)}"
        yield checked.error("file-kind", f"'{pack}' is a file, not a folder of sounds", place, hint)
    elif path is None or not exists(path):
        hint = did_you_mean(pack, PACK_NAMES) or f"write one of {', '.join(PACK_NAMES)}, or a folder beside the routine"
        yield checked.error("missing-file", f"there is no pack or folder of sounds '{pack}'", place, hint)


class _Wanted(NamedTuple):
    """A file that is named, what for, and what else could stand there."""

    name: str
    what: str
    endings: tuple[str, ...]
    built_in: tuple[str, ...] = ()


def _file(checked: Checked, wanted: _Wanted, folder: Path | None, place: Location) -> Iterator[Diagnostic]:
    name, what, path = wanted.name, wanted.what, file_path(wanted.name, folder)
    endings = f"{', '.join(wanted.endings[:-1])} or {wanted.endings[-1]}"
    if "://" in name:
        message = f"'{name}' is an address, not a file"
        yield checked.error("missing-file", message, place, "download it, and name the file")
    elif path is None or not exists(path):
        known = f"write one of {', '.join(wanted.built_in)}, or a file" if wanted.built_in else "write a file"
        hint = (
            did_you_mean(name, wanted.built_in) or _near_file(path) or f"{known}; it is looked for beside the routine"
        )
        yield checked.error("missing-file", f"there is no {what} '{name}'", place, hint)
    elif path.is_dir():
        yield checked.error("file-kind", f"'{name}' is a folder", place, f"name a file in it, ending in {endings}")
    elif path.suffix.lower() not in wanted.endings:
        article = "an" if what[0] in "aeiou" else "a"
        message = f"'{name}' is not a file that can be used as {article} {what}"
        yield checked.error("file-kind", message, place, f"it must end in {endings}")


def file_path(name: str, folder: Path | None) -> Path | None:
    """Find a file relative to the folder of the one that names it; None where that one lies in no folder."""
    path = Path(name).expanduser() if name.startswith("~/") else Path(name)
    return path if path.is_absolute() else None if folder is None else folder / path


def exists(path: Path) -> bool:
    """Whether there is such a file or folder."""
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _near_file(path: Path | None) -> str | None:
    try:
        return None if path is None else did_you_mean(path.name, [found.name for found in path.parent.iterdir()])
    except (OSError, ValueError):
        return None
