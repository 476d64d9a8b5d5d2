"""The commands: one file each. Only this room prints, and only it knows click."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the ``voicecoach`` command and exit."""
    from voicecoach.cli.app import run

    sys.exit(run())
