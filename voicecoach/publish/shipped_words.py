"""Words for eyes that the library has, one file a language: of captions, of pages."""

from __future__ import annotations

from functools import cache
from importlib import resources

from voicecoach.text.wording import Wording

FALLBACK_LANGUAGE = "en"


@cache
def shipped_words(kind: str, language: str) -> Wording:
    """Return the words in a language; ``de-at`` takes those of ``de``, and a language that has none the English ones.

    Parameters
    ----------
    kind
        Their folder in the library: ``captions`` or ``page``.
    language
        BCP 47.
    """
    base = language.partition("-")[0].lower()
    folder = resources.files("voicecoach.library") / kind
    file = folder / f"{base}.ftl"
    if base == FALLBACK_LANGUAGE or not base.isalpha() or not file.is_file():
        return Wording(FALLBACK_LANGUAGE, (folder / f"{FALLBACK_LANGUAGE}.ftl").read_text(encoding="utf-8"))
    return Wording(base, file.read_text(encoding="utf-8"), shipped_words(kind, FALLBACK_LANGUAGE))
