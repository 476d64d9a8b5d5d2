"""In what order sessions are listed, their seasons and numbers, and the days on which they come out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.feed import FeedOrder
from voicecoach.model.location import Location
from voicecoach.model.units import HOUR_S, MINUTE_S
from voicecoach.publish.feed.kept import Kept
from voicecoach.publish.feed.listing import Found, natural, season_numbers
from voicecoach.publish.feed.session_files import SessionRead
from voicecoach.publish.feed.settings import FeedSettings, SessionEntry, SettingsRead

MORNING = dt.time(6, tzinfo=dt.UTC)
"""When a session comes out of which only the day is known."""
_SECOND = dt.timedelta(seconds=1)
_EARLIEST_MIDNIGHT_S = -14 * HOUR_S  # where a day begins first, it is that much before UTC
_ZONE_STEP_S = 15 * MINUTE_S


@dataclass(frozen=True)
class Draft:
    """A session on its way into the feed.

    Attributes
    ----------
    found, read
        Its file, and what it says.
    entry
        What the settings say of it, or None.
    day
        The day that its author gave it, or None.
    first
        When it came first, UTC, whole seconds: what is kept.
    published
        The same, or moved so that the days of a course ascend.
    season, number
        From 1, or None.
    """

    found: Found
    read: SessionRead
    entry: SessionEntry | None
    day: dt.date | None
    first: dt.datetime
    published: dt.datetime
    season: int | None = None
    number: int | None = None

    @property
    def name(self) -> str:
        """Its name in the feed."""
        return self.found.name


def draft(found: Found, read: SessionRead, entry: SessionEntry | None, kept: Kept, now: dt.datetime) -> Draft:
    """Date a session: as its author did, else as it was dated first, else when its file was written."""
    own = entry.published if entry is not None and entry.published is not None else _own_day(read)
    known = kept.sessions.get(found.name)
    first = known.first if known is not None else None
    if own is None:
        published = first if first is not None else min(read.changed, now)
        return Draft(found, read, entry, None, published, published)
    published = dt.datetime.combine(own, MORNING)
    begun = dt.datetime.combine(own, dt.time(tzinfo=now.tzinfo))
    if first is not None and first <= now and _is_midnight(first, own):
        published = first
    elif published > now >= begun:
        published = begun.astimezone(dt.UTC)  # it is dated today, and where we are today has begun
    return Draft(found, read, entry, own, published, published)


def _is_midnight(first: dt.datetime, day: dt.date) -> bool:
    """Tell whether a session was dated first in the early morning of its day, wherever on earth that was."""
    since_s = (first - dt.datetime.combine(day, dt.time(tzinfo=dt.UTC))).total_seconds()
    return _EARLIEST_MIDNIGHT_S <= since_s < MORNING.hour * HOUR_S and since_s % _ZONE_STEP_S == 0


def _own_day(read: SessionRead) -> dt.date | None:
    about = read.timeline.about
    if about is None or about.date is None:
        return None
    try:
        return dt.date.fromisoformat(about.date)
    except ValueError:
        return None


def order_of(settings: FeedSettings, found: Sequence[Found]) -> FeedOrder:
    """Return the order of the settings; without one, seasons or a plain list of sessions make a course."""
    if settings.order is not None:
        return settings.order
    seasons = any(one.season_folder for one in found)
    listed = any(entry.bare for entry in settings.sessions)
    return FeedOrder.COURSE if seasons or listed else FeedOrder.NEWEST


def in_order(
    drafts: Sequence[Draft], order: FeedOrder, entries: Sequence[SessionEntry], kept: Kept, now: dt.datetime
) -> list[Draft]:
    """Bring sessions into the order of the feed, with season, number and day.

    Parameters
    ----------
    drafts
        All that are listed, any order.
    order
        Of the feed.
    entries
        Of the settings, in the order written.
    kept
        What is kept of earlier days.
    now
        No new session is dated later.
    """
    folders = season_numbers(sorted({d.found.season_folder for d in drafts if d.found.season_folder}))
    seasoned = [replace(d, season=_season(d, folders)) for d in drafts]
    if order is FeedOrder.NEWEST:
        listed = sorted(seasoned, key=lambda d: natural(d.name))
        listed.sort(key=lambda d: d.published, reverse=True)
        return _descending([replace(d, number=d.entry.number if d.entry is not None else None) for d in listed], now)
    return _ascending(_numbered(_course(seasoned, entries, folders)), kept, now)


def _descending(listed: list[Draft], now: dt.datetime) -> list[Draft]:
    """Let no two have one moment: apps would list them in an order of their own. None gets later than now by it."""
    upward: list[Draft] = []
    for one in reversed(listed):
        after = upward[-1].published + _SECOND if upward else one.published
        upward.append(replace(one, published=max(one.published, after)))
    downward: list[Draft] = []
    for one, moved in zip(listed, reversed(upward), strict=True):
        latest = max(now, one.published) if not downward else downward[-1].published - _SECOND
        downward.append(replace(one, published=min(moved.published, max(now, one.published), latest)))
    return downward


def _season(one: Draft, folders: dict[str, int]) -> int | None:
    if one.entry is not None and one.entry.season is not None:
        return one.entry.season
    return folders[one.found.season_folder] if one.found.season_folder else None


def _course(drafts: list[Draft], entries: Sequence[SessionEntry], folders: dict[str, int]) -> list[Draft]:
    """As listed; what is not listed comes after it: by season, and in it by number, or by day where there is none."""
    by_digits = bool(folders) or all(re.search("[0-9]", one.name) for one in drafts)
    rest = sorted(drafts, key=lambda one: natural(one.name))
    if not by_digits:
        rest.sort(key=lambda one: one.published)
    rest.sort(key=lambda one: one.season or 0)
    all_named = all(one.entry is not None for one in drafts)
    places = {id(entry): place for place, entry in enumerate(entries) if all_named or entry.orders}
    return sorted(rest, key=lambda one: places.get(id(one.entry), len(entries)))


def _numbered(course: list[Draft]) -> list[Draft]:
    """Number the sessions of each season: as the settings say, and on from there."""
    last: dict[int | None, int] = {}
    numbered = []
    for one in course:
        own = one.entry.number if one.entry is not None else None
        number = own or last.get(one.season, 0) + 1
        last[one.season] = number
        numbered.append(replace(one, number=number))
    return numbered


def _ascending(course: list[Draft], kept: Kept, now: dt.datetime) -> list[Draft]:
    """Let days ascend strictly: apps put a course in order by them.

    A new session without a day of its own comes after the one before it; else, what is too late is moved back.
    """
    forward: list[Draft] = []
    for one in course:
        is_new = one.day is None and one.name not in kept.sessions
        after = forward[-1].published + _SECOND if forward else one.published
        if is_new and one.published < after <= max(now, one.published):
            forward.append(replace(one, first=after, published=after))
        else:
            forward.append(one)
    backward: list[Draft] = []
    for one in reversed(forward):
        late = backward and one.published >= backward[-1].published
        backward.append(replace(one, published=backward[-1].published - _SECOND) if late else one)
    return backward[::-1]


def contradictions(course: Sequence[Draft], order: FeedOrder, read: SettingsRead) -> Iterator[Diagnostic]:
    """Find numbers of the settings that two sessions have, or that are not in the order of the course."""
    taken: dict[tuple[int | None, int], Draft] = {}
    before: Draft | None = None
    for one in course:
        if one.number is None:
            continue
        key = (one.season, one.number)
        if (other := taken.setdefault(key, one)) is not one:
            what = f"number {one.number}" + (f" of season {one.season}" if one.season else "")
            message = f"'{other.name}' and '{one.name}' are both {what}"
            yield read.fault("session-numbers", message, _place(one, other, read), "give each its own number")
        elif order is FeedOrder.COURSE and before is not None and _key(one) < _key(before):
            message = f"'{one.name}' comes after '{before.name}', but its number or season is lower"
            hint = "apps sort a course by season and number; list the sessions in that order"
            place = _place(one, before, read)
            yield read.fault("session-numbers", message, place, hint, Severity.WARNING)
        before = one


def _key(one: Draft) -> tuple[int, int]:
    return one.season or 0, one.number or 0


def _place(one: Draft, other: Draft, read: SettingsRead) -> Location:
    for key in ("number", "season", "session"):
        for session in (one, other):
            if session.entry is not None and key in session.entry.places:
                return session.entry.places[key]
    return Location(read.source.name, 1, 1)
