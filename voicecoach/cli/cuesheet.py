"""The cue sheet on a terminal: as wide as it is, and never wider than reads well."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.model.timeline import Timeline


def cue_sheet(timeline: Timeline, remark: str | None = None, *, every: bool = False) -> Iterator[str]:
    """Give the lines of the cue sheet, see `voicecoach.publish.cue_table`; in a file or pipe 100 columns wide."""
    from voicecoach.publish.cue_table import WIDTH, cue_table

    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 0)).columns)
    yield from cue_table(timeline, remark, width=width, every=every)
