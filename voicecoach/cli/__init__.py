"""The commands: one file each. Only this room prints, and only it knows click."""

from __future__ import annotations

import sys

from voicecoach.errors import EXIT_INTERRUPTED


def main() -> None:
    """Run the ``voicecoach`` command and exit."""
    try:
        from voicecoach.cli.app import run

        code = run()
    except KeyboardInterrupt:  # while the commands were still being loaded
        code = EXIT_INTERRUPTED
    sys.exit(code)
