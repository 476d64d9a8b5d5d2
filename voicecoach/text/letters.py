"""Letter by letter: the names of letters, written so that every engine says them."""

from __future__ import annotations

import string
from collections.abc import Mapping

_ENGLISH = "ay bee see dee ee eff jee aitch eye jay kay ell em en oh pee cue ar ess tee you vee double-you ex why zee"
_GERMAN = "a be ce de e eff ge ha i jott ka ell emm enn o pe ku err ess te u vau we ix ypsilon zett"
_SPANISH = "a be ce de e efe ge hache i jota ka ele eme ene o pe cu erre ese te u uve uve-doble equis i-griega zeta"


def _named(names: str, more: Mapping[str, str]) -> Mapping[str, str]:
    return {**dict(zip(string.ascii_lowercase, names.split(), strict=True)), **more}


_LETTERS: Mapping[str, Mapping[str, str]] = {
    "en": _named(_ENGLISH, {}),
    "de": _named(_GERMAN, {"ä": "a Umlaut", "ö": "o Umlaut", "ü": "u Umlaut", "ß": "Eszett"}),
    "es": _named(_SPANISH, {"ñ": "eñe"}),
}


def spelt(text: str, language: str) -> str:
    """Write a text letter by letter, as it is said: ``ITB`` is ``eye tee bee``. Digits stay, one by one.

    Parameters
    ----------
    text
        A word, or several.
    language
        BCP 47; of a language whose letters we do not know, the letters stand alone.
    """
    names = _LETTERS.get(language.partition("-")[0].lower(), {})
    words = (" ".join(names.get(sign.lower(), sign) for sign in word if sign.isalnum()) for word in text.split())
    return ", ".join(word for word in words if word)
