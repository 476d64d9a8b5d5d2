"""Names of sessions: from a template to a path that every file system takes, and that nothing else is called."""

from __future__ import annotations

import re
import unicodedata

MOST_PART_BYTES = 120
"""Of a folder's or file's name, in UTF-8, without ending; file systems take 255, and sync programs add to it."""
MOST_CHARACTERS = 180
"""Of a whole name; Windows takes 260 for a path, with the folder that it lies in."""
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)
"""What Windows does not let a file be called, whatever its ending."""


def safe(text: str) -> str:
    """Make a text part of a name: what no file system has in one becomes ``-``, and it is of one line."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    kept = (
        plain
        if plain.isprintable()
        else "".join(c for c in plain if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"})
    )
    return _UNSAFE.sub("-", kept)


def session_path(text: str) -> str:
    """Make a filled template a path of a session: ``/`` parts folders; every part is a name that can be.

    Returns
    -------
    str
        "" where nothing is left of a part.
    """
    parts = [_part(part) for part in text.split("/")]
    return "" if not all(parts) else "/".join(parts)


def _part(text: str) -> str:
    name = _cut(_UNSAFE.sub("-", " ".join(text.split())).lstrip(". ")).rstrip(". ")
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def _cut(name: str) -> str:
    """Cut a name that is too long, between characters."""
    while len(name.encode()) > MOST_PART_BYTES:
        name = name[:-1]
    return name


def same(session: str) -> str:
    """Return what two sessions have in common that would be one file on Windows or a Mac."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", session).casefold())
