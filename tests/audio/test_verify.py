"""verify: a session as it was built keeps all its promises; each way of tampering breaks the right one, told once."""

from __future__ import annotations

import re
import struct
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.audio.tampering import Tape, encoded, ms
from voicecoach.config import Options
from voicecoach.errors import SessionFileError
from voicecoach.model.session import Outcome
from voicecoach.model.timeline import Chapter, Span, Timeline
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ, to_ms
from voicecoach.model.verdict import Breach, Verdict
from voicecoach.mp3.header import MusicTally
from voicecoach.mp3.id3 import Tags, build_tag
from voicecoach.mp3.lame import ENCODER_DELAY_FRAMES
from voicecoach.pipeline import Workshop, build
from voicecoach.sound.packs import load_pack
from voicecoach.source.nodes import SourceFile
from voicecoach.stages.verify import verify
from voicecoach.stages.verify.planned import timeline_kept

ROUTINE = """\
title: Both sides
coach: {opening: no, safety: no, closing: no, get ready: 2s, change sides: 2s, halfway: no}
steps:
  - say: Stand up tall. Shake your arms for a moment.
  - own-lunge:
      name: Lunge
      sides: each
      hold: 6s
      set up: Step forward with your {side} foot, and sink.
  - rest: 5s
  - own-squat: {name: Squat, reps: 5, tempo: 1-0-1-0, set up: Feet apart. Look ahead of you.}
"""
BELLS = load_pack()
NAMES = ["file", "timeline", "length", "chapters", "level", "earcons", "holds", "sides", "speech", "silence"]
SECOND = SAMPLE_RATE_HZ
Tamper = Callable[[Tape], Any]


@pytest.fixture(scope="module")
def built(build_text: Callable[[str], Outcome]) -> Tape:
    """The session with the voice that needs no engine."""
    outcome = build_text(ROUTINE)
    assert outcome.session is not None, outcome.faults
    return Tape.of(outcome.session.path)


@pytest.fixture(scope="module")
def spoken(fake_shop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Tape:
    """The same with a voice that speaks: its words differ in more than their length."""
    shop = replace(fake_shop, options=Options(voice="espeak"))
    outcome = build(SourceFile("x.yaml", ROUTINE), "x", tmp_path_factory.mktemp("spoken") / "spoken.mp3", shop)
    assert outcome.session is not None, outcome.faults
    return Tape.of(outcome.session.path)


@pytest.fixture
def after(built: Tape, tmp_path: Path) -> Callable[..., Verdict]:
    """Tamper with the session, write it again, and verify it."""

    def run(tamper: Tamper, bitrate_kbps: int | None = None, tape: Tape = built) -> Verdict:
        tape = tape.copy()
        tamper(tape)
        return verify(tape.write(tmp_path / "tampered.mp3", bitrate_kbps))

    return run


def broken(verdict: Verdict) -> set[str]:
    return {promise.name for promise in verdict.promises if not promise.kept}


def expect(verdict: Verdict, promise: str, message: str, *, at: int, step: int | None, side: str | None = None) -> None:
    """The first fault is that one, there; and there is no flood."""
    told = "\n".join(map(str, verdict.faults))
    first = verdict.first
    assert first is not None
    assert first.promise == promise, told
    assert re.search(message, first.breach.message), told
    assert (first.breach.at, first.breach.step, first.breach.side) == (pytest.approx(at, abs=ms(60)), step, side), told
    assert len(verdict.faults) <= 4, told


def hold(tape: Tape, side: str) -> Any:
    return tape.span("hold", side)


def in_hold(tape: Tape, side: str = "right") -> int:
    """A moment of a hold at which nothing sounds."""
    return hold(tape, side).start + SECOND


# As it was built


def test_a_session_as_built(built: Tape) -> None:
    verdict = verify(built.path)
    assert verdict.good, list(map(str, verdict.faults))
    assert verdict.first is None
    assert [promise.name for promise in verdict.promises] == NAMES
    numbers = {promise.name: promise.numbers for promise in verdict.promises}
    marks = built.timeline.track("earcons").clips
    assert numbers["earcons"]["good"] == len(marks) > 15
    assert numbers["earcons"]["worst_ms"] < 0.1
    assert numbers["holds"]["good"] == 3
    assert numbers["sides"]["good"] == 1
    assert numbers["speech"]["outlined"] == len(built.timeline.track("voice").clips)
    assert numbers["speech"]["least_share"] == 1.0
    assert numbers["silence"]["loudest_dbfs"] == -np.inf
    assert -12 < numbers["level"]["peak_dbfs"] < -1
    values = verdict.to_json()
    assert values["good"] is True
    assert values["first"] is None
    assert values["promises"][-1]["numbers"]["loudest_dbfs"] is None, "JSON has no infinity"


def test_coding_it_again_changes_nothing(after) -> None:
    assert after(lambda tape: None, 96).good


@pytest.mark.parametrize("bitrate_kbps", [48, 128])
def test_another_bitrate_passes(after, bitrate_kbps: int) -> None:
    verdict = after(lambda tape: None, bitrate_kbps)
    assert verdict.good, list(map(str, verdict.faults))


def test_in_stereo_it_passes(built: Tape, tmp_path: Path) -> None:
    path = tmp_path / "stereo.mp3"
    path.write_bytes(built.tag + encoded(np.repeat(built.samples, 2, axis=1), 128))
    verdict = verify(path)
    assert verdict.good, list(map(str, verdict.faults))


@pytest.mark.parametrize("gain_db", [-4, 2])
def test_all_of_it_softer_or_louder_passes(after, built: Tape, gain_db: int) -> None:
    verdict = after(lambda tape: tape.gain(0, len(tape.samples), gain_db))
    assert verdict.good, list(map(str, verdict.faults))
    assert built.timeline.levels is not None
    made_db = built.timeline.levels.gain_db
    assert verdict.promises[5].numbers["gain_db"] == pytest.approx(made_db + gain_db - 0.45, abs=0.3)


def test_far_too_soft(after) -> None:
    verdict = after(lambda tape: tape.gain(0, len(tape.samples), -12))
    expect(verdict, "level", r"12\.\d dB softer", at=0, step=None)
    assert broken(verdict) == {"level"}


# Earcons


def tick(tape: Tape, side: str = "right") -> Any:
    """The second of three ticks."""
    return tape.earcons("tick", "hold", side)[1]


@pytest.mark.parametrize("by_ms", [30, -30, 6, -6])
def test_a_tick_out_of_its_place(after, built: Tape, by_ms: int) -> None:
    verdict = after(lambda tape: tape.move(tick(tape), ms(by_ms)))
    how = f"'tick' sound is heard {abs(by_ms)} ms {'late' if by_ms > 0 else 'early'}"
    expect(verdict, "earcons", how, at=tick(built).start, step=2, side="right")
    assert broken(verdict) == {"earcons"}
    assert len(verdict.faults) == 1
    assert verdict.promises[5].numbers["worst_ms"] == pytest.approx(abs(by_ms), abs=0.1)


@pytest.mark.parametrize("by_ms", [3, -3])
def test_three_milliseconds_pass(after, by_ms: int) -> None:
    verdict = after(lambda tape: tape.move(tick(tape), ms(by_ms)))
    assert verdict.good, list(map(str, verdict.faults))
    assert verdict.promises[5].numbers["worst_ms"] == pytest.approx(3, abs=0.1)


def test_an_end_far_out_of_its_place(after, built: Tape) -> None:
    """Longer off than is looked at first: it is found, and told of once."""
    end = built.earcons("end", "hold", "left")[0]
    verdict = after(lambda tape: tape.move(tape.earcons("end", "hold", "left")[0], -ms(400)))
    expect(verdict, "earcons", r"'end' sound is heard 0\.4 s early", at=end.start, step=2, side="left")
    assert "silence" not in broken(verdict)


@pytest.mark.parametrize(("name", "kind", "number"), [("tick", "hold", 1), ("rep", "reps", 2), ("start", "hold", 0)])
def test_a_muted_earcon(after, built: Tape, name: str, kind: str, number: int) -> None:
    """Among others of its kind, too: a neighbour is not taken for it."""
    clip = built.earcons(name, kind)[number]
    verdict = after(lambda tape: tape.mute(clip.start, clip.end))
    expect(verdict, "earcons", "is not heard: there is silence", at=clip.start, step=clip.step, side=clip.side)
    assert broken(verdict) == {"earcons"}
    assert len(verdict.faults) == 1


@pytest.mark.parametrize("gain_db", [-5, 5])
def test_an_earcon_softer_or_louder_than_the_others(after, built: Tape, gain_db: int) -> None:
    clip = built.earcons("tick", "hold", "left")[0]
    verdict = after(lambda tape: tape.gain(clip.start, clip.end, gain_db))
    how = rf"(4\.[89]|5\.[0-2]) dB {'louder' if gain_db > 0 else 'softer'} than the others"
    expect(verdict, "earcons", how, at=clip.start, step=2, side="left")


def test_all_earcons_of_a_kind_softer(after, built: Tape) -> None:
    """A mixer's fault, told once."""
    ticks = built.earcons("tick")

    def soften(tape: Tape) -> None:
        for clip in ticks:
            tape.gain(clip.start, clip.end, -6)

    verdict = after(soften)
    expect(verdict, "earcons", r"every 'tick' sound is \d\.\d dB softer", at=ticks[0].start, step=2, side="left")
    assert len(verdict.faults) == 1


def test_another_earcon_in_its_place(after, built: Tape) -> None:
    clip = tick(built)

    def exchange(tape: Tape) -> None:
        tape.mute(clip.start, clip.end)
        tape.put(clip.start, BELLS.clips["rest"].samples)

    verdict = after(exchange)
    expect(verdict, "earcons", "'tick' .* the 'rest' sound is in its place", at=clip.start, step=2, side="right")
    assert len(verdict.faults) == 1


# Cuts and insertions


@pytest.mark.parametrize("cut_ms", [500, 1000, 40])
def test_a_cut_in_the_right_side_s_hold(after, built: Tape, cut_ms: int) -> None:
    """A whole second too, after which each tick lies in the place of the next."""
    verdict = after(lambda tape: tape.cut(in_hold(tape), ms(cut_ms)))
    first_tick = built.earcons("tick", "hold", "right")[0].start
    how = {500: "lasts 5.5 s instead of 6 s", 1000: "lasts 5 s instead of 6 s", 40: "lasts 40 ms too short"}[cut_ms]
    message = rf"the hold on the right \(step 2, own-lunge\) {how}: from .* on everything comes .* early"
    expect(verdict, "holds", message, at=first_tick, step=2, side="right")
    assert broken(verdict) == {"holds", "sides", "length"}
    assert len(verdict.faults) == 3


def test_an_insertion_in_the_left_side_s_hold(after, built: Tape) -> None:
    verdict = after(lambda tape: tape.insert(in_hold(tape, "left"), ms(500)))
    first_tick = built.earcons("tick", "hold", "left")[0].start
    message = r"the hold on the left .* lasts 6\.5 s instead of 6 s: .* everything comes 0\.5 s late"
    expect(verdict, "holds", message, at=first_tick, step=2, side="left")
    assert broken(verdict) == {"holds", "sides", "length"}
    assert len(verdict.faults) == 3


def test_a_whole_repetition_cut_out(after, built: Tape) -> None:
    taps = built.earcons("rep")
    verdict = after(lambda tape: tape.cut(taps[2].start - ms(100), taps[3].start - taps[2].start))
    assert verdict.first is not None
    assert verdict.first.promise == "holds"
    assert "the repetitions (step 4, own-squat) last 8 s instead of 10 s" in verdict.first.breach.message
    assert broken(verdict) == {"holds", "length"}


def test_an_insertion_between_what_is_said(after, built: Tape) -> None:
    """Between two marks there is much speech: it tells where."""
    said = built.voice("set-up")[2]
    verdict = after(lambda tape: tape.insert(said.start - ms(50), ms(500)))
    message = r"the set-up on the left .* 0\.5 s late"
    expect(verdict, "earcons", message, at=said.start, step=2, side="left")
    assert broken(verdict) == {"earcons", "length"}
    assert "speech" not in broken(verdict)


def test_two_cuts_are_two_faults(after, built: Tape) -> None:
    def twice(tape: Tape) -> None:
        tape.cut(in_hold(tape, "right"), ms(500))
        tape.cut(in_hold(tape, "left"), ms(300))

    verdict = after(twice)
    holds = next(promise for promise in verdict.promises if promise.name == "holds")
    assert [breach.side for breach in holds.broken] == ["left", "right"]
    assert "5.7 s" in holds.broken[0].message
    assert "5.5 s" in holds.broken[1].message
    assert broken(verdict) == {"holds", "sides", "length"}


# Speech


def cue(tape: Tape) -> Any:
    return tape.voice("set-up", 2 * SECOND)[0]


def test_a_muted_cue(after, built: Tape) -> None:
    clip = cue(built)
    verdict = after(lambda tape: tape.mute(clip.start, clip.end))
    expect(verdict, "speech", "is not heard: there is silence", at=clip.start, step=2, side="left")
    assert clip.text[:20] in str(verdict.first)
    assert len(verdict.faults) == 1


def test_half_a_cue_muted(after, built: Tape) -> None:
    clip = cue(built)
    verdict = after(lambda tape: tape.mute(clip.start + clip.frames // 2, clip.end))
    expect(verdict, "speech", r"is silent from \d", at=clip.start, step=2, side="left")
    assert len(verdict.faults) == 1


def test_two_words_of_a_long_cue_muted(after, built: Tape) -> None:
    clip = built.voice("say")[0]
    middle = clip.start + clip.frames // 2
    verdict = after(lambda tape: tape.mute(middle, middle + ms(300)))
    expect(verdict, "speech", "is silent from", at=clip.start, step=1)


@pytest.mark.slow
def test_two_cues_swapped(after, spoken: Tape) -> None:
    one, other = spoken.voice("say")[0], spoken.voice("set-up", 2 * SECOND)[0]
    verdict = after(lambda tape: tape.swap(one, other), tape=spoken)
    message = "(something else is heard instead of|does not sound as).*'Stand up|'Stand up.*does not sound"
    expect(verdict, "speech", message, at=one.start, step=1)
    speech = next(promise for promise in verdict.promises if promise.name == "speech")
    assert [breach.step for breach in speech.broken] == [1, 2]


@pytest.mark.slow
def test_another_text(after, spoken: Tape) -> None:
    """The words for the right side on the left."""
    one = next(clip for clip in spoken.voice() if "your left foot" in (clip.text or ""))
    other = next(clip for clip in spoken.voice() if "your right foot" in (clip.text or ""))
    frames = min(one.frames, other.frames)

    def exchange(tape: Tape) -> None:
        taken = tape.samples[other.start : other.start + frames].copy()
        tape.mute(one.start, one.end)
        tape.put(one.start, taken)

    verdict = after(exchange, tape=spoken)
    expect(verdict, "speech", "instead of|does not sound as", at=one.start, step=2, side="left")
    assert len(verdict.faults) == 1


@pytest.mark.slow
@pytest.mark.parametrize("by_ms", [400, -60])
def test_a_cue_out_of_its_place(after, spoken: Tape, by_ms: int) -> None:
    clip = spoken.voice("say")[0]
    verdict = after(lambda tape: tape.move(clip, ms(by_ms)), tape=spoken)
    how = "0.4 s late" if by_ms > 0 else "60 ms early"
    expect(verdict, "speech", f"is heard {how}", at=clip.start, step=1)
    assert len(verdict.faults) == 1, "that it sounds where there should be silence is the same fault"


def test_a_softer_cue(after, built: Tape) -> None:
    clip = cue(built)
    verdict = after(lambda tape: tape.gain(clip.start, clip.end, -8))
    expect(verdict, "speech", r"[78]\.\d dB softer than it was spoken", at=clip.start, step=2, side="left")


def without_outlines(values: dict) -> None:
    for clip in values["tracks"][0]["clips"]:
        clip.pop("outline", None)


def test_a_file_without_outlines(after, built: Tape) -> None:
    verdict = after(lambda tape: tape.replan(without_outlines))
    assert verdict.good, list(map(str, verdict.faults))
    assert "no outlines" in verdict.promises[8].title


@pytest.mark.parametrize("part", ["all", "tail"])
def test_a_muted_cue_without_outlines(after, built: Tape, part: str) -> None:
    clip = cue(built)

    def mute(tape: Tape) -> None:
        tape.replan(without_outlines)
        tape.mute(clip.start if part == "all" else clip.start + clip.frames // 2, clip.end)

    message = "is not heard" if part == "all" else "falls silent before its end"
    expect(after(mute), "speech", message, at=clip.start, step=2, side="left")


# Silence and level


def test_a_click_in_a_gap(after, built: Tape) -> None:
    at = in_hold(built)
    verdict = after(lambda tape: tape.put(at, np.array([[0.4], [-0.4], [0.2]])))
    message = r"\d+ ms of sound in the hold on the right .* where silence was planned \(peak -\d"
    expect(verdict, "silence", message, at=at, step=2, side="right")
    assert len(verdict.faults) == 1


def test_a_voice_in_a_gap(after, built: Tape) -> None:
    at, said = in_hold(built), built.voice("rest")[0]
    verdict = after(lambda tape: tape.put(at, tape.samples[said.start : said.end]))
    expect(verdict, "silence", "of sound in the hold on the right", at=at, step=2, side="right")
    assert len(verdict.faults) == 1, "pauses between words do not make it several"


def test_a_hum_under_all_of_it(after) -> None:
    """Soft, but not silent: told of gap by gap."""

    def hum(tape: Tape) -> None:
        tape.put(0, 0.004 * np.sin(np.arange(len(tape.samples)) * 0.01)[:, np.newaxis])

    verdict = after(hum)
    assert "silence" in broken(verdict)
    assert verdict.promises[9].numbers["loudest_dbfs"] == pytest.approx(-48, abs=1.5)


def test_clipping(after, built: Tape) -> None:
    clip = built.voice("say")[0]

    def overdrive(tape: Tape) -> None:
        tape.gain(clip.start, clip.end, 30)
        np.clip(tape.samples, -1, 1, out=tape.samples)

    verdict = after(overdrive)
    level = next(promise for promise in verdict.promises if promise.name == "level")
    assert "are clipped" in level.broken[0].message
    assert (level.broken[0].step, clip.start <= level.broken[0].at < clip.end) == (1, True)
    assert broken(verdict) == {"level", "speech"}


# The timeline in the tag


def shorter_right_side(values: dict) -> None:
    """What an edit that contradicts itself nowhere but in the sides' lengths looks like."""
    half = SECOND // 2
    index = next(n for n, span in enumerate(values["spans"]) if (span["kind"], span.get("side")) == ("hold", "right"))
    span = values["spans"][index]
    middle = span["start"] + span["frames"] // 2
    span["frames"] -= half
    values["frames"] -= half
    for later in values["spans"][index + 1 :]:
        later["start"] -= half
    for clip in (clip for track in values["tracks"] for clip in track["clips"]):
        clip["start"] -= half if clip["start"] > middle else 0
    for chapter in values["chapters"]:
        if chapter["start"] > middle:
            chapter["start"] -= half
        elif chapter["start"] + chapter["frames"] > middle:
            chapter["frames"] -= half


def test_a_timeline_whose_right_side_was_made_shorter(after, built: Tape) -> None:
    verdict = after(lambda tape: tape.replan(shorter_right_side))
    assert verdict.first is not None
    assert verdict.first.promise == "timeline"
    assert "6 s on the left and 5.5 s on the right" in verdict.first.breach.message
    assert (verdict.first.breach.step, verdict.first.breach.side) == (2, "right")
    assert {"holds", "length", "chapters"} <= broken(verdict)


def edited(track: int, earcon: str, **changes: int) -> Callable[[dict], None]:
    def edit(values: dict) -> None:
        clip = next(clip for clip in values["tracks"][track]["clips"] if clip.get("earcon") == earcon)
        for name, value in changes.items():
            clip[name] += value

    return edit


def contradictions(tape: Tape, edit: Callable[[dict], None]) -> tuple[Breach, ...]:
    """What is found wrong with an edited timeline, without listening."""
    values = tape.timeline.to_json()
    edit(values)
    return timeline_kept(Timeline.from_json(values), BELLS).broken


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (edited(1, "tick", start=ms(40)), "a 'tick' is planned 2.96 s before the end, not 3 s"),
        (edited(1, "start", start=ms(40)), "no 'start' sound is planned where the hold on the left"),
        (edited(1, "end", start=ms(40)), "no sound is planned where the hold on the left .* ends"),
        (edited(1, "rep", start=ms(40)), "off the rhythm of the repetitions|are not numbered"),
        (edited(1, "tick", frames=7), "has another length than in this voicecoach"),
        (lambda values: values["spans"].pop(3), "a hole of .* in the timeline before"),
        (lambda values: values["chapters"].pop(1), "a hole of .* before chapter"),
        (lambda values: values["spans"].pop(), "the spans end at .* the total is not their sum"),
        (lambda values: values["tracks"][0]["clips"][1].update(start=10**9), "outside of the session"),
        (lambda values: values["tracks"][0]["clips"][1].update(start=0), "is planned to begin .* before '.*' ends"),
    ],
    ids=["tick", "start", "end", "rep", "length", "span", "chapter", "total", "outside", "overlap"],
)
def test_a_timeline_that_contradicts_itself(built: Tape, edit: Callable[[dict], None], message: str) -> None:
    broken = contradictions(built, edit)
    assert any(re.search(message, breach.message) for breach in broken), list(map(str, broken))


@pytest.mark.parametrize(
    ("track", "role", "change", "message"),
    [
        (0, "say", {"side": "left"}, None),
        (1, "tick", {"earcon": "rep", "role": "rep"}, "other sounds planned on the left than on the right"),
    ],
)
def test_left_and_right_have_the_same_cues(
    built: Tape, track: int, role: str, change: dict, message: str | None
) -> None:
    def edit(values: dict) -> None:
        next(clip for clip in values["tracks"][track]["clips"] if clip["role"] == role).update(change)

    broken = contradictions(built, edit)
    assert bool(broken) == (message is not None)
    assert message is None or any(message in breach.message for breach in broken)


# Chapters


def retimed(tape: Tape) -> None:
    """Two chapters exchange their times in the bytes of the tag, and keep their titles."""
    one, other = (struct.pack(">II", to_ms(c.start), to_ms(c.end)) for c in tape.timeline.chapters[1:3])
    between = b"\0" * 8
    for old, new in ((one, between), (other, one), (between, other)):
        tape.change_bytes(old, new)


def retitled(tape: Tape) -> None:
    def change(tags: Tags) -> Tags:
        first, second, third, *rest = tags.chapters
        return replace(tags, chapters=(first, (third[0], *second[1:]), (second[0], *third[1:]), *rest))

    tape.retag(change)


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda tape: tape.swap_chapter_frames(1), "do not stand in order in the file: 'Lunge, right' comes before"),
        (retimed, "chapter 'Lunge, left' goes from"),
        (retitled, "the chapter 'Lunge, left' is called 'Lunge, right'"),
        (lambda tape: tape.change_bytes(b"ch1\0ch2", b"ch2\0ch1"), "the table of contents has another order"),
        (lambda tape: tape.change_bytes(b"ch1\0ch2", b"ch1\0ch1"), "does not list each of them once"),
        (lambda tape: tape.change_bytes(b"CTOC", b"XTOC"), "no table of contents"),
        (lambda tape: tape.retag(lambda tags: replace(tags, chapters=tags.chapters[:-1])), "the tag has 4 chapters"),
        (lambda tape: tape.retag(lambda tags: replace(tags, title="Another")), "the tag's title is 'Another'"),
    ],
    ids=["bytes", "times", "titles", "contents", "twice", "no contents", "one less", "title"],
)
def test_chapters(after, tamper: Tamper, message: str) -> None:
    verdict = after(tamper)
    assert broken(verdict) == {"chapters"}
    assert re.search(message, str(verdict.first)), str(verdict.first)
    if "Lunge" in message:
        assert (verdict.first.breach.step, verdict.first.breach.side) == (2, "left")


# The file


def test_a_file_cut_short(built: Tape, tmp_path: Path) -> None:
    path = tmp_path / "short.mp3"
    data = built.path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    verdict = verify(path)
    first = verdict.first
    assert first.promise == "file"
    assert f"it is cut off: {len(data) - len(data) * 2 // 3} of {len(data)} bytes are missing" in first.breach.message
    assert first.breach.at / built.timeline.frames == pytest.approx(0.66, abs=0.03)
    assert len(verdict.faults) <= 4, "one for each promise, not one for each cue that is gone"


def test_half_a_second_missing_at_the_end(after, built: Tape) -> None:
    verdict = after(lambda tape: tape.cut(len(tape.samples) - SECOND // 2, SECOND // 2))
    expect(verdict, "length", r"it is 0\.5 s too short", at=built.timeline.frames - SECOND // 2, step=None)
    assert broken(verdict) == {"length"}


def test_a_damaged_byte_of_sound(built: Tape, tmp_path: Path) -> None:
    path = tmp_path / "damaged.mp3"
    data = bytearray(built.path.read_bytes())
    data[-20_000] ^= 0x10
    path.write_bytes(data)
    verdict = verify(path)
    assert verdict.first.promise == "file"
    assert "checksum" in verdict.first.breach.message


@pytest.mark.parametrize(("more", "good"), [(b"TAG" + bytes(125), True), (b"\0" * 500, False)])
def test_what_stands_behind_the_sound(built: Tape, tmp_path: Path, more: bytes, good: bool) -> None:
    """Another program's tag is none of our business."""
    path = tmp_path / "longer.mp3"
    path.write_bytes(built.path.read_bytes() + more)
    assert verify(path).good == good


def test_another_delay_in_the_header(built: Tape, tmp_path: Path) -> None:
    """Players would play all of it 10 ms late."""
    from voicecoach.mp3.header import read_info

    info = read_info(built.path)
    other = replace(info, delay_frames=info.delay_frames - 480)
    path = tmp_path / "late.mp3"
    data = built.path.read_bytes()
    path.write_bytes(data.replace(info.to_bytes(), other.to_bytes()))
    verdict = verify(path)
    assert "comes 10 ms late" in str(verdict.first)


def test_not_ours(tmp_path: Path, built: Tape) -> None:
    path = tmp_path / "x.mp3"
    for data in (b"", b"ID3", b"no sound at all", encoded(built.samples[:SECOND]), built.tag):
        path.write_bytes(data)
        with pytest.raises(SessionFileError) as caught:
            verify(path)
        assert str(path) in caught.value.message


@pytest.mark.parametrize(
    "edit",
    [
        lambda values: values.update(frames="many"),
        lambda values: values.update(frames=10**30),
        lambda values: values["tracks"][0]["clips"][0].update(start=None),
        lambda values: values["tracks"][0]["clips"][0].update(outline="xyz"),
        lambda values: values["spans"][0].update(kind=7),
        lambda values: values.pop("chapters"),
    ],
)
def test_a_damaged_timeline(after, edit: Callable[[dict], None]) -> None:
    with pytest.raises(SessionFileError, match="timeline is damaged"):
        after(lambda tape: tape.replan(edit))


@pytest.mark.parametrize(
    "edit",
    [
        lambda values: values.update(spans=[], chapters=[], tracks=[]),
        lambda values: values.update(frames=0),
        lambda values: values.update(frames=-5),
        lambda values: values.update(frames=10**14),
        lambda values: values.update(sample_rate=44_100),
        lambda values: values["tracks"][1]["clips"][3].update(earcon="gong"),
        lambda values: values["tracks"][0]["clips"][1].update(frames=10**14),
        lambda values: values["tracks"][0]["clips"][1].update(frames=-10, start=-10),
        lambda values: values["spans"][2].update(frames=-10),
    ],
)
def test_an_absurd_timeline_is_told_of_and_no_bug_of_ours(after, edit: Callable[[dict], None]) -> None:
    assert not after(lambda tape: tape.replan(edit)).good


# Memory


def silence(minutes: int, path: Path) -> Path:
    """A session in which nothing sounds: one MP3 frame of silence, again and again."""
    frame_bytes, head = 288, encoded(np.zeros((10 * SECOND, 1), np.float32))
    count = minutes * 60 * SECOND // MP3_FRAME_FRAMES
    music = head[frame_bytes * 10 : frame_bytes * 11] * count
    tally = MusicTally(channels=1, bitrate_kbps=96)
    tally.add(music)
    frames = minutes * 60 * SECOND - 2 * MP3_FRAME_FRAMES
    timeline = Timeline("Silence", frames, (), (Span("say", 0, frames),), (Chapter("All", 0, frames),))
    length_ms = to_ms(frames)
    tags = Tags("Silence", "me", "voicecoach", length_ms, timeline.dumps(), (("All", 0, length_ms),))
    header = tally.header(length_frames=frames, delay_frames=ENCODER_DELAY_FRAMES, encoder="LAME4.0")
    path.write_bytes(build_tag(tags) + header.to_bytes() + music)
    return path


@pytest.mark.slow
def test_memory_does_not_grow_with_the_session(tmp_path: Path) -> None:
    """But for a byte for every 5 ms."""
    peaks = []
    for minutes in (1, 5, 40):  # what is loaded at first use does not count
        path = silence(minutes, tmp_path / "silence.mp3")
        tracemalloc.start()
        assert verify(path).good
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < peaks[1] + 4_000_000, peaks
    assert peaks[2] < 60_000_000, peaks
