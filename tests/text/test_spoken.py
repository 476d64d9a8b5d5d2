"""From what an author writes to what is spoken: marks, SSML, the lexicon; what is shown has no marks."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.library import Library
from voicecoach.model.clip import SpeechMark
from voicecoach.model.lexicon import Pronunciation
from voicecoach.text.lexicon import lexicon_of
from voicecoach.text.markup import mark_faults, shown
from voicecoach.text.normalise import normalise
from voicecoach.text.spoken import SpokenText, spoken

LEXICON = lexicon_of([Pronunciation("psoas", "SOH-as", "ˈsoʊæs"), Pronunciation("iliotibial band", "illy-o band")])


def heard(said: SpokenText) -> list[tuple[str, str]]:
    """What each mark lies on, and what it is."""
    told = []
    for mark in said.marks:
        kind = f"{float(mark.pause_s):g} s" if mark.pause_s else mark.ipa or mark.respelled
        told.append((said.text[mark.start : mark.end], f"{kind}!" if mark.emphasis else kind))
    return told


@pytest.mark.parametrize(
    ("text", "seen", "said", "marks"),
    [
        ("Breathe in. [pause 2s] And out.", "Breathe in. And out.", "Breathe in. And out.", [("", "2 s")]),
        ("Now [pause] go.", "Now go.", "Now go.", [("", "0.5 s")]),
        ("Now [Pause 1,5 s] go.", "Now go.", "Now go.", [("", "1.5 s")]),
        ("Now [pause 250ms][pause 1s] go.", "Now go.", "Now go.", [("", "1.25 s")]),
        ("Press *gently* now.", "Press gently now.", "Press gently now.", [("gently", "!")]),
        ("Your [psoas|SO-as], then rest.", "Your psoas, then rest.", "Your psoas, then rest.", [("psoas", "SO-as")]),
        ("Your [psoas|/ˈsoʊ/].", "Your psoas.", "Your psoas.", [("psoas", "ˈsoʊ")]),
        ("The [spell ITB] for 30s.", "The ITB for 30s.", "The eye tee bee for 30 seconds.", []),
        ("The Psoas muscle", "The Psoas muscle", "The Psoas muscle", [("Psoas", "ˈsoʊæs")]),
        ("*A psoas well*", "A psoas well", "A psoas well", [("A ", "!"), ("psoas", "ˈsoʊæs!"), (" well", "!")]),
        ("An iliotibial-band", "An iliotibial-band", "An iliotibial-band", [("iliotibial-band", "illy-o band")]),
        ("2 * 3 * 4", "2 * 3 * 4", "2 3 4", []),
        (r"Press \[here\] \*twice\*", "Press [here] *twice*", "Press here twice", []),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6", "5 6 and 7 6", []),
    ],
)  # fmt: skip
def test_marks(text: str, seen: str, said: str, marks: list[tuple[str, str]]) -> None:
    found = spoken(text, "en", LEXICON)
    assert (found.shown, found.text, heard(found)) == (seen, said, marks)
    assert not mark_faults(text)
    assert shown(text) == seen


@pytest.mark.parametrize(
    ("text", "seen", "said", "marks"),
    [
        ('In. <break time="2s"/> Out.', "In. Out.", "In. Out.", [("", "2 s")]),
        ("In. <break time='500ms'/> Out.", "In. Out.", "In. Out.", [("", "0.5 s")]),
        ('In. <break strength="strong"/> Out.', "In. Out.", "In. Out.", [("", "1 s")]),
        ('In. <break strength="none"/>Out.', "In. Out.", "In. Out.", []),
        ("<speak>Press <emphasis>down</emphasis>.</speak>", "Press down.", "Press down.", [("down", "!")]),
        ('<phoneme alphabet="ipa" ph="ˈsoʊ">psoas</phoneme> now', "psoas now", "psoas now", [("psoas", "ˈsoʊ")]),
        ('10 <sub alias="seconds">s</sub> more', "10 s more", "10 seconds more", []),
        ('The <say-as interpret-as="characters">ITB</say-as>.', "The ITB.", "The eye tee bee.", []),
        ("<p>One.</p><p>2 &amp; 3.</p>", "One. 2 & 3.", "One. 2 and 3.", [("", "0.5 s"), ("", "0.5 s")]),
        ("<emphasis>In [pause 1s] now</emphasis>", "In now", "In now", [("In", "!"), ("", "1 s"), ("now", "!")]),
        ("<s>One.</s> <s>Two.</s>", "One. Two.", "One. Two.", []),
    ],
)  # fmt: skip
def test_ssml_is_translated(text: str, seen: str, said: str, marks: list[tuple[str, str]]) -> None:
    found = spoken(text, "en", LEXICON)
    assert (found.shown, found.text, heard(found)) == (seen, said, marks)
    assert not mark_faults(text)


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("Go. [puase 2s] Stop.", "[puase 2s]", "is no mark"),
        ("Go. [pause 2] Stop.", "[pause 2]", "is no pause"),
        ("Go. [pause 90s] Stop.", "[pause 90s]", "is no pause"),
        ("Go. [pause -1s] Stop.", "[pause -1s]", "is no pause"),
        ("The [psoas|] muscle", "[psoas|]", "no sound"),
        ("The [|so] muscle", "[|so]", "no sound"),
        ("The [psoas muscle", "[", "no other end"),
        ("The psoas] muscle", "]", "no other end"),
        ('<prosody rate="slow">Go.</prosody>', '<prosody rate="slow">', "<prosody> is not understood"),
        ("<emphasis>Go.", "<emphasis>", "not closed"),
        ("Go.</emphasis>", "</emphasis>", "closes nothing"),
        ('Go. <break time="2"/>', '<break time="2"/>', "is no pause"),
        ("Go. <break time=2s/> now", "<break time=2s/>", "no whole tag"),
        ('<phoneme alphabet="x-sampa" ph="s">a</phoneme>', '<phoneme alphabet="x-sampa" ph="s">', "gives no IPA"),
        ('<audio src="http://x.example/a.mp3"/>', '<audio src="http://x.example/a.mp3"/>', "<audio> is not"),
        ("<b>Go</b>", "<b>", "<b> is not understood"),
    ],
)
def test_marks_that_are_none(text: str, at: str, message: str) -> None:
    first = mark_faults(text)[0]
    assert message in first.message
    assert text[first.start : first.end] == at
    assert first.hint
    assert not set("[]<>|") & set(spoken(text, "en").text)


def test_a_lexicon_over_another() -> None:
    own = lexicon_of([Pronunciation("PSOAS", "mine")], LEXICON.entries)
    assert heard(spoken("The psoas.", "en", own)) == [("psoas", "mine")]


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_built_in_word_is_found(language: str) -> None:
    entries = Library().lexicon(language)
    known = lexicon_of(entries)
    assert len(entries) > 5
    for one in entries:
        assert one.respelled
        assert one.ipa
        said = normalise(one.word, language)
        assert [(start, end, how) for start, end, how in known.find(said)] == [(0, len(said), one)]


def test_a_language_without_a_lexicon() -> None:
    assert Library().lexicon("fi") == ()


@given(st.text(alphabet="ab [].|*<>/\\\"'=&;pause2s-", max_size=40))
def test_whatever_is_written_marks_lie_in_order_inside_the_text(text: str) -> None:
    found = spoken(text, "en", LEXICON)
    end = 0
    for mark in found.marks:
        assert isinstance(mark, SpeechMark)
        assert end <= mark.start <= mark.end <= len(found.text)
        assert (mark.start == mark.end) == (mark.pause_s > Fraction(0))
        end = mark.end
    assert "".join(letter for letter in found.text if letter in "[]<>|*") == ""
