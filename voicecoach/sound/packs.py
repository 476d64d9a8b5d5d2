"""The sounds of a session: a pack of earcons (ours or the author's own), and the files that its steps name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import numpy as np

from voicecoach.errors import SoundError
from voicecoach.model.clip import Clip
from voicecoach.model.cuescript import NAMED_SOUNDS, Earcon
from voicecoach.model.routine import SoundStep
from voicecoach.model.timeline import NO_SOUNDS, USUAL_SOUNDS, pack_name
from voicecoach.sound.breath import TONE_VERSION, TONES, Colour, breath_tone
from voicecoach.sound.envelope import fade_out
from voicecoach.sound.files import read_sound
from voicecoach.sound.own_sounds import own_sound, sounds_in
from voicecoach.sound.sketch import sketch

EARCON_NAMES = ("tick", "start", "end", "halfway", "side", "rest", "rep", "in", "out", "done", "lead-in")
"""Every earcon that a pack of ours has as a file. Each begins at its first frame, to be placed to the frame."""
OWN_NAMES = (*EARCON_NAMES, "full", "empty")
"""What a folder of the author's own may hold."""
COLOURS: Mapping[str, Colour] = MappingProxyType(
    {
        "bells": Colour(329.63, 493.88, ((2, 0.18), (3, 0.05)), ((2.0, 0.7, 0.05), (3.0, 0.4, 0.035))),
        "beeps": Colour(330.0, 550.0, ((3, 0.12), (5, 0.03)), ((1.5, 0.8, 0.03), (4.5, 0.3, 0.015))),
        "wood": Colour(311.13, 466.16, ((2, 0.06), (3, 0.14)), ((1.0, 0.6, 0.04), (3.93, 0.5, 0.02))),
    }
)
"""The packs that there are, and what their breath tones sound like."""
_PACKAGE = "voicecoach.sounds"
_CUT_FADE_FRAMES = 480


@dataclass(frozen=True, eq=False)
class Pack:
    """The sounds of a session.

    Attributes
    ----------
    name
        As `model.timeline.pack_name` gives it.
    clips
        By name: 48 kHz, mono, beginning at the first frame.
    colour
        Of the breath tones.
    own
        The names whose clips are the author's own.
    """

    name: str
    clips: Mapping[str, Clip]
    colour: Colour
    own: frozenset[str] = frozenset()

    @cached_property
    def frames(self) -> Mapping[str, int]:
        """Length of each in frames at 48 kHz."""
        return MappingProxyType({name: clip.frames for name, clip in self.clips.items()})

    def clip(self, name: str, frames: int) -> Clip:
        """Give a sound, made as long as the timeline has it.

        A breath tone is made for its length. Another sound that is longer is faded out; one that is shorter is
        followed by silence.

        Raises
        ------
        KeyError
            There is no such sound.
        """
        if self._is_tone(name, frames):
            return breath_tone(name, frames, self.colour)
        found = self.clips[name]
        if found.frames > frames:
            return Clip(fade_out(found.samples[:frames], min(_CUT_FADE_FRAMES, frames)), found.rate_hz)
        if found.frames < frames:
            return Clip(np.pad(found.samples, ((0, frames - found.frames), (0, 0))), found.rate_hz)
        return found

    def key(self, name: str, frames: int) -> str:
        """Name what makes a sound's samples: equal keys, equal samples."""
        made = f"{TONE_VERSION} {self.colour}" if self._is_tone(name, frames) else self._hashes[name]
        return f"{name} {frames} {made}"

    def sketches(self) -> Mapping[str, str]:
        """Sketch the author's own sounds, so that a session can be verified where they are not."""
        return {name: sketch(self.clips[name].samples) for name in sorted(self.own)}

    def _is_tone(self, name: str, frames: int) -> bool:
        return name in TONES and name not in self.own and frames != self.frames.get(name)

    @cached_property
    def _hashes(self) -> Mapping[str, str]:
        return {name: hashlib.sha256(clip.to_bytes()).hexdigest() for name, clip in self.clips.items()}


def load_pack(name: str | None = None, steps: Iterable[SoundStep] = (), folder: Path | None = None) -> Pack:
    """Load the sounds of a session.

    Parameters
    ----------
    name
        ``bells`` (or None), ``beeps``, ``wood``; ``none``: nothing marks a time, and only what a ``sound`` step names
        is heard; else a folder of the author's own, which may hold any of `OWN_NAMES`, in any format that
        `files.open_any` reads: what it does not hold is that of ``bells``.
    steps
        The ``sound`` steps, for the files that they name.
    folder
        Where own folders and files are looked for; None: where the program was started.

    Raises
    ------
    SoundError
        A folder or file is missing or cannot be used, or two different files have one name.
    """
    title, name = pack_name(name), name or USUAL_SOUNDS
    built_in = name in COLOURS
    base = name if built_in else USUAL_SOUNDS
    clips = {earcon: _shipped(base, earcon) for earcon in EARCON_NAMES}
    own: dict[str, Clip] = {}
    if name == NO_SOUNDS:
        del clips[Earcon.LEAD_IN]
    elif not built_in:
        found = sounds_in(located(name, folder), OWN_NAMES)
        own = {earcon: own_sound(file) for earcon, file in found.items()}
    named: dict[str, str] = {}
    for step in steps:
        if step.sound in NAMED_SOUNDS:
            continue
        if named.setdefault(step.name, step.sound) != step.sound:
            raise SoundError(f"two sound files are called '{step.name}'", hint="rename one of them")
        if step.name not in own:
            own[step.name] = own_sound(located(step.sound, folder))
    return Pack(title, MappingProxyType(clips | own), COLOURS[base], frozenset(own))


def located(written: str, folder: Path | None) -> Path:
    """Find the path of what an author names: beside the routine, unless it is absolute or begins with ``~/``."""
    path = Path(written).expanduser() if written.startswith("~/") else Path(written)
    return path if folder is None else folder / path


def _shipped(pack: str, name: str) -> Clip:
    try:
        source = resources.files(_PACKAGE).joinpath(pack, f"{name}.wav")
        if not source.is_file():
            raise FileNotFoundError(str(source))
        with resources.as_file(source) as path:  # by its path: in a callback of libsndfile's a Ctrl-C would be lost
            return read_sound(path)
    except (OSError, ModuleNotFoundError) as fault:
        raise SoundError(
            f"the sound '{pack}/{name}' is missing from the installation", hint="install voicecoach again"
        ) from fault
    except SoundError as fault:
        raise SoundError(f"the sound '{pack}/{name}' is damaged: {fault.message}") from fault
