"""All tracks of a session at one sample rate, in absolute integer frames; and their JSON, which other tools read.

The JSON is documented in README ("The timeline"). It is what ``plan --json`` and ``show --json`` print and what the MP3
carries.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from voicecoach.model.about import About
from voicecoach.model.clip import Utterance, Voice
from voicecoach.model.levels import Levels
from voicecoach.model.units import SAMPLE_RATE_HZ, to_seconds

VOICE_TRACK = "voice"
EARCON_TRACK = "earcons"
BED_TRACK = "bed"
USUAL_SOUNDS = "bells"
NO_SOUNDS = "none"
"""The pack without earcons: nothing marks a time."""
PACK_NAMES = (USUAL_SOUNDS, "beeps", "wood", NO_SOUNDS)
"""The packs that there are; any other name is a folder of the author's own."""


def pack_name(written: str | None) -> str:
    """Name a pack as a session does: a folder of the author's own without the place where it is kept."""
    if written is None or written in PACK_NAMES:
        return written or USUAL_SOUNDS
    return f"{PurePath(written).name or 'sounds'}/"


@dataclass(frozen=True)
class PlacedClip:
    """A clip on a track.

    Attributes
    ----------
    start, frames
        Place and length in frames.
    role
        What it is for: of a spoken cue ``set-up``, ``rest`` …; of an earcon its name; of the bed ``bed``.
    text
        What is said, as people read it; None for an earcon and the bed.
    earcon
        Name of the earcon, or of the author's own sound file; None for speech and the bed.
    outline
        Of speech in a built session: how loud it is from moment to moment, by which `verify` knows it again (see
        `voicecoach.sound.outline`); None in a plan.
    voice
        Who says it, ``engine:name``, in a session of several voices; None where one says everything.
    utterance
        What the engine was asked for; not part of the JSON, since nothing after `mix` needs it.
    """

    start: int
    frames: int
    role: str
    text: str | None = None
    earcon: str | None = None
    step: int | None = None
    exercise: str | None = None
    side: str | None = None
    set: int | None = None
    rep: int | None = None
    outline: str | None = None
    voice: str | None = None
    utterance: Utterance | None = None

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.start + self.frames


@dataclass(frozen=True)
class Track:
    """Ordered clips that do not overlap."""

    name: str
    clips: tuple[PlacedClip, ...] = ()


@dataclass(frozen=True)
class Span:
    """A stretch of the session with one purpose; spans follow one another without a hole.

    Attributes
    ----------
    kind
        One of `model.cuescript.SpanKind`, as text.
    start, frames
        Place and length in frames.
    step, exercise, side, set, name, position
        What it belongs to, as in `model.cuescript.Where`.
    pattern
        Of repetitions their tempo, of breathing its pattern: ``4-2-6-0``, in seconds.
    """

    kind: str
    start: int
    frames: int
    step: int | None = None
    exercise: str | None = None
    side: str | None = None
    set: int | None = None
    name: str | None = None
    position: str | None = None
    pattern: str | None = None

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.start + self.frames


@dataclass(frozen=True)
class Chapter:
    """What a player shows and skips by; chapters follow one another without a hole, from frame 0 to the end."""

    title: str
    start: int
    frames: int

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.start + self.frames


class NoteKind(StrEnum):
    """What `place` decided."""

    MOVED = "moved"
    SHORTENED = "shortened"
    DROPPED = "dropped"
    NO_SOUND = "no sound"


@dataclass(frozen=True)
class Note:
    """A decision of `place` that an author may want to know: where what was asked for and what fits differ.

    Attributes
    ----------
    at
        The frame that it concerns.
    message
        What was decided, and why, for people.
    kind
        One of `NoteKind`.
    step
        Number of the step, or None.
    """

    at: int
    message: str
    kind: str = NoteKind.DROPPED
    step: int | None = None


@dataclass(frozen=True)
class UsedBed:
    """The bed under a session.

    Attributes
    ----------
    sound
        A built-in name, or the name of the author's file (without its folder: that is nobody's business).
    level_db
        How loud, as the author wrote it.
    duck_db
        How much lower under the voice.
    """

    sound: str
    level_db: float
    duck_db: float


@dataclass(frozen=True)
class Timeline:
    """A whole session, placed.

    Attributes
    ----------
    title
        The session's title.
    frames
        Length of the session.
    tracks
        ``voice``, ``earcons`` and ``bed``, in that order.
    spans, chapters
        In order, from frame 0 to the end.
    notes
        What `place` moved, shortened and left out, and why.
    sounds
        The pack of its earcons: one of `PACK_NAMES`, or the name of the author's own folder with a slash behind it.
    own_sounds
        Of a built session, each sound of the author's own in short, by which `verify` knows it again (see
        `voicecoach.sound.sketch`).
    bed
        What sounds under all of it, or None.
    floor
        A very soft noise stands in the place of digital silence.
    levels
        Of a built session, how loud it came out; None in a plan.
    about
        What it is about, for who lists sessions; None before `pipeline` told it.
    """

    title: str
    frames: int
    tracks: tuple[Track, ...]
    spans: tuple[Span, ...]
    chapters: tuple[Chapter, ...]
    notes: tuple[Note, ...] = ()
    sample_rate: int = SAMPLE_RATE_HZ
    sounds: str = USUAL_SOUNDS
    own_sounds: Mapping[str, str] = field(default_factory=dict)
    bed: UsedBed | None = None
    floor: bool = False
    levels: Levels | None = None
    about: About | None = None

    @property
    def length_s(self) -> Fraction:
        """Exact length in seconds."""
        return to_seconds(self.frames, self.sample_rate)

    def track(self, name: str) -> Track:
        """Return the track of that name.

        Raises
        ------
        KeyError
            There is none.
        """
        for track in self.tracks:
            if track.name == name:
                return track
        raise KeyError(name)

    def with_outlines(self, outline: Callable[[Utterance], str | None]) -> Timeline:
        """Return the timeline with the outline of all that is said, as it was spoken."""

        def outlined(clip: PlacedClip) -> PlacedClip:
            return clip if clip.utterance is None else replace(clip, outline=outline(clip.utterance))

        tracks = tuple(Track(track.name, tuple(map(outlined, track.clips))) for track in self.tracks)
        return replace(self, tracks=tracks)

    def with_voices(self) -> Timeline:
        """Return the timeline with who says what, where more than one voice speaks."""
        voices = {clip.utterance.voice for track in self.tracks for clip in track.clips if clip.utterance is not None}
        if len(voices) < 2:
            return self

        def told(clip: PlacedClip) -> PlacedClip:
            return clip if clip.utterance is None else replace(clip, voice=_told(clip.utterance.voice))

        return replace(self, tracks=tuple(Track(track.name, tuple(map(told, track.clips))) for track in self.tracks))

    def to_json(self) -> dict[str, Any]:
        """Return the timeline as plain values; keys that do not apply are absent."""
        values: dict[str, Any] = {
            "title": self.title,
            "sample_rate": self.sample_rate,
            "frames": self.frames,
            "length_s": float(self.length_s),
            "sounds": self.sounds,
            "tracks": [{"name": t.name, "clips": [_present(c, "utterance") for c in t.clips]} for t in self.tracks],
            "spans": [_present(span) for span in self.spans],
            "chapters": [_present(chapter) for chapter in self.chapters],
        }
        if self.notes:
            values["notes"] = [_present(note) for note in self.notes]
        if self.own_sounds:
            values["own_sounds"] = dict(self.own_sounds)
        if self.bed is not None:
            values["bed"] = _present(self.bed)
        if self.floor:
            values["floor"] = True
        if self.levels is not None:
            values["levels"] = _present(self.levels)
        if self.about is not None:
            about = _present(self.about)
            values["about"] = {n: list(v) if isinstance(v, tuple) else v for n, v in about.items() if v is not False}
        return values

    def dumps(self) -> bytes:
        """Return the JSON as compact UTF-8."""
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Timeline:
        """Make the timeline of its JSON; keys that this version does not know are passed over.

        Raises
        ------
        KeyError, TypeError
            The values are not those of a timeline.
        """
        return cls(
            title=values["title"],
            frames=values["frames"],
            sample_rate=values["sample_rate"],
            tracks=tuple(
                Track(track["name"], tuple(_known(PlacedClip, clip) for clip in track["clips"]))
                for track in values["tracks"]
            ),
            spans=tuple(_known(Span, span) for span in values["spans"]),
            chapters=tuple(_known(Chapter, chapter) for chapter in values["chapters"]),
            notes=tuple(_known(Note, note) for note in values.get("notes", ())),
            sounds=values.get("sounds", USUAL_SOUNDS),
            own_sounds=dict(values.get("own_sounds", {})),
            bed=_known(UsedBed, values["bed"]) if "bed" in values else None,
            floor=values.get("floor", False),
            levels=_known(Levels, values["levels"]) if "levels" in values else None,
            about=_about(values["about"]) if "about" in values else None,
        )


def _told(voice: Voice) -> str:
    """Name a voice without the place where its owner keeps it."""
    path = PurePath(voice.name)
    kept_somewhere = path.is_absolute() or voice.name.startswith(("~", "."))
    return f"{voice.engine}:{path.name if kept_somewhere else voice.name}"


def _present(noun: Any, *left_out: str) -> dict[str, Any]:
    fields = noun.__dataclass_fields__
    return {name: v for name in fields if name not in left_out and (v := getattr(noun, name)) is not None}


def _about(values: Mapping[str, Any]) -> About:
    lists = {name: tuple(values.get(name, ())) for name in ("equipment", "cautions", "exercises")}
    about: About = _known(About, {**values, **lists})
    return about


def _known(noun: Any, values: Mapping[str, Any]) -> Any:
    return noun(**{name: value for name, value in values.items() if name in noun.__dataclass_fields__})
