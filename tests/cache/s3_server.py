"""A real S3 server on loopback, in a process of its own: moto's. It ends with the process that started it."""

from __future__ import annotations

import itertools
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import s3fs

_SERVE = """
import logging, sys
logging.getLogger("werkzeug").setLevel(logging.ERROR)
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", int(sys.argv[1]), verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
_BUCKETS = itertools.count(1)


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """Serve S3, empty at first; gives the URL for ``AWS_ENDPOINT_URL``."""
    command = [sys.executable, "-W", "ignore", "-c", _SERVE, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            url = f"http://127.0.0.1:{int(server.stdout.readline())}"
            s3fs.S3FileSystem.clear_instance_cache()  # one of a server that is gone would be used on
            yield url
        finally:
            server.kill()
            s3fs.S3FileSystem.clear_instance_cache()


def environment(url: str) -> dict[str, str]:
    """What a process needs in its environment to find the server."""
    keys = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing", "AWS_DEFAULT_REGION": "us-east-1"}
    return {"AWS_ENDPOINT_URL": url, **keys}


def new_bucket(url: str) -> str:
    """Make a bucket at a server and give its address."""
    name = f"bucket-{next(_BUCKETS)}"
    with urllib.request.urlopen(urllib.request.Request(f"{url}/{name}", method="PUT")) as answer:
        assert answer.status == 200
    return f"s3://{name}"


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    """The URL of a server for all tests."""
    with serving() as url:
        yield url


@pytest.fixture
def s3_bucket(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty bucket; processes that a test starts find it, too."""
    for name, value in environment(s3_url).items():
        monkeypatch.setenv(name, value)
    return new_bucket(s3_url)
