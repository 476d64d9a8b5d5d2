"""A routine that is made of every kind of file there is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from PIL import Image

ROUTINE = """\
title: All of it
author: Kim
voice: recorded:./kim
image: pictures/cover.png
bed: ../music/bed.wav
sounds: earcons
steps:
  - say: Hello {name}.
  - wipers
  - swing
  - sound: bell.wav
  - include: shared/cooldown.yaml
with:
  name: you
"""
COOLDOWN = """\
title: Cool down
steps:
  - sound: sounds/drop.wav
  - include: inner/last.yaml
"""
LAST = """\
title: Last
steps:
  - sound: ../sounds/drop.wav
  - sound: end.wav
  - rest: 5s
"""


def write_tone(path: Path, length_s: float = 0.3, hz: float = 440.0) -> Path:
    """Write a tone as a sound file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    times = np.arange(round(48_000 * length_s)) / 48_000
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * hz * times), 48_000)
    return path


def write_routine(folder: Path) -> Path:
    """Write the routine and its files into a folder, and its bed beside that. Its wipers are the user's own."""
    for name in ("exercises", "pictures", "shared/inner", "kim/roles"):
        (folder / name).mkdir(parents=True)
    (folder / "exercises" / "swing.yaml").write_text("name: Swings\nset up: Stand up.\nreps: 3\n", encoding="utf-8")
    (folder / "shared" / "cooldown.yaml").write_text(COOLDOWN, encoding="utf-8")
    (folder / "shared" / "inner" / "last.yaml").write_text(LAST, encoding="utf-8")
    (folder / "kim" / "voice.toml").write_text('otherwise = "fake"\n', encoding="utf-8")
    Image.new("RGB", (64, 64), "#123456").save(folder / "pictures" / "cover.png")
    write_tone(folder.parent / "music" / "bed.wav", 3.0, 220)
    write_tone(folder / "shared" / "sounds" / "drop.wav", hz=700)
    for name in ("bell", "shared/inner/end", "earcons/start", "kim/change-sides", "kim/roles/halfway"):
        write_tone(folder / f"{name}.wav", hz=500 + 10 * len(name))
    path = folder / "all.yaml"
    path.write_text(ROUTINE, encoding="utf-8")
    return path
