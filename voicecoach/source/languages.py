"""Tags of languages, as authors write them: what is one, and what may be meant by what is none."""

from __future__ import annotations

import re

from voicecoach.source.values import ValueFaultError

_TAG = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*", re.IGNORECASE)
_BY_NAME = {
    **dict.fromkeys(("english", "englisch", "inglés"), "en"),
    **dict.fromkeys(("german", "deutsch", "alemán"), "de"),
    **dict.fromkeys(("spanish", "español", "espanol", "spanisch"), "es"),
    **dict.fromkeys(("french", "français", "francais"), "fr"),
    **dict.fromkeys(("italian", "italiano"), "it"),
    **dict.fromkeys(("portuguese", "português", "portugues"), "pt"),
    **dict.fromkeys(("dutch", "nederlands"), "nl"),
}


def is_tag(text: str) -> bool:
    """Tell whether a text has the shape of a BCP 47 tag."""
    return _TAG.fullmatch(text) is not None


def read_tag(raw: str) -> str:
    """Read a BCP 47 tag.

    Raises
    ------
    ValueFaultError
        ``bad-language``: it is none.
    """
    text = raw.strip()
    if is_tag(text):
        return text
    tag = _BY_NAME.get(text.casefold()) or text.replace("_", "-").partition(".")[0]
    hint = f"write '{tag}'" if is_tag(tag) and tag != text else "write a tag such as en, en-gb or de"
    raise ValueFaultError("bad-language", f"'{text}' is not a language tag", hint)
