"""What is kept of earlier builds: a content-addressed store, on this disk or shared by many machines."""

from voicecoach.cache.counts import Counts, Kind
from voicecoach.cache.folder import IN_USE_S, Cache, CacheStats, key_of
from voicecoach.cache.place import Place

__all__ = ["IN_USE_S", "Cache", "CacheStats", "Counts", "Kind", "Place", "key_of"]
