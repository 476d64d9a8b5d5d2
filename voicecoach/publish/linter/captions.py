"""Transcripts as files: WebVTT, SubRip, JSON. Their cues with times and places, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from voicecoach.model.location import Location
from voicecoach.publish.linter.json_places import JsonError, member_places, place_at, read_json
from voicecoach.source.nodes import SourceFile

_ARROW = "-->"
_VTT_TIMES = re.compile(
    r"((?:[0-9]{2,4}:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3})[ \t]+-->[ \t]+"
    r"((?:[0-9]{2,4}:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3})(?:[ \t].*)?"
)
_SRT_TIMES = re.compile(
    r"([0-9]{2,4}:[0-5][0-9]:[0-5][0-9],[0-9]{3}) --> ([0-9]{2,4}:[0-5][0-9]:[0-5][0-9],[0-9]{3})[ \t]*"
)


class Cue(NamedTuple):
    """A caption: when, in ms, what, and where it stands in its file."""

    start_ms: int
    end_ms: int
    text: str
    place: Location


class CaptionError(Exception):
    """A file of captions does not read: why, for people, and where."""

    def __init__(self, message: str, place: Location) -> None:
        super().__init__(message)
        self.message, self.place = message, place


def read_vtt(source: SourceFile) -> list[Cue]:
    """Read WebVTT (its section 6.1).

    Raises
    ------
    CaptionError
        It is none.
    """
    lines = source.lines
    if not re.match(r"WEBVTT([ \t]|$)", lines[0]):
        raise CaptionError("the file does not begin with WEBVTT", Location(source.name, 1, 1, max(1, len(lines[0]))))
    return list(_cues(source, _VTT_TIMES, "00:01:02.345 --> 00:01:04.000", first=1))


def read_srt(source: SourceFile) -> list[Cue]:
    """Read SubRip.

    Raises
    ------
    CaptionError
        It is none.
    """
    if source.text.startswith("WEBVTT"):
        raise CaptionError("the file is WebVTT, not SubRip", Location(source.name, 1, 1, 6))
    return list(_cues(source, _SRT_TIMES, "00:01:02,345 --> 00:01:04,000", first=0))


def read_segments(source: SourceFile) -> list[Cue]:
    """Read the JSON of the podcast namespace.

    Raises
    ------
    CaptionError
        It is none.
    """
    try:
        values = read_json(source)
    except JsonError as error:
        raise CaptionError(f"the file is no JSON: {error.message}", place_at(source, error.at)) from None
    if not isinstance(values, dict) or not isinstance(values.get("segments"), list):
        raise CaptionError("there is no list 'segments' in the file", Location(source.name, 1, 1))
    places = member_places(source, "segments")
    found = []
    for number, value in enumerate(values["segments"], start=1):
        place = places[number - 1] if number <= len(places) else Location(source.name, 1, 1)
        found.append(_segment(value, number, place))
    return found


def _segment(value: Any, number: int, place: Location) -> Cue:
    if not isinstance(value, dict) or not isinstance(value.get("body"), str):
        raise CaptionError(f"segment {number} has no body, a text", place)
    start_s = value.get("startTime")
    end_s = value.get("endTime", start_s)
    for name, time_s in (("startTime", start_s), ("endTime", end_s)):
        if isinstance(time_s, bool) or not isinstance(time_s, int | float) or not 0 <= time_s < 1e9:
            raise CaptionError(f"{name} of segment {number} is no number of seconds", place)
    assert isinstance(start_s, int | float)
    assert isinstance(end_s, int | float)
    return Cue(round(start_s * 1000), round(end_s * 1000), value["body"], place)


def _cues(source: SourceFile, times: re.Pattern[str], right: str, first: int) -> Iterator[Cue]:
    """Give the cues of a text in blocks, each with a line of times."""
    lines, at = source.lines, first
    while at < len(lines):
        if _ARROW not in lines[at]:
            at += 1
            continue
        found = times.fullmatch(lines[at])
        place = Location(source.name, at + 1, 1, max(1, len(lines[at])))
        if found is None:
            raise CaptionError(f"the times do not read: '{lines[at][:60]}'; such as {right}", place)
        begin = at = at + 1
        while at < len(lines) and lines[at].strip() and _ARROW not in lines[at]:
            at += 1
        yield Cue(_ms(found[1]), _ms(found[2]), "\n".join(lines[begin:at]), place)


def _ms(time: str) -> int:
    *whole, parts = re.split(r"[:.,]", time)
    seconds = 0
    for part in whole:
        seconds = seconds * 60 + int(part)
    return seconds * 1000 + int(parts)
