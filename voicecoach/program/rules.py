"""What can be wrong with a programme that reads well: one small function a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.library import Library
from voicecoach.library.named import Missing, What, find_named
from voicecoach.model.diagnostic import Diagnostic, Severity, did_you_mean
from voicecoach.model.location import Location
from voicecoach.model.program import Growth, Program, ProgramDay
from voicecoach.program.table import NO_DAYS, LighterSaid
from voicecoach.source.nodes import SourceFile
from voicecoach.text.fill import variables

OF_A_SESSION = ("week", "day", "number", "title")
"""Variables of a session's title that the programme fills in."""
_USUAL: Mapping[str, tuple[Fraction, Fraction, str]] = {
    "hold": (Fraction(30), Fraction(180), "a hold of 30 s would last {} s"),
    "reps": (Fraction(10), Fraction(50), "10 repetitions would be {}"),
    "rounds": (Fraction(2), Fraction(10), "2 rounds would be {}"),
    "sets": (Fraction(2), Fraction(10), "2 sets would be {}"),
    "rest": (Fraction(20), Fraction(180), "a rest of 20 s would last {} s"),
}
"""Of each amount: what is usual, what is more than anybody means, and how that is told."""


@dataclass(frozen=True)
class Checked:
    """A programme, and what is known beside it."""

    program: Program
    lighter: LighterSaid
    source: SourceFile
    library: Library
    given: frozenset[str] = frozenset()

    @property
    def top(self) -> Location:
        """Where the file begins."""
        return Location(self.source.name, 1, 1)

    def error(self, code: str, message: str, place: Location, hint: str | None) -> Diagnostic:
        """Make an error."""
        return self.source.fault(code, message, place, hint)

    def warning(self, code: str, message: str, place: Location, hint: str) -> Diagnostic:
        """Make a warning."""
        return self.source.fault(code, message, place, hint, Severity.WARNING)

    def days(self) -> Iterator[ProgramDay]:
        """Give each day as it is written, once."""
        seen = set()
        for week in self.program.weeks:
            for day in week.days:
                if id(day) not in seen:
                    seen.add(id(day))
                    yield day


def routines_are_there(checked: Checked) -> Iterator[Diagnostic]:
    """A routine is a file beside the programme, or built in."""
    for day in checked.days():
        if day.routine is None:
            continue
        found = find_named(day.routine, What.ROUTINE, checked.library, checked.source)
        if isinstance(found, Missing):
            yield checked.error("unknown-routine", found.message, day.places["routine"], found.hint)


def there_is_something_to_do(checked: Checked) -> Iterator[Diagnostic]:
    """A programme has a session, and so has every week of it."""
    weeks = checked.program.weeks
    read = [(n, week) for n, week in enumerate(weeks, start=1) if week.days is not NO_DAYS.days]
    idle = [(n, week) for n, week in read if all(day.routine is None for day in week.days)]
    if read and len(idle) == len(weeks):
        place = checked.program.places.get("days") or weeks[0].places.get("days") or checked.top
        yield checked.error("empty-program", "every day is a day of rest", place, "write a routine for some days")
        return
    for number, week in idle:
        place = week.places.get("days") or week.places.get("") or checked.top
        hint = "if it is meant, leave it so; else write a routine for some of its days"
        yield checked.warning("empty-week", f"week {number} has no session", place, hint)


def lighter_weeks_are_there(checked: Checked) -> Iterator[Diagnostic]:
    """What is said of lighter weeks is about weeks that there are."""
    count = len(checked.program.weeks)
    if not count:
        return
    for number, place in checked.lighter.weeks:
        if number > count:
            message = f"there is no week {number} in {_weeks(count)}"
            yield checked.error("bad-week", message, place, f"write a number from 1 to {count}")
    every = checked.lighter.every_weeks
    if every is not None and every > count:
        message = f"a lighter week comes every {every} weeks, and there are {count}"
        yield checked.warning("out-of-weeks", message, checked.lighter.places["every"], "it never comes; leave it out")


def growth_comes_in_time(checked: Checked) -> Iterator[Diagnostic]:
    """What is said of later weeks is about weeks that there are."""
    program, count = checked.program, len(checked.program.weeks)
    for key, growth in _growing(program):
        if count and growth.every_weeks >= count:
            message = f"it grows every {_weeks(growth.every_weeks)}, and the programme has {_weeks(count)}"
            place = program.places[f"progress {key}"]
            yield checked.warning("out-of-weeks", message, place, "it never grows; leave it out, or let it come sooner")
    if count and len(program.talk) > count:
        message = f"{len(program.talk)} levels of talk for {_weeks(count)}"
        place = program.places["progress talk"]
        yield checked.warning("out-of-weeks", message, place, "write one a week; the last one stays")


def growth_has_an_end(checked: Checked) -> Iterator[Diagnostic]:
    """Without a limit, what grows over many weeks becomes more than anybody means."""
    weeks = sum(not week.lighter for week in checked.program.weeks) - 1
    for key, growth in _growing(checked.program):
        usual, most, words = _USUAL[key]
        change = growth.after(max(0, weeks))
        if change is not None and change.most is None and change.of(usual) > most:
            message = f"after {_weeks(weeks)} {words.format(round(change.of(usual)))}"
            place = checked.program.places[f"progress {key}"]
            yield checked.warning("long-growth", message, place, "write how far it goes, such as 'up to …'")


def variables_are_known(checked: Checked) -> Iterator[Diagnostic]:
    """``{name}`` is declared, given, or one of those that stand for a session's place in the programme."""
    known = {name for name, _ in checked.program.variables} | checked.given
    for text, place, more in _texts(checked):
        for name in variables(text):
            if name not in known and name not in more:
                near = did_you_mean(name, [*known, *more])
                hint = near or f"declare it under 'with:', or give it with --with {name}=…"
                yield checked.error("unknown-variable", f"nothing says what '{{{name}}}' is", place, hint)


def _texts(checked: Checked) -> Iterator[tuple[str, Location, tuple[str, ...]]]:
    program = checked.program
    for key, text in (("title", program.title), ("description", program.description), ("author", program.author)):
        if key in program.places:
            yield text, program.places[key], ()
    if "session title" in program.places:
        yield program.session_title, program.places["session title"], OF_A_SESSION
    for week in program.weeks:
        if "title" in week.places:
            yield week.title, week.places["title"], ()
    for day in checked.days():
        own = tuple(name for name, _ in day.profile.variables)
        for key, text in (("title", day.title), ("note", day.note), ("rest", day.note if not day.routine else "")):
            if text and key in day.places:
                yield text, day.places[key], own


def the_picture_is_there(checked: Checked) -> Iterator[Diagnostic]:
    """The show art is a file beside the programme."""
    program, folder = checked.program, checked.source.folder
    if program.image and (folder is None or not (folder / program.image).is_file()):
        message = f"there is no file '{program.image}' beside the programme"
        yield checked.error("missing-file", message, program.places["image"], "name one, or leave 'image' out")


def _growing(program: Program) -> Iterator[tuple[str, Growth]]:
    for key, growth in vars(program.growing).items():
        if growth is not None:
            yield key, growth


def _weeks(count: int) -> str:
    return f"{count} week{'s' if count != 1 else ''}"


RULES: tuple[Callable[[Checked], Iterator[Diagnostic]], ...] = (
    routines_are_there,
    there_is_something_to_do,
    lighter_weeks_are_there,
    growth_comes_in_time,
    growth_has_an_end,
    variables_are_known,
    the_picture_is_there,
)
