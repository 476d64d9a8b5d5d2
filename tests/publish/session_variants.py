"""Many sessions of one: the tag of a built one is written anew, so that tests need not build each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from voicecoach.model.session import Outcome
from voicecoach.mp3.id3 import build_tag, read_tags
from voicecoach.mp3.session_file import read_session, sound_at

TINY = """\
title: Tiny
steps:
  - own-sit: {name: Wall sit, hold: 5s, set up: Sit.}
"""


class Variants:
    """Writes sessions with other titles, authors, series and days."""

    def __init__(self, build_text: Callable[[str], Outcome]) -> None:
        outcome = build_text(TINY)
        assert outcome.session is not None
        path = outcome.session.path
        self.timeline, self.tags = read_session(path), read_tags(path)
        self.sound = path.read_bytes()[sound_at(path) :]

    def write(self, path: Path, title: str | None = None, **about: Any) -> Path:
        """Write a session; its title is the name of its file unless another is given."""
        assert self.timeline.about is not None
        told = title if title is not None else path.stem
        timeline = replace(self.timeline, title=told, about=replace(self.timeline.about, **about))
        tags = replace(
            self.tags,
            title=told,
            artist=about.get("author") or "voicecoach",
            language=about.get("language", "en"),
            date=about.get("date"),
            timeline_json=timeline.dumps(),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(build_tag(tags) + self.sound)
        return path

    def fill(self, folder: Path, *names: str, **about: Any) -> Path:
        """Write sessions of these names into a folder."""
        for name in names:
            self.write(folder / f"{name}.mp3", **about)
        return folder
