"""Kinds of session, counted: how many there are of each, and how many people differ in what is said of them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from voicecoach.batch.job import Job
from voicecoach.batch.matrix import Group
from voicecoach.model.profile import Profile
from voicecoach.text.fill import variables

_ODD = np.uint64(0x9E3779B97F4A7C15)
"""Mixes hashes; 2^64 divided by the golden ratio, as is usual."""


@dataclass
class SessionKind:
    """Sessions that differ by what is said of a person only.

    Attributes
    ----------
    group
        What they share with others.
    wishes
        What is changed for them, without variables; None: of several, this one stands for what is too much to plan.
    first
        One of them.
    said
        The variables that their routine or title says.
    sessions
        How many there are.
    values
        Of each of these variables, a hash of what it stands for, for each session.
    """

    group: Group
    wishes: Profile | None
    first: Job
    said: frozenset[str]
    sessions: int = 0
    values: dict[str, array[int]] = field(default_factory=dict)

    def add(self, job: Job) -> None:
        """Count a session."""
        self.sessions += 1
        for name, value in job.profile.variables:
            if name in self.said:
                self.values.setdefault(name, array("Q")).append(_hash(value))

    def combined(self, names: Iterable[str]) -> NDArray[np.uint64]:
        """Give a number for each session: the same where all these variables stand for the same."""
        told = np.zeros(self.sessions, np.uint64)
        for name in sorted(names):
            if len(self.values.get(name, ())) == self.sessions:  # else some have none, and do not say it
                told = told * _ODD + np.frombuffer(self.values[name], np.uint64)
        return told


class Kinds:
    """Counts sessions by kind.

    Parameters
    ----------
    most
        So many kinds are told apart; the sessions of others are counted with the group that they belong to.
    titled
        The variables in the title of all sessions.

    Attributes
    ----------
    seen
        How many kinds there are; beyond ``most`` a kind may be counted more than once.
    """

    def __init__(self, most: int, titled: frozenset[str] = frozenset()) -> None:
        self.most, self.titled = most, titled
        self.seen = 0
        self._kinds: dict[tuple[Group, Profile | None], SessionKind] = {}
        self._told_apart = 0

    def add(self, group: Group, job: Job) -> None:
        """Count a session."""
        wishes = replace(job.profile, variables=())
        kind = self._kinds.get((group, wishes))
        if kind is None:
            self.seen += 1
            kind = self._new(group, wishes, job)
        kind.add(job)

    def all(self) -> Iterator[SessionKind]:
        """Give them in the order of their first sessions."""
        return iter(self._kinds.values())

    def _new(self, group: Group, wishes: Profile, job: Job) -> SessionKind:
        apart: Profile | None = None
        if self._told_apart < self.most:
            self._told_apart += 1
            apart = wishes
        said = names_in(job.source.text)
        names = frozenset(name for name, _ in job.profile.variables)
        said = names if said is None else names & (said | self.titled)
        return self._kinds.setdefault((group, apart), SessionKind(group, apart, job, said))


@lru_cache(maxsize=64)
def names_in(text: str) -> frozenset[str] | None:
    """Name what stands in braces in a routine; None where other files may say more."""
    return None if "include" in text else frozenset(variables(text))


@lru_cache(maxsize=4096)
def _hash(value: str) -> int:
    return int.from_bytes(hashlib.blake2b(value.encode("utf-8", "replace"), digest_size=8).digest(), "big")
