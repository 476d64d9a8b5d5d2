"""How English, German and Spanish say what is written short: tables for `normalise`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SpokenForms:
    """How one language says what is written short.

    Attributes
    ----------
    units
        Abbreviation (lower case) to its words for one and for several.
    fractions
        ``1/2`` and its like to words, standing alone.
    and_fractions
        The same after a whole number: "1 1/2" is "1 *and a half*".
    words
        Patterns of abbreviations and signs to words.
    """

    units: Mapping[str, tuple[str, str]]
    fractions: Mapping[str, str]
    and_fractions: Mapping[str, str]
    words: tuple[tuple[str, str], ...]
    to: str
    times: tuple[str, str]
    out_of: str
    over: str
    either: str
    left: str
    right: str
    both: str


_UNIT_KEYS = ("s", "sec", "secs", "min", "mins", "h", "hr", "hrs", "cm", "mm", "kg", "lb", "lbs", "%", "°")


def _units(*forms: tuple[str, str]) -> dict[str, tuple[str, str]]:
    second, minute, hour, centimetre, millimetre, kilogram, pound, percent, degree = forms
    order = (
        second,
        second,
        second,
        minute,
        minute,
        hour,
        hour,
        hour,
        centimetre,
        millimetre,
        kilogram,
        pound,
        pound,
        percent,
        degree,
    )
    return dict(zip(_UNIT_KEYS, order, strict=True))


ENGLISH = SpokenForms(
    units=_units(
        ("second", "seconds"), ("minute", "minutes"), ("hour", "hours"), ("centimetre", "centimetres"),
        ("millimetre", "millimetres"), ("kilogram", "kilograms"), ("pound", "pounds"), ("percent", "percent"), ("degree", "degrees"),
    ),
    fractions={"1/2": "half", "1/3": "a third", "2/3": "two thirds", "1/4": "a quarter", "3/4": "three quarters"},
    and_fractions={"1/2": "and a half", "1/3": "and a third", "2/3": "and two thirds", "1/4": "and a quarter", "3/4": "and three quarters"},
    words=(
        (r"\be\.\s?g\.", "for example"), (r"\bi\.\s?e\.", "that is"), (r"\betc\.?(?=\W|$)", "et cetera"), (r"\bapprox\.", "about"),
        (r"\bvs\.?(?=\W|$)", "versus"), (r"\bw/o\b", "without"), (r"\bw/", "with "), (r"~(?=\d)", "about "), (r"&", " and "),
        (r"#(?=\d)", "number "), (r"\+", " plus "), (r"=", " equals "), (r"@", " at "), (r"\band/or\b", "and or"), (r"\breps\b", "reps"),
    ),
    to="to", times=("time", "times"), out_of="out of", over="over", either="or", left="left", right="right", both="and",
)  # fmt: skip

GERMAN = SpokenForms(
    units=_units(
        ("Sekunde", "Sekunden"), ("Minute", "Minuten"), ("Stunde", "Stunden"), ("Zentimeter", "Zentimeter"),
        ("Millimeter", "Millimeter"), ("Kilogramm", "Kilogramm"), ("Pfund", "Pfund"), ("Prozent", "Prozent"), ("Grad", "Grad"),
    ),
    fractions={"1/2": "ein halb", "1/3": "ein Drittel", "2/3": "zwei Drittel", "1/4": "ein Viertel", "3/4": "drei Viertel"},
    and_fractions={"1/2": "einhalb", "1/3": "ein Drittel", "2/3": "zwei Drittel", "1/4": "ein Viertel", "3/4": "drei Viertel"},
    words=(
        (r"\bz\.\s?B\.", "zum Beispiel"), (r"\bd\.\s?h\.", "das heißt"), (r"\busw\.", "und so weiter"), (r"\bca\.", "circa"),
        (r"\bbzw\.", "beziehungsweise"), (r"~(?=\d)", "etwa "), (r"&", " und "), (r"#(?=\d)", "Nummer "), (r"\+", " plus "), (r"=", " gleich "),
        (r"\bWdh\.?(?=\W|$)", "Wiederholungen"),
    ),
    to="bis", times=("mal", "mal"), out_of="von", over="durch", either="oder", left="links", right="rechts", both="und",
)  # fmt: skip

SPANISH = SpokenForms(
    units=_units(
        ("segundo", "segundos"), ("minuto", "minutos"), ("hora", "horas"), ("centímetro", "centímetros"),
        ("milímetro", "milímetros"), ("kilogramo", "kilogramos"), ("libra", "libras"), ("por ciento", "por ciento"), ("grado", "grados"),
    ),
    fractions={"1/2": "medio", "1/3": "un tercio", "2/3": "dos tercios", "1/4": "un cuarto", "3/4": "tres cuartos"},
    and_fractions={"1/2": "y medio", "1/3": "y un tercio", "2/3": "y dos tercios", "1/4": "y un cuarto", "3/4": "y tres cuartos"},
    words=(
        (r"\bp\.\s?ej\.", "por ejemplo"), (r"\betc\.?(?=\W|$)", "etcétera"), (r"\baprox\.", "aproximadamente"), (r"~(?=\d)", "unos "),
        (r"&", " y "), (r"#(?=\d)", "número "), (r"\+", " más "), (r"=", " igual a "), (r"\brep\.?(?=\W|$)", "repeticiones"),
    ),
    to="a", times=("vez", "veces"), out_of="de", over="entre", either="o", left="izquierda", right="derecha", both="y",
)  # fmt: skip

SPOKEN_FORMS = {"en": ENGLISH, "de": GERMAN, "es": SPANISH}
