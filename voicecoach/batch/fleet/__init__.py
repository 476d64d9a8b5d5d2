"""Batches on a fleet: many machines, by Dask's scheduler. The only door to Dask."""

from __future__ import annotations

from voicecoach.batch.fleet.runner import FleetRunner

__all__ = ["FleetRunner"]
