"""The espeak engine: espeak-ng, which comes as a wheel, so that there is a voice without anything else installed.

The library lives in child processes (`espeak_child`): it crashes when threads share it, leaks 17 kB a cue, and
gives the same samples twice only when loaded afresh for each cue.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voicecoach.engines.base import Capabilities, Mark, Speech, SpeechRequest, VoiceInfo
from voicecoach.engines.checks import check_request, check_sound, shown
from voicecoach.engines.child import ChildFault, ChildPool, ChildRefusal, Reply
from voicecoach.engines.espeak_files import EspeakFiles, find_espeak, short_data_path
from voicecoach.engines.espeak_sounds import Sounds, mnemonics_of, read_mnemonics, sounds_of
from voicecoach.engines.espeak_text import Reading, reading_of
from voicecoach.engines.espeak_voices import EspeakVoice, name_voices, sound_tables
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError
from voicecoach.model.diagnostic import did_you_mean

_REVISION = 2  # raise it when the same request comes to sound different by a change in this file or its child
_TIMEOUT_S = 30.0
_RECYCLE_AFTER = 2000  # cues; 17 kB leak with each
_DEFAULTS = {"en": "en-us"}

_COACH_RATE = 115
_LOWEST_RATE = 90
_FULL_SCALE = 32768.0

_PITCHES = (0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99)
_SEMITONES = (-6.6, -5.7, -4.5, -3.1, -1.6, 0.0, 1.7, 3.4, 5.3, 7.2, 8.9)
"""espeak's settings of pitch, and what they do: median pitch of a sentence in en-us, de and es, within 0.2 of each."""
_MOST_ST = 12.0


@dataclass(frozen=True)
class _Opened:
    """What the engine holds from its first use to its end; sounds are asked for when first wanted."""

    pool: ChildPool
    files: EspeakFiles
    library: Path
    data: Path
    voices: Mapping[str, EspeakVoice]
    variants: frozenset[str]
    digest: str
    sounds: dict[str, Sounds]


class EspeakEngine:
    """espeak-ng: small, quick, understandable, the same samples in every process.

    Voices are named by their language (``en-us``, ``de``); a variant follows a plus sign (``en-us+f3``).

    Notes
    -----
    Measured with espeak-ng 1.52.0 on two cores: 8 to 10 ms a cue from one thread, 5 from two; 40 ms to start a child.
    Speed 1 is espeak's "115 words a minute", which is 145 real words a minute in ``en-us`` over eight coaching cues
    (158 for "Kneel on your left knee. Place your right foot flat on the floor in front of you."; from 110 to 166 by
    the cue). Speed is linear in words a minute: measured 0.80, 1.10, 1.25, 1.49, 1.75 and 1.99 times for 0.8 to 2.
    Pitch goes from 6.6 semitones below a voice's own to 8.9 above; what is asked beyond is that. Steps are of 0.2.
    """

    name = "espeak"
    capabilities = Capabilities(speed=True, marks=True, repeatable=True, max_chars=5000, pitch=True, phonemes=True)

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: _Opened | None = None

    def voices(self) -> Sequence[VoiceInfo]:
        """List the voices, one for each language or dialect; each takes any of the `variants`."""
        return tuple(known.info for known in self._open().voices.values())

    def variants(self) -> Sequence[str]:
        """List the variants, as in ``en-us+f3``; what any voice takes after a plus sign."""
        return tuple(sorted(self._open().variants, key=str.casefold))

    def default_voice(self, language: str) -> str | None:
        """Name the voice of a language; its base language's where the region has none (``en-au``: ``en-us``)."""
        known = self._open().voices
        parts = language.lower().replace("_", "-").split("-")
        for count in range(len(parts), 0, -1):
            tag = "-".join(parts[:count])
            if (name := _DEFAULTS.get(tag, tag)) in known:
                return name
            ranked = ((rank, name) for name, voice in known.items() for rank, other in voice.languages if other == tag)
            if best := min(ranked, default=None):
                return best[1]
        return None

    def fingerprint(self, voice: str) -> str:
        """Name our revision, the wheel's version, and a digest of the library and all its data."""
        opened = self._open()
        _identifier(opened, voice)
        return f"espeak/{_REVISION}/{opened.files.version}/{opened.digest}"

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one text; float32, shape (frames, 1), at the library's rate (22,050 Hz).

        The text is taken as it stands: neither ``[[phonemes]]`` nor markup nor control characters mean anything.
        A sound of the request's phonemes that the language has not is said as the nearest that it has.

        Raises
        ------
        VoiceUnknownError
            There is no such voice or variant.
        SpeechError
            Nothing that could be a word came out, a sign of the phonemes is none, or the child failed again and again.
        """
        opened = self._open()
        identifier = _identifier(opened, request.voice)
        check_request(request, self.capabilities)
        rate, word_gap = _pace(request.speed)
        reading = self._reading(opened, request)
        question = {
            **_question("speak", opened.library, opened.data),
            "text": reading.text,
            "has_phonemes": reading.has_phonemes,
            "voice": identifier,
            "pitch": _pitch(request),
            "rate": rate,
            "word_gap": word_gap,
        }
        speech = _speech(_ask(opened, question, request.text), reading)
        check_sound(speech.samples, speech.rate_hz, request.text)
        return speech

    def close(self) -> None:
        """End the children and remove the temporary folder."""
        with self._lock:
            if self._held is not None:
                self._held.pool.close()

    def _reading(self, opened: _Opened, request: SpeechRequest) -> Reading:
        language = opened.voices[request.voice.partition("+")[0]].info.language

        def write(ipa: str) -> str:
            return mnemonics_of(ipa, self._sounds(opened, request))

        return reading_of(request.text, request.phonemes, write, language)

    def _sounds(self, opened: _Opened, request: SpeechRequest) -> Sounds:
        """Ask for the sounds of a voice, once; a variant has those of its voice."""
        known = opened.voices[request.voice.partition("+")[0]]
        if (sounds := opened.sounds.get(known.identifier)) is None:
            asked = read_mnemonics(opened.files.data / "phontab", sound_tables(opened.files.data, known))
            question = {
                **_question("sounds", opened.library, opened.data),
                "voice": known.identifier,
                "names": [one.question for one in asked],
            }
            told = _ask(opened, question, request.text).header["ipa"]
            sounds = opened.sounds[known.identifier] = sounds_of(asked, told, known.info.language)
        return sounds

    def _open(self) -> _Opened:
        with self._lock:
            if self._held is None:
                self._held = _opened(find_espeak())
            return self._held


def _opened(files: EspeakFiles) -> _Opened:
    """Make the private folder and start the first child, to ask it for the voices."""
    pool = ChildPool("voicecoach.engines.espeak_child", timeout_s=_TIMEOUT_S, recycle_after=_RECYCLE_AFTER)
    try:
        folder = Path(pool.folder)
        try:
            library = Path(shutil.copy(files.library, folder))
        except OSError as error:
            raise EngineError(f"the temporary folder cannot be written: {error}") from error
        data = short_data_path(files.data, folder)
        try:
            reply = pool.ask(_question("voices", library, data))
        except (ChildRefusal, ChildFault) as error:
            raise EngineError(f"espeak cannot be used: {error}", hint=_hint(str(error))) from error
        variants = frozenset(path.name for path in (files.data / "voices" / "!v").glob("*"))
        known = name_voices(reply.header["voices"], files.data)
        return _Opened(pool, files, library, data, known, variants, _digest(files), {})
    except BaseException:
        pool.close()
        raise


def _hint(message: str) -> str | None:
    if "does not load" not in message:
        return None
    return "on Windows install the Microsoft Visual C++ Redistributable; on Linux glibc 2.29 or newer is needed"


def _ask(opened: _Opened, question: Mapping[str, object], text: str) -> Reply:
    try:
        return opened.pool.ask(question)
    except ChildRefusal as refusal:
        kind = EngineError if refusal.kind == "engine" else SpeechError
        raise kind(f"espeak cannot speak {shown(text)}: {refusal}") from refusal
    except ChildFault as fault:
        raise SpeechError(f"espeak cannot speak {shown(text)}: {fault}") from fault


def _question(what: str, library: Path, data: Path) -> dict[str, object]:
    return {"do": what, "library": str(library), "data": str(data)}


def _identifier(opened: _Opened, voice: str) -> str:
    """Return the library's name for a voice with its variant; the library itself would ignore an unknown variant."""
    name, plus, variant = voice.partition("+")
    if name not in opened.voices:
        regional = (f"did you mean {other!r}?" for other in opened.voices if other.startswith(f"{name.lower()}-"))
        hint = next(regional, None) or did_you_mean(name, opened.voices) or "give a language, as in espeak:en-us"
        raise VoiceUnknownError(f"espeak has no voice {name!r}", hint=hint)
    if plus and variant not in opened.variants:
        hint = did_you_mean(variant, opened.variants) or f"there are {', '.join(sorted(opened.variants))}"
        raise VoiceUnknownError(f"espeak has no variant {variant!r} of the voice {name!r}", hint=hint)
    return opened.voices[name].identifier + plus + variant


def _digest(files: EspeakFiles) -> str:
    """Return the digest of the library and of every data file: 19 MB, 30 ms, once for each engine opened."""
    digest = hashlib.sha256(files.library.read_bytes())
    for path in sorted(files.data.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"\0{path.relative_to(files.data).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def _pace(speed: float) -> tuple[int, int]:
    """Return espeak's rate (its "words a minute") and word gap (10 ms at its usual rate) for a speed.

    The rate is linear down to 90, which is speed 0.78; below, the library slows no further, and words are set apart
    instead. The line 1/speed = 1.379 + 0.0602 gap was fitted to eight coaching cues at rate 90, gaps of 1 to 14 (within
    1 %); without a gap 1/speed is 1.277. So slow speeds come in steps of 4 %.
    """
    slowness = 1.0 / speed
    word_gap = 0 if slowness < 1.36 else max(1, round((slowness - 1.379) / 0.0602))
    return max(_LOWEST_RATE, round(_COACH_RATE * speed)), word_gap


def _pitch(request: SpeechRequest) -> int:
    if not -_MOST_ST <= request.pitch_st <= _MOST_ST:
        raise SpeechError(
            f"a pitch of {request.pitch_st:g} semitones is not from {-_MOST_ST:g} to {_MOST_ST:g}: "
            f"{shown(request.text)}"
        )
    return round(float(np.interp(request.pitch_st, _SEMITONES, _PITCHES)))


def _speech(reply: Reply, reading: Reading) -> Speech:
    rate_hz = int(reply.header["rate_hz"])
    samples = (np.frombuffer(reply.body, np.int16).astype(np.float32) / np.float32(_FULL_SCALE)).reshape(-1, 1)
    marks: list[Mark] = []
    for position, length, sample in reply.header["words"]:  # positions count characters from 1
        if (place := reading.place_of(position - 1, length)) is None:
            continue
        start, end, at_s = *place, sample / rate_hz
        after = not marks or (start > marks[-1].start and at_s >= marks[-1].at_s)  # one for each word that has several
        if after and 0 <= start < end and 0 <= sample <= len(samples):
            marks.append(Mark(at_s, start, end))
    return Speech(samples, rate_hz, tuple(marks))
