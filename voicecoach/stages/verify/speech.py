"""What is heard of the speech: every cue in its place, and the words that were spoken when the session was made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.timeline import PlacedClip
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.model.verdict import Breach, Promise
from voicecoach.sound.outline import CELL_FRAMES, Likeness, compare_along
from voicecoach.stages.verify.course import Course
from voicecoach.stages.verify.listening import FAR, Ear
from voicecoach.stages.verify.places import apart, at_clip, quoted

SAME = 0.9
"""From this share of its outline on it is the same speech.

(As built: 1.0. Of 7,000 pairs of different cues none had 0.8.)"""
LONGEST_RUN = 3
"""So many cells in a row (150 ms) that are not as they should be are a fault, however long the cue is."""
NEAR_DB = 3.0
PRESENT_DBFS = -40.0
"""Where there is no outline: speech has its level somewhere, and"""
EDGE_DBFS = -60.0
"""does not begin or end in silence."""
SILENT_BELOW_DBFS = -55.0
HALF = 0.5
MOST_SEARCHES = 20
"""A file in which more than that is amiss is not searched for every cue."""
MOST_BEHIND = 5 * SAMPLE_RATE_HZ
HEAD_FRAMES, TAIL_FRAMES = SAMPLE_RATE_HZ // 10, SAMPLE_RATE_HZ // 5
_SEARCH_STEP = SAMPLE_RATE_HZ // 100


@dataclass
class Speech:
    """What was found of the speech.

    Attributes
    ----------
    broken
        What is wrong with it.
    elsewhere
        Stretches of the sound, from frame to frame, in which speech was found that is told of in ``broken``.
    """

    broken: list[Breach] = field(default_factory=list)
    elsewhere: list[tuple[int, int]] = field(default_factory=list)
    good: int = 0
    frames: int = 0
    least_share: float = 1.0
    outlined: int = 0
    searches: int = 0


def speech_heard(course: Course, ear: Ear, gain_db: float) -> Speech:
    """Compare all speech with what was spoken when the session was made."""
    found = Speech()
    for index, clip in enumerate(ear.voice):
        shift = course.shift_at(clip.start)
        if clip.start + shift + clip.frames > ear.frames + CELL_FRAMES:
            rest = len(ear.voice) - index
            lie = f"{rest} cues lie" if rest > 1 else "1 cue lies"
            told = f"{lie} behind the end of the sound, the first of them {quoted(clip)}"
            found.broken.append(replace(at_clip(clip, told), at=max(clip.start, ear.frames - shift)))
            break
        message = _outline_fault(index, shift, ear, gain_db, found)
        if message is None:
            found.good += 1
            found.frames += clip.frames
        elif not course.lost(clip.start):
            found.broken.append(at_clip(clip, message))
    return found


def usual_gain_db(ear: Ear) -> float:
    """How much louder than its clips the whole session is, by its speech; where there is none, as it was made."""
    offsets = [ear.said(index).offset_db for index in range(len(ear.voice)) if ear.outlined(index)]
    return median(offsets) if offsets else ear.made_db


def _outline_fault(index: int, shift: int, ear: Ear, gain_db: float, found: Speech) -> str | None:
    """Say what is wrong with one cue; None: nothing."""
    clip = ear.voice[index]
    if not ear.outlined(index):
        return _energy_fault(clip, shift, ear, gain_db)
    found.outlined += 1
    likeness = ear.said(index, shift)
    found.least_share = min(found.least_share, likeness.share(gain_db))
    if likeness.share(gain_db) >= SAME and _longest(likeness.off_db(gain_db) != 0)[1] < LONGEST_RUN:
        return None
    name, loud = quoted(clip), likeness.loud
    if not loud.any() or (likeness.heard[loud] < SILENT_BELOW_DBFS).all():
        return f"{name} is not heard: there is silence in its place"
    off_db = likeness.offset_db - gain_db
    if likeness.share(likeness.offset_db) >= SAME and abs(off_db) > NEAR_DB:
        return f"{name} is {abs(off_db):.1f} dB {'louder' if off_db > 0 else 'softer'} than it was spoken"
    found.searches += 1
    late = _displaced(clip, shift, ear) if found.searches <= MOST_SEARCHES else None
    if late is not None:
        found.elsewhere.append((clip.start + shift + late, clip.end + shift + late))
        return f"{name} is heard {apart(late)} {'late' if late > 0 else 'early'}"
    silent_at, silent = _longest(loud & (likeness.heard < SILENT_BELOW_DBFS))
    if silent >= LONGEST_RUN and _fits_else(likeness, gain_db):
        start, end = silent_at * CELL_FRAMES, min((silent_at + silent) * CELL_FRAMES, clip.frames)
        return f"{name} is silent from {_short(start)} to {_short(end)} of its {_short(clip.frames)}"
    # What is said instead may be longer; that it goes on behind its place is the same fault.
    found.elsewhere.append((clip.start + shift, _next_start(index, ear) + shift))
    start, count = _longest(likeness.off_db(gain_db) != 0)
    if likeness.share(gain_db) > HALF:
        of = f"from {_short(start * CELL_FRAMES)} to {_short((start + count) * CELL_FRAMES)} of it"
        return f"{name} does not sound as it was spoken, {of} least"
    return f"something else is heard instead of {name} ({likeness.share(gain_db):.0%} of it fits)"


def _longest(off: NDArray[np.bool_]) -> tuple[int, int]:
    """Where the longest run is, and how long."""
    edges = np.flatnonzero(np.diff(np.pad(off.view(np.int8), 1)))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    return (int(starts[lengths.argmax()]), int(lengths.max())) if len(starts) else (0, 0)


def _fits_else(likeness: Likeness, gain_db: float) -> bool:
    """Whether what is not silent is as it was spoken."""
    heard = likeness.loud & (likeness.heard >= SILENT_BELOW_DBFS)
    wrong = np.count_nonzero(likeness.off_db(gain_db)[heard])
    return bool(wrong <= (1 - SAME) * np.count_nonzero(heard) + 1)


def _displaced(clip: PlacedClip, shift: int, ear: Ear) -> int | None:
    """How many frames later a cue is heard, within 2 s; None: it is not."""
    around = ear.reel.read(clip.start + shift - FAR, clip.frames + 2 * FAR)
    best, best_share = 0, SAME
    for at, likeness in compare_along(clip.outline or "", around, clip.frames, _SEARCH_STEP):
        share = likeness.share(likeness.offset_db) if likeness.offset_db > -NEAR_DB * 4 else 0.0
        if share > best_share:
            best, best_share = at - FAR, share
    return best or None


def _next_start(index: int, ear: Ear) -> int:
    """Where the next clip of any kind begins, but no more than some seconds on."""
    clip = ear.voice[index]
    following = [other.start for other in ear.voice[index + 1 : index + 2]]
    following += [other.start for other in ear.marks if other.start > clip.end][:1]
    return min([*following, clip.end + MOST_BEHIND])


def _energy_fault(clip: PlacedClip, shift: int, ear: Ear, gain_db: float) -> str | None:
    """Say what is wrong with a cue that has no outline: there should be sound from its beginning to its end."""
    start, end = clip.start + shift, clip.end + shift
    if ear.loudest_dbfs(start, end) - gain_db < PRESENT_DBFS:
        return f"{quoted(clip)} is not heard"
    if ear.loudest_dbfs(start, start + HEAD_FRAMES) - gain_db < EDGE_DBFS:
        return f"{quoted(clip)} begins with silence"
    if ear.loudest_dbfs(max(start, end - TAIL_FRAMES), end) - gain_db < EDGE_DBFS:
        return f"{quoted(clip)} falls silent before its end"
    return None


def _short(frames: int) -> str:
    return f"{frames / SAMPLE_RATE_HZ:.1f} s"


def speech_kept(found: Speech, ear: Ear) -> Promise:
    """Tell what was found of the speech."""
    count, total_s = len(ear.voice), sum(clip.frames for clip in ear.voice) / SAMPLE_RATE_HZ
    how = "as spoken" if found.outlined else "heard (the file has no outlines of them: whether it is they is not known)"
    told = f"{found.good} of {count} cues {how}, {total_s:.0f} s in all" if count else "nothing is to be said"
    broken = tuple(sorted(found.broken, key=lambda breach: breach.at))
    numbers = {
        "good": found.good,
        "outlined": found.outlined,
        "speech_s": found.frames / SAMPLE_RATE_HZ,
        "least_share": found.least_share,
    }
    return Promise("speech", told, count, broken, numbers)
