"""Sessions to measure with: a routine of any length, each of whose blocks says other words.

A block takes about five minutes, a third of it speech: an introduction, a stretch on both sides with a cue while it
is held, repetitions with their counts, a rest, breathing. A longer session has more blocks, no longer ones. What the
coach says by itself (left and right, counts, "rest") is the same in each, as in any session; what the author wrote
differs.
"""

from __future__ import annotations

BLOCK_S = 300
WORD = "slowly"
"""What an edit replaces: once in a cue while a stretch is held, once in an introduction."""
OTHER_WORDS = ("with care", "in your own time", "without any hurry", "lightly", "as calmly as you can", "smoothly")

_HOW = ("calm", "steady", "easy", "long", "light", "quiet", "even", "patient", "gentle", "relaxed", "smooth")
_WHERE = ("hips", "shoulders", "knees", "ankles", "lower back", "neck", "ribs", "hands", "feet", "chest", "calves")
_WHAT = ("soften", "widen", "settle", "open", "lengthen", "loosen", "rest", "sink", "lift", "turn out", "spread")
_HEAD = """\
title: Bench
talk: teach
coach: {{countdown: 3, get ready: 5s, change sides: 5s}}
{bed}steps:
"""
_BED = "bed: {sound: rain, level: -22 dB, duck: 10 dB}\n"
_BLOCK = """\
  - say: >-
      Part {n}. Now we work on the {where} and keep every movement {how}.
      Move {word} into each position, and let the {where} {what}.
  - stretch-{n}:
      name: The {how} stretch {n}
      kind: stretch
      position: standing
      set up: >-
        Bring your {{side}} leg forward and keep the {where} {how}. Place both hands beside the front foot,
        lengthen the back, and let your {{other side}} knee {what} as far as is comfortable.
      form: Let the {where} {what} with each {how} breath.
      release: Come back {how}, and shake out the {where}.
      hold: 40s
      sides: each
      cues:
        - {{at: 30%, say: "The {where} may {what} {cue_word}, a little more."}}
  - reps-{n}:
      name: The {how} squat {n}
      kind: strength
      position: standing
      set up: Stand with your feet apart, your weight on both heels, and the {where} {how}. Reach forward.
      reps: 8
      tempo: 2-1-2-0
  - rest: 15s
  - say: Shake out the {where}. Notice how {how} they are, and let the breath {what}.
  - breathe: {{pattern: 4-2-4-0, for: 5 breaths}}
"""


def routine(length_s: int, *, bed: bool = False, held: str = WORD, said: str = WORD) -> str:
    """Write a routine.

    Parameters
    ----------
    length_s
        How long it is to be, about, in whole blocks; for less than one there is the begin of one.
    bed
        With a bed of rain under it.
    held
        The word in question of a cue in the middle of the session, which is said while a stretch is held: whatever it
        is, nothing else moves.
    said
        That of the introduction of the part in the middle: all that follows moves with its length.
    """
    count = max(1, round(length_s / BLOCK_S))
    blocks = []
    for n in range(count):
        how, where = _HOW[n % 11], _WHERE[(n + n // 11) % 11]  # 121 pairs, ten hours, each once
        middle = n == count // 2
        blocks.append(
            _BLOCK.format(
                n=n + 1,
                how=how,
                where=where,
                what=_WHAT[(3 * n + n // 11) % 11],
                word=said if middle else WORD,
                cue_word=held if middle else WORD,
            )
        )
    steps = "".join(blocks)
    if length_s < BLOCK_S:
        steps = steps.partition("  - reps-1:")[0]
    return _HEAD.format(bed=_BED if bed else "") + steps
