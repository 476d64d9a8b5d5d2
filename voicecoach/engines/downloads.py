"""Fetching a file: as far as it came before, checked while it comes, and never under its own name before it is whole.

What has come lies in ``NAME.part`` beside the target; what the server called that version, in ``NAME.part.tag``. A
later call goes on from there, as long as the server still has the same (``If-Range``), or a digest tells in the end.
Proxies are those of the environment (``https_proxy`` and its kin), as `urllib` reads them.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from voicecoach.engines.fetching import STATUS_GONE_ON, Answer, BrokenOffError, TooFarError, ask, shown_url
from voicecoach.engines.offers import OfferFile
from voicecoach.errors import DownloadError, OutputError

PART, TAG = ".part", ".part.tag"
TRIES = 5
_BLOCK_BYTES = 256 * 1024
_AGAIN = "run the same command again: it goes on from there"

Progress = Callable[[int, int], None]
"""Called with (bytes that are there, bytes that there will be)."""


class _AnewError(Exception):
    """What came before is of no use: fetch it from the start."""


def fetch(
    file: OfferFile, target: Path, progress: Progress | None = None, wait: Callable[[float], None] = time.sleep
) -> Path:
    """Fetch a file into its part, whole and checked; `Path.replace` is what is left to do.

    Parameters
    ----------
    file
        What is to be fetched, its size and digest.
    target
        Where it is going to lie; its folder is made.
    progress
        Called as bytes come.
    wait
        Called with the seconds to wait before another try.

    Returns
    -------
    Path
        The part, as large as it should be and of the right digest.

    Raises
    ------
    DownloadError
        The server or the network failed (what came is kept), or what came is something else (it is thrown away).
    OutputError
        It cannot be written.
    """
    part = target.with_name(target.name + PART)
    with _telling_of_the_disk(file, target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with _own(part, target) as lock:
            _make_room(file, part)
            return _Fetching(file, part, lock, progress or (lambda _done, _of: None), wait).run()


class _Fetching:
    def __init__(
        self, file: OfferFile, part: Path, out: BinaryIO, progress: Progress, wait: Callable[[float], None]
    ) -> None:
        self.file, self.part, self.out, self.progress, self.wait = file, part, out, progress, wait
        self.tag = part.with_name(part.name.removesuffix(PART) + TAG)
        self.hash: Any = None
        self.done = 0
        self.resumed = False

    def run(self) -> Path:
        self._take_up()
        tries, best = 0, self.done
        while self.done < self.file.size_bytes:
            try:
                self._go_on()
            except (_AnewError, TooFarError) as fault:
                self._restart()
                tries += 1
                if tries >= TRIES:
                    message = f"{self._name} does not come whole from {shown_url(self.file.url)}"
                    raise DownloadError(message, hint="try again later") from fault
            except BrokenOffError as fault:
                self.out.flush()
                tries = tries + 1 if self.done - best <= self.file.size_bytes // 50 else 1
                best = max(best, self.done)
                if tries >= TRIES or not fault.passing:
                    raise self._broken_off(fault) from fault
                self.wait(fault.after_s or 0.25 * 2.0**tries)
        return self._checked()

    def _take_up(self) -> None:
        """Go on from what is there, if it can be part of the file."""
        there = self.part.stat().st_size
        if there > self.file.size_bytes or (there and not self.file.digest and not self._known_tag()):
            there = 0
        self.out.truncate(there)
        self._read_again(there)
        self.resumed = there > 0
        self.progress(self.done, self.file.size_bytes)

    def _read_again(self, count: int) -> None:
        self.hash = hashlib.new(self.file.algorithm or "sha256", usedforsecurity=False)
        self.out.seek(0)
        left = count
        while left > 0 and (block := self.out.read(min(left, _BLOCK_BYTES))):
            self.hash.update(block)
            left -= len(block)
        self.done = count

    def _restart(self) -> None:
        self.out.seek(0)
        self.out.truncate(0)
        self.tag.unlink(missing_ok=True)
        self._read_again(0)
        self.resumed = False

    def _known_tag(self) -> str:
        with suppress(OSError, UnicodeDecodeError):
            url, _, tag = self.tag.read_text(encoding="utf-8").partition("\n")
            return tag.strip() if url == self.file.url else ""
        return ""

    def _go_on(self) -> None:
        """Ask for what is missing, and write what comes."""
        tag = self._known_tag()
        with ask(self.file.url, self.done, tag) as answer:
            self._begin(answer, asked_same=bool(tag))
            while block := answer.read(_BLOCK_BYTES):
                if self.done + len(block) > self.file.size_bytes:
                    raise self._other(f"more than {_mb(self.file.size_bytes)} came")
                self.out.write(block)
                self.hash.update(block)
                self.done += len(block)
                self.progress(self.done, self.file.size_bytes)
        self.out.flush()
        if self.done < self.file.size_bytes:
            raise BrokenOffError("the server closed the connection")

    def _begin(self, answer: Answer, *, asked_same: bool) -> None:
        if answer.total is not None and answer.total != self.file.size_bytes:
            if self.resumed:
                raise _AnewError
            raise self._other(f"the server has {answer.total:,} bytes, and there should be {self.file.size_bytes:,}")
        if answer.status == STATUS_GONE_ON:
            if answer.start != self.done:
                raise _AnewError
            if not asked_same and not self.file.digest and self.done:
                raise _AnewError
        elif self.done:  # the server knows no ranges, or has another version by now
            self._restart()
        if answer.tag:
            self.tag.write_text(f"{self.file.url}\n{answer.tag}\n", encoding="utf-8")
        else:
            self.tag.unlink(missing_ok=True)

    def _checked(self) -> Path:
        self.progress(self.done, self.file.size_bytes)
        if self.file.digest and self.hash.hexdigest() != self.file.digest:
            if self.resumed:  # what lay there may have been another version's: once more from the start
                self._restart()
                return self.run()
            kind = {"sha256": "SHA-256", "md5": "MD5"}[self.file.algorithm]
            raise self._other(f"its {kind} is {self.hash.hexdigest()}, and should be {self.file.digest}")
        self.tag.unlink(missing_ok=True)
        return self.part

    def _other(self, what: str) -> DownloadError:
        """Throw away what came, and say why."""
        self._restart()
        message = f"{self._name} from {shown_url(self.file.url)} is not what it should be: {what}; it was thrown away"
        return DownloadError(message, hint="try again later, or from another place: --catalogue URL")

    def _broken_off(self, fault: BrokenOffError) -> DownloadError:
        message = f"{self._name} could not be fetched from {shown_url(self.file.url)}: {fault.message}"
        if self.done:
            message += f"; {_mb(self.done)} of {_mb(self.file.size_bytes)} are kept"
        return DownloadError(message, hint=fault.hint or (_AGAIN if self.done else None))

    @property
    def _name(self) -> str:
        return self.part.name.removesuffix(PART)


@contextmanager
def _own(part: Path, target: Path) -> Iterator[BinaryIO]:
    """Open a part for this process alone; the system gives it free even where the process is killed."""
    with part.open("a+b") as made:
        made.flush()
    try:
        with part.open("r+b") as file:
            if not _locked(file):
                message = f"{target.name} is being fetched by another voicecoach just now"
                raise DownloadError(message, hint="wait for it to end")
            yield file
    finally:
        with suppress(OSError):
            if part.stat().st_size == 0:
                part.unlink()


def _locked(file: BinaryIO) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows: two at once would be told by the digest
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _make_room(file: OfferFile, part: Path) -> None:
    """See that the disk has room for what is missing, before anything is fetched."""
    missing = file.size_bytes - min(part.stat().st_size, file.size_bytes)
    free = shutil.disk_usage(part.parent).free
    if missing > free:
        raise OSError(errno.ENOSPC, f"{_mb(missing)} are to come, and {_mb(free)} are free")


@contextmanager
def _telling_of_the_disk(file: OfferFile, target: Path) -> Iterator[None]:
    try:
        yield
    except (DownloadError, OutputError):
        raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}:
            detail = f": {error.strerror}" if "free" in str(error.strerror) else ""
            message = f"the disk is full: there is no room for {target.name} ({_mb(file.size_bytes)}){detail}"
            hint = "make room and run the same command again, or set VOICECOACH_DATA to a folder on another disk"
            raise OutputError(message, hint=hint) from error
        message = f"{target} cannot be written: {error.strerror or error}"
        raise OutputError(message, hint="set VOICECOACH_DATA to a folder that can be written") from error


def _mb(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count:,} bytes"
