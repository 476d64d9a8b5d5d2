"""Debian's Chromium, as tests use it.

Three fixtures (`tests/web/conftest.py`)::

    def test_page(browser, serve_folder, axe, tmp_path):
        server = serve_folder(tmp_path)                       # or serve_folder({"/some/where": tmp_path})
        browser.open(f"{server.url}/play/morning.html", PHONE, dark=True)
        browser.find("#play").click()                         # selenium's WebElement; `finds` for all
        browser.wait("document.querySelector('audio').currentTime > 1")
        assert browser.run("return document.title") == "Morning"
        browser.screenshot(tmp_path / "page.png")             # whole=True: all of the page, not what one sees of it
        assert axe() == []                                    # serious and critical findings, a line each
        assert browser.faults() == []                         # console errors, failed and 4xx/5xx requests

`serve_folder` gives each test a server of its own, so each has an origin of its own: no storage, cache or service
worker of another test is there. ``server.stop()`` is the honest way to be offline (`Browser.offline` reaches only the
page, not its service worker). ``browser.open`` sets size, colours and motion anew each time; `faults` tells what came
since the last call.
"""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any, NamedTuple

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--mute-audio", "--hide-scrollbars"),
    *("--autoplay-policy=no-user-gesture-required", "--disable-dev-shm-usage", "--force-color-profile=srgb"),
    "--host-resolver-rules=MAP lan.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
"""Without network and without a screen, also as root in a container. ``lan.test`` is this machine as the LAN sees it:
no secure context, so no service worker."""


class Size(NamedTuple):
    """A window, in CSS pixels."""

    width: int
    height: int
    mobile: bool = False


PHONE = Size(360, 740, mobile=True)
DESKTOP = Size(1280, 800)


class Browser:
    """One Chromium for all tests; see the head of this module."""

    def __init__(self, chromium: str, chromedriver: str, folder: Path) -> None:
        options = ChromeOptions()
        options.binary_location = chromium
        for flag in (*FLAGS, f"--user-data-dir={folder}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = Chrome(options=options, service=Service(chromedriver))
        self.driver.set_page_load_timeout(30)
        self.driver.set_script_timeout(60)

    def close(self) -> None:
        self.driver.quit()

    def open(
        self, url: str, size: Size = DESKTOP, *, dark: bool = False, still: bool = False, contrast: bool = False
    ) -> None:
        """Open a page at a size, in light or dark, with or without motion (``still``), with more contrast."""
        self.resize(size)
        wished = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce" if still else "no-preference",
            "prefers-contrast": "more" if contrast else "no-preference",
        }
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": n, "value": v} for n, v in wished.items()])
        self.driver.get(url)

    def resize(self, size: Size) -> None:
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=size.width,
            height=size.height,
            deviceScaleFactor=2 if size.mobile else 1,
            mobile=size.mobile,
        )
        self.cdp("Emulation.setTouchEmulationEnabled", enabled=size.mobile)

    def blank(self) -> None:
        """Leave the page, be online again, and forget what was logged."""
        self.offline(False)
        self.driver.get("about:blank")
        self.faults()

    def reload(self) -> None:
        self.driver.refresh()

    def cdp(self, command: str, **parameters: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, parameters)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run statements in the page; ``return`` gives a value, and a promise is waited for."""
        told = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1], given = [...arguments].slice(0, -1);"
            f"(async function () {{ {script} }}).apply(null, given)"
            ".then((value) => done({value}), (error) => done({error: String(error)}));",
            *arguments,
        )
        if "error" in told:
            raise AssertionError(told["error"])
        return told.get("value")

    def wait(self, condition: str, timeout_s: float = 40) -> Any:
        """Wait until an expression (it may be a promise) is true in the page; return its value."""
        end = time.monotonic() + timeout_s
        while not (value := self.run(f"return ({condition})")):
            if time.monotonic() > end:
                raise AssertionError(f"not within {timeout_s} s: {condition}")
            time.sleep(0.05)
        return value

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def finds(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def offline(self, off: bool = True) -> None:
        """Cut the page off (``navigator.onLine`` too); a service worker is not reached by it: stop the server."""
        self.cdp("Network.enable")
        self.cdp("Network.emulateNetworkConditions", offline=off, latency=0, downloadThroughput=-1, uploadThroughput=-1)

    def screenshot(self, target: Path, *, whole: bool = False) -> Path:
        """Write a PNG of what one sees, or of the whole page."""
        shot = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(base64.b64decode(shot["data"]))
        return target

    def axe(self, *, least: tuple[str, ...] = ("serious", "critical")) -> list[str]:
        """What axe-core finds, of these grades: ``serious color-contrast: #time …``."""
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        found = self.run("return (await axe.run()).violations")
        return [
            f"{rule['impact']} {rule['id']}: {' '.join(map(str, node['target']))} {node['failureSummary']}"
            for rule in found
            if rule["impact"] in least
            for node in rule["nodes"]
        ]

    def faults(self) -> list[str]:
        """What went wrong since this was asked last: console errors and warnings, requests failed or refused."""
        told = [
            f"{entry['level']} {entry['message']}"
            for entry in self.driver.get_log("browser")
            if entry["level"] in {"SEVERE", "WARNING"}
        ]
        urls: dict[str, str] = {}
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            about = message["params"]
            if message["method"] == "Network.requestWillBeSent":
                urls[about["requestId"]] = about["request"]["url"]
            elif message["method"] == "Network.loadingFailed" and about["requestId"] in urls:
                if not about.get("canceled"):
                    told.append(f"failed {urls[about['requestId']]} {about['errorText']}")
            elif message["method"] == "Network.responseReceived" and about["response"]["status"] >= 400:
                told.append(f"{about['response']['status']} {about['response']['url']}")
        return told
