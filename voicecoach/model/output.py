"""What files come of a session."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FileFormat(StrEnum):
    """The format of a sound file that we write; its value is the file's ending, too."""

    MP3 = "mp3"
    WAV = "wav"
    FLAC = "flac"
    OGG = "ogg"
    OPUS = "opus"
    M4A = "m4a"
    M4B = "m4b"

    @property
    def ending(self) -> str:
        """How a file's name ends: ``.flac``."""
        return f".{self.value}"

    @property
    def is_lossless(self) -> bool:
        """It keeps every sample, to 24 bits, and has no bitrate."""
        return self in {FileFormat.WAV, FileFormat.FLAC}

    @property
    def needs_ffmpeg(self) -> bool:
        """We cannot write it ourselves."""
        return self in {FileFormat.M4A, FileFormat.M4B}


@dataclass(frozen=True)
class Output:
    """What files a build makes.

    Attributes
    ----------
    file_format
        Of the session, or of its steps.
    stem_format
        Of the stems: voice, earcons and bed, each on its own, beside the session; None: none are made.
    per_step
        One file a chapter and a playlist, in a folder, instead of one file.
    """

    file_format: FileFormat = FileFormat.MP3
    stem_format: FileFormat | None = None
    per_step: bool = False

    @property
    def formats(self) -> frozenset[FileFormat]:
        """All formats that are written."""
        return frozenset({self.file_format} | ({self.stem_format} if self.stem_format else set()))
