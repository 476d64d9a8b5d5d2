"""What each fault means: a page for each code, ``faults/CODE.md``."""

from __future__ import annotations

from importlib import resources

_ENDING = ".md"


def fault_codes() -> tuple[str, ...]:
    """Name every code that has a page, sorted."""
    pages = (resources.files("voicecoach.library") / "faults").iterdir()
    return tuple(sorted(page.name.removesuffix(_ENDING) for page in pages if page.name.endswith(_ENDING)))


def explanation(code: str) -> str:
    """Return the page of a code: what it means, a wrong and a right example.

    Raises
    ------
    KeyError
        There is no such code.
    """
    if code not in fault_codes():
        raise KeyError(code)
    return (resources.files("voicecoach.library") / "faults" / f"{code}{_ENDING}").read_text(encoding="utf-8")
