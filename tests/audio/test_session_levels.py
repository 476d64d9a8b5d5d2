"""Every built-in routine as a person gets it: its MP3 is as loud as its profile, by an independent measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import voicecoach
from tests.sound.measuring import measure_file
from voicecoach.cache import Cache
from voicecoach.config import LEVEL_PROFILES, Options
from voicecoach.engines.registry import EngineShelf
from voicecoach.library import Library
from voicecoach.model.timeline import Timeline
from voicecoach.pipeline import Workshop, build
from voicecoach.source.nodes import SourceFile

pytestmark = pytest.mark.slow

ROUTINES = sorted(path.stem for path in (Path(voicecoach.__file__).parent / "library" / "routines").glob("*.yaml"))
CASES = [(name, None, "podcast") for name in ROUTINES] + [
    ("calm-down", "rain", "podcast"),
    ("morning", "drone", "podcast"),
    ("calm-down", "soft-noise", "quiet"),
    ("calm-down", None, "loud"),
    ("calm-down", "rain", "loud"),
]


@pytest.fixture(scope="module")
def built(own_cache: Path) -> Iterator[Callable[[str, str | None, str, Path], Timeline]]:
    """Builds a routine, and proves it against its timeline on the way."""
    with EngineShelf() as engines:

        def make(name: str, bed: str | None, profile: str, target: Path) -> Timeline:
            options = Options(voice="espeak", jobs=2, verify=True, levels=LEVEL_PROFILES[profile])
            shop = Workshop(Library(), engines, Cache(own_cache, 10**9), options)
            text = shop.library.routine_source(name).text
            text = text if bed is None else f"bed: {bed}\n{text}"
            outcome = build(SourceFile(f"{name}.yaml", text), name, target, shop)
            assert outcome.session is not None, [fault.render() for fault in outcome.faults]
            return outcome.session.timeline

        yield make


def test_there_are_seven() -> None:
    assert len(ROUTINES) == 7


@pytest.mark.parametrize(("name", "bed", "profile"), CASES)
def test_as_loud_as_the_profile(
    name: str, bed: str | None, profile: str, built: Callable, tool: Callable[[str], str], tmp_path: Path
) -> None:
    levels = built(name, bed, profile, tmp_path / "session.mp3").levels
    heard = measure_file(tool("ffmpeg"), tmp_path / "session.mp3")
    wanted_lufs = LEVEL_PROFILES[profile].lufs(1 if bed is None else 2)
    assert heard.integrated_lufs == pytest.approx(wanted_lufs, abs=0.5)
    assert heard.true_peak_dbtp <= -1.0
    assert levels.integrated_lufs == pytest.approx(heard.integrated_lufs, abs=0.2)
    assert levels.true_peak_dbtp <= -1.5
    assert (levels.voice_over_bed_lu is None) == (bed is None)
    assert bed is None or levels.voice_over_bed_lu >= 12
