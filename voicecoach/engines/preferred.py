"""The voice that a person has chosen for themselves, one a language: what ``default`` means on their machine.

It is a small text file among their voices, ``voices/default``, with a line such as ``en piper:en_US-kristin-medium``
for each language.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from voicecoach.errors import OutputError

FILE = Path("voices", "default")
MOST_BYTES = 65_536


def preferred_voice(folder: Path, language: str) -> str | None:
    """Name the voice that was chosen for a language, or None where none was.

    Parameters
    ----------
    folder
        That of what is the user's own (`config.data_folder`).
    language
        BCP 47; ``en-gb`` and ``en`` share one voice.

    Returns
    -------
    str or None
        As it was given to `set_preferred`: ``engine:voice``.
    """
    return _read(folder).get(_base(language))


def preferred_voices(folder: Path) -> dict[str, str]:
    """Give every voice that was chosen, by its language, sorted."""
    return _read(folder)


def set_preferred(folder: Path, spec: str | None, language: str) -> None:
    """Choose a voice for a language; None takes the choice back.

    Parameters
    ----------
    folder
        That of what is the user's own; made where it is missing.
    spec
        ``engine`` or ``engine:voice``. Whether there is such a voice is the caller's to find out.
    language
        The one that the voice speaks.

    Raises
    ------
    OutputError
        The file cannot be written.
    ValueError
        The voice or the language has no name, or one that does not fit into a line.
    """
    base, spec = _base(language), spec.strip() if spec is not None else None
    if not base or len(base.split()) != 1 or (spec is not None and (not spec or len(spec.splitlines()) != 1)):
        raise ValueError(f"'{spec}' for '{language}' is no choice of a voice")
    chosen = {known: voice for known, voice in _read(folder).items() if known != base}
    if spec is not None:
        chosen[base] = spec
    _write(folder / FILE, "".join(f"{known} {voice}\n" for known, voice in sorted(chosen.items())))


def _base(language: str) -> str:
    return language.strip().lower().replace("_", "-").partition("-")[0]


def _read(folder: Path) -> dict[str, str]:
    """Read the file; a line that is none of ours counts for nothing, and so does a file that cannot be read."""
    try:
        with (folder / FILE).open("rb") as file:
            text = file.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return {}
    pairs = (line.strip().partition(" ") for line in text.splitlines())
    return {
        base: spec.strip() for base, _, spec in sorted(pairs) if base.isalpha() and base == _base(base) and spec.strip()
    }


def _write(path: Path, text: str) -> None:
    part: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".default-")
        part = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        part.replace(path)
    except OSError as error:
        if part is not None:
            with suppress(OSError):
                part.unlink()
        message = f"the choice of a voice cannot be kept in {path}: {error.strerror or error}"
        raise OutputError(message, hint="set VOICECOACH_DATA to a folder that can be written") from error
