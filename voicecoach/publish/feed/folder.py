"""A folder of built sessions, read as a feed. Nothing is written here."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from voicecoach.errors import SessionFileError, UsageError
from voicecoach.model.diagnostic import Diagnostic, has_errors, in_reading_order
from voicecoach.model.feed import Episode, Feed, FeedOrder
from voicecoach.model.location import Location
from voicecoach.publish.feed.address import read_address
from voicecoach.publish.feed.defaults import common, described, titled
from voicecoach.publish.feed.entries import match_entries
from voicecoach.publish.feed.kept import Kept, KeptSession, episode_guid, last_address, read_kept
from voicecoach.publish.feed.listing import Found, list_mp3s
from voicecoach.publish.feed.order import Draft, contradictions, draft, in_order, order_of
from voicecoach.publish.feed.paths import FEED_FILE
from voicecoach.publish.feed.session_files import SessionFiles, SessionRead, UnreadableSessionError
from voicecoach.publish.feed.settings import FeedSettings, SettingsRead, read_settings
from voicecoach.publish.feed.told import left_out, moved, not_named
from voicecoach.publish.page_words import page_words
from voicecoach.publish.tags import ARTIST
from voicecoach.source.values import ValueFaultError

PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Of Podcasting 2.0: a feed's guid is made of its URL in it."""
NO_ADDRESS = "none"
"""What a flag says instead of an address, so that addresses in the feed become relative again."""
_AGAIN = "copy it once more, or build the session again"


@dataclass(frozen=True)
class FeedRead:
    """What reading a folder gave.

    Attributes
    ----------
    feed
        None where errors are among the faults.
    settings
        Of the author, ``address`` that of the flag where there was one.
    kept
        What `feed/kept.json` is to hold.
    faults
        Of the settings and of the sessions, all of them.
    notes
        What was left out or held back, and why, for people.
    """

    feed: Feed | None
    settings: FeedSettings
    kept: Kept
    faults: tuple[Diagnostic, ...]
    notes: tuple[str, ...]


def read_folder(
    folder: Path,
    now: dt.datetime,
    files: SessionFiles,
    *,
    address: str = "",
    target: Path | None = None,
    future: bool = False,
    pass_over: bool = False,
) -> FeedRead:
    """Read a folder of sessions as a feed.

    Parameters
    ----------
    folder
        With MP3s of ours, ``feed.yaml`` perhaps, and what was kept of an earlier feed.
    now
        With a time zone. Sessions dated later are held back; "today" is its day.
    files
        Remembers what was read before.
    address
        Where the folder will lie, instead of what the settings say; `NO_ADDRESS`: nowhere, whatever they say.
    target
        The folder that will lie there: its last address counts where none is said, and is kept. None: nothing is
        written under an address.
    future
        List sessions dated in the future, too.
    pass_over
        Sessions that are damaged are left out with a note, instead of being errors.

    Raises
    ------
    UsageError
        There is no such folder, it cannot be read, or the address is none.
    """
    given = given_address(address)
    listing = _listing(folder)
    read = read_settings(folder)
    names = [one.name for one in listing[0]]
    kept, kept_notes = read_kept(folder, names)
    settings = replace(read.settings, address="" if given == NO_ADDRESS else given or read.settings.address)
    if target is not None:
        if not given and not settings.address and (last := last_address(target, kept)):
            settings = replace(settings, address=last)
            kept_notes += (f"the address is {last}, as last time; another one: --base-url URL, or none",)
        kept = replace(kept, address=settings.address)
    sessions, damaged, foreign = _sessions(listing[0], kept, files)
    files.forget_others({one.path for one in listing[0]})
    notes = [*read.notes, *kept_notes, *listing[1], *foreign]
    if pass_over:
        notes += [f"{fault.message}: it is left out" for fault in damaged]
    faults = [*read.faults, *(() if pass_over else damaged)]
    bad = {fault.location.file for fault in damaged}
    ours = [one.name for one in listing[0] if one in sessions or str(one.path) in bad]
    entries, unmatched = match_entries(settings.sessions, ours, read)
    faults += unmatched
    if not ours or (pass_over and not sessions):
        faults.append(_nothing(folder, has_mp3s=bool(listing[0])))
    made = _Making(folder, read, settings, kept, now.replace(microsecond=0), future or settings.future)
    if has_errors(faults):
        return FeedRead(None, settings, kept, in_reading_order(faults), tuple(notes))
    drafts = [draft(found, told, entries.get(found.name), kept, made.now) for found, told in sessions.items()]
    return made.feed(drafts, faults, notes)


def given_address(text: str) -> str:
    """Read an address that was given as a flag; empty stays empty, and so does `NO_ADDRESS`.

    Raises
    ------
    UsageError
        It is none.
    """
    if not text or text.strip().casefold() == NO_ADDRESS:
        return text and NO_ADDRESS
    try:
        return read_address(text)
    except ValueFaultError as fault:
        raise UsageError(fault.message, hint=fault.hint) from None


def _listing(folder: Path) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    if not folder.is_dir():
        if folder.exists():
            hint = f"name the folder that it lies in: {folder.parent}"
            raise UsageError(f"'{folder}' is a file, not a folder of sessions", hint=hint)
        raise UsageError(f"there is no folder '{folder}'", hint="voicecoach build puts sessions into output/")
    try:
        listing = list_mp3s(folder)
    except OSError as error:
        raise UsageError(f"the folder '{folder}' cannot be read: {error.strerror}") from error
    return listing.found, listing.notes


def _sessions(
    found: Sequence[Found], kept: Kept, files: SessionFiles
) -> tuple[dict[Found, SessionRead], list[Diagnostic], list[str]]:
    """Read them all; give what is good, a fault for each that is damaged, and notes of what is none of ours."""
    good: dict[Found, SessionRead] = {}
    damaged: list[Diagnostic] = []
    foreign: list[str] = []
    for one in found:
        known = kept.sessions.get(one.name)
        try:
            read = files.read(one.path, known.digest if known is not None else None)
        except SessionFileError as fault:
            damaged.append(_damaged(one, fault))
            continue
        if read is not None:
            good[one] = read
        elif known is not None and _is_empty(one.path):
            damaged.append(_damaged(one, SessionFileError("it is empty", hint="build the session again")))
        else:
            foreign.append(f"{one.name}{one.ending}")
    return good, damaged, list(left_out(foreign))


def _is_empty(path: Path) -> bool:
    try:
        return not path.stat().st_size
    except OSError:
        return False


def _damaged(one: Found, fault: SessionFileError) -> Diagnostic:
    why = fault.message.removeprefix(str(one.path)).lstrip(": ")
    if isinstance(fault, UnreadableSessionError):
        message = f"'{one.name}{one.ending}' {why}"
        return Diagnostic("damaged-session", message, Location(str(one.path), 1, 1), fault.hint)
    message = f"'{one.name}{one.ending}' is damaged: {why.removeprefix('it is ')}"
    return Diagnostic("damaged-session", message, Location(str(one.path), 1, 1), fault.hint or _AGAIN)


def _nothing(folder: Path, *, has_mp3s: bool) -> Diagnostic:
    message = "no MP3 in this folder is a session" if has_mp3s else "there is no session in this folder"
    hint = f"voicecoach build morning -o {folder / 'morning.mp3'}"
    return Diagnostic("no-session", message, Location(str(folder), 1, 1), hint)


@dataclass(frozen=True)
class _Making:
    """Makes the feed of sessions that are good."""

    folder: Path
    read: SettingsRead
    settings: FeedSettings
    kept: Kept
    now: dt.datetime
    future: bool

    def feed(self, drafts: list[Draft], faults: list[Diagnostic], notes: list[str]) -> FeedRead:
        settings = self.settings
        due = [one for one in drafts if self.future or one.published <= self.now]
        notes += [
            f"'{one.name}' is dated {one.day} and held back until then; --future lists it now"
            for one in drafts
            if not self.future and one.published > self.now
        ]
        order = order_of(settings, [one.found for one in drafts])
        listed = in_order(due, order, settings.sessions, self.kept, self.now)
        if order is FeedOrder.COURSE and any(entry.orders for entry in settings.sessions):
            notes += not_named([one.name for one in listed if one.entry is None])
        notes += moved(listed)
        faults = [*faults, *contradictions(listed, order, self.read)]
        if not listed:
            notes.append("no session is due yet, so the feed lists none: who subscribes now gets them on their days")
        if has_errors(faults):
            return FeedRead(None, settings, self.kept, in_reading_order(faults), tuple(notes))
        telling = listed or drafts  # what is to come tells what the feed is, too
        guid = settings.guid or self.kept.guid or self._new_guid(telling)
        feed = replace(self._channel(telling, guid, order), episodes=tuple(self._episode(one, guid) for one in listed))
        if len(due) < len(drafts):  # an app that reads that it is complete does not ask again
            feed = replace(feed, complete=False)
        sessions = {one.name: KeptSession(one.first, one.read.digest) for one in listed}
        kept = replace(self.kept, guid=guid, title=feed.title, sessions={**self.kept.sessions, **sessions})
        return FeedRead(feed, settings, kept, in_reading_order(faults), tuple(notes))

    def _new_guid(self, listed: Sequence[Draft]) -> str:
        """Make a guid of the feed's URL, as Podcasting 2.0 has it; without one, of what is in the feed."""
        if self.settings.address:
            url = f"{self.settings.address}{FEED_FILE}"
            return str(uuid.uuid5(PODCAST_NAMESPACE, url.partition("://")[2].rstrip("/")))
        digests = sorted(one.read.digest for one in listed)
        return str(uuid.uuid5(PODCAST_NAMESPACE, "\n".join((self._title(listed), *digests))))

    def _title(self, listed: Sequence[Draft]) -> str:
        return titled(self.settings, listed, self.folder, self.kept.title)

    def _channel(self, listed: Sequence[Draft], guid: str, order: FeedOrder) -> Feed:
        settings = self.settings
        language = settings.language or Counter(one.read.language for one in listed).most_common(1)[0][0]
        author = settings.author or common(one.read.author for one in listed) or ARTIST
        every = settings.every
        return Feed(
            title=self._title(listed),
            description=described(settings, listed),
            author=author,
            guid=guid,
            language=language,
            owner_name=(settings.owner_name or author) if settings.owner_email else None,
            owner_email=settings.owner_email,
            category=settings.category,
            subcategory=settings.subcategory,
            link=settings.link,
            private=settings.private,
            order=order,
            frequency=None if every is None else (every.rule, every.words(page_words(language))),
            complete=settings.complete,
            explicit=settings.explicit,
            copyright=settings.copyright,
            image=settings.image,
        )

    @staticmethod
    def _episode(one: Draft, guid: str) -> Episode:
        told = one.entry.title if one.entry is not None else None
        return Episode(
            name=one.name,
            size_bytes=one.read.size_bytes,
            digest=one.read.digest,
            timeline=one.read.timeline,
            title=told or one.read.timeline.title or one.name,
            author=one.read.author or ARTIST,
            notes=one.read.notes,
            guid=episode_guid(guid, one.name),
            published=one.published,
            season=one.season,
            number=one.number,
            cover=one.read.cover,
            ending=one.found.ending,
        )
