"""Codes of faults whose examples are no routines in tests/broken, by the tests that have them."""

from __future__ import annotations

OF_PROGRAMMES = frozenset(
    {
        "bad-growth",
        "bad-week",
        "empty-program",
        "empty-week",
        "long-growth",
        "out-of-weeks",
        "too-many-days",
        "unknown-routine",
    }
)
"""tests/program/test_program_faults.py."""
OF_BATCHES = frozenset({"bad-csv", "bad-name", "missing-value", "near-key", "no-person", "same-session"})
"""tests/batch/test_jobs_faults.py."""
OF_FEED_SETTINGS = frozenset(
    {
        "bad-address",
        "bad-email",
        "bad-guid",
        "damaged-session",
        "image-size",
        "no-session",
        "repeated-session",
        "session-numbers",
        "unknown-session",
    }
)
"""tests/publish/test_feed_settings.py and test_feed_folder.py."""
