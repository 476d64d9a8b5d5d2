"""speak: utterances → clips, each different one made once, several at a time, kept in the cache.

A clip is trimmed, resampled once and filled up with silence to whole MP3 frames. What is known of it (its length, its
loudness, its outline) is kept beside it. A session holds no more than that in memory, and the samples are read back
when a stretch is mixed. Each voice is brought to one loudness by one gain, as the clip is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.metadata import version

import numpy as np

from voicecoach.cache import Cache, key_of
from voicecoach.config import VOICE_LUFS
from voicecoach.engines.base import Speech, SpeechRequest
from voicecoach.engines.registry import EngineShelf
from voicecoach.errors import SoundError, SpeechError, VoicecoachError, VoiceUnknownError
from voicecoach.model.clip import Clip, Samples, Utterance, Voice
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.sound.figures import ClipFigures, digest_of, measure_clip
from voicecoach.sound.gain import apply_gain
from voicecoach.sound.loudness import integrated_lufs
from voicecoach.sound.resample import resample
from voicecoach.sound.trim import trim_silence

CLIP_VERSION = "2"
"""Changed whenever the same speech gives another clip."""
FIGURES_VERSION = "2"
"""Changed whenever the same clip gives other figures."""
LEVEL_TEXT = (
    "Kneel on your left knee. Place your right foot flat on the floor in front of you. "
    "Breathe out, and let your hips sink forward. Hold this for thirty seconds."
)
"""What a voice's loudness is measured on: one gain for a voice, so that the coach does not jump from cue to cue."""
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
    jobs
        How many clips are made at a time.
    loudness
        Measures the integrated loudness of a clip, in LUFS.
    """

    engines: EngineShelf
    cache: Cache
    jobs: int = 1
    loudness: Callable[[Clip], float] = integrated_lufs


def _not_spoken(utterance: Utterance) -> Clip:
    raise KeyError(utterance)


@dataclass(frozen=True)
class Spoken:
    """The clips of a session.

    Attributes
    ----------
    plain
        What is known of each utterance as the voice spoke it.
    gains_db
        What brings each voice to `config.VOICE_LUFS`.
    plain_clip
        Gives the clip of an utterance as the voice spoke it.
    """

    plain: Mapping[Utterance, ClipFigures] = field(default_factory=dict)
    gains_db: Mapping[Voice, float] = field(default_factory=dict)
    plain_clip: Callable[[Utterance], Clip] = _not_spoken

    @cached_property
    def clip(self) -> Callable[[Utterance], Clip]:
        """Gives the clip of an utterance, levelled; the last few are held in memory, others read from the cache."""
        return lru_cache(maxsize=HELD_CLIPS)(self._levelled)

    def frames(self, utterance: Utterance) -> int:
        """Length of an utterance in frames at 48 kHz: whole MP3 frames (1152 frames)."""
        return self.plain[utterance].frames

    def figures(self, utterance: Utterance) -> ClipFigures:
        """What is known of the clip of an utterance, levelled."""
        return self.plain[utterance].louder(self.gains_db[utterance.voice])

    def _levelled(self, utterance: Utterance) -> Clip:
        clip = self.plain_clip(utterance)
        return Clip(apply_gain(clip.samples, self.gains_db[utterance.voice]), clip.rate_hz)


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
        Engines, cache, loudness.
    progress
        Called with ("speak", done, of) after each.

    Raises
    ------
    SpeechError
        A cue cannot be spoken; it carries the text and the cause. Nothing is left silent.
    """
    maker = _Maker(studio)
    plain = dict(already.plain)
    wanted = [utterance for utterance in dict.fromkeys(utterances) if utterance not in plain]
    pool = ThreadPoolExecutor(max_workers=max(1, studio.jobs), thread_name_prefix="speak")
    aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="speak-level")  # measuring takes a second: meanwhile
    try:
        gains_db: dict[Voice, Future[float]] = {}
        for voice in dict.fromkeys(utterance.voice for utterance in wanted):
            if voice not in already.gains_db:
                maker.figures(Utterance(LEVEL_TEXT, voice))  # a voice that cannot speak is found out here
                gains_db[voice] = aside.submit(maker.gain_db, voice)
        waiting = {pool.submit(maker.figures, utterance): utterance for utterance in wanted}
        for done, future in enumerate(as_completed(waiting), start=1):
            plain[waiting[future]] = future.result()
            if progress is not None:
                progress("speak", done, len(wanted))
        levelled = {voice: future.result() for voice, future in gains_db.items()}
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        aside.shutdown(wait=True, cancel_futures=True)
    return Spoken(plain, {**already.gains_db, **levelled}, maker.clip)


class _Maker:
    def __init__(self, studio: Studio) -> None:
        self.engines = studio.engines
        self.cache = studio.cache
        self.loudness = studio.loudness
        self.resampler = version("soxr")
        self.fingerprints: dict[Voice, str] = {}

    def figures(self, utterance: Utterance) -> ClipFigures:
        """Tell what is known of a clip, which is made where the cache does not have it."""
        key = self._key(utterance)
        kept = self._kept_figures(key)
        if kept is not None and (self._repeats(utterance.voice) or self._kept(key) is not None):
            return kept
        clip = self._kept(key) or self._made(utterance, key)
        figures = measure_clip(clip)
        self.cache.put(_figures_key(key), figures.to_bytes())
        return figures

    def clip(self, utterance: Utterance) -> Clip:
        """Take a clip from the cache, or make it again: the same, since all around it is reckoned by its figures.

        Raises
        ------
        SpeechError
            It was made again, and is another.
        """
        key = self._key(utterance)
        kept = self._kept(key)
        if kept is not None:
            return kept
        clip = self._made(utterance, key)
        known = self._kept_figures(key)
        if known is not None and known.digest != digest_of(clip):
            self.cache.put(_figures_key(key), measure_clip(clip).to_bytes())
            message = f"{utterance.voice} says '{utterance.text}' otherwise than before, and the clip of before is gone"
            raise SpeechError(message, hint="build again")
        return clip

    def gain_db(self, voice: Voice) -> float:
        """Gain that brings a voice to the loudness wanted, from how loud it speaks one known text; measured once."""
        utterance = Utterance(LEVEL_TEXT, voice)
        key = key_of("loudness", version("pyloudnorm"), self.figures(utterance).digest)
        try:
            return VOICE_LUFS - float((self.cache.get(key) or b"").decode())
        except ValueError:
            pass
        try:
            loudness_lufs = self.loudness(self.clip(utterance))
        except SoundError as error:
            raise SpeechError(f"{voice} cannot be levelled: {error.message}", hint=error.hint) from error
        self.cache.put(key, repr(loudness_lufs).encode())
        return VOICE_LUFS - loudness_lufs

    def _repeats(self, voice: Voice) -> bool:
        """Whether a voice says the same text again with the same samples."""
        return self.engines.get(voice.engine).capabilities.repeatable

    def _key(self, utterance: Utterance) -> str:
        voice = utterance.voice
        if voice not in self.fingerprints:
            self.fingerprints[voice] = self.engines.get(voice.engine).fingerprint(voice.name)
        speed = str(utterance.speed)
        return key_of(CLIP_VERSION, self.resampler, self.fingerprints[voice], str(voice), speed, utterance.text)

    def _kept(self, key: str) -> Clip | None:
        data = self.cache.get(key)
        if data is None:
            return None
        try:
            return Clip.from_bytes(data)
        except ValueError:
            return None

    def _kept_figures(self, key: str) -> ClipFigures | None:
        data = self.cache.get(_figures_key(key))
        if data is None:
            return None
        try:
            return ClipFigures.from_bytes(data)
        except ValueError:
            return None

    def _made(self, utterance: Utterance, key: str) -> Clip:
        """Speak; trim, mix down to mono, resample to 48 kHz, fill up; keep it."""
        speech = self._speech(utterance)
        mono: Samples = speech.samples.mean(axis=1, keepdims=True, dtype=np.float32)
        if not np.isfinite(mono).all():
            raise SpeechError(f"{utterance.voice} cannot speak '{utterance.text}': it gave samples that are no numbers")
        clip = resample(Clip(trim_silence(mono, speech.rate_hz), speech.rate_hz), SAMPLE_RATE_HZ)
        length_s = float(clip.length_s)
        if length_s < LEAST_S or length_s > max(5.0, MOST_S_PER_CHARACTER * len(utterance.text)):
            cause = f"{length_s:.2f} s of sound for {len(utterance.text)} characters"
            raise SpeechError(f"{utterance.voice} did not speak '{utterance.text}': {cause}", hint="try another voice")
        clip = _filled_up(clip)
        self.cache.put(key, clip.to_bytes())
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


def _figures_key(key: str) -> str:
    return key_of("figures", FIGURES_VERSION, key)


def _filled_up(clip: Clip) -> Clip:
    """Put silence behind a clip, up to whole MP3 frames (24 ms).

    So another wording moves what follows by whole MP3 frames, and what follows need not be encoded again.
    """
    return Clip(np.pad(clip.samples, ((0, -clip.frames % MP3_FRAME_FRAMES), (0, 0))), clip.rate_hz)
