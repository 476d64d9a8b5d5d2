"""All sessions of a jobs file, given one by one as they are wanted, as often as is asked.

Of each person no more than a place is held: 8 bytes. Sessions come in an order that keeps speech shared: routine,
voice, length and talk together, people inside.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

from voicecoach.batch.job import Job
from voicecoach.batch.jobs_file import AS_WRITTEN, JobsFile
from voicecoach.batch.naming import safe, session_path
from voicecoach.batch.people import Nobody, Person
from voicecoach.config import LEVEL_PROFILES, Encoding, LevelProfile, Options
from voicecoach.library.named import Named
from voicecoach.model.heading import Heading
from voicecoach.model.output import FileFormat, Output
from voicecoach.model.profile import Profile
from voicecoach.model.routine import Talk
from voicecoach.model.units import MINUTE_S
from voicecoach.text.fill import fill, variables

AXES = ("routine", "voice", "length", "talk")
WORDS = ("person", *AXES)
"""What a session's name and title can be made of, beside variables."""


class Own(NamedTuple):
    """What somebody has of their own in place of an axis."""

    routines: tuple[str, ...]
    voice: str | None
    length: bool
    talk: Talk | None


class Group(NamedTuple):
    """What sessions that share their speech have in common.

    Attributes
    ----------
    routine
        The word that names it.
    voice, length_s, talk
        None: as written, or as the person has it.
    """

    routine: str
    voice: str | None
    length_s: Fraction | None
    talk: Talk | None


@dataclass(frozen=True)
class Matrix:
    """The sessions of a batch.

    Attributes
    ----------
    jobs_file
        What is wanted.
    routines
        By the word that names them.
    template
        Of the sessions' names.
    people
        How many there are; 0 where sessions are for nobody in particular.
    sessions
        How many there are.
    places
        Where to find those who have the same in place of an axis, by `Person.at`.
    """

    jobs_file: JobsFile
    routines: Mapping[str, Named]
    template: str
    people: int = 0
    sessions: int = 0
    places: Mapping[Own, array[int]] = field(default_factory=dict)

    def jobs(self) -> Iterator[Job]:
        """Give every session.

        Raises
        ------
        UsageError
            The table of people is not as it was.
        """
        return (job for _, job in self.grouped())

    def grouped(self) -> Iterator[tuple[Group, Job]]:
        """Give every session with what it shares with others."""
        for group, places in self._groups():
            wishes = self._wishes(group)
            for person in self.jobs_file.people.picked(heapq.merge(*places)):
                yield group, self._job(person, group, wishes)

    def groups_of(self, own: Own) -> Iterator[Group]:
        """Say which sessions somebody gets."""
        jobs = self.jobs_file
        words = own.routines or tuple(word.text for word in jobs.routines)
        routines = [self.routines[word].word for word in words]
        voices = jobs.voices if own.voice is None else (own.voice,)
        lengths_s = (None,) if own.length else jobs.lengths_s
        talk = jobs.talk if own.talk is None else (own.talk,)
        return (Group(*each) for each in product(routines, voices, lengths_s, talk))

    def session(self, person: Person, group: Group) -> str:
        """Name somebody's session; "" where nothing is left of a part of its name."""
        return self._session(self.said(person, group))

    def said(self, person: Person, group: Group) -> dict[str, str]:
        """Say what the words of names and titles stand for."""
        own, common = person.profile, self.jobs_file.profile
        variables = {**dict(common.variables), **dict(own.variables)}
        length_s = own.length_s or group.length_s or common.length_s
        talk = own.talk or group.talk or common.talk
        return {
            "person": variables.get("name", ""),
            **variables,
            "routine": self.routines[group.routine].name,
            "voice": own.voice or group.voice or common.voice or AS_WRITTEN,
            "length": AS_WRITTEN if length_s is None else length_words(length_s),
            "talk": AS_WRITTEN if talk is None else talk.value,
        }

    def _job(self, person: Person, group: Group, wishes: Profile) -> Job:
        routine, said = self.routines[group.routine], self.said(person, group)
        heading = Heading(**{key: fill(text, said) for key, text in self.jobs_file.headings.items()})
        return Job(self._session(said), routine.name, routine.source, person.profile.over(wishes), heading)

    def _wishes(self, group: Group) -> Profile:
        """Say what is changed for everybody in a group; how loud, and what files, is the batch's and in its options."""
        common = replace(self.jobs_file.profile, level=None, file_format=None, bitrate_kbps=None)
        return Profile(voice=group.voice, length_s=group.length_s, talk=group.talk).over(common)

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return variables(self.template)

    def _session(self, said: Mapping[str, str]) -> str:
        return session_path(fill(self.template, {name: safe(said[name]) for name in self._words if name in said}))

    def _groups(self) -> list[tuple[Group, list[array[int]]]]:
        """List what there is in order: axes as they are written, what people have of their own after it."""
        found: dict[Group, list[array[int]]] = {}
        for own, places in self.places.items():
            for group in self.groups_of(own):
                found.setdefault(group, []).append(places)
        jobs = self.jobs_file
        axes: tuple[tuple[Any, ...], ...] = (
            tuple(word.text for word in jobs.routines),
            jobs.voices,
            jobs.lengths_s,
            jobs.talk,
        )
        ranks: list[dict[Any, int]] = [{value: at for at, value in enumerate(axis)} for axis in axes]
        for group in found:
            for rank, value in zip(ranks, group, strict=True):
                rank.setdefault(value, len(rank))
        return sorted(found.items(), key=lambda one: [rank[value] for rank, value in zip(ranks, one[0], strict=True)])


def own_of(person: Person) -> Own:
    """Tell what somebody has of their own in place of an axis."""
    profile = person.profile
    return Own(person.routines, profile.voice, profile.length_s is not None, profile.talk)


def usual_name(jobs: JobsFile, *, own_routines: bool) -> str:
    """Name sessions by what varies, the person first."""
    axes = (own_routines or len(jobs.routines) > 1, *(len(a) > 1 for a in (jobs.voices, jobs.lengths_s, jobs.talk)))
    varied = " ".join(f"{{{name}}}" for name, varies in zip(AXES, axes, strict=True) if varies)
    if not isinstance(jobs.people, Nobody):
        return f"{{person}}/{varied}" if varied else "{person}"
    return varied if axes[0] else f"{{routine}} {varied}".rstrip()


def length_words(length_s: Fraction) -> str:
    """Say a length in a name: ``10 min``, ``7 min 30 s``."""
    minutes, rest_s = divmod(length_s, MINUTE_S)
    parts = ((minutes, "min"), (rest_s, "s"))
    return " ".join(f"{float(value):g} {unit}" for value, unit in parts if value)


def options_of(jobs: JobsFile, *, verify: bool = False, strict: bool = False) -> Options:
    """Say what all sessions have in common, as builds take it. Cores are filled by processes, not in them."""
    profile = jobs.profile
    return Options(
        jobs=1,
        verify=verify or jobs.verify,
        strict=strict,
        levels=LevelProfile() if profile.level is None else LEVEL_PROFILES[profile.level],
        encoding=Encoding(profile.bitrate_kbps, jobs=1),
        output=Output(profile.file_format or FileFormat.MP3),
    )
