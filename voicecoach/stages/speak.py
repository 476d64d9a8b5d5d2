"""speak: utterances → clips, each different one made once, several at a time, kept in the cache.

An utterance is spoken in pieces: the text between its pauses. Each piece is trimmed, resampled once and kept; the clip
is the pieces with exact silence between, filled up to whole MP3 frames. What is known of it (its length, its loudness,
its outline) is kept beside it. A session holds no more than that in memory, and the samples are read back when a
stretch is mixed. Each voice is brought to one loudness by one gain, as the clip is read; what an author wants louder or
softer is laid on with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.metadata import version

import numpy as np

from voicecoach.cache import Cache, key_of
from voicecoach.config import VOICE_LUFS
from voicecoach.engines.asking import blamed_on, guarded, spoken
from voicecoach.engines.base import Capabilities, SpeechRequest
from voicecoach.engines.pieces import Piece, pieces_of, requests_in, written
from voicecoach.engines.registry import EngineShelf
from voicecoach.errors import SoundError, SpeechError, UsageError
from voicecoach.model.clip import Clip, Utterance, Voice
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ, to_frames
from voicecoach.sound.figures import ClipFigures, digest_of, measure_clip
from voicecoach.sound.gain import apply_gain
from voicecoach.sound.loudness import integrated_lufs
from voicecoach.sound.resample import resample
from voicecoach.sound.trim import trim_silence

CLIP_VERSION = "3"
"""Changed whenever the same speech gives another clip."""
FIGURES_VERSION = "3"
"""Changed whenever the same clip gives other figures."""
LEVEL_TEXT = (
    "Kneel on your left knee. Place your right foot flat on the floor in front of you. "
    "Breathe out, and let your hips sink forward. Hold this for thirty seconds."
)
"""What a voice's loudness is measured on: one gain for a voice, so that the coach does not jump from cue to cue."""
HELD_CLIPS = 24


Approve = Callable[[str, int, int], bool]
"""Called with (engine, texts, characters); True where they may be sent."""


def allowed(_engine: str, _utterances: int, _characters: int) -> bool:
    """Let every engine be paid."""
    return True


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
        How many clips each engine makes at a time, unless it can do with fewer.
    loudness
        Measures the integrated loudness of a clip, in LUFS.
    approve
        Asked with (engine, texts, characters) before an engine that may cost money is sent anything: what it is to be
        sent. False: nothing is.
    """

    engines: EngineShelf
    cache: Cache
    jobs: int = 1
    loudness: Callable[[Clip], float] = integrated_lufs
    approve: Approve = allowed


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
        return self.plain[utterance].louder(self._gain_db(utterance))

    def _levelled(self, utterance: Utterance) -> Clip:
        """Give a clip as it is mixed: the one that all around it was reckoned by.

        Raises
        ------
        SpeechError
            It had to be made again, and is another.
        """
        clip = self.plain_clip(utterance)
        if digest_of(clip) != self.plain[utterance].digest:
            message = f"{utterance.voice} says '{utterance.text}' otherwise than before, and the clip of before is gone"
            raise SpeechError(message, hint="build again", voice=str(utterance.voice))
        return Clip(apply_gain(clip.samples, self._gain_db(utterance)), clip.rate_hz)

    def _gain_db(self, utterance: Utterance) -> float:
        return self.gains_db[utterance.voice] + float(utterance.gain_db)


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
        A cue cannot be spoken; it carries the text, the voice and the cause. Nothing is left silent.
    UsageError
        An engine that costs money was not allowed to.
    """
    maker = _Maker(studio)
    plain = dict(already.plain)
    wanted = [utterance for utterance in dict.fromkeys(utterances) if utterance not in plain]
    new = [v for v in dict.fromkeys(utterance.voice for utterance in wanted) if v not in already.gains_db]
    maker.ask_first([*wanted, *(Utterance(LEVEL_TEXT, voice) for voice in new)])
    pools = _pools({utterance.voice.engine for utterance in wanted}, studio)
    aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="speak-level")  # measuring takes a second: meanwhile
    try:
        gains_db: dict[Voice, Future[float]] = {}
        for voice in new:
            first = next(utterance.text for utterance in wanted if utterance.voice == voice)
            maker.figures(Utterance(LEVEL_TEXT, voice), first)  # a voice that cannot speak is found out here
            gains_db[voice] = aside.submit(maker.gain_db, voice)
        waiting = {pools[utterance.voice.engine].submit(maker.figures, utterance): utterance for utterance in wanted}
        for done, future in enumerate(as_completed(waiting), start=1):
            plain[waiting[future]] = future.result()
            if progress is not None:
                progress("speak", done, len(wanted))
        levelled = {voice: future.result() for voice, future in gains_db.items()}
    finally:
        with ExitStack() as ending:
            for pool in (*pools.values(), aside):
                ending.callback(pool.shutdown, wait=True, cancel_futures=True)
    return Spoken(plain, {**already.gains_db, **levelled}, maker.clip)


def _pools(engines: Iterable[str], studio: Studio) -> dict[str, ThreadPoolExecutor]:
    """Give each engine as many threads as make it quicker, and no more than were asked for."""
    pools = {}
    for name in sorted(engines):
        most = studio.engines.get(name).capabilities.parallel
        jobs = max(1, min(studio.jobs, most) if most > 0 else studio.jobs)
        pools[name] = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix=f"speak-{name}")
    return pools


class _Maker:
    def __init__(self, studio: Studio) -> None:
        self.engines = studio.engines
        self.cache = studio.cache
        self.loudness = studio.loudness
        self.approve = studio.approve
        self.resampler = version("soxr")
        self.fingerprints: dict[Voice, str] = {}
        self.making: dict[str, threading.Lock] = {}
        self.lock = threading.Lock()

    def ask_first(self, utterances: Sequence[Utterance]) -> None:
        """Ask for leave before an engine that may cost money is sent anything.

        Raises
        ------
        UsageError
            It was not given.
        """
        texts: dict[str, dict[str, int]] = {}
        for utterance in utterances:
            with blamed_on(utterance.voice, utterance.text):
                if not self._can(utterance.voice).paid:
                    continue
                for request in requests_in(self._pieces(utterance)):
                    key = self._key(request, utterance.voice)
                    if self._kept(key) is None:
                        texts.setdefault(utterance.voice.engine, {})[key] = len(request.text)
        for engine, lengths in texts.items():
            if not self.approve(engine, len(lengths), sum(lengths.values())):
                message = f"'{engine}' may cost money and was not allowed to: nothing was sent"
                raise UsageError(message, hint="allow it with --yes, or take another voice")

    def figures(self, utterance: Utterance, told: str = "") -> ClipFigures:
        """Tell what is known of a clip, which is made where the cache does not have it.

        ``told`` stands for its text in messages.
        """
        with blamed_on(utterance.voice, told or utterance.text):
            pieces = self._pieces(utterance)
            repeats = self._can(utterance.voice).repeatable
            # A voice that never says a thing twice is known by what it said; any other, by what it is asked for.
            clips = None if repeats else self._clips(pieces, utterance)
            key = self._figures_key(pieces, utterance.voice, clips)
            kept = self._kept_figures(key)
            if kept is not None:
                return kept
            figures = measure_clip(_joined(pieces, clips or self._clips(pieces, utterance)))
            self.cache.put(key, figures.to_bytes())
            return figures

    def clip(self, utterance: Utterance) -> Clip:
        """Take a clip from the cache, or make it again."""
        with blamed_on(utterance.voice, utterance.text):
            pieces = self._pieces(utterance)
            kept = [self._kept(self._key(one, utterance.voice)) for one in requests_in(pieces)]
            whole = [clip for clip in kept if clip is not None]
            if len(whole) == len(kept) > 0:
                return _joined(pieces, whole)
            clip = _joined(pieces, self._clips(pieces, utterance))
            key = self._figures_key(pieces, utterance.voice, None)
            known = self._kept_figures(key)
            if known is not None and known.digest != digest_of(clip):
                self.cache.put(key, measure_clip(clip).to_bytes())
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
            message = f"{voice} cannot be levelled: {error.message}"
            raise SpeechError(message, hint=error.hint, voice=str(voice)) from error
        self.cache.put(key, repr(loudness_lufs).encode())
        return VOICE_LUFS - loudness_lufs

    def _can(self, voice: Voice) -> Capabilities:
        return self.engines.get(voice.engine).capabilities

    def _pieces(self, utterance: Utterance) -> tuple[Piece, ...]:
        return pieces_of(utterance, self._can(utterance.voice))

    def _key(self, request: SpeechRequest, voice: Voice) -> str:
        if voice not in self.fingerprints:
            engine = self.engines.get(voice.engine)
            self.fingerprints[voice] = guarded(lambda: engine.fingerprint(voice.name))
        return key_of(CLIP_VERSION, self.resampler, self.fingerprints[voice], str(voice), *written(request))

    def _figures_key(self, pieces: Sequence[Piece], voice: Voice, clips: Sequence[Clip] | None) -> str:
        of = [self._key(one, voice) if isinstance(one, SpeechRequest) else f"{one} s" for one in pieces]
        said = [] if clips is None else [digest_of(clip) for clip in clips]
        return key_of("figures", FIGURES_VERSION, *of, *said)

    def _kept(self, key: str) -> Clip | None:
        data = self.cache.get(key)
        if data is None:
            return None
        try:
            return Clip.from_bytes(data)
        except ValueError:
            return None

    def _kept_figures(self, key: str) -> ClipFigures | None:
        data = self.cache.get(key)
        if data is None:
            return None
        try:
            return ClipFigures.from_bytes(data)
        except ValueError:
            return None

    def _clips(self, pieces: Sequence[Piece], utterance: Utterance) -> list[Clip]:
        """Take the clip of each request from the cache, or make it.

        Raises
        ------
        SpeechError
            There is none, so nothing would be heard.
        """
        clips = [self._clip(request, utterance.voice) for request in requests_in(pieces)]
        if not clips:
            raise SpeechError("there is nothing in it that can be said")
        return clips

    def _clip(self, request: SpeechRequest, voice: Voice) -> Clip:
        key = self._key(request, voice)
        with self.lock:
            making = self.making.setdefault(key, threading.Lock())
        with making:  # two utterances may have a piece in common, and a voice may say it otherwise the second time
            kept = self._kept(key)
            if kept is not None:
                return kept
            speech = spoken(self.engines.get(voice.engine), request)
            heard = trim_silence(speech.samples, speech.rate_hz)
            data = resample(Clip(heard, speech.rate_hz), SAMPLE_RATE_HZ).to_bytes()
            try:
                return Clip.from_bytes(self.cache.add(key, data))  # of several processes, all take the first one's
            except ValueError:  # there is something, but no clip
                self.cache.put(key, data)
                return Clip.from_bytes(data)


def _joined(pieces: Sequence[Piece], clips: Sequence[Clip]) -> Clip:
    """Put the clips of pieces one after another, with exact silence for those that are one.

    Behind them stands silence up to whole MP3 frames (24 ms): so another wording moves what follows by whole MP3
    frames, and what follows need not be encoded again.
    """
    following = iter(clips)
    parts = [
        next(following).samples if isinstance(one, SpeechRequest) else np.zeros((to_frames(one), 1), np.float32)
        for one in pieces
    ]
    filling = np.zeros((-sum(map(len, parts)) % MP3_FRAME_FRAMES, 1), np.float32)
    return Clip(np.concatenate([*parts, filling]), SAMPLE_RATE_HZ)
