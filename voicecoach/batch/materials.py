"""The files that a session is made of: beside its routine, among the user's own, or elsewhere on this machine."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePath

from voicecoach.library import EXERCISES, Library
from voicecoach.model.cuescript import NAMED_SOUNDS
from voicecoach.model.diagnostic import has_errors
from voicecoach.model.routine import IncludeStep, RepeatStep, Routine, SoundStep, Step, named_voices
from voicecoach.model.timeline import PACK_NAMES
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.parse import parse

_YAML = (".yaml", ".yml")


class Root(StrEnum):
    """Where the name of a file begins."""

    BESIDE = "beside"
    """At the routine's folder; it may go up from there."""
    OWN = "own"
    """At the user's data folder."""
    ELSEWHERE = "elsewhere"
    """It is a whole path, as its author wrote it."""


@dataclass(frozen=True)
class Material:
    """A file that shapes a session.

    Attributes
    ----------
    root, name
        How it is called whichever machine it lies on: ``/`` between.
    path
        Where it lies here.
    sha256
        Of its bytes; "" where there is none that can be read.
    """

    root: Root
    name: str
    path: Path
    sha256: str = ""


@dataclass(frozen=True)
class Materials:
    """All that a routine's session is made of, beside what comes with the package.

    Attributes
    ----------
    source, name
        The routine's text and name.
    files
        The files that it needs, by root and name.
    """

    source: SourceFile
    name: str
    files: tuple[Material, ...] = ()

    @cached_property
    def digest(self) -> str:
        """A SHA-256 of the text and all files: the same wherever they lie, another one once any of them changes."""
        digest = hashlib.sha256()
        said = (self.name, self.source.text, *(part for one in self.files for part in (one.root, one.name, one.sha256)))
        for part in said:
            data = part.encode("utf-8", "surrogateescape")
            digest.update(b"%d:" % len(data))
            digest.update(data)
        return digest.hexdigest()


def materials_of(source: SourceFile, name: str, library: Library) -> Materials:
    """Find what a routine's session is made of. A file that is missing is one without bytes; faults tell of it later.

    These are included files, exercise files with their translations, the image, the bed, sounds, a folder of earcons
    and recordings that the routine names by their place. A lexicon stands in the routine's own text. What a voice is
    made of is not among them: its fingerprint (`engines.base.Engine.fingerprint`) tells of that.

    Parameters
    ----------
    source, name
        The routine's text and name.
    library
        Where its exercises come from, but for those beside it.
    """
    sources = Sources(source)
    routine, faults = parse(sources, name, library.beside(source))
    found = list(_files_read(sources, routine))
    if routine is not None:
        found += _files_heard(routine, source.folder)
    if has_errors(faults) and source.folder is not None:
        shelf = source.folder / EXERCISES  # all of it: a hint may name any of them
        found += _beside(EXERCISES, _below(shelf, _YAML), shelf)
    unique = {(one.root, one.name): one for one in found}
    return Materials(source, name, tuple(_read(unique[key]) for key in sorted(unique)))


def _files_read(sources: Sources, routine: Routine | None) -> Iterator[Material]:
    """Give the files of YAML that were opened: includes, and exercises that are not built in."""
    main = sources.main
    shown = {main.beside(written): written for written in _included(() if routine is None else routine.steps, "")}
    for file in sources.files[1:]:
        if file.folder is None:
            continue
        path = file.folder / PurePath(file.name).name
        if file.name in shown:
            yield _named(shown[file.name], path)
        elif main.folder is not None and (main.folder / EXERCISES) in path.parents:
            yield Material(Root.BESIDE, path.relative_to(main.folder).as_posix(), path)
        elif EXERCISES in path.parts:
            last = len(path.parts) - 1 - path.parts[::-1].index(EXERCISES)
            yield Material(Root.OWN, PurePath(*path.parts[last:]).as_posix(), path)


def _included(steps: Iterable[Step], folder: str) -> Iterator[str]:
    """Name included files from the routine's folder on."""
    for step in steps:
        if isinstance(step, IncludeStep):
            written = posixpath.join(folder, _slashed(step.file))
            yield written
            yield from _included(step.steps, posixpath.dirname(written))
        elif isinstance(step, RepeatStep):
            yield from _included(step.steps, folder)


def _files_heard(routine: Routine, folder: Path | None) -> Iterator[Material]:
    """Give the files that a routine names for what is heard and seen."""
    from voicecoach.sound.beds import BED_NAMES
    from voicecoach.sound.own_sounds import SOUND_ENDINGS

    named = [] if routine.bed is None or routine.bed.sound in BED_NAMES else [routine.bed.sound]
    named += [] if routine.image is None else [routine.image]
    named += [sound for sound in _sounds(routine.steps, "") if sound not in NAMED_SOUNDS]
    yield from (_named(written, _located(written, folder)) for written in named)
    if routine.sounds is not None and routine.sounds not in PACK_NAMES:
        within = _located(routine.sounds, folder)
        yield from _beside(routine.sounds, _below(within, SOUND_ENDINGS, deep=False), within)
    for written in dict.fromkeys(_recordings(routine)):
        yield from _recorded(written, _located(written, folder))


def _sounds(steps: Iterable[Step], folder: str) -> Iterator[str]:
    for step in steps:
        if isinstance(step, SoundStep):
            yield step.sound if step.sound in NAMED_SOUNDS else posixpath.join(folder, step.sound)
        elif isinstance(step, RepeatStep):
            yield from _sounds(step.steps, folder)
        elif isinstance(step, IncludeStep):
            yield from _sounds(step.steps, posixpath.join(folder, posixpath.dirname(_slashed(step.file))))


def _recordings(routine: Routine) -> Iterator[str]:
    """Name the folders of recordings that a routine gives by their place."""
    from voicecoach.engines.registry import alternatives

    for spec in (routine.voice.spec, *(spec for spec, _ in named_voices(routine))):
        for one in alternatives(spec):
            engine, _, voice = one.partition(":")
            if engine == "recorded" and ("/" in voice or "\\" in voice):
                yield voice.strip()


def _recorded(written: str, folder: Path) -> Iterator[Material]:
    from voicecoach.engines.recorded import ENDINGS, SETTINGS

    yield from _beside(written, _below(folder, (*ENDINGS, PurePath(SETTINGS).suffix)), folder)


def _below(folder: Path, endings: tuple[str, ...], *, deep: bool = True) -> Iterator[Path]:
    """Give the files of a folder, and of those in it."""
    try:
        inside = sorted(folder.rglob("*") if deep else folder.iterdir())
    except (OSError, ValueError):
        return
    yield from (path for path in inside if path.suffix.lower() in endings and not path.is_dir())


def _beside(written: str, files: Iterable[Path], folder: Path) -> Iterator[Material]:
    """Name files of a folder that an author named."""
    for path in files:
        yield _named(posixpath.join(_slashed(written), path.relative_to(folder).as_posix()), path)


def _named(written: str, path: Path) -> Material:
    """Tell how a file is called that an author named."""
    name = _slashed(written)
    whole = PurePath(written).is_absolute() or name.startswith(("/", "~/"))
    return Material(Root.ELSEWHERE if whole else Root.BESIDE, posixpath.normpath(name), path)


def _slashed(written: str) -> str:
    return PurePath(written).as_posix() if "\\" in written else written


def _located(written: str, folder: Path | None) -> Path:
    """Find a file as the line does: beside the routine, unless its path is whole."""
    path = Path(written).expanduser() if written.startswith("~/") else Path(written)
    return (folder or Path()) / path


def _read(material: Material) -> Material:
    try:
        with material.path.open("rb") as file:
            return replace(material, sha256=hashlib.file_digest(file, "sha256").hexdigest())
    except (OSError, ValueError):
        return material
