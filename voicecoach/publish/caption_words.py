"""The words of captions where nothing is said, in the languages that the coach has."""

from __future__ import annotations

from functools import cache
from importlib import resources

from voicecoach.text.wording import Wording

FALLBACK_LANGUAGE = "en"


@cache
def caption_words(language: str) -> Wording:
    """Return the words in a language; ``de-at`` takes those of ``de``, and a language that has none the English ones.

    Parameters
    ----------
    language
        BCP 47.
    """
    base = language.partition("-")[0].lower()
    folder = resources.files("voicecoach.library") / "captions"
    file = folder / f"{base}.ftl"
    if base == FALLBACK_LANGUAGE or not base.isalpha() or not file.is_file():
        return Wording(FALLBACK_LANGUAGE, (folder / f"{FALLBACK_LANGUAGE}.ftl").read_text(encoding="utf-8"))
    return Wording(base, file.read_text(encoding="utf-8"), caption_words(FALLBACK_LANGUAGE))
