"""The ledger: what a batch has built into an output so far, one line of JSON a session, only ever added to.

On a disk it is ``.voicecoach/batch.jsonl`` in the output. A process that is killed leaves at worst a last line that is
torn, which counts for nothing. Of several lines of one session the last one holds. In a store of objects, which cannot
be added to, it is parts, ``.voicecoach/batch/000001.jsonl``, written anew every few seconds while they are small.

A million sessions need 16 MB of memory: of each, the place of its line is known, and the line is read when it is asked
for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from voicecoach.batch.index import Index
from voicecoach.batch.job import Job, Result, State
from voicecoach.batch.lines import FarLines, Lines, LocalLines
from voicecoach.cache.place import Place

FOLDER = ".voicecoach"
"""The folder of an output that is ours; what reads the output's sessions does not look into it."""
_GONE = "gone"
_MTIME = "mtime_ns"


class Ledger:
    """What was built into an output; a context manager.

    Parameters
    ----------
    output
        A folder or an fsspec address, as `Making.output`.

    Raises
    ------
    UsageError
        The address is none, or another batch is building into it.
    OutputError, StoreError
        It cannot be written.
    """

    def __init__(self, output: str) -> None:
        self.place = Place(output)
        self._open = ExitStack()
        self._lines: Lines | None = None
        self._at = Index()
        self._sizes: Index | None = None

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            lines: Lines = LocalLines(self.place, FOLDER) if self.place.is_local else FarLines(self.place, FOLDER)
            self._lines = opening.enter_context(lines)
            count = 0
            for at, line in lines.all():
                values = _read(line)
                if values is not None:
                    self._at.put(values["session"], at)
                    count += 1
            if count > 2 * len(self._at) + 1000:
                self._pack()
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.close()

    def find(self, session: str) -> Result | None:
        """Give what was last told of a session, or None."""
        values = self._values(session)
        return None if values is None else _result(values)

    def kept(self, job: Job) -> Result | None:
        """Tell of a job's session if it is there and up to date, else None: it is to be built.

        It is up to date if it was built by the same key, and its file is as it was: on a disk of the same size and
        time, or of the same content; in a store of objects, of the same size.

        Raises
        ------
        StoreError
            The output cannot be reached.
        """
        values = self._values(job.session) if job.key else None
        known = None if values is None else _result(values)
        if values is None or known is None or known.state is State.FAILED or known.key != job.key:
            return None
        if not (self._is_same(known, values.get(_MTIME)) if self.place.is_local else self._has_size(known)):
            return None
        return replace(known, state=State.KEPT, spent_s=0.0, cpu_s=0.0, clips=0, regions=0)

    def add(self, result: Result) -> None:
        """Write down what became of a session.

        Raises
        ------
        OutputError, StoreError
            It cannot be written.
        """
        values = result.to_json()
        if self.place.is_local and result.file:
            with suppress(OSError):
                values[_MTIME] = self.place.local_path(result.file).stat().st_mtime_ns
        self._write(values)

    def forget(self, session: str) -> None:
        """Write down that a session is no longer ours; its file is the caller's to remove.

        Raises
        ------
        OutputError, StoreError
            It cannot be written.
        """
        self._write({"session": session, _GONE: True})

    def results(self) -> Iterator[Result]:
        """Give what was last told of each session, in the order in which that was."""
        for at in self._at.numbers():
            values = _read(self._written.line(at))
            if values is not None and _GONE not in values:
                found = _result(values)
                if found is not None:
                    yield found

    @property
    def _written(self) -> Lines:
        assert self._lines is not None, "a ledger is entered before it is used"
        return self._lines

    def _values(self, session: str) -> dict[str, Any] | None:
        at = self._at.find(session)
        values = None if at is None else _read(self._written.line(at))
        return None if values is None or values["session"] != session or _GONE in values else values

    def _write(self, values: dict[str, Any]) -> None:
        line = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        self._at.put(values["session"], self._written.add(line.encode("utf-8", "backslashreplace") + b"\n"))

    def _is_same(self, known: Result, mtime_ns: object) -> bool:
        path = self.place.local_path(known.file)
        try:
            stat = path.stat()
            if stat.st_size != known.size_bytes:
                return False
            if stat.st_mtime_ns == mtime_ns:
                return True
            with path.open("rb") as file:
                is_same = hashlib.file_digest(file, "sha256").hexdigest() == known.sha256
        except OSError:
            return False
        if is_same:
            self.add(known)  # with its new time, so that it need not be read the next time
        return is_same

    def _has_size(self, known: Result) -> bool:
        if self._sizes is None:
            self._sizes = Index()
            for stored in self.place.listing():
                self._sizes.put(stored.name, stored.size_bytes)
        return self._sizes.find(known.file) == known.size_bytes

    def _pack(self) -> None:
        """Leave out lines that hold no more."""
        lines = [self._written.line(at) for at in self._at.numbers()]
        kept = [line for line in lines if _GONE not in (_read(line) or {_GONE: True})]
        self._at = Index()
        for at, line in self._written.instead(kept):
            self._at.put((_read(line) or {})["session"], at)


def _read(line: bytes) -> dict[str, Any] | None:
    """Read a line; None where it is torn or none of ours."""
    with suppress(ValueError):
        values = json.loads(line)
        if isinstance(values, dict) and isinstance(values.get("session"), str):
            return values
    return None


def _result(values: dict[str, Any]) -> Result | None:
    with suppress(TypeError, ValueError, KeyError):
        return Result.from_json({name: value for name, value in values.items() if name != _MTIME})
    return None
