"""Cycles of phases (contract and relax) and breaths: each phase has its mark, and its word while it is new."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from voicecoach.model.cuescript import (
    BREATH_TONES,
    Cue,
    Earcon,
    EarconCue,
    Priority,
    ScriptSpan,
    SpanKind,
    SpokenCue,
    Where,
)
from voicecoach.model.exercise import Side, Tempo
from voicecoach.model.routine import Prescription
from voicecoach.stages.expand.moments import AFTER_MARK_S, BEFORE_ONSET_S
from voicecoach.stages.expand.speaker import Speaker

WORD_BY_S = Fraction(3, 2)
"""A phase's word begins so long after its mark at the latest; then it is no command any more."""
WORDED_BREATHS = 2
"""Breaths whose phases are said; after them the sounds alone lead."""
WORDED_WITH_HOLDS = 3
"""With a breath that is held there is more to learn."""
LEAST_PHASE_S = Fraction(1)
"""A shorter part of a breath is over before a word for it is."""
LEAST_PAUSE_S = Fraction(2)
"""A pause after the breath out from this length on has room for the announcement of the last breath."""


def cycles(
    speaker: Speaker, plan: Prescription, where: Where, side: Side | None, *, voiced: bool, variant: int
) -> ScriptSpan:
    """Lead through the phases of each cycle: a tap begins a cycle, another sound each further phase.

    The first cycle has the phases' words in full, the others in brief.
    """
    assert plan.dose is not None
    count, cycle_s = plan.dose.count, plan.exercise.cycle_s
    values = speaker.sides(side, plan.exercise.language)
    cues: list[Cue] = []
    for number in range(count):
        at_s = cycle_s * number
        for index, phase in enumerate(plan.phases):
            cues.append(EarconCue(Earcon.OUT if index else Earcon.REP, at_s, rep=number + 1))
            if voiced:
                text = phase.say.shortest if number else phase.say.full
                placing = _in_phase(at_s, phase.length_s)
                cues.append(
                    speaker.say(
                        text,
                        "phase",
                        values,
                        brief=phase.say.brief,
                        priority=Priority.USEFUL,
                        rep=number + 1,
                        **placing,
                    )
                )
            at_s += phase.length_s
        if voiced and number == count - 2:
            cues.append(_last(speaker, "last-rep", "rep", variant, at_s - plan.phases[-1].length_s, at_s, count))
    cues.append(EarconCue(Earcon.END, cycle_s * count))
    return ScriptSpan(SpanKind.CYCLES, where, tuple(cues), cycle_s * count)


def breaths(speaker: Speaker, where: Where, pattern: Tempo, count: int, *, voiced: bool, variant: int) -> ScriptSpan:
    """Pace breaths: a tone rises as one breathes in, stays, falls and stays with it; the first ones with words.

    Parameters
    ----------
    pattern
        In, hold, out, hold, in seconds.
    count
        Number of breaths.
    voiced
        The coach speaks.
    """
    whole_s = pattern.whole_s
    worded = WORDED_WITH_HOLDS if pattern.low_s or pattern.high_s else WORDED_BREATHS
    cues: list[Cue] = []
    for number in range(count):
        begin_s = whole_s * number
        at_s = begin_s
        for length_s, tone in zip(pattern.parts_s, BREATH_TONES, strict=True):
            if length_s:
                cues.append(EarconCue(tone, at_s, rep=number + 1, length_s=length_s))
            at_s += length_s
        if voiced and number < worded:
            cues += _breath_words(speaker, pattern, begin_s, variant, number + 1)
        if voiced and number == count - 2 and count > worded + 1:
            # In a short pause there is no room for it: then it is said while one breathes out.
            part_s = pattern.high_s if pattern.high_s >= LEAST_PAUSE_S else pattern.up_s + pattern.high_s
            cues.append(_last(speaker, "last-breath", "breath", variant, at_s - part_s, at_s, count))
    cues.append(EarconCue(Earcon.END, whole_s * count))
    return ScriptSpan(SpanKind.BREATHE, where, tuple(cues), whole_s * count, pattern=str(pattern))


def _breath_words(speaker: Speaker, pattern: Tempo, at_s: Fraction, variant: int, number: int) -> Iterator[SpokenCue]:
    """Say what each part of a breath is, where there is time for it."""
    messages = ("breathe-in", "breathe-full", "breathe-out", "breathe-empty")
    for length_s, message in zip(pattern.parts_s, messages, strict=True):
        placing = _in_phase(at_s, length_s)
        cue = speaker.message(message, "breath", variant=variant, priority=Priority.USEFUL, rep=number, **placing)
        shortest = cue.text if cue.brief is None else cue.brief.text
        if length_s >= LEAST_PHASE_S and speaker.takes_s(shortest) <= room_s(length_s):
            yield cue
        at_s += length_s


def room_s(length_s: Fraction) -> Fraction:
    """Seconds for words in a phase of that length."""
    return length_s - AFTER_MARK_S - BEFORE_ONSET_S


def _in_phase(at_s: Fraction, length_s: Fraction) -> dict[str, Any]:
    """Place a word in its phase: soon after its mark; over before the next begins."""
    return {
        "not_before_s": at_s + AFTER_MARK_S,
        "begin_by_s": at_s + WORD_BY_S,
        "done_by_s": at_s + length_s - BEFORE_ONSET_S,
    }


def _last(
    speaker: Speaker, message: str, role: str, variant: int, from_s: Fraction, to_s: Fraction, number: int
) -> SpokenCue:
    """Announce the last cycle or breath, late in the phase before it."""
    return speaker.message(
        message,
        role,
        variant=variant,
        priority=Priority.USEFUL,
        not_before_s=from_s + AFTER_MARK_S,
        done_by_s=to_s - BEFORE_ONSET_S,
        late=True,
        rep=number,
    )
