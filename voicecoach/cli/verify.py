"""voicecoach verify: does a finished MP3 keep what its timeline promises."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.progress import Bar
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, SessionFileError, UsageError

if TYPE_CHECKING:
    from voicecoach.model.verdict import Verdict

MOST_SHOWN = 10


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE.mp3...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a list with all that was measured (see README, verify).")
def verify(files: tuple[Path, ...], as_json: bool) -> int:
    """Prove each FILE.mp3 against its own timeline.

    The file is decoded as a player does it. Every earcon must be heard where it was planned to 5 ms, every hold last
    what it should, left and right be equal, every cue be spoken and nothing else be heard.

    \b
    voicecoach verify output/morning.mp3
    voicecoach verify sessions/*.mp3

    Exit codes: 0 all of it holds, 1 a promise is broken or a file is none of ours, 2 wrong use.
    """
    for file in files:
        if not file.is_file():
            raise UsageError(f"there is no file '{file}'")
    code, values, alone = EXIT_GOOD, [], len(files) == 1
    for file in files:
        try:
            verdict = _verdict(file)
        except SessionFileError as error:
            if alone and not as_json:
                raise
            code = EXIT_FAULTS
            values.append({"file": str(file), "good": False, "error": error.message})
            if not as_json:
                click.echo(f"NONE    {file}  {error.message}")
            continue
        code = code if verdict.good else EXIT_FAULTS
        values.append(verdict.to_json())
        if not as_json:
            for line in _report(verdict) if alone else [_line(verdict)]:
                click.echo(line)
    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
    return code


def _verdict(file: Path) -> Verdict:
    from voicecoach.model.output import FileFormat
    from voicecoach.stages.verify import verify as run

    ending = file.suffix.lower()
    if ending != FileFormat.MP3.ending and ending in {one.ending for one in FileFormat}:
        raise SessionFileError(
            f"{file} cannot be verified: only an MP3 carries the timeline to prove it against",
            hint="build an MP3 with the same options and verify that",
        )
    bar = Bar(sys.stderr)
    try:
        return run(file, bar.show)
    finally:
        bar.clear()


def _line(verdict: Verdict) -> str:
    """Say in one line what became of one file of several."""
    from voicecoach.model.diagnostic import harmless
    from voicecoach.model.units import clock, to_seconds

    if verdict.first is None:
        return f"good    {verdict.path}  {clock(to_seconds(verdict.frames))}"
    more = len(verdict.faults) - 1
    return harmless(f"BROKEN  {verdict.path}  {verdict.first}{f' and {more} more' if more else ''}")


def _report(verdict: Verdict) -> Iterator[str]:
    """Give the lines on one file: a line a promise, then what is broken, in the order of the session."""
    from voicecoach.model.diagnostic import harmless
    from voicecoach.model.units import clock, to_seconds

    yield harmless(f"{verdict.title}  {clock(to_seconds(verdict.frames))}  {verdict.path}")
    for promise in verdict.promises:
        yield f"{'  ' if promise.kept else '! '}{promise.name:9} {harmless(promise.title)}"
    if verdict.good:
        yield "good: it keeps all that it promises"
        return
    count = len(verdict.faults)
    yield f"broken: {count} {'faults' if count > 1 else 'fault'}, the first is the cause to look for"
    for number, fault in enumerate(verdict.faults[:MOST_SHOWN]):
        yield harmless(f"{'> ' if number == 0 else '  '}{fault}")
    if count > MOST_SHOWN:
        yield f"  and {count - MOST_SHOWN} more (--json has them all)"
