"""expand: which sounds a session has, and what it says of its pack, its bed and its floor."""

from __future__ import annotations

from fractions import Fraction

import pytest
from expanding import only, script, spans

from voicecoach.model.cuescript import CueScript, Earcon, EarconCue, SpanKind, SpokenCue
from voicecoach.model.timeline import UsedBed

STEPS = """
pigeon-pose: {hold: 30s, sides: each}
sound: bell
breathe: {pattern: 4-2-6-0, for: 3 breaths}
leg-swings: 4 reps
sound: parts/gong.wav
rest: 20s
"""


def earcons(made: CueScript) -> list[tuple[str, str]]:
    return [(span.kind, str(cue.earcon)) for span in made.spans for cue in span.cues if isinstance(cue, EarconCue)]


def test_every_part_of_a_breath_has_its_tone() -> None:
    span = only(script("breathe: {pattern: 4-2-6-0, for: 2 breaths}"), SpanKind.BREATHE)
    tones = [(cue.earcon, cue.at_s, cue.length_s, cue.rep) for cue in span.cues if isinstance(cue, EarconCue)]
    assert tones == [
        (Earcon.IN, 0, 4, 1),
        (Earcon.FULL, 4, 2, 1),
        (Earcon.OUT, 6, 6, 1),
        (Earcon.IN, 12, 4, 2),
        (Earcon.FULL, 16, 2, 2),
        (Earcon.OUT, 18, 6, 2),
        (Earcon.END, 24, None, None),
    ]
    for cue in span.cues:
        if isinstance(cue, SpokenCue):
            assert all(not at_s <= cue.not_before_s < at_s + Fraction(15, 100) for _, at_s, _, _ in tones)


def test_the_phases_of_a_cycle_have_marks_and_no_tones() -> None:
    span = only(script("seated-hip-rotation: {cycles: 2, sides: both}"), SpanKind.CYCLES)
    assert {cue.length_s for cue in span.cues if isinstance(cue, EarconCue)} == {None}


def test_a_sound_step_plays_an_earcon_or_a_file() -> None:
    found = [earcon for kind, earcon in earcons(script(STEPS)) if kind == SpanKind.SOUND]
    assert found == ["start", "parts/gong.wav"]


@pytest.mark.parametrize(("written", "name"), [("/home/sam/gong.wav", "gong.wav"), ("~/gong.wav", "gong.wav")])
def test_where_an_author_keeps_things_is_not_told(written: str, name: str) -> None:
    assert earcons(script(f"sound: {written}"))[0][1] == name
    made = script("rest: 20s", head=f"bed: {{sound: {written}, level: -30 dB}}\nsounds: /home/sam/mine\n")
    assert made.bed == UsedBed(name, -30.0, 10.0)
    assert made.sounds == "mine/"


def test_without_sounds_only_what_a_step_asks_for_is_heard() -> None:
    plain, none = script(STEPS), script(STEPS, head="sounds: none\n")
    assert earcons(none) == [("sound", "start"), ("sound", "parts/gong.wav")]
    assert len(earcons(plain)) > 20
    for one, other in zip(plain.spans, none.spans, strict=True):
        assert (one.kind, one.length_s, one.where) == (other.kind, other.length_s, other.where)
        assert [cue for cue in one.cues if isinstance(cue, SpokenCue)] == [
            cue for cue in other.cues if isinstance(cue, SpokenCue)
        ]


@pytest.mark.parametrize(
    ("written", "kept"), [(None, "bells"), ("bells", "bells"), ("wood", "wood"), ("wood/", "wood/")]
)
def test_the_session_keeps_the_name_of_its_pack(written: str | None, kept: str) -> None:
    assert script("rest: 20s", head=f"sounds: {written}\n" if written else "").sounds == kept


def test_bed_and_floor_are_off_unless_written() -> None:
    made = script("rest: 20s")
    assert (made.bed, made.floor) == (None, False)
    made = script("rest: 20s", head="bed: rain\nfloor: on\n")
    assert (made.bed, made.floor) == (UsedBed("rain", -22.0, 10.0), True)
    assert len(spans(made, SpanKind.REST)) == 1
