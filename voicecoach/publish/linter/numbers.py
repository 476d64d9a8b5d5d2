"""Seasons and episode numbers: whole, unlike, in the order of the dates where they are to be followed."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.publish.linter.dates import moment_of
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.linter.listed import Item
from voicecoach.publish.linter.xml_reading import Element

_TYPES = ("full", "trailer", "bonus")
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_WHOLE = re.compile(r"0*[1-9][0-9]{0,8}")


class _Numbered(NamedTuple):
    item: Item
    season: int
    number: int
    kind: str


def numbers_are_whole(linted: Linted) -> Iterator[Diagnostic]:
    """Season and episode are whole numbers from 1; both namespaces tell the same."""
    for item in linted.items:
        for what in ("season", "episode"):
            apple, podcast = (item.element.first(f"{prefix}:{what}") for prefix in ("itunes", "podcast"))
            pattern = _DECIMAL if what == "episode" else _WHOLE
            wrong = [_not_whole(linted, apple, _WHOLE), _not_whole(linted, podcast, pattern)]
            if any(wrong):
                yield from (fault for fault in wrong if fault is not None)
            elif podcast is not None and (fault := _contradiction(linted, item, apple, podcast)) is not None:
                yield fault


def _not_whole(linted: Linted, element: Element | None, pattern: re.Pattern[str]) -> Diagnostic | None:
    text = element.text.strip() if element is not None else ""
    if element is None or not text or pattern.fullmatch(text):
        return None
    message = f"{element.written} is '{text}', which is no whole number above 0"
    return linted.error("feed-number", message, linted.text(element), "such as 1")


def _contradiction(linted: Linted, item: Item, apple: Element | None, podcast: Element) -> Diagnostic | None:
    other = podcast.text.strip()
    if apple is None:
        name = podcast.name.replace("podcast:", "itunes:")
        if name == "itunes:episode" and _is_serial(linted):
            return None  # that it is missing is told
        message = f"{linted.titled(item.element)} has {podcast.written}, but no {name}, which most apps read"
        return linted.warning("feed-number", message, linted.at(podcast), f"add <{name}>{other}</{name}>")
    one = apple.text.strip()
    if not one or not other or float(one) == float(other):
        return None
    message = f"{podcast.written} is {other}, but {apple.written} in line {apple.line} is {one}"
    return linted.error("feed-number", message, linted.text(podcast), "let both say the same")


def types_are_known(linted: Linted) -> Iterator[Diagnostic]:
    """itunes:episodeType is full, trailer or bonus."""
    for item in linted.items:
        element = item.element.first("itunes:episodeType")
        text = element.text.strip() if element is not None else ""
        if element is not None and text and text.casefold() in _TYPES and text not in _TYPES:
            message = f"itunes:episodeType is '{text}' with other capitals than '{text.casefold()}'"
            yield linted.warning("feed-capitals", message, linted.text(element), f"write {text.casefold()}")
        elif element is not None and text and text not in _TYPES:
            message = f"itunes:episodeType is '{text}'; apps know full, trailer and bonus"
            hint = did_you_mean(text, _TYPES) or "write full"
            yield linted.error("feed-episode-type", message, linted.text(element), hint)


def numbers_differ(linted: Linted) -> Iterator[Diagnostic]:
    """No two episodes of a season have the same number."""
    seen: dict[tuple[int, int, str], Item] = {}
    for item, season, number, kind in _numbered(linted):
        same = (season, number, kind)
        if (first := seen.get(same)) is not None:
            element = item.element.first("itunes:episode") or item.element
            within = f" of season {season}" if season else ""
            message = f"{linted.titled(item.element)} is episode {number}{within}, as is {linted.titled(first.element)}"
            hint = f"the other stands in line {first.element.line}; number them one by one"
            yield linted.error("feed-same-number", message, linted.text(element), hint)
        seen.setdefault(same, item)


def courses_are_numbered(linted: Linted) -> Iterator[Diagnostic]:
    """In a serial feed every episode has its number, and none is left out."""
    if not _is_serial(linted):
        return
    for item in linted.items:
        full = _kind(item) not in ("trailer", "bonus")
        if full and item.element.first("itunes:episode") is None:
            message = f"{linted.titled(item.element)} has no <itunes:episode>: a serial feed is ordered by it"
            yield linted.error(
                "feed-missing", message, linted.at(item.element), "add <itunes:episode>…</itunes:episode>"
            )
    numbered = [one for one in _numbered(linted) if one.kind not in ("trailer", "bonus")]
    for season in sorted({one.season for one in numbered}):
        there = sorted((one for one in numbered if one.season == season), key=lambda one: one.number)
        for before, one in pairwise(there):
            if one.number > before.number + 1:
                element = one.item.element.first("itunes:episode") or one.item.element
                message = f"episode {one.number} follows {before.number}: what is between them is missing"
                yield linted.warning("feed-number", message, linted.text(element), "number them without a gap")


def dates_follow_numbers(linted: Linted) -> Iterator[Diagnostic]:
    """In a serial feed a later episode has a later date; the fewest that break the order are told."""
    if not _is_serial(linted):
        return
    dated = []
    for one in _numbered(linted):
        moment = moment_of(one.item.element.first("pubDate"))
        if moment is not None and moment <= linted.now and one.kind not in ("trailer", "bonus"):
            dated.append((one.season, one.number, moment, one.item))
    keys = [key[:2] for key in dated]
    if len(set(keys)) < len(keys):
        return  # two have the same number, which is told
    listed = [moment for *_, moment, _ in dated]
    # Where they are dated as they are listed, it is the numbers that somebody wants to be otherwise.
    as_listed = listed in (sorted(set(listed)), sorted(set(listed), reverse=True))
    dated.sort(key=lambda one: one[:2])
    for at in _out_of_order([one[2] for one in dated]):
        _, number, moment, item = dated[at]
        date = item.element.first("pubDate") or item.element
        message = f"the date of episode {number} ({moment:%d %b %Y %H:%M}) does not fit its place in the order"
        hint = "in a serial feed a later episode has a later date; some apps order by the date alone"
        if as_listed:
            yield linted.warning("feed-order", message, linted.text(date), hint)
        else:
            yield linted.error("feed-order", message, linted.text(date), hint)


def _out_of_order(values: Sequence[dt.datetime]) -> list[int]:
    """Give the places of the fewest values without which the others ascend strictly."""
    tails: list[dt.datetime] = []
    ends: list[int] = []
    before: list[int | None] = []
    for at, value in enumerate(values):
        place = bisect.bisect_left(tails, value)
        before.append(ends[place - 1] if place else None)
        tails[place : place + 1], ends[place : place + 1] = [value], [at]
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return [at for at in range(len(values)) if at not in kept]


def _is_serial(linted: Linted) -> bool:
    return (linted.channel.text_of("itunes:type") or "").casefold() == "serial"


def _season(item: Item) -> str | None:
    return item.element.text_of("itunes:season") or item.element.text_of("podcast:season")


def _kind(item: Item) -> str:
    return item.element.text_of("itunes:episodeType") or "full"


def _numbered(linted: Linted) -> Iterator[_Numbered]:
    for item in linted.items:
        number, season = item.element.text_of("itunes:episode"), _season(item)
        if number is None or not _WHOLE.fullmatch(number) or (season is not None and not _WHOLE.fullmatch(season)):
            continue
        yield _Numbered(item, int(season or 0), int(number), _kind(item))
