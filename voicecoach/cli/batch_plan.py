"""What a batch will be and cost, told: a table of what shares speech, the sums, and a million sessions a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from voicecoach.batch.costs import Figures
    from voicecoach.batch.planning import BatchPlan

MOST_ROWS = 20
_UNITS = ((10**15, "PB"), (10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def show_plan(
    plan: BatchPlan, figures: Figures, workers: int | None, what: str, *, whole: bool, err: bool = False
) -> None:
    """Print a plan.

    Parameters
    ----------
    plan, figures, workers, what
        What it is, what it is reckoned by, how many processes there will be, and its first words.
    whole
        With what a million sessions a day cost, and why some cannot be; else that is told when all is built.
    err
        On stderr.
    """
    click.echo(
        f"{what}: {counted(plan.sessions, 'session')} of {counted(plan.routines, 'routine')}{_for(plan)}", err=err
    )
    for line in (*_table(plan), *_sums(plan, figures, workers)):
        click.echo(line, err=err)
    if whole:
        for line in _a_day(plan, figures):
            click.echo(line, err=err)
    for note in plan.notes:
        click.echo(f"note: {note}", err=True)
    for trouble in plan.troubles:
        click.echo(f"cannot be built: {trouble.what}, {counted(trouble.sessions, 'session')}", err=True)
        for reason in trouble.reasons if whole else ():
            click.echo("\n".join(f"  {line}" for line in reason.split("\n")), err=True)


def plan_json(plan: BatchPlan, figures: Figures, workers: int | None, output: str) -> str:
    """Give a plan as JSON."""
    from voicecoach.batch.costs import daily, estimate
    from voicecoach.config import default_jobs

    known = {name: value for name, value in vars(plan).items() if not name.startswith("_") and name != "largest"}
    for name in ("groups", "troubles"):
        known[name] = [asdict(one) for one in known[name]]
    known["paid"] = [dict(zip(("engine", "texts", "characters"), one, strict=True)) for one in plan.paid]
    a_day = daily(plan, figures)
    values = {
        "output": output,
        **known,
        "failing": plan.failing,
        "estimate": asdict(estimate(plan, figures, workers or default_jobs())),
        "figures": asdict(figures),
        "daily": None if a_day is None else asdict(a_day),
    }
    return json.dumps(values, ensure_ascii=False, indent=2)


def counted(number: int, what: str) -> str:
    """Say how many: ``1 session``, ``1,000 sessions``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def size(size_bytes: float) -> str:
    """Say a size: ``9.2 GB``."""
    unit, name = next(((unit, name) for unit, name in _UNITS if size_bytes >= unit), (1, "bytes"))
    value = size_bytes / unit
    return f"{value:.1f} {name}" if value < 100 and unit > 1 else f"{value:,.0f} {name}"


def span(length_s: float) -> str:
    """Say a length of time, as long as it is: ``213 h 20 min``, ``12 min``, ``8 s``."""
    if length_s < 90:
        return f"{max(1, round(length_s))} s"
    minutes = round(length_s / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"


def _for(plan: BatchPlan) -> str:
    return "" if not plan.people else f" for {plan.people:,} {'person' if plan.people == 1 else 'people'}"


def _table(plan: BatchPlan) -> Iterator[str]:
    """Give a row for each group; columns that say nothing are left out."""
    shown = plan.groups[:MOST_ROWS]
    rows = [("routine", "voice", "talk", "length", "sessions", "audio")]
    rows += [(one.routine, one.voice, one.talk, one.length, f"{one.sessions:,}", span(one.length_s)) for one in shown]
    used = [at for at in range(6) if any(row[at] for row in rows[1:])]
    widths = {at: max(len(row[at]) for row in rows) for at in used}
    for row in rows if shown else ():
        cells = [row[at].rjust(widths[at]) if at >= 4 else row[at].ljust(widths[at]) for at in used]
        yield f"  {'  '.join(cells)}".rstrip()
    if len(plan.groups) > len(shown):
        yield f"  … and {counted(len(plan.groups) - len(shown), 'group')} more"


def _sums(plan: BatchPlan, figures: Figures, workers: int | None) -> Iterator[str]:
    from voicecoach.batch.costs import estimate
    from voicecoach.config import default_jobs

    told = estimate(plan, figures, workers or default_jobs())
    rest = "" if plan.planned == plan.kinds else f"; {plan.planned:,} of {plan.kinds:,} kinds of session planned"
    yield f"audio   {span(plan.length_s)} (speech estimated{rest}), {size(plan.size_bytes)}"
    yield (
        f"speech  {counted(plan.utterances, 'different utterance')}: {plan.shared:,} shared,"
        f" {plan.personal:,} of one person's own; {size(told.cache_bytes)} in the cache"
    )
    processes = "1 process" if told.workers == 1 else f"{told.workers:,} processes"
    yield f"time    about {span(told.wall_s)} with {processes}, {span(told.cpu_s)} of CPU ({told.origin})"


def _a_day(plan: BatchPlan, figures: Figures) -> Iterator[str]:
    from voicecoach.batch import costs

    told = costs.daily(plan, figures)
    if told is None:
        return
    busy, again = f"{costs.BUSY_SHARE:.0%}", f"{costs.AGAIN_SHARE:.0%}"
    yield f"{told.sessions:,} sessions a day like these, by the figures {figures.origin}"
    yield (
        f"  cores     {told.cores:,}, busy {busy} of the time (assumed): {told.session_cpu_s:.2f} CPU s a session,"
        f" {told.sessions_per_core_s:.2f} sessions a second and core"
    )
    yield f"  results   {size(told.results_bytes)} a day, {size(told.results_kept_bytes)} in {costs.KEPT_DAYS} days"
    yield (
        f"  store     {size(told.store_shared_bytes)} of shared speech, and"
        f" {size(told.store_own_bytes)} a day of people's own until it is pruned"
    )
    yield f"  egress    {size(told.egress_bytes)} a day: each session once, and {again} of it again (assumed)"
    yield f"  requests  {told.store_requests:,} a day to the store and for results"
