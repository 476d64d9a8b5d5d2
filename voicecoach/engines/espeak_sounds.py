"""The sounds that a voice of espeak-ng has, and IPA written in them.

espeak-ng reads no IPA. It has names of its own for sounds ("mnemonics", as ``oU``), another set for each language,
and tells on request what IPA it takes each for. Turned round, that is the table by which IPA is written here; so every
language has one, and it fits the data that are installed.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicecoach.engines.nearest_sounds import NEAREST
from voicecoach.errors import SpeechError

_FRAME = "m|'{}|m", "{}|a"
"""A vowel is asked for stressed and between consonants, a consonant before a vowel: at its end a word changes both."""
_HEAD_BYTES, _NAME_BYTES, _ENTRY = 4, 32, struct.Struct("<4s6xBB4x")
_VOWEL, _SILENT_TYPES = 2, {0, 1}
_LONGEST = 5
_LAST_LETTER = re.compile("[^\\W\\d_][\u0300-\u036f]*ː?$")
_STRESS = {"ˈ": "'", "ˌ": ","}
_UNHEARD = re.compile("[\u0361\u035c.‿|/()͡]")
_ENGLISH_VOWELS = "aæɑɒɔəɚɛeɜɪiʊuʌo"
_TYPED = {"g": "ɡ", ":": "ː", "'": "ˈ", "’": "ˈ", "ʧ": "tʃ", "ʤ": "dʒ", "ʦ": "ts", "ʣ": "dz", "ε": "ɛ", "ɝ": "ɜɹ"}
"""Signs as people type them, or in their old form."""


@dataclass(frozen=True)
class Sounds:
    """The sounds of one voice.

    Attributes
    ----------
    mnemonics
        espeak's name for each sound, by its IPA (NFD).
    vowels
        Which of them are vowels.
    language
        The voice's, BCP 47.
    """

    mnemonics: Mapping[str, str]
    vowels: frozenset[str]
    language: str


@dataclass(frozen=True)
class Mnemonic:
    """espeak's name for a sound, and whether that is a vowel."""

    name: str
    is_vowel: bool

    @property
    def question(self) -> str:
        """How it is asked for its IPA."""
        return _FRAME[not self.is_vowel].format(self.name)


def read_mnemonics(table_file: Path, wanted: Sequence[str]) -> list[Mnemonic]:
    """Read the names of a language's sounds from espeak's ``phontab``: of the first table that is there.

    Plain names come first. A table takes over the sounds of the one that it builds on; one of its own stands for the
    one with its code.
    """
    content = table_file.read_bytes()
    tables: list[tuple[str, int, dict[int, tuple[str, int]]]] = []
    at = _HEAD_BYTES
    for _ in range(content[0]):
        count, includes = content[at], content[at + 1]
        name = content[at + _HEAD_BYTES : at + _HEAD_BYTES + _NAME_BYTES].split(b"\0")[0].decode("latin-1")
        at += _HEAD_BYTES + _NAME_BYTES
        entries = (_ENTRY.unpack_from(content, at + number * _ENTRY.size) for number in range(count))
        tables.append((name, includes, {code: (mnemonic.rstrip(b"\0").decode("latin-1"), kind)
                                        for mnemonic, code, kind in entries}))  # fmt: skip
        at += count * _ENTRY.size
    names = [name for name, _, _ in tables]
    chain, number = [], next((names.index(name) + 1 for name in wanted if name in names), 0)
    while number:
        _, number, own = tables[number - 1]
        chain.append(own)
    merged: dict[int, tuple[str, int]] = {}
    for own in reversed(chain):
        merged.update(own)
    found = [Mnemonic(name, kind == _VOWEL) for name, kind in merged.values() if name and kind not in _SILENT_TYPES]
    return sorted(found, key=lambda one: (bool(re.search(r"[0-9#/^;-]", one.name)), len(one.name)))


def sounds_of(asked: Sequence[Mnemonic], told: Sequence[str], language: str) -> Sounds:
    """Turn espeak's answers round.

    Parameters
    ----------
    asked
        The names of the sounds; of two for the same IPA the first is taken.
    told
        The IPA of the question of each, in their order.
    language
        The voice's.
    """
    consonants = [_bare(ipa) for one, ipa in zip(asked, told, strict=True) if not one.is_vowel]
    vowel_a = Counter(match[0] for ipa in consonants if (match := _LAST_LETTER.search(ipa))).most_common(1)
    tail = vowel_a[0][0] if vowel_a else "a"
    known: dict[str, str] = {}
    vowels: set[str] = set()
    for one, ipa in zip(asked, told, strict=True):
        heard = _bare(ipa)
        if one.is_vowel:
            heard = heard[1:-1] if heard[:1] == heard[-1:] == "m" else ""
        else:
            heard = heard.removesuffix(tail) if heard.endswith(tail) else ""
        melts = one.name[1:].endswith("R")  # a vowel with an r in it, and only before nothing
        if heard and heard not in known and not melts and not re.search(r"[\s\d^.()ʰ-]", heard):
            known[heard] = one.name
            vowels |= {heard} if one.is_vowel else set()
    for heard, name in list(known.items()):  # an o is an o, though a language's own be a little lower
        letters = "".join(sign for sign in heard if sign == "ː" or not _is_shade(sign))
        if letters and letters not in known and "\u0303" not in heard:
            known[letters] = name
            vowels |= {letters} if heard in vowels else set()
    return Sounds(known, frozenset(vowels), language)


def mnemonics_of(ipa: str, sounds: Sounds) -> str:
    """Write IPA in espeak's names, as they stand inside ``[[…]]``; several words stay several.

    A sound that the language has not is said as the nearest one that it has; signs that only shade a sound are left
    out. A word without a sign of stress is stressed on its first vowel, else it would be mumbled.

    Raises
    ------
    SpeechError
        There is a sign that no sound comes near, or no sound at all.
    """
    written = _UNHEARD.sub("", _decomposed(ipa.strip()))
    words = [_word(word, ipa, sounds) for word in written.split()]
    if not any(set(word) - set("',|") for word in words):
        raise SpeechError(f"there is no sound in the phonemes /{ipa}/")
    return " ".join(filter(None, words))


def _word(word: str, ipa: str, sounds: Sounds) -> str:
    for typed, meant in _TYPED.items():
        word = word.replace(typed, meant)
    if sounds.language.partition("-")[0] == "en":
        word = _english(word, sounds)
    parts: list[str] = []
    stressed, first_vowel = False, None
    while word:
        if word[0] in _STRESS:
            parts.append(_STRESS[word[0]])
            stressed, word = True, word[1:]
            continue
        taken, found = _match(word, sounds)
        if not taken and not _is_shade(word[0]):
            raise SpeechError(f"the voice has no sound {word[0]!r}, as in the phonemes /{ipa}/",
                              hint="write it with another sound")  # fmt: skip
        for sound in found:
            if first_vowel is None and sound in sounds.vowels:
                first_vowel = len(parts)
            parts.append(sounds.mnemonics[sound])
        word = word[taken or 1 :]
    if not stressed and first_vowel is not None:
        parts.insert(first_vowel, "'")
    return "|".join(parts).replace("'|", "'").replace(",|", ",")


def _english(word: str, sounds: Sounds) -> str:
    """Write IPA of English as its voices take it: dictionaries write r, and American ones an r that others drop."""
    word = word.replace("r", "ɹ")
    if "ɚ" not in sounds.mnemonics:
        word = re.sub(rf"(?<=[{_ENGLISH_VOWELS}ː])ɹ(?![ˈˌ]?[{_ENGLISH_VOWELS}])", "", word.replace("ɚ", "əɹ"))
    return word if "æ" in sounds.mnemonics else word.replace("æ", "a")


def _match(word: str, sounds: Sounds) -> tuple[int, list[str]]:
    """Return how many signs the longest beginning that can be said has, and its sounds."""
    for length in range(min(_LONGEST, len(word)), 0, -1):
        start = word[:length]
        if start in sounds.mnemonics:
            return length, [start]
        for other in NEAREST.get(start, ()):
            found = list(_exact(other, sounds))
            if "".join(found) == other:
                return length, found
    return 0, []


def _exact(ipa: str, sounds: Sounds) -> Iterator[str]:
    while ipa:
        start = next((ipa[:n] for n in range(min(_LONGEST, len(ipa)), 0, -1) if ipa[:n] in sounds.mnemonics), "")
        if not start:
            return
        yield start
        ipa = ipa[len(start) :]


def _is_shade(sign: str) -> bool:
    return unicodedata.category(sign) in {"Mn", "Lm", "Sk"} or sign == "ː"


def _bare(ipa: str) -> str:
    return _decomposed(ipa).replace("ˈ", "").replace("ˌ", "")


def _decomposed(ipa: str) -> str:
    """Return IPA with signs above set apart, but for ç, which is a letter of its own."""
    return unicodedata.normalize("NFD", ipa).replace("c\u0327", "ç")
