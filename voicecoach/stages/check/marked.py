"""Marks inside what is said: whether each is one, and stands where it is heard."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.stages.check.checked import Checked
from voicecoach.stages.check.words import exercise_names, names, texts
from voicecoach.text.markup import mark_faults, pieces


def marks_are_known(checked: Checked) -> Iterator[Diagnostic]:
    """``[pause 2s]``, ``[word|sound]``, ``[spell ABC]`` and a part of SSML are marks; what looks like one is a slip."""
    named = {(text.text, text.place) for text in (*names(checked), *exercise_names(checked))}
    for text in texts(checked):
        if (text.text, text.place) not in named:
            for fault in mark_faults(text.text):
                place = checked.words_after(text.place, text.text[fault.start : fault.end]) or text.place
                yield checked.error("unknown-mark", fault.message, place, fault.hint)


def names_have_no_marks(checked: Checked) -> Iterator[Diagnostic]:
    """A title or a name is read as well as heard: its sounds belong into the lexicon."""
    for text in (*names(checked), *exercise_names(checked)):
        if any(not piece.is_plain for piece in pieces(text.text, checked.routine.language)):
            hint = "write plain words; 'lexicon:' or, of an exercise, 'says:' tells how they are spoken"
            yield checked.error("misplaced-mark", "a mark in a title or name, which is read, too", text.place, hint)
