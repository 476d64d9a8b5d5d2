"""Opening what builds share, for a command as for each process of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from voicecoach.cache import Cache
from voicecoach.config import Options, data_folder
from voicecoach.engines.preferred import preferred_voice
from voicecoach.engines.registry import EngineShelf
from voicecoach.library import Library
from voicecoach.memory import share_freed_memory
from voicecoach.pipeline import Workshop, unseen
from voicecoach.stages.speak import allowed


@contextmanager
def open_workshop(
    options: Options,
    cache: Cache,
    *,
    data: Path | None = None,
    progress: Callable[[str, int, int], None] = unseen,
    approve: Callable[[str, int, int], bool] = allowed,
) -> Iterator[Workshop]:
    """Open library and engines around a cache; close the engines after.

    Parameters
    ----------
    options
        What builds are told.
    cache
        Where clips and regions are kept.
    data
        The folder of what is the user's own; None: where this machine has it.
    progress
        Called with (stage, done, of).
    approve
        Asked before an engine that may cost money is sent anything.
    """
    share_freed_memory()
    mine = data or data_folder()
    with EngineShelf(options.jobs) as engines:
        library, preferred = Library(user_folder=mine), partial(preferred_voice, mine)
        yield Workshop(library, engines, cache, options, progress, preferred, approve)
