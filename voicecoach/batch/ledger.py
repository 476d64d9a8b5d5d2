"""The ledger: what a batch has built into an output so far, one line of JSON a session, only ever added to.

It lies in the output, ``.voicecoach/batch.jsonl``. A process that is killed leaves at worst a last line that is torn,
which counts for nothing. Of several lines of one session the last one holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from voicecoach.batch.job import Job, Result, State

FOLDER = ".voicecoach"
"""The folder of an output that is ours; what reads the output's sessions does not look into it."""
FILE = "batch.jsonl"


class Ledger:
    """What was built into an output; a context manager.

    Parameters
    ----------
    output
        A folder or an fsspec address, as `Making.output`.

    Raises
    ------
    UsageError
        Another batch is building into it.
    OutputError, StoreError
        It cannot be written.
    """

    def __init__(self, output: str) -> None:
        self.output = output
        self._known: dict[str, Result] = {}
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        folder = Path(self.output) / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                with suppress(ValueError, TypeError):
                    result = Result.from_json(json.loads(line))
                    self._known[result.session] = result
        self._file = path.open("a", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def find(self, session: str) -> Result | None:
        """Give what was last told of a session, or None."""
        return self._known.get(session)

    def kept(self, job: Job) -> Result | None:
        """Tell of a job's session if it is there and up to date, else None: it is to be built."""
        known = self.find(job.session)
        if not job.key or known is None or known.state is State.FAILED or known.key != job.key:
            return None
        path = Path(self.output) / known.file
        try:
            if path.stat().st_size != known.size_bytes:
                return None
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != known.sha256:
                    return None
        except OSError:
            return None
        return replace(known, state=State.KEPT, spent_s=0.0, cpu_s=0.0, clips=0, regions=0)

    def add(self, result: Result) -> None:
        """Write down what became of a session."""
        assert self._file is not None, "a ledger is entered before it is written to"
        self._file.write(json.dumps(result.to_json(), ensure_ascii=False) + "\n")
        self._file.flush()
        self._known[result.session] = result

    def forget(self, session: str) -> None:
        """Write down that a session is no longer ours; its file is the caller's to remove."""
        assert self._file is not None, "a ledger is entered before it is written to"
        self._file.write(json.dumps({"session": session, "gone": True}) + "\n")
        self._known.pop(session, None)

    def results(self) -> Iterator[Result]:
        """Give what was last told of each session, in no order that means anything."""
        yield from list(self._known.values())
