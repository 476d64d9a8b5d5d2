"""Dates: as RFC 2822 has them, true, and not of the future."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.linter.xml_reading import Element

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZONES = {"UT": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_DATE = re.compile(
    r"(?:([A-Za-z]{3,9}),?\s+)?([0-9]{1,2})\s+([A-Za-z]{3,9})\s+([0-9]{1,6})\s+"
    r"([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))?(?:\s+([+-][0-9]{4}|[A-Za-z]{1,5}))?"
)
_HINT = "such as Tue, 31 Mar 2026 06:00:00 +0000"


def dates_are_dates(linted: Linted) -> Iterator[Diagnostic]:
    """Every date reads as RFC 2822 has it, with the right day of the week, and is past."""
    elements = [linted.channel.first("pubDate"), linted.channel.first("lastBuildDate")]
    elements += [item.element.first("pubDate") for item in linted.items]
    for element in elements:
        if element is None or not (text := element.text.strip()):
            continue
        place, (moment, fault) = linted.text(element), read_date(text)
        if fault is not None:
            yield linted.error("feed-date", f"the date '{text[:60]}' {fault}", place, _HINT)
        elif moment is not None and moment > linted.now:
            message = f"the date '{text}' is in the future: apps leave the episode out, or fail"
            if element.written != "pubDate" or element is elements[0]:
                message = f"the date '{text}' is in the future"
            yield linted.error("feed-future", message, place, "publish it when the day has come")


def read_date(text: str) -> tuple[dt.datetime | None, str | None]:
    """Read a date; give the moment, or what is wrong."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        iso = re.match(r"[0-9]{4}-[0-9]{2}", text)
        return None, "is ISO 8601, not RFC 2822" if iso else "is not as RFC 2822 has it"
    weekday, day, month, year, hour, minute, second, zone = found.groups()
    if month not in MONTHS:
        short = month[:3].title()
        return None, f"has the month '{month}'" + (f" for {short}" if short in MONTHS else ", which is none in English")
    if weekday is not None and weekday not in DAYS:
        short = weekday[:3].title()
        return None, f"has the day '{weekday}'" + (f" for {short}" if short in DAYS else ", which is none in English")
    if len(year) != 4:
        return None, f"has a year of {len(year)} figures"
    if zone is None:
        return None, "has no time zone"
    hours, minutes = (_ZONES.get(zone), 0) if zone.isalpha() else (int(zone[1:3]), int(zone[3:]))
    if hours is None:
        return None, f"has the time zone '{zone}', which RFC 2822 does not know"
    if abs(hours) > 23 or minutes > 59:
        return None, f"has the time zone '{zone}', which cannot be"
    try:
        shift = dt.timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
        moment = dt.datetime(
            int(year), MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second or 0), tzinfo=dt.UTC
        )
        right = DAYS[moment.weekday()]
        moment -= shift
    except (ValueError, OverflowError):
        return None, "cannot be: there is no such day or time"
    if weekday is not None and weekday != right:
        return None, f"says {weekday}, but that day was a {right}" if moment.year > 1 else "has the wrong day"
    return moment, None


def moment_of(element: Element | None) -> dt.datetime | None:
    """The moment that an element tells, or None where it does not read."""
    return read_date(element.text)[0] if element is not None else None
