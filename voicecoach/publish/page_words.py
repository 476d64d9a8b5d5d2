"""The words of pages and notes on a screen, in the languages that the coach has."""

from __future__ import annotations

from functools import cache
from importlib import resources

from voicecoach.library import Library
from voicecoach.text.wording import Wording

FALLBACK_LANGUAGE = "en"


@cache
def page_words(language: str) -> Wording:
    """Return the words in a language; ``de-at`` takes those of ``de``, and a language that has none the English ones.

    Parameters
    ----------
    language
        BCP 47.
    """
    base = language.partition("-")[0].lower()
    folder = resources.files("voicecoach.library") / "page"
    file = folder / f"{base}.ftl"
    if base == FALLBACK_LANGUAGE or not base.isalpha() or not file.is_file():
        return Wording(FALLBACK_LANGUAGE, (folder / f"{FALLBACK_LANGUAGE}.ftl").read_text(encoding="utf-8"))
    return Wording(base, file.read_text(encoding="utf-8"), page_words(FALLBACK_LANGUAGE))


@cache
def label_words(language: str) -> Wording:
    """Return the words of printed pages, which notes share: ``Have ready``, ``Take care``."""
    return Library().labels(language)
