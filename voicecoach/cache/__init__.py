"""What is kept of earlier builds: a content-addressed store, on this disk or shared by many machines."""

from voicecoach.cache.counts import Counts, Kind
from voicecoach.cache.entries import CacheStats, Inspection, key_of
from voicecoach.cache.folder import IN_USE_S, Cache
from voicecoach.cache.place import Place
from voicecoach.cache.shared import SharedCache

__all__ = ["IN_USE_S", "Cache", "CacheStats", "Counts", "Inspection", "Kind", "Place", "SharedCache", "key_of"]
