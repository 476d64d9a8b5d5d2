"""What is read of each session's file, remembered as long as the file is the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from dataclasses import dataclass, replace
from pathlib import Path

from voicecoach.errors import SessionFileError
from voicecoach.model.timeline import Timeline, Track
from voicecoach.publish.tags import ARTIST

_BLOCK_BYTES = 1 << 20
_TRIES = 2
_PAUSE_S = 0.2


class UnreadableSessionError(SessionFileError):
    """It cannot be told whether it is good: it may not be read, or is being written."""


@dataclass(frozen=True)
class SessionRead:
    """What the file of a session says.

    Attributes
    ----------
    timeline
        What it carries, without what only `verify` needs.
    author, notes, language
        As in its tag; the author None where none is named.
    cover
        Only a picture of the author's own: ours are drawn anew.
    size_bytes, digest
        Of the file: its length, and the SHA-256 of its bytes in hex.
    changed
        When it was written last, UTC, whole seconds.
    """

    timeline: Timeline
    author: str | None
    notes: str
    language: str
    cover: bytes | None
    size_bytes: int
    digest: str
    changed: dt.datetime


@dataclass(frozen=True)
class _Known:
    stamp: tuple[int, int, int]
    read: SessionRead | SessionFileError | None


class SessionFiles:
    """Reads sessions, and remembers what it read of each until its file is another one.

    What it remembers is by the time of the last change, the size and the inode; who keeps it, reads again only what
    changed. It may be used from several threads: at worst a file is read twice.
    """

    def __init__(self) -> None:
        self._known: dict[Path, _Known] = {}

    def read(self, path: Path, known_digest: str | None = None) -> SessionRead | None:
        """Read a session; nothing of its sound is held.

        Parameters
        ----------
        path
            An MP3.
        known_digest
            The SHA-256 of bytes that were found good before: these are not proved again.

        Returns
        -------
        SessionRead or None
            None: it is no session of ours.

        Raises
        ------
        SessionFileError
            It is one, and it is damaged or cut off; or it cannot be read.
        """
        known = self._settled(path, known_digest)
        if isinstance(known, SessionFileError):
            raise known
        return known

    def _settled(self, path: Path, known_digest: str | None) -> SessionRead | SessionFileError | None:
        """Read a file that may be replaced meanwhile: where it was, once more."""
        for trial in range(_TRIES):
            if trial:
                time.sleep(_PAUSE_S)
            try:
                stamp = _stamp(path)
                known = self._known.get(path)
                if known is None or known.stamp != stamp:
                    known = _Known(stamp, _read(path, stamp, known_digest))
                if _stamp(path) == stamp:
                    self._known[path] = known
                    return known.read
            except FileNotFoundError:
                continue  # between the old file and the new one
            except OSError as error:
                self._known.pop(path, None)
                raise _unreadable(path, error) from error
        self._known.pop(path, None)
        raise UnreadableSessionError(f"{path} is being written", hint="run it again when that is finished")

    def forget_others(self, paths: set[Path]) -> None:
        """Forget what is not among these files."""
        for path in set(self._known) - paths:
            self._known.pop(path, None)


def _unreadable(path: Path, error: OSError) -> UnreadableSessionError:
    if isinstance(error, PermissionError):
        return UnreadableSessionError(f"{path} may not be read", hint="let yourself read it: chmod u+r does so")
    return UnreadableSessionError(f"{path} cannot be read: {error.strerror or 'an error of the disk'}")


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read(path: Path, stamp: tuple[int, int, int], known_digest: str | None) -> SessionRead | SessionFileError | None:
    from voicecoach.mp3.session_file import read_tagged

    with path.open("rb") as file:
        file.read(1)  # what keeps us from reading it is no damage
    try:
        tagged = read_tagged(path)
        if tagged is None:
            return None
        digest = _digest(path)
        if digest != known_digest:
            _prove(path)
    except SessionFileError as fault:
        return fault
    timeline, tags = tagged
    own = timeline.about is not None and timeline.about.own_cover
    return SessionRead(
        timeline=_bare(timeline),
        author=None if tags.artist in ("", ARTIST) else tags.artist,
        notes=tags.comment or "",
        language=timeline.about.language if timeline.about is not None else tags.language or "en",
        cover=tags.cover if own else None,
        size_bytes=stamp[1],
        digest=digest,
        changed=dt.datetime.fromtimestamp(max(0, stamp[0]) // 10**9, dt.UTC),
    )


def _digest(path: Path) -> str:
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            sha.update(block)
    return sha.hexdigest()


def _prove(path: Path) -> None:
    """Raise `SessionFileError` where the sound is not what was built."""
    from voicecoach.mp3.header import read_info
    from voicecoach.mp3.session_file import music_crc

    info = read_info(path)
    if music_crc(path, info) != info.music_crc:
        raise SessionFileError(f"{path}: its sound is damaged", hint="copy it once more, or build the session again")


def _bare(timeline: Timeline) -> Timeline:
    tracks = tuple(Track(t.name, tuple(replace(clip, outline=None) for clip in t.clips)) for t in timeline.tracks)
    return replace(timeline, tracks=tracks, own_sounds={})
