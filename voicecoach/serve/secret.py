"""The secret part of a path: whoever does not know it finds nothing.

It is kept with the user's own data, not in the folder: a folder is copied to web hosts as it is.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
from pathlib import Path

from voicecoach.config import data_folder
from voicecoach.errors import OutputError, UsageError

KEPT = "secret-paths.json"
_WORD = re.compile(r"[A-Za-z0-9_-]{1,128}")
_RANDOM_BYTES = 12
SHORT_LETTERS = 8
"""Fewer can be tried through."""


def check_word(word: str) -> str:
    """Return a secret of the user's own.

    Raises
    ------
    UsageError
        It cannot stand in a path as it is.
    """
    if _WORD.fullmatch(word) is None:
        raise UsageError(
            f"'{word[:80]}' cannot be a secret path", hint="take letters, digits, - and _, without a space or a slash"
        )
    return word


def secret_of(folder: Path) -> str:
    """Return the secret of a folder: the same at every start, so that subscriptions hold.

    Raises
    ------
    OutputError
        It cannot be kept.
    """
    kept, place = data_folder() / KEPT, str(folder.resolve())
    known = _read(kept)
    if place in known:
        return known[place]
    made = secrets.token_urlsafe(_RANDOM_BYTES).replace("_", "x").replace("-", "y")
    _write(kept, {**known, place: made})
    return made


def _read(kept: Path) -> dict[str, str]:
    try:
        values = json.loads(kept.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    return {place: word for place, word in values.items() if isinstance(word, str) and _WORD.fullmatch(word)}


def _write(kept: Path, values: dict[str, str]) -> None:
    from voicecoach.parts import part_beside, writing

    part = part_beside(kept)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {kept.parent}: {error.strerror}") from error
    with writing(kept, part):
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(values, file, indent=1, sort_keys=True, ensure_ascii=False)
        part.replace(kept)


def without_secret(path: str, secret: str | None) -> str | None:
    """Return a path behind its secret part; None where that is not there or another.

    Parameters
    ----------
    path
        As it came, quoted, with its slash.
    secret
        None: every path is good as it is.
    """
    if secret is None:
        return path
    first, slash, rest = path[1:].partition("/")
    same = hmac.compare_digest(first.encode("utf-8", "replace"), secret.encode())
    return f"{slash}{rest}" if same else None


def masked(text: str, secret: str | None) -> str:
    """Take the secret out of what is to be logged."""
    return text if secret is None else text.replace(secret, "…")
