"""Fetching against a real server on this machine: whole, resumed, broken off, changed, damaged, refused."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.voice_host import VoiceHost, serving
from voicecoach.engines import downloads
from voicecoach.engines.downloads import fetch
from voicecoach.engines.fetching import BrokenOffError, _Redirects, shown_url
from voicecoach.engines.offers import OfferFile
from voicecoach.errors import DownloadError, OutputError

DATA = bytes(range(256)) * 2000  # 512,000 bytes
OTHER = DATA[::-1]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[VoiceHost]:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "a.onnx").write_bytes(DATA)
    with serving(folder) as host:
        yield host


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "voices" / "a.onnx"


def file_of(host: VoiceHost, data: bytes = DATA, *, digest: str = "sha256") -> OfferFile:
    digests = {digest: hashlib.new(digest, data).hexdigest()} if digest else {}
    return OfferFile(f"{host.url}a.onnx", "a.onnx", len(data), **digests)


def no_wait(_seconds: float) -> None:
    pass


def part_of(target: Path) -> Path:
    return target.with_name("a.onnx.part")


@pytest.mark.parametrize("digest", ["sha256", "md5", ""])
def test_whole(host: VoiceHost, target: Path, digest: str) -> None:
    seen: list[tuple[int, int]] = []
    part = fetch(file_of(host, digest=digest), target, lambda done, of: seen.append((done, of)))
    assert part.read_bytes() == DATA
    assert part == part_of(target)
    assert [path.name for path in target.parent.iterdir()] == ["a.onnx.part"]
    assert seen[0] == (0, len(DATA))
    assert seen[-1] == (len(DATA), len(DATA))
    assert seen == sorted(seen)


def test_a_broken_connection_is_taken_up_at_once(host: VoiceHost, target: Path) -> None:
    host.manners.break_at = [100_000, 100_000]
    assert fetch(file_of(host), target, wait=no_wait).read_bytes() == DATA
    assert [one.range for one in host.asked] == [None, "bytes=100000-", "bytes=200000-"]
    assert [one.status for one in host.asked] == [200, 206, 206]
    assert host.asked[1].if_range is not None


def test_the_next_command_goes_on(host: VoiceHost, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "TRIES", 1)
    host.manners.break_at = [100_000]
    with pytest.raises(DownloadError, match=r"closed the connection; 0\.1 MB of 0\.5 MB are kept") as caught:
        fetch(file_of(host), target, wait=no_wait)
    assert "same command again" in str(caught.value.hint)
    assert not target.exists()
    assert part_of(target).read_bytes() == DATA[:100_000]
    assert fetch(file_of(host), target).read_bytes() == DATA
    assert host.asked[-1].range == "bytes=100000-"
    assert host.asked[-1].sent == len(DATA) - 100_000


@pytest.mark.parametrize("digest", ["sha256", ""])
def test_a_server_without_ranges(host: VoiceHost, target: Path, digest: str) -> None:
    host.manners.ranges = False
    host.manners.break_at = [300_000]
    assert fetch(file_of(host, digest=digest), target, wait=no_wait).read_bytes() == DATA
    assert [one.status for one in host.asked] == [200, 200]


def test_another_version_by_now(host: VoiceHost, target: Path) -> None:
    """The server has another file of the same size: If-Range gives it whole, and nothing is patched together."""
    host.manners.break_at = [100_000] * 5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(downloads, "TRIES", 1)
        with pytest.raises(DownloadError):
            fetch(file_of(host), target)
    host.manners.break_at = []
    (host.folder / "a.onnx").write_bytes(OTHER)
    assert fetch(file_of(host, OTHER), target).read_bytes() == OTHER
    assert host.asked[-1].status == 200


@pytest.mark.parametrize("manner", ["weak", "none"])
def test_without_a_strong_tag_the_digest_tells(host: VoiceHost, target: Path, manner: str) -> None:
    """A part of another version is found out in the end, and all is fetched once more."""
    host.manners.tags, host.manners.weak = manner != "none", manner == "weak"
    part_of(target).parent.mkdir()
    part_of(target).write_bytes(OTHER[:100_000])
    assert fetch(file_of(host), target).read_bytes() == DATA
    assert [one.range for one in host.asked] == ["bytes=100000-", None]


def test_without_tag_and_digest_it_begins_anew(host: VoiceHost, target: Path) -> None:
    host.manners.tags = False
    part_of(target).parent.mkdir()
    part_of(target).write_bytes(OTHER[:100_000])
    assert fetch(file_of(host, digest=""), target).read_bytes() == DATA
    assert host.asked[0].range is None


def test_a_server_that_sends_other_than_the_rest(host: VoiceHost, target: Path) -> None:
    host.manners.from_start = True
    part_of(target).parent.mkdir()
    part_of(target).write_bytes(DATA[:100_000])
    assert fetch(file_of(host), target).read_bytes() == DATA
    assert [(one.range, one.status) for one in host.asked] == [("bytes=100000-", 206), (None, 200)]


def test_a_server_that_has_less_than_what_is_here(host: VoiceHost, target: Path) -> None:
    (host.folder / "a.onnx").write_bytes(DATA[:50_000])
    part_of(target).parent.mkdir()
    part_of(target).write_bytes(DATA[:100_000])
    with pytest.raises(DownloadError, match="the server has 50,000 bytes"):
        fetch(file_of(host), target)
    assert [one.status for one in host.asked] == [416, 200]


def test_a_whole_part_is_not_fetched_again(host: VoiceHost, target: Path) -> None:
    part_of(target).parent.mkdir()
    part_of(target).write_bytes(DATA)
    assert fetch(file_of(host), target).read_bytes() == DATA
    assert host.asked == []


def test_a_part_that_is_too_large(host: VoiceHost, target: Path) -> None:
    part_of(target).parent.mkdir()
    part_of(target).write_bytes(DATA + b"more")
    assert fetch(file_of(host), target).read_bytes() == DATA


@pytest.mark.parametrize("digest", ["sha256", "md5"])
def test_a_wrong_digest_throws_it_away(host: VoiceHost, target: Path, digest: str) -> None:
    (host.folder / "a.onnx").write_bytes(OTHER)
    with pytest.raises(DownloadError, match=r"not what it should be: its (SHA-256|MD5) is") as caught:
        fetch(file_of(host, digest=digest), target)
    assert caught.value.hint
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("data", [DATA[:-1], DATA + b"x"])
def test_a_wrong_size(host: VoiceHost, target: Path, data: bytes) -> None:
    (host.folder / "a.onnx").write_bytes(data)
    with pytest.raises(DownloadError, match=f"the server has {len(data):,} bytes, and there should be 512,000"):
        fetch(file_of(host), target)
    assert list(target.parent.iterdir()) == []
    assert host.asked[0].sent <= 65_536 or len(host.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(host: VoiceHost, target: Path, status: int) -> None:
    host.manners.answers = [status, status]
    waits: list[float] = []
    assert fetch(file_of(host), target, wait=waits.append).read_bytes() == DATA
    assert len(waits) == 2
    assert waits == sorted(waits)


@pytest.mark.parametrize(("status", "words"), [(404, "404 Not Found"), (403, "403 Forbidden"), (401, "401")])
def test_a_server_that_says_no(host: VoiceHost, target: Path, status: int, words: str) -> None:
    host.manners.answers = [status]
    with pytest.raises(DownloadError, match=words) as caught:
        fetch(file_of(host), target)
    assert caught.value.hint
    assert len(host.asked) == 1
    assert list(target.parent.iterdir()) == []


def test_a_server_that_is_always_busy(host: VoiceHost, target: Path) -> None:
    host.manners.answers = [503] * 20
    with pytest.raises(DownloadError, match="503"):
        fetch(file_of(host), target, wait=no_wait)
    assert len(host.asked) == downloads.TRIES


def test_nobody_is_there(target: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(DownloadError, match="connection refused") as caught:
        fetch(OfferFile(f"http://127.0.0.1:{port}/a.onnx", "a.onnx", 5), target)
    assert "--from FILE" in str(caught.value.hint)


def test_a_name_that_is_unknown(target: Path) -> None:
    with pytest.raises(DownloadError, match=r"there is no way|there is no connection|certificate|silent|503|502|403"):
        fetch(OfferFile("http://voices.invalid/a.onnx", "a.onnx", 5), target, wait=no_wait)


def test_redirects_are_followed(host: VoiceHost, target: Path, tmp_path: Path) -> None:
    with serving(host.folder) as other:
        host.manners.lead_to = f"{other.url}a.onnx"
        other.manners.break_at = [100_000]
        assert fetch(file_of(host), target, wait=no_wait).read_bytes() == DATA
        assert [one.range for one in other.asked] == [None, "bytes=100000-"]


def test_never_from_https_to_http() -> None:
    import urllib.request

    request = urllib.request.Request("https://voices.example/a.onnx")
    with pytest.raises(BrokenOffError, match="from https to http"):
        _Redirects().redirect_request(request, None, 302, "Found", {}, "http://voices.example/a.onnx")
    with pytest.raises(BrokenOffError, match="from https to file"):
        _Redirects().redirect_request(request, None, 302, "Found", {}, "file:///etc/passwd")
    assert _Redirects().redirect_request(request, None, 302, "Found", {}, "https://cdn.example/a") is not None


def test_a_full_disk_is_told_before(host: VoiceHost, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage(10, 9, 1))
    with pytest.raises(OutputError, match=r"the disk is full.*0\.5 MB are to come, and 1 bytes are free") as caught:
        fetch(file_of(host), target)
    assert "VOICECOACH_DATA" in str(caught.value.hint)
    assert host.asked == []


def test_a_disk_that_fills_up(host: VoiceHost, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def __init__(self) -> None:
            self.left = 1

        def __call__(self, _done: int, _of: int) -> None:
            self.left -= 1
            if self.left < 0:
                raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match="the disk is full"):
        fetch(file_of(host), target, Full())
    assert part_of(target).exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written(host: VoiceHost, target: Path) -> None:
    target.parent.mkdir(mode=0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        fetch(file_of(host), target)


def test_a_file_where_the_folder_should_be(host: VoiceHost, target: Path) -> None:
    target.parent.write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        fetch(file_of(host), target)


def test_interrupted_by_its_user(host: VoiceHost, target: Path) -> None:
    def stop(done: int, _of: int) -> None:
        if done > 200_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(file_of(host), target, stop)
    kept = part_of(target).stat().st_size
    assert 200_000 < kept < len(DATA)
    assert fetch(file_of(host), target).read_bytes() == DATA
    assert host.asked[-1].range == f"bytes={kept}-"


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_killed_process_goes_on_where_it_was(host: VoiceHost, target: Path) -> None:
    host.manners.block_s = 0.05
    code = (
        "import sys; from pathlib import Path; from voicecoach.engines.downloads import fetch\n"
        "from voicecoach.engines.offers import OfferFile\n"
        f"fetch(OfferFile({file_of(host).url!r}, 'a.onnx', {len(DATA)}, sha256={file_of(host).sha256!r}), "
        f"Path({str(target)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    part = part_of(target)
    for _ in range(1200):
        if part.exists() and part.stat().st_size > 0:
            break
        time.sleep(0.05)
    with pytest.raises(DownloadError, match="another voicecoach"):
        fetch(file_of(host), target)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = part.stat().st_size
    assert 0 < kept < len(DATA)
    assert not target.exists()
    host.manners.block_s = 0.0
    assert fetch(file_of(host), target).read_bytes() == DATA
    assert host.asked[-1].range == f"bytes={kept}-"
    assert host.asked[-1].status == 206


def test_a_proxy_of_the_environment(host: VoiceHost, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy is asked with the whole address; ours serves by what follows the host."""
    monkeypatch.setenv("http_proxy", host.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    (host.folder / "http:" / "voices.invalid").mkdir(parents=True)
    (host.folder / "http:" / "voices.invalid" / "a.onnx").write_bytes(DATA)
    file = OfferFile("http://voices.invalid/a.onnx", "a.onnx", len(DATA), sha256=hashlib.sha256(DATA).hexdigest())
    assert fetch(file, target).read_bytes() == DATA
    assert host.asked[0].path == "http://voices.invalid/a.onnx"


def test_shown_addresses_have_no_secrets() -> None:
    assert shown_url("https://me:secret@voices.example/a/b.onnx?token=secret#x") == "https://voices.example/a/b.onnx"


def test_a_local_file(tmp_path: Path, target: Path) -> None:
    (tmp_path / "some where.onnx").write_bytes(DATA)
    file = OfferFile((tmp_path / "some where.onnx").as_uri(), "a.onnx", len(DATA), md5=hashlib.md5(DATA).hexdigest())
    assert fetch(file, target).read_bytes() == DATA
