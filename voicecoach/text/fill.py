"""Filling in ``{side}`` and its like: plain substitution, nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\{\s*([^{}]*?)\s*\}")


def variables(template: str) -> tuple[str, ...]:
    """Name the variables of a text, in order of first use."""
    return tuple(dict.fromkeys(_VARIABLE.findall(template)))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put values in place of variables; one that has no value stays as it is written."""
    return _VARIABLE.sub(lambda match: values.get(match[1], match[0]), template)
