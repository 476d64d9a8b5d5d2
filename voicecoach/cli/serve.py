"""voicecoach serve: the sessions of a folder on the phone, from this computer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.options import PersonalCommand, personal
from voicecoach.errors import EXIT_GOOD, UsageError, VoicecoachError

if TYPE_CHECKING:
    from voicecoach.model.profile import Profile
    from voicecoach.serve.options import ServeOptions
    from voicecoach.serve.rebuilding import Rebuilding

RANDOM = ""
"""What ``--secret`` without a word gives."""


@click.command(cls=PersonalCommand)
@click.argument("folder", required=False, metavar="[DIR]")
@click.option("--lan", is_flag=True, help="Let phones and others in your network in, not only this computer.")
@click.option("--port", type=click.IntRange(0, 65535), help="0: one that is free. [default: 8000]")
@click.option(
    "--watch",
    "routines",
    multiple=True,
    metavar="PATH",
    help="Build this routine, or all routines of this folder, into DIR, and again whenever one is saved.",
)
@click.option(
    "--secret",
    is_flag=False,
    flag_value=RANDOM,
    metavar="[WORD]",
    help="Only who knows the address gets in: a secret first part of it, made once and kept, or your own WORD.",
)
@click.option("--public-url", metavar="URL", help="Where it is seen from outside, behind a proxy of yours.")
@click.option("--allow-host", "hosts", multiple=True, metavar="NAME", help="One more name by which it may be asked.")
@click.option("-v", "--verbose", is_flag=True, help="Show each request in a line.")
@personal
def serve(
    folder: str | None,
    lan: bool,
    port: int | None,
    routines: tuple[str, ...],
    secret: str | None,
    public_url: str | None,
    hosts: tuple[str, ...],
    verbose: bool,
    profile: Profile,
    strict: bool,
) -> int:
    """Serve the sessions in DIR (output, if you name none): a page to play them, and a feed for podcast apps.

    \b
    voicecoach serve                           on this computer
    voicecoach serve --lan                     for the phone: scan the code
    voicecoach serve --lan --secret            … and for nobody who does not know the address
    voicecoach serve --lan --watch routines/   … built anew whenever a routine is saved

    What is built into DIR meanwhile is there at once. Ctrl-C ends. The personal flags go with --watch.
    """
    from voicecoach.serve.network import listen
    from voicecoach.serve.options import DEFAULT_PORT
    from voicecoach.serve.run import check_extra
    from voicecoach.serve.run import serve as run

    check_extra()
    place = _folder(folder, secret, made=bool(routines))
    _check_personal(profile, strict=strict, watching=bool(routines))
    word = _secret(place, secret)
    address = _public(public_url)
    names = tuple(_host(name) for name in hosts)
    with ExitStack() as ending:
        sockets = listen(DEFAULT_PORT if port is None else port, lan=lan)
        for one in sockets:
            ending.enter_context(one)
        own_port = sockets[0].getsockname()[1]
        options = _options(lan, own_port, word, address, names, verbose=verbose)
        if routines:
            rebuilding = _rebuilding([Path(one) for one in routines], place, profile, strict=strict)
            rebuilding.start()
            ending.callback(rebuilding.end)
        run(place, options, sockets, lambda: _greet(place, options, own_port, lan=lan))
    click.echo("\nended", err=True)
    return EXIT_GOOD


def _folder(word: str | None, secret: str | None, *, made: bool) -> Path:
    """Find the folder; one that routines are to be built into is made."""
    from voicecoach.config import OUTPUT_FOLDER

    folder = Path(OUTPUT_FOLDER if word is None else word)
    if secret and word is None and ("/" in secret or Path(secret).is_dir()):
        raise UsageError(f"'{secret}' was taken for the secret word", hint=f"voicecoach serve {secret} --secret")
    if made and folder.parent.is_dir() and not folder.exists():
        try:
            folder.mkdir()
        except OSError as error:
            raise UsageError(f"cannot make the folder {folder}: {error.strerror}") from error
    if not folder.exists():
        hint = "voicecoach build morning makes a first session in output/"
        raise UsageError(f"there is no folder '{folder}'", hint=hint)
    if not folder.is_dir():
        raise UsageError(f"'{folder}' is a file", hint=f"name the folder that it lies in: {folder.parent}")
    return folder


def _check_personal(profile: Profile, *, strict: bool, watching: bool) -> None:
    from voicecoach.model.profile import Profile

    if not watching and (strict or profile != Profile()):
        raise UsageError("the personal flags are for building", hint="they go with --watch ROUTINES")


def _secret(folder: Path, given: str | None) -> str | None:
    from voicecoach.serve.secret import SHORT_LETTERS, check_word, secret_of

    if given is None:
        return None
    if given == RANDOM:
        return secret_of(folder)
    if len(check_word(given)) < SHORT_LETTERS:
        click.echo(f"note: a secret of fewer than {SHORT_LETTERS} letters can be guessed", err=True)
    return given


def _public(url: str | None) -> str | None:
    from voicecoach.publish.feed.address import read_address
    from voicecoach.source.values import ValueFaultError

    try:
        return None if url is None else read_address(url)
    except ValueFaultError as fault:
        raise UsageError(f"--public-url: {fault.message}", hint=fault.hint) from fault


def _host(name: str) -> str:
    from voicecoach.serve.hosts import OwnHosts

    if not OwnHosts.of([name]).names:
        raise UsageError(f"--allow-host: '{name}' is no host", hint="write a name such as music.example.org")
    return name


def _options(
    lan: bool, port: int, secret: str | None, public_url: str | None, hosts: tuple[str, ...], *, verbose: bool
) -> ServeOptions:
    from voicecoach.serve.network import lan_addresses, own_names
    from voicecoach.serve.options import ServeOptions

    def say(line: str) -> None:
        click.echo(line, err=True)

    behind = "" if secret is None else f"{secret}/"
    near = lan_addresses() if lan else ()
    reach = f"http://{near[0]}:{port}/" if near else None
    reach = public_url or reach
    return ServeOptions(
        public_url=public_url,
        hosts=(*hosts, *(own_names() if lan else ()), *near),
        any_own_address=lan,
        secret=secret,
        reach=None if reach is None else f"{reach}{behind}",
        tell=say,
        log=say if verbose else None,
    )


def _greet(folder: Path, options: ServeOptions, port: int, *, lan: bool) -> None:
    """Say where it is, show the code, and say how it ends."""
    from voicecoach.publish.feed.paths import FEED_FILE
    from voicecoach.publish.site.pages import GUIDE_FILE

    behind = "" if options.secret is None else f"{options.secret}/"
    here = f"http://127.0.0.1:{port}/{behind}"
    best = options.reach or here
    click.echo(f"serving {folder}")
    click.echo(f"  here    {here}")
    if options.reach is not None:
        click.echo(f"  phone   {options.reach}")
    click.echo(f"  feed    {best}{FEED_FILE}")
    click.echo(f"  apps    {best}{GUIDE_FILE}  which podcast apps can take this address")
    if options.reach is not None:
        _show_code(options.reach)
    elif lan:
        click.echo("no network was found: a phone cannot reach this computer now")
    else:
        click.echo("only this computer can reach it; for the phone: voicecoach serve --lan")
    click.echo("Ctrl-C ends")


def _show_code(url: str) -> None:
    from voicecoach.serve.qr import qr_lines

    lines = qr_lines(url, colour=sys.stdout.isatty())
    try:
        "".join(lines).encode(sys.stdout.encoding or "ascii")
    except (UnicodeError, LookupError):
        return  # a console that cannot draw it
    click.echo()
    for line in lines:
        click.echo(f"  {line}")
    click.echo()


def _rebuilding(places: list[Path], folder: Path, profile: Profile, *, strict: bool) -> Rebuilding:
    from voicecoach.serve.rebuilding import Rebuilding

    def build(routine: Path, target: Path) -> None:
        _build(routine, target, profile, rebuilding.progress, strict=strict)

    rebuilding = Rebuilding(places, folder, build, lambda line: click.echo(line, err=True))
    for place in places:
        if not place.exists():
            raise UsageError(f"--watch: there is no '{place}'", hint="name a routine, or a folder of routines")
    return rebuilding


def _build(
    routine: Path, target: Path, profile: Profile, progress: Callable[[str, int, int], None], *, strict: bool
) -> None:
    """Build one routine; whatever is wrong with it is told, and the server goes on."""
    from voicecoach.cli.build import build_one
    from voicecoach.cli.progress import Bar
    from voicecoach.cli.routine_file import find_routine
    from voicecoach.cli.shop import open_shop

    try:
        with open_shop(profile=profile, strict=strict, progress=progress, level=profile.level) as shop:
            found = find_routine(str(routine), shop.library)
            build_one(found, target, shop, Bar(sys.stderr), verbose=False)
    except VoicecoachError as error:
        click.echo(f"error: {routine}: {error}", err=True)
    except click.ClickException as error:
        click.echo(f"error: {error.format_message()}", err=True)
