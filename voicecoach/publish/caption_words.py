"""The words of captions where nothing is said, in the languages that the coach has."""

from __future__ import annotations

from voicecoach.publish.shipped_words import shipped_words
from voicecoach.text.wording import Wording


def caption_words(language: str) -> Wording:
    """Return the words in a language (BCP 47), as `shipped_words`."""
    return shipped_words("captions", language)
