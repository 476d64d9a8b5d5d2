"""Opening what a command needs to build or plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.pipeline import Workshop


@contextmanager
def open_shop(
    *,
    voice: str | None = None,
    jobs: int | None = None,
    use_cache: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> Iterator[Workshop]:
    """Open library, engines and cache; close the engines after, and take away a cache that was not to be kept."""
    import tempfile
    from pathlib import Path

    from voicecoach.cache import Cache
    from voicecoach.config import Options, cache_folder, cache_limit_bytes, default_jobs
    from voicecoach.engines.registry import EngineShelf
    from voicecoach.library import Library
    from voicecoach.pipeline import Workshop, unseen

    options = Options(voice=voice, jobs=jobs or default_jobs())
    with tempfile.TemporaryDirectory(prefix="voicecoach-") as own, EngineShelf(options.jobs) as engines:
        folder = cache_folder() if use_cache else Path(own)
        cache = Cache(folder, cache_limit_bytes())
        yield Workshop(Library(), engines, cache, options, progress or unseen)
