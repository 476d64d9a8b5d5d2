"""The browser and its servers; `tests/web/browser.py` tells how to use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import CI
from tests.web.browser import AXE, Browser
from tests.web.static_server import StaticServer


@pytest.fixture(scope="session")
def chromium(tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tool("chromium"), tool("chromedriver"), tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """Chromium with an empty page."""
    chromium.blank()
    yield chromium
    chromium.blank()


@pytest.fixture
def serve_folder() -> Iterator[Callable[..., StaticServer]]:
    """Serve a folder, or several below paths of their own, on an origin that no other test has."""
    servers: list[StaticServer] = []

    def serve(folder: Path | dict[str, Path], **options: int) -> StaticServer:
        mounts = folder if isinstance(folder, dict) else {"/": folder}
        servers.append(StaticServer(mounts, **options).start())
        return servers[-1]

    yield serve
    for server in servers:
        server.stop()


@pytest.fixture
def axe(browser: Browser) -> Callable[..., list[str]]:
    """`Browser.axe`; without axe-core a test is skipped, but never in CI."""
    if not AXE.is_file():
        message = "axe-core is not there (npm install --prefix tests/web)"
        if CI:
            pytest.fail(message)
        pytest.skip(message)
    return browser.axe
