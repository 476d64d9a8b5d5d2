"""Which namespace was meant by one that is misspelt."""

from __future__ import annotations

import difflib
import re

from voicecoach.publish.linter.vocabulary import ALSO_PODCAST, NAMESPACES

_NEAR = 0.93
_RIGHT = frozenset((*NAMESPACES.values(), ALSO_PODCAST))
_DRESSING = re.compile(r"^(?:https?:)?(?://)?(?:www\.)?|[/#]+$")


def meant_prefix(prefix: str, uri: str) -> str | None:
    """Return the usual prefix of the namespace that a URI was meant to be, or None for a foreign one.

    Parameters
    ----------
    prefix
        As the file declares it; where it is a usual one, that is what was meant.
    uri
        What is none of the known ones.
    """
    if uri in _RIGHT:
        return None
    if prefix in NAMESPACES:
        return prefix
    bare = _bare(uri)
    for usual, right in (*NAMESPACES.items(), ("podcast", ALSO_PODCAST)):
        if bare == _bare(right):
            return usual
        if difflib.SequenceMatcher(None, bare, _bare(right)).ratio() >= _NEAR:
            return usual
    return None


def how_misspelt(uri: str, right: str) -> str:
    """Say in what a URI differs from the right one."""
    if uri.rstrip("/#") == right.rstrip("/#"):
        return "a slash at its end more or less"
    if uri.casefold() == right.casefold():
        return "other capitals"
    if uri.partition("://")[2] == right.partition("://")[2]:
        return f"{uri.partition('://')[0]} instead of {right.partition('://')[0]}"
    return "it is misspelt"


def _bare(uri: str) -> str:
    return _DRESSING.sub("", uri.casefold())
