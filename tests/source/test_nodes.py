"""YAML to nodes: places are right, nothing is typed or run, and no file raises."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.location import Location
from voicecoach.source.nodes import (
    MAX_BYTES,
    ListNode,
    MapNode,
    Node,
    ScalarNode,
    SourceFile,
    Sources,
    parse_yaml,
    read_source,
)
from voicecoach.stages.check import check
from voicecoach.stages.parse import parse

GOOD = Path(__file__).parent.parent / "golden"
BROKEN = Path(__file__).parent.parent / "broken"


def node_of(text: str) -> Node:
    node, faults = parse_yaml(SourceFile("x.yaml", text))
    assert not faults, faults
    assert node is not None
    return node


def fault_of(text: str) -> Diagnostic:
    """The one fault that a text gives."""
    node, faults = parse_yaml(SourceFile("x.yaml", text))
    assert node is None
    (fault,) = faults
    return fault


def scalars(node: Node) -> list[ScalarNode]:
    if isinstance(node, ScalarNode):
        return [node]
    if isinstance(node, ListNode):
        return [found for item in node.items for found in scalars(item)]
    return [found for entry in node.entries for found in (entry.key, *scalars(entry.value))]


@pytest.mark.parametrize(
    ("text", "wanted", "line", "column", "length"),
    [
        ("hold: 30s\n", "30s", 1, 7, 3),
        ("hold: 30s\n", "hold", 1, 1, 4),
        ("hold:    30s", "30s", 1, 10, 3),
        ("a: b\n\n# note\nc: some words # note\n", "some words", 4, 4, 10),
        ("- say: 'single'\n", "single", 1, 8, 8),
        ('- say: "double"\n', "double", 1, 8, 8),
        ('- say: "dou\\u0062le"\n', "double", 1, 8, 13),
        ("'quoted key': x\n", "quoted key", 1, 1, 12),
        ("say: |\n  line one\n  line two\n", "line one\nline two\n", 1, 6, 1),
        ("say: >-\n  line one\n  line two\nnext: x\n", "line one line two", 1, 6, 1),
        ("say: >-\n  line one\nnext: x\n", "x", 3, 7, 1),
        ("say: one\n  two\n", "one two", 1, 6, 1),
        ("{a: b, c: [d, e]}\n", "e", 1, 15, 1),
        ("- - x\n", "x", 1, 5, 1),
        ("steps:\n  - rest: 20s\n", "20s", 2, 11, 3),
        ("a: 'one\ttwo'\nc: d\n", "one\ttwo", 1, 4, 9),
        ("a: |\n  one\ttwo\nc: d\n", "d", 3, 4, 1),
        ("näme: wörter\n", "wörter", 1, 7, 6),
        ("名前: 三十\n", "三十", 1, 5, 2),
        ("👍: x\n", "x", 1, 4, 1),
        ("a: &n one\nb: *n\n", "one", 1, 4, 6),
        ("%YAML 1.1\n---\na: b\n", "b", 3, 4, 1),
    ],
)
def test_places(text: str, wanted: str, line: int, column: int, length: int) -> None:
    node = next(found for found in scalars(node_of(text)) if found.text == wanted)
    assert node.place == ("x.yaml", line, column, length)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"title: A\nsteps: B\n", id="LF"),
        pytest.param(b"title: A\r\nsteps: B\r\n", id="CRLF"),
        pytest.param(b"title: A\rsteps: B\r", id="CR, as old Macs wrote"),
        pytest.param(b"\xef\xbb\xbftitle: A\nsteps: B\n", id="byte order mark"),
        pytest.param(b"\xef\xbb\xbftitle: A\r\nsteps: B", id="byte order mark, CRLF, no end"),
        pytest.param("title: A\u2028\nsteps: B\n".encode(), id="a line separator inside a line"),
        pytest.param("title: A # \u2028\nsteps: B\n".encode(), id="a line separator in a comment"),
        pytest.param("title: A \x85\nsteps: B\n".encode(), id="a next-line sign inside a line"),
    ],
)
def test_line_ends(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(data)
    source, faults = read_source(file, "x.yaml")
    assert not faults
    last = scalars(node_of(source.text))[-1]
    assert (last.text, last.place) == ("B", ("x.yaml", 2, 8, 1))
    assert source.fault("code", "message", last.place).source_line == "steps: B"


@pytest.mark.parametrize(
    "text",
    ["30:00", "1:30", "off", "Yes", "null", "~", "1.10", "010", "0x1F", "1_000", "2024-01-01", ".inf", "=", "3.0e5"],
)
def test_scalars_stay_text(text: str) -> None:
    node = node_of(f"key: {text}\n")
    assert scalars(node)[-1].text == text


@pytest.mark.parametrize(
    ("text", "empty"), [("a:\n", True), ("a: ''\n", False), ('a: ""\n', False), ("a: ~\n", False), ("a: # x\n", True)]
)
def test_empty(text: str, empty: bool) -> None:
    assert scalars(node_of(text))[-1].empty is empty


def test_equal_keys_are_all_here() -> None:
    node = node_of("a: 1\nb: 2\na: 3\n")
    assert isinstance(node, MapNode)
    assert [(entry.key.text, entry.key.place.line) for entry in node.entries] == [("a", 1), ("b", 2), ("a", 3)]


@pytest.mark.parametrize("text", ["", "\n", "# only a note\n", "---\n", " \n \n"])
def test_nothing_in_it(text: str) -> None:
    node, faults = parse_yaml(SourceFile("x.yaml", text))
    assert not faults
    assert node is None or (isinstance(node, ScalarNode) and node.empty)


@pytest.mark.parametrize(
    ("text", "line", "column", "helps"),
    [
        ("say: Remember: breathe.\n", 1, 14, "quotes"),
        ("steps:\n  - say: 'never closed\n", 2, 10, "never closed"),
        ('say: "never closed\nx: y\n', 1, 6, "never closed"),
        ("say: @home\n", 1, 6, "quotes"),
        ("say: `x`\n", 1, 6, "quotes"),
        ("a: %x\n", 1, 4, "quotes"),
        ("say: *star\n", 1, 6, "quotes"),
        ("say: &\n", 1, 7, "quotes"),
        ("steps:\n\t- rest: 3s\n", 2, 1, "tabs"),
        ("a:\tb\n", 1, 3, "tabs"),
        ("a: b\t# note\n", 1, 5, "tabs"),
        ("a: {b: c\n", 2, 1, "closed"),
        ("a: [b, c\n", 2, 1, "closed"),
        ("steps:\n  - rest: 3s\n - rest: 3s\n", 3, 2, "column"),
        ("a: b\n  c: d\n", 2, 4, "quotes"),
        ("a: b\nwords\nc: d\n", 3, 1, "key: value"),
        ("? [a, b]\n: c\n", 1, 3, None),
        ("a: 'b' c\n", 1, 8, "quotes"),
    ],
)
def test_yaml_errors_are_one_clear_fault(text: str, line: int, column: int, helps: str | None) -> None:
    fault = fault_of(text)
    assert fault.code == "yaml"
    assert (fault.location.line, fault.location.column) == (line, column)
    assert "\n" not in fault.message
    assert helps is None or helps in (fault.hint or "")


def test_two_documents() -> None:
    fault = fault_of("title: one\n---\ntitle: two\n")
    assert fault.code == "yaml"
    assert fault.location.line in {2, 3}
    assert "second document" in fault.message
    assert "---" in (fault.hint or "")


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system",
        "!!python/object/new:os.system",
        "!!python/name:os.system",
        "!!python/module:os",
        "!include",
        "!",
        "!<tag:example.org,2000:x>",
    ],
)
@pytest.mark.parametrize("value", ["['touch pwned']", "{a: b}", "text"])
def test_tags_are_refused_and_nothing_runs(
    tag: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    node, faults = parse_yaml(SourceFile("x.yaml", f"say: {tag} {value}\n"))
    assert not list(tmp_path.iterdir())
    if tag == "!":  # YAML's own way to say: no tag
        assert node is not None or faults
        return
    (fault,) = faults
    assert node is None
    assert fault.code == "yaml-tag"
    assert (fault.location.line, fault.location.column) == (1, 6)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(BOMB, "too-large", id="alias bomb"),
        pytest.param("a: &a [*a]\n", "too-deep", id="a list in itself"),
        pytest.param("&a a: &b {c: *b}\n", "too-deep", id="a map in itself"),
        pytest.param("[" * 5000, "too-deep", id="lists, open"),
        pytest.param("[" * 5000 + "]" * 5000, "too-deep", id="lists, closed"),
        pytest.param("{a: " * 5000, "too-deep", id="maps"),
        pytest.param("- " * 500 + "x", "too-deep", id="lists in block form"),
        pytest.param("".join("  " * n + "a:\n" for n in range(60)), "too-deep", id="maps in block form"),
        pytest.param("a: \x07\n", "binary", id="a control character"),
        pytest.param("a: \ufffe\n", "binary", id="no character"),
        pytest.param("a: \ud800\n", "binary", id="half a character"),
    ],
)
def test_bombs_are_one_clear_fault(text: str, code: str) -> None:
    fault = fault_of(text)
    assert fault.code == code
    assert len(fault.render()) < 1000
    assert "\n" not in fault.message


def test_a_control_character_is_shown_at_its_place() -> None:
    assert fault_of("title: a\nsay: b\x07c\n").location == ("x.yaml", 2, 7, 1)


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary", 1, 1, id="picture"),
        pytest.param(b"ID3\x03\0\0\0\0", "binary", 1, 1, id="MP3"),
        pytest.param("title: x\n".encode("utf-16"), "binary", 1, 1, id="UTF-16"),
        pytest.param("title: x\n".encode("utf-16-le"), "binary", 1, 1, id="UTF-16 without its mark"),
        pytest.param("title: x\n".encode("utf-32"), "binary", 1, 1, id="UTF-32"),
        pytest.param("a: b\ntitle: Hüfte\n".encode("latin-1"), "not-utf8", 2, 9, id="Latin-1"),
        pytest.param(b"\xff\xfe", "not-utf8", 1, 1, id="only a mark"),
        pytest.param(b"title: x\n" * 120_000, "too-large", 1, 1, id="a megabyte"),
        pytest.param(b"#" * (MAX_BYTES + 1), "too-large", 1, 1, id="a byte too large"),
    ],
)
def test_files_that_are_no_routine(tmp_path: Path, data: bytes, code: str, line: int, column: int) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(data)
    source, (fault,) = read_source(file, "x.yaml")
    assert source == SourceFile("x.yaml", "", tmp_path)
    assert (fault.code, fault.location.line, fault.location.column) == (code, line, column)
    assert len(fault.render().splitlines()) <= 2


def test_the_largest_file_that_is_read(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"a: b\n" + b"#" * (MAX_BYTES - 5))
    source, faults = read_source(file)
    assert not faults
    assert (len(source.text), source.name, source.folder) == (MAX_BYTES, str(file), tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_source(tmp_path / "none.yaml")


# All files that a routine is made of


def test_a_fault_shows_the_line_of_the_file_that_it_is_in() -> None:
    sources = Sources(SourceFile("main.yaml", "a\nb\n"))
    sources.add(SourceFile("cooldown.yaml", "c\nd\n"))
    shown = {
        (file, line): sources.fault("code", "message", Location(file, line, 1)).source_line
        for file in ("main.yaml", "cooldown.yaml", "unheard-of.yaml")
        for line in (1, 2, 9)
    }
    assert {place: line for place, line in shown.items() if line} == {
        ("main.yaml", 1): "a",
        ("main.yaml", 2): "b",
        ("cooldown.yaml", 1): "c",
        ("cooldown.yaml", 2): "d",
    }


def test_a_file_that_is_known_stays_as_it_is() -> None:
    main = SourceFile("main.yaml", "a\n")
    sources = Sources(main)
    sources.add(SourceFile("main.yaml", "b\n"))
    assert sources.main is main
    assert sources.fault("code", "message", Location("main.yaml", 1, 1)).source_line == "a"


@pytest.mark.parametrize("severity", Severity)
def test_a_fault_is_made_as_it_was_told(severity: Severity) -> None:
    place = Location("main.yaml", 1, 4, 2)
    fault = Sources(SourceFile("main.yaml", "a: bc\n")).fault("code", "message", place, "hint", severity)
    assert fault == Diagnostic("code", "message", place, "hint", "a: bc", severity)


@pytest.mark.parametrize(
    ("name", "beside", "known_as"),
    [
        ("x.yaml", "y.yaml", "y.yaml"),
        ("folder/x.yaml", "y.yaml", "folder/y.yaml"),
        ("folder/x.yaml", "../y.yaml", "y.yaml"),
        ("../x.yaml", "sub/y.yaml", "../sub/y.yaml"),
        ("folder/x.yaml", "/whole/y.yaml", "/whole/y.yaml"),
    ],
)
def test_files_beside_one(name: str, beside: str, known_as: str) -> None:
    assert SourceFile(name, "").beside(beside) == os.path.normpath(known_as)


# Anything at all, and routines with a few slips of the pen.
SEEDS = sorted(
    file.read_text(encoding="utf-8")
    for folder in (GOOD, BROKEN)
    for file in folder.glob("*.yaml")
    if file.stat().st_size < 3000 and file.stem not in {"binary", "not-utf8"}
)
pieces = st.sampled_from(
    [
        *("steps:\n", "  - ", "- ", "say: ", "rest: 20s", "repeat: 3", "pigeon-pose", ": 30s", "sides: each", "hold"),
        *(
            "breathe: {pattern: 4-2-6-0, for: 5 breaths}",
            "intervals: {work: 40s, rest: 20s, rounds: 8, of: [clamshell]}",
        ),
        *(
            "tabata: [fire-hydrant]",
            "emom: {rounds: 2, every: 60s, of: [clamshell: 9 reps]}",
            "include: x.yaml",
            "sound: ",
        ),
        *(
            "30-60s",
            "8-12 reps",
            "cues: [{at: 75%, say: Now.}]",
            "talk: brief",
            "with: {dog: Rex}",
            "{dog}",
            "based on: ",
        ),
        *(
            "bed: {sound: rain, level: -22 dB}",
            "coach: {countdown: {from: 3, spoken: yes}}",
            "phases: [{say: Go., for: 5s}]",
        ),
        *("tempo: 2-0-2-0", "x: {name: X, hold: 10s}", "{side}", "voice: {engine: fake, speed: 1}", "null", "~"),
        *("\n", "\t", "'", '"', "{", "}", "[", "]", ": ", "&a ", "*a ", "!!str ", "!x ", "! ", "? ", "|\n", ">-\n"),
        *("---\n", "...\n", "%YAML 1.1\n", "# x", "<<: *a", "\r", "\x85", "\u2028", "\ufeff", "\0", "\x07", "\x1b"),
        *('"\\e[2J\\n": ', "0", "9999999999", "\ud800", "é", "👍", "- repeat: 99999\n  steps:\n"),
    ]
)
slips = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.one_of(pieces, st.text(max_size=4))), max_size=5)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(SEEDS))
    for place, length, piece in draw(slips):
        at = int(place * len(text))
        text = text[:at] + piece + text[at + length :]
    return text


any_text = st.one_of(mutated(), st.lists(pieces, max_size=25).map("".join), st.text(max_size=80))
any_bytes = st.one_of(st.binary(max_size=200), any_text.map(lambda text: text.encode("utf-8", "surrogatepass")))
LIBRARY = Library()
fuzz = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Whatever YAML ends a line at."""


def assert_sound(faults: tuple[Diagnostic, ...], text: str) -> None:
    """Faults can be shown: one line of message, nothing that a terminal obeys, and a place in the text."""
    for fault in faults:
        assert fault.code
        assert 1 <= fault.location.line <= len(LINE_END.findall(text)) + 2
        assert fault.location.column >= 1
        told = f"{fault.message}{fault.hint or ''}"
        assert not [c for c in told if unicodedata.category(c) in {"Cc", "Zl", "Zp"}], told
        assert "^" in fault.render() or not fault.source_line.strip()
        assert fault.to_json()["code"] == fault.code


def faults_of(text: str) -> tuple[Diagnostic, ...]:
    """All that is found in a routine of no folder, of its shape and of its meaning."""
    sources = Sources(SourceFile("x.yaml", text))
    routine, faults = parse(sources, "x", LIBRARY)
    assert routine is not None or faults
    return faults if routine is None else (*faults, *check(routine, sources, LIBRARY))


@fuzz
@given(any_bytes)
@example(b"\r\r\x01")
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    file.write_bytes(data)
    source, faults = read_source(file, "x.yaml")
    if faults:
        assert len(faults) == 1
        assert not source.text
    else:
        node, faults = parse_yaml(source)
        assert len(faults) <= 1
        assert (node is None) or not faults
    assert_sound(faults, data.decode("latin-1"))


@fuzz
@given(any_text)
@example("\r\r0")
def test_no_text_raises(text: str) -> None:
    assert_sound(faults_of(text), text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"a\\nb": 3\n', id="a line end in a key"),
        pytest.param('"\\e[31mred": 3\n', id="a terminal's colour in a key"),
        pytest.param('steps:\n  - "\\e[2J": 3s\n', id="a terminal's command in a step"),
        pytest.param('steps:\n  - rest: "\\e[2J"\n', id="a terminal's command in a value"),
        pytest.param('steps:\n  - "x\\ny"\n', id="a line end in a word"),
        pytest.param('steps:\n  - rest: "\\u202e03s"\n', id="a sign that turns letters round"),
        pytest.param('steps:\n  - include: "\\e[2J\\n.yaml"\n', id="in the name of a file to include"),
        pytest.param('steps:\n  - sound: "\\e[2J\\n"\n', id="in the name of a sound"),
        pytest.param('bed: "\\e[2J\\n"\nsteps:\n  - rest: 3s\n', id="in the name of a bed"),
        pytest.param('with: {"\\e[2J\\n": x}\nsteps:\n  - rest: 3s\n', id="in the name of a variable"),
        pytest.param('steps:\n  - say: "{\\e[2J\\n}"\n', id="in a variable that nothing explains"),
        pytest.param('steps:\n  - "x": {name: X, based on: "\\e[2J\\n", hold: 3s}\n', id="in what one is based on"),
        pytest.param('steps:\n  - pigeon-pose: {cues: [{at: "\\e[2J\\n", say: x}]}\n', id="in the time of a cue"),
        pytest.param('steps:\n  - breathe: {pattern: "\\e[2J\\n", for: "\\e[2J\\n"}\n', id="in a way to breathe"),
        pytest.param(
            'steps:\n  - intervals: {work: 9s, rest: 9s, rounds: 2, of: ["\\e[2J\\n"]}\n', id="in what intervals are of"
        ),
        pytest.param(
            'steps:\n  - "x\\e[2J\\n": {name: X, hold: 3s, position: "\\e[2J\\n", set up: Sit.}\n',
            id="in an exercise of one's own",
        ),
    ],
)
def test_messages_are_one_line_that_a_terminal_does_not_obey(text: str) -> None:
    faults = faults_of(text)
    assert faults
    assert_sound(faults, text)
    for shown in (fault.render() for fault in faults):
        assert len(shown.splitlines()) <= 4, "place and message, the line, its caret, and the hint"
        assert not [c for c in shown if unicodedata.category(c) == "Cc" and c not in "\n\t"]
