"""Who makes clips and what is known of them, or takes them from the cache."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import numpy as np

from voicecoach.cache import Kind, key_of
from voicecoach.config import VOICE_LUFS
from voicecoach.engines.asking import blamed_on, guarded, spoken
from voicecoach.engines.base import Capabilities, SpeechRequest
from voicecoach.engines.pieces import Piece, pieces_of, requests_in, written
from voicecoach.errors import SoundError, SpeechError, UsageError
from voicecoach.model.clip import Clip, Utterance, Voice
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ, to_frames
from voicecoach.sound.figures import ClipFigures, digest_of, measure_clip
from voicecoach.sound.resample import resample
from voicecoach.sound.trim import trim_silence
from voicecoach.stages.speak.studio import Studio

CLIP_VERSION = "3"
"""Changed whenever the same speech gives another clip."""
FIGURES_VERSION = "3"
"""Changed whenever the same clip gives other figures."""
LEVEL_TEXT = (
    "Kneel on your left knee. Place your right foot flat on the floor in front of you. "
    "Breathe out, and let your hips sink forward. Hold this for thirty seconds."
)
"""What a voice's loudness is measured on: one gain for a voice, so that the coach does not jump from cue to cue."""


class Maker:
    """Makes what a session says, one of each for all threads and processes of a machine; several threads may use it."""

    def __init__(self, studio: Studio) -> None:
        self.engines = studio.engines
        self.cache = studio.cache
        self.loudness = studio.loudness
        self.approve = studio.approve
        self.resampler = version("soxr")
        self.fingerprints: dict[Voice, str] = {}

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
            with self.cache.making(key, Kind.FIGURES):
                kept = self._kept_figures(key)
                if kept is not None:
                    return kept
                figures = measure_clip(_joined(pieces, clips or self._clips(pieces, utterance)))
                self.cache.put(key, figures.to_bytes(), kind=Kind.FIGURES)
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
                self.cache.put(key, measure_clip(clip).to_bytes(), kind=Kind.FIGURES)
            return clip

    def gain_db(self, voice: Voice) -> float:
        """Gain that brings a voice to the loudness wanted, from how loud it speaks one known text; measured once."""
        utterance = Utterance(LEVEL_TEXT, voice)
        key = key_of("loudness", version("pyloudnorm"), self.figures(utterance).digest)
        loudness_lufs = self._kept_loudness(key)
        if loudness_lufs is None:
            with self.cache.making(key, Kind.FIGURES):
                loudness_lufs = self._kept_loudness(key)
                if loudness_lufs is None:
                    loudness_lufs = self._measured(voice, self.clip(utterance))
                    self.cache.put(key, repr(loudness_lufs).encode(), kind=Kind.FIGURES)
        return VOICE_LUFS - loudness_lufs

    def _measured(self, voice: Voice, clip: Clip) -> float:
        try:
            return self.loudness(clip)
        except SoundError as error:
            message = f"{voice} cannot be levelled: {error.message}"
            raise SpeechError(message, hint=error.hint, voice=str(voice)) from error

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

    def _kept_loudness(self, key: str) -> float | None:
        try:
            return float((self.cache.get(key) or b"").decode())
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
        kept = self._kept(key)
        if kept is not None:
            return kept
        with self.cache.making(key, Kind.CLIP):  # a voice may say it otherwise the second time
            kept = self._kept(key)
            if kept is not None:
                return kept
            speech = spoken(self.engines.get(voice.engine), request)
            heard = trim_silence(speech.samples, speech.rate_hz)
            data = resample(Clip(heard, speech.rate_hz), SAMPLE_RATE_HZ).to_bytes()
            try:
                return Clip.from_bytes(self.cache.add(key, data, kind=Kind.CLIP))  # all take the first one's
            except ValueError:  # there is something, but no clip
                self.cache.put(key, data, kind=Kind.CLIP)
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
