"""voicecoach program build: a session a day, and what goes with them: a feed, a calendar, a picture, a plan."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.options import PersonalCommand, personal, say_strict
from voicecoach.cli.program_file import find_program, lay_out, read_at, read_found, read_start
from voicecoach.cli.program_plan import CoursePlan, plan_course, show_failed, told_truly
from voicecoach.cli.program_record import Record, read_record, write_record
from voicecoach.cli.progress import Bar
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, OutputError

if TYPE_CHECKING:
    from voicecoach.batch.job import Job, Making, Result
    from voicecoach.batch.running import Progress, Summary
    from voicecoach.cli.program_papers import Wanted
    from voicecoach.library.named import Named
    from voicecoach.model.course import Course
    from voicecoach.model.profile import Profile
    from voicecoach.model.program import Program

LEVELS = ("podcast", "quiet", "loud")


@dataclass(frozen=True)
class Asked:
    """What the flags say of the building itself."""

    folder: Path
    jobs: int | None
    yes: bool
    verify: bool
    strict: bool
    level: str | None
    bitrate: int | None


@click.command(cls=PersonalCommand)
@click.argument("name", metavar="PROGRAM")
@click.option("--start", metavar="DATE", help="Its first day, such as 2026-12-01. Without one, nothing has a date.")
@click.option("-o", "--output", metavar="FOLDER", help="Where all of it goes. [default: output/PROGRAM]")
@click.option("--at", metavar="TIME", help="The time of day that the calendar has, such as 07:30. [default: all day]")
@click.option("--base-url", default="", metavar="URL", help="Where the folder will lie on the web, as 'feed' takes it.")
@click.option("--future", is_flag=True, help="List sessions in the feed that are dated in the future, too.")
@click.option("--bitrate", type=click.IntRange(48, 320), help="Bitrate in kbit/s. [default: by content]")
@click.option("--level", type=click.Choice(LEVELS, case_sensitive=False), help="How loud. [default: podcast]")
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Build so many at a time. [default: one a core]")
@click.option("-y", "--yes", is_flag=True, help="Let voices speak that cost money.")
@click.option("--verify", is_flag=True, help="Decode each finished MP3 and prove it before it takes its place.")
@personal
def build(
    name: str,
    start: str | None,
    output: str | None,
    at: str | None,
    base_url: str,
    future: bool,
    bitrate: int | None,
    level: str | None,
    jobs: int | None,
    yes: bool,
    verify: bool,
    profile: Profile,
    strict: bool,
) -> int:
    """Build all sessions of PROGRAM, a YAML file or a built-in one, and what goes with them.

    FOLDER gets a folder a week with a session a day, feed.yaml and the podcast that it makes (feed.xml and so on), a
    calendar (PROGRAM.ics), a picture of the whole (overview.svg, overview.png) and a plan to print (plan.html). What is
    there and up to date is kept; what an earlier build made and is no longer part is removed.

    The feed lists what is due. On later days run 'voicecoach feed FOLDER' for the others, or say --future now.

    \b
    voicecoach program build hip-relief --start 2026-12-01 --with name=Sam
    voicecoach program build mine.yaml --start 2026-12-01 --at 07:30 -o sam/ --base-url https://example.org/sam

    Exit codes: 0 good, 1 the programme or a session has faults, 2 wrong use, 130 interrupted.
    """
    from voicecoach.cli.program_papers import Wanted

    first = read_start(start)
    wanted = Wanted(base_url, future, read_at(at, first), strict)
    with open_shop(profile=profile, strict=strict) as shop:
        found = find_program(name, shop.library)
        made, faults = read_found(found, shop.library, profile)
        show_faults(faults)
        if made is None or (strict and faults):
            say_strict(faults)
            return EXIT_FAULTS
        course = lay_out(made, first, profile)
        folder = _folder(output, found.name)
        record = read_record(folder, course.name)
        bar = Bar(sys.stderr)
        try:
            plan = plan_course(course, found, shop, lambda done, of: bar.show("planning", done, of))
        finally:
            bar.clear()
    asked = Asked(folder, jobs, yes, verify, strict, level or profile.level, bitrate)
    return _build(found, made, told_truly(course, plan), plan, asked, record, wanted, profile)


def _folder(output: str | None, name: str) -> Path:
    """Say where it all goes, and make sure beforehand that it can go there."""
    from voicecoach.config import OUTPUT_FOLDER

    folder = Path(OUTPUT_FOLDER, name) if output is None else Path(output)
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"'{folder}' is a file", hint="name a folder with -o; it is made where there is none")
    if output is not None and not folder.exists() and not folder.parent.is_dir():
        raise OutputError(f"there is no folder '{folder.parent}' to make '{folder.name}' in", hint="make it first")
    return folder


def _build(
    found: Named,
    program: Program,
    course: Course,
    plan: CoursePlan,
    asked: Asked,
    record: Record,
    wanted: Wanted,
    profile: Profile,
) -> int:
    from voicecoach.cli.program_papers import write_papers

    for warning in plan.warnings:
        click.echo(warning, err=True)
    show_failed(plan.failed)
    results, summary = _sessions(course, plan, asked, profile)
    contents = {
        session: replace(content, length_s=results[session].length_s)
        for session, content in plan.contents.items()
        if session in results
    }
    lost = [day.session for day in course.sessions if day.session not in results]
    for line in _table(course, plan, results):
        click.echo(line)
    for line in _told(summary):
        click.echo(line)
    if lost:
        count = f"{len(lost)} of {len(list(course.sessions))} sessions"
        click.echo(f"{count} could not be built, so there is no feed, calendar or plan of it yet", err=True)
        write_record(asked.folder, record.with_more(course.name, results))
        return EXIT_FAULTS
    for told in record.remove_others(asked.folder, {day.session for day in course.sessions}):
        click.echo(told, err=True)
    write_record(asked.folder, Record.of(course.name, results))
    return write_papers(asked.folder, program, course, contents, wanted, found.source)


def _sessions(course: Course, plan: CoursePlan, asked: Asked, profile: Profile) -> tuple[dict[str, Result], Summary]:
    """Build the sessions that can be; give what came of those that are there, and of all."""
    from voicecoach.batch.job import State
    from voicecoach.batch.keys import Keys
    from voicecoach.batch.ledger import Ledger
    from voicecoach.batch.local import LocalRunner
    from voicecoach.batch.running import Interrupted, run_batch

    making, jobs, bar = _making(asked, profile), list(_jobs(course, plan)), Bar(sys.stderr)
    results: dict[str, Result] = {}

    def tell(result: Result, progress: Progress) -> None:
        if result.state is not State.FAILED:
            results[result.session] = result
        bar.show("building", progress.done, len(jobs))

    try:
        with Ledger(making.output) as ledger, Keys(making) as keys, LocalRunner(making, asked.jobs) as runner:
            summary = run_batch(keys.keyed(jobs), runner, ledger, resume=True, tell=tell)
    except Interrupted as ended:
        bar.clear()
        there = f"{ended.summary.built + ended.summary.kept} of {len(jobs)} sessions are there and whole"
        click.echo(f"{there}; the same command goes on", err=True)
        raise
    finally:
        bar.clear()
    show_failed({one.session: one.reasons for one in summary.failures})
    return results, summary


def _making(asked: Asked, profile: Profile) -> Making:
    from voicecoach.batch.job import Making
    from voicecoach.cli.targets import read_encoding
    from voicecoach.config import LEVEL_PROFILES, LevelProfile, Options, cache_folder, cache_limit_bytes
    from voicecoach.model.output import Output

    encoding = read_encoding(Output(), profile, bitrate=asked.bitrate, plain_encode=False, verify=asked.verify)
    levels = LevelProfile() if asked.level is None else LEVEL_PROFILES[asked.level]
    options = Options(verify=asked.verify, strict=asked.strict, levels=levels, encoding=encoding)
    return Making(options, str(asked.folder), cache_folder(), cache_limit_bytes(), paid=asked.yes)


def _jobs(course: Course, plan: CoursePlan) -> Iterator[Job]:
    """Give a job for each session, the same routine's after one another: they share most of what is said."""
    from voicecoach.batch.job import Job
    from voicecoach.library.named import name_of

    routines = list(plan.sources)
    days = [day for day in course.sessions if day.session in plan.days]
    for day in sorted(days, key=lambda day: routines.index(day.routine or "")):
        assert day.routine is not None
        source = plan.sources[day.routine]
        yield Job(day.session, name_of(day.routine), source, day.profile, day.heading)


def _table(course: Course, plan: CoursePlan, results: dict[str, Result]) -> Iterator[str]:
    """Give a line for each session."""
    from voicecoach.model.diagnostic import harmless
    from voicecoach.model.units import clock

    rows = []
    for day in course.sessions:
        result, planned = results.get(day.session), plan.days.get(day.session)
        title = planned.title if planned is not None else day.session
        date = "" if day.date is None else f"{day.date:%a} {day.date}"
        length, size = ("", "") if result is None else (clock(result.length_s), f"{result.size_bytes / 1e6:.1f} MB")
        state = "failed" if result is None else result.state.value
        rows.append((f"{day.week}.{day.day}", harmless(title), length, size, date, state))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, title, length, size, date, state in rows:
        left = (number.ljust(widths[0]), title.ljust(widths[1]), length.rjust(widths[2]), size.rjust(widths[3]))
        yield "  ".join((*left, *((date,) if date else ()), state))


def _told(summary: Summary) -> Iterator[str]:
    from voicecoach.model.units import clock

    sessions = "1 session" if summary.built == 1 else f"{summary.built} sessions"
    made = f", {summary.clips} clips and {summary.regions} regions made" if summary.built else ""
    spent = f" in {summary.spent_s:.0f} s" if summary.built else ""
    size = f"{clock(summary.length_s)} and {summary.size_bytes / 1e6:.0f} MB in all"
    yield f"{sessions} built{spent}, {summary.kept} kept{made}; {size}"
