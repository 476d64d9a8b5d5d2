"""Tables are read as Python's own reader of CSV reads them, and every cell is told by its place."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.batch.table import MOST_ROW_BYTES, Row, Table, TableFaultError

DELIMITERS = (",", ";", "\t")
CELL = st.text(alphabet="aZ9é😀 ,;\"'\t\n|=", max_size=8).map(str.strip)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A delimiter, and rows of equal length below a header that has it."""
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=5))
    return draw(st.sampled_from(DELIMITERS)), [[f"c{at}" for at in range(width)], *rows]


@given(table=tables(), mark=st.booleans(), ends=st.sampled_from(["\n", "\r\n"]), quoted=st.booleans())
def test_reads_what_pythons_reader_reads(
    table: tuple[str, list[list[str]]], mark: bool, ends: str, quoted: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    delimiter, rows = table
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=ends, quoting=quoting).writerows(rows)
    text = out.getvalue()
    path = tmp_path_factory.mktemp("table") / "t.csv"
    path.write_bytes(text.encode("utf-8-sig" if mark else "utf-8"))

    read = Table(path, "t.csv")
    found = list(read.rows())

    wanted = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(map(str.strip, row))]
    assert [cell.text for cell in read.header.cells] == wanted[0]
    assert not [row for row in found if isinstance(row, TableFaultError)]
    rows_read = [row for row in found if isinstance(row, Row)]
    assert [[c.text for c in row.cells] for row in rows_read] == [[c.strip() for c in row] for row in wanted[1:]]
    lines = text.split("\n")
    with read.open() as file:
        for row in reversed(rows_read):
            assert [c.text for c in read.at(file, row.at).cells] == [c.text for c in row.cells], "found by its place"
            for cell in row.cells:
                there = lines[cell.line - 1][cell.column - 1 :]
                assert there.startswith(('"', cell.text.split("\n")[0][:1])), "the caret stands under it"


def test_a_spreadsheets_own_ways(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes('\ufeffsep=;\r\nname;skip;;\r\nSam;"a; b";;\r\n;;;\r\n\r\nÅsa;"5"" step";;\r\n'.encode())
    table = Table(path, "t.csv")
    rows = [row for row in table.rows() if isinstance(row, Row)]
    assert [cell.text for cell in table.header.cells] == ["name", "skip"]
    assert [[cell.text for cell in row.cells] for row in rows] == [["Sam", "a; b"], ["Åsa", '5" step']]
    assert [row.line for row in rows] == [3, 6]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"name,id\nSam,1,2\nKim\nLi,3\n", ["2:7 bad-csv", "3:1 bad-csv"]),
        (b'name,id\nSam,"1"x\nKim,2\n', ["2:8 bad-csv"]),
        (b'name,id\nSam,1\nKim,"2\nLi,3\n', ["3:5 bad-csv"]),
        (b"name,id\nS\xe9m,1\n", ["2:2 not-utf8"]),
        (b"name,id\nSam,\0\n", ["2:1 binary"]),
        (b"name,id\n" + b"x" * (MOST_ROW_BYTES + 1), ["2:1 too-large"]),
        (b"name,id\nSam,1\rKim,2\rLi,3\n", ["2:6 bad-csv"]),
    ],
)
def test_what_does_not_read_is_told_by_its_place(data: bytes, told: list[str], tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    faults = [row.fault for row in Table(path, "t.csv").rows() if isinstance(row, TableFaultError)]
    assert [f"{fault.location.line}:{fault.location.column} {fault.code}" for fault in faults] == told
    assert all(fault.location.file == "t.csv" for fault in faults)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty-file"), (b"\n", "empty-file"), (b",,\n", "empty-file"), ("name\nSam\n".encode("utf-16"), "not-utf8")],
)
def test_what_is_no_table(data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    with pytest.raises(TableFaultError) as caught:
        Table(path, "t.csv")
    assert caught.value.fault.code == code


def test_rows_after_a_faulty_one_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('name,id\nSam\nKim,2\n"Li"x,3\nÅsa,4\n', encoding="utf-8")
    read = list(Table(path, "t.csv").rows())
    assert [isinstance(row, TableFaultError) for row in read] == [True, False, True, False]
    assert [row.line for row in read if isinstance(row, Row)] == [3, 5]
