"""Make all sounds that are shipped: ``python scripts/make_sounds.py [FOLDER]`` (the repository's ``sounds/``, if none).

Earcons, ``PACK/NAME.wav``: 48 kHz, mono, 16 bit; without noise and random numbers, so the same code gives the same
bytes. They have a grammar, in loudness and in length, to be told with eyes shut: a repetition is less than a step of
the exercise, that less than a change of sides, that less than a rest between blocks, that less than the session's end.
Beds, ``beds/NAME.ogg``: stereo loops, from seeds (see `bed_designs.py`).
"""

from __future__ import annotations

import sys
import wave
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from bed_designs import BEDS, write_loop
from earcon_designs import LENGTHS_S, PACKS, frames

from voicecoach.model.clip import Samples
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.envelope import fade_in, fade_out
from voicecoach.sound.gain import apply_gain, peak_dbfs
from voicecoach.sound.weighting import loudest_lufs, mean_lufs

SOUNDS = Path(__file__).resolve().parent.parent / "sounds"
LOUDNESS_LUFS: Mapping[str, float] = {
    "lead-in": -40.0,
    "rep": -29.0,
    "tick": -25.0,
    "in": -23.0,
    "out": -23.0,
    "halfway": -21.0,
    "start": -19.5,
    "end": -19.0,
    "side": -17.5,
    "rest": -16.0,
    "done": -14.0,
}
"""Of the loudest 50 ms, K-weighted. A voice of -19 LUFS has moments of -12: no earcon is louder than the coach."""
MOST_PEAK_DBFS = -6.0


def finished(sound: Samples, loudness_lufs: float) -> Samples:
    """Fade the end to zero, take out what is left of DC, and set the loudness."""
    fade_frames = min(frames(0.06), len(sound) // 3)
    faded = fade_out(sound, fade_frames)
    shape = fade_out(fade_in(np.ones_like(faded), 48), fade_frames)
    level = faded - shape * (faded.sum(dtype=np.float64) / shape.sum(dtype=np.float64))
    return apply_gain(level.astype(np.float32), loudness_lufs - loudest_lufs(level))


def write_wav(path: Path, samples: Samples) -> None:
    """Write mono 16-bit WAV at 48 kHz."""
    pcm = np.rint(samples[:, 0].astype(np.float64) * 32_767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(pcm.tobytes())


def make_pack(name: str, folder: Path) -> None:
    """Write the earcons of a pack."""
    folder.mkdir(parents=True, exist_ok=True)
    for earcon, loudness_lufs in LOUDNESS_LUFS.items():
        samples = finished(PACKS[name][earcon](LENGTHS_S[earcon]), loudness_lufs)
        if peak_dbfs(samples) > MOST_PEAK_DBFS:
            raise ValueError(f"{name}/{earcon} peaks at {peak_dbfs(samples):.1f} dBFS")
        write_wav(folder / f"{earcon}.wav", samples)
        length_s = len(samples) / SAMPLE_RATE_HZ
        print(f"{name}/{earcon:8} {length_s:.3f} s  {loudness_lufs:6.1f} LUFS  peak {peak_dbfs(samples):6.1f} dBFS")


def make_bed(name: str, folder: Path) -> None:
    """Write the loop of a bed."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.ogg"
    loop = BEDS[name]()
    write_loop(path, loop)
    length_s, size_bytes = len(loop) / SAMPLE_RATE_HZ, path.stat().st_size
    print(f"beds/{name:10} {length_s:.3f} s  {mean_lufs(loop):6.1f} LUFS  {size_bytes} bytes")


def main(arguments: list[str]) -> int:
    """Write every sound into the folder."""
    if len(arguments) > 1:
        print("usage: make_sounds.py [FOLDER]", file=sys.stderr)
        return 2
    folder = Path(arguments[0]) if arguments else SOUNDS
    for name in PACKS:
        make_pack(name, folder / name)
    for name in BEDS:
        make_bed(name, folder / "beds")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
