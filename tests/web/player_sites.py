"""Sites for the tests of their pages in a browser: sessions as they are built, listed and written to a folder."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from voicecoach.model.feed import Episode, Feed, FeedOrder
from voicecoach.model.session import Outcome
from voicecoach.mp3.session_file import read_session
from voicecoach.publish.cover import cover
from voicecoach.publish.feed import feed_resources
from voicecoach.publish.site import Site, site_resources

ROUTINE = """
title: All that there is
description: Every kind of span, & a <tag>.
coach: {safety: no}
steps:
  - pigeon-pose: {hold: 20s, talk: brief}
  - rest: 8s
  - clamshell: {reps: 4, sides: right, talk: cues}
  - leg-swings: {reps: 3, sides: alternate, talk: cues}
  - seated-hip-rotation: {cycles: 2, sides: left, talk: cues}
  - breathe: {pattern: 3-1-3-1, for: 2 breaths}
"""
GERMAN = """
title: Hüften „kurz“ & gut
language: de
steps:
  - wandsitz: {name: Wandsitz mit langem Namen und Armen über dem Kopf, set up: An die Wand., hold: 12s, sides: each}
"""


def episode(name: str, mp3: Path, **given: object) -> Episode:
    """Make an episode of a built session."""
    data, timeline = mp3.read_bytes(), read_session(mp3)
    made = Episode(
        name=name,
        size_bytes=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        timeline=timeline,
        title=timeline.title,
        author="Kim",
        notes="Notes.",
        guid=str(uuid.uuid5(uuid.NAMESPACE_DNS, name)),
        published=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        cover=cover(timeline),
    )
    return replace(made, **given)  # type: ignore[arg-type]


def write_site(
    folder: Path, sessions: Mapping[str, Outcome], order: FeedOrder = FeedOrder.COURSE, site: Site | None = None
) -> Feed:
    """Write a site of sessions, by their names, with the sessions themselves."""
    mp3s = {name: outcome.session.path for name, outcome in sessions.items() if outcome.session is not None}
    episodes = tuple(episode(name, path) for name, path in mp3s.items())
    feed = Feed("Hips & back", "For <every> day.", "Kim", "g", order=order, episodes=episodes)
    for resource in (*feed_resources(feed, "", pages=True), *site_resources(feed, site or Site())):
        target = folder / resource.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(resource.make())
    for name, path in mp3s.items():
        (folder / f"{name}.mp3").parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.mp3").write_bytes(path.read_bytes())
    return feed
