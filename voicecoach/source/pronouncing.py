"""A lexicon as people write it: ``psoas: SOH-as``, ``psoas: /ˈsoʊæs/``, or a map of both."""

from __future__ import annotations

import re

from voicecoach.model.lexicon import Pronunciation
from voicecoach.source import values
from voicecoach.source.fields import TEXT, Field, Kind, Reader, read_map, scalar, table_schema
from voicecoach.source.nodes import MapNode, Node

MOST_WORD_CHARS = 80
_HINT = "write 'psoas: SOH-as', or its sounds between slashes: 'psoas: /ˈsoʊæs/'"


def ipa_of(raw: str) -> str:
    """Read phonemes, with slashes around them or without.

    Raises
    ------
    ValueFaultError
        ``bad-lexicon``: there are none, or one slash is missing.
    """
    text = raw.strip()
    inner = text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == "/" else text
    if "/" in inner or not any(character.isalpha() for character in inner):
        raise values.ValueFaultError("bad-lexicon", f"'{text}' are no sounds", "write them as in /ˈsoʊæs/")
    return inner


def _respelled(raw: str) -> str:
    text = " ".join(raw.split())
    if not any(character.isalnum() for character in text):
        raise values.ValueFaultError("bad-lexicon", f"'{text}' cannot be spoken", _HINT)
    return text


IPA = scalar(ipa_of, TEXT.schema)
RESPELLED = scalar(_respelled, TEXT.schema)
PRONUNCIATION_FIELDS = (
    Field("say", RESPELLED, "how to write it for a voice to say it right, such as SOH-as"),
    Field("ipa", IPA, "how it sounds, for voices that take it, such as /ˈsoʊæs/"),
)


def _pronunciation(word: str, node: Node, reader: Reader) -> Pronunciation | None:
    if not isinstance(node, MapNode):
        text = TEXT(node, reader, word)
        if text is None:
            return None
        sounds = text.startswith("/") or text.endswith("/")
        value = (IPA if sounds else RESPELLED)(node, reader, word)
        if value is None:
            return None
        return Pronunciation(word, ipa=value) if sounds else Pronunciation(word, value)
    read = read_map(node, PRONUNCIATION_FIELDS, f"'{word}'", reader)
    if read is None or not read.values:
        if read is not None and not read.places:
            reader.fault("missing-key", f"'{word}' has neither 'say' nor 'ipa'", node.place, _HINT)
        return None
    return Pronunciation(word, read.get("say", ""), read.get("ipa", ""))


def _lexicon(node: Node, reader: Reader, key: str) -> tuple[Pronunciation, ...] | None:
    if not isinstance(node, MapNode):
        hint = f"write each word on a line of its own below it; {_HINT}"
        reader.fault("wrong-shape", f"'{key}' must be a map of words and how they are spoken", node.place, hint)
        return None
    found: dict[str, Pronunciation | None] = {}
    for entry in node.entries:
        word, place = " ".join(entry.key.text.split()), entry.key.place
        if not any(character.isalnum() for character in word) or re.search(r"[{}\[\]<>*]", word):
            reader.fault("bad-lexicon", f"'{word}' is no word", place, f"write a word as it stands in texts; {_HINT}")
        elif len(word) > MOST_WORD_CHARS:
            reader.fault("bad-lexicon", f"a word of {len(word)} characters", place, "write a word, or a few")
        elif word.casefold() in found:
            reader.fault("duplicate-key", f"'{word}' is written twice", place, "only one can count")
        else:
            found[word.casefold()] = _pronunciation(word, entry.value, reader)
    return tuple(one for one in found.values() if one is not None)


LEXICON = Kind(
    _lexicon,
    {
        "type": "object",
        "propertyNames": {"pattern": r"^[^{}\[\]<>*]+$", "maxLength": MOST_WORD_CHARS},
        "additionalProperties": {"anyOf": [TEXT.schema, {**table_schema(PRONUNCIATION_FIELDS), "minProperties": 1}]},
    },
)
"""How words are spoken, by the words; it gives a tuple of `Pronunciation`."""
