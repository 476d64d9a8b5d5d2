"""Steps from their nodes, all but exercises: speech, rests, sounds, breathing, repeats, intervals and includes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from voicecoach.model.exercise import DEFAULT_PATTERN
from voicecoach.model.location import Location
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    IncludeStep,
    IntervalsStep,
    RepeatStep,
    RestStep,
    SayStep,
    SoundStep,
    Step,
)
from voicecoach.source.fields import DURATIONS, TEXT, Reader, ReadMap, read_map
from voicecoach.source.nodes import MAX_DEPTH, Entry, ListNode, MapNode, Node, ScalarNode
from voicecoach.stages.parse.context import MOST_STEPS, Context
from voicecoach.stages.parse.exercises import EXERCISE_KEYS, ExerciseReader
from voicecoach.stages.parse.forms import (
    BREATHE_FIELDS,
    INTERVAL_FORMS,
    ITEMS,
    OPTIONAL,
    SAY_FIELDS,
    STEP_FORMS,
    inner_keys,
    is_nothing,
)
from voicecoach.stages.parse.includes import open_included
from voicecoach.stages.parse.table import ROUTINE_FIELDS

_REPEAT_FIELDS = tuple(replace(field, required=False) for field in STEP_FORMS["repeat"].table)
"""That 'steps' is missing is told in words of its own."""
_SAY_KEYS = frozenset(field.key for field in SAY_FIELDS)


class StepReader:
    """Reads the steps of one file.

    Parameters
    ----------
    reader
        Where faults go.
    context
        What the files of a routine share.
    chain
        The files that include each other down to this one.
    depth
        How deep in lists of steps and files the outermost list of this file lies.
    """

    def __init__(self, reader: Reader, context: Context, chain: tuple[Path, ...], depth: int = 0) -> None:
        self.reader = reader
        self.context = context
        self.exercises = ExerciseReader(reader, context)
        self._chain = chain
        self._depth = depth

    def steps(self, node: ListNode) -> tuple[Step, ...]:
        """Read a list of steps; those that do not read are left out, their faults recorded."""
        if self._depth >= MAX_DEPTH:
            message = f"repeats and included files are nested more than {MAX_DEPTH} deep"
            self.reader.fault("too-deep", message, node.place, "take some of them out")
            return ()
        self._depth += 1
        read = [self.step(item) for item in node.items]
        self._depth -= 1
        return tuple(step for step in read if step is not None)

    def step(self, node: Node) -> Step | None:
        """Read one item of a list of steps."""
        self.context.steps += 1
        if self.context.steps > MOST_STEPS:
            self._too_many(node.place)
            return None
        if isinstance(node, ScalarNode) and not node.empty:
            return self._word(node)
        if not isinstance(node, MapNode) or not node.entries:
            hint = "a step is 'say: …', 'rest: 20s', 'repeat: 3' or 'EXERCISE: 30s'"
            self.reader.fault("wrong-shape", "this is not a step", node.place, hint)
            return None
        if any(entry.key.text == "repeat" for entry in node.entries):
            return self._repeat(node)
        if _is_said(node):
            return self._said(node)
        if len(node.entries) > 1:
            self._not_one_step(node)
            return None
        return self._single(node.entries[0])

    def _too_many(self, place: Location) -> None:
        if self.context.steps == MOST_STEPS + 1:
            message = f"with what it includes, the routine has more than {MOST_STEPS} steps"
            self.reader.fault("too-large", message, place, "take some of the includes out")

    def _word(self, node: ScalarNode) -> Step | None:
        if node.text not in STEP_FORMS:
            return self.exercises.word(node)
        hint = f"write '{STEP_FORMS[node.text].example}'"
        self.reader.fault("empty-value", f"'{node.text}' says nothing more", node.place, hint)
        return None

    def _not_one_step(self, node: MapNode) -> None:
        """Tell the author which of the common slips made several keys of one item."""
        first, second = node.entries[0].key, node.entries[1].key
        below = is_nothing(node.entries[0].value)
        inside = inner_keys(first.text) if first.text in STEP_FORMS else EXERCISE_KEYS
        known = self.exercises.known(first.text) or first.text in STEP_FORMS
        if first.text == second.text:
            hint = "begin the second one with its own '- '"
            self.reader.fault("duplicate-key", f"'{second.text}' is written twice in one step", second.place, hint)
        elif second.text in inside and (below or known):
            hint = self.exercises.inside(*node.entries[:2])
            self.reader.fault("wrong-indent", f"'{second.text}' stands beside '{first.text}'", second.place, hint)
        elif second.text == OPTIONAL.key and first.text in STEP_FORMS:
            ranged = "write a range for fitting to choose from, such as 'rest: 10-30s'"
            group = "only what is done can be: exercises, breathe, intervals, tabata, emom, and a 'repeat: 1' of steps"
            hint = ranged if first.text == "rest" else group
            self.reader.fault("unknown-key", f"'{first.text}' cannot be optional", second.place, hint)
        elif any(entry.key.text == "steps" for entry in node.entries) and first.text not in STEP_FORMS:
            self.exercises.unknown(first.text, first.place)
        else:
            message = f"'{first.text}' and '{second.text}' are in one step"
            self.reader.fault("two-steps", message, second.place, "begin each step with its own '- '")

    def _single(self, entry: Entry) -> Step | None:
        """Read a step of one key."""
        word, value, places = entry.key.text, entry.value, {entry.key.text: entry.value.place}
        if word == "rest":
            length = DURATIONS(value, self.reader, word)
            return None if length is None else RestStep(length, places)
        if word == "breathe":
            return self._breathe(entry)
        if word in INTERVAL_FORMS:
            return self._intervals(entry)
        if word not in STEP_FORMS:
            return self.exercises.entry(entry)
        text = TEXT(value, self.reader, word)
        if text is None:
            return None
        if word == "include":
            return self._include(text, value.place)
        return SoundStep(text, places)

    def _said(self, node: MapNode) -> SayStep | None:
        """Read a ``say``: text, or a map of text and voice; the voice may stand beside it, too."""
        table = tuple(field for field in STEP_FORMS["say"].table if field.key != "say")
        beside = MapNode(tuple(entry for entry in node.entries if entry.key.text != "say"), node.place)
        around = read_map(beside, table, "'say'", self.reader)
        value = next(entry.value for entry in node.entries if entry.key.text == "say")
        inner = None
        if isinstance(value, MapNode) and {entry.key.text for entry in value.entries} & _SAY_KEYS:
            inner = read_map(value, SAY_FIELDS, "'say'", self.reader)
            text = None if inner is None else inner.get("text")
        else:
            text = TEXT(value, self.reader, "say")
        if text is None or around is None:
            return None
        places = {"say": value.place, **around.places}
        if inner is None:
            return SayStep(text, around.get("voice"), places)
        if "voice" in inner.places and "voice" in around.places:
            message = "'voice' is written twice, inside of 'say' and beside it"
            self.reader.fault("duplicate-key", message, around.places["voice"], "leave one of the two out")
        places |= {**inner.places, "say": inner.places["text"]}
        return SayStep(text, inner.get("voice", around.get("voice")), places)

    def _repeat(self, node: MapNode) -> RepeatStep | None:
        read = read_map(node, _REPEAT_FIELDS, "'repeat'", self.reader)
        if read is None:
            return None
        if "steps" not in read.places:
            repeat = next(entry.key for entry in node.entries if entry.key.text == "repeat")
            hint = "add 'steps:' with a list below it"
            self.reader.fault("missing-key", "'repeat' has no list of steps", repeat.place, hint)
        if "steps" not in read.values:
            return None
        steps = self.steps(read.get("steps"))
        if "repeat" not in read.values:
            return None
        return RepeatStep(read.get("repeat"), steps, read.get("name"), read.get("optional", False), read.places)

    def _breathe(self, entry: Entry) -> BreatheStep | None:
        read = read_map(entry.value, BREATHE_FIELDS, "'breathe'", self.reader)
        if read is None or "for" not in read.values:
            return None
        amount, unit = read.get("for")
        places = {"breathe": entry.key.place, **read.places}
        pattern, optional = read.get("pattern", DEFAULT_PATTERN), read.get("optional", False)
        return BreatheStep(pattern, amount, unit, read.get("name"), optional, read.get("voice"), places)

    def _intervals(self, entry: Entry) -> IntervalsStep | None:
        word, form = entry.key.text, INTERVAL_FORMS[entry.key.text]
        if form.alone and isinstance(entry.value, ListNode):
            items = ITEMS(entry.value, self.reader, word)
            read: ReadMap | None = ReadMap({} if items is None else {"of": items}, {"of": entry.value.place})
        else:
            read = read_map(entry.value, form.table, f"'{word}'", self.reader)
        if read is None or "of" not in read.values:
            return None
        of = [self._item(item, word) for item in read.get("of").items]
        work_s, rounds = read.get("every", read.get("work", form.work_s)), read.get("rounds", form.rounds)
        if work_s is None or rounds is None:
            return None
        places = {word: entry.key.place, **read.places}
        found = tuple(item for item in of if item is not None)
        rest_s, name, optional = read.get("rest", form.rest_s), read.get("name"), read.get("optional", False)
        return IntervalsStep(word, work_s, rest_s, rounds, found, name, optional, places)

    def _item(self, node: Node, word: str) -> ExerciseStep | None:
        """Read an exercise of intervals."""
        name = node.entries[0].key if isinstance(node, MapNode) and node.entries else node
        if not isinstance(name, ScalarNode) or name.empty or name.text in STEP_FORMS:
            what = f"'{name.text}'" if isinstance(name, ScalarNode) and name.text else "this"
            hint = f"'{word}' is of exercises: write EXERCISE, or 'EXERCISE: {{sides: left}}'"
            self.reader.fault("wrong-shape", f"{what} is not an exercise", node.place, hint)
            return None
        if not isinstance(node, MapNode):
            return self.exercises.word(name)
        if len(node.entries) > 1:
            self._not_one_step(node)
            return None
        return self.exercises.entry(node.entries[0])

    def _include(self, file: str, place: Location) -> IncludeStep | None:
        found = open_included(file, place, self.reader, self.context, self._chain)
        if found is None:
            return None
        path, opened = found
        places = {"include": place}
        if opened.root is None:
            return IncludeStep(file, (), places)
        reader = Reader(opened.source, self.context.faults)
        read = read_map(opened.root, ROUTINE_FIELDS, "a routine", reader)
        if read is None or "steps" not in read.values:
            return IncludeStep(file, (), places)
        for name, text in read.get("with", ()):
            self.context.variables.setdefault(name, text)
        inner = StepReader(reader, self.context, (*self._chain, path), self._depth)
        return IncludeStep(file, inner.steps(read.get("steps")), places)


def _is_said(node: MapNode) -> bool:
    """Tell whether a step is a ``say``, with nothing beside it but perhaps a voice."""
    keys = [entry.key.text for entry in node.entries]
    return keys.count("say") == 1 and set(keys) <= {field.key for field in STEP_FORMS["say"].table}
