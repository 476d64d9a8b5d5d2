"""Showing an author's faults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from voicecoach.model.diagnostic import Diagnostic


def show_faults(faults: Sequence[Diagnostic], *, err: bool = True) -> None:
    """Print every fault, and how many there are."""
    for fault in faults:
        click.echo(fault.render(), err=err)
    if faults:
        click.echo(count(faults), err=err)


def count(faults: Iterable[Diagnostic]) -> str:
    """Say how many errors and warnings: ``2 errors, 1 warning``."""
    severities = [fault.severity.value for fault in faults]
    numbers = [(severities.count(kind), kind) for kind in ("error", "warning")]
    return ", ".join(f"{n} {kind}{'s' if n != 1 else ''}" for n, kind in numbers if n)
