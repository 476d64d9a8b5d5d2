"""HTML that cannot be broken out of: every text is escaped unless it was made here."""

from __future__ import annotations

import html
import unicodedata

_LINES = frozenset(
    {"title", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "li", "dl", "dt", "dd", "div"}
    | {"section", "header", "footer", "main", "tr", "th", "td", "caption"}
)
"""Elements after which the source begins a new line; a browser shows it the same."""


class Html(str):
    """Markup that is whole and safe; any other string is text."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str | None) -> Html:
    """Make an element of its children: markup as it is, text escaped.

    Parameters
    ----------
    tag
        Its name.
    children
        `Html`, or plain text.
    attributes
        ``class_`` gives ``class``, ``aria_hidden`` gives ``aria-hidden``; one that is None is left out.
    """
    given = [(name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items() if value is not None]
    opening = "".join(f' {name}="{_escaped(value)}"' for name, value in given)
    return Html(f"<{tag}{opening}>{together(*children)}</{tag}>{_after(tag)}")


def _after(tag: str) -> str:
    return "\n" if tag in _LINES else ""


def together(*children: str) -> Html:
    """Put markup and texts behind one another."""
    return Html("".join(child if isinstance(child, Html) else _escaped(child) for child in children))


def _escaped(text: str) -> str:
    """Escape a text, and leave out what no page may hold: control characters and what Unicode keeps free."""
    kept = "".join(" " if character in "\t\n\r" else character for character in text if _allowed(character))
    return html.escape(kept, quote=True)


def _allowed(character: str) -> bool:
    if character in "\t\n\r":
        return True
    unassigned = (ord(character) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return not unassigned and unicodedata.category(character) not in {"Cc", "Cs"}
