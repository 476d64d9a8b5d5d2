"""Building a batch while its progress is shown, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.batch_plan import counted, size, span
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, EXIT_INTERRUPTED

if TYPE_CHECKING:
    from voicecoach.batch.costs import Figures
    from voicecoach.batch.job import Job, Making, Result, Runner
    from voicecoach.batch.ledger import Ledger
    from voicecoach.batch.matrix import Matrix
    from voicecoach.batch.planning import BatchPlan
    from voicecoach.batch.running import Progress, Summary
    from voicecoach.cli.batch import Asked
    from voicecoach.cli.batch_results import Results
    from voicecoach.cli.progress import Bar
    from voicecoach.config import Options

MOST_REASONS, MOST_NAMES = 20, 3
"""So many different reasons are shown of what failed, each with so many sessions."""


def run(
    asked: Asked, matrix: Matrix, plan: BatchPlan, figures: Figures, options: Options, output: str, bar: Bar
) -> int:
    """Build what a plan says; return the exit code."""
    from voicecoach.batch.job import Making
    from voicecoach.batch.keys import Keys
    from voicecoach.batch.ledger import Ledger
    from voicecoach.batch.running import Interrupted, run_batch
    from voicecoach.cli.batch_results import Results
    from voicecoach.config import cache_folder, cache_limit_bytes

    making = Making(options, output, cache_folder(), cache_limit_bytes(), store=asked.store, paid=bool(plan.paid))
    with ExitStack() as opened:
        results = opened.enter_context(Results(asked.table, as_json=asked.as_json))
        telling = _Telling(plan, results, bar)
        runner = opened.enter_context(_runner(making, asked))
        ledger, keys = opened.enter_context(Ledger(output)), opened.enter_context(Keys(making))
        _say_again(asked, ledger)
        interrupted = False
        try:
            jobs = keys.keyed(telling.possible(matrix))
            summary = run_batch(jobs, runner, ledger, resume=asked.resume, tell=telling.tell)
        except Interrupted as stopped:
            summary, interrupted = stopped.summary, True
        finally:
            bar.clear()
        results.end(summary, len(telling.hopeless))
    _show(summary, telling, asked)
    if asked.scheduler is None:  # of this machine, not of others
        _learn(figures, plan, summary, making.cache)
    if interrupted:
        again = f"voicecoach batch {asked.jobs_file}{'' if asked.output is None else f' -o {asked.output}'} --resume"
        there = f"{summary.built + summary.kept:,} of {plan.sessions:,} are there and whole"
        click.echo(f"interrupted: {there}; go on with: {again}", err=True)
        return EXIT_INTERRUPTED
    return EXIT_FAULTS if summary.failed or telling.hopeless else EXIT_GOOD


class _Telling:
    """Tells of each session as it comes: to the results, and on the bar."""

    def __init__(self, plan: BatchPlan, results: Results, bar: Bar) -> None:
        self.plan, self.results, self.bar = plan, results, bar
        self.hopeless: list[Result] = []

    def possible(self, matrix: Matrix) -> Iterator[Job]:
        """Give the sessions that can be; the others have failed already."""
        from voicecoach.batch.worker import failed

        for group, job in matrix.grouped():
            reasons = self.plan.reasons(group, job)
            if not reasons:
                yield job
                continue
            result = failed(job, *reasons)
            self.hopeless.append(result)
            self.results.add(result)

    def tell(self, result: Result, progress: Progress) -> None:
        """Tell of a session that is done with."""
        self.results.add(result)
        done, of = progress.done + len(self.hopeless), self.plan.sessions
        rate, left = progress.built_per_s, ""
        if rate:
            left = f"{rate:.1f}/s, {span((of - done) / rate)} left" if done < of else f"{rate:.1f}/s"
        failed = progress.failed + len(self.hopeless)
        self.bar.show("build", done, of, f"{done:,} of {of:,}{f', {failed:,} failed' if failed else ''}  {left}")


def _runner(making: Making, asked: Asked) -> Runner:
    if asked.scheduler is not None:
        from voicecoach.batch.fleet import FleetRunner

        return FleetRunner(making, asked.scheduler, lambda told: click.echo(told, err=True))
    from voicecoach.batch.local import LocalRunner

    return LocalRunner(making, asked.workers)


def _say_again(asked: Asked, ledger: Ledger) -> None:
    """Say that what an earlier batch built is built again, if it is."""
    if not asked.resume and next(ledger.results(), None) is not None:
        click.echo("all sessions are built, those that are there, too; --resume keeps what is up to date", err=True)


def _show(summary: Summary, telling: _Telling, asked: Asked) -> None:
    failures = (*telling.hopeless, *summary.failures)
    by_reasons: dict[tuple[str, ...], list[str]] = {}
    for result in failures:
        by_reasons.setdefault(result.reasons, []).append(result.session)
    if failures:
        click.echo(f"failed: {counted(len(failures), 'session')}", err=True)
    for reasons, sessions in list(by_reasons.items())[:MOST_REASONS]:
        names = ", ".join(sessions[:MOST_NAMES])
        more = f" and {len(sessions) - MOST_NAMES:,} more" if len(sessions) > MOST_NAMES else ""
        click.echo(f"  {names}{more}", err=True)
        for line in "\n".join(reasons).split("\n"):
            click.echo(f"    {line}", err=True)
    if len(by_reasons) > MOST_REASONS:
        where = "the table" if asked.table else "--table FILE.csv"
        click.echo(f"  … and for {len(by_reasons) - MOST_REASONS:,} reasons more: see {where}", err=True)
    if asked.table is not None:
        click.echo(f"{asked.table}  result of each session", err=True)
    click.echo(_sum(summary, len(telling.hopeless)), err=asked.as_json)


def _sum(summary: Summary, hopeless: int) -> str:
    parts = [f"{summary.built:,} built"]
    parts += [f"{summary.kept:,} kept"] if summary.kept else []
    failed = summary.failed + hopeless
    parts += [f"{failed:,} failed"] if failed else []
    rate = summary.built / summary.spent_s if summary.built and summary.spent_s else 0.0
    speed = f" ({rate:.1f} a second)" if rate else ""
    made = f"{counted(summary.clips, 'clip')} and {counted(summary.regions, 'region')} made"
    audio = f"{span(summary.length_s)} of audio, {size(summary.size_bytes)}"
    return f"{', '.join(parts)} in {span(summary.spent_s)}{speed}; {made}; {audio}"


def _learn(figures: Figures, plan: BatchPlan, summary: Summary, cache: Path) -> None:
    """Let the next plan know what this batch took."""
    from voicecoach.batch.costs import learn, remember

    if not summary.built or not summary.length_s:
        return
    share = summary.built / (summary.built + summary.kept)
    own = min(summary.clips, plan.personal)
    foretold_cpu_s = figures.cpu_s(summary.length_s * share, summary.clips - own, own)
    learned = learn(figures, summary.built, summary.cpu_s, foretold_cpu_s)
    if learned is not None:
        remember(learned, cache)
