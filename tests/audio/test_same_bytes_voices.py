"""The same routine with the same voice gives the same bytes, in fresh processes and however the work is split."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engines.own_voices import speech_server, write_voices
from voicecoach.config import CACHE_VARIABLE, DATA_VARIABLE
from voicecoach.engines import registry

pytestmark = pytest.mark.slow

ROUTINE = """\
title: Short
coach: {safety: no}
steps:
- say: "Find your psoas. [pause 0.5s] Now change sides."
- wall-sit: {name: Wall sit, set up: Back to the wall., hold: 8s}
"""
OURS = ("espeak:en-us+f3", "fake", "recorded:kim", "system")
THEIRS = ("piper", "kokoro:af_heart", "command:flite", "openai:bella")


@pytest.mark.parametrize("voice", [*OURS, *THEIRS])
def test_same_bytes(tool: Callable[[str], str], tmp_path: Path, voice: str) -> None:
    if voice == "command:flite":
        tool("flite")
    write_voices(tmp_path)
    routine = tmp_path / "short.yaml"
    routine.write_text(ROUTINE, encoding="utf-8")
    engine = registry.load(voice.partition(":")[0])
    fresh = engine.capabilities.repeatable
    engine.close()

    def build(name: str, jobs: int, url: str) -> bytes:
        """Build in a process of its own; what does not repeat itself shares the clips that were kept."""
        cache = tmp_path / (f"cache-{name}" if fresh else "cache")
        more = {DATA_VARIABLE: str(tmp_path), CACHE_VARIABLE: str(cache), "VOICECOACH_OPENAI_URL": url}
        target = tmp_path / f"{name}.mp3"
        command = [sys.executable, "-m", "voicecoach", "build", str(routine), "-o", str(target), "--voice", voice]
        command += ["-j", str(jobs), "--yes"]
        ran = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **more}, check=False)
        assert ran.returncode == 0, ran.stderr
        return target.read_bytes()

    with speech_server() as url:
        first = build("first", 1, url)
        assert build("second", 7, url) == first
