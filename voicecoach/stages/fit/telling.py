"""What fitting changed, and why it could not, in plain words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from voicecoach.model.cuescript import SpanKind
from voicecoach.model.exercise import Measure
from voicecoach.model.routine import BreatheStep, ExerciseStep, IntervalsStep, RepeatStep, RestStep, Step, Talk
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import short, to_seconds
from voicecoach.stages.fit.choices import Choice, Leeway
from voicecoach.stages.fit.dials import Dial, What
from voicecoach.stages.fit.tree import outermost

USUAL_TALK = "teach the first time, brief after"
PARTS = {
    SpanKind.HOLD: "holds",
    SpanKind.TIME: "exercises by the clock",
    SpanKind.REPS: "repetitions",
    SpanKind.CYCLES: "cycles",
    SpanKind.BREATHE: "breathing",
    SpanKind.REST: "rests",
}
OTHER_PARTS = "words and getting ready"


def notes(leeway: Leeway, choice: Choice) -> tuple[str, ...]:
    """Tell what a choice changes, one line each, the gentlest lever first."""
    turned = [(dial, notch) for dial, notch in zip(leeway.dials, choice.notches, strict=True) if notch]
    lines = [
        *(_range(leeway, dial, notch) for dial, notch in turned if dial.given),
        *_rests(leeway, [(dial, notch) for dial, notch in turned if not dial.given]),
        *_left_out(leeway, choice.coarse.left_out),
        *(
            f"{now} rounds of {_called(turns.step)} instead of {turns.least}"
            for turns, now in zip(leeway.turns, choice.coarse.rounds, strict=True)
            if now != turns.least
        ),
    ]
    before, talk = leeway.routine.talk, choice.coarse.talk
    if talk is not before:
        lines.append(f"talk {_talk(talk)}" + (f" instead of {_talk(before)}" if before else ""))
    return tuple(dict.fromkeys(lines))


def _talk(talk: Talk | None) -> str:
    return USUAL_TALK if talk is None else talk.value


def _range(leeway: Leeway, dial: Dial, notch: int) -> str:
    timed = dial.what is What.REST or dial.breath_s is not None
    step = leeway.step(dial.path)
    if dial.what is What.REST:
        what = "rest"
    elif dial.what is What.BREATHING:
        what = f"breathing '{dial.called}'" if dial.called else "breathing"
    else:
        timed = Measure(dial.called).timed
        what = f"{dial.called} of {_called(step)}"
    now, before = (_amount(value, timed=timed) for value in (dial.value(notch), dial.default))
    ends = " to ".join(_amount(value, timed=timed) for value in (dial.least, dial.most))
    return f"{what} {now} instead of {before} ({ends})"


def _amount(value: Fraction, *, timed: bool) -> str:
    return short(value) if timed else str(int(value))


def _rests(leeway: Leeway, turned: Sequence[tuple[Dial, int]]) -> Iterator[str]:
    """All rests without a range in one line; those between sets by exercise."""
    changes: dict[str, dict[str, None]] = defaultdict(dict)
    for dial, notch in turned:
        sets = dial.what is What.SET_REST
        what = f"rest between sets of {_called(leeway.step(dial.path))}" if sets else "rests"
        changes[what][f"{short(dial.value(notch))} instead of {short(dial.default)}"] = None
    for what, told in changes.items():
        yield f"{what} {', '.join(told)}"


def _left_out(leeway: Leeway, asked: frozenset[tuple[int, ...]]) -> Iterator[str]:
    for path in sorted(outermost(asked)):
        yield f"left out {_called(leeway.step(path))} (optional)"
    for path in sorted(outermost(leeway.gone(asked)) - asked):
        step = leeway.step(path)
        if isinstance(step, RestStep):
            yield f"left out a rest of {short(step.length.least)} beside what is left out"
        else:
            yield f"left out {_called(step)}: nothing is left to do in it"


def _called(step: Step) -> str:
    """Name a step for people: by its name, or by what is done in it."""
    if isinstance(step, ExerciseStep):
        return step.own.name if step.own is not None else step.exercise
    name = getattr(step, "name", None)
    if name:
        return str(name)
    inner: Iterable[Step] = ()
    if isinstance(step, RepeatStep):
        inner = (one for one in step.steps if isinstance(one, ExerciseStep | BreatheStep | IntervalsStep | RepeatStep))
    elif isinstance(step, IntervalsStep):
        inner = step.of
    return ", ".join(map(_called, inner)) or "breathing"


def message(wish_s: Fraction, below_s: Fraction | None, above_s: Fraction | None, nearest: Timeline) -> str:
    """Tell that a length cannot be had, which ones can, and what stands in the way.

    Parameters
    ----------
    wish_s
        The length wished for.
    below_s, above_s
        The nearest ones that work; None where there is none on that side.
    nearest
        The session of one of them.
    """
    cannot = f"the session cannot be {short(wish_s)} long"
    if below_s is not None and above_s is not None:
        between = "what may vary goes by whole rounds, repetitions, cycles or steps"
        return f"{cannot}; the nearest lengths that work are {short(below_s)} and {short(above_s)}: {between}"
    end, length_s = ("shortest", above_s) if above_s is not None else ("longest", below_s)
    assert length_s is not None
    return f"{cannot}; the {end} that works is {short(length_s)} ({_parts(nearest)})"


def hint(below_s: Fraction | None, above_s: Fraction | None) -> str:
    """Say what to ask for, and how an author lets more vary."""
    ask = " or ".join(short(length_s) for length_s in (below_s, above_s) if length_s is not None)
    if above_s is None:
        more = "longer ranges such as 'hold: 30-90s', 'repeat: 2-4', or steps 'rest: 30s'"
    elif below_s is None:
        more = "a range that begins lower such as 'hold: 15-60s', or 'optional: yes' on steps that may go"
    else:
        more = "a range of seconds such as 'hold: 20-40s', or a step 'rest: 20s'"
    return f"ask for {ask}; or let more vary in the routine: {more}"


def _parts(timeline: Timeline) -> str:
    """Tell what a session's time goes to, the most first."""
    sums_s: dict[str, Fraction] = defaultdict(Fraction)
    for span in timeline.spans:
        sums_s[PARTS.get(SpanKind(span.kind), OTHER_PARTS)] += to_seconds(span.frames)
    order = sorted(sums_s, key=lambda part: -sums_s[part])
    return ", ".join(f"{part} {short(Fraction(round(sums_s[part])))}" for part in order if round(sums_s[part]))
