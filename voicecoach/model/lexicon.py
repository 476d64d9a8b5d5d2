"""How words are spoken where an engine would say them wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Pronunciation:
    """How one word, or several that belong together, are spoken; at least one way of it is told.

    Attributes
    ----------
    word
        As people write it: ``psoas``, ``iliotibial band``.
    respelled
        How to write it for a voice to say it right: ``SOH-as``; may be empty.
    ipa
        International Phonetic Alphabet, without slashes: ``ˈsoʊæs``; may be empty. Engines that do not take it are
        given the respelling.
    """

    word: str
    respelled: str = ""
    ipa: str = ""
