"""mix: Timeline and clips → the master, balanced, limited, read region by region and never held whole."""

from __future__ import annotations

from voicecoach.cache import Cache
from voicecoach.config import LevelProfile
from voicecoach.errors import EncodeError
from voicecoach.model.timeline import BED_TRACK, EARCON_TRACK, VOICE_TRACK, Timeline
from voicecoach.sound.ducking import downs
from voicecoach.stages.mix.balance import balanced
from voicecoach.stages.mix.bed import BedPlan, planned_bed, planned_floor
from voicecoach.stages.mix.layers import Layer, Sounds, Speech, earcon_layer, voice_layer
from voicecoach.stages.mix.loop import LoopSource, differ, loop_figures
from voicecoach.stages.mix.master import SessionMaster

__all__ = ["SessionMaster", "mix"]


def mix(
    timeline: Timeline,
    speech: Speech,
    sounds: Sounds,
    profile: LevelProfile,
    cache: Cache,
    *,
    loop: LoopSource | None = None,
    channels: int | None = None,
) -> SessionMaster:
    """Make the master of a timeline; nothing is summed before a stretch of it is read.

    Parameters
    ----------
    timeline
        As `place` made it, its clips with their utterances, its bed and floor as the author asked for them.
    speech
        Gives the clip of an utterance, as long as the timeline has it and levelled to `config.VOICE_LUFS`, and what is
        known of it.
    sounds
        Gives the earcons, made to stand beside such a voice.
    profile
        How loud the session is to be.
    cache
        Where what is known of a loop is kept.
    loop
        The bed's sound; None where the timeline has no bed.
    channels
        1 or 2; None: 2 where a bed or another sound has two that differ, else 1.

    Raises
    ------
    EncodeError
        A sound has not the length or the rate that was planned, or a bed is asked for and its sound not given.
    """
    voice = voice_layer(timeline.track(VOICE_TRACK).clips, speech, timeline.sample_rate)
    marks = timeline.track(EARCON_TRACK).clips
    earcons = earcon_layer(marks, sounds, timeline.sample_rate, timeline.own_sounds)
    placed = timeline.track(BED_TRACK).clips
    bed: BedPlan | None = None
    if placed:
        if timeline.bed is None or loop is None:
            raise EncodeError("the session has a bed, but its sound was not given")
        if channels is None and _is_wide(earcons):
            channels = 2
        figures = loop_figures(loop, channels, cache)
        channels = figures.channels
        phase_of = voice.passage if loop.is_texture else None
        bed = planned_bed(placed[0], timeline.bed, loop, figures, downs(voice.spans()), phase_of)
    channels = channels or (2 if _is_wide(earcons) else 1)
    if bed is None and timeline.floor:
        bed = planned_floor(timeline.frames, channels)
    balance = balanced(timeline.frames, (voice, earcons), bed, profile, channels)
    return SessionMaster(timeline.frames, channels, voice, earcons.with_tones(balance.tones_db), balance)


def _is_wide(layer: Layer) -> bool:
    """Whether any of the sounds has two channels that differ."""
    stereo = {clip.figures.digest: clip for clip in layer.clips if clip.figures.channels > 1}
    return any(differ(clip.read()) for clip in stereo.values())
