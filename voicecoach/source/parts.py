"""The parts of a routine's steps as YAML nodes: doses, wording, the coach's settings, exercises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from voicecoach.model.exercise import Exercise, Phrase, Tempo, Unit
from voicecoach.model.lexicon import Pronunciation
from voicecoach.model.routine import (
    Bed,
    BreatheStep,
    Changes,
    ExerciseStep,
    Given,
    IntervalsStep,
    MidCue,
    RepeatStep,
    VoiceChange,
    VoiceChoice,
)
from voicecoach.model.units import decimal, short
from voicecoach.source.emitting import Entry, Node, Value, block_map, one_or_list, plain, short_map
from voicecoach.source.written import (
    written_counts,
    written_lengths,
    written_level,
    written_pitch,
    written_share,
    written_tempo,
)

_COUNTDOWN_KEYS = {"countdown": "from", "spoken_countdown": "spoken"}
_COACH_KEYS = {
    "countdown": "countdown",
    "spoken_countdown": "countdown",
    "halfway": "halfway",
    "count_reps": "count reps",
    "get_ready_s": "get ready",
    "change_sides_s": "change sides",
    "rest_s": "rest",
    "next_up": "next up",
    "opening": "opening",
    "safety": "safety",
    "closing": "closing",
}
"""The author's key for each field of `CoachSettings`."""


def dose_entries(step: ExerciseStep) -> list[Entry]:
    """Write how much of an exercise a step asks for."""
    given: Given | None = step.given
    measured = [(given.measure.value, _quantity(given))] if given is not None and given.measure is not None else []
    return [
        *measured,
        ("sides", step.sides),
        ("start", step.start),
        ("sets", _count(step.sets)),
        ("tempo", tempo_node(step.tempo)),
        ("pattern", tempo_node(step.pattern)),
        ("rest", length_node(step.rest_s)),
        ("remind every", length_node(step.remind_every_s)),
    ]


def _quantity(given: Given) -> Node:
    timed = given.unit is Unit.SECONDS
    return plain(written_lengths(given.amount) if timed else written_counts(given.amount))


def exercise_entries(own: Exercise) -> list[Entry]:
    """Write an exercise's map; one that is based on another says everything, since the other may say it differently."""
    usual = Exercise(own.id, own.name)
    dose = own.dose
    phases = [short_map([("say", _phrase(phase.say)), ("for", length_node(phase.length_s))]) for phase in own.phases]

    def unusual(attribute: str) -> bool:
        return own.based_on is not None or getattr(own, attribute) != getattr(usual, attribute)

    amount = Given(dose.amount, Unit.SECONDS if dose.measure.timed else Unit.REPS) if dose is not None else None
    return [
        ("name", own.name),
        ("based on", own.based_on),
        ("says", own.says),
        ("kind", own.kind),
        ("area", one_or_list(own.area)),
        ("position", own.position),
        ("end position", own.end_position),
        ("equipment", one_or_list(own.equipment)),
        ("set up", _phrase(own.set_up)),
        ("form", one_or_list([_phrase(phrase) for phrase in own.form])),
        ("breath", _phrase(own.breath)),
        ("release", _phrase(own.release)),
        ("safety", _phrase(own.safety)),
        ("easier", _phrase(own.easier)),
        ("harder", _phrase(own.harder)),
        ("phases", one_or_list(phases)),
        *([(dose.measure.value, _quantity(amount))] if dose is not None and amount is not None else []),
        ("sides", own.sides if unusual("sides") else None),
        ("start", own.start if unusual("start") else None),
        ("sets", _count(own.sets) if unusual("sets") else None),
        ("tempo", tempo_node(own.tempo) if unusual("tempo") else None),
        ("pattern", tempo_node(own.pattern) if unusual("pattern") else None),
        ("rest", length_node(own.rest_s)),
        ("remind every", length_node(own.remind_every_s)),
        ("source", own.source),
    ]


def _phrase(phrase: Phrase | None) -> Value:
    if phrase is None or phrase.brief is None:
        return phrase.full if phrase is not None else None
    return block_map([("full", phrase.full), ("brief", phrase.brief)])


def cue_value(cue: MidCue) -> Value:
    """Write something said in the middle: a text, or a map that says when."""
    if cue.at_s is None and cue.share is None:
        return cue.text
    at = short(cue.at_s) if cue.at_s is not None else written_share(cue.share or Fraction(0))
    return short_map([("at", plain(at)), ("say", cue.text)])


def coach_entries(changes: Changes) -> list[Entry]:
    """Write the coach's settings, each by its key, in their order; the two of the countdown share theirs."""
    found: list[Entry] = []
    for key, pairs in _by_key(changes):
        inner: list[Entry] = [(_COUNTDOWN_KEYS.get(field, ""), _setting(value)) for field, value in pairs]
        whole = len(inner) == 1 and inner[0][0] != "spoken"
        found.append((key, inner[0][1] if whole else short_map(inner)))
    return found


def step_coach_entries(changes: Changes) -> list[Entry]:
    """Write the coach's settings of a step, which may set a thing twice: under 'coach', and by the key itself."""
    entries = coach_entries(changes)
    if _unique(entries):
        return entries
    for begin, end in combinations(range(len(entries) + 1), 2):
        before, inner, after = entries[:begin], entries[begin:end], entries[end:]
        if _unique(inner) and _unique([*before, *after]):
            return [*before, ("coach", short_map(inner)), *after]
    raise ValueError("a step sets one thing of the coach more than twice")


def _unique(entries: Sequence[Entry]) -> bool:
    return len(dict(entries)) == len(entries)


def _by_key(changes: Changes) -> list[tuple[str, list[tuple[str, Any]]]]:
    found: list[tuple[str, list[tuple[str, Any]]]] = []
    for field, value in changes:
        last = found[-1] if found else None
        together = field in _COUNTDOWN_KEYS and last is not None and last[0] == "countdown"
        if together and last is not None and field not in dict(last[1]):
            last[1].append((field, value))
        else:
            found.append((_COACH_KEYS[field], [(field, value)]))
    return found


def _setting(value: Any) -> Node:
    if isinstance(value, bool):
        return plain("yes" if value else "no")
    return plain(str(value) if isinstance(value, int) else short(value))


def voice_value(voice: VoiceChoice | VoiceChange | None) -> Value:
    """Write a voice, or what of it is otherwise; nothing for the usual one."""
    if voice is None or voice == VoiceChoice():
        return None
    usual = VoiceChoice() if isinstance(voice, VoiceChoice) else VoiceChange()
    manner: list[Entry] = [
        ("speed", _unusual(voice.speed, usual.speed, decimal)),
        ("pitch", _unusual(voice.pitch_st, usual.pitch_st, written_pitch)),
        ("volume", _unusual(voice.gain_db, usual.gain_db, written_level)),
    ]
    if all(value is None for _, value in manner):
        return voice.spec
    if voice.spec is None:
        return short_map(manner)
    engine, _, name = (voice.spec, "", "") if "," in voice.spec else voice.spec.partition(":")
    return short_map([("engine", engine), ("name", name or None), *manner])


def _unusual(value: Fraction | None, usual: Fraction | None, write: Callable[[Fraction], str]) -> Node | None:
    return None if value is None or value == usual else plain(write(value))


def lexicon_node(lexicon: Sequence[Pronunciation]) -> Node | None:
    """Write how words are spoken; nothing where no word is told."""
    if not lexicon:
        return None
    return block_map([(one.word, _spoken(one)) for one in lexicon])


def _spoken(one: Pronunciation) -> Value:
    if one.ipa and not one.respelled:
        return f"/{one.ipa}/"
    if not one.ipa and not {one.respelled[0], one.respelled[-1]} & {"/"}:
        return one.respelled
    return short_map([("say", one.respelled), ("ipa", f"/{one.ipa}/" if one.ipa else None)])


def bed_value(bed: Bed | None) -> Value:
    """Write a bed: its name, or a map where it has other levels than usual."""
    if bed is None or bed == Bed(bed.sound):
        return bed.sound if bed is not None else None
    level, duck = (plain(written_level(db)) for db in (bed.level_db, bed.duck_db))
    return short_map([("sound", bed.sound), ("level", level), ("duck", duck)])


def length_node(length_s: Fraction | None) -> Node | None:
    """Write a length of time."""
    return None if length_s is None else plain(short(length_s))


def _count(count: int | None) -> Node | None:
    return None if count is None else plain(str(count))


def optional_node(step: ExerciseStep | BreatheStep | IntervalsStep | RepeatStep) -> Node | None:
    """Write that a step may be left out; nothing where it may not."""
    return plain("yes") if step.optional else None


def tempo_node(tempo: Tempo | None) -> Node | None:
    """Write a tempo or breath."""
    return None if tempo is None else plain(written_tempo(tempo))
