"""Levels: sessions come out as loud as their profile, with the voice over the bed, measured by an independent tool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from mixing import CACHE, USUAL_BED, BedLoop, Sounds, Speech, master_of, noise, session, sounded, spoken

import tests.sound.measuring as measuring
from voicecoach.cache import Cache
from voicecoach.config import LEVEL_PROFILES, LevelProfile, Options
from voicecoach.engines.registry import EngineShelf
from voicecoach.library import Library
from voicecoach.model.clip import Clip
from voicecoach.model.levels import Levels
from voicecoach.model.master import Measured, RegionKind
from voicecoach.model.timeline import BED_TRACK, PlacedClip, Timeline, Track, UsedBed
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.pipeline import Workshop, plan
from voicecoach.sound.beds import load_bed
from voicecoach.sound.gain import to_db, to_linear
from voicecoach.sound.packs import load_pack
from voicecoach.sound.true_peak import true_peak
from voicecoach.stages.mix import SessionMaster, mix
from voicecoach.stages.speak import Spoken, speak

BLOCK = 20 * SAMPLE_RATE_HZ
AROUND = 8 * MP3_FRAME_FRAMES


def blocks(master: SessionMaster, tracks: tuple[str, ...] | None = None) -> Iterator[np.ndarray]:
    for start in range(0, master.frames, BLOCK):
        yield master.read(start, min(BLOCK, master.frames - start), tracks)


def levels_of(master: SessionMaster) -> Levels:
    """What a session's file will tell: measured stretch by stretch, as it is encoded."""

    def stretches() -> Iterator[Measured]:
        for region in master.regions():
            if region.kind is RegionKind.ACTIVE:
                samples = master.read(region.start - AROUND, region.frames + 2 * AROUND)
                yield Measured(region.start, region.frames, master.measure(samples, AROUND, region.frames))

    return master.levels(stretches())


def k_lufs(samples: np.ndarray) -> float:
    """Loudness without gates, by pyloudnorm's own filters."""
    import pyloudnorm

    power = 0.0
    for channel in range(samples.shape[1]):
        weighted = samples[:, channel].astype(np.float64)
        for stage in pyloudnorm.Meter(SAMPLE_RATE_HZ)._filters.values():
            weighted = stage.apply_filter(weighted)
        power += float(np.mean(weighted**2))
    return -0.691 + 10 * np.log10(power)


def over_bed_lu(master: SessionMaster, timeline: Timeline, folder: Path, ffmpeg: str) -> float:
    """Voice over bed, from the tracks alone: integrated voice, and the bed in the very moments of speech."""
    voice = measuring.measure_blocks(ffmpeg, blocks(master, ("voice",)), master.channels, folder)
    clips = timeline.track("voice").clips[:60]
    under = np.concatenate([master.read(clip.start, clip.frames, (BED_TRACK,)) for clip in clips])
    return voice.integrated_lufs - k_lufs(under)


def chatter(pause_s: float, *, level: float = 0.1, ticks: bool = True, length_s: int = 90) -> Timeline:
    voice, earcons, at = [], [], SAMPLE_RATE_HZ
    while at < (length_s - 4) * SAMPLE_RATE_HZ:
        voice.append(spoken(at, 57_600, len(voice) % 3, level))
        if ticks:
            earcons.append(sounded("tick", voice[-1].end + 9600))
        at = voice[-1].end + round(pause_s * SAMPLE_RATE_HZ)
    return session(length_s * SAMPLE_RATE_HZ, voice, earcons)


def with_bed(timeline: Timeline, bed: UsedBed) -> Timeline:
    under = Track(BED_TRACK, (PlacedClip(0, timeline.frames, BED_TRACK),))
    return replace(timeline, bed=bed, tracks=(*timeline.tracks[:2], under))


@pytest.mark.parametrize("profile", LEVEL_PROFILES.values(), ids=LEVEL_PROFILES)
@pytest.mark.parametrize("pause_s", [0.5, 3.0, 20.0])
@pytest.mark.parametrize("bed", [None, USUAL_BED], ids=["no bed", "bed"])
def test_as_loud_as_the_profile(
    profile: LevelProfile, pause_s: float, bed: UsedBed | None, tool: Callable[[str], str], tmp_path: Path
) -> None:
    timeline = chatter(pause_s)
    master = master_of(with_bed(timeline, bed) if bed else timeline, BedLoop() if bed else None, profile)
    heard = measuring.measure_blocks(tool("ffmpeg"), blocks(master), master.channels, tmp_path)
    levels = levels_of(master)
    assert master.channels == (2 if bed else 1)
    assert heard.integrated_lufs == pytest.approx(profile.lufs(master.channels), abs=0.5)
    assert heard.true_peak_dbtp <= -1.5
    assert levels.integrated_lufs == pytest.approx(heard.integrated_lufs, abs=0.15)
    assert levels.true_peak_dbtp == pytest.approx(heard.true_peak_dbtp, abs=0.25)
    assert levels.gain_db * 2 == round(levels.gain_db * 2), "whole half decibels"
    assert levels.profile == profile.name


@pytest.mark.parametrize("written", [(-22.0, 10.0), (-22.0, 3.0), (-12.0, 10.0), (-12.0, 0.0), (-40.0, 10.0)])
@pytest.mark.parametrize("profile", ["podcast", "loud"])
def test_the_voice_is_over_any_bed(
    written: tuple[float, float], profile: str, tool: Callable[[str], str], tmp_path: Path
) -> None:
    timeline = with_bed(chatter(4.0, level=0.3), UsedBed("x", *written))
    master = master_of(timeline, BedLoop(), LEVEL_PROFILES[profile])
    over = over_bed_lu(master, timeline, tmp_path, tool("ffmpeg"))
    assert over >= 12
    assert master.balance.voice_over_bed_lu == pytest.approx(over, abs=0.5)


# Breath tones, and beds with high peaks


class SoftTones(Sounds):
    """Breath tones as ours are: 14 LU softer than a voice."""

    def clip(self, name: str, frames: int) -> Clip:
        return noise(frames, frames, 0.025) if name == "in" else super().clip(name, frames)


def breathing(pause_s: float) -> Timeline:
    """Something is said from time to time; tones fill the time between."""
    said = chatter(pause_s, ticks=False)
    ends = [*(clip.start for clip in said.track("voice").clips[1:]), said.frames]
    tones = [
        sounded("in", clip.end + 4800, end - clip.end - 9600)
        for clip, end in zip(said.track("voice").clips, ends, strict=True)
    ]
    return session(said.frames, list(said.track("voice").clips), tones)


def breathed(timeline: Timeline, profile: LevelProfile) -> SessionMaster:
    return mix(timeline, Speech(), SoftTones(), profile, CACHE)


@pytest.mark.parametrize("profile", LEVEL_PROFILES.values(), ids=LEVEL_PROFILES)
def test_breath_tones_do_not_drive_the_voice_up(
    profile: LevelProfile, tool: Callable[[str], str], tmp_path: Path
) -> None:
    """Where one breathes for long, the tones go down, so that the voice is as loud as in any other session."""
    timeline = breathing(6.0)
    voice_alone = breathed(session(timeline.frames, list(timeline.track("voice").clips)), profile)
    master = breathed(timeline, profile)
    heard = measuring.measure_blocks(tool("ffmpeg"), blocks(master), 1, tmp_path)
    assert heard.integrated_lufs == pytest.approx(profile.lufs(1), abs=0.5)
    assert -8 <= master.balance.tones_db < 0
    assert abs(master.balance.gain_db - voice_alone.balance.gain_db) <= 1
    assert levels_of(master).tones_db == master.balance.tones_db
    tone = timeline.track("earcons").clips[0]
    read = master.read(tone.start, tone.frames, ("earcons",))
    louder = to_linear(master.balance.gain_db + master.balance.tones_db)
    assert read == pytest.approx(SoftTones().clip("in", tone.frames).samples * louder, rel=1e-5)


def test_tones_between_much_speech_stay_as_they_are() -> None:
    timeline = breathing(0.8)
    voice, (tone, *_) = (timeline.track(name).clips for name in ("voice", "earcons"))
    master = breathed(session(timeline.frames, list(voice), [tone]), LevelProfile())
    assert master.balance.tones_db == 0
    assert levels_of(master).tones_db is None


def test_tones_alone_stay_as_they_are() -> None:
    timeline = breathing(6.0)
    master = breathed(session(timeline.frames, [], list(timeline.track("earcons").clips)), LevelProfile())
    assert (master.balance.tones_db, master.balance.gain_db) == (0, 6)


@dataclass(frozen=True)
class Drops(BedLoop):
    """Rain: soft, with drops whose peaks are high, one of them across the seam."""

    def clip(self) -> Clip:
        samples = np.array(super().clip().samples)
        samples[::14_400] += 0.4
        samples[-1] -= 0.4
        return Clip(samples, SAMPLE_RATE_HZ)


def test_a_bed_with_high_peaks_is_as_loud_as_any(tool: Callable[[str], str], tmp_path: Path) -> None:
    """What would be over the ceiling of its peaks is limited once in the loop; the bed is not made softer for it."""
    profile = LevelProfile("as loud as can be", -16.0)
    timeline = with_bed(chatter(3.0), USUAL_BED)
    plain, master = (master_of(timeline, loop, profile) for loop in (BedLoop(), Drops()))
    heard = measuring.measure_blocks(tool("ffmpeg"), blocks(master), 2, tmp_path)
    assert heard.integrated_lufs == pytest.approx(profile.lufs(2), abs=0.5)
    assert heard.true_peak_dbtp <= -1.5
    assert levels_of(master).integrated_lufs == pytest.approx(heard.integrated_lufs, abs=0.2)
    assert master.balance.gain_db == pytest.approx(plain.balance.gain_db, abs=0.5)
    loop = master.loop
    assert loop is not None
    around = np.concatenate([loop.samples, loop.samples])
    limited_db = to_db(master.balance.bed_peak)
    assert limited_db == pytest.approx(-1.8)
    assert to_db(true_peak(around)) <= limited_db + 0.01
    assert master.loop_key != plain.loop_key


def test_a_session_of_marks_alone_is_not_blown_up() -> None:
    ticks = [sounded("tick", n * 20 * SAMPLE_RATE_HZ) for n in range(1, 20)]
    assert abs(master_of(session(400 * SAMPLE_RATE_HZ, [], ticks)).balance.gain_db) <= 6


def test_a_session_of_nothing() -> None:
    levels = levels_of(master_of(session(SAMPLE_RATE_HZ, [])))
    assert levels == Levels("podcast", 0.0)


# A built-in routine, spoken by the embedded voice


@pytest.fixture(scope="module")
def morning(own_cache: Path) -> Iterator[tuple[Timeline, Spoken, Workshop]]:
    with EngineShelf() as engines:
        shop = Workshop(Library(), engines, Cache(own_cache, 10**9), Options(voice="espeak", jobs=2))
        timeline = plan(shop.library.routine_source("morning"), "morning", shop, exact=True).timeline
        assert timeline is not None
        said = [clip.utterance for clip in timeline.track("voice").clips if clip.utterance]
        yield timeline, speak(said, Spoken(), shop.studio()), shop


@pytest.mark.slow
@pytest.mark.parametrize("bed", ["rain", "drone"])
def test_a_voice_over_our_beds(
    bed: str, morning: tuple[Timeline, Spoken, Workshop], tool: Callable[[str], str], tmp_path: Path
) -> None:
    timeline, speech, shop = morning
    timeline = with_bed(timeline, UsedBed(bed, -22.0, 10.0))
    master = mix(timeline, speech, load_pack(), LevelProfile(), shop.cache, loop=load_bed(bed))
    over = over_bed_lu(master, timeline, tmp_path, tool("ffmpeg"))
    assert over >= 12
    assert master.balance.voice_over_bed_lu == pytest.approx(over, abs=0.5)


@pytest.mark.slow
def test_no_cue_is_jumped_at(morning: tuple[Timeline, Spoken, Workshop]) -> None:
    """One gain for the voice: what differs from cue to cue is what the voice itself does, to the last digit."""
    timeline, speech, _ = morning
    gains = set()
    for clip in timeline.track("voice").clips:
        assert clip.utterance is not None
        plain, levelled = speech.plain_clip(clip.utterance).samples, speech.clip(clip.utterance).samples
        loudest = int(np.abs(plain).argmax())
        gains.add(round(float(levelled[loudest, 0] / plain[loudest, 0]), 5))
    assert len(gains) == 1
