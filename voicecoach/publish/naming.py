"""What things of a timeline are called, wherever people read of them."""

from __future__ import annotations

from voicecoach.model.timeline import PlacedClip, Span


def where(span: Span) -> str:
    """Name what is done in a span: ``Pigeon pose, left, set 2``; empty where it is nothing of its own."""
    parts = (span.name or span.exercise, span.side, f"set {span.set}" if span.set else None)
    return ", ".join(part for part in parts if part)


def sounded(clip: PlacedClip) -> str:
    """Name an earcon: ``(rep 3)``."""
    return f"({clip.earcon}{f' {clip.rep}' if clip.rep else ''})"
