"""A table of text (CSV) read row by row, each cell with its place: a million rows take no more memory than one.

RFC 4180, and what spreadsheets make of it: commas, semicolons or tabs; UTF-8 with or without a mark at its beginning;
``sep=;`` in the first line; empty rows and columns at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.location import Location

MOST_ROW_BYTES = 64 * 1024
"""A row of this size is a quote that nobody closed."""
DELIMITERS = ("\t", ";", ",")
_CALLED = {"\t": "tabs", ";": "semicolons", ",": "commas"}
_QUOTE = '"'
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class TableFaultError(Exception):
    """A row does not read; carries the fault. ``ends``: nothing after it can be trusted."""

    def __init__(self, fault: Diagnostic, *, ends: bool = False) -> None:
        super().__init__(fault.message)
        self.fault, self.ends = fault, ends


class Cell(NamedTuple):
    """A text, without the quotes and spaces around it, and where it stands: line and column from 1."""

    text: str
    line: int
    column: int
    length: int


@dataclass(frozen=True)
class Row:
    """A row.

    Attributes
    ----------
    cells
        From left to right.
    at
        Where it begins in the file, in bytes.
    line
        Its first line, from 1.
    lines
        Its text; several where a quoted cell has line ends in it.
    """

    cells: tuple[Cell, ...]
    at: int
    line: int
    lines: tuple[str, ...]

    def text_of(self, line: int) -> str:
        """Return one of its lines, to be shown."""
        at = line - self.line
        return self.lines[at] if 0 <= at < len(self.lines) else ""


class Table:
    """A file of rows; the first one is the header.

    Parameters
    ----------
    path
        The file.
    name
        How to call it in faults.

    Attributes
    ----------
    header
        The first row; its cells are the names of the columns, without empty ones at the end.
    """

    def __init__(self, path: Path, name: str) -> None:
        """Read the header.

        Raises
        ------
        TableFaultError
            It is no such table.
        OSError
            It cannot be opened.
        """
        self.path, self.name = path, name
        with path.open("rb") as file:
            start = file.read(4)
            if start.startswith(_UTF16_MARKS):
                raise self._fault("not-utf8", "the text is UTF-16", 1, 1, "save it as CSV UTF-8", ends=True)
            file.seek(len(_UTF8_MARK) if start.startswith(_UTF8_MARK) else 0)
            self._delimiter, line = ",", 1
            first = self._header_line(file)
            if first.casefold().startswith("sep=") and len(first) == len("sep=;"):
                self._delimiter, line = first[-1], 2
                first = self._header_line(file, line)
            else:
                self._delimiter = _sniffed(first)
            self._first_line = line
            file.seek(self._header_at)
            header = self._row(file, line)
        if header is None or not any(cell.text for cell in header.cells):
            raise self._fault("empty-file", "the table is empty", 1, 1, "its first line names the columns", ends=True)
        cells = header.cells
        while not cells[-1].text:
            cells = cells[:-1]
        self.header = Row(cells, header.at, header.line, header.lines)

    @property
    def parted_by(self) -> str:
        """What stands between its cells, in a word: ``commas``."""
        return _CALLED.get(self._delimiter, f"'{self._delimiter}'")

    def rows(self, *, header: bool = False) -> Iterator[Row | TableFaultError]:
        """Give every row after the header that has anything in it; a faulty one as its fault."""
        with self.path.open("rb") as file:
            file.seek(self._header_at)
            line, is_header = self._first_line, True
            while True:
                try:
                    row = self._row(file, line)
                except TableFaultError as error:
                    yield error
                    if error.ends:
                        return
                    line = error.fault.location.line + 1
                    is_header = False
                    continue
                if row is None:
                    return
                if (header or not is_header) and any(cell.text for cell in row.cells):
                    try:
                        yield row if is_header else self._fitting(row)
                    except TableFaultError as error:
                        yield error
                line, is_header = line + len(row.lines), False

    def open(self) -> IO[bytes]:
        """Open the file, for `at`."""
        return self.path.open("rb")

    def at(self, file: IO[bytes], place: int) -> Row:
        """Read the row that begins at a place in bytes; its lines count from 1.

        Raises
        ------
        TableFaultError
            The file is not as it was.
        """
        if file.tell() != place:
            file.seek(place)
        row = self._row(file, 1)
        if row is None:
            raise self._fault("bad-csv", "the file was changed while it was read", 1, 1, "begin again", ends=True)
        return self._fitting(row)

    def _header_line(self, file: IO[bytes], line: int = 1) -> str:
        self._header_at = file.tell()
        return self._decoded(file.readline(MOST_ROW_BYTES + 1), line).rstrip("\r\n")

    def _row(self, file: IO[bytes], line: int) -> Row | None:
        at = file.tell()
        data = file.readline(MOST_ROW_BYTES + 1)
        if not data:
            return None
        text = self._decoded(data, line)
        if _QUOTE not in text:
            bare = text.rstrip("\n").rstrip("\r")
            return Row(tuple(_plain(bare, self._delimiter, line)), at, line, (bare,))
        return _Quoted(self, file, at, line, text).row()

    def _decoded(self, data: bytes, line: int) -> str:
        if len(data) > MOST_ROW_BYTES:
            message = f"a row of more than {MOST_ROW_BYTES // 1024} kB"
            raise self._fault("too-large", message, line, 1, "a row is one person; is it a table?", ends=True)
        if b"\0" in data:
            raise self._fault("binary", "this is not text: a table is lines of text", line, 1, ends=True)
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            column = len(data[: error.start].decode(errors="replace")) + 1
            hint = "save it as CSV UTF-8"
            raise self._fault("not-utf8", "the text is not UTF-8", line, column, hint, ends=True) from None
        if "\r" in text[:-2]:
            hint = "save it as CSV UTF-8, or close the quote"
            if _QUOTE not in text:
                message = "a line end in the middle of a line"
                column = text.index("\r") + 1
                raise self._fault("bad-csv", message, line, column, hint, ends=True)
        return text

    def _fitting(self, row: Row) -> Row:
        """Refuse a row that is longer or shorter than the header; empty cells at its end do no harm."""
        wanted = len(self.header.cells)
        extra = [cell for cell in row.cells[wanted:] if cell.text]
        if len(row.cells) >= wanted and not extra:
            return Row(row.cells[:wanted], row.at, row.line, row.lines)
        cell = extra[0] if extra else row.cells[-1]
        message = f"this row has {_cells(len(row.cells))}, and the header {_cells(wanted)}"
        hint = f"between cells stand {self.parted_by}; a text with one of them in it needs quotes around it"
        place = Location(self.name, cell.line, cell.column, max(1, cell.length))
        raise TableFaultError(Diagnostic("bad-csv", message, place, hint, row.text_of(cell.line)))

    def _fault(
        self, code: str, message: str, line: int, column: int, hint: str | None = None, *, ends: bool, text: str = ""
    ) -> TableFaultError:
        return TableFaultError(Diagnostic(code, message, Location(self.name, line, column), hint, text), ends=ends)


class _Quoted:
    """Reads a row with quotes in it, which may go on over line ends."""

    def __init__(self, table: Table, file: IO[bytes], at: int, line: int, text: str) -> None:
        self.table, self.file, self.at, self.first, self.line = table, file, at, line, line
        self.text, self.lines = text, [text.rstrip("\r\n")]
        self.size = len(text)

    def row(self) -> Row:
        cells: list[Cell] = []
        place: int | None = 0
        while place is not None:
            cell, place = self._cell(place)
            cells.append(cell)
        return Row(tuple(cells), self.at, self.first, tuple(self.lines))

    def _cell(self, start: int) -> tuple[Cell, int | None]:
        """Read a cell that begins at a column of the line; tell where the next one begins, or None."""
        delimiter = self.table._delimiter
        begins = start
        while self.text[begins : begins + 1] == " ":
            begins += 1
        if self.text[begins : begins + 1] != _QUOTE:
            bare = self.text.rstrip("\r\n")
            end = bare.find(delimiter, start)
            part = bare[start:] if end < 0 else bare[start:end]
            return _placed(part, self.line, start), None if end < 0 else end + 1
        line, column = self.line, begins + 1
        text, end = self._inside(begins)
        rest = self.text[end:].rstrip("\r\n")
        after = rest.lstrip(" ")
        if after and not after.startswith(delimiter):
            message, hint = "text after the quote that closes a cell", 'a quote inside quotes is written twice: ""'
            raise self._wrong(message, self.line, end + len(rest) - len(after) + 1, hint)
        length = max(1, end - begins) if self.line == line else 1
        return Cell(text.strip(), line, column, length), end + len(rest) - len(after) + 1 if after else None

    def _inside(self, opens: int) -> tuple[str, int]:
        """Read from a quote to the one that closes it; tell where the text after that begins."""
        opened, found, at = (self.line, opens), [], opens + 1
        while True:
            end = self.text.find(_QUOTE, at)
            if end < 0:
                found.append(self.text[at:])
                self._more(*opened)
                at = 0
            elif self.text[end + 1 : end + 2] == _QUOTE:
                found.append(self.text[at : end + 1])
                at = end + 2
            else:
                found.append(self.text[at:end])
                return "".join(found), end + 1

    def _more(self, line: int, column: int) -> None:
        data = self.file.readline(MOST_ROW_BYTES + 1)
        self.size += len(data)
        if not data or self.size > MOST_ROW_BYTES:
            hint = "put a quote at the end of the text, or take this one away"
            raise self._wrong("the quote that opens this cell is never closed", line, column + 1, hint, ends=True)
        self.line += 1
        self.text = self.table._decoded(data, self.line)
        self.lines.append(self.text.rstrip("\r\n"))

    def _wrong(self, message: str, line: int, column: int, hint: str, *, ends: bool = False) -> TableFaultError:
        shown = self.lines[line - self.first]
        place = Location(self.table.name, line, column)
        return TableFaultError(Diagnostic("bad-csv", message, place, hint, shown), ends=ends)


def _plain(text: str, delimiter: str, line: int) -> Iterator[Cell]:
    """Read a line without quotes."""
    start = 0
    for part in text.split(delimiter):
        yield _placed(part, line, start)
        start += len(part) + 1


def _placed(part: str, line: int, start: int) -> Cell:
    text = part.strip()
    before = len(part) - len(part.lstrip()) if text else 0
    return Cell(text, line, start + before + 1, max(1, len(text)))


def _sniffed(header: str) -> str:
    """Tell what parts the cells of a header: what stands most often in it outside of quotes."""
    outside = "".join(header.split(_QUOTE)[::2])
    return max(reversed(DELIMITERS), key=lambda one: (outside.count(one), one == ","))


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
