"""An author's fault, as a value: where it is, what it is, and what to do about it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.model.location import Location

_WIDEST_LINE = 160
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Severity(StrEnum):
    """How bad it is: an error stops the build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Diagnostic:
    """One fault of the author's.

    Attributes
    ----------
    code
        Stable short name, for searching and for tools: ``unknown-key``.
    message
        What is wrong, one line.
    location
        Where; the file, line and column that the caret stands under.
    hint
        What to write instead, or None.
    source_line
        The text of that line without its line end; empty where there is none to show (a binary file).
    severity
        Error or warning.
    """

    code: str
    message: str
    location: Location
    hint: str | None = None
    source_line: str = ""
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        """Make what is quoted of the author's text harmless: no terminal command, no further line."""
        for name in ("message", "hint", "source_line"):
            text = getattr(self, name)
            if text:
                object.__setattr__(self, name, harmless(text, keep_tabs=name == "source_line"))

    def render(self) -> str:
        """Return the fault as people read it: place, code, message, the line with a caret, and the hint."""
        lines = [f"{self.location}: {self.severity.value}[{self.code}]: {self.message}"]
        if self.source_line.strip():
            text, column = _window(self.source_line, self.location.column)
            number = str(self.location.line)
            before = "".join(_blank(character) for character in text[: column - 1])
            carets = "^" * max(1, sum(_cells(c) for c in text[column - 1 : column - 1 + self.location.length]))
            lines += [f"  {number} | {text}", f"  {' ' * len(number)} | {before}{carets}"]
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """Return the fault as plain values for editors."""
        values: dict[str, object] = {
            "severity": self.severity.value,
            "code": self.code,
            "message": self.message,
            "file": self.location.file,
            "line": self.location.line,
            "column": self.location.column,
            "length": self.location.length,
        }
        if self.hint:
            values["hint"] = self.hint
        return values


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return ``did you mean 'hold'?`` where a known word is near, else None."""
    near = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else None


def in_reading_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by place, each fault once."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (d.location.file, d.location.line, d.location.column, d.code)))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether any of them stops a build."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def harmless(text: str, *, keep_tabs: bool = False) -> str:
    """Write control characters and line ends as escapes (of a source line, one character each, so carets fit)."""
    if text.isprintable():
        return text
    kept = "\t" if keep_tabs else ""
    shown = ("\N{REPLACEMENT CHARACTER}" if keep_tabs else ascii(c)[1:-1] for c in text)
    return "".join(c if c in kept or not _unsafe(c) else safe for c, safe in zip(text, shown, strict=True))


def _unsafe(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} or character in _BIDI


def _window(line: str, column: int) -> tuple[str, int]:
    """Cut a very long line to the part around the column (1-based)."""
    if len(line) <= _WIDEST_LINE:
        return line, column
    start = max(0, min(column - 1 - _WIDEST_LINE // 3, len(line) - _WIDEST_LINE))
    return line[start : start + _WIDEST_LINE], column - start


def _cells(character: str) -> int:
    """How many terminal cells a character takes, so that the caret stands under it."""
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _blank(character: str) -> str:
    return "\t" if character == "\t" else " " * _cells(character)
