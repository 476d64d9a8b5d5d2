"""The flags with which a person fits a routine to themselves, for every command that builds or plans."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from voicecoach.cli.faults import show_faults
from voicecoach.errors import EXIT_FAULTS

if TYPE_CHECKING:
    from voicecoach.model.diagnostic import Diagnostic
    from voicecoach.model.profile import Profile

F = TypeVar("F", bound=Callable[..., Any])

HEADING = "Fit it to you (the file stays as it is)"
ENDINGS = (".yaml", ".yml")


class PersonalOption(click.Option):
    """A flag that goes into the profile; the help lists it under a heading of its own."""


class PersonalCommand(click.Command):
    """A command whose help has the personal flags apart from its own."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: D102
        records: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                records[isinstance(parameter, PersonalOption)].append(record)
        for of_person, title in ((False, "Options"), (True, HEADING)):
            if records[of_person]:
                with formatter.section(title):
                    formatter.write_dl(records[of_person])


def _option(*names: str, help: str, **more: Any) -> Callable[[F], F]:  # noqa: A002 - click's own word
    return click.option(*names, cls=PersonalOption, help=help, **more)


_NAMES = (
    _option(
        "--with",
        "with_",
        multiple=True,
        metavar="NAME=TEXT",
        help="What {NAME} stands for in what is said, such as --with name=Sam.",
    ),
    _option(
        "--profile",
        metavar="FILE",
        help="A YAML file with these settings, by the same names: 'name: Sam', 'hold: x1.25', 'avoid: [kneeling]',"
        " 'bed: off', 'length: 12 min'. Flags go before it; what both leave out is left out.",
    ),
)

_CHANGES = (
    _option(
        "--talk",
        metavar="LEVEL",
        help="How much is said, everywhere: teach (everything), brief, cues (names and sides) or bells (no speech).",
    ),
    _option(
        "--hold",
        metavar="CHANGE",
        help="Make holds longer or shorter: x1.25, +5s, -5s, or '+5s up to 45s'. A factor changes times and the work of"
        " intervals, too. Whole seconds, 1 at least; breathing and the phases of cycles stay as they are.",
    ),
    _option(
        "--reps",
        metavar="CHANGE",
        help="More or fewer repetitions and cycles: x0.8, +2, -1, or '+2 up to 15'; 1 at least. Breaths stay.",
    ),
    _option(
        "--rounds",
        metavar="CHANGE",
        help="More or fewer rounds: +1, x2, or '+1 up to 4'; of intervals, and of repeats that are done more than"
        " once.",
    ),
    _option(
        "--sets",
        metavar="CHANGE",
        help="More or fewer sets, likewise. What is done once by the clock, such as a warm-up, or by breaths is done"
        " once as before.",
    ),
    _option(
        "--rest",
        metavar="CHANGE",
        help="Longer or shorter rests: x0.5, +5s, -5s; 1 second at least.",
    ),
    _option(
        "--length",
        metavar="LENGTH",
        help="Fit the session to a length such as 15min, to within a second, by what the routine lets vary: ranges such"
        " as 30-60s, rests, optional steps, rounds, and how much is said.",
    ),
    _option(
        "--pace",
        metavar="SPEED",
        help="Speak and count repetitions slower or faster: 0.9 is slower; 0.5 to 2.",
    ),
    _option("--skip", multiple=True, metavar="EXERCISE", help="Leave an exercise out. Again, or commas, for more."),
    _option(
        "--avoid",
        multiple=True,
        metavar="POSITION",
        help="Leave out what is done or ends in a position: kneeling (on hands and knees, too), standing, sitting,"
        " lying, floor, or any words of one.",
    ),
    _option(
        "--without",
        multiple=True,
        metavar="EQUIPMENT",
        help="Leave out what needs equipment that you do not have, such as foam-roller.",
    ),
    _option(
        "--reorder",
        is_flag=True,
        help="Let exercises change places, for less getting up and down. Warm-up and release work stay where they are.",
    ),
    _option(
        "--swap-sides",
        is_flag=True,
        help="Begin with the other side what is done one side after the other.",
    ),
    _option("--warm-up", metavar="LENGTH", help="Warm up first, such as 5min, where the routine has no warm-up."),
    _option("--no-bed", is_flag=True, help="No music or noise under the voice."),
    _option(
        "--voice",
        metavar="VOICE",
        help="auto, an engine (espeak, system, fake) or ENGINE:VOICE, such as espeak:en-us. Of several with commas"
        " between the first one that can be used speaks.",
    ),
)

_STRICT = click.option("--strict", is_flag=True, help="Let warnings stop it, as errors do.")


def _flag(key: str) -> str:
    """Give the name that click knows the flag of a profile's key by."""
    return key.replace(" ", "_")


_ONE_VALUE = ("talk", "hold", "reps", "rounds", "sets", "rest", "length", "pace", "voice", "warm up")
_LISTS = ("skip", "avoid", "without")
_FLAGS = ("with_", "profile", *map(_flag, _ONE_VALUE), *_LISTS, "reorder", "swap_sides", "no_bed")


def personal(command: F) -> F:
    """Give a command all flags; it gets ``profile``, a `Profile`, and ``strict``. Its class is `PersonalCommand`."""
    return _with(command, (*_CHANGES[:-1], *_NAMES, _CHANGES[-1], _STRICT))


def named(command: F) -> F:
    """Give a command ``--with`` and ``--profile`` only; it gets ``profile``. Its class is `PersonalCommand`."""
    return _with(command, _NAMES)


def _with(command: F, options: Sequence[Callable[[Any], Any]]) -> F:
    @functools.wraps(command)
    def with_profile(*arguments: Any, **given: Any) -> Any:
        flags = {name: given.pop(name) for name in _FLAGS if name in given}
        return command(*arguments, profile=_profile(flags), **given)

    decorated: Any = with_profile
    for option in reversed(options):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def _profile(flags: dict[str, Any]) -> Profile:
    """Read the file, and lay the flags over it."""
    from voicecoach.library.profile import profile_of
    from voicecoach.model.profile import Profile

    given: dict[str, Any] = {
        key: _read(key, flags[_flag(key)]) for key in _ONE_VALUE if flags.get(_flag(key)) is not None
    }
    for key in _LISTS:
        given[key] = tuple(name for text in flags.get(key, ()) for name in _read(key, text))
    given["with"] = _variables(flags["with_"])
    given["bed"] = not flags.get("no_bed", False)
    given["reorder"] = flags.get("reorder", False)
    given["swap sides"] = flags.get("swap_sides", False)
    file = flags["profile"]
    return profile_of(given).over(Profile() if file is None else _profile_file(file))


def _read(key: str, text: str) -> Any:
    from voicecoach.library.profile import read_flag
    from voicecoach.source.values import ValueFaultError

    if not text.strip():
        raise _wrong(key, "it is empty", "write a value after it, or leave it out")
    try:
        return read_flag(key, text)
    except ValueFaultError as fault:
        raise _wrong(key, fault.message, fault.hint) from None


def _variables(pairs: Iterable[str]) -> tuple[tuple[str, str], ...]:
    from voicecoach.library.profile import variable_name
    from voicecoach.source.values import ValueFaultError

    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not value.strip():
            raise _wrong("with", f"'{pair}' is not NAME=TEXT", "write --with name=Sam, or --with 'name=Sam Lee'")
        try:
            found[variable_name(name)] = " ".join(value.split())
        except ValueFaultError as fault:
            raise _wrong("with", fault.message, fault.hint) from None
    return tuple(found.items())


def _wrong(flag: str, message: str, hint: str | None) -> click.UsageError:
    return click.UsageError(f"--{flag}: {message}" + (f"\n  hint: {hint}" if hint else ""))


def _profile_file(word: str) -> Profile:
    """Read a profile file; where it has faults they are shown and the command ends.

    Raises
    ------
    click.UsageError
        It is not there, or cannot be read.
    click.exceptions.Exit
        It has faults.
    """
    from voicecoach.library.profile import read_profile
    from voicecoach.model.diagnostic import did_you_mean
    from voicecoach.source.nodes import read_source

    path = Path(word)
    candidates = (path, *(path.with_name(path.name + ending) for ending in ENDINGS if path.name))
    found = next((candidate for candidate in candidates if candidate.is_file()), None)
    if found is None:
        here = [f.name for ending in ENDINGS for f in path.parent.glob(f"*{ending}")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, here) or "it is a YAML file with lines such as 'name: Sam' and 'hold: x1.25'"
        raise _wrong("profile", f"there is no file '{word}'", hint)
    try:
        source, faults = read_source(found)
    except OSError as error:
        raise _wrong("profile", f"cannot read '{word}': {error.strerror}", None) from error
    profile, more = read_profile(source) if not faults else (None, ())
    show_faults((*faults, *more))
    if profile is None:
        raise click.exceptions.Exit(EXIT_FAULTS)
    return profile


def show_notes(notes: Iterable[str], *, err: bool = False) -> None:
    """Print what the profile changed, and what it asked for in vain."""
    from voicecoach.model.diagnostic import harmless

    for note in notes:
        click.echo(f"note: {harmless(note)}", err=err)


def say_strict(faults: Sequence[Diagnostic]) -> None:
    """Say why nothing was made where there are only warnings."""
    from voicecoach.model.diagnostic import has_errors

    if faults and not has_errors(faults):
        click.echo("nothing was made: with --strict, warnings stop it", err=True)
