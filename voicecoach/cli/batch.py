"""voicecoach batch: thousands of sessions from one file, planned first, then built by all cores or a fleet."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.paid import Leave
from voicecoach.cli.progress import Bar
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, OutputError, UsageError

if TYPE_CHECKING:
    from voicecoach.batch.costs import Figures
    from voicecoach.batch.jobs_file import JobsFile
    from voicecoach.batch.matrix import Matrix
    from voicecoach.batch.planning import BatchPlan
    from voicecoach.config import Options

FILE = click.Path(path_type=Path)


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    jobs_file: Path
    plan_only: bool
    resume: bool
    output: str | None
    workers: int | None
    as_json: bool
    table: Path | None
    scheduler: str | None
    store: str
    verify: bool
    yes: bool
    strict: bool


@click.command()
@click.argument("jobs_file", metavar="JOBS.yaml", type=FILE)
@click.option("--plan", "plan_only", is_flag=True, help="Only say what it will be and cost, for a million a day, too.")
@click.option("--resume", is_flag=True, help="Keep sessions that are there and up to date; build what is missing.")
@click.option(
    "-o",
    "--output",
    metavar="FOLDER|ADDRESS",
    help="Where sessions go: a folder, or an address such as s3://bucket/sessions. [default: output/NAME]",
)
@click.option("-j", "--jobs", "workers", type=click.IntRange(1, 256), help="Processes at a time. [default: one a core]")
@click.option("--json", "as_json", is_flag=True, help="Print the plan, or each session's result, as JSON.")
@click.option("--table", type=FILE, metavar="FILE.csv", help="Also write a row for each session into FILE.")
@click.option("--scheduler", metavar="ADDRESS", help="Build on a fleet: a Dask scheduler, such as tcp://host:8786.")
@click.option("--store", default="", metavar="ADDRESS", help="Share speech between machines: s3://bucket/store …")
@click.option("--verify", is_flag=True, help="Decode each finished MP3 and prove it before it takes its place.")
@click.option("-y", "--yes", is_flag=True, help="Let voices speak that cost money, without asking.")
@click.option("--strict", is_flag=True, help="Let warnings stop a session, as errors do.")
def batch(
    jobs_file: Path,
    plan_only: bool,
    resume: bool,
    output: str | None,
    workers: int | None,
    as_json: bool,
    table: Path | None,
    scheduler: str | None,
    store: str,
    verify: bool,
    yes: bool,
    strict: bool,
) -> int:
    """Build all sessions of JOBS.yaml: routine x voice x length x talk x person.

    What fails is listed at the end while the rest goes on. Ctrl-C leaves everything whole; --resume goes on.

    \b
    voicecoach batch jobs.yaml --plan
    voicecoach batch jobs.yaml --table results.csv
    voicecoach batch jobs.yaml --resume
    voicecoach batch jobs.yaml --scheduler tcp://host:8786 --store s3://clinic/speech -o s3://clinic/sessions

    \b
    routines: [morning, knee-relief.yaml]
    talk: [teach, brief]
    people: people.csv
    """
    return _batch(
        Asked(
            jobs_file, plan_only, resume, output, workers, as_json, table, scheduler, store, verify, yes, strict
        )
    )  # fmt: skip


def _batch(asked: Asked) -> int:
    from voicecoach.batch.matrix import options_of
    from voicecoach.cli.batch_plan import plan_json, show_plan
    from voicecoach.cli.batch_run import run

    bar = Bar(sys.stderr)
    if asked.plan_only and asked.table is not None:
        raise click.UsageError("--table has the results of building: with --plan there are none")
    if asked.scheduler is not None and asked.workers is not None:
        raise click.UsageError("--jobs is about the processes of this machine: with --scheduler the fleet has its own")
    if asked.table is not None:
        _assert_writable(asked.table)
    jobs = _read(asked.jobs_file)
    matrix = None if jobs is None else _counted(jobs, bar)
    if jobs is None or matrix is None:
        return EXIT_FAULTS
    options = options_of(jobs, verify=asked.verify, strict=asked.strict)
    plan, figures = _planned(matrix, options, bar, measured=asked.plan_only)
    output = _output(asked, jobs)
    if asked.plan_only and asked.as_json:
        click.echo(plan_json(plan, figures, asked.workers, output))
    else:
        show_plan(
            plan, figures, asked.workers, f"{asked.jobs_file} → {output}", whole=asked.plan_only, err=asked.as_json
        )
    if asked.plan_only:
        return EXIT_FAULTS if plan.troubles else EXIT_GOOD
    _ask_leave(plan, Leave(asked.yes, bar.clear))
    return run(asked, matrix, plan, figures, options, output, bar)


def _read(path: Path) -> JobsFile | None:
    from voicecoach.batch.jobs_file import read_jobs
    from voicecoach.model.diagnostic import did_you_mean

    try:
        jobs, faults = read_jobs(path)
    except FileNotFoundError:
        folder = path.parent
        here = sorted(file.name for file in folder.glob("*.y*ml")) if folder.is_dir() else []
        hint = did_you_mean(path.name, here) or "it is a YAML file with lines such as 'routines: [morning]'"
        raise UsageError(f"there is no file '{path}'", hint=hint) from None
    except OSError as error:
        raise UsageError(f"cannot read '{path}': {error.strerror}") from error
    show_faults(faults)
    return jobs


def _counted(jobs: JobsFile, bar: Bar) -> Matrix | None:
    from voicecoach.batch.counting import read_matrix
    from voicecoach.config import data_folder
    from voicecoach.library import Library

    try:
        matrix, faults = read_matrix(jobs, Library(user_folder=data_folder()))
    finally:
        bar.clear()
    show_faults(faults)
    return matrix


def _planned(matrix: Matrix, options: Options, bar: Bar, *, measured: bool) -> tuple[BatchPlan, Figures]:
    """Plan; the figures are what an earlier batch taught, or are measured if that is wanted, or assumed."""
    from voicecoach.batch.costs import ASSUMED, measure, remember, remembered
    from voicecoach.batch.planning import plan_batch
    from voicecoach.cache import Cache
    from voicecoach.config import cache_folder, cache_limit_bytes
    from voicecoach.shop import open_workshop

    folder = cache_folder()
    try:
        with open_workshop(options, Cache(folder, cache_limit_bytes())) as shop:
            plan = plan_batch(matrix, shop, bar.show)
        figures = remembered(folder)
        if figures is None and measured and plan.largest:
            bar.show("measure", 0, 1)
            figures = measure(plan.largest, options)
            remember(figures, folder)
    finally:
        bar.clear()
    return plan, figures or ASSUMED


def _output(asked: Asked, jobs: JobsFile) -> str:
    """Say where sessions go; a folder that the jobs file names lies beside it."""
    from voicecoach.config import OUTPUT_FOLDER

    if asked.output is not None:
        return asked.output
    if jobs.output is None:
        return str(Path(OUTPUT_FOLDER) / jobs.name)
    return jobs.output if "://" in jobs.output else str((jobs.source.folder or Path()) / Path(jobs.output).expanduser())


def _assert_writable(table: Path) -> None:
    if table.is_dir():
        raise OutputError(f"cannot write {table}: it is a folder", hint="name a file in it")
    if not table.parent.is_dir():
        raise OutputError(f"cannot write {table}: there is no folder {table.parent}", hint="choose another place")


def _ask_leave(plan: BatchPlan, leave: Leave) -> None:
    """Ask once for all sessions, before anything is sent."""
    for engine, texts, characters in plan.paid:
        if not leave(engine, texts, characters):
            raise UsageError(f"nothing was sent to {engine}, and nothing was built")
