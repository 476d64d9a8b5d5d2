"""Language: whether there is such a tag, and whether the coach has words in it."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.source.languages import is_tag, read_tag
from voicecoach.source.values import ValueFaultError
from voicecoach.stages.check.checked import Checked

SHOWN = 3


def language_is_a_tag(checked: Checked) -> Iterator[Diagnostic]:
    """A language is written as ``en`` or ``de-at``."""
    try:
        read_tag(checked.routine.language)
    except ValueFaultError as fault:
        yield checked.error(fault.code, fault.message, checked.place(checked.routine, "language"), fault.hint)


def language_has_wording(checked: Checked) -> Iterator[Diagnostic]:
    """The coach has words in the language, and all of them."""
    language, library = checked.routine.language, checked.library
    if not is_tag(language):
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
