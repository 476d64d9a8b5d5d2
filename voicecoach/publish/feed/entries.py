"""Which session each entry of the settings means."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.publish.feed.settings import SessionEntry, SettingsRead

_SHOWN = 8


def match_entries(
    entries: Sequence[SessionEntry], names: Sequence[str], read: SettingsRead
) -> tuple[dict[str, SessionEntry], tuple[Diagnostic, ...]]:
    """Find the session of each entry: by its name with or without ``.mp3``, or without its folder where that is clear.

    Returns
    -------
    tuple
        The entries by the name of their session, and faults: of sessions that there are not, or that are named twice.
    """
    found: dict[str, SessionEntry] = {}
    faults: list[Diagnostic] = []
    index = _index(names)
    for entry in entries:
        place = entry.places["session"]
        candidates = _candidates(entry.session, index)
        if len(candidates) == 1 and candidates[0] in found:
            first = found[candidates[0]].places["session"].line
            message = f"the session '{candidates[0]}' is named twice"
            faults.append(read.fault("repeated-session", message, place, f"the first one is in line {first}"))
        elif len(candidates) == 1:
            found[candidates[0]] = entry
        elif candidates:
            hint = f"write the folder, too: {' or '.join(candidates[:_SHOWN])}"
            faults.append(read.fault("unknown-session", f"'{entry.session}' can be several sessions", place, hint))
        else:
            faults.append(
                read.fault("unknown-session", f"there is no session '{entry.session}'", place, _hint(entry, names))
            )
    return found, tuple(faults)


_Index = tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]]]


def _index(names: Sequence[str]) -> _Index:
    """List names by what they are, by what they are in small letters, and by that without their folder."""
    exact: dict[str, list[str]] = {}
    folded: dict[str, list[str]] = {}
    last: dict[str, list[str]] = {}
    for name in names:
        form = unicodedata.normalize("NFC", name)
        small = " ".join(form.casefold().split())
        exact.setdefault(form, []).append(name)
        folded.setdefault(small, []).append(name)
        last.setdefault(small.rpartition("/")[2], []).append(name)
    return exact, folded, last


def _candidates(written: str, index: _Index) -> list[str]:
    """All that a name can mean, of the nearest reading that means any."""
    wanted = unicodedata.normalize("NFC", written.removeprefix("./"))
    if wanted[-4:].casefold() == ".mp3":
        wanted = wanted[:-4]
    exact, folded, last = index
    return exact.get(wanted) or folded.get(wanted.casefold()) or last.get(wanted.casefold()) or []


def _hint(entry: SessionEntry, names: Sequence[str]) -> str:
    by_folded = {name.casefold(): name for name in names}
    near = did_you_mean(entry.session.removesuffix(".mp3"), by_folded)
    if near is not None:
        folded = near.removeprefix("did you mean '").removesuffix("'?")
        return f"did you mean '{by_folded[folded]}'?"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"the sessions are {', '.join(names[:_SHOWN])}{more}" if names else "there are none in this folder"
