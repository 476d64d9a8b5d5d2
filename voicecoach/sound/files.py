"""Sound files, read. The only door to pydub and, with `sound.written`, to soundfile."""

from __future__ import annotations

import io
import shutil
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from voicecoach.errors import SoundError
from voicecoach.model.clip import Clip, Samples

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK_FRAMES = 1 << 19
_HELD_BLOCKS = 8
_READ_BYTES = 1 << 16
_READ_WITHOUT_FFMPEG = frozenset({".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff"})


def read_sound(source: Path | BinaryIO) -> Clip:
    """Read a sound file: WAV, AIFF, FLAC, OGG, MP3 and what else libsndfile knows.

    Parameters
    ----------
    source
        A path, or a file that is open for reading in binary and seekable.

    Returns
    -------
    Clip
        At the file's own rate and channels. 16-bit samples are divided by 32768.

    Raises
    ------
    SoundError
        The file is missing, is no sound, or holds samples that are no numbers.
    """
    import soundfile

    name = str(source) if isinstance(source, Path) else str(getattr(source, "name", "the sound"))
    if isinstance(source, Path) and not source.is_file():
        raise SoundError(f"there is no sound file {name}")
    try:
        samples, rate_hz = soundfile.read(source, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError, ValueError, TypeError) as fault:
        raise SoundError(f"cannot read {name} as sound: {fault}") from fault
    if not np.isfinite(samples).all():
        raise SoundError(f"cannot use {name} as sound: it holds samples that are no numbers")
    return Clip(samples, int(rate_hz))


def stated_frames(path: Path) -> int:
    """How many frames a sound file has as libsndfile counts them, without decoding it.

    Raises
    ------
    SoundError
        It cannot be read as sound.
    """
    import soundfile

    try:
        return int(soundfile.info(str(path)).frames)
    except (soundfile.SoundFileError, OSError, ValueError, TypeError) as fault:
        raise SoundError(f"cannot read {path} as sound: {fault}") from fault


def stated_length_s(path: Path) -> float | None:
    """How long a sound file says that it is, without decoding it; None: ffmpeg can read it, the length is not known.

    Raises
    ------
    SoundError
        It is missing, or cannot be read as sound, or only by an ffmpeg that is not there.
    """
    import soundfile

    if not path.is_file():
        raise SoundError(f"there is no sound file {path}")
    try:
        found = soundfile.info(str(path))
        return float(found.frames / found.samplerate)
    except (soundfile.SoundFileError, OSError, ValueError, TypeError, ZeroDivisionError):
        with open_any(path, 1):
            return None


@contextmanager
def open_any(path: Path, most_s: int) -> Iterator[SoundReel]:
    """Open a sound file of any format: by libsndfile, else with ffmpeg's help.

    Parameters
    ----------
    path
        The file.
    most_s
        How much of it will be looked at, at the most: ffmpeg decodes no more.

    Raises
    ------
    SoundError
        It is missing, or neither can read it, or ffmpeg is needed and not there.
    """
    if not path.is_file():
        raise SoundError(f"there is no sound file {path}")
    with ExitStack() as stack:
        try:
            reel = stack.enter_context(SoundReel(path))
        except SoundError as fault:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="voicecoach-")))
            reel = stack.enter_context(SoundReel(_by_ffmpeg(path, folder, most_s, fault)))
        yield reel


def _by_ffmpeg(path: Path, folder: Path, most_s: int, fault: SoundError) -> Path:
    """Let ffmpeg decode a file, through pydub; return where the sound is now."""
    if shutil.which("ffmpeg") is None:
        if path.suffix.lower() in _READ_WITHOUT_FFMPEG:
            raise fault
        hint = "install ffmpeg, which reads it if anything does, or save it as WAV, FLAC, OGG or MP3"
        raise SoundError(f"cannot read {path} as sound without ffmpeg", hint=hint) from fault
    from pydub import AudioSegment
    from pydub.exceptions import CouldntDecodeError

    target = folder / "sound.wav"
    try:
        AudioSegment.from_file(str(path), duration=most_s).export(str(target), format="wav").close()
    except (CouldntDecodeError, OSError, IndexError, KeyError, ValueError) as error:
        raise fault from error
    return target


class SoundReel:
    """A long sound file, decoded as it is looked at: a few blocks are held, whatever its length.

    Best read from front to back; to look back at what is not held any more costs some milliseconds.

    Parameters
    ----------
    path
        The file.
    from_byte
        Where in the file the sound begins. Of an MP3, behind its Info frame: the decoder then gives all that it
        decodes, the encoder's delay and padding with it, and it does not matter how it would have heeded the header.
    skip_frames
        What to leave out at the beginning: delay. Frame 0 is the one behind it.
    most_frames
        What lies behind this many frames is left out too: padding. None: nothing.

    Attributes
    ----------
    rate_hz, channels
        Of the sound.

    Raises
    ------
    SoundError
        It cannot be read as sound.
    """

    def __init__(self, path: Path, *, from_byte: int = 0, skip_frames: int = 0, most_frames: int | None = None) -> None:
        import soundfile

        self.path = path
        self._faults = (soundfile.SoundFileError, OSError, ValueError, TypeError)
        self._skip_frames = skip_frames
        self._most_frames = most_frames
        self._blocks: OrderedDict[int, Samples] = OrderedDict()
        self._bytes = io.BufferedReader(_Behind(path, from_byte), _READ_BYTES)
        try:
            self._sound: Any = soundfile.SoundFile(self._bytes)
        except self._faults as fault:
            self._bytes.close()
            raise SoundError(f"cannot read {path} as sound: {fault}") from fault
        self.rate_hz = int(self._sound.samplerate)
        self.channels = int(self._sound.channels)
        self._next_block = 0

    def __enter__(self) -> SoundReel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sound.close()
        self._bytes.close()

    def blocks(self, frames: int) -> Iterator[Samples]:
        """Give the whole sound from front to back, so many frames at a time: float32, shape (frames, channels)."""
        start = 0
        while True:
            block = self._from(start, frames)
            if not len(block):
                return
            yield block
            start += len(block)

    def read(self, start: int, frames: int) -> Samples:
        """Read a stretch; what lies before the beginning or behind the end is silence.

        Returns
        -------
        Samples
            float32, shape (frames, channels).
        """
        samples = np.zeros((frames, self.channels), np.float32)
        first = max(start, 0)
        found = self._from(first, start + frames - first)
        samples[first - start : first - start + len(found)] = found
        return samples

    def _from(self, start: int, frames: int) -> Samples:
        """Read what there is of a stretch."""
        if self._most_frames is not None:
            frames = min(frames, self._most_frames - start)
        at, end, pieces = start + self._skip_frames, start + self._skip_frames + max(frames, 0), []
        while at < end:
            number, within = divmod(at, _BLOCK_FRAMES)
            piece = self._block(number)[within : within + end - at]
            if not len(piece):
                break
            pieces.append(piece)
            at += len(piece)
        return np.concatenate(pieces) if pieces else np.zeros((0, self.channels), np.float32)

    def _block(self, number: int) -> Samples:
        if number in self._blocks:
            self._blocks.move_to_end(number)
            return self._blocks[number]
        try:
            if number != self._next_block:
                self._sound.seek(number * _BLOCK_FRAMES)
            block: Samples = self._sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
        except self._faults as fault:
            # A seek beyond the end is refused: there is nothing.
            if number * _BLOCK_FRAMES < len(self._sound):
                raise SoundError(f"cannot read {self.path} as sound: {fault}") from fault
            return np.zeros((0, self.channels), np.float32)
        self._next_block = number + 1 if len(block) == _BLOCK_FRAMES else -1
        self._blocks[number] = block
        if len(self._blocks) > _HELD_BLOCKS:
            self._blocks.popitem(last=False)
        return block


class _Behind(io.RawIOBase):
    """A file whose first bytes are not there."""

    def __init__(self, path: Path, from_byte: int) -> None:
        self._file = path.open("rb", buffering=0)
        self._from_byte = from_byte
        self._file.seek(from_byte)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._file.readinto(buffer) or 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset + (self._from_byte if whence == io.SEEK_SET else 0), whence) - self._from_byte

    def tell(self) -> int:
        return self._file.tell() - self._from_byte

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
