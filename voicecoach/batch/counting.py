"""Going through everybody once: how many sessions there are, and that each can be, with a name of its own.

Of a session no more is held than a hash of its name: 8 bytes.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace

from voicecoach.batch.jobs_file import HEADINGS, JobsFile, may_have_routines
from voicecoach.batch.matrix import WORDS, Group, Matrix, Own, own_of, usual_name
from voicecoach.batch.naming import MOST_CHARACTERS, same, session_path
from voicecoach.batch.people import Nobody, Person
from voicecoach.library import Library
from voicecoach.library.named import Missing, Named, What, find_named
from voicecoach.model.diagnostic import Diagnostic, did_you_mean, has_errors, in_reading_order
from voicecoach.model.location import Location
from voicecoach.text.fill import fill, variables

MOST_FAULTS = 50
"""Where people have so many, reading stops."""
_TOLD_EVERY = 1000


def _untold(_people: int) -> None:
    """Tell nobody."""


def read_matrix(
    jobs: JobsFile, library: Library, tell: Callable[[int], None] = _untold
) -> tuple[Matrix | None, tuple[Diagnostic, ...]]:
    """Go through everybody once, and check that all sessions can be.

    Parameters
    ----------
    jobs
        What is wanted.
    library
        Where built-in routines are.
    tell
        Called now and then with how many people were read.

    Returns
    -------
    tuple
        The matrix, or None where an error stands in its way; and the faults.
    """
    return _Counting(jobs, library, tell).matrix()


class _Counting:
    def __init__(self, jobs: JobsFile, library: Library, tell: Callable[[int], None]) -> None:
        self.jobs, self.library, self.tell = jobs, library, tell
        self.faults: list[Diagnostic] = []
        self.routines: dict[str, Named] = {}
        self.missing: set[str] = set()
        self.places: dict[Own, array[int]] = {}
        self.hashes = array("Q")
        self.people = 0
        template = jobs.session_name or usual_name(jobs, own_routines=may_have_routines(jobs.people))
        self.so_far = Matrix(jobs, self.routines, template, places=self.places)
        self.common = {name for name, _ in jobs.profile.variables}
        self.needed = self._needed()

    def matrix(self) -> tuple[Matrix | None, tuple[Diagnostic, ...]]:
        for word in self.jobs.routines:
            told = self._no_routine(word.text)
            if told is not None:
                self.faults.append(self.jobs.fault("unknown-routine", told.message, word.place, told.hint))
            elif word.text in self.routines and self.routines[word.text].word != word.text:
                message = f"'{word.text}' is the same as '{self.routines[word.text].word}'"
                self.faults.append(self.jobs.fault("duplicate-key", message, word.place, "leave one of them out"))
        self._check_templates()
        if not has_errors(self.faults):
            self._go_through()
        if not has_errors(self.faults):
            self.faults += self._same()
        found = in_reading_order(self.faults)
        if has_errors(found):
            return None, found
        people = 0 if isinstance(self.jobs.people, Nobody) else self.people
        return replace(self.so_far, people=people, sessions=len(self.hashes)), found

    def _go_through(self) -> None:
        for person in self.jobs.people.read():
            if isinstance(person, Person):
                self.people += 1
                self.faults += self._take(person)
            else:
                self.faults += person
            if len(self.faults) >= MOST_FAULTS:
                last = self.faults[-1]
                stopped = "reading stopped here; there may be more faults"
                self.faults[-1] = replace(last, hint=f"{last.hint} ({stopped})" if last.hint else stopped)
                return
            if self.people % _TOLD_EVERY == 0:
                self.tell(self.people)
        if not self.people and not self.faults:
            message = "there is nobody in it, so there is no session"
            self.faults.append(self.jobs.fault("no-person", message, self._place("people"), "add somebody"))

    def _take(self, person: Person) -> Iterator[Diagnostic]:
        """Count somebody in, or tell what is wrong with them."""
        for word in person.routines:
            told = self._no_routine(word)
            if told is not None:
                yield person.fault("unknown-routine", told.message, told.hint)
        if self.missing.intersection(person.routines):
            return
        if len({self.routines[word].word for word in person.routines}) < len(person.routines):
            yield person.fault("duplicate-key", "this person has a routine twice", "leave one of them out")
            return
        if not person.routines and not self.jobs.routines:
            hint = "write one in the column 'routine', or 'routines' in the jobs file"
            yield person.fault("missing-value", "there is no routine for this person", hint)
            return
        unsaid = [name for name in self.needed if not self._says(person, name)]
        for name in unsaid:
            what = "name" if name == "person" else name
            message = f"this person has no '{what}', which stands in the name or title of their session"
            yield person.fault("missing-value", message, f"write it, or do without {{{name}}} in the jobs file")
        if unsaid:
            return
        own = own_of(person)
        for group in self.so_far.groups_of(own):
            session = self.so_far.session(person, group)
            if not session or len(session) > MOST_CHARACTERS:
                yield _bad_name(person, session)
            self.hashes.append(_hash(session))
        self.places.setdefault(own, array("Q")).append(person.at)

    def _says(self, person: Person, name: str) -> bool:
        said = dict(person.profile.variables)
        return name in said or name in self.common or (name == "person" and ("name" in said or "name" in self.common))

    def _no_routine(self, word: str) -> Missing | None:
        """Find a routine; where there is none, say so once."""
        if word in self.routines or word in self.missing:
            return None
        found = find_named(word, What.ROUTINE, self.library, self.jobs.source)
        if isinstance(found, Missing):
            self.missing.add(word)
            return found
        alike = (one for one in self.routines.values() if one.source.name == found.source.name)
        self.routines[word] = next(alike, found)
        return None

    def _needed(self) -> tuple[str, ...]:
        """Name what each person must have for their session to have a name and a title."""
        texts = [self.so_far.template, *(self.jobs.headings.get(key, "") for key in HEADINGS)]
        names = dict.fromkeys(name for text in texts for name in variables(text))
        return tuple(name for name in names if name not in {"routine", "voice", "length", "talk", "title"})

    def _check_templates(self) -> None:
        """Find words in braces that stand for nothing, and names that cannot be."""
        known = {*WORDS, "name", *self.common, *self.jobs.people.variables}
        if isinstance(self.jobs.people, Nobody):
            known -= {"person", "name"} - self.common
        texts = {"name": self.jobs.session_name or "", **self.jobs.headings}
        for key, text in texts.items():
            here = known if key == "name" else known | {"title"}
            for name in variables(text):
                if name not in here:
                    hint = did_you_mean(name, here) or f"these stand for something: {', '.join(sorted(here))}"
                    message = f"nothing says what {{{name}}} stands for"
                    self.faults.append(self.jobs.fault("unknown-variable", message, self._place(key), hint))
        written = self.jobs.session_name
        if written is not None and not session_path(fill(written, dict.fromkeys(variables(written), "x"))):
            message = f"'{written}' names no file: a part of it is empty"
            hint = "write it such as '{person}/{routine}': it is below the output, and '/' parts folders"
            self.faults.append(self.jobs.fault("bad-name", message, self._place("name"), hint))

    def _place(self, key: str) -> Location:
        return self.jobs.places.get(key, Location(self.jobs.source.name, 1, 1))

    def _same(self) -> Iterator[Diagnostic]:
        """Find sessions that would be one file: by their hashes, then, where some are equal, by name and place."""
        import numpy as np

        ordered = np.sort(np.frombuffer(self.hashes, np.uint64))
        twice = set(ordered[1:][ordered[1:] == ordered[:-1]].tolist())
        first: dict[str, tuple[Person, Group]] = {}
        told = 0
        for person in self.jobs.people.read() if twice else ():
            if not isinstance(person, Person):
                continue
            for group in self.so_far.groups_of(own_of(person)):
                session = self.so_far.session(person, group)
                if _hash(session) not in twice or told >= MOST_FAULTS:
                    continue
                before = first.setdefault(same(session), (person, group))
                if before != (person, group):
                    told += 1
                    yield self._twice(session, person, *before)

    def _twice(self, session: str, person: Person, other: Person, group: Group) -> Diagnostic:
        """Tell of two sessions of one name: of two people, or of one."""
        if isinstance(self.jobs.people, Nobody) or other == person:
            message = f"two sessions are called '{session}'; the first one is of '{group.routine}'"
            hint = "let 'name' tell them apart, such as name: '{person}/{routine} {voice} {length} {talk}'"
            if person.place.file and person.place.file != self.jobs.source.name:
                return person.fault("same-session", message, hint)
            key = "name" if "name" in self.jobs.places else "routines"
            return self.jobs.fault("same-session", message, self._place(key), hint)
        before = self.so_far.session(other, group)
        alike = "" if before == session else f" (there '{before}', which some file systems take for the same)"
        message = f"'{session}' is the session of line {other.place.line}, too{alike}"
        hint = "let 'name' tell them apart: add a column such as id, and write name: '{person} {id}'"
        return person.fault("same-session", message, hint)


def _bad_name(person: Person, session: str) -> Diagnostic:
    if not session:
        hint = "a name needs a letter or a digit"
        return person.fault("bad-name", "nothing is left of a part of this session's name", hint)
    message = f"the session's name has {len(session)} characters: '{session}'"
    return person.fault("bad-name", message, f"no more than {MOST_CHARACTERS}; let 'name' be shorter")


def _hash(session: str) -> int:
    return int.from_bytes(hashlib.blake2b(same(session).encode("utf-8", "replace"), digest_size=8).digest(), "big")
