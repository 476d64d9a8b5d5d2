"""The service worker in a real browser: a small site of its own, the network cut by stopping its host."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.browser import Browser
from tests.web.static_server import StaticServer
from voicecoach.model.feed import Feed
from voicecoach.model.session import Outcome
from voicecoach.publish.site.offline import offline_resources

pytestmark = pytest.mark.slow

FEED = Feed("Hips & more", "Every day.", "Kim", "917393e3-1b1e-5cef-ace4-edaa54e1f810")
KEPT = "document.documentElement.dataset.offline == 'kept'"
NAMES = "return [...(await (await caches.open((await caches.keys())[0])).keys())].map((one) => one.url)"

Serve = Callable[..., StaticServer]


@pytest.fixture(scope="session")
def sounds(build_text: Callable[[str], Outcome]) -> tuple[Path, Path]:
    """Two short sessions."""

    def built(hold: str) -> Path:
        session = build_text(f"title: Short\nvoice: fake\nsteps:\n- pigeon-pose: {hold}\n").session
        assert session is not None
        return session.path

    return built("20 s"), built("30 s")


@pytest.fixture(scope="session")
def long(build_text: Callable[[str], Outcome]) -> Path:
    """So long that a browser does not fetch all of it before it is needed."""
    session = build_text("title: Long\nvoice: fake\nsteps:\n- rest: 8 min\n- rest: 5 s\n").session
    assert session is not None
    return session.path


def write(folder: Path, **sounds: Path) -> Path:
    """Write a site with a page for each session, as ours are: sound, style, script, picture and captions."""
    for resource in offline_resources(FEED, ["site/site.css?v=1"]):
        put(folder / resource.path, resource.make())
    put(folder / "site/site.css", b"body { color: rgb(1, 2, 3); }")
    put(folder / "site/plain.js", b"document.documentElement.dataset.plain = 'there';")
    links = ""
    for name, sound in sounds.items():
        data = sound.read_bytes()
        put(folder / f"{name}.mp3", data)
        put(folder / f"feed/{name}.vtt", b"WEBVTT\n\n00:00.000 --> 00:09.000\nBegin.\n")
        put(folder / f"feed/{name}.png", (folder / "site/icon-180.png").read_bytes())
        version = hashlib.sha256(data).hexdigest()[:12]
        put(folder / f"play/{name}.html", page("../", f"{name} {version}", player(name, version)))
        links += f'<li><a href="play/{name}.html">{name}</a><img alt="" src="feed/{name}.png">'
    put(folder / "index.html", page("", "List", f"<ul>{links}</ul>"))
    return folder


def put(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def player(name: str, version: str) -> str:
    return (
        f'<audio controls preload="metadata" src="../{name}.mp3?v={version}"><track default kind="captions"'
        f' src="../feed/{name}.vtt"></audio><img alt="" src="../feed/{name}.png"><a href="../index.html">List</a>'
    )


def page(up: str, title: str, main: str) -> bytes:
    head = (
        f'<title>{title}</title><link rel="manifest" href="{up}manifest.webmanifest"><link rel="icon"'
        f' href="{up}site/icon-192.png"><link rel="stylesheet" href="{up}site/site.css?v=1">'
        f'<link rel="alternate" type="application/rss+xml" href="{up}feed.xml">'
        f'<script src="{up}site/offline.js" defer></script><script src="{up}site/plain.js" defer></script>'
    )
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body><main>{main}</main></body></html>'.encode()


def play_at(browser: Browser, second: float) -> float:
    """Go to a second, play on for a moment, and tell where it is."""
    at = browser.run(
        "const [second] = given, audio = document.querySelector('audio'); audio.currentTime = second;"
        "audio.play().catch(() => {}); const end = Date.now() + 40000;"
        "while (audio.currentTime < second + 0.4 && Date.now() < end) await new Promise((r) => setTimeout(r, 30));"
        "audio.pause(); return audio.currentTime;",
        second,
    )
    assert at >= second + 0.4, f"it does not play at {second}"
    return float(at)


def opened(browser: Browser, url: str) -> None:
    browser.open(url)
    browser.wait(KEPT)


def test_what_was_opened_plays_and_seeks_without_a_network(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    server = serve_folder({"/some/where": write(tmp_path, one=sounds[0], two=sounds[1])})
    opened(browser, f"{server.url}/some/where/play/one.html")
    server.stop()
    browser.faults()
    browser.reload()
    title = browser.run("return document.title")
    assert title.startswith("one ")
    assert browser.run("return getComputedStyle(document.body).color") == "rgb(1, 2, 3)"
    assert browser.run("return document.documentElement.dataset.plain") == "there"
    assert browser.wait("document.querySelector('img').naturalWidth > 0")
    assert browser.wait("document.querySelector('audio').textTracks[0].cues.length == 1")
    length_s = browser.wait("document.querySelector('audio').duration")
    for second in (0, length_s - 3, 2, length_s / 2):
        assert play_at(browser, second) < second + 3
    browser.find("a").click()
    browser.wait("document.title == 'List'")
    assert browser.wait("[...document.images].every((one) => one.naturalWidth > 0)")
    assert browser.faults() == []


def test_the_first_load_is_enough_at_the_root_too(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    server = serve_folder(write(tmp_path, one=sounds[0]))
    opened(browser, f"{server.url}/play/one.html")
    server.stop()
    for address in ("/", "/index.html", "/?from=home", "/play/one.html#t=5", "/play/one"):
        browser.open(f"{server.url}{address}")
        assert browser.run("return document.title").startswith("one " if "one" in address else "List")


def test_sound_goes_on_when_it_is_kept_while_it_plays(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], long: Path, tmp_path: Path
) -> None:
    """Chromium takes answers from the network and from a worker for two sounds, and plays none; so they look alike."""
    server = serve_folder(write(tmp_path, one=sounds[0], two=long))
    opened(browser, f"{server.url}/play/one.html")
    server.downloads_wait = True
    browser.open(f"{server.url}/play/two.html")
    assert play_at(browser, 5) < 8
    assert not browser.run(f"return {KEPT}")
    server.downloads_wait = False
    browser.wait(KEPT)
    for second in (400, 330, 470):
        assert play_at(browser, second) < second + 3
    assert browser.faults() == []


def test_a_page_that_was_opened_first_plays_without_a_network_and_without_a_reload(
    browser: Browser, serve_folder: Serve, long: Path, tmp_path: Path
) -> None:
    server = serve_folder(write(tmp_path, one=long))
    opened(browser, f"{server.url}/play/one.html")
    browser.wait("navigator.serviceWorker.controller")
    server.stop()
    for second in (400, 5):
        assert play_at(browser, second) < second + 3


def test_a_sound_that_loses_its_network_goes_on_from_what_is_kept(
    browser: Browser, serve_folder: Serve, long: Path, tmp_path: Path
) -> None:
    """What is played on the very first page comes from the network, as long as it is there."""
    server = serve_folder(write(tmp_path, one=long))
    server.downloads_wait = True
    browser.open(f"{server.url}/play/one.html")
    assert play_at(browser, 5) < 8
    server.downloads_wait = False
    browser.wait(KEPT)
    assert browser.run("return navigator.serviceWorker.controller") is None
    assert play_at(browser, 400) < 403
    server.stop()
    assert play_at(browser, 330) < 333


@pytest.mark.parametrize(
    ("asked", "status", "told", "first", "length"),
    [
        ("bytes=0-1", 206, "bytes 0-1/{size}", 0, 2),
        ("bytes=0-", 206, "bytes 0-{last}/{size}", 0, None),
        ("bytes=1000-1999", 206, "bytes 1000-1999/{size}", 1000, 1000),
        ("bytes=1000-", 206, "bytes 1000-{last}/{size}", 1000, None),
        ("bytes=-500", 206, "bytes {tail}-{last}/{size}", -500, 500),
        ("bytes=-99999999", 206, "bytes 0-{last}/{size}", 0, None),
        ("bytes=1000-99999999", 206, "bytes 1000-{last}/{size}", 1000, None),
        ("bytes=99999999-", 416, "bytes */{size}", None, 0),
        ("bytes=99999999-999999999", 416, "bytes */{size}", None, 0),
        ("bytes=-0", 416, "bytes */{size}", None, 0),
        ("bytes=9-5", 200, None, 0, None),
        ("bytes=-", 200, None, 0, None),
        ("bytes=0-1,5-6", 200, None, 0, None),
        ("items=0-1", 200, None, 0, None),
        (None, 200, None, 0, None),
    ],
)
def test_ranges_of_kept_sound(
    asked: str | None,
    status: int,
    told: str | None,
    first: int | None,
    length: int | None,
    kept_page: tuple[Browser, bytes],
) -> None:
    browser, data = kept_page
    answer = browser.run(
        "const url = document.querySelector('audio').src, [range] = given;"
        "const answer = await fetch(url, range ? {headers: {Range: range}} : {});"
        "const bytes = new Uint8Array(await answer.arrayBuffer());"
        "const hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))];"
        "return [answer.status, answer.headers.get('content-range'), bytes.length,"
        " ...['content-length', 'content-type', 'accept-ranges'].map((name) => answer.headers.get(name)),"
        " hash.map((one) => one.toString(16).padStart(2, '0')).join('')]",
        asked,
    )
    size = len(data)
    expected = b"" if first is None else data[first:][:length]
    assert answer[0] == status
    assert answer[1] == (told.format(size=size, last=size - 1, tail=size - 500) if told else None)
    assert answer[2] == len(expected)
    assert answer[6] == hashlib.sha256(expected).hexdigest()
    assert answer[4:6] == ["audio/mpeg", "bytes"]
    if status != 416:
        assert int(answer[3]) == len(expected)


@pytest.fixture(scope="module")
def kept_address(chromium: Browser, sounds: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page that is kept, of a host that is gone."""
    server = StaticServer({"/": write(tmp_path_factory.mktemp("kept"), one=sounds[0])}).start()
    opened(chromium, f"{server.url}/play/one.html")
    server.stop()
    return f"{server.url}/play/one.html"


@pytest.fixture
def kept_page(kept_address: str, browser: Browser, sounds: tuple[Path, Path]) -> tuple[Browser, bytes]:
    browser.open(kept_address)
    return browser, sounds[0].read_bytes()


def test_only_the_right_file_goes_on_after_if_range(kept_page: tuple[Browser, bytes]) -> None:
    browser = kept_page[0]
    status = (
        "const url = document.querySelector('audio').src; const [same] = given;"
        "const etag = (await fetch(url)).headers.get('etag');"
        "return (await fetch(url, {headers: {Range: 'bytes=5-9', 'If-Range': same ? etag : '\"other\"'}})).status"
    )
    assert [browser.run(status, True), browser.run(status, False)] == [206, 200]


def test_a_rebuilt_session_is_heard_at_once_and_the_old_one_goes(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    """On a host that tells browsers to keep pages for ten minutes, as GitHub Pages does."""
    server = serve_folder(write(tmp_path, one=sounds[0]), max_age_s=600)
    address = f"{server.url}/play/one.html"
    opened(browser, address)
    before = browser.run("return document.title")
    write(tmp_path, one=sounds[1])
    opened(browser, address)
    after = browser.run("return document.title")
    assert after != before
    browser.wait(f"(async () => {{ {NAMES} }})().then((all) => all.filter((one) => one.includes('.mp3')).length == 1)")
    server.stop()
    browser.reload()
    assert browser.run("return document.title") == after
    assert browser.wait("document.querySelector('audio').duration") > 30
    assert [one for one in browser.run(NAMES) if ".mp3" in one] == [
        browser.run("return document.querySelector('audio').src")
    ]


def test_until_the_new_sound_is_there_the_old_page_stays_with_its_own(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    server = serve_folder(write(tmp_path, one=sounds[0]))
    address = f"{server.url}/play/one.html"
    opened(browser, address)
    before = browser.run("return document.title")
    write(tmp_path, one=sounds[1])
    (tmp_path / "one.mp3").unlink()
    browser.open(address)
    browser.wait("document.documentElement.dataset.offline")
    server.stop()
    browser.reload()
    assert browser.run("return document.title") == before
    assert play_at(browser, 2) < 5


def test_a_style_without_version_is_never_an_old_one_online(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    server = serve_folder(write(tmp_path, one=sounds[0]), max_age_s=600)
    opened(browser, f"{server.url}/play/one.html")
    put(tmp_path / "site/plain.js", b"document.documentElement.dataset.plain = 'new';")
    browser.reload()
    assert browser.run("return document.documentElement.dataset.plain") == "new"


def test_a_session_that_is_gone_is_forgotten(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    server = serve_folder(write(tmp_path, one=sounds[0], two=sounds[1]))
    opened(browser, f"{server.url}/play/one.html")
    opened(browser, f"{server.url}/play/two.html")
    (tmp_path / "play/one.html").unlink()
    browser.open(f"{server.url}/play/one.html")
    browser.open(f"{server.url}/index.html")
    browser.wait(f"(async () => {{ {NAMES} }})().then((all) => !all.some((one) => /one\\.(mp3|html|vtt)/.test(one)))")
    assert any("two.mp3" in one for one in browser.run(NAMES))


def test_two_sites_on_one_host_do_not_meet(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    outer, inner = write(tmp_path / "a", one=sounds[0]), write(tmp_path / "b", one=sounds[1])
    server = serve_folder({"/some": outer, "/some/where": inner})
    titles = {}
    for at in ("/some", "/some/where"):
        browser.open(f"{server.url}{at}/")  # and away before its worker is ready: that has crashed Chromium
        opened(browser, f"{server.url}{at}/play/one.html")
        titles[at] = browser.run("return document.title")
    assert len(set(titles.values())) == 2
    assert len(browser.run("return await caches.keys()")) == 2
    server.stop()
    for at, title in titles.items():
        browser.open(f"{server.url}{at}/play/one.html")
        assert browser.run("return document.title") == title
        assert play_at(browser, 2) < 5


def test_a_session_that_is_not_kept_says_so_and_the_list_is_a_step_away(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    server = serve_folder({"/some/where": write(tmp_path, one=sounds[0], two=sounds[1])})
    opened(browser, f"{server.url}/some/where/play/one.html")
    server.stop()
    browser.open(f"{server.url}/some/where/play/two.html")
    assert browser.find("h1").text == "You are offline"
    assert browser.run("return getComputedStyle(document.body).color") == "rgb(1, 2, 3)"
    browser.find("a").click()
    browser.wait("document.title == 'List'")
    browser.wait("document.querySelector('a[data-kept]')")
    assert [one.text for one in browser.finds("a[data-kept]")] == ["one"]
    server.start()
    browser.open(f"{server.url}/some/where/play/two.html")
    assert browser.run("return document.title").startswith("two ")


def test_a_network_that_gives_nothing_is_not_waited_for(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    server = serve_folder(write(tmp_path, one=sounds[0]))
    opened(browser, f"{server.url}/play/one.html")
    server.silent = True
    browser.reload()
    assert browser.run("return document.title").startswith("one ")
    assert play_at(browser, 2) < 5
    server.silent = False


def test_who_saves_data_gets_the_page_without_the_sound(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    server = serve_folder(write(tmp_path, one=sounds[0]))
    spared = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
    script = browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=spared)["identifier"]
    try:
        browser.open(f"{server.url}/play/one.html")
        browser.wait("document.documentElement.dataset.offline == 'page'")
    finally:
        browser.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
    assert not any(".mp3" in one for one in browser.run(NAMES))
    server.stop()
    browser.reload()
    assert browser.run("return document.title").startswith("one ")


@pytest.mark.parametrize("full", ["the browser says", "we say"])
def test_where_room_is_short_the_session_opened_longest_ago_goes(
    full: str, browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    """Room for two sessions, not for three; the first is opened again before the third comes."""
    server = serve_folder(write(tmp_path, one=sounds[0], two=sounds[0], three=sounds[0]))
    room = sounds[0].stat().st_size * 5 // 2
    if full == "we say":
        worker = (tmp_path / "sw.js").read_bytes()
        put(tmp_path / "sw.js", worker.replace(b"MOST_BYTES = 500e6", f"MOST_BYTES = {room}".encode()))
    else:
        browser.cdp("Storage.overrideQuotaForOrigin", origin=server.url, quotaSize=room + 60_000)
    for name in ("one", "two", "one", "three"):
        opened(browser, f"{server.url}/play/{name}.html")
    kept = sorted(one.split("?")[0].rpartition("/")[2] for one in browser.run(NAMES) if ".mp3" in one)
    assert kept == ["one.mp3", "three.mp3"]
    assert browser.faults() == []


def test_a_shut_store_changes_nothing(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    server = serve_folder(write(tmp_path, one=sounds[0]))
    browser.cdp("Storage.overrideQuotaForOrigin", origin=server.url, quotaSize=1)
    for _ in range(2):
        browser.open(f"{server.url}/play/one.html")
        browser.run("await new Promise((resolve) => setTimeout(resolve, 1500))")
        assert play_at(browser, 2) < 5
    assert browser.faults() == []


def test_plain_http_in_the_lan_is_as_it_was(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    server = serve_folder(write(tmp_path, one=sounds[0]))
    browser.open(f"http://lan.test:{server.port}/play/one.html")
    assert browser.run("return window.isSecureContext") is False
    assert play_at(browser, 2) < 5
    assert browser.faults() == []
    assert not any(one.path.startswith("/sw.js") for one in server.asked)


def test_an_older_worker_gives_way(
    browser: Browser, serve_folder: Serve, sounds: tuple[Path, Path], tmp_path: Path
) -> None:
    """One that had another format: its cache goes, a stranger's stays, and the page goes on."""
    server = serve_folder(write(tmp_path, one=sounds[0]))
    worker = (tmp_path / "sw.js").read_bytes()
    put(tmp_path / "sw.js", worker.replace(b"${OURS}1", b"${OURS}0"))
    browser.open(f"{server.url}/play/one.html")
    old = f"voicecoach {server.url}/ 0"
    browser.wait(f"caches.has('{old}')")
    browser.run("await caches.open('somebody else')")
    put(tmp_path / "sw.js", worker)
    opened(browser, f"{server.url}/play/one.html")
    browser.wait(f"caches.has('{old}').then((there) => !there)")
    assert browser.run("return await caches.has('somebody else')")
    shutil.rmtree(tmp_path / "feed")
    assert browser.faults() == []
