"""The MP3 frames of a session, spliced or plain, and the Info header that belongs to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from voicecoach.cache import Cache
from voicecoach.config import Encoding
from voicecoach.errors import EncodeError
from voicecoach.model.master import Master, Measured
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.mp3.frames import frame_size_bytes
from voicecoach.mp3.header import InfoHeader, MusicTally
from voicecoach.mp3.lame import ENCODER_DELAY_FRAMES, lame_name, mp3_frame_count
from voicecoach.mp3.splice import Packer, Slots
from voicecoach.stages.encode.joining import CannotJoinError, pour
from voicecoach.stages.encode.layout import Stretch, lay_out
from voicecoach.stages.encode.plain import encode_plainly
from voicecoach.stages.encode.workshop import PieceWorkshop, threads

Progress = Callable[[str, int, int], None]
"""Called with (stage, done, of)."""


@dataclass(frozen=True)
class Music:
    """A session, to be encoded.

    Attributes
    ----------
    master
        What is heard.
    encoding
        Bitrate, which path, how many threads.
    cache
        Where what was encoded is kept.
    progress
        Called with ("encode", frames done, of).
    """

    master: Master
    encoding: Encoding
    cache: Cache
    progress: Progress | None = None

    def write(self, file: BinaryIO) -> tuple[InfoHeader, list[Measured]]:
        """Write the MP3 frames; give the header that states them, and what was measured.

        Where a splice cannot be packed, the session is encoded plainly, over what was written.

        Raises
        ------
        EncodeError
            The audio cannot be encoded, or the master's regions are not all of it.
        OutputError
            The cache cannot be written.
        """
        stretches = lay_out(self.master)
        if not self.encoding.plain:
            try:
                return self._spliced(file, stretches)
            except CannotJoinError:
                file.seek(0)
                file.truncate()
        measured: list[Measured] = []
        stream = encode_plainly(self.master, stretches, self.bitrate_kbps, measured)
        return self._write(file, stream), measured

    @property
    def bitrate_kbps(self) -> int:
        """What was asked for, or what is usual for so many channels."""
        return self.encoding.bitrate_for(self.master.channels)

    def _spliced(self, file: BinaryIO, stretches: list[Stretch]) -> tuple[InfoHeader, list[Measured]]:
        master, jobs = self.master, self.encoding.jobs
        slots = Slots(master.rate_hz, self.bitrate_kbps, master.channels)
        with threads(jobs) as pool:
            workshop = PieceWorkshop(master, slots, self.cache, stretches, pool, jobs)
            stream = pour(stretches, workshop.piece, Packer(slots), mp3_frame_count(master.frames))
            return self._write(file, stream), workshop.measured

    def _write(self, file: BinaryIO, stream: Iterator[bytes]) -> InfoHeader:
        master = self.master
        tally = MusicTally(rate_hz=master.rate_hz, channels=master.channels, bitrate_kbps=self.bitrate_kbps)
        an_mp3_frame_bytes = frame_size_bytes(master.rate_hz, self.bitrate_kbps)
        for data in stream:
            tally.add(data)
            file.write(data)
            if self.progress is not None:
                done = tally.music_bytes // an_mp3_frame_bytes * MP3_FRAME_FRAMES
                self.progress("encode", min(done, master.frames), master.frames)
        info = tally.header(length_frames=master.frames, delay_frames=ENCODER_DELAY_FRAMES, encoder=lame_name())
        if info.mp3_frames != mp3_frame_count(master.frames):
            raise EncodeError(f"{info.mp3_frames} MP3 frames were made for {master.frames} frames of audio")
        return info
