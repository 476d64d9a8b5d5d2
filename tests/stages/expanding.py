"""Expanding routines in tests: a script of a few steps, and what is in its spans."""

from __future__ import annotations

from fractions import Fraction

from voicecoach.library import Library
from voicecoach.model.casting import Casting
from voicecoach.model.clip import Voice
from voicecoach.model.cuescript import CueScript, Earcon, EarconCue, Gap, ScriptSpan, SpanKind, SpokenCue
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.expand import expand
from voicecoach.stages.parse import parse

LIBRARY = Library()


def script(steps: str, *, head: str = "", library: Library = LIBRARY) -> CueScript:
    """Expand steps, each line one."""
    text = f"title: Try\n{head}steps:\n" + "".join(f"  - {line}\n" for line in steps.strip().splitlines())
    return expanded(text, library)


CASTING = Casting.of(Voice("fake", "none", "en"))


def expanded(text: str, library: Library = LIBRARY, casting: Casting = CASTING) -> CueScript:
    routine, faults = parse(Sources(SourceFile("x.yaml", text)), "x", library)
    assert routine is not None
    assert not faults, "\n".join(fault.render() for fault in faults)
    return expand(routine, library, library.wording(routine.language), casting, 600)


def spans(made: CueScript, kind: SpanKind) -> list[ScriptSpan]:
    return [span for span in made.spans if span.kind is kind]


def only(made: CueScript, kind: SpanKind) -> ScriptSpan:
    (found,) = spans(made, kind)
    return found


def said(span: ScriptSpan, *roles: str) -> list[SpokenCue]:
    return [cue for cue in span.cues if isinstance(cue, SpokenCue) and (not roles or cue.role in roles)]


def texts(span: ScriptSpan, *roles: str) -> list[str]:
    return [cue.text for cue in said(span, *roles)]


def sounds(span: ScriptSpan, earcon: Earcon) -> list[Fraction | None]:
    return [cue.at_s for cue in span.cues if isinstance(cue, EarconCue) and cue.earcon is earcon]


def ready_s(span: ScriptSpan) -> Fraction:
    """The time to get ready that a flowing span ends with."""
    last = span.cues[-1]
    assert isinstance(last, Gap)
    return last.length_s


def own(name: str, **keys: str) -> str:
    """Write an exercise of one's own, a hold of 30 s unless told otherwise."""
    keys = {"name": name.upper(), "hold": "30s", **keys}
    if keys.keys() & {"reps", "time", "cycles", "breaths"}:
        del keys["hold"]
    return f"{name}: {{{', '.join(f'{key}: {value}' for key, value in keys.items())}}}"
