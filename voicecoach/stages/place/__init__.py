"""place: CueScript and the length of every sound → Timeline. Pure; the only stage that decides a time.

Exact spans keep their length to the frame and their earcons their places; speech yields: it is moved within its window,
said in brief, or left out by priority, each with a note. Speech that must be heard stands in flowing spans, which
stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from voicecoach.model.clip import Utterance
from voicecoach.model.cuescript import CueScript
from voicecoach.model.timeline import Timeline
from voicecoach.stages.place.placer import Placer


def place(script: CueScript, speech_frames: Callable[[Utterance], int], earcon_frames: Mapping[str, int]) -> Timeline:
    """Give every cue its absolute place.

    Parameters
    ----------
    script
        What is to be heard, in order.
    speech_frames
        Length in frames at 48 kHz of each utterance, measured or estimated.
    earcon_frames
        Length in frames of each earcon, and of each sound file that a step names. Without a lead-in there, nothing
        leads in.

    Returns
    -------
    Timeline
        Spans without holes from frame 0, a whole number of seconds long in all. Each spoken cue is on the voice track
        in full; or in brief, with a note; or a note tells why it is not.

    Raises
    ------
    ValueError
        The script contradicts itself (two earcons fixed at the same moment, an earcon or a gap where it cannot be,
        speech that must be heard in an exact span that it does not fit): a fault of `expand`.
    """
    placer = Placer(speech_frames, earcon_frames)
    for index, span in enumerate(script.spans):
        placer.span(span, script.spans[index + 1] if index + 1 < len(script.spans) else None)
    return placer.timeline(script)
