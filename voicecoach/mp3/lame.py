"""LAME, through lameenc: the only door to it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache

import numpy as np

from voicecoach.errors import EncodeError
from voicecoach.model.clip import Samples
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.mp3.frames import check_format, count_frames

ENCODER_DELAY_FRAMES = 576
"""What LAME puts before the music, in frames: the delay that the Info header states.

Neither lameenc nor the stream tells it. It was measured, and the tests measure it again with independent decoders:
without an Info header a burst comes out of ffmpeg and of mpg123 1105 frames late (576, and the 529 of every decoder),
at each of the 14 bitrates, mono and stereo, at 32, 44.1 and 48 kHz (lameenc 1.9.0, LAME 4.0).
"""

QUALITIES = {1: 3, 2: 5}
"""Of LAME's 0 (best) to 9, by channels: its own default, and of stereo what ffmpeg takes (``libmp3lame.c``).

A minute of speech takes, on one core, at quality 2, 3 and 5: mono 96 kbit/s 0.56, 0.35, 0.31 s; stereo 128 kbit/s
over a noise bed 0.96, 0.66, 0.51 s. The ratio of noise to signal by band is the same within 0.4 dB (mono -21.8,
-22.1, -22.0; stereo -14.9, -15.1, -14.7). So 2 gains nothing; 5 pays where it saves a quarter, and not in mono, where
noise at a lower bitrate, as the bed's loop has it, comes out 1 dB worse.
"""

_SCALES = ((160, 0.95), (192, 0.97), (224, 0.98))
"""Highest bitrate, and scale."""
_FULL_SCALE = 32_767
_MONO, _STEREO = 1, 2


def mp3_frame_count(length_frames: int) -> int:
    """How many MP3 frames LAME makes of a piece of audio: ``1 + ceil(length / 1152)``.

    That is the delay of 576 frames, the audio, and at least 576 frames more, in whole MP3 frames (LAME's
    ``lame_encode_flush``).

    Parameters
    ----------
    length_frames
        Frames of audio, 0 or more.
    """
    return 1 + -(-length_frames // MP3_FRAME_FRAMES)


def loss_db(bitrate_kbps: int) -> float:
    """Tell by how much LAME makes everything softer at a bitrate, in dB.

    So that its own overshoot does not clip, it scales by what its presets say (``presets.c``: 0.95 up to 160 kbit/s,
    0.97 at 192, 0.98 at 224, 1 from 256 on). Measured with speech and tones: -0.45, -0.27, -0.18 and 0.00 dB.
    """
    scale = next((scale for most_kbps, scale in _SCALES if bitrate_kbps <= most_kbps), 1.0)
    return -20 * math.log10(scale)


@cache
def version() -> str:
    """Version of lameenc, as in ``1.9.0``: part of the key of what is encoded with it."""
    from importlib.metadata import version as installed

    return installed("lameenc")


@cache
def lame_name() -> str:
    """LAME's name and version as it signs its streams, ``LAME4.0``: for the Info header. At most 9 characters.

    The name stands in what is left over of a frame of silence; lameenc has no function for it.
    """
    encoder = LameEncoder(channels=1, bitrate_kbps=128)
    stream = encoder.encode(np.zeros((4 * MP3_FRAME_FRAMES, 1), np.float32)) + encoder.finish()
    found = re.search(rb"LAME[0-9][0-9.]*", stream)
    return found.group().decode("ascii")[:9] if found else "LAME"


class LameEncoder:
    """Encodes audio as it comes to an MP3 stream of constant bitrate, without any header frame.

    How the audio is cut into blocks does not change a byte of the stream. lameenc releases the GIL: several of these
    run in parallel.

    Parameters
    ----------
    rate_hz
        Sample rate of the audio and of the stream: 32000, 44100 or 48000.
    channels
        1 or 2.
    bitrate_kbps
        One of `frames.BITRATES_KBPS`.

    Attributes
    ----------
    length_frames
        Frames of audio taken in so far.
    stream_bytes
        Bytes given out so far.

    Raises
    ------
    EncodeError
        MP3 has no such format.
    """

    def __init__(self, *, rate_hz: int = SAMPLE_RATE_HZ, channels: int, bitrate_kbps: int) -> None:
        check_format(rate_hz, bitrate_kbps)
        if channels not in (_MONO, _STEREO):
            raise EncodeError(f"an MP3 has 1 or 2 channels, not {channels}")
        import lameenc

        self.rate_hz = rate_hz
        self.channels = channels
        self.bitrate_kbps = bitrate_kbps
        self.length_frames = 0
        self.stream_bytes = 0
        self._finished = False
        self._lame = lameenc.Encoder()
        self._lame.set_in_sample_rate(rate_hz)
        self._lame.set_out_sample_rate(rate_hz)  # or LAME resamples at low bitrates
        self._lame.set_channels(channels)
        self._lame.set_bit_rate(bitrate_kbps)
        self._lame.set_quality(QUALITIES[channels])
        self._lame.silence()

    def encode(self, samples: Samples) -> bytes:
        """Take audio in and give out the bytes that are ready, perhaps none, perhaps ending within an MP3 frame.

        Parameters
        ----------
        samples
            float32, shape (frames, channels), -1 to 1. Rounded to 16 bit, 1.0 being 32767.

        Raises
        ------
        EncodeError
            The shape is another, a sample is beyond full scale (it would have to be clipped) or is not a number, LAME
            failed, or `finish` has been called.
        """
        if self._finished:
            raise EncodeError("the MP3 is finished: no more audio can be encoded")
        if samples.ndim != 2 or samples.shape[1] != self.channels:
            raise EncodeError(f"audio of shape (frames, {self.channels}) was expected, not {samples.shape}")
        if not len(samples):
            return b""
        self._check_range(samples)
        pcm = np.rint(samples * np.float32(_FULL_SCALE)).astype("<i2").tobytes()
        return self._taken(self._run(lambda: self._lame.encode(pcm)), len(samples))

    def finish(self) -> bytes:
        """Give out the rest. The stream then has exactly ``mp3_frame_count(length_frames)`` MP3 frames.

        Raises
        ------
        EncodeError
            LAME failed, or gave another number of MP3 frames than its delay allows (a LAME that behaves unlike the
            one we measured).
        """
        if self._finished:
            raise EncodeError("the MP3 is finished already")
        self._finished = True
        if not self.length_frames:
            self._run(lambda: self._lame.encode(b""))  # or lameenc refuses to flush
        rest = self._taken(self._run(self._lame.flush), 0)
        expected = mp3_frame_count(self.length_frames)
        got = count_frames(self.stream_bytes, self.rate_hz, self.bitrate_kbps)
        if got != expected:
            raise EncodeError(f"LAME gave {got} MP3 frames for {self.length_frames} frames of audio, not {expected}")
        return rest

    def _check_range(self, samples: Samples) -> None:
        lowest, highest = float(samples.min()), float(samples.max())
        if lowest >= -1.0 and highest <= 1.0:
            return
        wrong = ~(np.abs(samples).max(axis=1) <= 1.0)
        frame = self.length_frames + int(np.argmax(wrong))
        value = float(np.abs(samples[np.argmax(wrong)]).max())
        raise EncodeError(
            f"the audio is beyond full scale at frame {frame} ({frame / self.rate_hz:.3f} s): {value:.3f}",
            hint="nothing is ever clipped silently: level or limit it before",
        )

    def _taken(self, data: bytes, length_frames: int) -> bytes:
        self.length_frames += length_frames
        self.stream_bytes += len(data)
        return data

    def _run(self, call: Callable[[], bytes | bytearray]) -> bytes:
        try:
            return bytes(call())
        except Exception as fault:
            raise EncodeError(f"LAME failed: {fault}") from fault
