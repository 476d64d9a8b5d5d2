"""Make the earcons: ``python scripts/make_sounds.py [FOLDER]`` (the repository's ``sounds/`` unless told).

The grammar, to be told apart with eyes shut:

========  ==========================================================================  ========
lead-in   a chord that swells out of nothing: something will be said                  hardly there
rep       a soft short tap                                                            softest
tick      a short dry knock, higher                                                   |
halfway   the same knock twice, brighter: there is as much to come as there was       |
side      two notes in turn, low high low high: now the other one                     |
rest      a soft fall, like breathing out                                             |
in        a soft rise: breathe in                                                     |
out       a soft fall, higher and shorter than rest: breathe out, or let go           |
start     a bright bell that opens upward                                             |
end       a lower bell of two partials a sixth apart                                  |
done      three notes that rise and ring                                              loudest
========  ==========================================================================  ========

*tick*, *start*, *end* and *rep* mark an instant: they begin at their first frame. All lies between 300 Hz and 6 kHz,
which the speaker of a phone plays. The same code gives the same bytes: no clock, no noise, no random numbers.
"""

from __future__ import annotations

import sys
import wave
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from voicecoach.model.clip import Samples
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.envelope import fade_in, fade_out, overlay
from voicecoach.sound.gain import apply_gain, peak_dbfs
from voicecoach.sound.tone import Partial, bell, glide

SOUNDS = Path(__file__).resolve().parent.parent / "sounds"

# Notes, equal temperament, A4 = 440 Hz.
D5, F5, G5, B5, C6, E6, B6 = 587.33, 698.46, 783.99, 987.77, 1046.50, 1318.51, 1975.53


def frames(length_s: float) -> int:
    """Frames of a length at 48 kHz."""
    return round(length_s * SAMPLE_RATE_HZ)


def finished(sound: Samples, peak: float, fade_s: float) -> Samples:
    """Fade the end to zero, take out what is left of DC, and set the peak in dBFS."""
    faded = fade_out(sound, frames(fade_s))
    shape = fade_out(fade_in(np.ones_like(faded), 48), frames(fade_s))
    level = faded - shape * (faded.sum(dtype=np.float64) / shape.sum(dtype=np.float64))
    return apply_gain(level.astype(np.float32), peak - peak_dbfs(level))


def struck(partials: tuple[Partial, ...], length_s: float) -> Samples:
    """Strike a bell of that length."""
    return bell(partials, frames(length_s), SAMPLE_RATE_HZ)


def knock(pitch_hz: float, length_s: float, decay_s: float) -> Samples:
    """Knock on wood: a tone and a short overtone of it, gone at once."""
    wood = (Partial(pitch_hz, 1.0, decay_s), Partial(pitch_hz * 2.42, 0.35, decay_s * 0.5))
    return struck(wood, length_s)


def note(pitch_hz: float, length_s: float, decay_s: float, attack_s: float = 0.004) -> Samples:
    """Play a mellow note: a sine with a little of its octave and twelfth."""
    mellow = (
        Partial(pitch_hz, 1.0, decay_s, attack_s),
        Partial(pitch_hz * 2, 0.22, decay_s * 0.6, attack_s),
        Partial(pitch_hz * 3, 0.06, decay_s * 0.4, attack_s),
    )
    return fade_out(struck(mellow, length_s), frames(min(0.03, length_s / 4)))


def sequence(parts: tuple[tuple[float, Samples], ...], length_s: float) -> Samples:
    """Put sounds at their seconds into one."""
    base = np.zeros((frames(length_s), 1), np.float32)
    for at_s, sound in parts:
        base = overlay(base, sound, frames(at_s))
    return base


def rep() -> Samples:
    """Tap softly."""
    return finished(knock(820.0, 0.07, 0.011), -15.5, 0.03)


def tick() -> Samples:
    """Knock dryly."""
    return finished(knock(1480.0, 0.09, 0.014), -11.0, 0.03)


def halfway() -> Samples:
    """Knock twice, with a little ring."""
    one = note(B6, 0.12, 0.035, 0.001)
    return finished(sequence(((0.0, one), (0.125, one)), 0.25), -13.0, 0.03)


def side() -> Samples:
    """Two notes in turn."""
    turns = tuple((index * 0.125, note((F5, B5)[index % 2], 0.124, 0.12)) for index in range(4))
    return finished(sequence(turns, 0.5), -14.5, 0.04)


def rest() -> Samples:
    """Fall softly."""
    fall = glide(880.0, 415.0, frames(0.5), SAMPLE_RATE_HZ) + 0.15 * glide(1760.0, 830.0, frames(0.5), SAMPLE_RATE_HZ)
    return finished(fade_in(fall.astype(np.float32), frames(0.06)), -15.0, 0.3)


def breath_in() -> Samples:
    """Rise softly: breathe in."""
    rise = glide(392.0, 659.0, frames(0.45), SAMPLE_RATE_HZ) + 0.2 * glide(784.0, 1318.0, frames(0.45), SAMPLE_RATE_HZ)
    return finished(fade_in(rise.astype(np.float32), frames(0.03)), -16.0, 0.3)


def breath_out() -> Samples:
    """Fall softly: breathe out, or let go."""
    fall = glide(494.0, 349.0, frames(0.45), SAMPLE_RATE_HZ) + 0.3 * glide(988.0, 698.0, frames(0.45), SAMPLE_RATE_HZ)
    return finished(fade_in(fall.astype(np.float32), frames(0.03)), -16.5, 0.3)


def start() -> Samples:
    """Strike a bright bell whose upper partials open after it."""
    partials = (
        Partial(C6, 1.0, 0.11),
        Partial(C6 * 1.5, 0.5, 0.14, 0.05),
        Partial(C6 * 2, 0.6, 0.16, 0.09),
        Partial(C6 * 3, 0.25, 0.12, 0.09),
        Partial(C6 * 4, 0.12, 0.03),
    )
    return finished(struck(partials, 0.35), -8.0, 0.08)


def end() -> Samples:
    """Strike a lower bell of two partials."""
    partials = (Partial(D5, 1.0, 0.18), Partial(B5, 0.6, 0.13), Partial(B5 * 2.4, 0.12, 0.02))
    return finished(struck(partials, 0.5), -8.0, 0.1)


def done() -> Samples:
    """Rise three notes, and let the last one ring."""
    notes = ((0.0, note(G5, 0.6, 0.25)), (0.18, note(C6, 0.6, 0.25)), (0.36, note(E6, 0.84, 0.3)))
    return finished(sequence(notes, 1.2), -6.5, 0.4)


def lead_in() -> Samples:
    """Swell softly and let go: it wakes the earphones, and hardly anybody notices it."""
    partials = (Partial(622.25, 1.0, 9.0), Partial(932.33, 0.7, 9.0), Partial(1661.22, 0.35, 9.0))
    swell = np.sin(np.linspace(0.0, np.pi / 2, frames(0.5), dtype=np.float32)) ** 2
    return finished(struck(partials, 0.5) * swell[:, np.newaxis], -32.0, 0.15)


EARCONS: Mapping[str, Callable[[], Samples]] = {
    "tick": tick,
    "start": start,
    "end": end,
    "halfway": halfway,
    "side": side,
    "rest": rest,
    "rep": rep,
    "in": breath_in,
    "out": breath_out,
    "done": done,
    "lead-in": lead_in,
}


def write_wav(path: Path, samples: Samples) -> None:
    """Write mono 16-bit WAV at 48 kHz."""
    pcm = np.rint(samples[:, 0].astype(np.float64) * 32_767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(pcm.tobytes())


def main(arguments: list[str]) -> int:
    """Write every earcon into the folder."""
    if len(arguments) > 1:
        print("usage: make_sounds.py [FOLDER]", file=sys.stderr)
        return 2
    folder = Path(arguments[0]) if arguments else SOUNDS
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in EARCONS.items():
        samples = make()
        write_wav(folder / f"{name}.wav", samples)
        print(f"{name:8} {len(samples) / SAMPLE_RATE_HZ:.3f} s  peak {peak_dbfs(samples):6.1f} dBFS")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
