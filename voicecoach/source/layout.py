"""The lines of a YAML text, each at the column that its place in the structure gives it.

PyYAML's scanner tells where every token stands; what lies between tokens is space and comments. A line is moved as a
whole, so that nothing of it is written anew.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from yaml import tokens as t

INDENT = 2
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_STREAM = (t.StreamStartToken, t.StreamEndToken)
_OPENING = (t.FlowMappingStartToken, t.FlowSequenceStartToken)
_CLOSING = (t.FlowMappingEndToken, t.FlowSequenceEndToken)
_FIXING = (t.AnchorToken, t.AliasToken, t.DocumentEndToken)


@dataclass(frozen=True)
class Line:
    """A line in its new place, without its line end.

    Attributes
    ----------
    key
        The key of the top level that begins here, or None.
    empty
        Nothing stands here, and it is no part of a text.
    aside
        It is empty, or a comment in the first column.
    """

    text: str
    key: str | None = None
    empty: bool = False
    aside: bool = False


@dataclass(frozen=True)
class Layout:
    """All lines.

    Attributes
    ----------
    lines
        In their order.
    fixed
        The order must stay: an alias needs its anchor before it, and an end mark the end.
    """

    lines: tuple[Line, ...]
    fixed: bool


def read_layout(text: str) -> Layout:
    """Find the lines of a text and move them.

    Raises
    ------
    yaml.YAMLError
        The text does not scan.
    """
    scan = _Scan(text)
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        scan.take(token)
    return Layout(tuple(_moved(scan.raw)), scan.fixed)


@dataclass(frozen=True)
class _Level:
    """An open map or list: the column of its keys or dashes, as it is and as it shall be.

    ``lodger``: a list whose dashes stand in the column of the keys around it; it has no tokens of its own.
    """

    old: int
    new: int
    listed: bool = False
    lodger: bool = False


@dataclass
class _Raw:
    """What is known of a line before it is moved.

    Attributes
    ----------
    target
        The column that its first token shall have; None in the midst of something, and of comments.
    moves_with, least
        In the midst of something: the line that this one moves with, and the column that it must not leave.
    block
        In a block scalar: the indent of its text, as it is and as it shall be.
    kept_end
        The space at its end is inside quotes.
    edits
        (begin, end, instead) of space within the line, in columns.
    end
        The column after its last token.
    open
        The levels that are open after it, where it has tokens.
    """

    text: str
    target: int | None = None
    moves_with: int | None = None
    least: int = 0
    block: tuple[int, int] | None = None
    kept_end: bool = False
    key: str | None = None
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    end: int = 0
    open: tuple[_Level, ...] = ()

    @property
    def blank(self) -> bool:
        return not self.text.strip(" \t")

    @property
    def column(self) -> int:
        return len(self.text) - len(self.text.lstrip(" \t"))


class _Scan:
    """Follows the tokens and notes for each line where it belongs."""

    def __init__(self, text: str) -> None:
        self.raw = [_Raw(line) for line in _BREAK.split(text)]
        self.fixed = False
        self._starts = [0, *(match.end() for match in _BREAK.finditer(text))]
        self._levels: list[_Level] = []
        self._depth = 0
        self._flow_line = 0
        self._last: yaml.Token | None = None

    def take(self, token: yaml.Token) -> None:
        """Take the next token."""
        if isinstance(token, _STREAM):
            return
        if isinstance(token, t.BlockEndToken):
            self._leave_lodger()
            self._levels.pop()
            return
        line, column = self._place(token.start_mark.index)
        if isinstance(token, t.BlockMappingStartToken | t.BlockSequenceStartToken):
            self._open(column, listed=isinstance(token, t.BlockSequenceStartToken))
            return
        if not self._depth:
            self._note_level(token, column)
            self._note_start(token, line, column)
            self._note_gap(token, line, column)
        self._note_flow(token, line)
        self._note_rest(token, line, column)
        self.fixed = self.fixed or isinstance(token, _FIXING)
        self._last = token

    def _place(self, index: int) -> tuple[int, int]:
        line = bisect_right(self._starts, index) - 1
        return line, index - self._starts[line]

    @property
    def _top(self) -> _Level:
        return self._levels[-1] if self._levels else _Level(-INDENT, -INDENT)

    def _open(self, column: int, *, listed: bool, lodger: bool = False) -> None:
        self._levels.append(_Level(column, self._top.new + INDENT, listed, lodger))

    def _leave_lodger(self) -> None:
        if self._levels and self._levels[-1].lodger:
            self._levels.pop()

    def _note_level(self, token: yaml.Token, column: int) -> None:
        if isinstance(token, t.KeyToken):
            self._leave_lodger()
        elif isinstance(token, t.BlockEntryToken) and not self._top.listed:
            self._open(column, listed=True, lodger=True)

    def _note_start(self, token: yaml.Token, line: int, column: int) -> None:
        raw = self.raw[line]
        if isinstance(token, t.ScalarToken) and isinstance(self._last, t.KeyToken) and len(self._levels) == 1:
            raw.key = token.value
        if raw.target is None and raw.moves_with is None and column == raw.column:
            beside = isinstance(token, t.KeyToken | t.ValueToken | t.BlockEntryToken)
            raw.target = self._top.new if beside else self._top.new + INDENT

    def _note_gap(self, token: yaml.Token, line: int, column: int) -> None:
        """One space after a dash and after the colon of a key, none before it."""
        if self._last is None:
            return
        last_line, end = self._place(self._last.end_mark.index)
        if last_line != line or end == column:
            return
        if isinstance(self._last, t.BlockEntryToken | t.ValueToken):
            self.raw[line].edits.append((end, column, " "))
        elif isinstance(token, t.ValueToken) and isinstance(self._last, t.ScalarToken):
            self.raw[line].edits.append((end, column, ""))

    def _note_flow(self, token: yaml.Token, line: int) -> None:
        """Braces that span lines move as they are, comments and all."""
        if isinstance(token, _OPENING):
            self._flow_line = self._flow_line if self._depth else line
            self._depth += 1
        elif isinstance(token, _CLOSING):
            self._depth -= 1
            if not self._depth:
                self._bind(range(self._flow_line + 1, line + 1), self._flow_line, self._top.new + INDENT)

    def _note_rest(self, token: yaml.Token, line: int, column: int) -> None:
        end_line, end = self._place(token.end_mark.index)
        if isinstance(token, t.ScalarToken) and token.style in {"|", ">"}:
            self._note_block(range(line + 1, end_line + (end > 0)), self.raw[line].text[column:])
            end_line = max(line, end_line - (end == 0))
        elif end_line > line:
            self._bind(range(line + 1, end_line + 1), line, self._top.new + 1)
            for inner in self.raw[line:end_line]:
                inner.kept_end = True
            self.raw[end_line].end = end
        else:
            self.raw[line].end = end
        self.raw[end_line].open = tuple(self._levels)

    def _bind(self, lines: range, to: int, least: int) -> None:
        for line in lines:
            if self.raw[line].moves_with is None:
                self.raw[line].moves_with = to
                self.raw[line].least = max(0, least)

    def _note_block(self, lines: range, header: str) -> None:
        given = re.match(r"[|>][+-]?([1-9])", header)
        if given:
            indents = (max(self._top.old, 0) + int(given[1]), max(self._top.new, 0) + int(given[1]))
        else:
            inner = [self.raw[line].column for line in lines if not self.raw[line].blank]
            indents = (min(inner, default=0), self._top.new + INDENT)
        for line in lines:
            self.raw[line].block = indents


def _moved(lines: list[_Raw]) -> Iterator[Line]:
    """Give each line in its new place."""
    columns: list[int] = []
    opened: tuple[_Level, ...] = ()
    for number, raw in enumerate(lines):
        opened = raw.open or opened
        column = raw.column
        if raw.block is not None:
            yield Line(_in_block(raw.text, *raw.block))
        elif raw.blank:
            yield Line("", empty=raw.moves_with is None, aside=raw.moves_with is None)
        else:
            column = _column(number, lines, columns, opened)
            comment = raw.target is None and raw.moves_with is None
            yield Line(" " * column + _content(raw), raw.key, aside=comment and not column)
        columns.append(column)


def _column(number: int, lines: list[_Raw], columns: list[int], opened: tuple[_Level, ...]) -> int:
    raw = lines[number]
    if raw.target is not None:
        return raw.target
    if raw.moves_with is None:
        return _comment_column(raw.column, opened, lines[number + 1 :])
    moved = columns[raw.moves_with] - lines[raw.moves_with].column
    return max(raw.column + moved, raw.least)


def _comment_column(column: int, opened: tuple[_Level, ...], after: list[_Raw]) -> int:
    """Where a comment goes: with what follows it in the same column, else with what is open there, else the nearest."""
    following = next((raw for raw in after if raw.target is not None), None)
    if following is not None and following.target is not None and following.column == column:
        return following.target
    levels = [(level.old, level.new) for level in opened]
    if following is not None and following.target is not None:
        levels.append((following.column, following.target))
    if not column or not levels:
        return 0
    deepest_first = reversed(levels)
    return min(deepest_first, key=lambda level: abs(level[0] - column))[1]


def _in_block(text: str, old: int, new: int) -> str:
    rest = text[old:]
    return " " * new + rest if rest else ""


def _content(raw: _Raw) -> str:
    """Give a line's text from its first letter, with the space inside made right; a comment keeps its distance."""
    text, begin = raw.text, raw.column
    shrunk = sum(end - start - len(instead) for start, end, instead in raw.edits)
    if shrunk > 0 and re.match(r"[ \t]+#", text[raw.end :]):
        text = text[: raw.end] + " " * shrunk + text[raw.end :]
    for start, end, instead in sorted(raw.edits, reverse=True):
        text = text[:start] + instead + text[end:]
    return text[begin:] if raw.kept_end else text[begin:].rstrip(" \t")
