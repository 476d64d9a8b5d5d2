"""A player's buttons, keys, chapters and captions; where it goes on; what it tells the phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.web.browser import DESKTOP, PHONE, Browser
from tests.web.player_sites import GERMAN, ROUTINE, write_site
from tests.web.static_server import StaticServer
from voicecoach.model.session import Outcome
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.publish.caption_words import caption_words
from voicecoach.publish.captions import captions

pytestmark = pytest.mark.slow

TIME = "document.getElementById('audio').currentTime"
STATE = "document.getElementById('player').dataset"


@pytest.fixture(scope="module")
def built(build_text: Callable[[str], Outcome]) -> dict[str, Outcome]:
    return {"one": build_text(ROUTINE), "two": build_text(GERMAN)}


@pytest.fixture(scope="module")
def timeline(built: dict[str, Outcome]) -> Timeline:
    found = built["one"].timeline
    assert found is not None
    return found


@pytest.fixture
def server(built: dict[str, Outcome], serve_folder: Callable[..., StaticServer], tmp_path: Path) -> StaticServer:
    write_site(tmp_path, built)
    return serve_folder(tmp_path)


@pytest.fixture
def player(browser: Browser, server: StaticServer) -> Iterator[Browser]:
    browser.open(f"{server.url}/play/one.html", DESKTOP)
    browser.wait("document.getElementById('audio').readyState > 0")
    yield browser
    assert browser.faults() == []


def chapter_s(timeline: Timeline, number: int) -> float:
    return timeline.chapters[number].start / SAMPLE_RATE_HZ


def press(browser: Browser, *keys: str) -> None:
    ActionChains(browser.driver).send_keys(*keys).perform()


def at(browser: Browser) -> float:
    return float(browser.run(f"return {TIME}"))


def test_play_and_pause(player: Browser) -> None:
    button = player.find("#toggle")
    assert (button.accessible_name, player.run(f"return {STATE}.state")) == ("Play", "ready")
    button.click()
    player.wait(f"{TIME} > 0.4")
    assert (button.accessible_name, player.run(f"return {STATE}.state")) == ("Pause", "playing")
    button.click()
    stopped = at(player)
    player.run("await new Promise((done) => setTimeout(done, 300))")
    assert at(player) == stopped
    assert (button.accessible_name, player.run(f"return {STATE}.state")) == ("Continue", "paused")
    player.find("#stage").click()
    player.wait(f"{STATE}.state === 'playing'")


def test_chapters_by_button_list_and_key(player: Browser, timeline: Timeline) -> None:
    player.find("#following").click()
    assert at(player) == pytest.approx(chapter_s(timeline, 1), abs=0.001)
    player.find("#following").click()
    assert at(player) == pytest.approx(chapter_s(timeline, 2), abs=0.001)
    player.find("#previous").click()
    assert at(player) == pytest.approx(chapter_s(timeline, 1), abs=0.001)
    player.find("#on").click()
    player.find("#previous").click()
    assert at(player) == pytest.approx(chapter_s(timeline, 1), abs=0.001), "first to where the chapter began"
    player.run("document.activeElement.blur()")
    press(player, "]")
    assert at(player) == pytest.approx(chapter_s(timeline, 2), abs=0.001)
    ActionChains(player.driver).key_down(Keys.SHIFT).send_keys(Keys.ARROW_RIGHT).key_up(Keys.SHIFT).perform()
    assert at(player) == pytest.approx(chapter_s(timeline, 3), abs=0.001)
    links = player.finds("#chapters a")
    assert [link.find_element("css selector", "span").text for link in links] == [c.title for c in timeline.chapters]
    assert [bool(link.get_attribute("aria-current")) for link in links].index(True) == 3
    links[1].click()
    player.wait(f"{STATE}.state === 'playing'")
    assert at(player) == pytest.approx(chapter_s(timeline, 1), abs=1)
    assert player.run("return document.querySelectorAll('#chapters [aria-current]').length") == 1


def test_keys(player: Browser) -> None:
    press(player, " ")
    player.wait(f"{STATE}.state === 'playing' && {TIME} > 0.2")
    press(player, " ")
    assert player.run(f"return {STATE}.state") == "paused"
    before = at(player)
    press(player, Keys.ARROW_RIGHT)
    assert at(player) == pytest.approx(before + 10, abs=0.01)
    press(player, Keys.ARROW_LEFT)
    assert at(player) == pytest.approx(before, abs=0.01)
    player.find("#seek").send_keys(Keys.ARROW_RIGHT)
    assert at(player) == pytest.approx(before + 10, abs=0.01), "the slider's own keys do the same"
    assert player.run("return scrollY") == 0
    press(player, "c")
    assert player.find("#captions").get_attribute("aria-pressed") == "true"


def test_the_space_bar_on_a_button_is_the_buttons(player: Browser) -> None:
    player.find("#captions").send_keys(Keys.SPACE)
    assert player.find("#captions").get_attribute("aria-pressed") == "true"
    assert player.run(f"return {STATE}.state") == "ready"


def test_it_goes_on_where_it_stopped(player: Browser, timeline: Timeline) -> None:
    player.run(f"{TIME} = arguments[0]", chapter_s(timeline, 2) + 5)
    player.find("#toggle").click()
    player.wait(f"{STATE}.state === 'playing'")
    player.run("await new Promise((done) => setTimeout(done, 500))")
    player.find("#toggle").click()
    stopped, shown = at(player), player.run(f"return [{STATE}.spanIndex, {STATE}.chapter]")
    player.reload()
    player.wait("document.getElementById('audio').readyState > 0")
    assert at(player) == pytest.approx(stopped, abs=0.05)
    assert player.run(f"return [{STATE}.spanIndex, {STATE}.chapter, {STATE}.state]") == [*shown, "paused"]
    player.find("#toggle").click()
    player.wait(f"{TIME} > {stopped} + 0.3")
    assert at(player) < stopped + 5


def test_a_finished_session_starts_again_and_is_ticked_off(player: Browser, server: StaticServer) -> None:
    player.run(f"{TIME} = document.getElementById('audio').duration - 0.6")
    player.find("#toggle").click()
    player.wait(f"{STATE}.state === 'ended'")
    assert player.find("#toggle").accessible_name == "Once more"
    assert "Done" in player.find("#stage").text
    assert player.find(".after a").text == "Next session: Hüften „kurz“ & gut"
    player.reload()
    player.wait("document.getElementById('audio').readyState > 0")
    assert (at(player), player.run(f"return {STATE}.state")) == (0, "ready")
    player.open(f"{server.url}/index.html", PHONE)
    assert [one.text for one in player.finds(".state")] == ["✓ Done", "Next"]


def test_the_list_tells_how_far_one_is(player: Browser, server: StaticServer, timeline: Timeline) -> None:
    player.run(f"{TIME} = 60.4")
    player.run("await new Promise((done) => setTimeout(done, 200)); dispatchEvent(new Event('pagehide'))")
    player.open(f"{server.url}/index.html", PHONE)
    left_s = int(timeline.length_s) - 60.4
    assert player.find(".state").text == f"{int(left_s // 60)}:{int(left_s % 60):02} to go"


def test_another_recording_starts_at_its_beginning(player: Browser) -> None:
    player.run(f"{TIME} = 30; await new Promise((done) => setTimeout(done, 300))")
    url = player.driver.current_url
    player.driver.get(url.replace("play/one.html", "guide.html"))
    changed = player.run(
        """const key = Object.keys(localStorage).find((one) => (JSON.parse(localStorage[one]) || {}).version);
           const kept = JSON.parse(localStorage[key]);
           localStorage[key] = JSON.stringify({...kept, version: 'older'});
           return kept.at"""
    )
    assert changed == pytest.approx(30, abs=0.1)
    player.driver.get(url)
    player.wait("document.getElementById('audio').readyState > 0")
    assert at(player) == 0


def test_it_works_where_storage_is_shut(browser: Browser, server: StaticServer) -> None:
    shut = browser.cdp(
        "Page.addScriptToEvaluateOnNewDocument",
        source="Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } });",
    )
    try:
        browser.open(f"{server.url}/play/one.html", PHONE)
        browser.find("#toggle").click()
        browser.wait(f"{STATE}.state === 'playing' && {TIME} > 0.3")
        browser.find("#captions").click()
        browser.open(f"{server.url}/index.html", PHONE)
        assert [one.text for one in browser.finds(".title a > span")] == ["All that there is", "Hüften „kurz“ & gut"]
        assert browser.faults() == []
    finally:
        browser.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=shut["identifier"])


def test_captions_are_those_of_the_file(player: Browser, timeline: Timeline) -> None:
    assert not player.find("#caption").is_displayed()
    player.find("#captions").click()
    player.wait("document.getElementById('track').track.cues && document.getElementById('track').track.cues.length")
    wanted = captions(timeline, caption_words("en"))
    for one in wanted[:: max(1, len(wanted) // 12)]:
        middle_s = (one.start_ms + one.end_ms) / 2000
        player.run(
            f"""const audio = document.getElementById('audio');
                audio.pause(); {TIME} = arguments[0];
                await new Promise((done) => audio.addEventListener('seeked', done, {{once: true}}));""",
            middle_s,
        )
        assert " ".join(player.find("#caption").text.split()) == one.text
    player.reload()
    assert player.find("#captions").get_attribute("aria-pressed") == "true", "it stays as it was set"


def test_the_phone_is_told_chapter_and_position(browser: Browser, server: StaticServer, timeline: Timeline) -> None:
    spy = browser.cdp(
        "Page.addScriptToEvaluateOnNewDocument",
        source="""window.handlers = {}; window.positions = [];
          const all = MediaSession.prototype, old = all.setActionHandler, place = all.setPositionState;
          all.setActionHandler = function (name, one) { handlers[name] = one; old.call(this, name, one); };
          all.setPositionState = function (one) { positions.push(one); place.call(this, one); };""",
    )
    try:
        browser.open(f"{server.url}/play/one.html", PHONE)
        browser.wait("document.getElementById('audio').readyState > 0")
        wanted = {"play", "pause", "previoustrack", "nexttrack", "seekbackward", "seekforward", "seekto"}
        assert set(browser.run("return Object.keys(handlers)")) >= wanted
        browser.run("handlers.nexttrack({})")
        assert at(browser) == pytest.approx(chapter_s(timeline, 1), abs=0.001)
        told = browser.run(
            """const m = navigator.mediaSession.metadata;
               return [m.title, m.artist, m.album, m.artwork.map((one) => one.src)]"""
        )
        assert told[:3] == [timeline.chapters[1].title, timeline.title, "Hips & back"]
        assert all(browser.run("return (await fetch(arguments[0])).status", url) == 200 for url in told[3])
        browser.run("handlers.seekforward({})")
        assert at(browser) == pytest.approx(chapter_s(timeline, 1) + 10, abs=0.01)
        browser.run("handlers.seekbackward({seekOffset: 4})")
        assert at(browser) == pytest.approx(chapter_s(timeline, 1) + 6, abs=0.01)
        browser.run("handlers.previoustrack({})")
        assert at(browser) == pytest.approx(chapter_s(timeline, 1), abs=0.01)
        browser.run("handlers.seekto({seekTime: 12})")
        assert at(browser) == 12
        place = browser.run("return positions[positions.length - 1]")
        assert place == {"duration": float(timeline.length_s), "position": 12, "playbackRate": 1}
        browser.run("handlers.play({})")
        browser.wait(f"{STATE}.state === 'playing' && navigator.mediaSession.playbackState === 'playing'")
    finally:
        browser.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=spy["identifier"])


def test_the_screen_is_kept_on_while_it_plays(browser: Browser, server: StaticServer) -> None:
    spy = browser.cdp(
        "Page.addScriptToEvaluateOnNewDocument",
        source="""window.locks = [];
          Object.defineProperty(navigator, 'wakeLock', {configurable: true, value: {async request(kind) {
            const lock = new EventTarget(); lock.kind = kind; lock.held = true;
            lock.release = async () => { lock.held = false; lock.dispatchEvent(new Event('release')); };
            locks.push(lock); return lock; }}});""",
    )
    held = "locks.filter((one) => one.held).length"
    try:
        browser.open(f"{server.url}/play/one.html", PHONE)
        button = browser.find("#awake")
        assert (button.text.strip(), button.get_attribute("aria-pressed")) == ("Screen on", "true")
        assert browser.run(f"return {held}") == 0
        browser.find("#toggle").click()
        browser.wait(f"{held} === 1")
        button.click()
        browser.wait(f"{held} === 0")
        button.click()
        browser.wait(f"{held} === 1")
        browser.find("#toggle").click()
        browser.wait(f"{held} === 0")
    finally:
        browser.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=spy["identifier"])


def test_over_plain_http_one_is_told_why_the_screen_goes_off(browser: Browser, server: StaticServer) -> None:
    browser.open(server.url.replace("127.0.0.1", "lan.test") + "/play/one.html", PHONE)
    assert not browser.find("#awake").is_displayed()
    assert "https" in browser.find("#awake-why").text


def test_a_sound_that_does_not_come_is_told(browser: Browser, server: StaticServer, tmp_path: Path) -> None:
    sound = (tmp_path / "one.mp3").read_bytes()
    (tmp_path / "one.mp3").unlink()
    browser.open(server.url.replace("127.0.0.1", "lan.test") + "/play/one.html", PHONE)
    browser.wait("!document.getElementById('alert').hidden")
    assert "did not load" in browser.find("#alert").text
    (tmp_path / "one.mp3").write_bytes(sound)
    browser.find("#retry").click()
    browser.wait(f"{STATE}.state === 'playing' && {TIME} > 0.3")
    assert not browser.find("#alert").is_displayed()
    browser.faults()


def test_spans_are_told_to_a_screen_reader_but_not_every_second(player: Browser, timeline: Timeline) -> None:
    player.run(
        """window.told = [];
           new MutationObserver(() => told.push(document.getElementById('said').textContent))
             .observe(document.getElementById('said'), {childList: true, characterData: true, subtree: true});"""
    )
    hold = next(span for span in timeline.spans if span.kind == "hold")
    player.run(
        f"{TIME} = arguments[0]; await document.getElementById('audio').play()", hold.start / SAMPLE_RATE_HZ - 0.5
    )
    player.run("await new Promise((done) => setTimeout(done, 3500))")
    assert player.run("return told")[-1] == "Hold. Pigeon pose. Left. 20 seconds"
    assert len(player.run("return told")) <= 2
    assert player.find("#said").get_attribute("aria-live") == "polite"
