"""Which MP3s of a folder may be sessions: at its top, and one level down in folders that are seasons."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voicecoach.model.diagnostic import harmless
from voicecoach.publish.feed.paths import FEED_FILE, OUR_FOLDERS

_ENDING = ".mp3"
_SEASON = re.compile(r"[0-9]+(?=\s*$)")
_DAY = re.compile(r"[0-9]{4}[-._ ]?[0-9]{2}[-._ ]?[0-9]{2}\s*$")
_MOST_SEASON = 9999


@dataclass(frozen=True)
class Found:
    """An MP3 of the folder.

    Attributes
    ----------
    name
        Its path in the folder without the ending, with ``/`` between parts.
    path
        The file.
    ending
        As it is written: ``.mp3`` or ``.MP3``.
    """

    name: str
    path: Path
    ending: str

    @property
    def season_folder(self) -> str | None:
        """The folder that it lies in, or None at the top."""
        return self.name.rpartition("/")[0] or None


@dataclass(frozen=True)
class Listing:
    """The MP3s of a folder, in natural order, and what is to be said of those that are none."""

    found: tuple[Found, ...]
    notes: tuple[str, ...]


def natural(text: str) -> tuple[tuple[str | int, ...], str]:
    """Return the key of an order in which ``day 2`` comes before ``day 10``."""
    parts = re.split(r"([0-9]+)", unicodedata.normalize("NFC", text).casefold())
    return tuple(int(part) if at % 2 else part for at, part in enumerate(parts)), text


def list_mp3s(folder: Path) -> Listing:
    """List the MP3s of a folder and of the folders in it; nothing of them is read.

    Raises
    ------
    OSError
        The folder cannot be read.
    """
    root = Path(os.path.realpath(folder))
    notes: list[str] = []
    found = list(_files(root, root, "", notes))
    seen = {root}
    for entry in _entries(root):
        if not _is_season(entry, root, seen, notes):
            continue
        seen.add(Path(os.path.realpath(entry.path)))
        try:
            found += list(_files(Path(entry.path), root, f"{entry.name}/", notes))
            notes += list(_too_deep(Path(entry.path), entry.name))
        except OSError as error:
            notes.append(_unreadable(entry.name, error))
    clear = _without_twins(sorted(found, key=lambda one: natural(one.name)), notes)
    return Listing(tuple(clear), tuple(map(harmless, notes)))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        visible = (entry for entry in entries if not entry.name.startswith("."))
        return sorted(visible, key=lambda entry: natural(entry.name))


def _files(folder: Path, root: Path, prefix: str, notes: list[str]) -> Iterator[Found]:
    for entry in _entries(folder):
        stem, ending = entry.name[: -len(_ENDING)], entry.name[-len(_ENDING) :]
        if ending.casefold() != _ENDING or not stem:
            continue
        shown = f"{prefix}{entry.name}"
        reason = _unfit(entry, root)
        if reason is None:
            yield Found(f"{prefix}{stem}", Path(entry.path), ending)
        elif reason:
            notes.append(f"'{shown}' is left out: {reason}")


def _unfit(entry: os.DirEntry[str], root: Path) -> str | None:
    """Say why an MP3 cannot be one of the feed; None: it can, empty: it is a folder and nothing needs to be said."""
    if (reason := _misnamed(entry.name)) is not None:
        return reason
    try:
        kind = entry.stat().st_mode
    except OSError:
        return "it is a link that leads nowhere" if entry.is_symlink() else "it cannot be read"
    if stat.S_ISDIR(kind):
        return ""
    if not stat.S_ISREG(kind):
        return "it is no file"
    if entry.is_symlink() and not _inside(entry.path, root):
        return "it is a link that leads out of the folder; put the file itself here"
    return None


def _misnamed(name: str) -> str | None:
    """Say why a name cannot be one of the feed, or None."""
    if not name.isprintable() or any(0xD800 <= ord(letter) < 0xE000 for letter in name):
        return "its name has signs that no address can have; rename it"
    if "\\" in name:
        return "its name has a backslash, which parts folders on other machines; rename it"
    return None


def _has_mp3s(folder: Path) -> bool:
    try:
        return any(entry.name.casefold().endswith(_ENDING) for entry in _entries(folder))
    except OSError:
        return False


def _unreadable(name: str, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"the folder '{name}' is left out: you may not look into it"
    return f"the folder '{name}' is left out: it cannot be read ({error.strerror or error})"


def _inside(path: str, root: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(root)


def _is_season(entry: os.DirEntry[str], root: Path, seen: set[Path], notes: list[str]) -> bool:
    """Tell whether sessions are looked for in a folder."""
    try:
        if not entry.is_dir():
            return False
    except OSError:
        return False
    if entry.name.casefold() in OUR_FOLDERS:
        if not entry.is_symlink() and _has_mp3s(Path(entry.path)):
            why = "that is where voicecoach puts files of its own; rename the folder"
            notes.append(f"no session is looked for in the folder '{entry.name}': {why}")
        return False
    if entry.is_symlink():
        if not _inside(entry.path, root):
            notes.append(f"the folder '{entry.name}' is left out: it is a link that leads out of the folder")
            return False
        if Path(os.path.realpath(entry.path)) in seen:
            return False
    if os.path.lexists(Path(entry.path) / FEED_FILE):  # which is False, too, where we may not look
        notes.append(f"the folder '{entry.name}' is left out: it has a feed of its own")
        return False
    if (reason := _misnamed(entry.name)) is not None:
        notes.append(f"the folder '{entry.name}' is left out: {reason}")
        return False
    return True


def _too_deep(folder: Path, name: str) -> Iterator[str]:
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False) and _has_mp3s(Path(entry.path)):
            yield f"the folder '{name}/{entry.name}' is left out: seasons are one level deep"


def _without_twins(found: list[Found], notes: list[str]) -> Iterator[Found]:
    """Tell of names that are one for many web hosts and phones; of ``a.mp3`` and ``a.MP3`` only one can stay."""
    first: dict[str, Found] = {}
    names: set[str] = set()
    for one in sorted(found, key=lambda one: one.ending != _ENDING):
        if one.name in names:
            notes.append(f"'{one.name}{one.ending}' is left out: there is '{one.name}{_ENDING}', too")
            found.remove(one)
        names.add(one.name)
    for one in found:
        folded = unicodedata.normalize("NFC", one.name).casefold()
        other = first.setdefault(folded, one)
        if other is not one:
            told = f"'{other.name}' and '{one.name}' are one name for many web hosts and phones; rename one of them"
            notes.append(told)
        yield one


def season_numbers(folders: list[str]) -> dict[str, int]:
    """Number season folders: by the number that a name ends in, the others as they come, from the lowest free one.

    Parameters
    ----------
    folders
        Their names, any order.
    """
    ordered = sorted(folders, key=natural)
    numbers: dict[str, int] = {}
    for folder in ordered:
        number = _own_number(folder)
        if number is not None and number not in numbers.values():
            numbers[folder] = number
    for folder in ordered:
        if folder not in numbers:
            numbers[folder] = next(n for n in range(1, len(ordered) + 1) if n not in numbers.values())
    return numbers


def _own_number(folder: str) -> int | None:
    match = None if _DAY.search(folder) else _SEASON.search(folder)
    number = int(match[0]) if match and len(match[0]) <= len(str(_MOST_SEASON)) else 0
    return number or None
