"""The piper engine: neural voices that run on this machine, from models of 20 to 110 MB.

The package comes with ``voicecoach[piper]``; voices lie in the user's data folder, or where ``VOICECOACH_PIPER`` says.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from voicecoach.engines.base import Capabilities, Speech, SpeechRequest, VoiceInfo
from voicecoach.engines.checks import check_request, check_sound, shown
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
from voicecoach.engines.piper_files import ENGINE, RECOMMENDED, PiperFile, find_files, find_voice, sound_files
from voicecoach.engines.symbols import Alphabet, Sentence, count_sounds, in_parts, sentences_of
from voicecoach.errors import EngineError, SpeechError
from voicecoach.model.clip import Samples

_REVISION = 1  # raise it when the same request comes to sound different by a change here, in neural.py or symbols.py
_MOST_SYMBOLS = 400  # of one sentence: the model's memory grows with the square

_EN = "Place your right foot flat on the floor in front of you. Hold this for thirty seconds."
_REFERENCES = {
    "en": (_EN, 8.62),
    "de": ("Stelle den rechten Fuß flach vor dir auf den Boden. Halte das dreißig Sekunden lang.", 9.44),
    "es": ("Pon el pie derecho plano en el suelo delante de ti. Mantén la posición treinta segundos.", 9.68),
}
"""What a voice's own pace is measured on, and how many sounds of it a coach says in a second, pause and all: the
`espeak` engine's pace at speed 1 (147 words a minute), which plans are reckoned by."""
_OTHER_LANGUAGE = (_EN, 8.4)  # from 7.2 (sv) to 10.3 (da), over nine languages
_USUAL_FACTOR = 1.24  # of voices without espeak's phonemes: a maker's pace of 180 words a minute
_LEAST_FACTOR, _MOST_FACTOR = 0.7, 2.0


@dataclass(frozen=True)
class _Loaded:
    """A voice in memory."""

    file: PiperFile
    stamps: tuple[Stamp, Stamp]
    voice: Any
    lock: threading.Lock = field(default_factory=threading.Lock)
    paces: dict[int | None, float] = field(default_factory=dict)


class PiperEngine:
    """Piper: neural voices without a network, the same samples in every process.

    Voices are named by their files (``en_US-kristin-medium``), speakers follow a slash, by name or number
    (``en_US-libritts-high/3922``).

    Notes
    -----
    Noise is turned off, which makes it repeatable. A voice's own pace is measured once, on two short sentences, and
    laid upon the pace of a coach; what is left to taste stands in ``pace.json`` among the voices. Between sentences
    there is 0.25 s of silence, less at higher speeds.
    """

    name = ENGINE
    capabilities = Capabilities(speed=True, marks=False, repeatable=True, max_chars=5000, phonemes=True)

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: dict[Path, _Loaded] = {}
        self._digests = Digests()
        self._data = ShortData()

    @property
    def folder(self) -> Path:
        """Where voices are installed."""
        return own_folder(ENGINE)

    def voices(self) -> Sequence[VoiceInfo]:
        """List the voices that can be used, and the speakers of those that have a few."""
        require_package("piper", ENGINE)
        return tuple(info for _, file in sorted(sound_files().items()) for info in file.infos())

    def default_voice(self, language: str) -> str | None:
        """Name the best voice of a language: of its region, else of any; kristin and norman before others.

        Raises
        ------
        EngineError
            No voice is installed at all.
        """
        require_package("piper", ENGINE)
        wanted = language.lower().replace("_", "-")
        files = sound_files()
        if not files:
            damaged = next(iter(find_files().values()), None)
            if damaged is not None:
                damaged.config  # noqa: B018 - raises, and says what is wrong with it
            hint = f"voicecoach voices install {ENGINE}:{RECOMMENDED}"
            raise EngineError("no piper voice is installed", hint=hint)
        base = wanted.partition("-")[0]
        fitting = [file for file in files.values() if file.language.partition("-")[0] == base]
        best = min(fitting, key=lambda file: (file.language != wanted, file.rank()), default=None)
        return best.name if best is not None else None

    def fingerprint(self, voice: str) -> str:
        """Name our revision, the packages' versions, digests of the model and its papers, the speaker and the pace."""
        require_package("piper", ENGINE)
        file, speaker = find_voice(voice)
        parts = (
            ENGINE,
            _REVISION,
            version_of("piper-tts"),
            version_of("onnxruntime"),
            self._digests.of(file.model),
            self._digests.of(file.config_path),
            _default_speaker(file) if speaker is None else speaker,
            quicker_by(ENGINE, voice, file.name),
        )
        return "/".join(map(str, parts))

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one text; float32, shape (frames, 1), at the model's rate (16,000 or 22,050 Hz).

        The text is taken as it stands: ``[[phonemes]]`` in it mean nothing.

        Raises
        ------
        VoiceUnknownError
            There is no such voice or speaker.
        SpeechError
            Nothing that could be a word came out, or the model failed.
        EngineError
            Piper is not installed, or the voice is damaged.
        """
        require_package("piper", ENGINE)
        file, speaker = find_voice(request.voice)
        check_request(request, self.capabilities)
        loaded = self._load(file)
        try:
            sentences = self._sentences(loaded, request)
            pace = self._pace(loaded, speaker) * quicker_by(ENGINE, request.voice, file.name) * request.speed
            samples = _sound(loaded, sentences, speaker, pace, request.speed)
        except EngineError:
            raise
        except Exception as error:  # onnxruntime's own exceptions have no common base
            raise SpeechError(f"piper cannot speak {shown(request.text)}: {first_line(error)}") from error
        rate_hz = int(file.config["audio"]["sample_rate"])
        check_sound(samples, rate_hz, request.text)
        return Speech(samples, rate_hz)

    def close(self) -> None:
        """Give the models back."""
        with self._lock:
            self._loaded.clear()

    def _load(self, file: PiperFile) -> _Loaded:
        """Load a voice, once as long as its files stay the same."""
        with self._lock:
            stamps = (stamp_of(file.model), stamp_of(file.config_path))
            loaded = self._loaded.get(file.model)
            if loaded is None or loaded.stamps != stamps:
                loaded = _Loaded(file, stamps, self._voice(file))
                self._loaded[file.model] = loaded
            return loaded

    def _voice(self, file: PiperFile) -> Any:
        piper = import_package("piper", ENGINE)
        session = open_session(file.model, ENGINE, file.hint)
        inputs = {one.name for one in session.get_inputs()}
        wanted = {"input", "input_lengths", "scales"} | ({"sid"} if file.speakers > 1 else set())
        if not wanted <= inputs:
            missing = ", ".join(sorted(wanted - inputs))
            raise EngineError(f"the model {file.model} is no piper voice: it takes no {missing}", hint=file.hint)
        data = self._data.path(Path(piper.voice.ESPEAK_DATA_DIR))
        try:
            config = piper.PiperConfig.from_dict(dict(file.config))
            return piper.PiperVoice(session=session, config=config, espeak_data_dir=data)
        except Exception as error:  # whatever a later piper asks for
            message = f"{file.config_path} cannot be used: {type(error).__name__}: {first_line(error)}"
            raise EngineError(message, hint=file.hint) from error

    def _sentences(self, loaded: _Loaded, request: SpeechRequest) -> list[Sentence]:
        voice = loaded.voice
        if not _is_espeak(loaded):  # other phonemes than IPA: what a request says of sounds cannot be said in them
            request = SpeechRequest(request.text, request.voice)

        def phonemise(text: str) -> Sequence[Sentence]:
            try:
                with ESPEAK_LOCK:
                    return list(voice.phonemize(text.replace("[", " ").replace("]", " ")))
            except RuntimeError as error:  # espeak has no such language, or lacks its data
                message = f"{loaded.file.config_path} cannot be used: {first_line(error)}"
                raise EngineError(message, hint=loaded.file.hint) from error

        return sentences_of(request, phonemise, Alphabet(voice.config.phoneme_id_map, "NFD", loaded.file.language))

    def _pace(self, loaded: _Loaded, speaker: int | None) -> float:
        """Give by how much a voice is to be slowed down, to be as quick as a coach; measured when first asked for."""
        with loaded.lock:
            if speaker not in loaded.paces:
                loaded.paces[speaker] = self._measured(loaded, speaker) if _is_espeak(loaded) else 1 / _USUAL_FACTOR
            return loaded.paces[speaker]

    def _measured(self, loaded: _Loaded, speaker: int | None) -> float:
        text, sounds_a_second = _REFERENCES.get(loaded.file.language.partition("-")[0], _OTHER_LANGUAGE)
        sentences = self._sentences(loaded, SpeechRequest(text, loaded.file.name))
        samples = np.abs(_sound(loaded, sentences, speaker, 1.0, 1.0)[:, 0])
        loud = np.flatnonzero(samples > 0.01 * samples.max(initial=0.0))
        if not loud.size:
            return 1 / _USUAL_FACTOR
        length_s = (int(loud[-1]) - int(loud[0])) / int(loaded.file.config["audio"]["sample_rate"])
        factor = count_sounds(sentences) / sounds_a_second / max(length_s, 0.01)
        return 1 / round(min(max(factor, _LEAST_FACTOR), _MOST_FACTOR), 2)


def _sound(loaded: _Loaded, sentences: Sequence[Sentence], speaker: int | None, pace: float, speed: float) -> Samples:
    """Run the model, sentence by sentence; without noise, which is what makes it repeatable."""
    voice = loaded.voice
    settings = import_package("piper", ENGINE).SynthesisConfig(
        speaker_id=speaker,
        length_scale=voice.config.length_scale / pace,
        noise_scale=0.0,
        noise_w_scale=0.0,
        normalize_audio=False,
    )
    sounds = []
    for sentence in sentences:
        for part in in_parts(sentence, _MOST_SYMBOLS):
            sound = voice.phoneme_ids_to_audio(voice.phonemes_to_ids(part), settings)
            sounds.append(np.asarray(sound, np.float32).reshape(-1))
    return joined(sounds, int(voice.config.sample_rate), speed)


def _is_espeak(loaded: _Loaded) -> bool:
    return str(loaded.voice.config.phoneme_type.value) == "espeak"


def _default_speaker(file: PiperFile) -> int:
    return int(file.config.get("default_speaker_id") or 0)
