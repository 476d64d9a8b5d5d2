"""Text made ready for speaking: what people write short ("30s", "10-15", "1/2", "3x", "L/R") in words.

Engines read "10-15" as "ten dash fifteen", "30s" as "thirty z" and "3x" as "three ex"; so we write it out before any of
them sees it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from voicecoach.text.spoken_forms import SPOKEN_FORMS, SpokenForms

_QUOTES = dict.fromkeys("\u2018\u2019\u201a\u201b", "'") | dict.fromkeys('\u201c\u201d\u201e\u201f\u00ab\u00bb"', " ")
_MARKUP = dict.fromkeys("*_`[]<>{}|\\^", " ")
_DASHES = dict.fromkeys("\u2212\u2010\u2011\u2012", "-")
_OTHERS = {"\u2026": ". ", "\u2044": "/", "\u00d7": "x"}
_SIGNS = str.maketrans(_QUOTES | _MARKUP | _DASHES | _OTHERS)
_VULGAR = {"\u00bd": "1/2", "\u2153": "1/3", "\u2154": "2/3", "\u00bc": "1/4", "\u00be": "3/4"}
_NUMBER = r"\d+(?:[.,]\d+)?"


@lru_cache(maxsize=4096)  # the sessions of a batch say nearly all the same
def normalise(text: str, language: str) -> str:
    """Write a text out for speaking.

    Parameters
    ----------
    text
        As people write it.
    language
        BCP 47; ``en``, ``de`` and ``es`` have their own words, any other is only cleaned of signs.

    Returns
    -------
    str
        One line; empty where nothing in it can be said ("…", "---", an emoji).
    """
    cleaned = _clean(text)
    forms = SPOKEN_FORMS.get(language.partition("-")[0].lower())
    spoken = cleaned if forms is None else _write_out(cleaned, forms)
    spoken = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\s+", " ", spoken)).strip()
    spoken = re.sub(r"([.,;:!?])(?:\s*[.,;:])+", r"\1", spoken)
    return spoken if any(character.isalnum() for character in spoken) else ""


def _clean(text: str) -> str:
    """Straighten quotes and dashes; drop emoji and what has no sound."""
    for sign, written in _VULGAR.items():
        text = re.sub(rf"(?<=\d){sign}", f" {written}", text).replace(sign, written)
    text = re.sub(r"</?[a-zA-Z][^<>]*>", " ", text)
    text = unicodedata.normalize("NFC", text).translate(_SIGNS)
    text = re.sub(r"(?<=\d)\s*[\u2013-]\s*(?=\d)", "-", text)
    text = re.sub(r"\s+[\u2013\u2014-]+\s+|\u2014", ", ", text).replace("\u2013", "-")
    kept = (" " if _soundless(character) else character for character in text)
    return re.sub(r"-{2,}", " ", "".join(kept))


def _soundless(character: str) -> bool:
    return character != "°" and (
        unicodedata.category(character) in {"So", "Sk", "Cs", "Co", "Cn", "Cc", "Cf"}
        or "\ufe00" <= character <= "\ufe0f"
    )


def _write_out(text: str, forms: SpokenForms) -> str:
    for pattern, words in forms.words:
        text = re.sub(pattern, words, text, flags=re.IGNORECASE)
    steps: tuple[Callable[[str, SpokenForms], str], ...] = (
        _sides,
        _clocks,
        _ranges,
        _fractions,
        _times,
        _with_units,
        _slashes,
    )
    for step in steps:
        text = step(text, forms)
    return text


def _sides(text: str, forms: SpokenForms) -> str:
    text = re.sub(r"\bL\s?/\s?R\b", f"{forms.left} {forms.both} {forms.right}", text)
    return re.sub(r"\bR\s?/\s?L\b", f"{forms.right} {forms.both} {forms.left}", text)


def _clocks(text: str, forms: SpokenForms) -> str:
    """Take "1:30 min" for a length; "1:30" alone may be a time of day and stays."""

    def said(match: re.Match[str]) -> str:
        return f"{_count(match[1], forms.units['min'])} {forms.both} {_count(match[2], forms.units['s'])}"

    return re.sub(r"\b(\d{1,2}):(\d{2})\s?min(?:utes)?\b", said, text)


def _ranges(text: str, forms: SpokenForms) -> str:
    first = rf"{_NUMBER}(?:\s?(?:{_named(forms)}))?"
    return re.sub(rf"(?<![\d-])({first})\s?-\s?({_NUMBER})(?![\d-])", rf"\1 {forms.to} \2", text)


def _fractions(text: str, forms: SpokenForms) -> str:
    unit = rf"(?:\s?({_named(forms)})\b)?"

    def with_unit(words: str, number: int) -> Callable[[re.Match[str]], str]:
        return lambda m: f"{words} {forms.units[m[1].lower()][number]}" if m[1] else words

    for written, words in forms.and_fractions.items():
        text = re.sub(rf"(?<=\d) {written}(?![\d/]){unit}", with_unit(f" {words}", 1), text)
    for written, words in forms.fractions.items():
        text = re.sub(rf"(?<![\d/]){written}(?![\d/]){unit}", with_unit(words, 0), text)

    def said(match: re.Match[str]) -> str:
        first, second = match[1], match[2]
        if first == second:
            return f"{first} {second}"
        return f"{first} {forms.out_of if second == '10' else forms.over} {second}"

    return re.sub(r"(?<![\d/])(\d+)/(\d+)(?![\d/])", said, text)


def _times(text: str, forms: SpokenForms) -> str:
    several = forms.times[1]
    text = re.sub(r"\b(\d+)\s?x\s?(?=\d)", rf"\1 {several} ", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(\d+)\s?x\b", lambda m: _count(m[1], forms.times), text, flags=re.IGNORECASE)
    return re.sub(r"\bx\s?(\d+)\b", lambda m: _count(m[1], forms.times), text, flags=re.IGNORECASE)


def _with_units(text: str, forms: SpokenForms) -> str:
    pattern = rf"(?<![\w.])({_NUMBER})\s?({_named(forms)})(?:\.(?=\s+(?-i:[a-zäöüñ])))?(?!\w)"
    return re.sub(pattern, lambda m: _count(m[1], forms.units[m[2].lower()]), text, flags=re.IGNORECASE)


def _named(forms: SpokenForms) -> str:
    """Return the pattern of a unit's abbreviation, the longest first."""
    return "|".join(sorted((re.escape(unit) for unit in forms.units), key=len, reverse=True))


def _slashes(text: str, forms: SpokenForms) -> str:
    return re.sub(r"(?<=[^\W\d])\s?/\s?(?=[^\W\d])", f" {forms.either} ", text).replace("/", " ")


def _count(number: str, forms: tuple[str, str]) -> str:
    return f"{number} {forms[0] if number == '1' else forms[1]}"
