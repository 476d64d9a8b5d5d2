"""The error tree: a machine's faults, and what the process exits with for each.

An author's faults (a misspelt key, a hold without a unit) are `model.diagnostic.Diagnostic` values, never exceptions.
"""

from __future__ import annotations

EXIT_GOOD = 0
EXIT_FAULTS = 1
EXIT_USAGE = 2
EXIT_BUG = 3
EXIT_INTERRUPTED = 130


class VoicecoachError(Exception):
    """A fault that we foresaw: it has a message for people, a hint where one helps, and an exit code.

    Parameters
    ----------
    message
        What went wrong, in one line, naming the cue or the file concerned.
    hint
        What to do about it, or None.
    """

    exit_code = EXIT_FAULTS

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n  hint: {self.hint}"


class UsageError(VoicecoachError):
    """What was asked for on the command line cannot be meant: an unknown voice, a file that is not there."""

    exit_code = EXIT_USAGE


class OutputError(VoicecoachError):
    """The output cannot be written where it was asked for."""

    exit_code = EXIT_USAGE


class EngineError(VoicecoachError):
    """A speech engine is missing, failed, or gave audio that cannot be the text.

    Parameters
    ----------
    passing
        True: the fault may pass, and the same request is worth a second try (a process that was killed, a busy
        machine). False: it will not, or the engine has tried again itself. None: nobody knows; a voice that is not
        repeatable is then asked once more.
    voice
        The voice that it happened to, ``engine:name``; empty where it is not known, or no voice's.
    """

    def __init__(self, message: str, *, hint: str | None = None, passing: bool | None = None, voice: str = "") -> None:
        super().__init__(message, hint=hint)
        self.passing = passing
        self.voice = voice


class VoiceUnknownError(EngineError):
    """No engine or no voice of that name."""

    exit_code = EXIT_USAGE


class SpeechError(EngineError):
    """A cue could not be spoken; the message carries its text and the cause."""


class SoundError(VoicecoachError):
    """A sound file is missing or cannot be read."""


class PictureError(VoicecoachError):
    """A picture is missing or cannot be read."""


class EncodeError(VoicecoachError):
    """The MP3 could not be made."""


class SessionFileError(VoicecoachError):
    """A file is not an MP3 that voicecoach made, or its timeline is damaged."""


class LengthError(VoicecoachError):
    """The session cannot have the length that was asked for; the message names those that it can have."""


class BrokenPromiseError(VoicecoachError):
    """A session that was just made does not keep its own timeline; it was not put in its place."""


class LibraryError(VoicecoachError):
    """The built-in library is damaged: an exercise or wording file that does not read."""

    exit_code = EXIT_BUG


class DownloadError(VoicecoachError):
    """A file could not be fetched, or what came is not what it should be."""


class StoreError(VoicecoachError):
    """A shared store cannot be reached, read or written; the message names its address."""
