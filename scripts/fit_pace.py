#!/usr/bin/env python3
"""Fit the figures of ``voicecoach/text/pace.py`` to a voice: what it takes over the library's own wording.

Run it when the default voice or its pace changes: python scripts/fit_pace.py [VOICE]
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import numpy as np

from voicecoach.cache import Cache
from voicecoach.config import default_jobs
from voicecoach.engines.registry import EngineShelf, find_voice
from voicecoach.library import Library
from voicecoach.model.clip import Utterance
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.stages.speak import Spoken, Studio, speak
from voicecoach.text.fill import fill
from voicecoach.text.normalise import normalise
from voicecoach.text.pace import estimate_s


def texts(library: Library) -> list[str]:
    """All wording of the library's exercises, and lines such as the coach says between."""
    found = ["Hold for 30 seconds on each side.", "Rest for 20 seconds.", "10 repetitions.", "Last one."]
    for exercise_id in library.exercise_ids:
        exercise = library.exercise(exercise_id)
        phrases = (exercise.set_up, exercise.breath, exercise.release, exercise.safety, *exercise.form)
        found.append(f"{exercise.spoken_name}.")
        for phrase in phrases:
            if phrase is not None:
                found += [phrase.full, phrase.shortest]
    filled = (fill(text, {"side": "left", "other side": "right"}) for text in found)
    return list(dict.fromkeys(normalise(text, "en") for text in filled))


def main(spec: str) -> None:
    """Speak all texts, fit letters, digits, pauses and start by least squares, and print the figures."""
    with tempfile.TemporaryDirectory() as folder, EngineShelf() as engines:
        voice = find_voice(spec, "en", engines)
        utterances = [Utterance(text, voice) for text in texts(Library())]
        studio = Studio(engines, Cache(Path(folder), 10**9), default_jobs())
        spoken = speak(utterances, Spoken(), studio)
        measured_s = np.array([spoken.frames(u) / SAMPLE_RATE_HZ for u in utterances])
    counts = np.array(
        [
            (
                sum(c.isalpha() for c in u.text),
                sum(c.isdigit() for c in u.text),
                len(re.findall(r"[.,;:!?]\s", u.text)),
                1,
            )
            for u in utterances
        ]
    )
    figures, *_ = np.linalg.lstsq(counts, measured_s, rcond=None)
    now_s = np.array([float(estimate_s(u.text)) for u in utterances])
    words = sum(len(u.text.split()) for u in utterances)
    print(f"{voice}: {len(utterances)} texts, {words / measured_s.sum() * 60:.0f} words a minute")
    print("fitted: letter {:.4f} s, digit {:.3f} s, pause {:.3f} s, start {:.3f} s".format(*figures))
    for name, estimate_of in (("fitted", counts @ figures), ("as it stands", now_s)):
        error = estimate_of - measured_s
        print(f"{name:13} total {error.sum() / measured_s.sum():+.2%}, each ±{error.std():.2f} s")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "espeak:en-us")
