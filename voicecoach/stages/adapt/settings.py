"""What holds for the whole routine: how much is said and how fast, who speaks, the bed, the variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from voicecoach.model.diagnostic import did_you_mean
from voicecoach.model.exercise import Exercise, Phrase
from voicecoach.model.profile import Profile, laid_over, spoken_over
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    IntervalsStep,
    RepeatStep,
    Routine,
    SayStep,
    Step,
    Talk,
    VoiceChange,
    VoiceChoice,
)
from voicecoach.stages.adapt.notes import Notes
from voicecoach.stages.adapt.steps import Lookup, exercises_in
from voicecoach.text.fill import variables

UNNAMED = ("default", "auto")
"""Voices that an author did not choose."""
SLOWEST, FASTEST = Fraction(1, 2), Fraction(2)
"""Bounds of the speed of speech: beyond them it is hard to understand."""


def settings(routine: Routine, profile: Profile, lookup: Lookup, notes: Notes) -> Routine:
    """Lay over a routine what holds for all of it. Its steps hold no includes."""
    routine = _talk(routine, profile.talk, notes)
    routine = replace(routine, voice=_voice(routine.voice, profile, notes))
    if profile.pace is not None:
        steps = tuple(_paced_step(step, profile.pace) for step in routine.steps)
        routine = replace(routine, counter=_changed(routine.counter, profile.pace), steps=steps)
    routine = replace(routine, lexicon=spoken_over(profile.lexicon, routine.lexicon))
    if profile.no_bed and routine.bed is not None:
        notes.add(f"left out the bed: {routine.bed.sound}")
        routine = replace(routine, bed=None)
    routine = replace(routine, length_s=profile.length_s or routine.length_s)
    return _variables(routine, profile, lookup, notes)


def _talk(routine: Routine, talk: Talk | None, notes: Notes) -> Routine:
    """Say as much as the person wants everywhere, in steps that say otherwise, too."""
    if talk is None:
        return routine
    if routine.talk is not talk:
        notes.add(f"talk {talk.value}" + (f" instead of {routine.talk.value}" if routine.talk else ""))
    for step in exercises_in(routine.steps):
        if step.talk not in {None, talk, routine.talk}:
            notes.add(f"talk {talk.value} in steps that say otherwise, too", step.exercise)
    return replace(routine, talk=talk, steps=tuple(_untold(step) for step in routine.steps))


def _untold(step: Step) -> Step:
    if isinstance(step, ExerciseStep):
        return replace(step, talk=None)
    if isinstance(step, IntervalsStep):
        return replace(step, of=tuple(replace(item, talk=None) for item in step.of))
    if isinstance(step, RepeatStep):
        return replace(step, steps=tuple(_untold(inner) for inner in step.steps))
    return step


def _voice(voice: VoiceChoice, profile: Profile, notes: Notes) -> VoiceChoice:
    """Let the person's voice speak for the coach; who counts, and what steps name, stays as the author wrote it."""
    if profile.voice is not None and profile.voice != voice.spec:
        if voice.spec not in UNNAMED:
            notes.add(f"voice {profile.voice} instead of {voice.spec}")
        voice = replace(voice, spec=profile.voice)
    if profile.pace is None or profile.pace == 1:
        return voice
    speed = _paced(voice.speed, profile.pace)
    if speed != voice.speed:
        notes.add(f"speed of speech {float(speed):g} instead of {float(voice.speed):g}")
    return replace(voice, speed=speed)


def _paced(speed: Fraction, pace: Fraction) -> Fraction:
    return min(max(speed * pace, SLOWEST), FASTEST)


def _changed(change: VoiceChange | None, pace: Fraction) -> VoiceChange | None:
    """Let a voice that has a speed of its own keep its distance from the coach's."""
    if change is None or change.speed is None:
        return change
    return replace(change, speed=_paced(change.speed, pace))


def _paced_step(step: Step, pace: Fraction) -> Step:
    if isinstance(step, ExerciseStep | SayStep | BreatheStep):
        return replace(step, voice=_changed(step.voice, pace))
    if isinstance(step, IntervalsStep):
        return replace(step, of=tuple(replace(item, voice=_changed(item.voice, pace)) for item in step.of))
    if isinstance(step, RepeatStep):
        return replace(step, steps=tuple(_paced_step(inner, pace) for inner in step.steps))
    return step


def _variables(routine: Routine, profile: Profile, lookup: Lookup, notes: Notes) -> Routine:
    """Lay variables over the routine's; one that no text has is told where it looks like a slip."""
    if not profile.variables:
        return routine
    used = {name for text in _texts(routine, lookup) for name in variables(text)}
    for name, value in profile.variables:
        near = did_you_mean(name, sorted(used))
        if name in used:
            notes.add(f"{{{name}}} is {value}")
        elif near:
            notes.add(f"no text here has {{{name}}} ({near})")
    return replace(routine, variables=laid_over(profile.variables, routine.variables))


def _texts(routine: Routine, lookup: Lookup) -> Iterator[str]:
    yield routine.title
    yield routine.description or ""
    yield from _texts_of(routine.steps)
    for step in exercises_in(routine.steps):
        yield from (cue.text for cue in step.cues)
        yield from _wording(lookup(step))


def _texts_of(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, SayStep):
            yield step.text
        elif isinstance(step, BreatheStep | IntervalsStep | RepeatStep):
            yield step.name or ""
            yield from _texts_of(step.steps if isinstance(step, RepeatStep) else ())


def _wording(exercise: Exercise) -> Iterator[str]:
    phrases: tuple[Phrase | None, ...] = (
        exercise.set_up,
        exercise.breath,
        exercise.release,
        exercise.safety,
        exercise.easier,
        exercise.harder,
        *exercise.form,
        *(phase.say for phase in exercise.phases),
    )
    yield exercise.spoken_name
    yield from (f"{phrase.full} {phrase.brief or ''}" for phrase in phrases if phrase is not None)
