"""Voices that can be installed: what is told of each, and what an engine has whose voices can be.

An engine is `Installable` by itself, or through a catalogue of ours (`catalogues.catalogue_of`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable


@dataclass(frozen=True)
class OfferFile:
    """One file of a voice.

    Attributes
    ----------
    url
        Where it comes from: ``https:``, ``http:`` or ``file:``.
    path
        Its name in the folder of the engine's voices.
    size_bytes
        How large it is.
    sha256, md5
        Its digest, in lower case; both empty where nobody says: then the size alone is checked.
    """

    url: str
    path: str
    size_bytes: int
    sha256: str = ""
    md5: str = ""

    @property
    def algorithm(self) -> str:
        """How its digest is made: ``sha256`` or ``md5``; empty where there is none."""
        return "sha256" if self.sha256 else "md5" if self.md5 else ""

    @property
    def digest(self) -> str:
        """The digest, or empty."""
        return self.sha256 or self.md5

    def is_at(self, path: Path) -> bool:
        """Tell whether a file is this one, size and digest."""
        try:
            if not path.is_file() or path.stat().st_size != self.size_bytes:
                return False
            if not self.algorithm:
                return True
            with path.open("rb") as file:
                return hashlib.file_digest(file, self.algorithm).hexdigest() == self.digest
        except OSError:
            return False


@dataclass(frozen=True)
class Offer:
    """A voice that can be installed.

    Attributes
    ----------
    engine, name
        Written ``engine:name``.
    language
        BCP 47, lower case; ``mul`` where it holds voices of several.
    quality
        In a word, as its makers say.
    licence
        In a few words, or where to read it.
    files
        In the order in which they are put into place: the last one makes the voice seen.
    description
        For people.
    languages
        All that it speaks, where they are several.
    """

    engine: str
    name: str
    language: str
    quality: str
    licence: str
    files: tuple[OfferFile, ...]
    description: str = ""
    languages: tuple[str, ...] = ()

    @property
    def size_bytes(self) -> int:
        """All that is to be fetched."""
        return sum(file.size_bytes for file in self.files)

    def __str__(self) -> str:
        return f"{self.engine}:{self.name}"

    def is_in(self, folder: Path) -> bool:
        """Tell whether it lies in a folder, whole."""
        return all(file.is_at(folder / file.path) for file in self.files)

    def lies_in(self, folder: Path) -> bool:
        """Tell whether files of its names lie in a folder, without reading them."""
        return all((folder / file.path).is_file() for file in self.files)


@runtime_checkable
class Installable(Protocol):
    """An engine, or a catalogue of one, whose voices can be installed."""

    @property
    def name(self) -> str:
        """The engine's name."""
        ...

    @property
    def folder(self) -> Path:
        """Where its voices are installed."""
        ...

    def offers(self) -> Sequence[Offer]:
        """List what can be installed.

        Raises
        ------
        voicecoach.errors.VoicecoachError
            The list cannot be had.
        """
        ...
