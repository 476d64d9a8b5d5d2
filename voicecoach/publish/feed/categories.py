"""Apple's categories of podcasts, exactly as they are to be written; other directories take the same.

Source: "Apple Podcasts categories", podcasters.apple.com/support/1691-apple-podcasts-categories.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from types import MappingProxyType

from voicecoach.source.values import ValueFaultError

CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
        "Business": ("Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"),
        "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
        "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
        "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
        "Government": (),
        "Health & Fitness": (
            *("Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"),
        ),
        "History": (),
        "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
        "Leisure": (
            *("Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden"),
            "Video Games",
        ),
        "Music": ("Music Commentary", "Music History", "Music Interviews"),
        "News": (
            *("Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News"),
            "Tech News",
        ),
        "Religion & Spirituality": (
            *("Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"),
        ),
        "Science": (
            *("Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences"),
            *("Nature", "Physics", "Social Sciences"),
        ),
        "Society & Culture": ("Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"),
        "Sports": (
            *("Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby"),
            *("Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling"),
        ),
        "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
        "Technology": (),
        "True Crime": (),
    }
)

_PARTING = re.compile(r"\s*[>›»/|]\s*")


def read_category(text: str) -> tuple[str, str | None]:
    """Read ``Health & Fitness > Fitness``, however its letters are written, or either half of it alone.

    Raises
    ------
    ValueFaultError
        ``bad-choice``: Apple has no such category.
    """
    parts = _PARTING.split(text.strip())
    if len(parts) == 1:
        if parts[0] and (top := _top(parts[0])) is not None:
            return top, None
        of = next((top for top, below in CATEGORIES.items() if _same(parts[0], below) is not None), None)
        if of is None:
            everything = [*CATEGORIES, *(sub for below in CATEGORIES.values() for sub in below)]
            raise _unknown(parts[0], everything, "Apple has no category", list(CATEGORIES))
        return of, _same(parts[0], CATEGORIES[of])
    if len(parts) > 2:
        hint = "write one of them: category: Health & Fitness > Fitness"
        raise ValueFaultError("bad-choice", f"'{text.strip()}' has more than two levels", hint)
    category = _top(parts[0])
    if category is None:
        raise _unknown(parts[0], list(CATEGORIES), "Apple has no category", list(CATEGORIES))
    below = CATEGORIES[category]
    found = _same(parts[1], below)
    if found is None:
        raise _unknown(parts[1], list(below), f"under '{category}' Apple has no", list(below))
    return category, found


def _top(word: str) -> str | None:
    return _same(word, CATEGORIES)


def _same(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str | None:
    return next((name for name in known if _plain(name) == _plain(word)), None)


def _plain(word: str) -> str:
    """Leave what is heard of a name: ``health and fitness`` is ``Health & Fitness``."""
    return re.sub(r"[^a-z0-9]+", " ", word.casefold().replace("&amp;", "&").replace("&", " and ")).strip()


def _unknown(word: str, known: list[str], what: str, listed: list[str]) -> ValueFaultError:
    by_folded = {part.casefold(): name for name in reversed(known) for part in (*name.split(), name) if len(part) > 3}
    near = difflib.get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=0.7) if word else []
    hint = f"one of {', '.join(listed)}" if listed else "write the first half alone"
    return ValueFaultError("bad-choice", f"{what} '{word}'", f"did you mean '{by_folded[near[0]]}'?" if near else hint)
