"""The words of pages and notes on a screen, in the languages that the coach has."""

from __future__ import annotations

from functools import cache

from voicecoach.library import Library
from voicecoach.publish.shipped_words import shipped_words
from voicecoach.text.wording import Wording


def page_words(language: str) -> Wording:
    """Return the words in a language (BCP 47), as `shipped_words`."""
    return shipped_words("page", language)


@cache
def label_words(language: str) -> Wording:
    """Return the words of printed pages, which notes share: ``Have ready``, ``Take care``."""
    return Library().labels(language)
