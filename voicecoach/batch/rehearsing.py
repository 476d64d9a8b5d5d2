"""One session of a kind, planned for two people: how long it is, what is said in both, and what in one of them only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from voicecoach.batch.job import Job
from voicecoach.batch.tallying import SessionKind
from voicecoach.config import Options
from voicecoach.errors import VoicecoachError
from voicecoach.model.clip import Utterance
from voicecoach.model.diagnostic import Severity
from voicecoach.model.output import FileFormat
from voicecoach.model.profile import Profile
from voicecoach.model.routine import Routine, Talk
from voicecoach.model.session import Outcome
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.mp3.id3 import build_tag
from voicecoach.pipeline import Workshop, plan
from voicecoach.publish.cover import picture_of
from voicecoach.publish.tags import session_tags
from voicecoach.source.nodes import Sources
from voicecoach.stages.cast import cast
from voicecoach.text.normalise import normalise

Said = tuple[str, Utterance]
"""A voice and what it says; of what is a person's own with ``{name}`` for what they are called."""
OUTLINE_BYTES = 52
"""What a built session's tag holds of each cue beyond a plan's: its outline, packed. Measured of built-in routines."""
FLAC_SHARE = 0.3
"""What FLAC leaves of a session, most of which is silence."""
_SAMPLE_BYTES = 3
_ANYBODY = ("Robin", "Kim", "Alexandra", "Lee", "Marie-Louise")


@dataclass(frozen=True)
class Planned:
    """A kind of session, planned.

    Attributes
    ----------
    length_s, size_bytes
        Of one session.
    shared, personal
        What is said to everybody, and to one person only, each with its characters.
    voice
        Who coaches.
    paid
        The engine, if it may cost money; else "".
    reasons
        Why it cannot be.
    notes
        Voices that were passed over.
    """

    length_s: float = 0.0
    size_bytes: float = 0.0
    shared: Mapping[Said, int] = field(default_factory=dict)
    personal: Mapping[Said, int] = field(default_factory=dict)
    voice: str = ""
    paid: str = ""
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Voice:
    name: str = ""
    paid: str = ""
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Rehearsed:
    routine: Routine
    texts: Mapping[Utterance, int]
    length_s: float
    size_bytes: float


class Planner:
    """Plans kinds of session; what differs by voice only is planned once.

    Parameters
    ----------
    shop
        With the options that all sessions have in common.
    """

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self._done: dict[tuple[str, str, Profile, str | None], _Rehearsed | tuple[str, ...]] = {}
        self._voices: dict[tuple[str, str, str | None], _Voice] = {}
        self._tags: dict[tuple[str, Talk | None], float] = {}

    def plan(self, kind: SessionKind) -> Planned:
        """Plan a kind."""
        first, asked = kind.first, kind.first.profile.voice or ""
        one = self._rehearsed(first)
        if not isinstance(one, _Rehearsed):
            return Planned(voice=asked, reasons=one)
        voice = self._voice(first, one.routine)
        if voice.reasons:
            return Planned(voice=asked, reasons=voice.reasons)
        other = self._rehearsed(next(others(kind))) if kind.said else one
        differ = set() if not isinstance(other, _Rehearsed) else one.texts.keys() - other.texts.keys()
        own = {text: _without_names(text, kind, one.routine.language) for text in differ}
        if any(text != name_less for text, name_less in own.items()):
            # What differs without a name in it is how long the session is, which differs little: it is shared.
            own = {text: name_less for text, name_less in own.items() if text != name_less}
        return Planned(
            one.length_s,
            one.size_bytes,
            {(voice.name, text): count for text, count in one.texts.items() if text not in own},
            {(voice.name, own[text]): count for text, count in one.texts.items() if text in own},
            voice.name,
            voice.paid,
            notes=voice.notes,
        )

    def _rehearsed(self, job: Job) -> _Rehearsed | tuple[str, ...]:
        """Plan a session, whoever speaks; where it cannot be, give the reasons."""
        profile = replace(job.profile, voice=None)
        key = (job.name, job.source.text, profile, job.heading.title)
        if key not in self._done:
            self._done[key] = self._run(replace(job, profile=profile))
        return self._done[key]

    def _run(self, job: Job) -> _Rehearsed | tuple[str, ...]:
        options = replace(self.shop.options, profile=job.profile, heading=job.heading, voice=None)
        try:
            outcome = plan(job.source, job.name, replace(self.shop, options=options))
        except VoicecoachError as error:
            return (str(error),)
        if outcome.timeline is None or outcome.script is None or outcome.routine is None:
            stopping = [fault for fault in outcome.faults if options.strict or fault.severity is Severity.ERROR]
            return tuple(fault.render() for fault in stopping)
        texts = {utterance: len(utterance.text) for utterance in outcome.script.utterances()}
        size_bytes, length_s = self._size_bytes(job, outcome), float(outcome.timeline.length_s)
        return _Rehearsed(outcome.routine, texts, length_s, size_bytes)

    def _voice(self, job: Job, routine: Routine) -> _Voice:
        asked = self.shop.options.voice or job.profile.voice
        key = (job.name, job.source.text, asked)
        if key not in self._voices:
            self._voices[key] = self._cast(job, routine, asked)
        return self._voices[key]

    def _cast(self, job: Job, routine: Routine, asked: str | None) -> _Voice:
        """Find who would speak; nothing is spoken."""
        try:
            found = cast(routine, Sources(job.source), self.shop.engines, asked, self.shop.preferred)
            if found.casting is None:
                errors = [fault.render() for fault in found.faults if fault.severity is Severity.ERROR]
                return _Voice(reasons=tuple(errors))
            coach = found.casting.coach
            paid = self.shop.engines.get(coach.engine).capabilities.paid
        except VoicecoachError as error:
            return _Voice(reasons=(str(error),))
        return _Voice(str(coach), coach.engine if paid else "", notes=found.notes)

    def _size_bytes(self, job: Job, outcome: Outcome) -> float:
        assert outcome.routine is not None
        assert outcome.timeline is not None
        options, length_s = self.shop.options, float(outcome.timeline.length_s)
        channels = 1 if outcome.routine.bed is None else 2
        audio = length_s * bytes_per_s(options, channels)
        if options.output.file_format is not FileFormat.MP3:
            return audio
        key = (job.source.text, outcome.routine.talk)
        if key not in self._tags:
            self._tags[key] = self._tag_bytes(job, outcome)
        return audio + self._tags[key]

    def _tag_bytes(self, job: Job, outcome: Outcome) -> float:
        assert outcome.routine is not None
        assert outcome.timeline is not None
        assert outcome.script is not None
        library, picture = self.shop.library.beside(job.source), picture_of(outcome.routine, job.source.folder)
        tag = build_tag(session_tags(outcome.timeline, outcome.routine, library, picture))
        return len(tag) + OUTLINE_BYTES * sum(1 for _ in outcome.script.spoken())


def others(kind: SessionKind) -> Iterator[Job]:
    """Make up sessions of a kind for others, of whom all that is said is another."""
    return (_somebody_else(kind, name) for name in _ANYBODY if name not in dict(kind.first.profile.variables).values())


def _somebody_else(kind: SessionKind, called: str) -> Job:
    job, title, variables = kind.first, kind.first.heading.title, []
    for name, value in job.profile.variables:
        other = called if name in kind.said else value
        title = title if title is None or other == value else title.replace(value, other)
        variables.append((name, other))
    profile = replace(job.profile, variables=tuple(variables))
    return replace(job, profile=profile, heading=replace(job.heading, title=title))


def bytes_per_s(options: Options, channels: int) -> float:
    """Say how many bytes a second of a session's audio has; of FLAC an estimate."""
    file_format = options.output.file_format
    if file_format.is_lossless:
        share = FLAC_SHARE if file_format is FileFormat.FLAC else 1.0
        return SAMPLE_RATE_HZ * _SAMPLE_BYTES * channels * share
    return options.encoding.bitrate_for(channels, file_format) * 1000 / 8


def _without_names(utterance: Utterance, kind: SessionKind, language: str) -> Utterance:
    """Write variables in place of what they stand for, so that it is the same whoever it is said to."""
    text = utterance.text
    for name, value in sorted(kind.first.profile.variables, key=lambda one: -len(one[1])):
        if name in kind.said:
            for written in (value, normalise(value, language)):
                text = text.replace(written, f"{{{name}}}") if written else text
    return utterance if text == utterance.text else replace(utterance, text=text)
