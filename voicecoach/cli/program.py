"""voicecoach program: programmes over weeks: what there is, what is in one, and its sessions."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.options import PersonalCommand, personal, say_strict
from voicecoach.cli.program_build import build
from voicecoach.cli.program_file import find_program, lay_out, read_found, read_start
from voicecoach.cli.program_plan import CoursePlan, plan_course, show_failed, told_truly
from voicecoach.cli.program_tables import course_lines, course_values, growth_lines
from voicecoach.cli.progress import Bar
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD

if TYPE_CHECKING:
    from voicecoach.library.named import Named
    from voicecoach.model.course import Course
    from voicecoach.model.diagnostic import Diagnostic
    from voicecoach.model.profile import Profile

MARGIN = 45
"""Where titles and descriptions begin in a list."""


@click.group()
def program() -> None:
    """Programmes over weeks: list them, look at one, build all of its sessions.

    \b
    voicecoach program list
    voicecoach program show hip-relief --start 2026-12-01
    voicecoach program build hip-relief --start 2026-12-01 --with name=Sam
    """


@program.command("list")
def list_programs() -> int:
    """List the built-in programmes."""
    from voicecoach.library import Library
    from voicecoach.model.profile import Profile
    from voicecoach.program.reading import read_program

    library = Library()
    for name in library.program_names:
        made, faults = read_program(library.program_source(name), name, library)
        if made is None:
            raise RuntimeError(f"the built-in programme '{name}' has faults: {faults}")
        course = lay_out(made, None, Profile())
        size = f"{len(course.weeks)} weeks, {len(list(course.sessions))} sessions"
        click.echo(f"{name:{MARGIN - 25}} {size:23} {course.title}")
        if course.description:
            for line in textwrap.wrap(course.description, 100 - MARGIN):
                click.echo(f"{'':{MARGIN}}{line}")
    return EXIT_GOOD


@program.command(cls=PersonalCommand)
@click.argument("name", metavar="PROGRAM")
@click.option("--start", metavar="DATE", help="Its first day, such as 2026-12-01.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON: every day, and what is done on it.")
@click.option("--source", "as_source", is_flag=True, help="Print its text, as it stands in its file.")
@personal
def show(name: str, start: str | None, as_json: bool, as_source: bool, profile: Profile, strict: bool) -> int:
    """Show the days of PROGRAM, a YAML file or a built-in one, and how its doses rise from week to week.

    Every session is planned for it, with estimated lengths of speech; no voice is needed. All faults are shown, those
    of its routines, too.

    \b
    voicecoach program show hip-relief --start 2026-12-01
    voicecoach program show hip-relief --source > mine.yaml     to make it yours
    """
    if click.get_current_context().params.get("voice") is not None:
        raise click.UsageError("--voice: an estimate has no voice; it goes with 'program build'")
    first, bar = read_start(start), Bar(sys.stderr)
    with open_shop(profile=profile, strict=strict) as shop:
        found = find_program(name, shop.library)
        if as_source and not found.faults:
            click.echo(found.source.text, nl=not found.source.text.endswith("\n"))
            return EXIT_GOOD
        made, faults = read_found(found, shop.library, profile)
        if made is None or (strict and faults):
            return _refused(faults, as_json=as_json)
        course = lay_out(made, first, profile)
        try:
            plan = plan_course(course, found, shop, lambda done, of: bar.show("planning", done, of))
        finally:
            bar.clear()
    course = told_truly(course, plan)
    if as_json:
        values = course_values(course, plan, [fault.to_json() for fault in faults])
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        show_faults(faults)
        _show(found, course, plan)
    return EXIT_FAULTS if plan.failed else EXIT_GOOD


def _refused(faults: tuple[Diagnostic, ...], *, as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps({"faults": [fault.to_json() for fault in faults]}, ensure_ascii=False, indent=2))
    else:
        show_faults(faults)
        say_strict(faults)
    return EXIT_FAULTS


def _show(found: Named, course: Course, plan: CoursePlan) -> None:
    for warning in plan.warnings:
        click.echo(warning, err=True)
    show_failed(plan.failed)
    for line in (*course_lines(course, plan), "", *growth_lines(course, plan)):
        click.echo(line)
    if found.built_in:
        click.echo(f"\nbuild it:       voicecoach program build {found.name} --start {course.start or 'DATE'}")
        click.echo(f"make it yours:  voicecoach program show {found.name} --source > my-{found.name}.yaml")


program.add_command(build)
