"""Words during a hold: whether there is a hold, whether they fall into it, whether there is time to say them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.exercise import Measure
from voicecoach.model.location import Location
from voicecoach.model.routine import MidCue
from voicecoach.model.units import short
from voicecoach.stages.check.checked import Checked, Doing, seconds
from voicecoach.text.fill import variables

QUIET_S = Fraction(3, 2)
"""Quiet around what is said during a hold (clock rule 6)."""
OWN_S = Fraction(2)
"""A cue that says when it comes may come that much sooner or later."""
TRUE_S = Fraction(1, 2)
"""One that says what remains, only that much."""
LEAST_REMINDER_S = Fraction(3)
"""A reminder is wanted so long before quiet begins, or not at all."""
IN_PHASE_S = Fraction(4, 10)
"""Of a phase, what the marks at its two ends need."""
CERTAIN = Fraction(4, 5)
"""An estimate of speech is told as a fault only where this part of it would already be too long."""
OFTEN_S = Fraction(5)

_COUNTED = {Measure.REPS: "repetitions", Measure.CYCLES: "cycles", Measure.BREATHS: "breaths"}


class _Window(NamedTuple):
    """The hold or time that cues fall into; ``quiet_from_s`` is where the countdown, or the end, wants quiet."""

    doing: Doing
    length_s: Fraction
    countdown: int

    @property
    def quiet_from_s(self) -> Fraction:
        return self.length_s - self.countdown

    @property
    def what_follows(self) -> str:
        return f"the countdown of the last {self.countdown} s" if self.countdown else "the end"


def cues_have_a_hold(checked: Checked) -> Iterator[Diagnostic]:
    """What is said in the middle needs a middle: a hold or a time, not repetitions."""
    for doing in checked.everything_done():
        dose = doing.plan.dose
        if not doing.step.cues or dose is None or dose.measure.timed or _window(checked, doing) is not None:
            continue
        message = f"'{doing.name}' is done in {_COUNTED[dose.measure]}: there is no moment for its cues"
        hint = "say it before, in a 'say' step, or do the exercise for a 'hold' or 'time'"
        yield checked.error("cues-unfit", message, checked.place(doing.step, "cues", "exercise"), hint)


def cues_fall_inside(checked: Checked) -> Iterator[Diagnostic]:
    """A cue comes after the start, before the end, and not over the countdown."""
    for window in _windows(checked):
        for number, cue in enumerate(window.doing.step.cues, start=1):
            at_s = _at_s(cue, window)
            if at_s is not None:
                yield from _inside(checked, window, at_s, _leeway_s(cue), cue_place(checked, window.doing, number))


def _inside(
    checked: Checked, window: _Window, at_s: Fraction, leeway_s: Fraction, place: Location
) -> Iterator[Diagnostic]:
    length = short(window.length_s)
    if at_s >= window.length_s:
        message = f"a cue at {short(at_s)} is outside of the {length} that '{window.doing.name}' lasts"
        yield checked.error("cue-outside", message, place, f"let it come before {length}, or give a share such as 50%")
    elif at_s - leeway_s > window.quiet_from_s - QUIET_S:
        message = f"a cue at {short(at_s)} of {length} runs into {window.what_follows}, and will not be said"
        hint = f"let it come sooner, before {short(max(Fraction(0), window.quiet_from_s - QUIET_S))}"
        yield checked.warning("cue-collides", message, place, hint)
    elif at_s == 0:
        message = "a cue at the very start runs into the bell"
        yield checked.warning("cue-collides", message, place, "say it before, in the set-up, or let it come at 5s")


class _Timed(NamedTuple):
    """A cue that says when it comes: that moment, how far from it it may come, its number, and how long it takes."""

    at_s: Fraction
    leeway_s: Fraction
    number: int
    takes_s: Fraction


def cues_have_time(checked: Checked) -> Iterator[Diagnostic]:
    """There is time to say a cue before the countdown, and before the next cue, a little sooner or later."""
    for window in _windows(checked):
        timed = list(_timed(checked, window))
        for cue in timed:
            yield from _has_time(checked, window, cue)
        for cue, following in itertools.pairwise(sorted(timed)):
            least_s = cue.at_s - cue.leeway_s + cue.takes_s * CERTAIN + QUIET_S
            if least_s > following.at_s + following.leeway_s:
                message = (
                    f"at {short(following.at_s)} the cue before this one, at {short(cue.at_s)}, is still being said"
                )
                hint = "leave more time between them, or make the first one shorter"
                place = cue_place(checked, window.doing, following.number)
                yield checked.warning("cue-collides", message, place, hint)
        yield from _all_have_time(checked, window)


def _timed(checked: Checked, window: _Window) -> Iterator[_Timed]:
    for number, cue in enumerate(window.doing.step.cues, start=1):
        at_s = _at_s(cue, window)
        if at_s is not None:
            yield _Timed(max(at_s, QUIET_S), _leeway_s(cue), number, checked.speech_s(cue.text))


def _has_time(checked: Checked, window: _Window, cue: _Timed) -> Iterator[Diagnostic]:
    room_s = window.quiet_from_s - QUIET_S - cue.at_s
    most_s = window.quiet_from_s - QUIET_S - max(QUIET_S, cue.at_s - cue.leeway_s)
    if 0 <= most_s < cue.takes_s * CERTAIN:
        room = f"has {short(room_s)}" if room_s > 0 else "has no time"
        message = f"a cue of about {seconds(cue.takes_s)} {room} before {window.what_follows}"
        place = cue_place(checked, window.doing, cue.number)
        yield checked.warning("speech-too-long", message, place, "say less, or let it come sooner")


def _all_have_time(checked: Checked, window: _Window) -> Iterator[Diagnostic]:
    """The cues of one hold do not take longer than the hold; of a single one that says when, that is told already."""
    cues = window.doing.step.cues
    if len(cues) == 1 and _at_s(cues[0], window) is not None:
        return
    takes_s = sum((checked.speech_s(cue.text) for cue in cues), Fraction(0))
    room_s = window.quiet_from_s - QUIET_S * (len(cues) + 1)
    if takes_s * CERTAIN > room_s:
        said = "the cue takes" if len(cues) == 1 else f"{len(cues)} cues take"
        there = f"there is room for about {seconds(room_s)}" if room_s >= 1 else "there is no room for words"
        message = f"{said} about {seconds(takes_s)}, but in {short(window.length_s)} {there}"
        place = checked.place(window.doing.step, "cues", "exercise")
        yield checked.warning("speech-too-long", message, place, "say less, or make it longer")


def phases_have_time(checked: Checked) -> Iterator[Diagnostic]:
    """There is time to say what a phase is before the next one begins."""
    for step, own in checked.worded():
        for phase in own.phases:
            takes_s = checked.speech_s(phase.say.shortest)
            if takes_s * CERTAIN > phase.length_s - IN_PHASE_S and phase.length_s >= 1:
                message = f"'{phase.say.shortest}' takes about {seconds(takes_s)} to say, in {short(phase.length_s)}"
                hint = "give it a brief form: say: {full: …, brief: Press.}, or more time"
                yield checked.warning("speech-too-long", message, checked.place(step, "phases", "exercise"), hint)


def reminders_come(checked: Checked) -> Iterator[Diagnostic]:
    """A reminder that was asked for has something to say, and a moment to be said in."""
    for doing in checked.everything_done():
        every_s, exercise = doing.plan.remind_every_s, doing.plan.exercise
        if every_s is None or "remind every" not in doing.step.places:
            continue
        place, window = doing.step.places["remind every"], _window(checked, doing)
        dose = doing.plan.dose
        if window is None and dose is not None and not dose.measure.timed:
            message = f"'{doing.name}' is done in {_COUNTED[dose.measure]}: there is no moment for reminders"
            yield checked.error("remind-unfit", message, place, "reminders go with 'hold' and 'time'; leave it out")
        elif not exercise.form and exercise.breath is None:
            message = f"there is nothing to remind of: '{doing.name}' has no 'form' and no 'breath'"
            yield checked.warning("remind-unfit", message, place, "add 'form: [Keep your back long.]'")
        elif window is not None and every_s > window.quiet_from_s - QUIET_S - LEAST_REMINDER_S:
            message = f"a reminder every {short(every_s)} never comes in {short(window.length_s)}"
            yield checked.warning("remind-unfit", message, place, "make it shorter than the exercise lasts")
        elif every_s < OFTEN_S:
            message = f"a reminder every {short(every_s)}: is that meant?"
            yield checked.warning("extreme", message, place, "every 15s is often")


def _windows(checked: Checked) -> Iterator[_Window]:
    for doing in checked.everything_done():
        window = _window(checked, doing)
        if window is not None and doing.step.cues:
            yield window


def _window(checked: Checked, doing: Doing) -> _Window | None:
    """The stretch that an exercise's cues fall into, or None where there is none."""
    countdown = checked.coach(doing.step).countdown
    if doing.within is not None and doing.within.kind != "emom":
        return _Window(doing, doing.within.work_s, countdown)
    dose = doing.plan.dose
    if dose is None or not dose.measure.timed or (doing.within is not None and doing.within.kind == "emom"):
        return None
    return _Window(doing, dose.length_s, countdown)


def _at_s(cue: MidCue, window: _Window) -> Fraction | None:
    return cue.at_s if cue.share is None else cue.share * window.length_s


def _leeway_s(cue: MidCue) -> Fraction:
    """Seconds that a cue may come sooner or later than it says."""
    return TRUE_S if "remaining" in variables(cue.text) else OWN_S


def cue_place(checked: Checked, doing: Doing, number: int) -> Location:
    """Where the words of a cue stand, counted from 1; where all cues do, if that is not to be found."""
    place = checked.place(doing.step, "cues", "exercise")
    return checked.words_after(place, doing.step.cues[number - 1].text) or place
