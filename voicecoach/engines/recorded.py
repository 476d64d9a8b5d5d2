"""The recorded engine: the author's own recordings of chosen phrases, and another voice for the rest.

A voice is a folder: ``voices/recorded/NAME`` in the user's data folder, or any folder that is named by its path. A
recording is found by its file's name, in this order:

- ``change-sides-now-the-left-side.wav``: the words of the text, whatever their case and signs;
- ``[phrases]`` in ``voice.toml``: ``"Change sides. Now the left side." = "left.m4a"``;
- ``roles/halfway.wav``: whatever is said for that role (see the README's list); of ``roles/halfway-1.wav`` and
  ``roles/halfway-2.wav`` the text tells which.

``voice.toml`` may also say ``language = "en"`` and ``otherwise = "espeak:en-gb"``, who says the rest.
"""

from __future__ import annotations

import hashlib
import re
import threading
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from voicecoach.config import data_folder
from voicecoach.engines.base import Capabilities, Engine, Speech, SpeechRequest, VoiceInfo
from voicecoach.engines.checks import check_request, check_sound, shown
from voicecoach.errors import EngineError, SoundError, SpeechError, VoiceUnknownError
from voicecoach.model.clip import Clip, Samples
from voicecoach.model.diagnostic import did_you_mean
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.energy import HOP_FRAMES, cell_energies, integrated_lufs
from voicecoach.sound.files import read_sound
from voicecoach.sound.gain import apply_gain
from voicecoach.sound.resample import resample
from voicecoach.sound.trim import trim_silence

_REVISION = 1
SETTINGS = "voice.toml"
ROLES = "roles"
ENDINGS = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".aiff", ".aif", ".m4a", ".aac")
_KEYS = frozenset({"language", "otherwise", "phrases", "description"})
_USUAL = "espeak"
_MOST_CHARS = 4000
_LEAST_FRAMES = SAMPLE_RATE_HZ // 2
_MOST_GAIN_DB = 40.0
_SAMPLE_TEXT = "Kneel on your left knee, and place your right foot flat on the floor in front of you."
"""How loud the other voice is, is measured on this."""


@dataclass(frozen=True)
class Recordings:
    """A voice of recordings.

    Attributes
    ----------
    folder
        Where it lies.
    phrases
        Files by the words of what they say.
    roles
        Files by role, in order.
    language, otherwise, description
        As its settings say.
    """

    folder: Path
    phrases: Mapping[str, Path] = field(default_factory=dict)
    roles: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    language: str = "en"
    otherwise: str = _USUAL
    description: str = ""

    def find(self, text: str, role: str) -> Path | None:
        """Find the recording of a text, by its words or by what it is for; None: there is none."""
        found = self.phrases.get(words_of(text))
        if found is None and (takes := self.roles.get(words_of(role), ())):
            found = takes[int(hashlib.sha256(text.encode()).hexdigest(), 16) % len(takes)]
        return found


class RecordedEngine:
    """Recordings of the author's own.

    Notes
    -----
    Each recording is trimmed and brought to the loudness of the voice that says the rest, so that both are levelled
    together. What is not recorded is spoken by that voice, with all that it can.
    """

    name = "recorded"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._others: dict[str, Engine] = {}
        self._read = lru_cache(maxsize=64)(read_recordings)
        self._level = lru_cache(maxsize=64)(self._measured)

    @property
    def capabilities(self) -> Capabilities:
        """What the usual voice of the rest can; clips are kept by content, since another may not be repeatable."""
        from voicecoach.engines.registry import load

        usual = load(_USUAL).capabilities
        return replace(usual, marks=False, repeatable=False, max_chars=_MOST_CHARS, roles=True)

    def voices(self) -> Sequence[VoiceInfo]:
        """List the voices of the user's data folder."""
        folder = data_folder() / "voices" / "recorded"
        names = sorted(one.name for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
        return tuple(self._info(name) for name in names)

    def default_voice(self, language: str) -> str | None:
        """Name the first voice of the language."""
        base = re.split("[-_]", language.lower())[0]
        return next((one.name for one in self.voices() if one.language.partition("-")[0] == base), None)

    def fingerprint(self, voice: str) -> str:
        """Name our revision, every recording by its content, and the other voice's fingerprint."""
        found = self._find(voice)
        digest = hashlib.sha256()
        for file in sorted({*found.phrases.values(), *(file for files in found.roles.values() for file in files)}):
            digest.update(f"{file.relative_to(found.folder)}\0".encode(errors="surrogateescape"))
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        for words, file in sorted(found.phrases.items()):
            digest.update(f"{words}\0{file.name}\0".encode(errors="surrogateescape"))
        engine, name = self._other(found)
        return f"recorded/{_REVISION}/{digest.hexdigest()[:32]}/{found.otherwise}/{engine.fingerprint(name)}"

    def speak(self, request: SpeechRequest) -> Speech:
        """Give the recording of a text, or let the other voice speak it.

        Raises
        ------
        VoiceUnknownError
            There is no such folder.
        EngineError
            The other voice cannot be used.
        SpeechError
            A recording cannot be read or is silent, or the other voice failed.
        """
        check_request(request, self.capabilities)
        found = self._find(request.voice)
        file = found.find(request.text, request.role)
        engine, name = self._other(found)
        if file is None:
            return replace(engine.speak(_as_it_can(request, name, engine.capabilities)), marks=())
        samples = _recording(file, request.text)
        level_lufs = self._level(str(found.folder))
        gain_db = min(_MOST_GAIN_DB, level_lufs - loudness_lufs(samples))
        return Speech(np.clip(apply_gain(samples, gain_db), -1.0, 1.0), SAMPLE_RATE_HZ)

    def close(self) -> None:
        """Close the engines that say the rest."""
        with self._lock:
            others, self._others = tuple(self._others.values()), {}
        for engine in others:
            engine.close()

    def _info(self, name: str) -> VoiceInfo:
        found = self._find(name)
        recorded = len(found.phrases) + sum(map(len, found.roles.values()))
        return VoiceInfo(name, found.language, found.description or f"{recorded} recordings, else {found.otherwise}")

    def _find(self, voice: str) -> Recordings:
        own = data_folder() / "voices" / "recorded"
        folder = Path(voice).expanduser() if "/" in voice or "\\" in voice else own / voice
        if not voice or not folder.is_dir():
            known = [one.name for one in own.iterdir()] if own.is_dir() else []
            hint = did_you_mean(voice, known) or f"make the folder {folder}, with files such as change-sides.wav"
            raise VoiceUnknownError(f"recorded has no voice {voice!r}", hint=hint)
        return self._read(folder, _state(folder))

    def _other(self, found: Recordings) -> tuple[Engine, str]:
        """Open the engine that says the rest, and name its voice."""
        from voicecoach.engines.registry import load  # the registry opens us, too

        engine_name, _, name = found.otherwise.partition(":")
        if engine_name == self.name:
            raise EngineError(f"{found.folder / SETTINGS}: recordings cannot say the rest for recordings")
        with self._lock:
            if engine_name not in self._others:
                self._others[engine_name] = load(engine_name)
            engine = self._others[engine_name]
        if engine.capabilities.paid:
            message = f"{found.folder / SETTINGS}: '{found.otherwise}' may cost money, and cannot say the rest unasked"
            raise EngineError(message, hint="name another voice under 'otherwise'")
        voice = name or engine.default_voice(found.language)
        if voice is None:
            hint = "name a voice: otherwise = 'ENGINE:VOICE'"
            raise VoiceUnknownError(f"{engine_name} has no voice for the language '{found.language}'", hint=hint)
        return engine, voice

    def _measured(self, folder: str) -> float:
        found = self._find(folder)
        engine, name = self._other(found)
        speech = engine.speak(SpeechRequest(_SAMPLE_TEXT, name))
        return loudness_lufs(_mono(Clip(speech.samples, speech.rate_hz)))


def _as_it_can(request: SpeechRequest, voice: str, can: Capabilities) -> SpeechRequest:
    return replace(
        request,
        voice=voice,
        role="",
        speed=request.speed if can.speed else 1.0,
        pitch_st=request.pitch_st if can.pitch else 0.0,
        phonemes=request.phonemes if can.phonemes else (),
        emphasis=request.emphasis if can.emphasis else (),
    )


def words_of(text: str) -> str:
    """Reduce a text to its words: ``Change sides!`` and ``change-sides`` are the same."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return " ".join(re.findall(r"[^\W_]+", plain))


def loudness_lufs(samples: Samples) -> float:
    """Loudness of a phrase (ITU-R BS.1770), of a short one as if it were said again and again."""
    times = -(-_LEAST_FRAMES // max(1, len(samples)))
    return integrated_lufs(cell_energies(np.tile(samples, (times, 1)), HOP_FRAMES))


def read_recordings(folder: Path, _state: object = None) -> Recordings:
    """Read which recordings a folder has.

    Raises
    ------
    EngineError
        Its settings do not read, name a file that is not there, or two files say the same.
    """
    values = _settings(folder / SETTINGS)
    phrases: dict[str, Path] = {}
    for file in sorted(_sounds(folder)):
        _add(phrases, words_of(file.stem), file)
    named = values.get("phrases", {})
    if not isinstance(named, dict) or not all(isinstance(file, str) for file in named.values()):
        raise EngineError(f"{folder / SETTINGS}: [phrases] has no file for a text", hint=_EXAMPLE)
    for text, name in named.items():
        file = folder / name
        if not file.is_file() or not file.resolve().is_relative_to(folder.resolve()):
            raise EngineError(f"{folder / SETTINGS}: there is no file '{name}' in the folder, for '{text}'")
        _add(phrases, words_of(text), file)
    roles: dict[str, list[Path]] = {}
    for file in sorted(_sounds(folder / ROLES)):
        roles.setdefault(words_of(re.sub(r"[-_ ]\d+$", "", file.stem)), []).append(file)
    texts = {key: str(values[key]) for key in ("language", "otherwise", "description") if key in values}
    return Recordings(folder, phrases, {role: tuple(files) for role, files in roles.items()}, **texts)


_EXAMPLE = 'write: [phrases] and below it "Change sides." = "sides.wav"'


def _add(phrases: dict[str, Path], words: str, file: Path) -> None:
    if not words:
        raise EngineError(f"{file}: its name has no words")
    other = phrases.setdefault(words, file)
    if other != file:
        raise EngineError(f"{file.parent}: '{other.name}' and '{file.name}' both say '{words}'")


def _settings(file: Path) -> Mapping[str, object]:
    if not file.is_file():
        return {}
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EngineError(f"{file} cannot be read: {error}") from error
    unknown = sorted(values.keys() - _KEYS)
    if unknown:
        hint = did_you_mean(unknown[0], _KEYS) or f"the keys are {', '.join(sorted(_KEYS))}"
        raise EngineError(f"{file}: there is no key '{unknown[0]}'", hint=hint)
    return values


def _sounds(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [one for one in folder.iterdir() if one.suffix.lower() in ENDINGS and not one.name.startswith(".")]


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells that something in a folder changed."""
    files = (one for place in (folder, folder / ROLES) if place.is_dir() for one in place.iterdir() if one.is_file())
    return tuple(sorted((str(one), one.stat().st_size, one.stat().st_mtime_ns) for one in files))


def _recording(file: Path, text: str) -> Samples:
    """Read a recording: mono, 48 kHz, without the silence around it."""
    try:
        samples = _mono(read_sound(file))
    except SoundError as error:
        raise SpeechError(f"the recording of {shown(text)}: {error.message}", hint=error.hint) from error
    trimmed = trim_silence(samples, SAMPLE_RATE_HZ)
    try:
        check_sound(trimmed, SAMPLE_RATE_HZ, text)
    except SpeechError as error:
        raise SpeechError(
            f"the recording '{file.name}' of {shown(text)} has no sound", hint="record it anew"
        ) from error
    return trimmed


def _mono(clip: Clip) -> Samples:
    mono: Samples = clip.samples.mean(axis=1, keepdims=True, dtype=np.float32)
    return resample(Clip(mono, clip.rate_hz), SAMPLE_RATE_HZ).samples
