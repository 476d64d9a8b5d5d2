"""The command ``voicecoach``: its subcommands, and what each fault makes it exit with."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from voicecoach import __version__
from voicecoach.cli.batch import batch
from voicecoach.cli.build import build
from voicecoach.cli.cache import cache
from voicecoach.cli.check import check
from voicecoach.cli.doctor import doctor
from voicecoach.cli.exercises import exercises
from voicecoach.cli.feed import feed
from voicecoach.cli.fmt import fmt
from voicecoach.cli.new import new
from voicecoach.cli.plan import plan
from voicecoach.cli.program import program
from voicecoach.cli.publish import publish
from voicecoach.cli.routines import routines
from voicecoach.cli.say import say
from voicecoach.cli.schema import schema
from voicecoach.cli.serve import serve
from voicecoach.cli.show import show
from voicecoach.cli.verify import verify
from voicecoach.cli.voices import voices
from voicecoach.cli.watch import watch
from voicecoach.errors import EXIT_BUG, EXIT_GOOD, EXIT_INTERRUPTED, VoicecoachError

COMMANDS = (
    build,
    plan,
    check,
    verify,
    show,
    feed,
    publish,
    serve,
    program,
    batch,
    new,
    watch,
    fmt,
    schema,
    routines,
    exercises,
    voices,
    say,
    cache,
    doctor,
)


class InOrder(click.Group):
    """Lists its commands in the order given: the one that people come for first."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, D102
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="voicecoach", message="%(prog)s %(version)s")
def app() -> None:
    """Turn a YAML routine into an MP3 that coaches you through it, hands-free.

    \b
    voicecoach build morning.yaml     makes output/morning.mp3
    voicecoach new my-routine.yaml    writes a first routine to change
    voicecoach routines               lists the built-in ones

    Exit codes: 0 good, 1 the routine or file has faults, 2 wrong use, 3 a bug of ours, 130 interrupted.
    """


for command in COMMANDS:
    app.add_command(command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return the exit code; no fault leaves with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks a letter shows a question mark
    try:
        code = app.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except SystemExit:
        # click's own answer to a reader that has gone (head): no fault of ours or the author's.
        _read_no_more()
        return EXIT_GOOD
    except (KeyboardInterrupt, click.Abort):
        click.echo("\ninterrupted", err=True)
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except VoicecoachError as error:
        click.echo(f"error: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        _read_no_more()
        return EXIT_GOOD
    except Exception as error:  # noqa: BLE001 - the last door: our bug, told shortly, with a log
        click.echo(_bug(error), err=True)
        return EXIT_BUG
    return code if isinstance(code, int) else EXIT_GOOD


def _read_no_more() -> None:
    """Let nothing more be written to a reader that has gone, at exit either."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bug(error: Exception) -> str:
    """Write the traceback to a log and return the message that names it."""
    import platform
    import tempfile
    import traceback

    from voicecoach.cli.doctor import versions

    told = f"this is a bug in voicecoach, not in your routine: {type(error).__name__}: {error}"
    lines = [f"{name} {version}" for name, version in versions()]
    log = "\n".join([platform.platform(), *lines, "", *traceback.format_exception(error)])
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="voicecoach-bug-", suffix=".log", delete=False, encoding="utf-8"
        ) as file:
            file.write(log)
    except OSError:
        return f"{told}\n{log}"
    return f"{told}\n  log: {file.name}"
