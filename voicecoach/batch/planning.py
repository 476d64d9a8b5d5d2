"""What a batch will be, before anything is spoken: sessions, minutes, distinct utterances, bytes, and what cannot be.

Sessions of one kind (the same routine, voice, length, talk and wishes) differ by what is said of a person only. One of
each kind is planned, and once more for somebody else: what both have in common is shared speech, the rest is a person's
own. Lengths of speech are estimated; no voice speaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from voicecoach.batch.job import Job
from voicecoach.batch.matrix import Group, Matrix, length_words
from voicecoach.batch.rehearsing import Planned, Planner, Said, others
from voicecoach.batch.tallying import Kinds, SessionKind, names_in
from voicecoach.model.profile import Profile
from voicecoach.pipeline import Workshop
from voicecoach.text.fill import variables

MOST_KINDS = 400
"""So many kinds are planned; of what there is beyond, by routine and voice, one stands for all."""


@dataclass(frozen=True)
class PlannedGroup:
    """Sessions that share their speech.

    Attributes
    ----------
    routine
        As the jobs file names it.
    voice, talk, length
        In words; "" where the routine, or each person, has its way.
    sessions
        How many.
    length_s
        Of all of them together, seconds.
    """

    routine: str
    voice: str = ""
    talk: str = ""
    length: str = ""
    sessions: int = 0
    length_s: float = 0.0


@dataclass(frozen=True)
class Trouble:
    """Sessions that cannot be.

    Attributes
    ----------
    what
        Which ones, in words.
    sessions
        How many.
    reasons
        The faults as they are shown for a routine, or the error; one text each.
    """

    what: str
    sessions: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class BatchPlan:
    """What a batch will be.

    Attributes
    ----------
    sessions, people, routines
        How many sessions; for how many people, 0 where they are for nobody in particular; of how many routines.
    length_s, size_bytes
        Of all sessions that can be, together. The size is exact for a length, which is estimated.
    shared, personal
        How many different utterances there are in all sessions: heard in those of several people, and of one only.
    kinds, planned
        How many kinds of session there are, and how many of them were planned.
    groups
        What shares speech, in the order that it is built in.
    troubles
        What cannot be built.
    notes
        What whoever builds should know: voices that were passed over, wishes in vain.
    paid
        What engines that may cost money would be sent: (engine, texts, characters).
    largest
        A session of the most common kind that can be, and some of it for others, made up; to measure by.
    """

    sessions: int
    people: int
    routines: int
    length_s: float = 0.0
    size_bytes: int = 0
    shared: int = 0
    personal: int = 0
    kinds: int = 0
    planned: int = 0
    groups: tuple[PlannedGroup, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    notes: tuple[str, ...] = ()
    paid: tuple[tuple[str, int, int], ...] = ()
    largest: tuple[Job, ...] = ()
    _hopeless: Mapping[tuple[Group, Profile], tuple[str, ...]] = field(default_factory=dict)

    @property
    def utterances(self) -> int:
        """Different ones."""
        return self.shared + self.personal

    @property
    def failing(self) -> int:
        """Sessions that cannot be built."""
        return sum(trouble.sessions for trouble in self.troubles)

    def reasons(self, group: Group, job: Job) -> tuple[str, ...]:
        """Say why a session cannot be; empty where nothing is known against it."""
        return self._hopeless.get(_kind_of(group, job), ()) if self._hopeless else ()


def plan_batch(matrix: Matrix, shop: Workshop, tell: Callable[[str, int, int], None] = lambda *_: None) -> BatchPlan:
    """Plan a batch.

    Parameters
    ----------
    matrix
        Its sessions.
    shop
        With the options that all sessions have in common. Nothing is spoken.
    tell
        Called with (stage, done, of).

    Raises
    ------
    UsageError
        The table of people is not as it was.
    """
    kinds = Kinds(MOST_KINDS, frozenset(_titled(matrix)))
    for at, (group, job) in enumerate(matrix.grouped()):
        kinds.add(group, job)
        if at % 1000 == 0:
            tell("count", at, matrix.sessions)
    return _Plan(matrix, kinds, Planner(shop), tell).plan()


def _titled(matrix: Matrix) -> Iterator[str]:
    """Name the variables in the title of all sessions."""
    for name in variables(matrix.jobs_file.headings.get("title", "")):
        yield "name" if name == "person" else name


def _kind_of(group: Group, job: Job) -> tuple[Group, Profile]:
    return group, replace(job.profile, variables=())


@dataclass
class _Plan:
    matrix: Matrix
    kinds: Kinds
    planner: Planner
    tell: Callable[[str, int, int], None]
    groups: dict[Group, PlannedGroup] = field(default_factory=dict)
    hopeless: dict[tuple[Group, Profile], tuple[str, ...]] = field(default_factory=dict)
    failing: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    shared: set[Said] = field(default_factory=set)
    personal: dict[Said, list[SessionKind]] = field(default_factory=dict)
    characters: dict[Said, tuple[str, int]] = field(default_factory=dict)
    size_bytes: float = 0.0

    def plan(self) -> BatchPlan:
        planned = list(self.kinds.all())
        good: list[tuple[SessionKind, Planned]] = []
        for done, kind in enumerate(planned):
            self.tell("plan", done, len(planned))
            told = self.planner.plan(kind)
            if told.reasons:
                self._fail(kind, told)
            else:
                good.append((kind, told))
                self._add(kind, told)
        self.tell("plan", len(planned), len(planned))
        own = {key: _different(key, kinds) for key, kinds in self.personal.items() if key not in self.shared}
        return BatchPlan(
            self.matrix.sessions,
            self.matrix.people,
            len({kind.group.routine for kind in planned}),
            sum(group.length_s for group in self.groups.values()),
            round(self.size_bytes),
            len(self.shared),
            sum(own.values()),
            self.kinds.seen,
            len(planned),
            tuple(self.groups.values()),
            tuple(_trouble(reasons, told) for reasons, told in self.failing.items()),
            (*self.notes, *self._unsaid()),
            tuple(self._paid(own)),
            self._largest(good),
            self.hopeless,
        )

    def _add(self, kind: SessionKind, planned: Planned) -> None:
        group = kind.group
        before = self.groups.get(group) or PlannedGroup(*_words(group, planned.voice))
        length_s = before.length_s + planned.length_s * kind.sessions
        self.groups[group] = replace(before, sessions=before.sessions + kind.sessions, length_s=length_s)
        self.size_bytes += planned.size_bytes * kind.sessions
        self.notes |= dict.fromkeys(planned.notes)
        self.shared |= planned.shared.keys()
        for key in planned.personal:
            self.personal.setdefault(key, []).append(kind)
        if planned.paid:
            told = {**planned.shared, **planned.personal}
            self.characters |= {key: (planned.paid, characters) for key, characters in told.items()}

    def _fail(self, kind: SessionKind, planned: Planned) -> None:
        self.failing.setdefault(planned.reasons, []).append((_words(kind.group, planned.voice), kind.sessions))
        if kind.wishes is not None:  # else others of it may well be built
            self.hopeless[kind.group, kind.wishes] = planned.reasons

    def _paid(self, own: Mapping[Said, int]) -> Iterator[tuple[str, int, int]]:
        texts: Counter[str] = Counter()
        characters: Counter[str] = Counter()
        for key, (engine, count) in self.characters.items():
            times = 1 if key in self.shared else own.get(key, 0)
            texts[engine] += times
            characters[engine] += times * count
        return ((engine, texts[engine], characters[engine]) for engine in sorted(texts))

    def _unsaid(self) -> Iterator[str]:
        """Tell of columns that nothing says: perhaps they were meant to be something else."""
        jobs = self.matrix.jobs_file
        said = [names_in(routine.source.text) for routine in self.matrix.routines.values()]
        named = {name for text in (self.matrix.template, *jobs.headings.values()) for name in variables(text)}
        for name in jobs.people.variables:
            if name not in named and all(names is not None and name not in names for names in said):
                yield f"no routine, name or title has {{{name}}}"

    def _largest(self, good: list[tuple[SessionKind, Planned]]) -> tuple[Job, ...]:
        free = [kind for kind, planned in good if not planned.paid]
        kind = max(free, key=lambda one: one.sessions, default=None)
        return () if kind is None else (kind.first, *others(kind))


def _trouble(reasons: tuple[str, ...], told: list[tuple[tuple[str, ...], int]]) -> Trouble:
    """Say which sessions have the same trouble by what they have in common."""
    parts = [{words[at] for words, _ in told} for at in range(len(told[0][0]))]
    common = [next(iter(part)) for part in parts if len(part) == 1]
    return Trouble(" ".join(filter(None, common)) or "all kinds", sum(count for _, count in told), reasons)


def _different(said: Said, kinds: list[SessionKind]) -> int:
    """Count how often something comes out otherwise, whichever sessions it is in."""
    import numpy as np

    names = variables(said[1].text)
    return len(np.unique(np.concatenate([kind.combined(names) for kind in kinds])))


def _words(group: Group, voice: str) -> tuple[str, str, str, str]:
    length = "" if group.length_s is None else length_words(group.length_s)
    return group.routine, voice, "" if group.talk is None else group.talk.value, length
