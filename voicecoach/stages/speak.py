"""speak: utterances → clips, each different one made once, several at a time, kept in the cache.

A clip is trimmed, resampled once and levelled. What the session holds of it in memory is its length and its outline;
the samples are read back from the cache when a region is mixed, so that memory does not grow with the session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version

import numpy as np

from voicecoach.cache import Cache, key_of
from voicecoach.config import LevelProfile
from voicecoach.engines.base import Speech, SpeechRequest
from voicecoach.engines.registry import EngineShelf
from voicecoach.errors import SpeechError, VoicecoachError, VoiceUnknownError
from voicecoach.model.clip import Clip, Samples, Utterance, Voice
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.gain import active_rms_dbfs, apply_gain, peak_dbfs
from voicecoach.sound.outline import outline
from voicecoach.sound.resample import resample
from voicecoach.sound.trim import trim_silence

CLIP_VERSION = "1"
"""Changed whenever the same speech gives another clip."""
LEVEL_TEXT = "Kneel on your left knee. Place your right foot flat on the floor in front of you."
"""What a voice's level is measured on: one gain for a voice, so that the coach does not jump from cue to cue."""
LEAST_S = 0.05
MOST_S_PER_CHARACTER = 2.0
HELD_CLIPS = 24
SHOWN_CHARS = 40
"""An engine's message that holds this much of the text has said which cue it is."""


@dataclass(frozen=True)
class Studio:
    """What speaking needs.

    Attributes
    ----------
    engines
        Where the engines of the voices come from.
    cache
        Where clips are kept.
    levels
        How loud a voice is to be.
    jobs
        How many clips are made at a time.
    """

    engines: EngineShelf
    cache: Cache
    levels: LevelProfile
    jobs: int = 1


def _not_spoken(utterance: Utterance) -> Clip:
    raise KeyError(utterance)


@dataclass(frozen=True)
class Spoken:
    """The clips of a session.

    Attributes
    ----------
    lengths
        Frames at 48 kHz of each utterance.
    outlines
        How loud each utterance is from moment to moment (see `sound.outline`).
    clip
        Gives the clip of an utterance; the last few are held in memory, the others read from the cache.
    """

    lengths: Mapping[Utterance, int] = field(default_factory=dict)
    outlines: Mapping[Utterance, str] = field(default_factory=dict)
    clip: Callable[[Utterance], Clip] = _not_spoken

    def frames(self, utterance: Utterance) -> int:
        """Length of an utterance in frames at 48 kHz."""
        return self.lengths[utterance]

    def outline(self, utterance: Utterance) -> str:
        """How loud an utterance is from moment to moment: by it `verify` knows it again."""
        return self.outlines[utterance]


def speak(
    utterances: Iterable[Utterance],
    already: Spoken,
    studio: Studio,
    progress: Callable[[str, int, int], None] | None = None,
) -> Spoken:
    """Speak every utterance, or take it from the cache.

    Parameters
    ----------
    utterances
        Equal ones are made once.
    already
        What an earlier call gave; its utterances are not made again.
    studio
        Engines, cache, levels.
    progress
        Called with ("speak", done, of) after each.

    Raises
    ------
    SpeechError
        A cue cannot be spoken; it carries the text and the cause. Nothing is left silent.
    """
    maker = _Maker(studio)
    lengths, outlines = dict(already.lengths), dict(already.outlines)
    wanted = [utterance for utterance in dict.fromkeys(utterances) if utterance not in lengths]
    pool = ThreadPoolExecutor(max_workers=max(1, studio.jobs), thread_name_prefix="speak")
    try:
        for voice in dict.fromkeys(utterance.voice for utterance in wanted):
            maker.level(voice)  # once, before threads would each measure it
        waiting = {pool.submit(maker.measured, utterance): utterance for utterance in wanted}
        for done, future in enumerate(as_completed(waiting), start=1):
            utterance = waiting[future]
            lengths[utterance], outlines[utterance] = future.result()
            if progress is not None:
                progress("speak", done, len(wanted))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return Spoken(lengths, outlines, lru_cache(maxsize=HELD_CLIPS)(maker.clip))


class _Maker:
    def __init__(self, studio: Studio) -> None:
        self.engines = studio.engines
        self.cache = studio.cache
        self.levels = studio.levels
        self.resampler = version("soxr")
        self.gains_db: dict[Voice, float] = {}
        self.fingerprints: dict[Voice, str] = {}

    def measured(self, utterance: Utterance) -> tuple[int, str]:
        """Length and outline of a clip, which is made where the cache does not have it."""
        clip = self.clip(utterance)
        return clip.frames, outline(clip.samples)

    def clip(self, utterance: Utterance) -> Clip:
        """Take a levelled clip from the cache, or make it and keep it."""
        key = self._key(utterance, f"levelled {self.levels}")
        kept = self._kept(key)
        if kept is not None:
            return kept
        clip = self._levelled(self._plain(utterance), utterance.voice)
        self.cache.put(key, clip.to_bytes())
        return clip

    def level(self, voice: Voice) -> float:
        """Gain in dB that brings a voice to the level wanted, from how loud it speaks one known text."""
        if voice not in self.gains_db:
            utterance = Utterance(LEVEL_TEXT, voice)
            key = self._key(utterance, "plain")
            clip = self._kept(key)
            if clip is None:
                clip = self._plain(utterance)
                self.cache.put(key, clip.to_bytes())
            self.gains_db[voice] = self.levels.voice_rms_dbfs - active_rms_dbfs(clip.samples, clip.rate_hz)
        return self.gains_db[voice]

    def _key(self, utterance: Utterance, form: str) -> str:
        voice = utterance.voice
        if voice not in self.fingerprints:
            self.fingerprints[voice] = self.engines.get(voice.engine).fingerprint(voice.name)
        speed = str(utterance.speed)
        return key_of(CLIP_VERSION, self.resampler, self.fingerprints[voice], str(voice), speed, form, utterance.text)

    def _kept(self, key: str) -> Clip | None:
        data = self.cache.get(key)
        if data is None:
            return None
        try:
            return Clip.from_bytes(data)
        except ValueError:
            return None

    def _plain(self, utterance: Utterance) -> Clip:
        """Speak; trim, mix down to mono and resample to 48 kHz."""
        speech = self._speech(utterance)
        mono: Samples = speech.samples.mean(axis=1, keepdims=True, dtype=np.float32)
        if not np.isfinite(mono).all():
            raise SpeechError(f"{utterance.voice} cannot speak '{utterance.text}': it gave samples that are no numbers")
        clip = resample(Clip(trim_silence(mono, speech.rate_hz), speech.rate_hz), SAMPLE_RATE_HZ)
        length_s = float(clip.length_s)
        if length_s < LEAST_S or length_s > max(5.0, MOST_S_PER_CHARACTER * len(utterance.text)):
            cause = f"{length_s:.2f} s of sound for {len(utterance.text)} characters"
            raise SpeechError(f"{utterance.voice} did not speak '{utterance.text}': {cause}", hint="try another voice")
        return clip

    def _speech(self, utterance: Utterance) -> Speech:
        """Ask the engine; whatever goes wrong in it is told with the text."""
        request = SpeechRequest(utterance.text, utterance.voice.name, float(utterance.speed))
        try:
            return self.engines.get(utterance.voice.engine).speak(request)
        except VoiceUnknownError:
            raise
        except VoicecoachError as error:
            if utterance.text[:SHOWN_CHARS] in error.message and isinstance(error, SpeechError):
                raise
            message = f"{utterance.voice} cannot speak '{utterance.text}': {error.message}"
            raise SpeechError(message, hint=error.hint) from error
        except Exception as error:  # a stranger's engine
            cause = f"{type(error).__name__}: {error}"
            raise SpeechError(f"{utterance.voice} cannot speak '{utterance.text}': {cause}") from error

    def _levelled(self, clip: Clip, voice: Voice) -> Clip:
        gain_db = self.level(voice)
        over_db = peak_dbfs(clip.samples) + gain_db - self.levels.voice_peak_dbfs
        return Clip(apply_gain(clip.samples, gain_db - max(0.0, over_db)), clip.rate_hz)
