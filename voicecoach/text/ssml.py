"""A safe part of SSML (W3C Speech Synthesis Markup Language 1.1), translated to our own marks.

Nothing of it ever reaches an engine: engines differ in what they obey. Levels, voices and speed are ours, so
``prosody``, ``voice`` and ``audio`` are refused, with a word on what to write instead.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from voicecoach.text.letters import spelt
from voicecoach.text.pieces import MarkFault, Piece, pause_length_s

_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*)\s*(/?)>")
_LIKE_A_TAG = re.compile(r"</?[A-Za-z][^<>]*>?")
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_STRENGTHS: Mapping[str, Fraction] = {
    "none": Fraction(0),
    "x-weak": Fraction(1, 10),
    "weak": Fraction(1, 4),
    "medium": Fraction(1, 2),
    "strong": Fraction(1),
    "x-strong": Fraction(3, 2),
}
"""Seconds of a ``<break strength=…/>``; SSML leaves them to the platform."""
_PARAGRAPH_S = Fraction(1, 2)
_SPELLING = frozenset({"characters", "spell-out", "verbatim"})
_AS_IT_IS = frozenset({"cardinal", "number", "ordinal", "fraction", "unit", "date", "time", "duration", "telephone"})
_KNOWN = ("speak", "break", "emphasis", "phoneme", "sub", "say-as", "p", "s")
_INSTEAD = {
    "prosody": "write 'voice: {speed: 0.9, pitch: +2, volume: -3 dB}' on the step",
    "voice": "write 'voice: ENGINE:NAME' on the step",
    "audio": "use a step 'sound: file.wav'",
    "lang": "write the word as [word|how it sounds]",
}


def is_ssml(text: str) -> bool:
    """Tell whether a text has tags; ``a < b`` has none."""
    return _LIKE_A_TAG.search(text) is not None


Plain = Callable[[str, str, list[MarkFault]], Iterator[Piece]]
"""Reads a text without tags, in a language; records its faults."""


def read_ssml(text: str, language: str, faults: list[MarkFault], plain: Plain) -> Iterator[Piece]:
    """Translate a text with tags; what stands between them is read by ``plain``. Faults are recorded, words stay."""
    return iter(_Reader(text, language, faults, plain).read())


class _Reader:
    def __init__(self, text: str, language: str, faults: list[MarkFault], plain: Plain) -> None:
        self.text = text
        self.language = language
        self.faults = faults
        self.plain = plain
        self.found: list[Piece] = []
        self.open: list[tuple[str, Mapping[str, str], re.Match[str]]] = []

    def read(self) -> list[Piece]:
        at = 0
        for match in _LIKE_A_TAG.finditer(self.text):
            self._words(at, match.start())
            at = match.end()
            tag = _TAG.fullmatch(match[0])
            if tag is None:
                self._fault(match, f"'{match[0][:40]}' is no whole tag", 'write <break time="2s"/>, or [pause 2s]')
            elif tag[1]:
                self._close(match, tag[2].lower())
            else:
                self._opened(match, tag)
        self._words(at, len(self.text))
        for name, _, match in self.open:
            self._fault(match, f"<{name}> is not closed", f"add </{name}>")
        return self.found

    def _opened(self, match: re.Match[str], tag: re.Match[str]) -> None:
        name, closed = tag[2].lower(), bool(tag[4])
        attributes = {key.lower(): html.unescape(a or b) for key, a, b in _ATTRIBUTE.findall(tag[3])}
        if name not in _KNOWN:
            hint = _INSTEAD.get(name, f"what is understood: {', '.join(f'<{one}>' for one in _KNOWN)}")
            self._fault(match, f"<{name}> is not understood in what is said", hint)
            return
        if name == "break":
            self._pause(match, attributes)
            return
        self._check(match, name, attributes)
        if not closed:
            self.open.append((name, attributes, match))

    def _close(self, match: re.Match[str], name: str) -> None:
        if name not in _KNOWN or name == "break":
            return  # told where it was opened
        if not self.open or self.open[-1][0] != name:
            self._fault(match, f"</{name}> closes nothing", "close tags in the order in which they were opened")
            self.open = [one for one in self.open if one[0] != name]
            return
        self.open.pop()
        if name == "p" and self.found:
            self.found.append(Piece(pause_s=_PARAGRAPH_S))

    def _check(self, match: re.Match[str], name: str, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("interpret-as", "")
        if name == "phoneme" and (attributes.get("alphabet", "ipa") != "ipa" or not attributes.get("ph", "").strip()):
            self._fault(match, "a <phoneme> gives no IPA", 'write <phoneme alphabet="ipa" ph="ˈsoʊæs">psoas</phoneme>')
        elif name == "sub" and not attributes.get("alias", "").strip():
            self._fault(match, "a <sub> has no alias", 'write <sub alias="seconds">s</sub>')
        elif name == "say-as" and kind not in _SPELLING | _AS_IT_IS:
            self._fault(match, f"interpret-as '{kind}' is not understood", "write characters, or leave the tag out")

    def _pause(self, match: re.Match[str], attributes: Mapping[str, str]) -> None:
        strength = attributes.get("strength", "medium")
        pause_s = pause_length_s(attributes["time"]) if "time" in attributes else _STRENGTHS.get(strength)
        if pause_s is None:
            self._fault(match, f"'{match[0]}' is no pause", 'write <break time="2s"/>; up to 60 s')
        elif pause_s:
            self.found.append(Piece(pause_s=pause_s))

    def _words(self, start: int, end: int) -> None:
        """Add what stands between two tags, as the tags say that are open around it; the innermost wins."""
        faults: list[MarkFault] = []
        for piece in self.plain(self.text[start:end], self.language, faults):
            self.found.append(self._as_told(piece) if piece.is_plain else piece)
        self.faults += (MarkFault(one.start + start, one.end + start, one.message, one.hint) for one in faults)

    def _as_told(self, piece: Piece) -> Piece:
        words = html.unescape(piece.shown)
        spoken, ipa, emphasis = words, "", False
        for name, attributes, _ in self.open:
            if name == "phoneme":
                ipa = attributes.get("ph", "").strip() if attributes.get("alphabet", "ipa") == "ipa" else ""
            elif name == "sub":
                spoken = attributes.get("alias", "").strip() or words
            elif name == "say-as" and attributes.get("interpret-as") in _SPELLING:
                spoken = spelt(words, self.language)
            elif name == "emphasis":
                emphasis = attributes.get("level", "moderate") not in {"none", "reduced"}
        has_words = any(map(str.isalnum, words))
        return Piece(words, spoken, ipa=ipa if has_words else "", emphasis=emphasis and has_words)

    def _fault(self, match: re.Match[str], message: str, hint: str) -> None:
        self.faults.append(MarkFault(match.start(), match.end(), message, hint))
