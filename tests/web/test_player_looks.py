"""Pages fit what they are seen on, are read by everybody, and fetch nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.web.browser import DESKTOP, PHONE, Browser, Size
from tests.web.player_sites import GERMAN, ROUTINE, write_site
from tests.web.static_server import StaticServer
from voicecoach.model.session import Outcome
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.publish.site import Site

pytestmark = pytest.mark.slow

LANDSCAPE, NARROW, TABLET = Size(740, 360, mobile=True), Size(320, 568, mobile=True), Size(768, 1024)
QR = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
MOST_BYTES = 60_000


@pytest.fixture(scope="module")
def built(build_text: Callable[[str], Outcome]) -> dict[str, Outcome]:
    return {"one": build_text(ROUTINE), "week 1/zwei": build_text(GERMAN)}


@pytest.fixture
def server(built: dict[str, Outcome], serve_folder: Callable[..., StaticServer], tmp_path: Path) -> StaticServer:
    write_site(tmp_path, built, site=Site(feed_url="http://192.168.1.2:8000/feed.xml", served=True, qr_svg=QR))
    return serve_folder(tmp_path)


def show(browser: Browser, outcome: Outcome, kind: str) -> None:
    """Bring a player to a kind of span, paused."""
    assert outcome.timeline is not None
    span = next(span for span in outcome.timeline.spans if span.kind == kind)
    browser.wait("document.getElementById('audio').readyState > 0")
    browser.run("document.getElementById('audio').currentTime = arguments[0]", span.start / SAMPLE_RATE_HZ + 1.5)
    browser.wait(f"document.getElementById('player').dataset.kind === '{kind}'")
    browser.run("await new Promise((done) => setTimeout(done, 500))")  # the colour of the stage changes slowly


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_serious(
    browser: Browser,
    axe: Callable[..., list[str]],
    server: StaticServer,
    built: dict[str, Outcome],
    size: Size,
    dark: bool,
) -> None:
    found = {}
    for path in ("/", "/guide.html", "/play/one.html", "/play/week%201/zwei.html"):
        browser.open(f"{server.url}{path}", size, dark=dark)
        found[path] = axe(least=("moderate", "serious", "critical"))
    browser.open(f"{server.url}/play/one.html", size, dark=dark)
    browser.find("#captions").click()
    for kind in ("set-up", "hold", "change sides", "rest", "reps", "cycles", "breathe"):
        show(browser, built["one"], kind)
        found[kind] = axe(least=("moderate", "serious", "critical"))
    assert found == {where: [] for where in found}
    assert browser.faults() == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP, LANDSCAPE, NARROW, TABLET], ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_is_cut_off(browser: Browser, server: StaticServer, built: dict[str, Outcome], size: Size) -> None:
    for path in ("/", "/guide.html"):
        browser.open(f"{server.url}{path}", size)
        assert browser.run("return document.documentElement.scrollWidth") <= size.width
    for name, path in (("one", "one"), ("week 1/zwei", "week%201/zwei")):
        browser.open(f"{server.url}/play/{path}.html", size)
        show(browser, built[name], "hold")
        assert browser.run("return document.documentElement.scrollWidth") <= size.width
        told = browser.run(
            """return ['doing', 'what', 'digits', 'unit', 'side'].filter((id) => {
                 const box = document.getElementById(id).getBoundingClientRect();
                 const stage = document.getElementById('stage').getBoundingClientRect();
                 return !(box.width > 0 && box.left >= 0 && box.right <= innerWidth && box.bottom <= stage.bottom + 1);
               })"""
        )
        assert told == []
        long_names = name != "one" and size == NARROW
        seen = browser.run("return document.getElementById('toggle').getBoundingClientRect().bottom <= innerHeight")
        assert seen or long_names, "the button is seen without scrolling"


def test_it_is_read_from_two_metres(browser: Browser, server: StaticServer, built: dict[str, Outcome]) -> None:
    """Letters of 1/200 of the distance are read with ease: 10 mm; a phone has some 160 CSS pixels an inch."""
    browser.open(f"{server.url}/play/one.html", PHONE)
    show(browser, built["one"], "hold")
    sizes = browser.run(
        """return ['digits', 'doing', 'side'].map((id) => {
             const node = document.getElementById(id);
             return parseFloat(getComputedStyle(id === 'side' ? node.firstChild : node).fontSize);
           })"""
    )
    digits, doing, side = sizes
    assert digits * 0.72 / 160 * 25.4 >= 10
    assert doing >= 36
    assert side >= 22


def test_targets_are_large_enough_for_a_thumb(browser: Browser, server: StaticServer) -> None:
    browser.open(f"{server.url}/play/one.html", PHONE)
    small = browser.run(
        """return [...document.querySelectorAll('.screen button, #seek, #chapters a, .back')]
             .filter((one) => one.offsetParent)
             .map((one) => [one.id || one.textContent, one.getBoundingClientRect()])
             .filter(([, box]) => Math.min(box.width, box.height) < 40).map(([name]) => name)"""
    )
    assert small == []


def test_without_motion_and_with_more_contrast(
    browser: Browser, server: StaticServer, built: dict[str, Outcome]
) -> None:
    browser.open(f"{server.url}/play/one.html", PHONE, still=True)
    show(browser, built["one"], "breathe")
    assert browser.find("#disc").get_attribute("r") == "0"
    assert not browser.find("#part").get_attribute("stroke-dasharray").startswith("0 ")
    browser.open(f"{server.url}/play/one.html", PHONE)
    show(browser, built["one"], "breathe")
    assert float(browser.find("#disc").get_attribute("r") or 0) > 16


def test_the_breath_grows_and_shrinks(browser: Browser, server: StaticServer, built: dict[str, Outcome]) -> None:
    timeline = built["one"].timeline
    assert timeline is not None
    span = next(span for span in timeline.spans if span.kind == "breathe")
    browser.open(f"{server.url}/play/one.html", PHONE)
    browser.wait("document.getElementById('audio').readyState > 0")
    radii = []
    for at_s in (0.2, 1.5, 2.8, 3.5, 4.2, 5.5, 6.8, 7.5):  # 3-1-3-1
        browser.run(
            """document.getElementById('seek').value = arguments[0];
               document.getElementById('seek').dispatchEvent(new Event('input'))""",
            span.start / SAMPLE_RATE_HZ + at_s,
        )
        radii.append(float(browser.find("#disc").get_attribute("r") or 0))
    assert radii[0] < radii[1] < radii[2] < radii[3] == 46
    assert radii[4] > radii[5] > radii[6] > radii[7] == 16


def test_only_its_own_host_is_asked(browser: Browser, server: StaticServer) -> None:
    for path in ("/", "/guide.html", "/play/one.html"):
        browser.open(f"{server.url}{path}", PHONE)
        browser.wait("document.readyState === 'complete'")
        urls = browser.run("return performance.getEntriesByType('resource').map((one) => one.name)")
        assert urls
        assert {urlsplit(url).netloc for url in urls} == {urlsplit(server.url).netloc}
    assert browser.faults() == []


def test_a_player_is_light(built: dict[str, Outcome], server: StaticServer, tmp_path: Path) -> None:
    files = ("play/one.html", "site/style.css", "site/player.css", "site/player.js", "site/offline.js")
    assert sum((tmp_path / file).stat().st_size for file in files) < MOST_BYTES


def test_the_address_is_copied(browser: Browser, server: StaticServer) -> None:
    browser.open(f"{server.url}/", PHONE)
    assert browser.find("#feed").get_attribute("value") == "http://192.168.1.2:8000/feed.xml"
    assert browser.run("return document.querySelector('.qr img').naturalWidth") > 0
    for host in ("127.0.0.1", "lan.test"):  # with a clipboard, and without one
        browser.open(server.url.replace("127.0.0.1", host), PHONE)
        browser.find("#copy").click()
        browser.wait("['Copied', 'Press Ctrl+C or ⌘C to copy'].includes(document.getElementById('copy').textContent)")


def test_an_unknown_address_is_that_of_the_page(
    browser: Browser, built: dict[str, Outcome], serve_folder: Callable[..., StaticServer], tmp_path: Path
) -> None:
    write_site(tmp_path, built)
    server = serve_folder({"/a/b": tmp_path})
    for page in ("", "guide.html"):
        browser.open(f"{server.url}/a/b/{page}", PHONE)
        assert browser.find("#feed").get_attribute("value") == f"{server.url}/a/b/feed.xml"
    assert browser.finds(".qr") == []


def test_without_scripts_it_still_plays(browser: Browser, server: StaticServer) -> None:
    browser.cdp("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(f"{server.url}/play/one.html", PHONE)
        audio = browser.find("noscript audio")
        assert audio.is_displayed()
        assert audio.get_attribute("controls") is not None
        assert not browser.find(".screen").is_displayed()
        link = browser.find("#chapters li:nth-child(2) a").get_attribute("href") or ""
        assert ".mp3?v=" in link
        assert "#t=" in link
    finally:
        browser.cdp("Emulation.setScriptExecutionDisabled", value=False)
