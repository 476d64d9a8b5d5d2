"""The direct path: LAME over the whole session in order. The reference, and what is left where nothing else can be."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.model.master import Master, Measured
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.mp3.lame import LameEncoder
from voicecoach.stages.encode.layout import Stretch
from voicecoach.stages.encode.workshop import around, figures_of, span, with_surroundings

_BLOCK_FRAMES = 20 * 48_000


def encode_plainly(
    master: Master, stretches: list[Stretch], bitrate_kbps: int, measured: list[Measured]
) -> Iterator[bytes]:
    """Encode a session.

    Parameters
    ----------
    master
        What is read.
    stretches
        Where it is active, and has to be measured.
    bitrate_kbps
        Of the stream.
    measured
        What is measured is added to it.

    Yields
    ------
    bytes
        Of the stream, as they are ready.
    """
    encoder = LameEncoder(rate_hz=master.rate_hz, channels=master.channels, bitrate_kbps=bitrate_kbps)
    for stretch in stretches:
        start, end = span(master, stretch)
        if stretch.is_measured:
            samples = with_surroundings(master, stretch)
            measured.append(Measured(start, end - start, figures_of(master, stretch, samples)))
            before = start - around(stretch)[0] * MP3_FRAME_FRAMES
            yield encoder.encode(samples[before : before + end - start])
        else:
            for at in range(start, end, _BLOCK_FRAMES):
                yield encoder.encode(master.read(at, min(_BLOCK_FRAMES, end - at)))
    yield encoder.finish()
