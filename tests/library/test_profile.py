"""Profiles: read from their file by a table, and laid one over the other."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.library.profile import COACHS_OWN, PROFILE_FIELDS, read_change, read_flag, read_profile
from voicecoach.model.change import Change
from voicecoach.model.lexicon import Pronunciation
from voicecoach.model.output import FileFormat
from voicecoach.model.profile import Profile, laid_over
from voicecoach.model.routine import Talk
from voicecoach.source.nodes import SourceFile
from voicecoach.source.values import ValueFaultError

WHOLE = """\
# what suits me
name: Sam
with: {dog: Rex}
talk: brief
hold: x1.25
reps: 0.8
rounds: +1 up to 4
sets: -1
rest: 50%
pace: 0.9
voice: [piper:kristin, espeak:en-gb]
lexicon: {psoas: SOH-as, ITB: {say: I T band, ipa: /aɪ tiː/}}
bed: off
skip: pigeon-pose
avoid: [kneeling, lying face down]
without: foam-roller, resistance band
reorder: yes
swap sides: yes
warm up: 5 min
length: 12 min
level: quiet
format: m4b
bitrate: 96
"""


def read(text: str) -> tuple[Profile | None, list[str]]:
    profile, faults = read_profile(SourceFile("me.yaml", text))
    return profile, [f"{fault.location.line}:{fault.location.column} {fault.code}: {fault.message}" for fault in faults]


def test_every_key_is_read() -> None:
    wanted = Profile(
        variables=(("name", "Sam"), ("dog", "Rex")),
        talk=Talk.BRIEF,
        hold=Change(Fraction(5, 4)),
        reps=Change(Fraction(4, 5)),
        rounds=Change(plus=Fraction(1), most=Fraction(4)),
        sets=Change(plus=Fraction(-1)),
        rest=Change(Fraction(1, 2)),
        pace=Fraction(9, 10),
        voice="piper:kristin, espeak:en-gb",
        lexicon=(Pronunciation("psoas", "SOH-as"), Pronunciation("ITB", "I T band", "aɪ tiː")),
        skip=("pigeon-pose",),
        avoid=("kneeling", "lying face down"),
        without=("foam-roller", "resistance band"),
        no_bed=True,
        length_s=Fraction(720),
        reorder=True,
        swap_sides=True,
        warm_up_s=Fraction(300),
        level="quiet",
        file_format=FileFormat.M4B,
        bitrate_kbps=96,
    )
    assert read(WHOLE) == (wanted, [])
    assert all(f"{field.key}:" in WHOLE for field in PROFILE_FIELDS)
    usual = Profile()
    assert all(getattr(wanted, field.name) != getattr(usual, field.name) for field in fields(Profile))


def test_a_lexicon_lies_over_another_word_by_word() -> None:
    mine = Profile(lexicon=(Pronunciation("psoas", "SOH-as"),))
    theirs = Profile(lexicon=(Pronunciation("PSOAS", "poas"), Pronunciation("glute", "gloot")))
    assert mine.over(theirs).lexicon == (Pronunciation("psoas", "SOH-as"), Pronunciation("glute", "gloot"))


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "bed: on\n"])
def test_a_file_that_asks_for_nothing_is_the_empty_profile(text: str) -> None:
    assert read(text) == (Profile(), [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("hodl: x2\n", "1:1 unknown-key: the profile has no key 'hodl'"),
        ("hold: 30s\n", "1:7 bad-change: hold: '30s' is not a change"),
        ("hold: +5\n", "1:7 bare-number: hold: '+5' has no unit"),
        ("hold: +5s up to 45\n", "1:7 bare-number: hold: 'up to 45' has no unit"),
        ("hold: -5s up to 45s\n", "1:7 bad-change: hold: '-5s' makes nothing more, so it never comes to a limit"),
        ("hold: +5s up to 44.5s\n", "1:7 bad-change: hold: 'up to 44.5s' is not a limit"),
        ("hold: +11 min\n", "1:7 bad-change: hold: '+11 min' is too much"),
        ("hold: +0s\n", "1:7 bad-change: hold: '+0s' is not a change"),
        ("reps: +2s\n", "1:7 bad-change: reps: '+2s' is not a change"),
        ("reps: +101\n", "1:7 bad-change: reps: '+101' is too much"),
        ("rounds: 3\n", "1:9 bad-change: rounds: '3' is not a change"),
        ("sets: 2 sets\n", "1:7 bad-change: sets: '2 sets' is not a change"),
        ("hold: x100\n", "1:7 bad-factor: hold: 'x100' is not a factor"),
        ("reps: 1e99999999\n", "1:7 bad-change: reps: '1e99999999' is not a change"),
        ("rest: .5\n", "1:7 bad-change: rest: '.5' is not a change"),
        ("rest: 5.\n", "1:7 bad-change: rest: '5.' is not a change"),
        ("pace: 3\n", "1:7 bad-pace: pace: '3' is not a pace"),
        ("pace: 0.4\n", "1:7 bad-pace: pace: '0.4' is not a pace"),
        ("talk: breif\n", "1:7 bad-choice: talk: 'breif' is not a level of talk"),
        ("voice: ' , '\n", "1:8 empty-value: 'voice' names no voice"),
        ("lexicon: {psoas: /soʊ}\n", "1:18 bad-lexicon: psoas: '/soʊ' are no sounds"),
        ("bed: rain\n", "1:6 bad-switch: bed: 'rain' is neither yes nor no"),
        ("length: 12\n", "1:9 bare-number: length: '12' has no unit"),
        ("skip:\n", "1:1 empty-value: 'skip' has no value"),
        ("skip: {a: b}\n", "1:7 wrong-shape: 'skip' wants one value, not a map"),
        ("with: Sam\n", "1:7 wrong-shape: 'with' must be a map of names and texts"),
        ("with: {side: x}\n", "1:8 bad-variable: the coach fills in {side}"),
        ("with: {'1st': x}\n", "1:8 bad-variable: '1st' cannot name a variable"),
        ("with: {a: x, a: y}\n", "1:14 duplicate-key: 'a' is written twice"),
        ("talk: brief\ntalk: teach\n", "2:1 duplicate-key: 'talk' is written twice"),
        ("with: {name: Sam}\nname: Sam\n", "2:7 duplicate-key: 'name' stands under 'with', too"),
        ("- hold: x2\n", "1:1 wrong-shape: the profile must be a map of keys and values"),
        ("hold: [x2\n", None),
    ],
)
def test_a_fault_is_told_in_its_place(text: str, fault: str | None) -> None:
    profile, told = read(text)
    assert profile is None
    assert len(told) == 1
    assert fault is None or told == [fault]


def test_all_faults_are_told_at_once_and_each_helps() -> None:
    _, faults = read_profile(SourceFile("me.yaml", "hodl: x2\nrest: soon\npace: 9\nwith: {length: x}\n"))
    assert [fault.code for fault in faults] == ["unknown-key", "bad-change", "bad-pace", "bad-variable"]
    assert all(fault.hint for fault in faults)
    assert faults[0].hint == "did you mean 'hold'?"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("hold", "X1.25", Change(Fraction(5, 4))),
        ("hold", "×2", Change(Fraction(2))),
        ("reps", "80%", Change(Fraction(4, 5))),
        ("rest", "0.5", Change(Fraction(1, 2))),
        ("hold", "125%", Change(Fraction(5, 4))),
        ("hold", "x 80 %", Change(Fraction(4, 5))),
        ("hold", "+5s", Change(plus=Fraction(5))),
        ("hold", " -2.5 s ", Change(plus=Fraction(-5, 2))),
        ("rest", "−1:30", Change(plus=Fraction(-90))),
        ("hold", "+1 min 30 s", Change(plus=Fraction(90))),
        ("hold", "+5s up to 45s", Change(plus=Fraction(5), most=Fraction(45))),
        ("hold", "+5s, Up  To 1 min", Change(plus=Fraction(5), most=Fraction(60))),
        ("hold", "x1.25 up to 60s", Change(Fraction(5, 4), most=Fraction(60))),
        ("reps", "+2", Change(plus=Fraction(2))),
        ("reps", "+2 reps up to 15 reps", Change(plus=Fraction(2), most=Fraction(15))),
        ("rounds", "+1 round", Change(plus=Fraction(1))),
        ("rounds", "x2", Change(Fraction(2))),
        ("sets", "-1", Change(plus=Fraction(-1))),
        ("swap sides", "yes", True),
        ("pace", "x0.5", Fraction(1, 2)),
        ("pace", "2", Fraction(2)),
        ("talk", " Bells ", Talk.BELLS),
        ("skip", "a, b,,c", ("a", "b", "c")),
    ],
)
def test_flags_are_read_by_the_same_table(key: str, text: str, value: Any) -> None:
    assert read_flag(key, text) == value


def test_a_flag_that_does_not_read_says_why() -> None:
    with pytest.raises(ValueFaultError) as told:
        read_flag("hold", "longer")
    assert (told.value.message, told.value.hint) == (
        "'longer' is not a change",
        "write a factor such as x1.25, or +5s, -5s or +5s up to 45s",
    )


@given(st.text(max_size=20) | st.text("0123456789.:+-−x×% ,smhinuptorda", max_size=20), st.booleans())
def test_any_text_is_a_change_or_a_fault_that_helps(text: str, timed: bool) -> None:
    try:
        change = read_change(text, timed=timed)
    except ValueFaultError as fault:
        told = fault
    else:
        assert change.factor > 0
        assert change.plus == 0 or change.factor == 1
        assert change.most is None or (change.most >= 1 and change.most.denominator == 1)
        assert timed or change.plus.denominator == 1
        assert abs(change.plus) <= 600
        return
    assert told.code in {"bad-change", "bad-factor", "bare-number"}
    assert told.hint


def test_nobody_else_fills_in_what_the_coach_does() -> None:
    from voicecoach.stages.check.words import BUILT_IN

    assert set(COACHS_OWN) == set(BUILT_IN)


# One over the other

fractions = st.none() | st.fractions(Fraction(1, 10), 10)
changes = st.none() | st.builds(
    Change,
    st.fractions(Fraction(1, 10), 10),
    st.integers(-9, 9).map(Fraction),
    st.none() | st.integers(1, 60).map(Fraction),
)
names = st.lists(st.sampled_from("abc"), max_size=3, unique=True).map(tuple)
profiles = st.builds(
    Profile,
    variables=st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["1", "2"])).map(lambda d: tuple(d.items())),
    talk=st.none() | st.sampled_from(Talk),
    hold=changes,
    reps=changes,
    rounds=changes,
    sets=changes,
    rest=changes,
    pace=fractions,
    voice=st.none() | st.sampled_from(["fake", "espeak"]),
    skip=names,
    avoid=names,
    without=names,
    no_bed=st.booleans(),
    swap_sides=st.booleans(),
    length_s=fractions,
)


@given(profiles)
def test_the_empty_profile_over_or_under_one_changes_nothing(profile: Profile) -> None:
    assert profile.over(Profile()) == Profile().over(profile) == profile.over(profile) == profile


@given(profiles, profiles)
def test_what_the_upper_one_says_counts(upper: Profile, lower: Profile) -> None:
    merged = upper.over(lower)
    for name in ("talk", "hold", "reps", "rounds", "sets", "rest", "pace", "voice", "length_s"):
        said = getattr(upper, name)
        assert getattr(merged, name) == (getattr(lower, name) if said is None else said)
    for name in ("skip", "avoid", "without"):
        assert set(getattr(merged, name)) == {*getattr(upper, name), *getattr(lower, name)}
        assert len(getattr(merged, name)) == len(set(getattr(merged, name)))
    assert dict(merged.variables) == {**dict(lower.variables), **dict(upper.variables)}
    assert merged.no_bed is (upper.no_bed or lower.no_bed)
    assert merged.swap_sides is (upper.swap_sides or lower.swap_sides)


def test_a_factor_replaces_the_one_below_and_is_not_multiplied() -> None:
    file, once = Profile(hold=Change(Fraction(2)), skip=("a",)), Change()
    assert Profile(hold=once, skip=("b",)).over(file) == replace(file, hold=once, skip=("a", "b"))


def test_variables_keep_the_order_in_which_they_were_written() -> None:
    assert laid_over((("c", "3"), ("a", "9")), (("a", "1"), ("b", "2"))) == (("a", "9"), ("b", "2"), ("c", "3"))
