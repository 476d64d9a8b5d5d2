"""Captions as files: WebVTT for browsers and podcast apps, SubRip for players, LRC for music players.

All are UTF-8 text with LF line ends, without control characters and without a byte order mark.
"""

from __future__ import annotations

from voicecoach.model.diagnostic import harmless
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import HOUR_S, MINUTE_S, clock
from voicecoach.publish.captions import captions
from voicecoach.text.wording import Wording

LONG_GAP_MS = 1000
"""A line of lyrics stays until the next one; where nothing is shown for so long, it is taken away."""

_VTT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# SubRip and LRC know no escapes: signs that players take for commands are replaced by those that look like them.
_SRT = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")", "\\": "/"})
_LRC = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")"})


def webvtt(timeline: Timeline, words: Wording, remark: str) -> str:
    """Write captions as WebVTT; the remark (such as that speech is estimated) stands in a note.

    Parameters
    ----------
    timeline
        The session.
    words
        Those of captions, in its language.
    remark
        One line for whoever opens the file.
    """
    blocks = ["WEBVTT", f"NOTE {_vtt(f'{timeline.title}, {clock(timeline.length_s)}, {remark}')}"]
    for number, caption in enumerate(captions(timeline, words), start=1):
        times = f"{_time(caption.start_ms, '.')} --> {_time(caption.end_ms, '.')}"
        blocks.append("\n".join((str(number), times, *map(_vtt, caption.lines))))
    return "\n\n".join(blocks) + "\n"


def subrip(timeline: Timeline, words: Wording) -> str:
    """Write captions as SubRip (.srt), which has no place for a remark.

    No colon stands before a space: there podcast apps look for the name of a speaker.
    """
    blocks = []
    for number, caption in enumerate(captions(timeline, words), start=1):
        times = f"{_time(caption.start_ms, ',')} --> {_time(caption.end_ms, ',')}"
        blocks.append("\n".join((str(number), times, *map(_srt, caption.lines))))
    return "\n\n".join(blocks) + "\n"


def lyrics(timeline: Timeline, words: Wording, remark: str) -> str:
    """Write captions as LRC, one line each; the remark stands in the tag of the tool that made it."""
    rows = [
        f"[ti:{_lrc(timeline.title)}]",
        f"[length:{clock(timeline.length_s)}]",
        f"[re:voicecoach, {_lrc(remark)}]",
    ]
    every = captions(timeline, words)
    following_ms = [*(caption.start_ms for caption in every), None][1:]
    for caption, next_ms in zip(every, following_ms, strict=True):
        rows.append(f"[{_lrc_time(caption.start_ms)}]{_lrc(caption.text)}")
        if next_ms is None or next_ms - caption.end_ms >= LONG_GAP_MS:
            rows.append(f"[{_lrc_time(caption.end_ms)}]")
    return "\n".join(rows) + "\n"


def _vtt(text: str) -> str:
    return harmless(text).translate(_VTT)


def _srt(line: str) -> str:
    """Make a line harmless; a colon before a space or at its end becomes a dash."""
    text = harmless(line).translate(_SRT).replace("-->", "->")
    return " ".join(f"{word.rstrip(':')} –" if word.endswith(":") else word for word in text.split(" "))


def _lrc(text: str) -> str:
    return harmless(text).translate(_LRC)


def _time(ms: int, point: str) -> str:
    seconds, rest_ms = divmod(ms, 1000)
    hours, rest_s = divmod(seconds, HOUR_S)
    return f"{hours:02}:{rest_s // MINUTE_S:02}:{rest_s % MINUTE_S:02}{point}{rest_ms:03}"


def _lrc_time(ms: int) -> str:
    """Minutes, of which there may be more than 99, seconds and hundredths, rounded down: never after the words."""
    minutes, rest = divmod(ms // 10, 100 * MINUTE_S)
    return f"{minutes:02}:{rest // 100:02}.{rest % 100:02}"
