"""The folder, as it is now: read again when something in it changed, at most once a second, and never while answering.

Whoever asks gets the last good reading. A session that is being copied or written keeps it for a while; one that stays
damaged is left out, and its owner is told.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from voicecoach.errors import SessionFileError, VoicecoachError
from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.feed import Feed
from voicecoach.publish.feed import feed_resources
from voicecoach.publish.feed.folder import FeedRead, read_folder
from voicecoach.publish.feed.listing import list_mp3s
from voicecoach.publish.feed.paths import FEED_FILE, KEPT_FILE
from voicecoach.publish.feed.session_files import SessionFiles, SessionRead
from voicecoach.publish.site import Site, site_resources
from voicecoach.serve.answers import Thing
from voicecoach.serve.content import Stamp
from voicecoach.serve.options import ServeOptions
from voicecoach.serve.table import Entry, SessionFile, Table, Workshop

T = TypeVar("T")

LOOK_EVERY_S = 1.0
READ_EVERY_S = 60.0
"""Read again, whatever the files say: a session dated for today comes today."""
UNFINISHED_S = 10.0
"""A damaged session that was written so recently may still be on its way."""
_TRIES = 3
_MOST_TABLES = 8
_ALSO_READ = (".yaml", ".yml", ".jpg", ".jpeg", ".png")
"""Settings, and the picture that they may name."""
_FOREVER = "max-age=31536000, immutable"


class NothingYetError(Exception):
    """There is no session in the folder, or it cannot be read."""


class _Files(SessionFiles):
    """Reads sessions, and notes which are damaged."""

    def __init__(self) -> None:
        super().__init__()
        self.damaged: set[Path] = set()

    def read(self, path: Path, known_digest: str | None = None) -> SessionRead | None:
        """Read a session; see `SessionFiles`."""
        self.damaged.discard(path)
        try:
            return super().read(path, known_digest)
        except SessionFileError:
            self.damaged.add(path)
            raise


@dataclass(frozen=True)
class _State:
    """A reading of the folder.

    Attributes
    ----------
    files
        Where the sessions lie, by their names.
    since
        When it came to be, UTC, whole seconds.
    """

    feed: Feed
    files: Mapping[str, SessionFile]
    since: dt.datetime


class Shelf:
    """What a folder has to hand out.

    Parameters
    ----------
    folder
        Where the sessions lie.
    options
        How it is handed out.
    """

    def __init__(self, folder: Path, options: ServeOptions) -> None:
        self._folder = folder
        self._options = options
        self._files = _Files()
        self._workshop = Workshop()
        self._state: _State | None = None
        self._tables: OrderedDict[str, tuple[_State, Table]] = OrderedDict()
        self._seen: Mapping[Path, Stamp] | None = None
        self._looked_s = self._read_s = float("-inf")
        self._looking = False
        self._told: set[str] = set()
        # One thread looks, so that nothing is read twice; two draw, so that files are not kept waiting by pictures.
        self._looker = ThreadPoolExecutor(1, "voicecoach-look")
        self._makers = ThreadPoolExecutor(2, "voicecoach-make")
        self._openers = ThreadPoolExecutor(8, "voicecoach-read")

    def close(self) -> None:
        """End its threads; what is being made is not waited for."""
        for pool in (self._looker, self._makers, self._openers):
            pool.shutdown(wait=False, cancel_futures=True)

    async def find(self, base: str, path: str) -> Entry | None:
        """Give what a path leads to for whoever asks by a base URL; None: to nothing.

        Raises
        ------
        NothingYetError
            No session is there so far.
        """
        table = await self._current(base)
        entry = table.find(path)
        if entry is None and not table.is_whole:
            await self._in(self._makers, table.fill)
            entry = table.find(path)
        return entry

    async def _current(self, base: str) -> Table:
        due = time.monotonic() - self._looked_s >= LOOK_EVERY_S
        if self._state is None or (due and not self._looking):
            self._looking = True
            try:
                await self._in(self._looker, self.look)
            finally:
                self._looking = False
        state, known = self._state, self._tables.get(base)
        if state is None:
            raise NothingYetError
        if known is not None and known[0] is state:
            return known[1]
        return await self._in(self._looker, lambda: self._table(base))

    async def look_again(self) -> None:
        """Look now, however long ago that was done last."""
        await self._in(self._looker, lambda: self.look(at_once=True))

    async def open(self, entry: Entry) -> Thing:
        """Open what a path leads to.

        Raises
        ------
        ChangedError
            The session is another one by now, or gone.
        """
        pool = self._openers if isinstance(entry.of, SessionFile) or self._workshop.held(entry) else self._makers
        return await self._in(pool, lambda: self._workshop.open(entry))

    def kept_for(self, entry: Entry, query: str) -> str:
        """Say how long an answer may be kept: for good where the URL has the version of just this content."""
        if not any(part.startswith("v=") and entry.is_version(part[2:]) for part in query.split("&")):
            return "no-cache"
        return f"{'public' if self._options.secret is None else 'private'}, {_FOREVER}"

    @staticmethod
    async def _in(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    def look(self, *, at_once: bool = False) -> None:
        """Look whether anything changed, and read what did."""
        if not at_once and self._state is not None and time.monotonic() - self._looked_s < LOOK_EVERY_S:
            return
        try:
            self._look()
        except (OSError, VoicecoachError) as error:
            self._tell({f"the folder {self._folder} cannot be read: {getattr(error, 'strerror', None) or error}"})
        finally:
            self._looked_s = time.monotonic()

    def _look(self) -> None:
        for _ in range(_TRIES):
            found, stamps = self._stamps()
            if stamps == self._seen and time.monotonic() - self._read_s < READ_EVERY_S:
                return
            address = self._options.public_url or ""
            read = read_folder(self._folder, dt.datetime.now(dt.UTC), self._files, address=address, pass_over=True)
            if self._stamps()[1] == stamps:
                break
        else:
            stamps = {**stamps, self._folder: Stamp(0, 0, 0)}  # something is written all the time: read again next time
        told = {self._said(fault) for fault in read.faults} | set(read.notes)
        if self._state is not None and (read.feed is None or self._is_unfinished(stamps)):
            if read.feed is None:
                self._tell({*told, "what was there before is handed out until that is mended"})
            return
        self._seen, self._read_s = stamps, time.monotonic()
        if read.feed is not None:
            told |= self._keep(read)
            self._take(read.feed, {name: (path, stamps[path]) for name, path in found.items()})
        self._tell(told)

    def _said(self, fault: Diagnostic) -> str:
        """An empty folder is no fault here: sessions may come."""
        if fault.code != "no-session":
            return fault.render()
        return f"{self._folder}: {fault.message}; what is built into it is here at once"

    def _stamps(self) -> tuple[dict[str, Path], dict[Path, Stamp]]:
        """Tell where sessions may be, by name; and the state of all files on which the feed depends."""
        found = {one.name: one.path for one in list_mp3s(self._folder).found}
        beside = [path for path in self._folder.iterdir() if path.suffix.lower() in _ALSO_READ]
        stamps: dict[Path, Stamp] = {}
        for path in (*found.values(), *beside, self._folder / KEPT_FILE):
            try:
                stamps[path] = Stamp.of(path.stat())
            except OSError:
                continue
        return {name: path for name, path in found.items() if path in stamps}, stamps

    def _is_unfinished(self, stamps: Mapping[Path, Stamp]) -> bool:
        """Tell whether a session that we had is damaged now, and was written just now."""
        assert self._state is not None
        ours = {file.path for file in self._state.files.values()}
        young = time.time() - UNFINISHED_S
        return any(
            path in ours and stamps[path].mtime_ns / 1e9 > young for path in self._files.damaged if path in stamps
        )

    def _take(self, feed: Feed, found: Mapping[str, tuple[Path, Stamp]]) -> None:
        """Make what was read what is handed out."""
        files = {one.name: SessionFile(*found[one.name], one.digest) for one in feed.episodes if one.name in found}
        old = self._state
        if old is not None and (old.feed, old.files) == (feed, files):
            return
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        since = now if old is None else max(now, old.since + dt.timedelta(seconds=1))
        self._state = _State(feed, files, since)

    def _table(self, base: str) -> Table:
        state = self._state
        assert state is not None
        site = Site(address=base, served=True, feed_url=f"{base}{FEED_FILE}", qr_svg=self._qr())
        resources = feed_resources(state.feed, base, pages=True)
        table = Table(state.feed, state.files, resources, lambda: site_resources(state.feed, site), state.since)
        self._tables[base] = (state, table)
        while len(self._tables) > _MOST_TABLES:
            self._tables.popitem(last=False)
        return table

    def _qr(self) -> bytes | None:
        from voicecoach.serve.qr import qr_svg

        return None if self._options.reach is None else qr_svg(self._options.reach)

    def _keep(self, read: FeedRead) -> set[str]:
        """Write what must outlive us, so that a subscription does; give what is to be told."""
        from voicecoach.parts import part_beside, writing

        kept = self._folder / KEPT_FILE
        data = read.kept.dumps()
        if not self._options.keep or (kept.is_file() and kept.read_bytes() == data):
            return set()
        part = part_beside(kept)
        try:
            kept.parent.mkdir(exist_ok=True)
            with writing(kept, part):
                part.write_bytes(data)
                part.replace(kept)
        except (OSError, VoicecoachError) as error:
            why = getattr(error, "strerror", None) or str(error).partition("\n")[0]
            return {f"{kept} cannot be written ({why}): after a restart, apps may take all sessions for new ones"}
        return set()

    def _tell(self, messages: set[str]) -> None:
        """Tell what was not told the last time."""
        for message in sorted(messages - self._told):
            self._options.tell(message)
        self._told = messages
