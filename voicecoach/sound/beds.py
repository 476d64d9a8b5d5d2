"""Beds: what sounds under the voice, as a loop without a seam."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import version
from pathlib import Path

import numpy as np

from voicecoach.errors import SoundError
from voicecoach.model.clip import Clip, Samples
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.sound.files import SoundReel, open_any, read_sound
from voicecoach.sound.gain import to_linear
from voicecoach.sound.resample import Resampler
from voicecoach.sound.weighting import mean_lufs

BED_NAMES = ("rain", "soft-noise", "drone")
BUILT_IN_LOOP_FRAMES = 1500 * MP3_FRAME_FRAMES
"""36 s."""
BUILT_IN_PAD_FRAMES = 4 * MP3_FRAME_FRAMES
"""So much of its beginning lies behind a loop of ours in its file once more, to be faded over into it."""
LOOP_LUFS = -23.0
"""Mean loudness of every loop, K-weighted, over all of it."""
MOST_S = 120
"""So much of a file is heard, again and again: it is held in memory."""
LEAST_S = 2
FADE_S = 2
"""Its end goes over into its beginning in this time, or in a quarter of it."""
LOOP_VERSION = "1"
"""Changed whenever the same file gives another loop."""
SILENT_LUFS = -70.0
_PACKAGE = "voicecoach.sounds"
_BLOCK_S = 5


@dataclass(frozen=True)
class BedLoop:
    """A bed that can be played for ever.

    Attributes
    ----------
    sound
        A built-in name, or the path of the author's file.
    key
        Hash of all that makes its samples: equal keys, equal samples.
    """

    sound: str | Path
    key: str

    @property
    def is_texture(self) -> bool:
        """Ours are: they may be taken up anywhere. An author's own may be music, which goes on as it is."""
        return isinstance(self.sound, str)

    def clip(self) -> Clip:
        """Make the loop; nothing of it is kept here.

        Returns
        -------
        Clip
            48 kHz, float32, shape (frames, 1 or 2): a multiple of 1152 frames whose end goes over into its beginning,
            of `LOOP_LUFS` on average.

        Raises
        ------
        SoundError
            The file cannot be read, is shorter than 2 s, or silent.
        """
        samples = _shipped_loop(self.sound) if isinstance(self.sound, str) else _own_loop(self.sound)
        loudness_lufs = mean_lufs(samples)
        if loudness_lufs < SILENT_LUFS:
            raise SoundError(f"there is nothing to be heard in {self.sound}")
        samples *= np.float32(to_linear(LOOP_LUFS - loudness_lufs))
        return Clip(samples, SAMPLE_RATE_HZ)


def load_bed(name: str, folder: Path | None = None) -> BedLoop:
    """Find a bed; it is not decoded before its clip is asked for.

    Parameters
    ----------
    name
        One of `BED_NAMES`, or a file.
    folder
        Where a file is looked for; None: where the program was started.

    Raises
    ------
    SoundError
        There is no such file.
    """
    if name in BED_NAMES:
        with _shipped(name) as path:
            return BedLoop(name, _key(hashlib.sha256(path.read_bytes())))
    path = Path(name).expanduser() if name.startswith("~/") else Path(name)
    path = path if folder is None else folder / path
    try:
        with path.open("rb") as file:
            return BedLoop(path, _key(hashlib.file_digest(file, "sha256")))
    except OSError as fault:
        raise SoundError(f"cannot read {path}: {fault.strerror or fault}") from fault


def loop_of(samples: Samples, fade_frames: int) -> Samples:
    """Make a loop of a stretch of sound: its end is faded over into its beginning, at equal power.

    Parameters
    ----------
    samples
        float32, shape (frames, channels). Its beginning is changed in place.
    fade_frames
        How long both sound together; at most half of it.

    Returns
    -------
    Samples
        A view of the beginning: as many frames as fit, a multiple of 1152, without the end that went over.
    """
    length = (len(samples) - fade_frames) // MP3_FRAME_FRAMES * MP3_FRAME_FRAMES
    angle = (np.arange(fade_frames, dtype=np.float32)[:, np.newaxis] + 0.5) / fade_frames * np.float32(np.pi / 2)
    samples[:fade_frames] *= np.sin(angle)
    samples[:fade_frames] += samples[length : length + fade_frames] * np.cos(angle)
    return samples[:length]


def _key(digest: hashlib._Hash) -> str:
    return f"{LOOP_VERSION} {version('soxr')} {digest.hexdigest()}"


@contextmanager
def _shipped(name: str) -> Iterator[Path]:
    """Give a bed of ours as a file: read by its path, since in a callback of libsndfile's a Ctrl-C would be lost."""
    try:
        source = resources.files(_PACKAGE).joinpath("beds", f"{name}.ogg")
        if not source.is_file():
            raise FileNotFoundError(str(source))
        with resources.as_file(source) as path:
            yield path
    except (OSError, ModuleNotFoundError) as fault:
        raise SoundError(
            f"the bed '{name}' is missing from the installation", hint="install voicecoach again"
        ) from fault


def _shipped_loop(name: str) -> Samples:
    with _shipped(name) as path:
        clip = read_sound(path)
    if clip.rate_hz != SAMPLE_RATE_HZ or clip.frames != BUILT_IN_LOOP_FRAMES + BUILT_IN_PAD_FRAMES:
        raise SoundError(f"the bed '{name}' is damaged", hint="install voicecoach again")
    loop, behind = clip.samples[:BUILT_IN_LOOP_FRAMES], clip.samples[BUILT_IN_LOOP_FRAMES:]
    share = np.linspace(0, 1, BUILT_IN_PAD_FRAMES, endpoint=False, dtype=np.float32)[:, np.newaxis]
    loop[:BUILT_IN_PAD_FRAMES] = share * loop[:BUILT_IN_PAD_FRAMES] + (1 - share) * behind
    return loop


def _own_loop(path: Path) -> Samples:
    with open_any(path, MOST_S) as reel:
        samples = _at_our_rate(reel)
    if len(samples) < LEAST_S * SAMPLE_RATE_HZ:
        raise SoundError(f"{path} is too short for a bed: {len(samples) / SAMPLE_RATE_HZ:.1f} s")
    return loop_of(samples, min(FADE_S * SAMPLE_RATE_HZ, len(samples) // 4))


def _at_our_rate(reel: SoundReel) -> Samples:
    """Read block by block, so that memory holds the sound once."""
    channels = reel.channels if reel.channels <= 2 else 1
    samples = np.zeros((MOST_S * SAMPLE_RATE_HZ, channels), np.float32)
    resampler, filled = Resampler(reel.rate_hz, channels), 0
    for block in reel.blocks(_BLOCK_S * reel.rate_hz):
        piece = resampler.more(block if channels == reel.channels else block.mean(axis=1, keepdims=True))
        piece = piece[: len(samples) - filled]
        samples[filled : filled + len(piece)] = piece
        filled += len(piece)
        if filled == len(samples):
            return samples
    piece = resampler.rest()[: len(samples) - filled]
    samples[filled : filled + len(piece)] = piece
    return samples[: filled + len(piece)]
