"""A progress bar on a terminal; nothing in a pipe."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

_EVERY_S = 0.05
_NAMES = {
    "speak": "speaking",
    "encode": "mixing and encoding",
    "export": "mixing and writing",
    "verify": "verifying",
    "count": "counting",
    "plan": "planning",
    "measure": "measuring",
    "build": "building",
}


class Bar:
    """One line that is written over.

    Parameters
    ----------
    stream
        Where it is shown; only if it is a terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = stream.isatty()
        self._last_s = 0.0

    def show(self, stage: str, done: int, of: int, told: str = "") -> None:
        """Show how far a stage is; ``told`` stands behind it, such as the time left."""
        now_s = time.monotonic()
        if not self._shown or (done < of and now_s - self._last_s < _EVERY_S):
            return
        self._last_s = now_s
        share = done / of if of else 1.0
        width = max(10, min(40, shutil.get_terminal_size().columns - 40 - len(told)))
        filled = round(share * width)
        name = _NAMES.get(stage, stage)
        behind = f"  {told}" if told else ""
        self._stream.write(f"\r\x1b[K{name:20} [{'#' * filled}{'-' * (width - filled)}] {share:4.0%}{behind}")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
