"""What is kept of earlier builds: a content-addressed store, on this disk or shared by many machines."""

from voicecoach.cache.folder import Cache, CacheStats, key_of

__all__ = ["Cache", "CacheStats", "key_of"]
