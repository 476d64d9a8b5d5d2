"""JSON of the files beside a feed, and where the members of a list stand in it."""

from __future__ import annotations

import json
import re
from typing import Any

from voicecoach.model.location import Location
from voicecoach.source.nodes import SourceFile

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\n\r]*")


class JsonError(Exception):
    """A text is no JSON.

    Attributes
    ----------
    message
        Why, for people.
    at
        Where in the text, in characters.
    """

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message, self.at = message, at


def read_json(source: SourceFile) -> Any:
    """Read a text as JSON; numbers that are none (``NaN``) are refused.

    Raises
    ------
    JsonError
        It is none.
    """
    try:
        return json.loads(source.text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise JsonError(error.msg, error.pos) from None
    except RecursionError:
        raise JsonError("it is nested too deeply", 0) from None
    except ValueError as error:
        raise JsonError(str(error).partition(";")[0], 0) from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def member_places(source: SourceFile, key: str) -> list[Location]:
    """Say where each member of the list under a key stands; the text is JSON that reads."""
    text = source.text
    found = re.search(rf'"{re.escape(key)}"\s*:\s*\[', text)
    places: list[Location] = []
    at = found.end() if found is not None else len(text)
    while True:
        at = _blank(text, at)
        if at >= len(text) or text[at] == "]":
            return places
        if text[at] == ",":
            at += 1
            continue
        try:
            _, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return places
        places.append(place_at(source, at, min(end, text.find("\n", at) if "\n" in text[at:end] else end) - at))
        at = end


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found is not None else at


def place_at(source: SourceFile, at: int, length: int = 1) -> Location:
    """Turn a place in a text, in characters, into line and column."""
    at = min(at, len(source.text))
    line = source.text.count("\n", 0, at) + 1
    return Location(source.name, line, at - source.text.rfind("\n", 0, at), max(1, length))
