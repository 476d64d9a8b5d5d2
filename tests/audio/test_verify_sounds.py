"""verify on sessions with a bed, breath tones and sounds of the author's own: good as built, and not deaf."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.audio.tampering import Tape
from tests.sound.tones import tone, write_sound
from voicecoach.config import Options
from voicecoach.model.timeline import Track
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.model.verdict import Verdict
from voicecoach.pipeline import Workshop, build
from voicecoach.sound.packs import load_pack
from voicecoach.source.nodes import SourceFile
from voicecoach.stages.verify import verify
from voicecoach.stages.verify.listening import Ear
from voicecoach.stages.verify.written import Written

ROUTINE = """\
title: All sounds
coach: {opening: no, safety: no, closing: no, get ready: 2s, halfway: no}
sounds: mine
%s
steps:
  - say: Stand up tall. Shake your arms for a moment.
  - breathe: {pattern: 3-2-4-2, for: 3 breaths}
  - sound: gong.flac
  - own-lunge: {name: Lunge, hold: 6s, set up: Step forward with your foot.}
"""
SECOND = SAMPLE_RATE_HZ


@pytest.fixture(scope="module", params=["", "bed: rain", "bed: drone"], ids=["silence", "rain", "drone"])
def built(request: pytest.FixtureRequest, fake_shop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Tape:
    """A session with a voice that speaks; its own sounds are not there any more when it is verified."""
    folder = tmp_path_factory.mktemp("sounds")
    write_sound(folder / "mine" / "end.wav", np.tile(tone(0.25, pitch_hz=1500), (2, 1)))
    write_sound(folder / "gong.flac", tone(2.0, pitch_hz=300) + tone(2.0, pitch_hz=811, level=0.2), 48_000)
    shop = replace(fake_shop, options=Options(voice="espeak"))
    outcome = build(SourceFile("x.yaml", ROUTINE % request.param, folder), "x", folder / "x.mp3", shop)
    assert outcome.session is not None, outcome.faults
    shutil.rmtree(folder / "mine")
    (folder / "gong.flac").unlink()
    return Tape.of(outcome.session.path)


@pytest.fixture
def after(built: Tape, tmp_path: Path) -> Callable[[Callable[[Tape], Any]], Verdict]:
    def run(tamper: Callable[[Tape], Any]) -> Verdict:
        tape = built.copy()
        tamper(tape)
        return verify(tape.write(tmp_path / "tampered.mp3", None if tape is built else 160))

    return run


def faults(verdict: Verdict) -> str:
    return "\n".join(map(str, verdict.faults))


def test_as_built_it_is_good(built: Tape) -> None:
    verdict = verify(built.path)
    assert verdict.good, faults(verdict)
    marks = {clip.earcon for clip in built.timeline.track("earcons").clips}
    assert {"in", "full", "out", "empty", "end", "gong.flac"} <= marks
    assert set(built.timeline.own_sounds) == {"end", "gong.flac"}
    assert {promise.name: promise.checked for promise in verdict.promises}["earcons"] == len(
        built.timeline.track("earcons").clips
    )


def test_coded_again_it_is_good(after: Callable[[Callable[[Tape], Any]], Verdict]) -> None:
    verdict = after(lambda tape: None)
    assert verdict.good, faults(verdict)


@pytest.mark.parametrize("name", ["in", "out", "gong.flac", "start"])
def test_a_sound_that_is_missing(built: Tape, after: Callable[[Callable[[Tape], Any]], Verdict], name: str) -> None:
    """Something else, as loud, is in its place: so it is under a bed, too."""
    clip = built.earcons(name)[-1]
    noise = np.random.default_rng(3).normal(0, 0.01, (clip.frames, built.samples.shape[1]))

    def muted(tape: Tape) -> None:
        tape.mute(clip.start, clip.end)
        tape.put(clip.start, noise)

    verdict = after(muted)
    found = [fault for fault in verdict.faults if fault.promise == "earcons"]
    assert [fault.breach.at for fault in found] == [clip.start], faults(verdict)
    assert "is not heard" in found[0].breach.message


@pytest.mark.parametrize("name", ["out", "end", "gong.flac"])
def test_a_sound_that_is_late(built: Tape, after: Callable[[Callable[[Tape], Any]], Verdict], name: str) -> None:
    clip = built.earcons(name)[0]
    verdict = after(lambda tape: tape.move(clip, SECOND * 30 // 1000))
    found = [fault for fault in verdict.faults if fault.breach.at == clip.start]
    assert re.search(r"is heard (29|3[01])(\.\d)? ms late", found[0].breach.message), faults(verdict)


@pytest.mark.parametrize("late_ms", [0, 6, -6, 30])
def test_every_sound_is_heard_where_it_is(built: Tape, late_ms: int) -> None:
    """To the frame, under any bed, though it was planned elsewhere."""
    late = SECOND * late_ms // 1000
    clips = built.timeline.track("earcons").clips
    earlier = Track("earcons", tuple(replace(clip, start=clip.start - late) for clip in clips))
    others = [track for track in built.timeline.tracks if track.name != "earcons"]
    with Written.of(built.path).reel() as reel:
        ear = Ear(reel, replace(built.timeline, tracks=(*others, earlier)), load_pack())
        found = [ear.near(index) for index in range(len(ear.marks))]
    off = {clip.earcon: match and match.at - clip.start for clip, match in zip(clips, found, strict=True)}
    assert len(off) >= 9
    assert all(frames is not None and abs(frames) <= 5 for frames in off.values()), off


@pytest.mark.parametrize("role", ["say", "breath"])
def test_words_that_are_missing(built: Tape, after: Callable[[Callable[[Tape], Any]], Verdict], role: str) -> None:
    """Under them go on a bed, or a breath tone."""
    clip = built.voice(role)[0]
    middle = clip.start + clip.frames // 4, clip.end - clip.frames // 4
    verdict = after(lambda tape: tape.gain(*middle, -40))
    found = [fault for fault in verdict.faults if fault.promise == "speech"]
    assert [fault.breach.at for fault in found] == [clip.start], faults(verdict)
