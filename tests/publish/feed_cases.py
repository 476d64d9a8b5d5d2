"""Feeds for tests: short sessions of the fake voice, in English and German, with the titles that trip readers up."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from voicecoach.model.feed import Episode, Feed, FeedOrder
from voicecoach.model.session import Outcome
from voicecoach.mp3.id3 import read_tags
from voicecoach.mp3.session_file import read_session

BASE = "https://example.org/a%20b/"
GUID = "9b024349-ccf0-5f69-a609-6b82873eab3c"
FIRST = dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)

BOLD = '<b>&"'
HOSTILE = (BOLD, "]]>", "a < b & c > d", "'quoted' \"twice\"", "Ümläut 😀👩‍⚕️ é", "שלום hips", "5 > 3 </title>", "100 %")
"""Titles that must reach every reader as they are."""

PLAIN = f"""\
title: '{BOLD}'
author: Dr. Kim
description: |
  For the knees & hips <of all>.

  Every morning.
steps:
  - own-sit: {{name: Wall sit, hold: 12s, set up: Sit., equipment: [chair], safety: Not with a sore knee.}}
  - repeat: 2
    steps:
      - own-lift: {{name: Hip lift, reps: 2, set up: Lie down.}}
      - rest: 5s
"""
GERMAN = """\
title: Kurz für die Hüfte
author: Praxis Müller
language: de
description: Ein kurzer Test.
steps:
  - kneeling-hip-flexor-stretch: 10s
  - breathe: {name: Atmung, pattern: 3-0-4-0, for: 2 breaths}
"""
SITTING = PLAIN.replace(BOLD, "]]> Sit & ''stretch'' 👩‍⚕️")
FILES = {"a first": PLAIN, "week 1/day 2": SITTING, "week 1/day 10": GERMAN, "week 2/Über #1 100%": GERMAN}


def make_folder(folder: Path, build_text: Callable[[str], Outcome]) -> Path:
    """Build the sessions of `FILES` into a folder."""
    for name, text in FILES.items():
        outcome = build_text(text)
        assert outcome.session is not None, [fault.render() for fault in outcome.faults]
        target = folder / f"{name}.mp3"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(outcome.session.path.read_bytes())
    return folder


def episode_of(folder: Path, name: str, number: int, **changes: Any) -> Episode:
    """Read an episode as `read_folder` would."""
    path = folder / f"{name}.mp3"
    data, timeline, tags = path.read_bytes(), read_session(path), read_tags(path)
    week = name.partition("/")[0].removeprefix("week ") if "/" in name else ""
    episode = Episode(
        name=name,
        size_bytes=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        timeline=timeline,
        title=timeline.title,
        author=tags.artist,
        notes=tags.comment or "",
        guid=str(uuid.uuid5(uuid.UUID(GUID), name)),
        published=FIRST + dt.timedelta(days=number),
        season=int(week) if week else None,
        number=number,
        cover=tags.cover,
    )
    return replace(episode, **changes)


def feed_of(*episodes: Episode, **changes: Any) -> Feed:
    """A course with all that a feed can say."""
    feed = Feed(
        title="Hips & knees",
        description="Stretch <every> day.\n\nFor 'all' & \"everyone\".",
        author="Kim Müller",
        guid=GUID,
        language="en",
        owner_name="Kim",
        owner_email="kim@example.org",
        order=FeedOrder.COURSE,
        frequency=("FREQ=DAILY;INTERVAL=2", "every 2 days"),
        complete=True,
        copyright="Kim Müller",
        private=True,
        episodes=episodes,
    )
    return replace(feed, **changes)


def course(folder: Path, **changes: Any) -> Feed:
    """The feed of a folder that `make_folder` made."""
    return feed_of(*(episode_of(folder, name, number) for number, name in enumerate(FILES, start=1)), **changes)
