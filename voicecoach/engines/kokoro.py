"""The kokoro engine: the best of the small neural voices, from one model of 90 to 330 MB and a file of voices.

The package comes with ``voicecoach[kokoro]``; the files of its releases (``kokoro-v1.0.onnx``, ``voices-v1.0.bin``)
lie in the user's data folder, or where ``VOICECOACH_KOKORO`` says.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voicecoach.engines.base import Capabilities, Speech, SpeechRequest, VoiceInfo
from voicecoach.engines.checks import check_request, check_sound, shown
from voicecoach.engines.kokoro_files import (
    ENGINE,
    HINT,
    LANGUAGES,
    STYLE_NAME,
    KokoroFiles,
    find_files,
    info_of,
    name_hint,
    needed_files,
    opened_styles,
    rank_of,
)
from voicecoach.engines.neural import (
    ESPEAK_LOCK,
    Digests,
    ShortData,
    Stamp,
    first_line,
    import_package,
    joined,
    open_session,
    own_folder,
    quicker_by,
    require_package,
    stamp_of,
    version_of,
)
from voicecoach.engines.symbols import Alphabet, Sentence, packed, sentences_of
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError

_REVISION = 1  # raise it when the same request comes to sound different by a change here, in neural.py or symbols.py
_PACKAGE = "kokoro_onnx"
_MOST_SYMBOLS = 480  # the model takes 510; older packages have no style for the last of them
_PACE = 0.88  # taken: its own pace is 165 words a minute
_RATE_HZ = 24_000

_FLAG = re.compile(r"\([a-z-]+\)")
_BRACKETS = str.maketrans("()[]{}", "      ")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class _Styles:
    """The voices of a file, by name; opened while it stays the same."""

    stamp: Stamp
    names: tuple[str, ...]


class _PacedSession:
    """A session of another pace: the package refuses a speed under 0.5, which we ask for where its own pace is quick.

    All but the speed is the session's own. A model that takes whole numbers keeps its pace.
    """

    def __init__(self, session: Any, pace: float) -> None:
        self._session, self._pace = session, pace

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def run(self, outputs: Sequence[str] | None, inputs: Mapping[str, Any]) -> Any:
        speed = inputs["speed"]
        if np.issubdtype(speed.dtype, np.floating):
            speed = (speed * self._pace).astype(speed.dtype)
        return self._session.run(outputs, {**inputs, "speed": speed})


@dataclass(frozen=True)
class _Loaded:
    """A model in memory, and what the package makes of it at each pace."""

    files: KokoroFiles
    stamps: tuple[Stamp, Stamp]
    session: Any
    paced: dict[float, Any] = field(default_factory=dict)


class KokoroEngine:
    """Kokoro: the best small neural voices, about as long in the making as they sound.

    Voices are the model's styles (``af_heart``, ``bm_george``); their first letter is the language. Of several models
    the largest is taken.

    Notes
    -----
    Speed 1 is 0.88 of its own, so that it is a coach's pace; what is left to taste stands in ``pace.json`` among the
    voices. Sentences of one request are spoken in one breath, with the model's own pauses, as far as it takes them;
    longer ones are put together with 0.25 s of silence.
    """

    name = ENGINE
    capabilities = Capabilities(
        speed=True, marks=False, repeatable=True, max_chars=5000, phonemes=True, parallel=4
    )  # each run takes several hundred MB

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._digests = Digests()
        self._data = ShortData()
        self._styles: dict[Path, _Styles] = {}
        self._loaded: _Loaded | None = None
        self._arrays: dict[str, NDArray[np.float32]] = {}

    @property
    def folder(self) -> Path:
        """Where model and voices are installed."""
        return own_folder(ENGINE)

    def voices(self) -> Sequence[VoiceInfo]:
        """List the voices of the file; empty where none is installed."""
        require_package(_PACKAGE, ENGINE)
        files = find_files()
        return tuple(map(info_of, self._names(files))) if files is not None else ()

    def default_voice(self, language: str) -> str | None:
        """Name the best voice of a language: of its region, else of any.

        Raises
        ------
        EngineError
            None is installed at all.
        """
        require_package(_PACKAGE, ENGINE)
        wanted = language.lower().replace("_", "-")
        base = wanted.partition("-")[0]
        infos = [info_of(name) for name in self._names(needed_files())]
        fitting = [info for info in infos if info.language.partition("-")[0] == base]
        best = min(fitting, key=lambda info: (info.language != wanted, *rank_of(info.name)), default=None)
        return best.name if best is not None else None

    def fingerprint(self, voice: str) -> str:
        """Name our revision, the packages' versions, digests of the model and of the voice's style, and the pace."""
        require_package(_PACKAGE, ENGINE)
        files = needed_files()
        self._check_name(files, voice)
        style = hashlib.sha256(self._style(files, voice).tobytes()).hexdigest()[:16]
        packages = map(version_of, ("kokoro-onnx", "onnxruntime", "phonemizer", "phonemizer-fork", "espeakng-loader"))
        parts = (ENGINE, _REVISION, *packages, self._digests.of(files.model), style, quicker_by(ENGINE, voice))
        return "/".join(map(str, parts))

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one text; float32, shape (frames, 1), 24,000 Hz.

        Raises
        ------
        VoiceUnknownError
            There is no such voice.
        SpeechError
            Nothing that could be a word came out, or the model failed.
        EngineError
            Kokoro is not installed, or its files are damaged.
        """
        require_package(_PACKAGE, ENGINE)
        files = needed_files()
        self._check_name(files, request.voice)
        check_request(request, self.capabilities)
        kokoro = self._load(files, _PACE * quicker_by(ENGINE, request.voice))
        style = self._style(files, request.voice)
        try:
            sounds = []
            for batch in packed(_sentences(kokoro, request), _MOST_SYMBOLS):
                sound, rate_hz = kokoro.create("".join(batch), style, request.speed, is_phonemes=True)
                sounds.append(np.asarray(sound, np.float32).reshape(-1))
            samples = joined(sounds, rate_hz, request.speed)
        except EngineError:
            raise
        except Exception as error:  # onnxruntime's own exceptions have no common base
            raise SpeechError(f"kokoro cannot speak {shown(request.text)}: {first_line(error)}") from error
        check_sound(samples, rate_hz, request.text)
        return Speech(samples, rate_hz)

    def close(self) -> None:
        """Give the model back."""
        with self._lock:
            self._loaded = None
            self._arrays.clear()

    def _names(self, files: KokoroFiles) -> tuple[str, ...]:
        with self._lock:
            stamp = stamp_of(files.voices)
            known = self._styles.get(files.voices)
            if known is None or known.stamp != stamp:
                with opened_styles(files.voices) as styles:
                    names = tuple(sorted(name for name in styles.files if STYLE_NAME.fullmatch(name)))
                if not names:
                    raise EngineError(f"{files.voices} holds no voices", hint=HINT)
                self._styles[files.voices] = known = _Styles(stamp, names)
                self._arrays.clear()
            return known.names

    def _check_name(self, files: KokoroFiles, voice: str) -> None:
        names = self._names(files)
        if voice not in names:
            raise VoiceUnknownError(f"kokoro has no voice {voice!r}", hint=name_hint(voice, names))

    def _style(self, files: KokoroFiles, voice: str) -> NDArray[np.float32]:
        with self._lock:
            if voice not in self._arrays:
                with opened_styles(files.voices) as styles:
                    try:
                        style = np.asarray(styles[voice], np.float32)
                    except Exception as error:  # damaged in the middle: zlib, zipfile and numpy each have their own
                        raise EngineError(f"{files.voices} is damaged: {first_line(error)}", hint=HINT) from error
                if style.ndim != 3 or style.shape[1:] != (1, 256) or not len(style):
                    raise EngineError(f"{files.voices}: {voice} is no voice: its shape is {style.shape}", hint=HINT)
                self._arrays[voice] = style
            return self._arrays[voice]

    def _load(self, files: KokoroFiles, pace: float) -> Any:
        """Load the model, once as long as its files stay the same, and give it as one of that pace."""
        with self._lock:
            stamps = files.stamps
            if self._loaded is None or (self._loaded.files, self._loaded.stamps) != (files, stamps):
                self._loaded = _Loaded(files, stamps, _session(files))
            paced = self._loaded.paced
            if pace not in paced:
                paced[pace] = self._kokoro(files, _PacedSession(self._loaded.session, pace))
            return paced[pace]

    def _kokoro(self, files: KokoroFiles, session: _PacedSession) -> Any:
        package = import_package(_PACKAGE, ENGINE)
        loader = import_package("espeakng_loader", ENGINE)
        try:
            espeak = package.EspeakConfig(data_path=str(self._data.path(Path(loader.get_data_path()))))
            with ESPEAK_LOCK:
                kokoro = package.Kokoro.from_session(session, str(files.voices), espeak)
        except EngineError:
            raise
        except Exception as error:  # its espeak does not load, or a later package asks for something else
            message = f"kokoro cannot be loaded: {type(error).__name__}: {first_line(error)}"
            raise EngineError(message, hint="pip install --force-reinstall espeakng-loader") from error
        kokoro.voices.close()  # it would hold the file open; we read styles ourselves
        return kokoro


def _session(files: KokoroFiles) -> Any:
    import_package(_PACKAGE, ENGINE)
    session = open_session(files.model, ENGINE, HINT)
    inputs = {one.name for one in session.get_inputs()}
    if not {"style", "speed"} <= inputs or not {"tokens", "input_ids"} & inputs:
        message = f"the model {files.model} is no kokoro model: it takes {', '.join(sorted(inputs))}"
        raise EngineError(message, hint=HINT)
    return session


def _sentences(kokoro: Any, request: SpeechRequest) -> list[Sentence]:
    language = LANGUAGES.get(request.voice[:1], LANGUAGES["a"])[1]

    def phonemise(text: str) -> Sequence[Sentence]:
        with ESPEAK_LOCK:
            said = kokoro.tokenizer.phonemize(text.translate(_BRACKETS), language)
        # espeak writes "(en)" where a word is of another language; the model would say it
        return [list(sentence) for sentence in _SENTENCE_END.split(_FLAG.sub("", said).strip()) if sentence]

    return sentences_of(request, phonemise, Alphabet(kokoro.tokenizer.vocab, "NFC", language))
