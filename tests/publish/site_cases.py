"""Feeds for the tests of a site: sessions that were never built, with any text."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from hashlib import sha256
from typing import Any

from voicecoach.model.about import About
from voicecoach.model.feed import Episode, Feed
from voicecoach.model.timeline import Timeline

HOSTILE = "</script><script>alert(1)</script> & \"quoted\" 'twice' ]]> <!-- \u2028 שלום 😀 \x07\ud800"
ABOUT = About(
    name="hips",
    author="Dr. Kim",
    description="First.\n\nSecond <b>.",
    equipment=("chair", "strap"),
    cautions=("Mind <it>.",),
    exercises=("Pigeon pose: hold 30\u00a0s each side", "Squat: 8 repetitions"),
)


def episode_of(timeline: Timeline, name: str = "hips", **changes: Any) -> Episode:
    made = Episode(
        name=name,
        size_bytes=1000,
        digest=sha256(name.encode()).hexdigest(),
        timeline=timeline,
        title=timeline.title,
        author="Kim",
        notes="1. Squat: 8 repetitions",
        guid=str(uuid.uuid5(uuid.NAMESPACE_DNS, name)),
        published=dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC),
    )
    return replace(made, **changes)


def feed_of(*episodes: Episode, **changes: Any) -> Feed:
    return replace(Feed("Hips", "For hips.", "Kim", "g", episodes=episodes), **changes)
