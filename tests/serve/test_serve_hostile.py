"""Requests that want what they must not have: other paths, other hosts, other methods. All over a bare socket."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.serve.asking import Connection, Running
from voicecoach.serve.hosts import Authority, OwnHosts

SECRET_TEXT = b"nobody may read this"

TARGETS = (
    *("/../private.mp3", "/../../../../etc/passwd", "/..", "/../", "/./short.mp3", "/x/../short.mp3", "/short.mp3/.."),
    *("/%2e%2e/private.mp3", "/%2E%2E/private.mp3", "/.%2e/private.mp3", "/%2e./private.mp3", "/%2e/short.mp3"),
    *("/%252e%252e/private.mp3", "/%25252e%25252e%25252fprivate.mp3", "/..%2fprivate.mp3", "/..%252fprivate.mp3"),
    *(
        "/..%c0%af..%c0%afprivate.mp3",
        "/%c0%ae%c0%ae/private.mp3",
        "/%e0%80%ae%e0%80%ae/private.mp3",
        "/%u002e%u002e/x",
    ),
    *("/..\\private.mp3", "/..%5cprivate.mp3", "/%5c..%5cprivate.mp3", "/\\..\\private.mp3", "/week%201\\day%202.mp3"),
    *("//short.mp3", "///short.mp3", "//127.0.0.1/short.mp3", "/short.mp3/", "/short.mp3//", "/week%201//day%202.mp3"),
    *("/short.mp3%00", "/%00short.mp3", "/short.mp3%00.txt", "/short%00.mp3", "/%00", "/short.mp3%20", "/short.mp3."),
    *("/short.mp3%0d%0aX-Evil:%20yes", "/%0d%0a%0d%0a", "/short.mp3%0a", "/short.mp3;x=1", "/short.mp3%3fv=1"),
    *(
        "/Short.mp3",
        "/SHORT.MP3",
        "/short.mp3::$DATA",
        "/short.mp3%ff",
        "/%ff%fe",
        "/%",
        "/%2",
        "/%zz",
        "/short%2emp3x",
    ),
    *(
        "/feed/kept.json",
        "/feed/../feed/kept.json",
        "/feed.yaml",
        "/notes.txt",
        "/.hidden.mp3",
        "/.git/config",
        "/.env",
    ),
    *(
        "/link.mp3",
        "/linked/inside.mp3",
        "/week%201%2fday%202.mp3",
        "/week%201",
        "/week%201/",
        "/feed",
        "/feed/",
        "/play/",
    ),
    *("/site", "/site/", "/play/short", "/index.html/", "/feed.xml/..", "/C:/private.mp3", "/file:///etc/passwd"),
    *(
        "/~root",
        "/proc/self/environ",
        "/short.mp3/../../private.mp3",
        "/week 1/day 2.mp3".replace(" ", "%09"),
        "/con",
        "/nul",
    ),
    "/" + "a" * 8000,
    "/" + "../" * 2000 + "etc/passwd",
    "/" + "%2e%2e/" * 1500 + "etc/passwd",
)
"""Each is answered with 404: what they lead to is not in the table."""


@pytest.fixture(scope="module")
def server(server: Running) -> Running:
    """With things around it, and in it, that nobody may have."""
    folder = server.folder
    (folder.parent / "private.mp3").write_bytes(SECRET_TEXT)
    (folder / "notes.txt").write_bytes(SECRET_TEXT)
    (folder / "feed.yaml").write_text("title: Secret title of nobody\n", encoding="utf-8")
    (folder / ".hidden.mp3").write_bytes((folder / "short.mp3").read_bytes())
    away = folder.parent / "away"
    away.mkdir()
    (away / "inside.mp3").write_bytes((folder / "short.mp3").read_bytes())
    (folder / "link.mp3").symlink_to(away / "inside.mp3")
    (folder / "linked").symlink_to(away, target_is_directory=True)
    server.until(lambda: b"Secret title of nobody" in server.ask("/feed.xml").body)
    return server


def test_there_are_enough_targets() -> None:
    assert len(set(TARGETS)) >= 80


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target[:30])
def test_what_is_not_in_the_table_is_not_there(server: Running, target: str) -> None:
    for method in ("GET", "HEAD"):
        reply = server.ask(target, method)
        assert reply.status == 404
        assert reply["location"] is None
        assert SECRET_TEXT not in reply.body
        assert "x-evil" not in reply.fields
        assert target[1:20] not in reply.body.decode("utf-8", "replace") or len(target) < 6, "nothing is echoed"


@pytest.mark.parametrize(
    "line",
    [
        b"GET short.mp3 HTTP/1.1",
        b"GET * HTTP/1.1",
        b"GET ../private.mp3 HTTP/1.1",
        b"GET ftp://127.0.0.1/short.mp3 HTTP/1.1",
        b"GET file:///etc/passwd HTTP/1.1",
        b"GET http:///short.mp3 HTTP/1.1",
        b"GET http://[::1/short.mp3 HTTP/1.1",
        b"GET http://user@127.0.0.1/short.mp3 HTTP/1.1",
        b"GET http:short.mp3 HTTP/1.1",
        b"GET  /short.mp3 HTTP/1.1",
        b"GET /short.mp3",
        b"GET /sh ort.mp3 HTTP/1.1",
        b"GET /short.mp3 HTTP/9.9",
        b"GET /short.mp3 HTTP/2.0",
        b"GET /\x00 HTTP/1.1",
        b"GET /\xff\xfe HTTP/1.1",
        "GET /Übung HTTP/1.1".encode(),
        b"G\x00T / HTTP/1.1",
        b"",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1",
    ],
    ids=lambda line: line[:30].decode("latin-1"),
)
def test_what_is_no_request_is_refused(server: Running, line: bytes) -> None:
    reply = server.raw(line + b"\r\nHost: " + server.host.encode() + b"\r\n\r\n") if line else server.raw(b"\0\r\n\r\n")
    assert reply.status in {400, 404, 431, 505}
    assert reply["x-content-type-options"] == "nosniff"
    assert SECRET_TEXT not in reply.body


def test_a_whole_url_is_a_path_here_and_nowhere_else(server: Running) -> None:
    """RFC 9112, 3.2.2: it must be taken, and its host goes before Host."""
    whole = server.ask("/short.mp3").body
    assert server.ask(f"http://{server.host}/short.mp3").body == whole
    assert server.ask(f"HTTP://LOCALHOST:{server.port}/short.mp3", host="evil.example").body == whole
    assert server.ask("http://evil.example/short.mp3").status == 421
    assert server.ask("http://evil.example/../private.mp3", host=server.host).status == 421
    assert server.ask(f"http://{server.host}/../private.mp3").status == 404
    assert server.ask(f"http://{server.host}").status == 200


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "LOCK", "MKCOL", "get", "Get", "BREW", "PRI"]
)
def test_other_methods(server: Running, method: str) -> None:
    reply = server.ask("/short.mp3", method)
    assert (reply.status, reply["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_connect(server: Running) -> None:
    for target in ("evil.example:443", "/short.mp3", server.host):
        assert server.ask(target, "CONNECT").status == 405


def test_options(server: Running) -> None:
    reply = server.ask("/feed/short.vtt", "OPTIONS", origin="https://player.example")
    assert (reply.status, reply["access-control-allow-origin"]) == (204, "*")
    assert "Range" in (reply["access-control-allow-headers"] or "")
    assert server.ask("*", "OPTIONS").status == 204
    assert server.ask("/", "OPTIONS")["access-control-allow-origin"] is None
    assert server.ask("/none", "OPTIONS").status == 404


def test_nothing_is_taken_in(server: Running) -> None:
    for fields in ({"content_length": "5"}, {"transfer_encoding": "chunked"}, {"content_length": "99999999999"}):
        with Connection(server.port) as connection:
            connection.send(server.request("/short.mp3", **fields))
            reply = connection.reply()
            assert (reply.status, reply["connection"]) == (413, "close")
            assert connection.is_ended()
    assert server.ask("/short.mp3", content_length="0").status == 200
    both = server.request("/short.mp3", content_length="5", transfer_encoding="chunked")
    assert server.raw(both + b"0\r\n\r\nGET /feed.xml HTTP/1.1\r\n\r\n").status in {400, 413}


GOOD_HOSTS = (
    *("127.0.0.1", "localhost", "LOCALHOST", "LocalHost", "localhost.", "127.0.0.1:1", "127.0.0.1:65535"),
    *(
        "127.0.0.1:",
        "127.0.0.1.",
        "[::1]",
        "[::1]:80",
        "[0:0:0:0:0:0:0:1]:8000",
        "127.0.0.2:8000",
        "127.255.255.254",
        "[::ffff:127.0.0.1]",
    ),
)
ODD_HOSTS = (
    *(
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "evil-localhost",
        "localhosts",
        "127.0.0.1.evil.example",
    ),
    *("127.0.0.1.nip.io", "evil.example.", "xn--lcalhost-54a", "192.168.1.5", "192.0.2.2", "10.0.0.1:8000", "0.0.0.0"),
    *("0", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "[::]", "[::ffff:10.0.0.1]"),
    *(
        "[fe80::1]",
        "[::127.0.0.1]",
        "example",
        "router.local",
        "127.0.0.256",
        "1.2.3",
        "localhost.localdomain",
        "localhost..",
    ),
)
WRONG_HOSTS = (
    *("", " ", ":8000", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:99999999", "127.0.0.1:-1", "127.0.0.1:80:80"),
    *(
        "127.0.0.1:8o",
        "127.0.0.1:+80",
        "user@127.0.0.1",
        "user:pass@localhost",
        "localhost@evil.example",
        "localhost/x",
    ),
    *(
        "localhost?x",
        "localhost#x",
        "localhost\\x",
        "http://localhost",
        "local host",
        "localhost,evil.example",
        "::1",
        "[::1",
    ),
    *(
        "::1]",
        "[::1]x",
        "[127.0.0.1]",
        "[::1%25lo]",
        "[]",
        "[localhost]",
        "%31%32%37.0.0.1",
        "lоcalhost",
        "*",
        "-x",
        "x-.y",
    ),
    *(
        ".",
        "..",
        ".localhost",
        "a" * 64,
        "a." * 200 + "a",
        "localhost:8000 evil",
        '"localhost"',
        "localhost;",
        "<localhost>",
    ),
)


@pytest.mark.parametrize("host", GOOD_HOSTS)
def test_own_hosts(server: Running, host: str) -> None:
    assert server.ask("/short.mp3", "HEAD", host=host).status == 200


@pytest.mark.parametrize("host", ODD_HOSTS)
def test_odd_hosts(server: Running, host: str) -> None:
    for target in ("/short.mp3", "/feed.xml", "/none"):
        reply = server.ask(target, host=host)
        assert reply.status in {400, 421}, host
        assert host not in reply.body.decode() or len(host) < 4
        assert b"mp3" not in reply.body


@pytest.mark.parametrize("host", WRONG_HOSTS, ids=lambda host: ascii(host)[:30])
def test_hosts_that_are_none(server: Running, host: str) -> None:
    assert server.ask("/short.mp3", host=host).status in {400, 421}


def test_host_missing_or_twice(server: Running) -> None:
    assert server.raw(b"GET /short.mp3 HTTP/1.1\r\n\r\n").status == 400
    twice = f"GET /short.mp3 HTTP/1.1\r\nHost: {server.host}\r\nHost: {server.host}\r\n\r\n".encode()
    assert server.raw(twice).status == 400
    other = f"GET /short.mp3 HTTP/1.1\r\nHost: {server.host}\r\nHost: evil.example\r\n\r\n".encode()
    assert server.raw(other).status == 400
    folded = f"GET /short.mp3 HTTP/1.1\r\nHost: {server.host}\r\n evil.example\r\n\r\n".encode()
    assert server.raw(folded).status in {400, 421}


def test_http_1_0(server: Running) -> None:
    """It need not say whom it is for."""
    with Connection(server.port) as connection:
        connection.send(b"GET /feed.xml HTTP/1.0\r\n\r\n")
        reply = connection.reply()
        assert reply.status == 200
        assert f'href="http://{server.host}/feed.xml"'.encode() in reply.body
        assert connection.is_ended()
    assert server.raw(b"GET /short.mp3 HTTP/1.0\r\nHost: evil.example\r\n\r\n").status == 421


def test_forwarded_fields_are_not_believed(server: Running) -> None:
    fields = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https", "Forwarded": "host=evil.example"}
    body = server.ask("/feed.xml", **fields).body
    assert b"evil.example" not in body
    assert b"https://127" not in body


def test_every_answer_has_the_security_fields(server: Running) -> None:
    etag = server.ask("/feed.xml")["etag"] or ""
    replies = [
        *(server.ask(target) for target in ("/", "/short.mp3", "/feed.xml", "/feed/short.vtt", "/none")),
        server.ask("/short.mp3", range="bytes=0-1"),
        server.ask("/short.mp3", range="bytes=999999999-"),
        server.ask("/short.mp3", host="evil.example"),
        server.ask("/short.mp3", "POST"),
        server.ask("/feed.xml", if_none_match=etag),
        server.raw(b"nonsense\r\n\r\n"),
    ]
    assert [reply.status for reply in replies] == [200, 200, 200, 200, 404, 206, 416, 421, 405, 304, 400]
    for reply in replies:
        assert reply["x-content-type-options"] == "nosniff"
        assert reply["referrer-policy"] == "no-referrer"
        assert "noindex" in (reply["x-robots-tag"] or "")
        assert (reply["content-security-policy"] or "").startswith("default-src 'none'; ")
        assert "unsafe" not in (reply["content-security-policy"] or "")
        assert reply["server"] is None
        assert reply["date"]
        assert reply.repeated == []


def test_no_file_is_left_open(server: Running) -> None:
    fds = Path("/proc/self/fd")
    if not fds.is_dir():
        pytest.skip("no /proc")

    def opened() -> list[str]:
        links = []
        for fd in fds.iterdir():
            try:
                links.append(str(fd.readlink()))
            except OSError:
                continue
        return [link for link in links if link.endswith(".mp3")]

    for fields in (
        {},
        {"range": "bytes=0-1"},
        {"range": "bytes=999999999-"},
        {"if_none_match": "*"},
        {"if_match": '"x"'},
    ):
        for method in ("GET", "HEAD", "OPTIONS"):
            server.ask("/short.mp3", method, **fields)
    server.until(lambda: opened() == [])


def test_authority() -> None:
    assert Authority.parse("[2001:DB8::1]:8000") == Authority("2001:db8::1", 8000)
    assert Authority("2001:db8::1", 8000).origin("http") == "http://[2001:db8::1]:8000"
    assert Authority("x", 80).origin("http") == "http://x"
    assert Authority("x", 80).origin("https") == "https://x:80"
    assert Authority("x", 443).origin("https") == Authority("x").origin("https") == "https://x"


def test_own_hosts_of_names_and_numbers() -> None:
    own = OwnHosts.of(["Music.Example.org", "192.168.1.5", "fe80::1", "[fe80::2]", "no good"])
    for good in ("music.example.org:80", "192.168.1.5", "[fe80::1]", "[fe80::2]:1"):
        assert own.has(Authority.parse(good) or Authority("")), good
    for bad in ("example.org", "x.music.example.org", "192.168.1.6", "[fe80::3]"):
        assert not own.has(Authority.parse(bad) or Authority("")), bad
    assert own.has(Authority("10.0.0.9"), reached="10.0.0.9")
    assert own.has(Authority("10.0.0.9"), reached="::ffff:10.0.0.9")
    assert not own.has(Authority("10.0.0.9"), reached="10.0.0.8")
    assert not own.has(Authority("evil.example"), reached="10.0.0.9")


def test_nothing_of_a_request_breaks_a_log_line(server: Running, serve: Callable[..., Running]) -> None:
    server.ask("/%1b[31mred%0d%0aline")
    server.ask("/" + "z" * 5000)
    server.until(lambda: any("/zz" in line for line in server.logged))
    first, second = (next(line for line in server.logged if word in line) for word in ("[31mred", "/zz"))
    assert re.fullmatch(r"127\.0\.0\.1 GET /%1b\[31mred%0d%0aline 404 \d+ B \d+ ms", first)
    assert len(second) < 300
