"""Steps that are exercises: of the library, of the author's own files, or defined on the spot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from voicecoach.library.exercise import DOSE_FIELDS, EXERCISE_FIELDS, read_dose, read_exercise
from voicecoach.library.search import base_of, based_on_itself, unknown_base, worded
from voicecoach.model.diagnostic import did_you_mean
from voicecoach.model.exercise import Dose, Exercise, Measure, Unit
from voicecoach.model.location import Location
from voicecoach.model.routine import ExerciseStep, Given, prescribe
from voicecoach.source.fields import AMOUNT, Reader, ReadMap, read_map
from voicecoach.source.nodes import Entry, MapNode, Node, ScalarNode
from voicecoach.stages.parse.context import Context, Own
from voicecoach.stages.parse.forms import DOING_FIELDS, EXTRA_FIELDS, OPTIONAL, OWN_FIELDS, STEP_FORMS, is_nothing
from voicecoach.stages.parse.settings import coach_changes

_OWN_KEYS = frozenset(field.key for field in EXERCISE_FIELDS) - frozenset(field.key for field in DOSE_FIELDS)
_EXTRA_KEYS = frozenset(field.key for field in EXTRA_FIELDS)
EXERCISE_KEYS = frozenset(field.key for field in OWN_FIELDS)


@dataclass(frozen=True)
class ExerciseReader:
    """Reads the exercise steps of one file.

    Attributes
    ----------
    reader
        Where faults go.
    context
        The exercises that there are.
    """

    reader: Reader
    context: Context

    def known(self, exercise_id: str) -> bool:
        """Tell whether there is an exercise of that id."""
        return exercise_id in self.context.own or exercise_id in self.context.library.exercise_ids

    def word(self, node: ScalarNode) -> ExerciseStep | None:
        """Read an exercise that is named and no more: it is done as its entry says."""
        return self._step(node.text, {"exercise": node.place}) if self._found(node.text, node.place) else None

    def entry(self, entry: Entry) -> ExerciseStep | None:
        """Read ``ID: dose``, ``ID: {…}``, or the definition of an exercise."""
        exercise_id, place = entry.key.text, entry.key.place
        if isinstance(entry.value, MapNode) and any(e.key.text in _OWN_KEYS for e in entry.value.entries):
            return self._defined(exercise_id, entry.value, place)
        if not self._found(exercise_id, place):
            return None
        if isinstance(entry.value, MapNode):
            return self._with_map(exercise_id, entry.value, place)
        if is_nothing(entry.value):
            return self._step(exercise_id, {"exercise": place})
        return self._with_amount(exercise_id, entry.value, place)

    def inside(self, step: Entry, beside: Entry) -> str:
        """Tell how to write a key inside of the step that it stands beside."""
        word, key, value = step.key.text, beside.key.text, step.value
        if is_nothing(value) or value.place.line > step.key.place.line:
            return f"indent '{key}' further, so that it belongs to '{word}'"
        if isinstance(value, MapNode):
            return f"put '{key}' into the braces of '{word}'"
        what = beside.value.text if isinstance(beside.value, ScalarNode) and beside.value.text else "…"
        first = f"{self._measure(word, value)}: {value.text}" if isinstance(value, ScalarNode) else "of: […]"
        return f"write '{word}: {{{first}, {key}: {what}}}'"

    def _measure(self, exercise_id: str, amount: ScalarNode) -> str:
        """Return the key that a dose in its short form has in a map."""
        step = self._with_amount(exercise_id, amount, amount.place)
        dose = None
        if step is not None and self.known(exercise_id):
            exercise = step.own or self.context.library.look_up(exercise_id, self.context.language).exercise
            dose = prescribe(step, exercise).dose if exercise is not None else None
        return (dose.measure if dose is not None else Measure.HOLD).value

    def unknown(self, word: str, place: Location) -> None:
        """Record that there is no such step or exercise."""
        if word == OPTIONAL.key:
            hint = "write it inside of the step that may be left out, such as 'pigeon-pose: {hold: 30s, optional: yes}'"
            self.reader.fault("unknown-exercise", f"'{word}' is not a step of its own", place, hint)
            return
        candidates = (*STEP_FORMS, *self.context.own, *self.context.library.exercise_ids)
        hint = (
            did_you_mean(word, candidates) or "'voicecoach exercises' lists them; an own one needs a name and a set up"
        )
        self.reader.fault("unknown-exercise", f"there is no step or exercise '{word}'", place, hint)

    def _found(self, exercise_id: str, place: Location) -> bool:
        """Tell whether an exercise can be used; if it cannot, the fault is recorded."""
        if exercise_id in self.context.own:
            return self.context.own[exercise_id].exercise is not None
        if exercise_id not in self.context.library.exercise_ids:
            self.unknown(exercise_id, place)
            return False
        return self._looked_up(exercise_id) is not None

    def _looked_up(self, exercise_id: str) -> Exercise | None:
        """Take an exercise from the library; faults of the author's own files are told with it."""
        found = self.context.library.look_up(exercise_id, self.context.language)
        for source in found.sources:
            self.context.sources.add(source)
        self.context.faults += found.faults
        return found.exercise

    def _step(self, exercise_id: str, places: dict[str, Location], read: ReadMap | None = None) -> ExerciseStep:
        own = self.context.own.get(exercise_id)
        step = read or ReadMap({}, {})
        return ExerciseStep(
            exercise_id,
            own.exercise if own is not None else None,
            given=step.get("given"),
            sides=step.get("sides"),
            start=step.get("start"),
            sets=step.get("sets"),
            tempo=step.get("tempo"),
            pattern=step.get("pattern"),
            rest_s=step.get("rest"),
            remind_every_s=step.get("remind every"),
            cues=step.get("cues", ()),
            talk=step.get("talk"),
            coach=coach_changes(step, EXTRA_FIELDS),
            optional=step.get("optional", False),
            voice=step.get("voice"),
            places={**places, **step.places},
        )

    def _with_amount(self, exercise_id: str, node: Node, place: Location) -> ExerciseStep | None:
        """Read the short form, ``pigeon-pose: 30s`` or ``clamshell: 12 reps``."""
        if not isinstance(node, ScalarNode):
            hint = f"write '{exercise_id}: 30s' or a map such as {{hold: 30s, sides: left}}"
            self.reader.fault("wrong-shape", f"'{exercise_id}' wants a dose, not a list", node.place, hint)
            return None
        amount = AMOUNT(node, self.reader, exercise_id)
        if amount is None:
            return None
        read = ReadMap({"given": Given(*amount)}, {"amount": node.place})
        return self._step(exercise_id, {"exercise": place}, read)

    def _with_map(self, exercise_id: str, node: MapNode, place: Location) -> ExerciseStep | None:
        read = read_map(node, DOING_FIELDS, f"'{exercise_id}'", self.reader)
        if read is None:
            return None
        before = len(self.reader.faults)
        dose = read_dose(read, exercise_id, self.reader)
        if len(self.reader.faults) > before:
            return None  # which of the two doses is meant is not ours to guess
        values = read.values if dose is None else {**read.values, "given": _given(dose)}
        return self._step(exercise_id, {"exercise": place}, ReadMap(values, read.places))

    def _defined(self, exercise_id: str, node: MapNode, place: Location) -> ExerciseStep | None:
        """Read an exercise that is defined on the spot; what is not the exercise's goes to the step."""
        if not self._free(exercise_id, place):
            return None
        whole = MapNode(tuple(_entries(node, extra=False)), node.place)
        around = MapNode(tuple(_entries(node, extra=True)), node.place)
        own = self._own(exercise_id, whole)
        self.context.own[exercise_id] = Own(own, place)
        read = read_map(around, EXTRA_FIELDS, f"exercise '{exercise_id}'", self.reader)
        if own is None or read is None:
            return None
        written = {e.key.text: e.key.place if is_nothing(e.value) else e.value.place for e in whole.entries}
        return self._step(exercise_id, {"exercise": place, **written}, read)

    def _free(self, exercise_id: str, place: Location) -> bool:
        """Tell whether an id can be given; a file that is included twice defines the same again."""
        own = self.context.own.get(exercise_id)
        if own is not None and own.place == place:
            return True
        if own is None and exercise_id not in STEP_FORMS and exercise_id not in self.context.library.exercise_ids:
            return True
        message = f"there is an exercise '{exercise_id}' already"
        self.reader.fault("exercise-exists", message, place, "give yours a key of its own")
        return False

    def _own(self, exercise_id: str, node: MapNode) -> Exercise | None:
        """Read an exercise's own map; its wording is in the routine's language, that of its base in the base's."""
        named = base_of(node)
        if named is None:
            own = read_exercise(exercise_id, node, self.reader)
            return None if own is None else replace(own, language=self.context.language)
        base = self._base(exercise_id, named)
        read = read_exercise(exercise_id, node, self.reader, base or Exercise(exercise_id, exercise_id))
        if base is None or read is None:
            return None
        return replace(read, language=self.context.language) if worded(node) else read

    def _base(self, exercise_id: str, named: ScalarNode) -> Exercise | None:
        if named.text == exercise_id:
            based_on_itself((exercise_id,), named, self.reader)
        elif named.text in self.context.own:
            return self.context.own[named.text].exercise
        elif named.text in self.context.library.exercise_ids:
            return self._looked_up(named.text)
        else:
            unknown_base(exercise_id, named, (*self.context.own, *self.context.library.exercise_ids), self.reader)
        return None


def _given(dose: Dose) -> Given:
    return Given(dose.amount, Unit.SECONDS if dose.measure.timed else Unit(dose.measure.value), dose.measure)


def _entries(node: MapNode, *, extra: bool) -> Iterator[Entry]:
    """Part the map of an own exercise: what the step takes of it, and the exercise itself."""
    return (entry for entry in node.entries if (entry.key.text in _EXTRA_KEYS) is extra)
