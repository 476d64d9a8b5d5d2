"""Opening what a command needs to build or plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from voicecoach.cli.paid import Leave

if TYPE_CHECKING:
    from voicecoach.config import Encoding
    from voicecoach.model.output import Output
    from voicecoach.model.profile import Profile
    from voicecoach.pipeline import Workshop


@contextmanager
def open_shop(
    *,
    profile: Profile | None = None,
    strict: bool = False,
    jobs: int | None = None,
    use_cache: bool = True,
    verify: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
    level: str | None = None,
    encoding: Encoding | None = None,
    output: Output | None = None,
    approve: Callable[[str, int, int], bool] | None = None,
) -> Iterator[Workshop]:
    """Open library, engines and cache; close the engines after, and take away a cache that was not to be kept.

    Parameters
    ----------
    profile
        What the person wants changed of routines; its voice goes before theirs.
    strict
        Warnings stop a build.
    jobs
        How many utterances are made at a time; as many as there are cores where None.
    use_cache
        False: speech is made anew and not kept.
    verify
        A finished session is proved before it takes its place.
    progress
        Called with (stage, done, of).
    level
        The name of a level profile.
    encoding, output
        How sessions are encoded, and what files are made of them.
    approve
        Asked before an engine that may cost money is sent anything; by default whoever sits at the terminal.
    """
    import tempfile
    from pathlib import Path

    from voicecoach.cache import Cache
    from voicecoach.config import (
        LEVEL_PROFILES,
        Encoding,
        LevelProfile,
        Options,
        cache_folder,
        cache_limit_bytes,
        default_jobs,
    )
    from voicecoach.model.output import Output
    from voicecoach.model.profile import Profile
    from voicecoach.pipeline import unseen
    from voicecoach.shop import open_workshop

    wanted = profile or Profile()
    options = Options(
        voice=wanted.voice,
        jobs=jobs or default_jobs(),
        verify=verify,
        strict=strict,
        profile=wanted,
        levels=LevelProfile() if level is None else LEVEL_PROFILES[level],
        encoding=encoding or Encoding(),
        output=output or Output(),
    )
    with tempfile.TemporaryDirectory(prefix="voicecoach-") as own:
        cache = Cache(cache_folder() if use_cache else Path(own), cache_limit_bytes())
        with open_workshop(options, cache, progress=progress or unseen, approve=approve or Leave()) as shop:
            yield shop
        if damaged := cache.counts.damaged:
            told = "1 entry of the cache was" if damaged == 1 else f"{damaged} entries of the cache were"
            click.echo(f"note: {told} damaged, and made anew", err=True)
