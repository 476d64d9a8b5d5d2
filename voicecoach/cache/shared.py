"""A cache of this machine over a store that many machines share: what one of them made, none makes again.

What is asked for is looked for here, then there; what is found there is checked and kept here, too. Contents are known
by what makes them: two machines that write one write the same.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from voicecoach.cache.counts import Kind
from voicecoach.cache.folder import Cache
from voicecoach.cache.place import Place
from voicecoach.cache.store import claim_name, dated, entry_name, today, undated
from voicecoach.errors import StoreError

CLAIM_S = 30.0
"""A claim that stood so long is not waited for: whoever made it is gone, or slow, and two do no harm."""
FRESH_DAYS = 3
"""An entry that is read is written again with the day of today if its own is older."""
_WAITS_S = (0.05, 0.1, 0.2, 0.4, 0.8)


class SharedCache(Cache):
    """A cache over a store.

    Parameters
    ----------
    local
        What this machine keeps.
    place
        The store.
    claim_s
        How long another machine is waited for that is making a content, seconds.

    Raises
    ------
    StoreError
        By each method: the store cannot be reached, read or written. Nothing goes on without it, or machines would make
        everything each for themselves, and nobody would know.
    """

    def __init__(self, local: Cache, place: Place, *, claim_s: float = CLAIM_S) -> None:
        super().__init__(local.folder, local.limit_bytes)
        self.place = place
        self._claim_s = claim_s

    def get(self, key: str) -> bytes | None:
        """Return a content, from here or from the store, or None where there is none or it is damaged."""
        content = self._read(key)
        if content is None:
            content = self._fetched(key)
        if content is not None:
            self._tally.found()
        return content

    def put(self, key: str, content: bytes, *, kind: Kind = Kind.FIGURES, instead: bool = True) -> None:
        """Keep a content that was made, here and in the store."""
        if instead:
            self.place.write(entry_name(key), dated(content), durable=False)
        else:
            self.place.create(entry_name(key), dated(content))
        self._write(key, content, instead=instead)
        self._tally.made(kind)

    def add(self, key: str, content: bytes, *, kind: Kind = Kind.FIGURES) -> bytes:
        """Keep a content unless the store has one already, and return the one that all machines go on with."""
        self._tally.made(kind)
        if not self.place.create(entry_name(key), dated(content)):
            kept = self._fetched(key)
            if kept is not None:
                return kept
            self.place.write(entry_name(key), dated(content), durable=False)  # it was damaged
        self._write(key, content)
        return content

    @contextmanager
    def making(self, key: str, kind: Kind) -> Iterator[None]:
        """Let one at a time, of all threads and processes of all machines, make a content.

        Speech and regions are claimed in the store; figures are made as quickly as a claim would be. Nobody waits for
        ever: a claim that stands for long is passed over, and what is made twice is the same.
        """
        with super().making(key, kind):
            is_claimed = kind is not Kind.FIGURES and self._read(key) is None and self._claimed(key)
            try:
                yield
            finally:
                if is_claimed:
                    with contextlib.suppress(StoreError):  # the content is there, and is looked for first
                        self.place.remove(claim_name(key))

    def _claimed(self, key: str) -> bool:
        """Claim a content, once nobody else does; False where it is here by then."""
        mine = secrets.token_hex(8).encode()
        theirs, since_s, tries = b"", time.monotonic(), 0
        while not self.place.create(claim_name(key), mine):
            owner = self.place.read(claim_name(key))
            if owner is not None and owner != theirs:
                theirs, since_s = owner, time.monotonic()
            elif owner is not None and time.monotonic() - since_s > self._claim_s:
                self.place.write(claim_name(key), mine, durable=False)
                return True
            time.sleep(_WAITS_S[min(tries, len(_WAITS_S) - 1)])
            tries += 1
            if self._fetched(key) is not None:
                return False
        return True

    def _fetched(self, key: str) -> bytes | None:
        """Take a content from the store and keep it here."""
        data = self.place.read(entry_name(key))
        if data is None:
            return None
        known = undated(data)
        if known is None:
            self._tally.damaged()
            self.place.remove(entry_name(key))
            return None
        content, day = known
        if today() - day >= FRESH_DAYS:
            self.place.write(entry_name(key), dated(content), durable=False)
        self._write(key, content)
        return content
