"""The result of each session, written as it comes: a row of a table, an entry of JSON; nothing is held in memory."""

from __future__ import annotations

import csv
import json
import os
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from voicecoach.errors import OutputError

if TYPE_CHECKING:
    from voicecoach.batch.job import Result
    from voicecoach.batch.running import Summary

COLUMNS = ("session", "state", "file", "length_s", "size_bytes", "voice", "spent_s", "cpu_s", "clips", "regions",
           "sha256", "reasons")  # fmt: skip
_FORMULA = ("=", "+", "-", "@")


class Results:
    """Where results go; a context manager.

    Parameters
    ----------
    table
        A file with a row for each session, or None. It takes its place at the end, of what was told until then.
    as_json
        Print ``{"sessions": [...], "summary": {...}}`` on stdout.
    """

    def __init__(self, table: Path | None, *, as_json: bool) -> None:
        self._table, self._as_json = table, as_json
        self._part = None if table is None else table.with_name(f".{table.name}.{os.getpid()}.part")
        self._open = ExitStack()
        self._rows: Any = None
        self._count = 0
        self._summary: dict[str, Any] | None = None

    def __enter__(self) -> Self:
        if self._part is not None:
            try:
                file = self._open.enter_context(self._part.open("w", encoding="utf-8", newline=""))
            except OSError as error:
                raise OutputError(
                    f"cannot write {self._table}: {error.strerror}", hint="choose another place"
                ) from error
            self._rows = csv.writer(file, lineterminator="\n")
            self._rows.writerow(COLUMNS)
        if self._as_json:
            click.echo('{"sessions": [', nl=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close what is open, and let the table take its place, after a fault, too."""
        self._open.close()
        if self._as_json:
            click.echo(f'\n], "summary": {json.dumps(self._summary)}}}')
        if self._part is not None and self._table is not None:
            try:
                self._part.replace(os.path.realpath(self._table))
            finally:
                self._part.unlink(missing_ok=True)

    def add(self, result: Result) -> None:
        """Tell of a session."""
        values = result.to_json()
        if self._rows is not None:
            reasons = "\n".join(result.reasons)
            self._rows.writerow([_cell(reasons if name == "reasons" else values[name]) for name in COLUMNS])
        if self._as_json:
            comma = "," if self._count else ""
            click.echo(f"{comma}\n{json.dumps(values, ensure_ascii=False)}", nl=False)
        self._count += 1

    def end(self, summary: Summary, hopeless: int) -> None:
        """Tell what all came to; ``hopeless``: so many more failed before anything was built."""
        values = {name: value for name, value in asdict(summary).items() if name != "failures"}
        self._summary = {**values, "failed": summary.failed + hopeless}


def _cell(value: Any) -> Any:
    """Write a text that a spreadsheet would take for a formula with an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
