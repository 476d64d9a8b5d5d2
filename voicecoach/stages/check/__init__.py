"""check: a Routine that reads well → the faults of its meaning. One small function a rule, in one ordered tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic, in_reading_order
from voicecoach.model.routine import Routine
from voicecoach.source.nodes import Sources
from voicecoach.stages.check import (
    cues,
    doses,
    files,
    heard,
    language,
    lengths,
    marked,
    names,
    order,
    session,
    sides,
    slips,
    words,
)
from voicecoach.stages.check.checked import Checked

RULES: tuple[Callable[[Checked], Iterator[Diagnostic]], ...] = (
    doses.dose_is_given,
    doses.dose_fits,
    doses.cycles_have_phases,
    doses.tempo_fits,
    doses.tempo_can_be_followed,
    sides.sides_fit,
    sides.start_fits,
    sides.sides_are_known_where_named,
    lengths.lengths_are_sane,
    lengths.counts_are_sane,
    lengths.breathing_is_safe,
    lengths.coach_times_are_sane,
    lengths.countdown_fits,
    lengths.intervals_are_sane,
    lengths.emom_fits,
    cues.cues_have_a_hold,
    cues.cues_fall_inside,
    cues.cues_have_time,
    cues.phases_have_time,
    cues.reminders_come,
    words.speech_is_sayable,
    marked.marks_are_known,
    marked.names_have_no_marks,
    words.variables_are_known,
    words.sides_of_names,
    words.variables_are_used,
    words.braces_are_paired,
    words.silence_is_meant,
    language.language_is_a_tag,
    language.language_has_wording,
    names.positions_are_known,
    names.equipment_is_spelt,
    names.date_is_a_date,
    files.sounds_are_there,
    files.bed_is_there,
    files.image_is_there,
    files.pack_is_there,
    heard.sound_files_can_be_heard,
    heard.bed_can_be_heard,
    heard.pack_can_be_heard,
    heard.something_is_heard,
    slips.steps_differ,
    slips.keys_have_an_effect,
    slips.interval_keys_have_an_effect,
    order.order_is_easy,
    session.session_ends,
    session.length_is_sane,
)
"""Every rule, in the order of this list; what they find is told in reading order."""


def check(routine: Routine, sources: Sources, library: Library) -> tuple[Diagnostic, ...]:
    """Check what a routine means.

    Parameters
    ----------
    routine
        As `parse` gave it, perhaps with holes where something did not read.
    sources
        Its text and those of the files that it includes, for the lines that diagnostics show.
    library
        The exercises and languages that there are.

    Returns
    -------
    tuple of Diagnostic
        Errors and warnings in reading order.
    """
    checked = Checked(routine, sources, library)
    return in_reading_order(fault for rule in RULES for fault in rule(checked))
