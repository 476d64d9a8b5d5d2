"""voicecoach serve: what it says, what it refuses, how it ends; with real processes where that matters."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 60
ROUTINE = "title: {title}\ncoach: {{opening: no, safety: no, closing: no}}\nsteps:\n  - say: {said}\n  - rest: 3 s\n"


class Serving:
    """The process, and what it has said so far."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.log = folder / "log.txt"
        flags = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if sys.platform == "win32" else {}
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "voicecoach", "serve", *arguments],
                cwd=folder,
                env={**os.environ, "VOICECOACH_DATA": str(folder / "data"), "PYTHONUNBUFFERED": "1", "COLUMNS": "100"},
                stdout=out,
                stderr=subprocess.STDOUT,
                **flags,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def until(self, *words: str) -> str:
        """Wait until all words have been said."""
        end = time.monotonic() + PATIENCE_S
        while not all(word in self.said for word in words):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, f"{words} not said within {PATIENCE_S} s: {self.said}"
            time.sleep(0.05)
        return self.said

    @property
    def here(self) -> str:
        found = re.search(r"here +(http://127\.0\.0\.1:\d+/\S*)", self.until("Ctrl-C ends"))
        assert found, self.said
        return found[1]

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.here + path, timeout=PATIENCE_S) as reply:
            return bytes(reply.read())

    def interrupt(self) -> int:
        self.process.send_signal(signal.CTRL_BREAK_EVENT if sys.platform == "win32" else signal.SIGINT)
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Serving]]:
    started: list[Serving] = []

    def run(*arguments: str) -> Serving:
        started.append(Serving(tmp_path, *arguments))
        return started[-1]

    yield run
    for one in started:
        one.process.kill()
        one.process.wait()


@pytest.fixture
def output(tmp_path: Path, build_text: Callable[[str], Any]) -> Path:
    folder = tmp_path / "output"
    folder.mkdir()
    built = build_text(ROUTINE.format(title="Short", said="One."))
    (folder / "short.mp3").write_bytes(built.session.path.read_bytes())
    return folder


def test_start_and_end(start: Callable[..., Serving], output: Path) -> None:
    serving = start("--port", "0", "-v")
    said = serving.until("Ctrl-C ends")
    assert "serving output" in said
    assert f"feed    {serving.here}feed.xml" in said
    assert f"apps    {serving.here}guide.html" in said
    assert "voicecoach serve --lan" in said
    assert "█" not in said, "a code for a phone that cannot come would mislead"
    assert serving.get("short.mp3") == (output / "short.mp3").read_bytes()
    assert f"{serving.here}short.mp3?v=".encode() in serving.get("feed.xml")
    serving.until("127.0.0.1 GET /short.mp3 200 ")
    assert serving.interrupt() == 0
    assert "Traceback" not in serving.said
    assert serving.said.endswith("ended\n")


def test_sigterm_ends_it_as_well(start: Callable[..., Serving], output: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("there is no SIGTERM")
    serving = start("--port", "0")
    serving.until("Ctrl-C ends")
    serving.process.terminate()
    assert serving.process.wait(PATIENCE_S) == 0


def test_ctrl_c_during_a_download(start: Callable[..., Serving], output: Path) -> None:
    serving = start("--port", "0")
    port = int(serving.here.split(":")[2].strip("/"))
    with socket.create_connection(("127.0.0.1", port)) as open_connection:
        open_connection.sendall(b"GET /short.mp3 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        began = time.monotonic()
        assert serving.interrupt() == 0
        assert time.monotonic() - began < 10


def test_lan_shows_a_code_with_an_address(start: Callable[..., Serving], output: Path) -> None:
    serving = start("--lan", "--port", "0")
    said = serving.until("Ctrl-C ends")
    phone = re.search(r"phone +(\S+)", said)
    if phone is None:
        assert "no network was found" in said
        return
    assert re.fullmatch(r"http://\d+\.\d+\.\d+\.\d+:\d+/", phone[1]), "a .local name is not found by every phone"
    assert "█" in said
    assert f"feed    {phone[1]}feed.xml" in said
    assert serving.get("site/qr.svg").startswith(b"<svg")
    table = Path("/proc/net/tcp")
    if table.exists():
        port = int(serving.here.split(":")[2].strip("/"))
        assert f" 00000000:{port:04X} " in table.read_text(encoding="ascii")


def test_without_lan_only_loopback_listens(start: Callable[..., Serving], output: Path) -> None:
    serving = start("--port", "0")
    port = int(serving.here.split(":")[2].strip("/"))
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("no /proc")
    places = re.findall(rf" ([0-9A-F]{{8}}):{port:04X} 00000000:0000 0A", table.read_text(encoding="ascii"))
    assert places == ["0100007F"]


def test_a_secret_survives_a_restart(start: Callable[..., Serving], output: Path) -> None:
    first = start("output", "--secret", "--port", "0", "-v")
    word = first.here.split("/")[3]
    assert len(word) >= 16
    assert first.get("short.mp3") == (output / "short.mp3").read_bytes()
    bare = first.here.removesuffix(f"{word}/")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{bare}feed.xml", timeout=PATIENCE_S)
    logged = first.until("GET /…/short.mp3 200", "GET /feed.xml 404").partition("Ctrl-C ends")[2]
    assert word not in logged
    assert first.interrupt() == 0
    assert start("output", "--port", "0", "--secret").here.split("/")[3] == word
    assert start("output", "--port", "0", "--secret", "kitchen-window").here.split("/")[3] == "kitchen-window"


def test_port_taken(cli: Callable[..., Any], output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = cli("serve", output, "--port", port)
    assert ran.code == 2
    assert ran.out == ""
    assert f"error: port {port} is taken\n  hint: " in ran.err
    assert "--port 0" in ran.err


@pytest.mark.parametrize("missing", ["starlette", "uvicorn", "segno"])
def test_without_the_extra(
    cli: Callable[..., Any], output: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:  # fmt: skip
    for name in [name for name in sys.modules if name.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    ran = cli("serve", output)
    assert ran.code == 2
    assert missing in ran.err
    assert "pip install 'voicecoach[serve]'" in ran.err
    assert "Traceback" not in ran.err


def test_help_needs_no_extra(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    ran = cli("serve", "--help")
    assert ran.code == 0
    for word in ("--lan", "--port", "--public-url", "--allow-host", "--secret", "--watch"):
        assert word in ran.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("none",), "there is no folder 'none'"),
        (("output/short.mp3",), "is a file"),
        (("output", "--port", "70000"), "--port"),
        (("output", "--port", "-1"), "--port"),
        (("output", "--public-url", "example.org"), "https://example.org"),
        (("output", "--public-url", "ftp://example.org"), "--public-url"),
        (("output", "--public-url", "https://example.org/?x"), "--public-url"),
        (("output", "--allow-host", "no good"), "--allow-host"),
        (("output", "--allow-host", "http://example.org"), "--allow-host"),
        (("output", "--secret", "a/b"), "cannot be a secret path"),
        (("--secret", "output"), "voicecoach serve output --secret"),
        (("output", "--hold", "x1.2"), "--watch"),
        (("output", "--strict"), "--watch"),
        (("output", "--watch", "nowhere"), "there is no 'nowhere'"),
        (("a", "b"), "unexpected extra argument"),
    ],
)
def test_wrong_use(
    cli: Callable[..., Any],
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(output.parent)
    ran = cli("serve", *arguments)
    assert ran.code == 2
    assert told in ran.err, ran.err


def test_what_is_missing_by_default(cli: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = cli("serve")
    assert ran.code == 2
    assert "there is no folder 'output'\n  hint: voicecoach build" in ran.err


@pytest.mark.slow
def test_watch(start: Callable[..., Serving], tmp_path: Path) -> None:
    """Routines of a folder are built, and again when saved; a fault is told and the last good session stays."""
    routines = tmp_path / "routines"
    (routines / "week 1").mkdir(parents=True)
    (routines / "exercises").mkdir()
    (routines / "one.yaml").write_text(ROUTINE.format(title="One", said="One."), encoding="utf-8")
    (routines / "part.yaml").write_text("steps:\n  - say: A part.\n", encoding="utf-8")
    (routines / "whole.yaml").write_text(
        ROUTINE.format(title="Whole", said="Whole.") + "  - include: part.yaml\n", encoding="utf-8"
    )
    (routines / "week 1" / "two.yaml").write_text(ROUTINE.format(title="Two", said="Two."), encoding="utf-8")
    (routines / "profile.yaml").write_text("name: Sam\n", encoding="utf-8")
    serving = start("out", "--watch", "routines", "--port", "0", "--voice", "fake")
    serving.until("watching routines")
    out = tmp_path / "out"
    built = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.mp3"))
    assert built == ["one.mp3", "week 1/two.mp3", "whole.mp3"], "a part is none, and a profile is none"

    def titles() -> set[str]:
        return set(re.findall(r"<item>\s*<title>([^<]+)</title>", serving.get("feed.xml").decode()))

    def until(condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, serving.said
            time.sleep(0.1)

    until(lambda: titles() == {"One", "Two", "Whole"})
    others = {name: (out / name).read_bytes() for name in built if name != "one.mp3"}
    stamps = {name: (out / name).stat().st_mtime_ns for name in others}

    (routines / "one.yaml").write_text(ROUTINE.format(title="One more", said="One, and more."), encoding="utf-8")
    until(lambda: "One more" in titles())
    assert serving.get("one.mp3") == (out / "one.mp3").read_bytes()
    assert {name: (out / name).stat().st_mtime_ns for name in others} == stamps, "the others are not built again"

    good = (out / "one.mp3").read_bytes()
    (routines / "one.yaml").write_text("title: One\nsteps:\n  - rset: 3 s\n", encoding="utf-8")
    serving.until("rset")
    time.sleep(1.5)
    assert serving.get("one.mp3") == good
    assert serving.process.poll() is None

    (routines / "new.yaml").write_text(ROUTINE.format(title="New", said="New."), encoding="utf-8")
    until(lambda: "New" in titles())
    (routines / "part.yaml").write_text("steps:\n  - say: Another part.\n", encoding="utf-8")
    until(lambda: (out / "whole.mp3").read_bytes() != others["whole.mp3"])
    assert serving.interrupt() == 0
    assert "Traceback" not in serving.said
    assert [path.name for path in out.rglob("*.part")] == []
    assert json.loads((out / "feed" / "kept.json").read_bytes())["guid"]


@pytest.mark.slow
def test_ctrl_c_during_a_build(start: Callable[..., Serving], tmp_path: Path) -> None:
    (tmp_path / "long.yaml").write_text(
        ROUTINE.format(title="Long", said="Long.").replace("3 s", "30 min"), encoding="utf-8"
    )
    serving = start("out", "--watch", "long.yaml", "--port", "0", "--voice", "fake")
    serving.until("Ctrl-C ends")
    time.sleep(0.5)
    assert serving.interrupt() == 0
    assert "Traceback" not in serving.said
    left = [path.name for path in (tmp_path / "out").rglob("*") if path.suffix in {".part", ".mp3"}]
    assert left in ([], ["long.mp3"])
