"""Words: whether all that the author wrote can be said, and whether every variable means something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.model.location import Location
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    IntervalsStep,
    RepeatStep,
    SayStep,
    Step,
    Talk,
)
from voicecoach.stages.check.checked import Checked, phrases
from voicecoach.stages.check.cues import cue_place
from voicecoach.stages.check.sides import SIDE_VARIABLES
from voicecoach.text.fill import fill, variables
from voicecoach.text.spoken import spoken

MOST_TEXT_CHARS = 2000
MOST_TITLE_CHARS = 120

BUILT_IN: Mapping[str, str] = {
    "title": "anywhere but in the title",
    "length": "anywhere but in the title",
    "next": "in 'say'",
    "exercise": "in an exercise's wording and 'cues'",
    "reps": "in the wording of an exercise that is counted",
    "remaining": "in an exercise's 'cues'",
    "side": "in an exercise's wording and 'cues'",
    "other side": "in an exercise's wording and 'cues'",
}
"""The variables that the coach fills, and where they can stand."""

_EVERYWHERE = frozenset({"title", "length"})


class Text(NamedTuple):
    """A text to be said, where it stands, and which of the built-in variables are filled there."""

    text: str
    place: Location
    filled: frozenset[str]


def speech_is_sayable(checked: Checked) -> Iterator[Diagnostic]:
    """A text has words in it, and not a thousand."""
    values = dict(checked.routine.variables)
    for text, place, _ in texts(checked):
        if not spoken(fill(text, values), checked.routine.language).text:
            message = f"there is nothing in '{text}' that can be said"
            yield checked.error("nothing-to-say", message, place, "write words")
        elif len(text) > MOST_TEXT_CHARS:
            message = f"a text of {len(text)} characters in one go"
            hint = f"split it into several 'say' steps; the most is {MOST_TEXT_CHARS} characters"
            yield checked.error("long-text", message, place, hint)
    title = checked.routine.title
    if MOST_TITLE_CHARS < len(title) <= MOST_TEXT_CHARS:
        message = f"a title of {len(title)} characters is more than a player shows"
        hint = "say it in a few words, and the rest in 'description'"
        yield checked.warning("long-title", message, checked.place(checked.routine, "title"), hint)


def variables_are_known(checked: Checked) -> Iterator[Diagnostic]:
    """``{name}`` is declared, or filled by the coach where it stands."""
    own = dict(checked.routine.variables)
    for text, place, filled in texts(checked):
        for name in variables(text):
            if name in own or name in filled or name in SIDE_VARIABLES:
                continue
            if name in BUILT_IN:
                message = f"'{{{name}}}' means nothing here"
                yield checked.error("misplaced-variable", message, place, f"it can stand {BUILT_IN[name]}")
            else:
                hint = did_you_mean(name, [*own, *BUILT_IN]) or _declare(name)
                yield checked.error("unknown-variable", f"nothing says what '{{{name}}}' is", place, hint)
    yield from _something_comes_next(checked)


def _declare(name: str) -> str:
    if not re.fullmatch(r"[\w -]+", name):
        return "write a name between the braces, or no braces"
    return f"declare it under 'with:', such as 'with: {{{name}: …}}', or give it with --with {name}=…"


def _something_comes_next(checked: Checked) -> Iterator[Diagnostic]:
    following = False
    for step in reversed(tuple(checked.steps())):
        if isinstance(step, ExerciseStep):
            following = True
        elif isinstance(step, SayStep) and "next" in variables(step.text) and not following:
            hint = "write the words themselves, or put an exercise after it"
            message = "'{next}' means nothing here: no exercise comes after this"
            yield checked.error("misplaced-variable", message, checked.place(step, "say"), hint)


def sides_of_names(checked: Checked) -> Iterator[Diagnostic]:
    """Names of repeats, intervals and breathing belong to no side."""
    for text, place, filled in names(checked):
        if any(name in SIDE_VARIABLES for name in variables(text)) and not filled & frozenset(SIDE_VARIABLES):
            message = "a name or title belongs to no side"
            yield checked.error("no-side", message, place, "write it without {side}")


def variables_are_used(checked: Checked) -> Iterator[Diagnostic]:
    """What is declared is used, means one thing, and is plain text."""
    own = dict(checked.routine.variables)
    every = [text.text for text in texts(checked)]
    used = {name for text in (*every, checked.routine.description or "") for name in variables(text)}
    for name, value in own.items():
        place = _declared(checked, name)
        if place is None:
            continue  # from the command line, a profile or an included file, which may serve several routines
        if name in BUILT_IN:
            message = f"'{{{name}}}' has a meaning already"
            yield checked.error("reserved-variable", message, place, "give yours another name")
        elif variables(value):
            message = f"the value of '{name}' holds a variable, which is not filled in"
            hint = "write plain words; put the variable where it is said"
            yield checked.error("nested-variable", message, place, hint)
        elif name not in used and not did_you_mean(name, used - own.keys()):  # a misspelt use is told where it stands
            message = f"'{name}' is declared, but no text says '{{{name}}}'"
            hint = "leave it out, or use it in a text"
            yield checked.warning("unused-variable", message, place, hint)


def _declared(checked: Checked, name: str) -> Location | None:
    """Where a variable is declared in the file that was asked for, or None."""
    top = checked.routine.places.get("with")
    if top is None:
        return None
    lines = checked.sources.main.text.split("\n")
    key = re.compile(rf"""(?:^|[\s{{,'"])({re.escape(name)})['"]?\s*:""")
    for number in range(top.line, len(lines) + 1):
        line = lines[number - 1]
        if number > top.line and line[:1].strip() and not line.startswith("#"):
            return None  # the next key of the file
        found = key.search(line, max(0, top.column - 2) if number == top.line else 0)
        if found is not None:
            return Location(top.file, number, found.start(1) + 1, len(name))
    return None


def braces_are_paired(checked: Checked) -> Iterator[Diagnostic]:
    """A brace without its other one is a slip: it would not be filled."""
    for text, place, _ in texts(checked):
        left = fill(text, dict.fromkeys(variables(text), ""))
        if "{" in left or "}" in left:
            message = "a brace without its other one"
            yield checked.warning("stray-brace", message, place, "write {name} for a variable, or leave the brace out")


def silence_is_meant(checked: Checked) -> Iterator[Diagnostic]:
    """With ``talk: bells`` nothing is said, so texts to be said are in vain."""
    if checked.routine.talk is Talk.BELLS:
        told = sum(isinstance(step, SayStep) for step in checked.steps())
        cues = sum(len(doing.step.cues) for doing in checked.everything_done())
        if told or cues:
            listed = " and ".join(_counted(n, word) for n, word in ((told, "'say' step"), (cues, "cue")) if n)
            message = f"with 'talk: bells' nothing is said, but there {'is' if told + cues == 1 else 'are'} {listed}"
            place = checked.place(checked.routine, "talk")
            yield checked.warning("silent", message, place, "write 'talk: cues' to hear them, or leave them out")
        return
    for doing in checked.everything_done():
        if doing.step.talk is Talk.BELLS and doing.step.cues:
            message = f"with 'talk: bells' the cues of '{doing.name}' are not said"
            place = checked.place(doing.step, "talk")
            yield checked.warning("silent", message, place, "write 'talk: cues' to hear them, or leave them out")


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number != 1 else ''}"


def texts(checked: Checked) -> Iterator[Text]:
    """All that the author wrote to be said, with its place."""
    yield from names(checked)
    for step in checked.steps():
        if isinstance(step, SayStep):
            yield Text(step.text, checked.place(step, "say"), _EVERYWHERE | {"next"})
    for doing in checked.everything_done():
        filled = _EVERYWHERE | {"exercise", "remaining", *SIDE_VARIABLES}
        for number, cue in enumerate(doing.step.cues, start=1):
            yield Text(cue.text, cue_place(checked, doing, number), filled)
    yield from _wording(checked)


def names(checked: Checked) -> Iterator[Text]:
    """The title, and the names of repeats, intervals and breathing."""
    if "title" in checked.routine.places:
        yield Text(checked.routine.title, checked.place(checked.routine, "title"), frozenset())
    for step in checked.steps():
        name = _name(step)
        if name is not None:
            yield Text(name, checked.place(step, "name"), _EVERYWHERE)


def exercise_names(checked: Checked) -> Iterator[Text]:
    """The names of exercises of the author's own, as they are spoken."""
    for step, own in checked.worded():
        yield Text(own.spoken_name, checked.place(step, "says", "name", "exercise"), frozenset())


def _name(step: Step) -> str | None:
    return step.name if isinstance(step, RepeatStep | IntervalsStep | BreatheStep) else None


def _wording(checked: Checked) -> Iterator[Text]:
    """What exercises say."""
    yield from exercise_names(checked)
    for step, own in checked.worded():
        counted = own.dose is not None and not own.dose.measure.timed
        filled = _EVERYWHERE | {"exercise", *SIDE_VARIABLES, *(("reps",) if counted else ())}
        for key, phrase in phrases(own):
            place = checked.place(step, key, "exercise")
            yield from (Text(text, place, filled) for text in (phrase.full, phrase.brief) if text is not None)
