"""Kinds of session, counted: how many there are of each, and how many people differ in what is said of them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from voicecoach.batch.job import Job
from voicecoach.batch.matrix import Group
from voicecoach.model.profile import Profile
from voicecoach.text.fill import variables


@dataclass
class SessionKind:
    """Sessions that differ by what is said of a person only.

    Attributes
    ----------
    group
        What they share with others.
    wishes
        What is changed for them, without variables; None: of several, this one stands for what is too much to plan.
    first, second
        One of them, and one of somebody of whom something else is said, if there is.
    sessions
        How many there are.
    hashes
        Of what is said of the person, for each session.
    """

    group: Group
    wishes: Profile | None
    first: Job
    second: Job | None = None
    sessions: int = 0
    hashes: array[int] = field(default_factory=lambda: array("Q"))


class Kinds:
    """Counts sessions by kind.

    Parameters
    ----------
    most
        So many kinds are told apart; the sessions of others are counted with the group that they belong to.

    Attributes
    ----------
    seen
        How many kinds there are; beyond ``most`` a kind may be counted more than once.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.seen = 0
        self._kinds: dict[tuple[Group, Profile | None], SessionKind] = {}
        self._told_apart = 0

    def add(self, kind_key: tuple[Group, Profile], job: Job) -> None:
        """Count a session."""
        group, wishes = kind_key
        kind = self._kinds.get(kind_key)
        if kind is None:
            self.seen += 1
            kind = self._new(group, wishes, job)
        said = said_of(job)
        kind.sessions += 1
        kind.hashes.append(_hash(said))
        if kind.second is None and said != said_of(kind.first):
            kind.second = job

    def all(self) -> Iterator[SessionKind]:
        """Give them in the order of their first sessions."""
        return iter(self._kinds.values())

    def _new(self, group: Group, wishes: Profile, job: Job) -> SessionKind:
        if self._told_apart < self.most:
            self._told_apart += 1
            return self._kinds.setdefault((group, wishes), SessionKind(group, wishes, job))
        return self._kinds.setdefault((group, None), SessionKind(group, None, job))


def said_of(job: Job) -> tuple[tuple[str, str], ...]:
    """Give what of a session is its person's own: variables that its routine says, and a title."""
    names = names_in(job.source.text)
    said = tuple(one for one in job.profile.variables if names is None or one[0] in names)
    return said if job.heading.title is None else (*said, ("title", job.heading.title))


@lru_cache(maxsize=64)
def names_in(text: str) -> frozenset[str] | None:
    """Name what stands in braces in a routine; None where other files may say more."""
    return None if "include" in text else frozenset(variables(text))


def _hash(said: tuple[tuple[str, str], ...]) -> int:
    data = "\0".join(part for one in said for part in one).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")
