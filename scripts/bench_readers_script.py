#!/usr/bin/env python3
"""What people write who want such a session without voicecoach: what `bench.py` measures us against.

One WAV file a cue by pyttsx3, all of them put after one another with pydub, the MP3 by ffmpeg:
``python bench_readers_script.py CUES.json OUT.mp3 FOLDER``. It keeps nothing from one run to the next, as such scripts
do, so that it takes as long for one new word as for a new session. It does not level, duck, tag or prove anything.

CUES.json holds ``voice``, ``rate`` (pyttsx3's), ``bitrate``, ``length_ms``, ``cues`` (in order, each with ``at_ms`` and
either ``say`` or ``beep`` and ``ms``) and ``bed`` (None, or ``file`` and ``db``).
"""

import ctypes
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

Cue = dict[str, Any]
PITCHES_HZ = (440, 660, 880, 1320)


def speak(cues: list[Cue], folder: Path, voice: str, rate: int) -> None:
    """Speak each cue into a file of its own."""
    if sys.platform.startswith("linux"):  # the same espeak-ng as ours, without the system's
        import espeakng_loader

        os.environ["ESPEAK_DATA_PATH"] = str(espeakng_loader.get_data_path())
        ctypes.CDLL(str(espeakng_loader.get_library_path()))
    import pyttsx3

    ended: list[bool] = []
    engine = pyttsx3.init()
    engine.connect("finished-utterance", lambda **_: ended.append(True))
    engine.setProperty("voice", voice)
    engine.setProperty("rate", rate)
    engine.runAndWait()  # the first one returns at once, whatever there is to say
    time.sleep(0.1)
    for number, cue in enumerate(cues):
        ended.clear()
        engine.save_to_file(cue["say"], str(folder / f"{number}.wav"))
        engine.runAndWait()
        while not ended:
            time.sleep(0.002)


def join(cues: list[Cue], length_ms: int, folder: Path) -> Any:
    """Put one thing after another, with silence between; what begins before the last has ended goes over it."""
    from pydub import AudioSegment
    from pydub.generators import Sine

    beeps: dict[tuple[str, int], Any] = {}
    number = 0
    session = AudioSegment.empty()
    for cue in cues:
        if "say" in cue:
            sound = AudioSegment.from_wav(folder / f"{number}.wav")
            number += 1
        else:
            name = cue["beep"], cue["ms"]
            if name not in beeps:
                pitch_hz = PITCHES_HZ[len(beeps) % len(PITCHES_HZ)]
                beeps[name] = Sine(pitch_hz).to_audio_segment(duration=cue["ms"], volume=-12).fade_out(20)
            sound = beeps[name]
        session = put(session, sound, cue["at_ms"])
    return put(session, AudioSegment.empty(), length_ms)


def put(session: Any, sound: Any, at_ms: int) -> Any:
    """Append a sound where its time has come; lay it over what is there where that is later already."""
    from pydub import AudioSegment

    gap_ms = at_ms - len(session)
    if gap_ms >= 0:
        if gap_ms:
            session += AudioSegment.silent(gap_ms)
        return session + sound
    over_ms = at_ms + len(sound) - len(session)
    if over_ms > 0:  # overlay would cut it off
        session += AudioSegment.silent(over_ms)
    return session.overlay(sound, position=at_ms)


def main(plan_file: str, out: str, folder: str) -> None:
    """Make the session, and print what took how long."""
    plan = json.loads(Path(plan_file).read_text(encoding="utf-8"))
    spent_s: dict[str, float] = {}
    last_s = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal last_s
        spent_s[name], last_s = time.perf_counter() - last_s, time.perf_counter()

    speak([cue for cue in plan["cues"] if "say" in cue], Path(folder), plan["voice"], plan["rate"])
    lap("speech")
    session = join(plan["cues"], plan["length_ms"], Path(folder))
    lap("joining")
    if plan["bed"] is not None:
        from pydub import AudioSegment

        session = session.overlay(AudioSegment.from_file(plan["bed"]["file"]) + plan["bed"]["db"], loop=True)
        lap("bed")
    session.export(out, format="mp3", bitrate=plan["bitrate"])
    lap("export")
    print(json.dumps({"spent_s": spent_s, "length_ms": len(session)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
