"""Language: whether there is such a tag, and whether the coach has words in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.stages.check.checked import Checked

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
SHOWN = 3


def language_is_a_tag(checked: Checked) -> Iterator[Diagnostic]:
    """A language is written as ``en`` or ``de-at``."""
    language = checked.routine.language
    if _TAG.fullmatch(language):
        return
    tag = _BY_NAME.get(language.casefold()) or language.replace("_", "-").partition(".")[0]
    hint = f"write '{tag}'" if _TAG.fullmatch(tag) and tag != language else "write a tag such as en, en-gb or de"
    message = f"'{language}' is not a language tag"
    yield checked.error("bad-language", message, checked.place(checked.routine, "language"), hint)


def language_has_wording(checked: Checked) -> Iterator[Diagnostic]:
    """The coach has words in the language, and all of them."""
    language, library = checked.routine.language, checked.library
    if not _TAG.fullmatch(language):
        return
    place = checked.place(checked.routine, "language")
    if language.partition("-")[0].lower() not in library.languages:
        hint = f"there is {', '.join(library.languages)}"
        message = f"the coach has no words in '{language}' and speaks English ones"
        yield checked.warning("no-wording", message, place, hint)
        return
    missing = library.wording(language).missing
    if missing:
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        message = f"the coach's words in '{language}' are not complete: {', '.join(missing[:SHOWN])}{more}"
        yield checked.warning("incomplete-wording", message, place, "those that are missing are said in English")
