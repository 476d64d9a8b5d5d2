"""Rests: how long, what comes next, and the word that it is nearly over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from voicecoach.model.cuescript import Cue, Earcon, EarconCue, Priority, ScriptSpan, SpanKind, SpokenCue, Where
from voicecoach.stages.expand.remaining import left
from voicecoach.stages.expand.speaker import BETWEEN_SENTENCES_S, Speaker

AFTER_SOUNDS_S = Fraction(13, 10)
"""When the sounds that begin a rest, and end what was before, have sounded."""
REST_BY_S = Fraction(3)
"""Later than this, "rest for 20 seconds" is not true any more."""
PREVIEW_FROM_S = Fraction(15)
"""From this length on, a rest first is one: what comes next is told late in it, in time to prepare."""
PREVIEW_S, PREVIEW_WITH_S = Fraction(8), Fraction(12)
"""So long before the end of the rest it is told; sooner where something is to be taken at hand."""
LAST_CALL_FROM_S, LAST_CALL_S = Fraction(45), Fraction(10)
"""In a rest from this length on, one is told when so much of it is left."""
BEFORE_CALL_S = Fraction(3, 2)
"""What comes next is told so long before that."""
BEFORE_SET_UP_S = Fraction(1, 2)
"""Quiet between a rest's words and the set-up that follows."""


@dataclass(frozen=True)
class Following:
    """What follows a rest: its name, and the things that it needs and that are not at hand, as they are said."""

    name: str
    items: str = ""


def rest(
    speaker: Speaker,
    length_s: Fraction,
    where: Where,
    *,
    voiced: bool = True,
    variant: int = 0,
    following: Following | None = None,
) -> ScriptSpan:
    """Rest for an exact time.

    Parameters
    ----------
    following
        What to announce, or None.
    """
    cues: list[Cue] = [EarconCue(Earcon.REST)]
    if voiced:
        first = speaker.message(
            "rest",
            "rest",
            variant=variant,
            values={"length": speaker.words.length(length_s)},
            priority=Priority.USEFUL,
            begin_by_s=REST_BY_S,
            done_by_s=_done_by_s(length_s),
            quiet_s=BETWEEN_SENTENCES_S,
        )
        later = list(last_calls(speaker, length_s, variant))
        if following is not None:
            first_s = AFTER_SOUNDS_S + speaker.takes_s(first.text) + BETWEEN_SENTENCES_S
            later.append(_preview(speaker, length_s, variant, following, first_s))
        cues += [first, *sorted(later, key=lambda cue: cue.at_s or Fraction(0))]
    return ScriptSpan(SpanKind.REST, where, tuple(cues), length_s)


def last_calls(speaker: Speaker, length_s: Fraction, variant: int) -> tuple[SpokenCue, ...]:
    """Say that a longer rest is nearly over."""
    if length_s < LAST_CALL_FROM_S:
        return ()
    done_by_s = _done_by_s(length_s)
    return (left(speaker, length_s, LAST_CALL_S, variant, done_by_s=done_by_s, quiet_s=BETWEEN_SENTENCES_S),)


def _done_by_s(length_s: Fraction) -> Fraction:
    """When the words of a rest are over."""
    return max(length_s - BEFORE_SET_UP_S, length_s / 2)


def _preview(speaker: Speaker, length_s: Fraction, variant: int, following: Following, first_s: Fraction) -> SpokenCue:
    """Announce what follows: right away in a short rest, else late enough to be remembered and in time to prepare."""
    name, values = "next-up", {"name": following.name}
    if following.items:
        name, values = "next-up-with", {**values, "items": following.items}
    cue = speaker.message(
        name,
        "next up",
        variant=variant,
        values=values,
        priority=Priority.EXTRA,
        done_by_s=_done_by_s(length_s),
        quiet_s=BETWEEN_SENTENCES_S,
    )
    at_s = first_s
    if length_s >= LAST_CALL_FROM_S:
        at_s = length_s - LAST_CALL_S - BEFORE_CALL_S - speaker.takes_s(cue.text)
    elif length_s >= PREVIEW_FROM_S:
        at_s = max(first_s, length_s - (PREVIEW_WITH_S if following.items else PREVIEW_S))
    return replace(cue, at_s=at_s)
