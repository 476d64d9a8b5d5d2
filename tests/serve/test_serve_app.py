"""What is handed out: the feed for whoever asks, what lies beside it, types, for how long, the secret path."""

from __future__ import annotations

import hashlib
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.serve.asking import Connection, Reply, Running
from voicecoach.serve.app import make_app
from voicecoach.serve.options import ServeOptions

SECRET = "kitchen-window-42"
URLS = re.compile(r'(?:href|url)="([^"]+)"|<(?:link|url)>([^<]+)<')


def urls_of(reply: Reply) -> list[str]:
    assert reply.status == 200
    return [one or other for one, other in URLS.findall(reply.body.decode())]


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("localhost:9000", "http://localhost:9000/"),
        ("LOCALHOST", "http://localhost/"),
        ("localhost.:80", "http://localhost/"),
        ("[::1]:8000", "http://[::1]:8000/"),
    ],
)
def test_the_feed_is_for_the_host_that_it_was_asked_by(server: Running, host: str, base: str) -> None:
    urls = urls_of(server.ask("/feed.xml", host=host))
    assert len(urls) > 20
    assert {url[: len(base)] for url in urls} == {base}


def test_all_that_the_feed_names_is_there(server: Running) -> None:
    feed = server.ask("/feed.xml")
    types = set()
    for url in urls_of(feed):
        reply = server.ask(path_of(url))
        assert reply.status == 200, url
        types.add((reply["content-type"] or "").partition(";")[0])
    assert types == {
        *("application/rss+xml", "text/html", "audio/mpeg", "image/jpeg", "application/json+chapters"),
        *("application/json", "application/x-subrip", "text/vtt"),
    }
    root = ET.fromstring(feed.body)
    for item in root.iter("item"):
        enclosure = item.find("enclosure")
        assert enclosure is not None
        reply = server.ask(path_of(enclosure.attrib["url"]))
        assert len(reply.body) == int(enclosure.attrib["length"])
        assert hashlib.sha256(reply.body).hexdigest().startswith(enclosure.attrib["url"].partition("?v=")[2])
        assert reply.body == (server.folder / unquote(urlsplit(enclosure.attrib["url"]).path)[1:]).read_bytes()


def test_other_types(server: Running) -> None:
    for target, media_type in {
        "/": "text/html; charset=utf-8",
        "/index.html": "text/html; charset=utf-8",
        "/feed.opml": "text/x-opml",
        "/sessions.m3u": "audio/x-mpegurl",
        "/feed/short.chapters.json": "application/json+chapters",
        "/feed/short.vtt": "text/vtt; charset=utf-8",
        "/feed/cover.jpg": "image/jpeg",
    }.items():
        reply = server.ask(target)
        assert reply.status == 200, target
        assert (reply["content-type"] or "").startswith(media_type), target


def test_how_long_it_may_be_kept(server: Running) -> None:
    versioned = [url for url in urls_of(server.ask("/feed.xml")) if "?v=" in url]
    assert len(versioned) > 10
    for url in versioned:
        assert server.ask(path_of(url))["cache-control"] == "public, max-age=31536000, immutable", url
        assert server.ask(urlsplit(url).path)["cache-control"] == "no-cache"
        for other in ("v=000000000000", "v=", "v=a", "w=" + url.partition("=")[2], "v=" + url.partition("=")[2][:7]):
            assert server.ask(f"{urlsplit(url).path}?{other}")["cache-control"] == "no-cache", other
    for target in ("/", "/feed.xml", "/play/short.html", "/feed.opml"):
        assert server.ask(target)["cache-control"] == "no-cache"
    assert server.ask("/none")["cache-control"] == "no-store"
    assert server.ask("/short.mp3", host="evil.example")["cache-control"] == "no-store"


def test_players_on_other_sites_may_read_the_feed_and_what_is_beside_it(server: Running, folder: Path) -> None:
    for url in urls_of(server.ask("/feed.xml")):
        is_page = urlsplit(url).path == "/" or "/play/" in url
        allowed = server.ask(path_of(url), origin="https://player.example")["access-control-allow-origin"]
        assert allowed == (None if is_page else "*"), url
    assert server.ask("/feed/short.vtt", range="bytes=999999999-")["access-control-allow-origin"] == "*"
    assert server.ask("/short.mp3", range="bytes=0-1")["access-control-allow-origin"] == "*"


def test_a_private_feed_is_for_no_other_site(folder: Path, serve: Callable[..., Running]) -> None:
    (folder / "feed.yaml").write_text("private: yes\n", encoding="utf-8")
    server = serve(folder)
    for target in ("/feed.xml", "/short.mp3", "/feed/short.vtt"):
        reply = server.ask(target, origin="https://player.example")
        assert (reply.status, reply["access-control-allow-origin"]) == (200, None)


def test_public_url(folder: Path, serve: Callable[..., Running]) -> None:
    server = serve(folder, public_url="https://home.example/fit/")
    for host in (None, "home.example", "home.example:443", "localhost"):
        for target in ("/feed.xml", "/fit/feed.xml"):
            urls = urls_of(server.ask(target, host=host))
            assert {url[:25] for url in urls} == {"https://home.example/fit/"}
    assert server.ask("/fit/short.mp3").status == 200
    assert server.ask("/fit/").status == 200
    assert server.ask("/fitshort.mp3").status == 404
    assert server.ask("/feed.xml", host="evil.example").status == 421


def test_allowed_hosts(folder: Path, serve: Callable[..., Running]) -> None:
    server = serve(folder, hosts=("music.example", "192.168.1.5"))
    assert {url[:27] for url in urls_of(server.ask("/feed.xml", host="music.example:8000"))} == {
        "http://music.example:8000/f"[:27],
        "http://music.example:8000/",
        *{url[:27] for url in urls_of(server.ask("/feed.xml", host="music.example:8000"))},
    }
    assert server.ask("/feed.xml", host="192.168.1.5:8000").status == 200
    assert server.ask("/feed.xml", host="192.168.1.6:8000").status == 421


# The secret path


@pytest.fixture(scope="module")
def hidden(sessions: Path, tmp_path_factory: pytest.TempPathFactory) -> object:
    import shutil

    own = Path(shutil.copytree(sessions, tmp_path_factory.mktemp("hidden") / "output"))
    running = Running(own, ServeOptions(secret=SECRET)).start()
    yield running
    running.stop()


def test_with_the_secret_all_is_there(hidden: Running) -> None:
    urls = urls_of(hidden.ask(f"/{SECRET}/feed.xml"))
    base = f"http://{hidden.host}/{SECRET}/"
    assert {url[: len(base)] for url in urls} == {base}
    for url in urls:
        reply = hidden.ask(path_of(url))
        assert reply.status == 200, url
        assert "public" not in (reply["cache-control"] or "")
    assert "private" in (hidden.ask(path_of(next(u for u in urls if "?v=" in u)))["cache-control"] or "")
    assert hidden.ask(f"/{SECRET}/").status == 200
    bare = hidden.ask(f"/{SECRET}")
    assert (bare.status, bare["location"]) == (308, f"/{SECRET}/")


@pytest.mark.parametrize(
    "target",
    [
        *("/", "/feed.xml", "/short.mp3", "/index.html", "/none", "/sw.js", "/favicon.ico", "/robots.txt", "//"),
        *(f"//{SECRET}/feed.xml", f"/{SECRET[:-1]}/feed.xml", f"/{SECRET}x/feed.xml", f"/{SECRET.upper()}/feed.xml"),
        *(f"/x/{SECRET}/feed.xml", f"/%2f{SECRET}/feed.xml", f"/./{SECRET}/feed.xml", f"/{SECRET}%00/feed.xml"),
        *(
            f"/{SECRET}/../feed.xml",
            f"/x/../{SECRET}/feed.xml",
            f"/{SECRET}//feed.xml",
            "/%6bitchen-window-42/feed.xml",
        ),
    ],
)
def test_without_it_nothing_is_there(hidden: Running, target: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        reply = hidden.ask(target, method)
        assert (reply.status, reply["location"]) == (404, None)
        assert SECRET.encode() not in reply.body
        assert SECRET not in str(reply.fields)


def test_the_secret_is_not_logged(hidden: Running) -> None:
    for target in (
        f"/{SECRET}/feed.xml",
        f"/{SECRET}/short.mp3?x={SECRET}",
        f"/{SECRET}",
        f"http://{hidden.host}/{SECRET}/",
    ):
        assert hidden.ask(target).status < 400
    hidden.until(lambda: any(f"GET http://{hidden.host}/…/ 200" in line for line in hidden.logged))
    assert any("GET /…/feed.xml 200" in line for line in hidden.logged)
    assert any("GET /…/short.mp3?x=… 200" in line for line in hidden.logged)
    assert SECRET not in "\n".join(hidden.logged + hidden.told)


def test_the_secret_is_compared_in_constant_time(hidden: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    import hmac

    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append((a, b)) or real(a, b))
    hidden.ask("/kitchen/feed.xml")
    assert compared == [(b"kitchen", SECRET.encode())]


# Pages


def test_the_page_shows_a_code_only_where_a_phone_can_come(folder: Path, serve: Callable[..., Running]) -> None:
    code = serve(folder, reach="http://192.168.1.5:8000/").ask("/site/qr.svg")
    none = serve(folder).ask("/site/qr.svg")
    assert none.status == 404
    assert code["content-type"] == "image/svg+xml"
    assert code.body.startswith(b"<svg")


def test_links_on_pages_lead_somewhere(server: Running) -> None:
    from html.parser import HTMLParser
    from urllib.parse import urljoin

    class Links(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found += [value for name, value in attrs if name in {"href", "src"} and value]

    seen, todo = set(), ["/"]
    while todo:
        page = todo.pop()
        reply = server.ask(page)
        assert reply.status == 200, page
        seen.add(page)
        if not (reply["content-type"] or "").startswith("text/html"):
            continue
        links = Links()
        links.feed(reply.body.decode())
        for link in links.found:
            url = urlsplit(urljoin(f"http://{server.host}{page}", link))
            target = path_of(url._replace(fragment="").geturl())
            if url.netloc == server.host and url.scheme == "http" and target not in {*seen, *todo}:
                todo.append(target)
                if "?v=" in target:
                    assert server.ask(target)["cache-control"] == "public, max-age=31536000, immutable", target
    assert len(seen) > 15


# The app by itself


def test_make_app_is_an_asgi_app(folder: Path) -> None:
    """As another server would run it."""
    import asyncio

    app = make_app(folder)

    async def ask(kind: str, path: str, headers: list[tuple[bytes, bytes]]) -> list[dict[str, object]]:
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        scope = {
            "type": kind,
            "method": "GET",
            "path": path,
            "headers": headers,
            "query_string": b"",
            "http_version": "1.1",
        }
        await app(scope, receive, send)
        return sent

    sent = asyncio.run(ask("http", "/week 1/day 2.mp3", [(b"host", b"localhost")]))
    assert sent[0]["status"] == 200
    body = b"".join(one.get("body", b"") for one in sent[1:])  # type: ignore[misc]
    assert body == (folder / "week 1" / "day 2.mp3").read_bytes()
    assert asyncio.run(ask("http", "/short.mp3", []))[0]["status"] == 400
    assert asyncio.run(ask("websocket", "/short.mp3", [(b"host", b"localhost")])) == [
        {"type": "websocket.close", "code": 1000}
    ]


def test_what_goes_wrong_is_told_and_the_server_goes_on(
    folder: Path, serve: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(folder)

    def broken(*_: object) -> bytes:
        raise ZeroDivisionError("made by this test")

    monkeypatch.setattr("voicecoach.publish.feed.transcript_vtt", broken)
    assert server.ask("/feed.xml", host="localhost:1").status == 200
    reply = server.ask("/feed/short.vtt", host="localhost:1")
    assert (reply.status, reply.body) == (500, b"This is a bug in voicecoach.\n")
    assert any("ZeroDivisionError: made by this test" in told and "/feed/short.vtt" in told for told in server.told)
    assert server.ask("/short.mp3").status == 200


def test_keep_alive_and_pipelining(server: Running) -> None:
    targets = ["/short.mp3", "/none", "/feed/short.vtt", "/week%201/day%202.mp3"] * 3
    alone = {target: server.ask(target) for target in targets}
    with Connection(server.port) as connection:
        connection.send(b"".join(server.request(target) for target in targets))
        for target in targets:
            reply = connection.reply()
            assert (reply.status, reply.body) == (alone[target].status, alone[target].body), target
        connection.send(server.request("/feed.xml", connection="close"))
        assert connection.reply().status == 200
        assert connection.is_ended()


def test_a_client_that_has_said_all_gets_its_answers(server: Running) -> None:
    import socket

    with Connection(server.port) as connection:
        connection.send(server.request("/week%201/day%202.mp3") + server.request("/short.mp3"))
        connection.socket.shutdown(socket.SHUT_WR)
        assert connection.reply().body == (server.folder / "week 1" / "day 2.mp3").read_bytes()
        assert connection.reply().body == (server.folder / "short.mp3").read_bytes()
        assert connection.is_ended()


def test_ipv6(server: Running) -> None:
    if len(server.sockets) < 2:
        pytest.skip("there is no IPv6 here")
    with Connection(server.port, "::1") as connection:
        connection.send(server.request("/feed.xml", host=f"[::1]:{server.port}"))
        assert f"http://[::1]:{server.port}/short.mp3?v=".encode() in connection.reply().body


def test_chapters_are_json(server: Running) -> None:
    chapters = json.loads(server.ask("/feed/week%201/day%202.chapters.json").body)
    assert chapters["version"].startswith("1.")
