"""Scripts made by hand, and what was made of them; the length of each utterance stands in its text: ``Hello|1.5``."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

from voicecoach.model.clip import Utterance, Voice
from voicecoach.model.cuescript import (
    Cue,
    CueScript,
    Earcon,
    EarconCue,
    Gap,
    Priority,
    Said,
    ScriptSpan,
    SpanKind,
    SpokenCue,
    Where,
)
from voicecoach.model.timeline import PlacedClip, Timeline
from voicecoach.model.units import to_frames
from voicecoach.stages.place import place

VOICE = Voice("none", "none", "en")
EARCON_FRAMES = MappingProxyType(
    {earcon.value: to_frames(Fraction(length)) for earcon, length in {
        Earcon.TICK: "0.09", Earcon.START: "0.35", Earcon.END: "0.5", Earcon.HALFWAY: "0.25", Earcon.SIDE: "0.5",
        Earcon.REST: "0.5", Earcon.REP: "0.07", Earcon.IN: "0.45", Earcon.OUT: "0.45", Earcon.DONE: "1.2",
        Earcon.LEAD_IN: "0.5",
    }.items()}
)  # fmt: skip
AFTER, BEFORE = to_frames(Fraction("0.15")), to_frames(Fraction("0.1"))
TOLD = to_frames(Fraction("0.05"))


def frames(text: str) -> int:
    return to_frames(Fraction(text.rpartition("|")[2]))


def length(utterance: Utterance) -> int:
    return frames(utterance.text)


def seconds(value: str | float | Fraction) -> Fraction:
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def speech(
    text: str,
    at: str | float | None = None,
    window: tuple[str | float, str | float | None] = (0, None),
    *,
    priority: Priority = Priority.USEFUL,
    brief: str | None = None,
    quiet: str | float = 0,
    begin_by: str | float | None = None,
    late: bool = False,
    role: str = "cue",
) -> SpokenCue:
    return SpokenCue(
        text,
        Utterance(text, VOICE),
        role,
        priority,
        None if brief is None else Said(brief, Utterance(brief, VOICE)),
        seconds(window[0]),
        None if window[1] is None else seconds(window[1]),
        None if at is None else seconds(at),
        None if begin_by is None else seconds(begin_by),
        late,
        quiet_s=seconds(quiet),
    )


def earcon(kind: Earcon, at: str | float | None = None) -> EarconCue:
    return EarconCue(kind, None if at is None else seconds(at))


def gap(length_s: str | float) -> Gap:
    return Gap(seconds(length_s))


def exact(length_s: str | float, *cues: Cue, kind: SpanKind = SpanKind.HOLD, step: int = 1) -> ScriptSpan:
    return ScriptSpan(kind, Where(step), cues, seconds(length_s))


def flowing(*cues: Cue, kind: SpanKind = SpanKind.SAY) -> ScriptSpan:
    return ScriptSpan(kind, Where(1), cues)


def placed(*spans: ScriptSpan) -> Timeline:
    return place(CueScript("By hand", spans), length, EARCON_FRAMES)


def hold(length_s: str | float, *cues: Cue) -> Timeline:
    """Place a hold that begins at 0 with a bell and ends with three ticks and a sound."""
    whole = seconds(length_s)
    ticks = [earcon(Earcon.TICK, whole - n) for n in (3, 2, 1)]
    return placed(exact(whole, earcon(Earcon.START, 0), *ticks, earcon(Earcon.END, whole), *cues), flowing(gap(1)))


def said(timeline: Timeline) -> dict[str, float]:
    """When each thing is said, in seconds to the thousandth."""
    return {clip.text or "": round(clip.start / 48_000, 3) for clip in timeline.track("voice").clips}


def messages(timeline: Timeline) -> list[str]:
    return [note.message for note in timeline.notes]


def check_speech_is_clear(timeline: Timeline) -> None:
    """Nothing spoken overlaps anything spoken, or is near the onset of an earcon."""
    clips = timeline.track("voice").clips
    for one, other in pairwise(clips):
        assert one.end <= other.start, (one, other)
    check_onsets(clips, [clip.start for clip in timeline.track("earcons").clips if clip.earcon != "lead-in"])


def check_onsets(clips: Sequence[PlacedClip], onsets: Sequence[int]) -> None:
    assert list(onsets) == sorted(onsets)
    for clip in clips:
        after = bisect_left(onsets, clip.start - AFTER + 1)
        assert after == len(onsets) or clip.end + BEFORE <= onsets[after], (clip, onsets[after])
