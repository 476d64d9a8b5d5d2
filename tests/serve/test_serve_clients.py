"""Real clients at the real server: gPodder, curl, ffprobe, mpv, and Chromium with its player page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.serve.asking import Running
from tests.web.browser import Browser

pytestmark = pytest.mark.slow

Tool = Callable[[str], str]
PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


@pytest.fixture
def served(folder: Path, long_session: Path, serve: Callable[..., Running]) -> Running:
    shutil.copyfile(long_session, folder / "long.mp3")
    return serve(folder)


def run(*command: str | Path, **more: str) -> str:
    environment = {**os.environ, **dict.fromkeys(PROXIES, ""), **more}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout or ran.stderr  # mpv tells its state there


def test_gpodder(served: Running, tool: Tool, tmp_path: Path) -> None:
    """It subscribes, downloads just our files, and is told 304 the second time."""
    program, home = tool("gpo"), tmp_path / "gpodder"

    def gpo(*words: str) -> str:
        return run(
            program, *words, GPODDER_HOME=str(home), GPODDER_DOWNLOAD_DIR=str(home / "downloads"), HOME=str(tmp_path)
        )

    address = f"http://{served.host}/feed.xml"
    assert "Successfully added" in gpo("subscribe", address)
    assert "4 episodes downloaded" in gpo("download")
    downloaded = sorted(path.read_bytes() for path in (home / "downloads").rglob("*.mp3"))
    assert downloaded == sorted(path.read_bytes() for path in served.folder.rglob("*.mp3"))
    served.logged.clear()
    assert "0 new episodes" in gpo("update")
    served.until(lambda: any("GET /feed.xml 304 " in line for line in served.logged))
    assert not any("GET /feed.xml 200 " in line for line in served.logged)


def test_curl(served: Running, tool: Tool, tmp_path: Path) -> None:
    curl, data = tool("curl"), (served.folder / "long.mp3").read_bytes()
    url, target = f"http://{served.host}/long.mp3", tmp_path / "got.mp3"
    target.write_bytes(data[:3_000_000])
    run(curl, "-sSf", "-C", "-", "-o", target, url)
    assert target.read_bytes() == data
    run(curl, "-sSf", "-r", "1000-1999", "-o", target, url)
    assert target.read_bytes() == data[1000:2000]
    run(curl, "-sSf", "--http1.0", "-o", target, url)
    assert target.read_bytes() == data
    etags = tmp_path / "etag"
    run(curl, "-sSf", "--etag-save", etags, "-o", target, url)
    assert run(curl, "-sS", "--etag-compare", etags, "-o", tmp_path / "none", "-w", "%{http_code}", url) == "304"
    if served.options.any_own_address is False and len(served.sockets) > 1:
        run(curl, "-sSf", "-g", "-o", target, f"http://[::1]:{served.port}/short.mp3")
        assert target.read_bytes() == (served.folder / "short.mp3").read_bytes()


def test_ffprobe_seeks(served: Running, tool: Tool) -> None:
    shown = ("-show_entries", "format=duration:packet=pts_time", "-read_intervals", "400%+0.1", "-of", "json")
    told = json.loads(run(tool("ffprobe"), "-v", "error", *shown, f"http://{served.host}/long.mp3"))
    assert abs(float(told["packets"][0]["pts_time"]) - 400) < 0.1
    assert 590 < float(told["format"]["duration"]) < 640
    served.until(lambda: any("GET /long.mp3 206 " in line for line in served.logged))


def test_mpv_seeks(served: Running, tool: Tool) -> None:
    quiet = ("--no-config", "--no-video", "--ao=null", "--untimed", "--msg-level=all=warn,statusline=status")
    told = run(tool("mpv"), *quiet, "--start=500", "--length=2", f"http://{served.host}/long.mp3")
    assert "00:08:20" in told
    served.until(lambda: any("GET /long.mp3 206 " in line for line in served.logged))


@pytest.fixture
def chromium(tool: Tool, tmp_path: Path) -> Iterator[Browser]:
    browser = Browser(tool("chromium"), tool("chromedriver"), tmp_path / "chromium")
    yield browser
    browser.close()


def test_chromium_plays_and_seeks(served: Running, chromium: Browser) -> None:
    chromium.open(f"http://{served.host}/")
    assert chromium.faults() == []
    chromium.open(f"http://{served.host}/play/long.html")
    chromium.run("const audio = document.querySelector('audio'); audio.muted = true; await audio.play();")
    for at_s in (500, 30, 580, 300):
        chromium.run(f"document.querySelector('audio').currentTime = {at_s};")
        chromium.wait(f"Math.abs(document.querySelector('audio').currentTime - {at_s} - 1) < 0.9")
    assert chromium.run("return document.querySelector('audio').error") is None
    assert chromium.faults() == []
    assert any("/long.mp3" in line and " 206 " in line for line in served.logged)


def test_chromium_behind_a_secret(folder: Path, serve: Callable[..., Running], chromium: Browser) -> None:
    """All that pages need lies behind it, too; and they tell nobody."""
    served = serve(folder, secret="kitchen-window-42", reach="http://192.0.2.7:8000/kitchen-window-42/")
    for page in ("", "play/short.html", "play/week%201/day%202.html", "guide.html"):
        chromium.open(f"http://{served.host}/kitchen-window-42/{page}")
        chromium.wait("document.readyState === 'complete'")
        assert chromium.faults() == [], page
    assert not any(" 404 " in line for line in served.logged if "favicon" not in line), served.logged
    assert not any("kitchen" in line for line in served.logged)
