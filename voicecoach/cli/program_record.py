"""What earlier builds of a programme put into its folder, so that what is no longer part of it can go."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import OutputError, UsageError

if TYPE_CHECKING:
    from voicecoach.batch.job import Result

RECORD_FILE = ".voicecoach/program.json"
MOST_RECORD_BYTES = 4_000_000


@dataclass(frozen=True)
class Record:
    """What is known of a folder.

    Attributes
    ----------
    program
        Which programme was built into it; "": none.
    files
        Its sessions: the SHA-256 of each file by its path in the folder.
    """

    program: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, program: str, results: Mapping[str, Result]) -> Record:
        """Make the record of sessions that are there."""
        return cls(program, {one.file: one.sha256 for one in results.values() if one.file})

    def with_more(self, program: str, results: Mapping[str, Result]) -> Record:
        """Return it with sessions that came to those of before."""
        return Record(program, {**self.files, **Record.of(program, results).files})

    def remove_others(self, folder: Path, sessions: set[str]) -> Iterator[str]:
        """Remove sessions that are no longer part, and tell of it; what somebody changed since stays.

        Raises
        ------
        OutputError
            One cannot be removed.
        """
        for name, digest in sorted(self.files.items()):
            path = folder / name
            if name.rpartition(".")[0] in sessions or not path.is_file() or not _is_inside(path, folder):
                continue
            try:
                if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                    yield f"note: '{name}' is no longer part of the programme, but was changed since: it stays"
                    continue
                path.unlink()
            except OSError as error:
                raise OutputError(f"cannot remove {path}: {error.strerror}") from error
            with suppress(OSError):  # other files are in it
                path.parent.rmdir()
            yield f"note: '{name}' is no longer part of the programme: removed"


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def read_record(folder: Path, program: str) -> Record:
    """Read what is known of a folder; nothing where it is new.

    Raises
    ------
    UsageError
        It belongs to another programme.
    """
    path = folder / RECORD_FILE
    try:
        with path.open("rb") as file:
            values = json.loads(file.read(MOST_RECORD_BYTES))
        known = Record(str(values["program"]), {str(name): str(digest) for name, digest in values["files"].items()})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Record()
    if known.program != program:
        message = f"'{folder}' holds the programme '{known.program}'"
        raise UsageError(message, hint=f"choose another folder with -o for '{program}', or remove that one first")
    return known


def write_record(folder: Path, record: Record) -> None:
    """Write down what is known of a folder.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    from voicecoach.cli.program_papers import bring

    text = json.dumps({"program": record.program, "files": dict(sorted(record.files.items()))}, indent=1)
    bring(folder / RECORD_FILE, f"{text}\n".encode())
