"""Steps from their nodes: say, rest, repeat, and exercises from the library or defined on the spot."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach.library import Library
from voicecoach.library.exercise import DOSE_FIELDS, EXERCISE_FIELDS, read_dose, read_exercise
from voicecoach.model.diagnostic import did_you_mean
from voicecoach.model.location import Location
from voicecoach.model.routine import Exercise, ExerciseStep, RepeatStep, RestStep, SayStep, Step
from voicecoach.source import values
from voicecoach.source.fields import COUNT, DURATION, TEXT, Reader, read_map
from voicecoach.source.nodes import Entry, ListNode, MapNode, Node, ScalarNode

STEP_WORDS = ("say", "rest", "repeat")
_REPEAT_KEYS = ("repeat", "name", "steps")
_OWN_KEYS = frozenset(field.key for field in EXERCISE_FIELDS) - frozenset(field.key for field in DOSE_FIELDS)


class StepReader:
    """Reads the steps of one routine and remembers the exercises that it defines.

    Parameters
    ----------
    reader
        Where faults go.
    library
        The exercises that there are.
    """

    def __init__(self, reader: Reader, library: Library) -> None:
        self.reader = reader
        self.library = library
        self.own: dict[str, Exercise] = {}

    def steps(self, node: ListNode) -> tuple[Step, ...]:
        """Read a list of steps; those that do not read are left out, their faults recorded."""
        read = [self.step(item) for item in node.items]
        return tuple(step for step in read if step is not None)

    def step(self, node: Node) -> Step | None:
        """Read one item of a list of steps."""
        if isinstance(node, ScalarNode) and not node.empty:
            return self._word(node)
        if not isinstance(node, MapNode) or not node.entries:
            hint = "a step is 'say: …', 'rest: 20s', 'repeat: 3' or 'EXERCISE: 30s'"
            self.reader.fault("wrong-shape", "this is not a step", node.place, hint)
            return None
        head = node.entries[0]
        if any(entry.key.text == "repeat" for entry in node.entries):
            return self._repeat(node)
        if len(node.entries) > 1 and not self._is_one_step(node):
            return None
        if head.key.text == "say":
            text = TEXT(head.value, self.reader, "say")
            return None if text is None else SayStep(text, {"say": head.value.place})
        if head.key.text == "rest":
            length_s = DURATION(head.value, self.reader, "rest")
            return None if length_s is None else RestStep(length_s, {"rest": head.value.place})
        return self._exercise(head)

    def _word(self, node: ScalarNode) -> Step | None:
        """Read an exercise that is named and no more: it is done as its entry says."""
        if node.text in STEP_WORDS:
            example = {"say": "say: Well done.", "rest": "rest: 20s", "repeat": "repeat: 3"}[node.text]
            self.reader.fault("empty-value", f"'{node.text}' says nothing more", node.place, f"write '{example}'")
            return None
        if self._known(node.text):
            return ExerciseStep(node.text, self.own.get(node.text), places={"exercise": node.place})
        self._unknown(node.text, node.place)
        return None

    def _is_one_step(self, node: MapNode) -> bool:
        """Tell the author which of two common slips made several keys of one item."""
        first, second = node.entries[0], node.entries[1]
        dose_keys = {field.key for field in EXERCISE_FIELDS}
        place = second.key.place
        if first.key.text == second.key.text:
            hint = "begin the second one with its own '- '"
            self.reader.fault("duplicate-key", f"'{second.key.text}' is written twice in one step", place, hint)
        elif self._known(first.key.text) and second.key.text in dose_keys:
            hint = f"indent '{second.key.text}' further, so that it belongs to '{first.key.text}'"
            self.reader.fault("wrong-indent", f"'{second.key.text}' stands beside '{first.key.text}'", place, hint)
        else:
            message = f"'{first.key.text}' and '{second.key.text}' are in one step"
            self.reader.fault("two-steps", message, place, "begin each step with its own '- '")
        return False

    def _repeat(self, node: MapNode) -> RepeatStep | None:
        found: dict[str, Entry] = {}
        for entry in node.entries:
            key = entry.key.text
            if key not in _REPEAT_KEYS:
                hint = did_you_mean(key, _REPEAT_KEYS) or "the keys here are repeat, name, steps"
                self.reader.fault("unknown-key", f"'repeat' has no key '{key}'", entry.key.place, hint)
            elif key in found:
                self.reader.fault("duplicate-key", f"'{key}' is written twice", entry.key.place, "only one can count")
            else:
                found[key] = entry
        times = COUNT(found["repeat"].value, self.reader, "repeat")
        name = TEXT(found["name"].value, self.reader, "name") if "name" in found else None
        inner = found["steps"].value if "steps" in found else None
        if not isinstance(inner, ListNode) or not inner.items:
            place = inner.place if inner is not None else found["repeat"].key.place
            hint = "add 'steps:' with a list below it"
            self.reader.fault("missing-key", "'repeat' has no list of steps", place, hint)
            return None
        steps = self.steps(inner)
        if times is None:
            return None
        return RepeatStep(times, steps, name, {"repeat": found["repeat"].value.place})

    def _exercise(self, entry: Entry) -> ExerciseStep | None:
        exercise_id, place = entry.key.text, entry.key.place
        if isinstance(entry.value, MapNode) and any(e.key.text in _OWN_KEYS for e in entry.value.entries):
            own = self._define(exercise_id, entry)
            return None if own is None else ExerciseStep(exercise_id, own, places={"exercise": place})
        if not self._known(exercise_id):
            self._unknown(exercise_id, place)
            return None
        if isinstance(entry.value, MapNode):
            return self._with_dose(exercise_id, entry)
        if isinstance(entry.value, ScalarNode) and entry.value.empty:
            return ExerciseStep(exercise_id, self.own.get(exercise_id), places={"exercise": place})
        return self._with_amount(exercise_id, entry)

    def _define(self, exercise_id: str, entry: Entry) -> Exercise | None:
        if exercise_id in STEP_WORDS or exercise_id in self.library.exercise_ids or exercise_id in self.own:
            message = f"there is an exercise '{exercise_id}' already"
            self.reader.fault("exercise-exists", message, entry.key.place, "give yours a key of its own")
            return None
        own = read_exercise(exercise_id, entry.value, self.reader)
        if own is not None:
            self.own[exercise_id] = own
        return own

    def _with_amount(self, exercise_id: str, entry: Entry) -> ExerciseStep | None:
        """Read the short form, ``pigeon-pose: 30s`` or ``clamshell: 12 reps``."""
        node = entry.value
        places = {"exercise": entry.key.place, "amount": node.place}
        if not isinstance(node, ScalarNode):
            hint = f"write '{exercise_id}: 30s' or a map such as {{hold: 30s, sides: left}}"
            self.reader.fault("wrong-shape", f"'{exercise_id}' wants a dose, not a list", node.place, hint)
            return None
        own = self.own.get(exercise_id)
        try:
            if values.is_reps(node.text):
                return ExerciseStep(exercise_id, own, amount_reps=values.reps(node.text), places=places)
            return ExerciseStep(exercise_id, own, amount_s=values.duration(node.text), places=places)
        except values.ValueFaultError as fault:
            self._bad_amount(exercise_id, node, fault)
            return None

    def _bad_amount(self, exercise_id: str, node: ScalarNode, fault: values.ValueFaultError) -> None:
        """Tell both of the things that a dose may be, since we cannot know which one was meant."""
        amount = node.text.strip()
        if fault.code == "bare-number":
            hint = f"write {amount}s, {amount} min or {amount} reps"
            self.reader.fault(fault.code, f"{exercise_id}: {fault.message}", node.place, hint)
        elif fault.code == "bad-duration":
            hint = "write a length such as 30s or 2 min, or a count such as 10 reps"
            message = f"{exercise_id}: '{amount}' is neither a length of time nor a number of repetitions"
            self.reader.fault("bad-dose", message, node.place, hint)
        else:
            self.reader.fault(fault.code, f"{exercise_id}: {fault.message}", node.place, fault.hint)

    def _with_dose(self, exercise_id: str, entry: Entry) -> ExerciseStep | None:
        read = read_map(entry.value, DOSE_FIELDS, f"'{exercise_id}'", self.reader)
        if read is None:
            return None
        before = len(self.reader.faults)
        read_dose(read, exercise_id, self.reader)
        if len(self.reader.faults) > before:
            return None  # which of the two doses is meant is not ours to guess
        return ExerciseStep(
            exercise_id,
            self.own.get(exercise_id),
            hold_s=read.get("hold"),
            time_s=read.get("time"),
            reps=read.get("reps"),
            sides=read.get("sides"),
            sets=read.get("sets"),
            tempo=read.get("tempo"),
            rest_s=read.get("rest"),
            places={"exercise": entry.key.place, **read.places},
        )

    def _known(self, exercise_id: str) -> bool:
        return exercise_id in self.own or exercise_id in self.library.exercise_ids

    def _unknown(self, word: str, place: Location) -> None:
        candidates: Sequence[str] = (*STEP_WORDS, *self.own, *self.library.exercise_ids)
        hint = (
            did_you_mean(word, candidates) or "'voicecoach exercises' lists them; an own one needs a name and a set up"
        )
        self.reader.fault("unknown-exercise", f"there is no step or exercise '{word}'", place, hint)
