"""What each fault means: a page for each code, ``faults/CODE.md``; short ones stand together in ``faults/_NAME.md``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

_ENDING, _TOGETHER = ".md", "_"
_HEADING = re.compile(r"^# (.+)\n", re.MULTILINE)


def fault_codes() -> tuple[str, ...]:
    """Name every code that has a page, sorted."""
    alone, together = _files()
    return tuple(sorted([*alone, *(code for name in together for code, _ in _pages(name))]))


def explanation(code: str) -> str:
    """Return the page of a code: what it means, and what would be right.

    Raises
    ------
    KeyError
        There is no such code.
    """
    alone, together = _files()
    if code in alone:
        return _text(code)
    page = next((page for name in together for other, page in _pages(name) if other == code), None)
    if page is None:
        raise KeyError(code)
    return page


def _files() -> tuple[list[str], list[str]]:
    """Name the files that hold a page, and those that hold several."""
    files = (resources.files("voicecoach.library") / "faults").iterdir()
    names = [file.name.removesuffix(_ENDING) for file in files if file.name.endswith(_ENDING)]
    together = [name for name in names if name.startswith(_TOGETHER)]
    return [name for name in names if name not in together], together


def _pages(name: str) -> Iterator[tuple[str, str]]:
    """Give the codes of a file that holds several pages, each with its page."""
    text = _text(name)
    heads = list(_HEADING.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    for head, end in zip(heads, ends, strict=True):
        yield head[1], f"{text[head.start() : end].rstrip()}\n"


def _text(name: str) -> str:
    return (resources.files("voicecoach.library") / "faults" / f"{name}{_ENDING}").read_text(encoding="utf-8")
