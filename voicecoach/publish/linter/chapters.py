"""Chapters: in the feed, in the JSON beside it and in the MP3, the same everywhere."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.location import Location
from voicecoach.model.units import to_ms
from voicecoach.publish.feed.chapters import CHAPTERS_TYPE, play_time
from voicecoach.publish.linter.belongings import is_of_another
from voicecoach.publish.linter.folder import split
from voicecoach.publish.linter.json_places import JsonError, member_places, place_at, read_json
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.linter.listed import Item
from voicecoach.publish.linter.sessions import is_another_file
from voicecoach.publish.linter.xml_reading import Element
from voicecoach.source.nodes import SourceFile

_PLAY_TIME = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{2})(?:\.([0-9]{1,9}))?|([0-9]{1,9})(?:\.([0-9]{1,9}))?")
_VERSIONS = ("1.0", "1.1", "1.2")
_AGAIN = "write the feed again with `voicecoach feed`"
_NEAR_MS = 20
_LATE_MS = 1000


class _Chapter(NamedTuple):
    """A chapter of a list, with its place."""

    title: str
    start_ms: int
    place: Location


class _List(NamedTuple):
    """A list of chapters; ``good`` is false where a fault of it was told."""

    chapters: tuple[_Chapter, ...]
    good: bool
    source: SourceFile | None = None


def chapters_are_good(linted: Linted) -> Iterator[Diagnostic]:
    """Lists of chapters read, ascend from 0, stay within the file, and are the same."""
    for item in linted.items:
        faults: list[Diagnostic] = []
        listed = _of_json(linted, item, faults), _of_feed(linted, item, faults)
        yield from faults
        if not faults:
            yield from _the_same(linted, item, *listed)


def _of_json(linted: Linted, item: Item, faults: list[Diagnostic]) -> _List | None:
    element = item.element.first("podcast:chapters")
    if element is None:
        return None
    given, url = element.attributes.get("type", "").strip(), element.attributes.get("url", "").strip()
    if given and given.partition(";")[0].strip() != CHAPTERS_TYPE:
        message = f"the type of <{element.written}> is '{given}': apps look for {CHAPTERS_TYPE}"
        faults.append(linted.error("feed-chapters", message, linted.at(element, "type"), f"write {CHAPTERS_TYPE}"))
    found = linted.find(url) if url and split(url) is not None else None
    if found is None or not found.there or is_of_another(linted, item, found):
        return None
    source = linted.side_file(found)
    if source is None:
        message = f"'{linted.beside(found.name)}' is no UTF-8 text"
        faults.append(linted.error("feed-chapters-file", message, linted.at(element, "url"), _AGAIN))
        return None
    chapters, told = _read_json(source, item.length_s if not is_another_file(linted, item) else None)
    faults += told
    return _List(chapters, not told, source)


def _read_json(source: SourceFile, length_s: float | None) -> tuple[tuple[_Chapter, ...], list[Diagnostic]]:
    """Read the chapters of a JSON file, and tell what is wrong with them."""

    def tell(message: str, place: Location | None = None, hint: str | None = _AGAIN) -> list[Diagnostic]:
        return [source.fault("feed-chapters-file", message, place or Location(source.name, 1, 1), hint)]

    try:
        values = read_json(source)
    except JsonError as error:
        return (), tell(f"the file is no JSON: {error.message}", place_at(source, error.at))
    if not isinstance(values, dict) or not isinstance(values.get("chapters"), list):
        return (), tell("there is no list 'chapters' in the file")
    told: list[Diagnostic] = []
    if not isinstance(values.get("version"), str):
        told += tell("the file has no 'version', a text", hint='write "version": "1.2.0"')
    if not values["chapters"]:
        return (), told + tell("the list of chapters is empty", hint="leave podcast:chapters out where there are none")
    places = member_places(source, "chapters")
    chapters: list[_Chapter] = []
    for number, value in enumerate(values["chapters"], start=1):
        place = places[number - 1] if number <= len(places) else Location(source.name, 1, 1)
        wrong = _wrong_chapter(value, number, length_s)
        if wrong is not None:
            told += tell(wrong, place)
            return (), told
        chapters.append(_Chapter(str(value.get("title", "")), round(value["startTime"] * 1000), place))
        end_s = value.get("endTime")
        if isinstance(end_s, int | float) and end_s <= value["startTime"]:
            told += tell(f"chapter {number} ends before it begins", place)
    shown = [
        one for one, value in zip(chapters, values["chapters"], strict=True) if value.get("toc", True) is not False
    ]
    problem = _out_of_order(shown)
    return tuple(shown), told + (tell(*problem) if problem else [])


def _wrong_chapter(value: Any, number: int, length_s: float | None) -> str | None:
    if not isinstance(value, dict):
        return f"chapter {number} is no object with startTime and title"
    start_s = value.get("startTime")
    if isinstance(start_s, bool) or not isinstance(start_s, int | float) or not abs(start_s) < 1e9:
        return f"startTime of chapter {number} is no number of seconds"
    if start_s < 0:
        return f"chapter {number} begins before the session"
    if length_s is not None and start_s * 1000 > length_s * 1000 + _LATE_MS:
        return f"chapter {number} begins at {start_s} s, after the end of the session ({length_s:g} s)"
    title = value.get("title")
    if (not isinstance(title, str) or not title.strip()) and value.get("toc", True) is not False:
        return f"chapter {number} has no title"
    return None


def _out_of_order(chapters: Sequence[_Chapter]) -> tuple[str, Location, str] | None:
    """Say where chapters do not ascend, or that the first does not begin at 0."""
    for before, one in pairwise(chapters):
        if one.start_ms <= before.start_ms:
            message = f"'{one.title}' begins at {play_time(one.start_ms)}, not after '{before.title}' before it"
            return message, one.place, "chapters stand in the order of their times"
    if chapters and chapters[0].start_ms:
        message = f"the first chapter begins at {play_time(chapters[0].start_ms)}: what is before it belongs to none"
        return message, chapters[0].place, "let the first begin at 0"
    return None


def _of_feed(linted: Linted, item: Item, faults: list[Diagnostic]) -> _List | None:
    """Read the chapters that stand in the feed itself (Podlove)."""
    element = item.element.first("psc:chapters")
    if element is None:
        return None
    before, version = len(faults), element.attributes.get("version", "").strip()
    if version and version not in _VERSIONS:
        message = f"the version of <{element.written}> is '{version}'; apps know {', '.join(_VERSIONS)}"
        faults.append(linted.error("feed-psc", message, linted.at(element, "version"), 'write version="1.2"'))
    chapters = [_psc(linted, child, faults) for child in element.all("psc:chapter")]
    if None in chapters and len(faults) == before:
        return None  # an attribute is missing, which is told
    if not chapters:
        faults.append(linted.error("feed-psc", f"<{element.written}> has no chapter in it", linted.at(element), _AGAIN))
    told = [one for one in chapters if one is not None]
    if len(faults) == before and (problem := _out_of_order(told) or _too_late(linted, item, told)) is not None:
        faults.append(linted.error("feed-psc", *problem))
    return _List(tuple(told), len(faults) == before)


def _psc(linted: Linted, element: Element, faults: list[Diagnostic]) -> _Chapter | None:
    start, title = element.attributes.get("start", "").strip(), element.attributes.get("title", "").strip()
    if not start or not title:
        return None  # that is told of all attributes that are missing
    start_ms = _milliseconds(start)
    if start_ms is None:
        message = f"start of <{element.written}> is '{start}', which is no time as apps read it"
        faults.append(linted.error("feed-psc", message, linted.at(element, "start"), "such as 00:12:34.567"))
        return None
    return _Chapter(title, start_ms, linted.at(element, "start"))


def _milliseconds(start: str) -> int | None:
    """Read a Normal Play Time (RFC 2326, 3.6): ``HH:MM:SS.mmm``, ``MM:SS`` or seconds."""
    found = _PLAY_TIME.fullmatch(start)
    if found is None:
        return None
    hours, minutes, seconds, parts, alone, alone_parts = found.groups()
    fraction_ms = int((parts or alone_parts or "0").ljust(3, "0")[:3])
    if alone is not None:
        return int(alone) * 1000 + fraction_ms
    if int(seconds) > 59 or int(minutes) > 59:
        return None
    return (int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)) * 1000 + fraction_ms


def _too_late(linted: Linted, item: Item, chapters: Sequence[_Chapter]) -> tuple[str, Location, str] | None:
    length_s = None if is_another_file(linted, item) else item.length_s
    late = next((one for one in chapters if length_s is not None and one.start_ms > length_s * 1000 + _LATE_MS), None)
    if late is None or length_s is None:
        return None
    message = f"'{late.title}' begins at {play_time(late.start_ms)}, after the end of the session"
    return message, late.place, f"it is {length_s:g} s long"


def _the_same(linted: Linted, item: Item, json_list: _List | None, psc_list: _List | None) -> Iterator[Diagnostic]:
    """Compare both lists with what the MP3 says, or with each other."""
    truth = None if is_another_file(linted, item) else _of_file(item)
    lists = [one for one in (json_list, psc_list) if one is not None]
    if truth is not None:
        name = linted.beside(item.found.name) if item.found is not None else "the MP3"
        for one in lists:
            if (told := _difference(one.chapters, truth, f"'{name}'")) is not None:
                yield _differ(linted, item, one, *told)
        if len(truth) > 1 and item.recording is not None and item.recording.timeline is not None:
            yield from _left_out(linted, item, len(truth))
    elif len(lists) == 2 and (told := _difference(lists[1].chapters, _pairs(lists[0]), "podcast:chapters")) is not None:
        yield _differ(linted, item, lists[1], *told)


def _of_file(item: Item) -> list[tuple[str, int]] | None:
    """The chapters of the MP3 itself: of its timeline, else of its tag; None where it has none."""
    recording = item.recording
    if recording is None:
        return None
    if recording.timeline is not None:
        chapters = sorted(recording.timeline.chapters, key=lambda chapter: chapter.start)
        return [(chapter.title, to_ms(chapter.start)) for chapter in chapters]
    return list(recording.chapters) or None


def _pairs(one: _List) -> list[tuple[str, int]]:
    return [(chapter.title, chapter.start_ms) for chapter in one.chapters]


def _difference(
    chapters: Sequence[_Chapter], truth: Sequence[tuple[str, int]], of: str
) -> tuple[str, Location | None] | None:
    """Say in what a list differs, and where."""
    if len(chapters) != len(truth):
        return f"there are {len(chapters)} chapters, but {len(truth)} in {of}: apps merge lists by their number", None
    for number, (one, (title, start_ms)) in enumerate(zip(chapters, truth, strict=True), start=1):
        if not math.isclose(one.start_ms, start_ms, rel_tol=0, abs_tol=_NEAR_MS):
            message = f"chapter {number} begins at {play_time(one.start_ms)}, but at {play_time(start_ms)} in {of}"
            return message, one.place
        if title.strip() and "".join(one.title.split()) != "".join(title.split()):
            return f"chapter {number} is '{one.title}', but '{title}' in {of}", one.place
    return None


def _differ(linted: Linted, item: Item, one: _List, message: str, place: Location | None) -> Diagnostic:
    hint = f"apps that know several lists take one, or mix them; {_AGAIN}"
    if one.source is not None:
        return one.source.fault("feed-chapters-differ", message, place or Location(one.source.name, 1, 1), hint)
    element = item.element.first("psc:chapters")
    return linted.error("feed-chapters-differ", message, place or linted.at(element or item.element), hint)


def _left_out(linted: Linted, item: Item, count: int) -> Iterator[Diagnostic]:
    """Tell an item of ours that has chapters in one way only, or not at all."""
    missing = [name for name in ("podcast:chapters", "psc:chapters") if item.element.first(name) is None]
    if missing:
        which = " and ".join(f"<{name}>" for name in missing)
        message = f"{linted.titled(item.element)} has no {which}, though the session has {count} chapters"
        hint = f"some apps read the one only, some the other; {_AGAIN}"
        yield linted.warning("feed-chapters", message, linted.at(item.element), hint)
