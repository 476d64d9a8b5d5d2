"""A site as `voicecoach publish` writes it, in a browser: below a path of a host, without a network, from a disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.web.browser import DESKTOP, PHONE, Browser
from tests.web.static_server import StaticServer
from voicecoach.cli.app import run as run_app
from voicecoach.model.session import Outcome

pytestmark = pytest.mark.slow

Serve = Callable[..., StaticServer]

AT = "/some/where"
TITLES = {"morning": "Für Hüften & ›Knie‹", "Woche 1/Über uns #1": "Zwei", "Woche 2/100 % 'fit'?": "Drei"}
SAID = "document.documentElement.dataset.offline == 'kept'"


@pytest.fixture(scope="module")
def sessions(build_text: Callable[[str], Outcome], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sessions in season folders, with names that need care in addresses."""
    folder = tmp_path_factory.mktemp("sessions")
    for name, title in TITLES.items():
        made(build_text, title, "20 s", folder / f"{name}.mp3")
    return folder


def made(build_text: Callable[[str], Outcome], title: str, hold: str, target: Path) -> None:
    session = build_text(f'title: "{title}"\nvoice: fake\nlanguage: de\nsteps:\n- pigeon-pose: {hold}\n').session
    assert session is not None
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(session.path, target)


@pytest.fixture
def site(sessions: Path, tmp_path: Path) -> Path:
    shutil.copytree(sessions, tmp_path / "output")
    publish(tmp_path)
    return tmp_path / "public"


def publish(folder: Path) -> None:
    assert run_app(["publish", str(folder / "output"), str(folder / "public")]) == 0


def page(name: str) -> str:
    return f"{AT}/play/{quote(name)}.html"


def kept(browser: Browser, url: str) -> None:
    browser.open(url, PHONE)
    browser.wait(SAID)


def plays(browser: Browser) -> None:
    """Press the button, and hear it go on."""
    before = browser.run("return document.querySelector('#audio').currentTime")
    browser.find("#toggle").click()
    browser.wait(f"document.querySelector('#audio').currentTime > {before} + 0.4")
    browser.find("#toggle").click()
    browser.wait("document.querySelector('#audio').paused")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_session_opens_from_the_list_and_plays(
    size: tuple[int, int, bool], browser: Browser, serve_folder: Serve, site: Path
) -> None:
    server = serve_folder({AT: site})
    browser.open(f"{server.url}{AT}/", size)
    assert [one.text for one in browser.finds(".sessions a")] == list(TITLES.values())
    for number, title in enumerate(TITLES.values()):
        browser.finds(".sessions a")[number].click()
        browser.wait("document.querySelector('#audio')")
        assert browser.find("h1").text == title
        plays(browser)
        browser.find("a.back").click()
        browser.wait("document.querySelector('.sessions')")
    browser.find("a[href='guide.html']").click()
    browser.wait("location.pathname.endsWith('guide.html')")
    assert browser.faults() == []
    assert [one for one in server.asked if not one.path.startswith(f"{AT}/") or one.status >= 400] == []


@pytest.mark.parametrize("name", TITLES)
def test_the_first_load_is_enough_without_a_network(
    name: str, browser: Browser, serve_folder: Serve, site: Path
) -> None:
    server = serve_folder({AT: site})
    kept(browser, f"{server.url}{page(name)}")
    browser.wait("navigator.serviceWorker.controller")
    server.stop()
    browser.faults()
    plays(browser)
    browser.reload()
    assert browser.find("h1").text == TITLES[name]
    plays(browser)
    length_s = browser.run("return document.querySelector('#audio').duration")
    browser.run("const [s] = given; const seek = document.querySelector('#seek');"
                "seek.value = s; seek.dispatchEvent(new Event('input'));", length_s - 5)  # fmt: skip
    plays(browser)
    assert browser.run("return document.querySelector('#audio').currentTime") >= length_s - 5
    if not browser.run("return document.querySelector('#captions').getAttribute('aria-pressed') == 'true'"):
        browser.find("#captions").click()
    browser.wait(
        "document.querySelector('#track').track.cues && document.querySelector('#track').track.cues.length > 3"
    )
    browser.find("a.back").click()
    browser.wait("document.querySelector('.sessions')")
    browser.wait("[...document.images].every((one) => one.complete && one.naturalWidth > 0 || one.loading == 'lazy')")
    browser.wait("document.querySelector('a[data-kept]')")
    assert [one.text.startswith(TITLES[name]) for one in browser.finds(".sessions a[data-kept]")] == [True]
    assert browser.faults() == []


def test_what_is_not_kept_says_so_on_a_page_that_all_can_read(
    browser: Browser, serve_folder: Serve, site: Path, axe: Callable[..., list[str]]
) -> None:
    server = serve_folder({AT: site})
    kept(browser, f"{server.url}{page('morning')}")
    server.stop()
    browser.faults()
    for dark in (False, True):
        browser.open(f"{server.url}{page('Woche 1/Über uns #1')}", PHONE, dark=dark)
        assert browser.find("h1").text == "Keine Verbindung"
        assert axe() == []
        assert browser.faults() == []
    browser.find("a").click()
    browser.wait("document.querySelector('.sessions')")
    browser.open(f"{server.url}{page('Woche 1/Über uns #1')}", PHONE)
    server.start()
    browser.find("button").click()
    browser.wait("document.querySelector('#audio')")
    assert browser.find("h1").text == "Zwei"


def test_a_rebuilt_session_is_what_one_hears_next(
    browser: Browser, serve_folder: Serve, site: Path, build_text: Callable[[str], Outcome]
) -> None:
    server = serve_folder({AT: site}, max_age_s=600)
    kept(browser, f"{server.url}{page('morning')}")
    before = browser.run("return document.querySelector('#audio').src")
    made(build_text, "Länger", "40 s", site.parent / "output" / "morning.mp3")
    publish(site.parent)
    kept(browser, f"{server.url}{page('morning')}")
    assert browser.find("h1").text == "Länger"
    assert browser.run("return document.querySelector('#audio').src") != before
    server.stop()
    browser.reload()
    assert browser.find("h1").text == "Länger"
    plays(browser)


def test_a_wrong_address_gets_a_page(browser: Browser, serve_folder: Serve, site: Path) -> None:
    server = serve_folder(site)
    browser.open(f"{server.url}/play/nobody.html")
    assert browser.find("h1").text == "Diese Seite gibt es hier nicht"


def test_it_opens_from_a_disk(browser: Browser, site: Path) -> None:
    browser.open((site / "index.html").as_uri(), PHONE)
    for number in range(len(TITLES)):
        browser.finds(".sessions a")[number].click()
        browser.wait("document.querySelector('#audio')")
        plays(browser)
        browser.find("a.back").click()
        browser.wait("document.querySelector('.sessions')")
