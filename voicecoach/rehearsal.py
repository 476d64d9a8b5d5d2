"""One text, spoken as it would be in a session: what an engine is sent for it, and the sound."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from voicecoach.engines.base import Capabilities, SpeechRequest
from voicecoach.engines.pieces import Piece, pieces_of, requests_in
from voicecoach.engines.registry import AUTOMATIC, EngineShelf, alternatives, find_voice, names
from voicecoach.errors import EngineError, OutputError, UsageError, VoiceUnknownError
from voicecoach.library import Library
from voicecoach.model.clip import Clip, Utterance, Voice
from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.lexicon import Pronunciation
from voicecoach.model.location import Location
from voicecoach.model.output import FileFormat
from voicecoach.sound.written import sound_writer
from voicecoach.source.fields import Reader
from voicecoach.source.nodes import MapNode, SourceFile, parse_yaml
from voicecoach.source.pronouncing import LEXICON
from voicecoach.stages.speak import Spoken, Studio, speak
from voicecoach.text.fill import variables
from voicecoach.text.lexicon import lexicon_of
from voicecoach.text.markup import mark_faults
from voicecoach.text.spoken import spoken

ENGLISH = "en"
ANY_LANGUAGE = frozenset({"", "und", "mul", "*"})
FORMATS = (FileFormat.WAV, FileFormat.FLAC, FileFormat.OGG, FileFormat.OPUS)

SENTENCES = {
    "en": "Kneel on your left knee, and let your hips sink forward. Breathe out slowly. Hold this for 30 s.",
    "de": "Knie dich auf das linke Knie und lass die Hüfte nach vorne sinken. Atme langsam aus. Halte das 30 s.",
    "es": "Apoya la rodilla izquierda y deja caer la cadera hacia delante. Suelta el aire despacio. Mantén 30 s.",
    "fr": "Posez le genou gauche et laissez le bassin descendre vers l'avant. Soufflez lentement.",
    "it": "Appoggia il ginocchio sinistro e lascia scendere il bacino in avanti. Espira lentamente.",
    "nl": "Kniel op je linkerknie en laat je heupen naar voren zakken. Adem langzaam uit.",
    "pl": "Uklęknij na lewym kolanie i opuść biodra do przodu. Powoli wypuść powietrze.",
    "pt": "Apoie o joelho esquerdo e deixe o quadril descer para a frente. Solte o ar devagar.",
}
"""What a voice is tried with, in its language."""


@dataclass(frozen=True)
class Chosen:
    """A voice, and which one was passed over for it.

    Attributes
    ----------
    voice
        Who speaks.
    language
        That of the text.
    notes
        One line for each voice that cannot be used.
    """

    voice: Voice
    language: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rehearsed:
    """A text, ready to be spoken.

    Attributes
    ----------
    shown
        As people read it.
    utterance
        What is spoken.
    pieces
        What the engine is asked for, and the silence between.
    notes
        What was asked for and the engine cannot do.
    """

    shown: str
    utterance: Utterance
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...] = ()


def choose_voice(
    spec: str, language: str | None, engines: EngineShelf, preferred: Callable[[str], str | None]
) -> Chosen:
    """Find the first voice of several that can be used; a voice may be named without its engine.

    Parameters
    ----------
    spec
        ``auto``, ``ENGINE``, ``ENGINE:VOICE`` or ``VOICE``; several with commas between.
    language
        Of the text; None: the voice's own, or English.
    engines
        Where voices are looked for.
    preferred
        Gives the voice that is the user's default for a language.

    Raises
    ------
    EngineError
        None can be used.
    """
    wanted = language or ENGLISH
    passed: list[tuple[str, EngineError]] = []
    for one in _candidates(spec, wanted, preferred):
        try:
            voice = find_voice(_with_engine(one, engines), wanted, engines)
        except EngineError as error:
            passed.append((one, error))
            continue
        own = voice.language if voice.language not in ANY_LANGUAGE else ENGLISH
        notes = tuple(f"{name} cannot be used ({why.message}); {voice} speaks instead" for name, why in passed)
        return Chosen(voice, language or own, notes)
    if len(passed) == 1:
        raise passed[0][1]
    reasons = "; ".join(f"{one}: {error.message}" for one, error in passed)
    raise VoiceUnknownError(f"no voice of these can be used: {reasons or 'none is named'}")


def _candidates(spec: str, language: str, preferred: Callable[[str], str | None]) -> Iterator[str]:
    for one in alternatives(spec):
        if one.casefold() in AUTOMATIC:
            yield from alternatives(preferred(language) or "")
        yield one


def _with_engine(spec: str, engines: EngineShelf) -> str:
    """Put the engine before a voice that is named without: the one that has it."""
    if ":" in spec or spec.casefold() in {*AUTOMATIC, *names()}:
        return spec
    for engine in names():
        try:
            listed = [voice.name.casefold() for voice in engines.get(engine).voices()]
        except EngineError:
            continue
        if spec.casefold() in listed:
            return f"{engine}:{spec}"
    return spec


def sentence_for(language: str) -> tuple[str, str]:
    """Give a coaching sentence and its language: English where we have none in that one."""
    base = language.lower().partition("-")[0]
    return (SENTENCES[base], language) if base in SENTENCES else (SENTENCES[ENGLISH], ENGLISH)


def faults_in(text: str) -> tuple[Diagnostic, ...]:
    """Find marks in a text that are none, as an author's faults."""
    source = SourceFile("text", text)
    found = []
    for fault in mark_faults(text):
        before = text[: fault.start]
        column = fault.start - (before.rfind("\n") + 1) + 1
        place = Location(source.name, before.count("\n") + 1, column, max(1, fault.end - fault.start))
        found.append(source.fault("unknown-mark", fault.message, place, fault.hint))
    return tuple(found)


def own_lexicon(source: SourceFile) -> tuple[tuple[Pronunciation, ...], tuple[Diagnostic, ...]]:
    """Read the ``lexicon:`` of a routine or a profile.

    Returns
    -------
    tuple
        The words, and the author's faults.

    Raises
    ------
    UsageError
        It has none.
    """
    root, faults = parse_yaml(source)
    if root is None:
        return (), faults
    entries = root.entries if isinstance(root, MapNode) else ()
    node = next((entry.value for entry in entries if entry.key.text == "lexicon"), None)
    if node is None:
        raise UsageError(f"{source.name} has no 'lexicon:'", hint="write 'lexicon: {psoas: SOH-as}' into it")
    reader = Reader(source)
    read: tuple[Pronunciation, ...] | None = LEXICON(node, reader, "lexicon")
    return read or (), (*faults, *reader.faults)


def rehearse(
    text: str,
    chosen: Chosen,
    library: Library,
    engines: EngineShelf,
    *,
    lexicon: Sequence[Pronunciation] = (),
    speed: Fraction = Fraction(1),
    pitch_st: Fraction = Fraction(0),
) -> Rehearsed:
    """Make a text ready, as it is in a session.

    Raises
    ------
    UsageError
        There is nothing in it that can be said.
    """
    ready = spoken(text, chosen.language, lexicon_of(lexicon, library.lexicon(chosen.language)))
    utterance = Utterance(ready.text, chosen.voice, speed, pitch_st, marks=ready.marks)
    can = engines.get(chosen.voice.engine).capabilities
    pieces = pieces_of(utterance, can)
    if not any(requests_in(pieces)):
        raise UsageError("there is nothing in the text that can be said", hint="write words or numbers")
    said = ", ".join(f"{{{name}}}" for name in variables(text))
    unfilled = (f"in a routine something stands for {said}; here it is said as it is written",) if said else ()
    return Rehearsed(ready.shown, utterance, pieces, (*unfilled, *_left_out(utterance, can)))


def _left_out(utterance: Utterance, can: Capabilities) -> Iterator[str]:
    engine = utterance.voice.engine
    if utterance.pitch_st and not can.pitch:
        yield f"{engine} cannot change its pitch: it stays"
    if utterance.speed != 1 and not can.speed:
        yield f"{engine} cannot speak faster or slower: it keeps its pace"
    if any(mark.emphasis for mark in utterance.marks) and not can.emphasis:
        yield f"{engine} stresses no words: they are said like the others"
    for mark in utterance.marks:
        if mark.ipa and not mark.respelled and not can.phonemes:
            word = utterance.text[mark.start : mark.end]
            yield f"{engine} takes no IPA: '{word}' is said as it is written; give it a respelling, too"


def sent_lines(rehearsed: Rehearsed) -> tuple[str, ...]:
    """Write down what the engine is sent, a line for each piece: IPA between slashes, stressed words between stars."""
    return tuple(
        _written(piece) if isinstance(piece, SpeechRequest) else f"(silence: {float(piece):g} s)"
        for piece in rehearsed.pieces
    )


def _written(request: SpeechRequest) -> str:
    text = request.text
    changes = {(one.start, one.end): f"/{one.ipa}/" for one in request.phonemes}
    for start, end in request.emphasis:
        changes[start, end] = f"*{changes.get((start, end), text[start:end])}*"
    for (start, end), written in sorted(changes.items(), reverse=True):
        text = f"{text[:start]}{written}{text[end:]}"
    return text


def hear(rehearsed: Rehearsed, studio: Studio) -> Clip:
    """Speak it, levelled as in a session, or take it from the cache.

    Raises
    ------
    EngineError
        It cannot be spoken.
    """
    return speak([rehearsed.utterance], Spoken(), studio).clip(rehearsed.utterance)


def write_clip(clip: Clip, path: Path) -> None:
    """Write a sound file, its format by its ending; beside its place first, then moved into it.

    Raises
    ------
    UsageError
        We write no such format here.
    OutputError
        It cannot be written.
    """
    endings = {file_format.ending: file_format for file_format in FORMATS}
    file_format = endings.get(path.suffix.lower())
    if file_format is None:
        raise UsageError(f"'{path}': one text is written as {', '.join(endings)}", hint=f"write {path.stem}.wav")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with sound_writer(part, file_format, clip.rate_hz, clip.samples.shape[1], clip.frames) as write:
                write(clip.samples)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        message = f"cannot write {path}: {error.strerror or error}"
        raise OutputError(message, hint="choose another place with -o") from error
