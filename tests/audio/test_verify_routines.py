"""Whatever is built keeps its promises: with the system's voice, too, and random routines on paper.

That every built-in routine does so with the embedded voice is asked by `test_session_levels`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.audio.tampering import without_mp3_frames
from tests.stages.random_routines import routines
from voicecoach.config import Options
from voicecoach.model.session import Outcome
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.pipeline import Workshop, build, plan
from voicecoach.sound.packs import load_pack
from voicecoach.source.nodes import SourceFile
from voicecoach.stages.verify import verify
from voicecoach.stages.verify.planned import timeline_kept

BELLS = load_pack()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["calm-down", "knee-relief"])
def test_a_routine_with_the_voice_of_the_system(fake_shop: Workshop, tmp_path: Path, name: str) -> None:
    shop = replace(fake_shop, options=Options(voice="system"))
    outcome = build(shop.library.routine_source(name), name, tmp_path / f"{name}.mp3", shop)
    assert outcome.session is not None, outcome.faults
    verdict = verify(outcome.session.path)
    assert verdict.good, "\n".join(map(str, verdict.faults))
    assert {promise.name: promise.numbers for promise in verdict.promises}["earcons"]["worst_ms"] < 0.1


@pytest.mark.slow
def test_half_a_second_cut_out_of_a_long_session(morning_mp3: Outcome, tmp_path: Path) -> None:
    """In the bytes, without coding again; of all that comes early behind it nothing more is told."""
    assert morning_mp3.session is not None
    path, timeline = morning_mp3.session.path, morning_mp3.session.timeline
    hold = next(span for span in timeline.spans if (span.kind, span.side) == ("hold", "right"))
    last = hold.end - 3 * SAMPLE_RATE_HZ
    cut = tmp_path / "cut.mp3"
    cut.write_bytes(without_mp3_frames(path, (last - SAMPLE_RATE_HZ) // MP3_FRAME_FRAMES, 21))
    verdict = verify(cut)
    told = "\n".join(map(str, verdict.faults))
    assert verdict.first is not None
    assert verdict.first.promise == "holds", told
    assert (verdict.first.breach.at, verdict.first.breach.step, verdict.first.breach.side) == (last, hold.step, "right")
    assert "everything comes 0.504 s early" in verdict.first.breach.message
    assert [fault.promise for fault in verdict.faults] == ["holds", "sides", "length"], told


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=routines())
def test_any_routine_is_planned_by_the_rules(text: str, fake_shop: Workshop) -> None:
    """What `verify` asks of a timeline, whatever `expand` and `place` make keeps."""
    timeline = plan(SourceFile("random.yaml", text), "random", fake_shop, exact=True).timeline
    assert timeline is not None
    promise = timeline_kept(timeline, BELLS)
    assert promise.kept, "\n".join(map(str, promise.broken))
