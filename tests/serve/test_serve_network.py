"""Sockets, addresses, the secret of a folder, and the QR code."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.serve.asking import Running
from voicecoach.errors import UsageError
from voicecoach.serve.network import lan_addresses, listen, own_names
from voicecoach.serve.qr import QUIET_MODULES, qr_lines, qr_svg
from voicecoach.serve.secret import check_word, masked, secret_of, without_secret


@pytest.fixture
def opened() -> Iterator[list[socket.socket]]:
    sockets: list[socket.socket] = []
    yield sockets
    for one in sockets:
        one.close()


def test_only_this_machine_unless_lan(opened: list[socket.socket]) -> None:
    opened += listen(0, lan=False)
    places = {one.getsockname()[0] for one in opened}
    assert "127.0.0.1" in places
    assert places <= {"127.0.0.1", "::1"}
    assert len({one.getsockname()[1] for one in opened}) == 1


def test_answers_go_out_at_once(opened: list[socket.socket]) -> None:
    """Asyncio sets TCP_NODELAY on what is said to be TCP; else each answer waits 40 ms for the client's system."""
    opened += listen(0, lan=False)
    assert {one.proto for one in opened} == {socket.IPPROTO_TCP}


def test_lan(opened: list[socket.socket]) -> None:
    opened += listen(0, lan=True)
    places = {one.getsockname()[0] for one in opened}
    assert "0.0.0.0" in places
    assert places <= {"0.0.0.0", "::"}
    with socket.create_connection(("127.0.0.2", opened[0].getsockname()[1]), 5):
        pass


def test_a_loopback_server_is_not_at_another_address(opened: list[socket.socket]) -> None:
    opened += listen(0, lan=False)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.2", opened[0].getsockname()[1]), 2):
        pass


def test_an_own_address_is_ours_with_lan_only(folder: Path, serve: Callable[..., Running]) -> None:
    """127.0.0.2 stands for an address in the network: it counts because the connection arrived there."""
    server = serve(folder, any_own_address=True)
    with socket.create_connection(("127.0.0.2", server.port), 5) as client:
        client.sendall(server.request("/feed.xml", host=f"127.0.0.2:{server.port}", connection="close"))
        told = b"".join(iter(lambda: client.recv(1 << 16), b""))
    assert f"http://127.0.0.2:{server.port}/short.mp3?v=".encode() in told
    for host in ("192.168.1.5", "10.0.0.1", "evil.example"):
        assert server.ask("/feed.xml", host=host).status == 421


@pytest.mark.parametrize("lan", [False, True])
def test_a_port_that_is_taken(opened: list[socket.socket], lan: bool) -> None:
    opened += listen(0, lan=False)
    port = opened[0].getsockname()[1]
    with pytest.raises(UsageError, match=f"port {port} is taken\n  hint: .*--port {port + 1}; --port 0 "):
        listen(port, lan=lan)


def test_a_port_taken_on_ipv6_alone(opened: list[socket.socket]) -> None:
    """``localhost`` would lead there."""
    six = socket.socket(socket.AF_INET6)
    opened.append(six)
    try:
        six.bind(("::1", 0))
    except OSError:
        pytest.skip("there is no IPv6 here")
    six.listen()
    port = six.getsockname()[1]
    with pytest.raises(UsageError, match=f"port {port} is taken"):
        listen(port, lan=False)


def test_without_ipv6(opened: list[socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "has_ipv6", False)
    opened += listen(0, lan=False)
    assert [one.getsockname()[0] for one in opened] == ["127.0.0.1"]


def test_a_port_of_the_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(UsageError, match="port 80 is not yours to take"):
        listen(80, lan=False)


def test_own_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for address in lan_addresses():
        assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", address)
        assert not address.startswith("127.")
    monkeypatch.setattr("voicecoach.serve.network._routed", lambda: iter(["8.8.4.4", "10.1.1.1", "127.0.0.1"]))
    monkeypatch.setattr("voicecoach.serve.network._named", lambda: iter(["169.254.3.3", "192.168.1.5", "10.1.1.1"]))
    assert lan_addresses() == ("192.168.1.5", "10.1.1.1", "8.8.4.4", "169.254.3.3")
    monkeypatch.setattr(socket, "gethostname", lambda: "Laptop.home.example")
    assert own_names() == ("laptop.home.example", "laptop.local")


# Secrets


def test_a_secret_is_made_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path / "data"))
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    secret = secret_of(one)
    assert re.fullmatch(r"[A-Za-z0-9]{16}", secret)
    assert secret_of(one) == secret
    assert secret_of(other) != secret
    monkeypatch.chdir(tmp_path)
    assert secret_of(Path("one")) == secret_of(Path("other/../one")) == secret
    kept = tmp_path / "data" / "secret-paths.json"
    if os.name != "nt":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert sorted(json.loads(kept.read_text("utf-8"))) == [str(one), str(other)]
    assert list(one.iterdir()) == [], "nothing of it is in the folder, which may be copied to a web host"
    kept.write_text("{damaged", encoding="utf-8")
    assert re.fullmatch(r"[A-Za-z0-9]{16}", secret_of(one))
    kept.write_text(json.dumps({str(one): "../x", str(other): 5}), encoding="utf-8")
    assert re.fullmatch(r"[A-Za-z0-9]{16}", secret_of(one))


@pytest.mark.parametrize("word", ["", "a b", "a/b", "..", "ä", "a?b", "a%20b", "x" * 129, "a\n"])
def test_words_that_are_no_secret(word: str) -> None:
    with pytest.raises(UsageError):
        check_word(word)


def test_paths_behind_a_secret() -> None:
    assert without_secret("/feed.xml", None) == "/feed.xml"
    assert without_secret("/abc/feed.xml", "abc") == "/feed.xml"
    assert without_secret("/abc/", "abc") == "/"
    assert without_secret("/abc", "abc") == ""
    for outside in ("/", "/feed.xml", "/abcd/x", "/ab/x", "//abc/x", "/ABC/x", "/ä/x"):
        assert without_secret(outside, "abc") is None
    assert masked("GET /abc/x?abc", "abc") == "GET /…/x?…"
    assert masked("GET /abc/x", None) == "GET /abc/x"


# The code

URL = "http://192.168.178.123:8000/IH1H9PKCRoV6y7Q4/"


def test_the_code_in_a_terminal() -> None:
    """Read back, module by module, against the library's own matrix."""
    import segno

    lines = qr_lines(URL, colour=False)
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) < 60
    light = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    rows = [[not light[sign][half] for sign in line] for line in lines for half in (0, 1)]
    wanted = [[bool(module) for module in row] for row in segno.make(URL, error="l", micro=False).matrix]
    q = QUIET_MODULES
    assert [row[q:-q] for row in rows[q : q + len(wanted)]] == wanted
    assert not any(any(row) for row in rows[:q])
    coloured = qr_lines(URL, colour=True)
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in coloured] == list(lines)
    assert all(line.startswith("\x1b[97;40m") and line.endswith("\x1b[0m") for line in coloured)


def test_the_code_on_the_page() -> None:
    import segno

    root = ET.fromstring(qr_svg(URL))
    size = segno.make(URL, error="m", micro=False).symbol_size(border=4)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["viewBox"] == f"0 0 {size[0]} {size[1]}"
    assert not any(name.startswith("on") or name == "style" for one in root.iter() for name in one.attrib)
    assert qr_svg(URL) == qr_svg(URL)
