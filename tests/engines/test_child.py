"""The guarded child: death, hanging, noise, recycling, and no orphans."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voicecoach.engines.child import ChildFault, ChildPool, ChildRefusal
from voicecoach.errors import EngineError

posix = pytest.mark.skipif(os.name != "posix", reason="asks after processes by signal 0")

CHILD = """
import ctypes, os, sys, time
from voicecoach.engines.child_side import Refusal, serve

def handle(request):
    do = request["do"]
    if do == "die":
        sys.stderr.write("last words\\n")
        os._exit(7)
    if do == "die-once" and not os.path.exists(request["flag"]):
        open(request["flag"], "w").close()
        os.abort()
    if do == "hang":
        time.sleep(600)
    if do == "refuse":
        raise Refusal("no", kind="engine")
    if do == "fail":
        raise KeyError("oops")
    if do == "noise":
        print("stray " * 100_000, flush=True)
        sys.stderr.write("err " * 100_000)
        os.write(1, b"\\x00\\x00\\x00\\x05 raw")
        os.system("echo from a grandchild")
    if do == "read":
        return {"read": sys.stdin.read()}, b""
    return {"pid": os.getpid(), "retire": do == "retire"}, bytes(request.get("bytes", 0))

serve(handle, sys.argv[1])
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "a_test_child.py").write_text(CHILD)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "a_test_child"


@pytest.fixture
def make(module: str) -> Iterator[Callable[..., ChildPool]]:
    pools = []

    def make(**options: float) -> ChildPool:
        pools.append(ChildPool(module, **options))  # type: ignore[arg-type]
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()
        assert not Path(pool.folder).exists()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until(condition: Callable[[], bool], longest_s: float = 15.0) -> bool:
    end_s = time.monotonic() + longest_s
    while not condition() and time.monotonic() < end_s:
        time.sleep(0.02)
    return condition()


def test_one_child_serves_one_thread(make: Callable[..., ChildPool]) -> None:
    pool = make()
    assert len({pool.ask({"do": "echo"}).header["pid"] for _ in range(20)}) == 1


def test_large_bodies(make: Callable[..., ChildPool]) -> None:
    assert len(make().ask({"do": "echo", "bytes": 20_000_000, "pad": "ü" * 100_000}).body) == 20_000_000


def test_no_more_children_than_places(make: Callable[..., ChildPool]) -> None:
    pool = make(size=2)
    with ThreadPoolExecutor(8) as threads:
        pids = list(threads.map(lambda _: pool.ask({"do": "echo"}).header["pid"], range(100)))
    assert 1 <= len(set(pids)) <= 2


def test_death_is_retried(make: Callable[..., ChildPool], tmp_path: Path) -> None:
    pool = make()
    first = pool.ask({"do": "echo"}).header["pid"]
    assert pool.ask({"do": "die-once", "flag": str(tmp_path / "flag")}).header["pid"] != first


def test_death_again_and_again_is_told(make: Callable[..., ChildPool]) -> None:
    pool = make(retries=1)
    with pytest.raises(ChildFault, match=r"exit code 7.*last words.*2 attempts"):
        pool.ask({"do": "die"})
    assert pool.ask({"do": "echo"}).header["pid"]


@posix
def test_a_child_killed_from_outside(make: Callable[..., ChildPool]) -> None:
    pool = make()
    pid = pool.ask({"do": "echo"}).header["pid"]
    os.kill(pid, signal.SIGTERM)
    assert wait_until(lambda: not is_alive(pid))
    assert pool.ask({"do": "echo"}).header["pid"] != pid


@posix
def test_time_out(make: Callable[..., ChildPool]) -> None:
    pool = make(retries=1)
    pid = pool.ask({"do": "echo"}).header["pid"]
    start_s = time.monotonic()
    with pytest.raises(ChildFault, match=r"no answer within 0.3 s \(2 attempts\)"):
        pool.ask({"do": "hang"}, timeout_s=0.3)
    assert time.monotonic() - start_s < 5
    assert not is_alive(pid)
    assert pool.ask({"do": "echo"}).header["pid"] != pid


def test_refusal_is_not_retried(make: Callable[..., ChildPool]) -> None:
    pool = make()
    pid = pool.ask({"do": "echo"}).header["pid"]
    with pytest.raises(ChildRefusal, match="no") as caught:
        pool.ask({"do": "refuse"})
    assert caught.value.kind == "engine"
    assert pool.ask({"do": "echo"}).header["pid"] == pid


def test_an_unforeseen_failure_is_told(make: Callable[..., ChildPool]) -> None:
    with pytest.raises(ChildFault, match="KeyError: 'oops'"):
        make(retries=1).ask({"do": "fail"})


def test_stray_output_and_input(make: Callable[..., ChildPool], capfd: pytest.CaptureFixture[str]) -> None:
    pool = make()
    pids = {pool.ask({"do": "noise"}).header["pid"] for _ in range(3)}
    assert len(pids) == 1
    assert pool.ask({"do": "read"}).header["read"] == ""
    assert capfd.readouterr() == ("", "")


@posix
def test_recycling(make: Callable[..., ChildPool]) -> None:
    pool = make(recycle_after=5)
    pids = [pool.ask({"do": "echo"}).header["pid"] for _ in range(15)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [5, 5, 5]
    assert not any(map(is_alive, pids[:-1]))
    assert len({pool.ask({"do": "retire"}).header["pid"] for _ in range(3)}) == 3


def test_a_file_here_shadows_nothing(
    make: Callable[..., ChildPool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    for name in ("json", "queue", "random", "voicecoach", "ctypes"):
        (here / f"{name}.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.chdir(here)
    assert make(retries=0).ask({"do": "echo"}).header["pid"]


@posix
def test_ctrl_c_is_the_parents_business(make: Callable[..., ChildPool]) -> None:
    pool = make()
    pid = pool.ask({"do": "echo"}).header["pid"]
    os.kill(pid, signal.SIGINT)
    time.sleep(0.1)
    assert pool.ask({"do": "echo"}).header["pid"] == pid


@posix
def test_closing_ends_a_child_at_work(make: Callable[..., ChildPool]) -> None:
    pool = make()
    pid = pool.ask({"do": "echo"}).header["pid"]
    faults: list[BaseException] = []

    def work() -> None:
        try:
            pool.ask({"do": "hang"})
        except ChildFault as fault:
            faults.append(fault)

    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.1)
    pool.close()
    worker.join(10)
    assert faults
    assert not is_alive(pid)
    with pytest.raises(ChildFault, match="closed"):
        pool.ask({"do": "echo"})


@posix
@pytest.mark.parametrize("busy", [False, True])
def test_no_orphan_when_the_parent_is_killed(module: str, busy: bool) -> None:
    program = (
        "import sys, threading\n"
        "from voicecoach.engines.child import ChildPool\n"
        "pool = ChildPool(sys.argv[1])\n"
        "print(pool.ask({'do': 'echo'}).header['pid'], pool.folder, flush=True)\n"
        "pool.ask({'do': sys.argv[2]}); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, module, "hang" if busy else "echo"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid, folder = parent.stdout.readline().split()
        time.sleep(0.1)
        assert is_alive(int(pid))
        parent.kill()
    assert wait_until(lambda: not is_alive(int(pid)))
    assert wait_until(lambda: not Path(folder).exists())


@posix
@pytest.mark.parametrize("ending", ["pass", "raise SystemExit(3)", "pool.close()"])
def test_an_unclosed_pool_ends_with_the_interpreter(module: str, ending: str) -> None:
    program = (
        "import sys\nfrom voicecoach.engines.child import ChildPool\n"
        "pool = ChildPool(sys.argv[1])\n"
        f"print(pool.ask({{'do': 'echo'}}).header['pid'], pool.folder)\n{ending}\n"
    )
    command = [sys.executable, "-W", "error", "-c", program, module]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    pid, folder = done.stdout.split()
    assert done.stderr == ""
    assert wait_until(lambda: not is_alive(int(pid)))
    assert not Path(folder).exists()


def test_a_module_that_is_not_there(make: Callable[..., ChildPool]) -> None:
    pool = ChildPool("no_such_module", retries=0)
    try:
        with pytest.raises(ChildFault, match="No module named"):
            pool.ask({"do": "echo"})
    finally:
        pool.close()


def test_no_interpreter(make: Callable[..., ChildPool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(ChildFault, match="interpreter"):
        make(retries=0).ask({"do": "echo"})


def test_a_temporary_folder_that_cannot_be_written(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    with pytest.raises(EngineError, match="temporary folder") as caught:
        ChildPool(module)
    assert caught.value.hint is not None
    assert "TMPDIR" in caught.value.hint
