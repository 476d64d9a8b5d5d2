"""Many clients, slow ones, and those that ask too much."""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.serve.asking import Connection, Running
from voicecoach.serve.options import Limits


def test_ten_clients_at_once(folder: Path, long_session: Path, serve: Callable[..., Running]) -> None:
    """Each asks for other ranges of two files, and gets just these bytes."""
    shutil.copyfile(long_session, folder / "long.mp3")
    server = serve(folder)
    data = {"/long.mp3": long_session.read_bytes(), "/short.mp3": (folder / "short.mp3").read_bytes()}
    faults: list[str] = []
    start = threading.Barrier(10)

    def client(number: int) -> None:
        chosen = random.Random(number)
        start.wait()
        with Connection(server.port) as connection:
            for turn in range(12):
                target = chosen.choice(list(data))
                whole = data[target]
                first = chosen.randrange(len(whole))
                last = chosen.randrange(first, len(whole))
                connection.send(server.request(target, range=f"bytes={first}-{last}"))
                reply = connection.reply()
                if reply.status != 206 or reply.body != whole[first : last + 1]:
                    faults.append(f"client {number}, turn {turn}: {target} {first}-{last}: {reply.status}")
            connection.send(server.request("/long.mp3"))
            if connection.reply().body != data["/long.mp3"]:
                faults.append(f"client {number}: the whole is another")

    clients = [threading.Thread(target=client, args=(number,)) for number in range(10)]
    for one in clients:
        one.start()
    for one in clients:
        one.join(60)
    assert faults == []
    assert not any(one.is_alive() for one in clients)


def test_a_client_that_takes_nothing_keeps_nobody_waiting(
    folder: Path, long_session: Path, serve: Callable[..., Running]
) -> None:
    shutil.copyfile(long_session, folder / "long.mp3")
    server = serve(folder, limits=Limits(stalled_s=1.0))
    lazy = [Connection(server.port, slow=True) for _ in range(8)]
    for one in lazy:
        one.send(server.request("/long.mp3"))
    assert server.ask("/long.mp3").body == long_session.read_bytes()
    server.until(lambda: not server.server.server_state.connections, 15)
    for one in lazy:
        with pytest.raises((AssertionError, ConnectionError)):
            one.reply()
        one.socket.close()


def test_a_slow_client_gets_all(folder: Path, long_session: Path, serve: Callable[..., Running]) -> None:
    shutil.copyfile(long_session, folder / "long.mp3")
    server = serve(folder, limits=Limits(stalled_s=3.0))
    with Connection(server.port) as connection:
        connection.send(server.request("/long.mp3"))
        for _ in range(4):
            time.sleep(1.0)  # more than it may stall in all, never stalled for so long at once
            end = len(connection.left) + 1_600_000
            while len(connection.left) < end and connection.more():
                pass
        assert connection.reply().body == long_session.read_bytes()


def test_a_request_that_drips(folder: Path, serve: Callable[..., Running]) -> None:
    """No byte of it gives it more time (slow loris)."""
    server = serve(folder, limits=Limits(head_s=1.0))
    with Connection(server.port) as silent, Connection(server.port) as dripping:
        began = time.monotonic()
        try:
            for letter in server.request("/short.mp3") * 3:
                dripping.send(bytes([letter]))
                time.sleep(0.05)
                if time.monotonic() - began > 5:
                    break
        except ConnectionError:
            pass
        assert time.monotonic() - began < 4
        assert dripping.reply().status == 408
        assert silent.reply().status == 408
        assert silent.is_ended()


def test_the_second_request_may_not_drip_either(folder: Path, serve: Callable[..., Running]) -> None:
    server = serve(folder, limits=Limits(head_s=0.5))
    with Connection(server.port) as connection:
        connection.send(server.request("/short.mp3") + b"GET /sh")
        assert connection.reply().status == 200
        connection.send(b"o")
        assert connection.reply().status == 408
        assert connection.is_ended()


def test_an_idle_connection_ends(folder: Path, serve: Callable[..., Running]) -> None:
    server = serve(folder, limits=Limits(idle_s=1))
    with Connection(server.port) as connection:
        connection.send(server.request("/short.mp3"))
        assert connection.reply().status == 200
        began = time.monotonic()
        assert connection.is_ended()
        assert 0.5 < time.monotonic() - began < 5


def test_an_answer_that_takes_long_is_not_cut_by_the_clock_of_heads(
    folder: Path, long_session: Path, serve: Callable[..., Running]
) -> None:
    shutil.copyfile(long_session, folder / "long.mp3")
    server = serve(folder, limits=Limits(head_s=0.5))
    with Connection(server.port, slow=True) as connection:
        connection.send(server.request("/long.mp3"))
        time.sleep(1.2)
        assert connection.reply().body == long_session.read_bytes()


def test_a_long_head(folder: Path, serve: Callable[..., Running]) -> None:
    server = serve(folder)
    assert server.ask("/short.mp3", x="a" * 4000).status == 200
    assert server.raw(server.request("/short.mp3", x="a" * 70_000)).status == 431
    many = {f"x{n}": "a" for n in range(9000)}
    assert server.raw(server.request("/short.mp3", **many)).status == 431


def test_too_many_at_once(folder: Path, long_session: Path, serve: Callable[..., Running]) -> None:
    shutil.copyfile(long_session, folder / "long.mp3")
    server = serve(folder, limits=Limits(requests=3))
    held = [Connection(server.port, slow=True) for _ in range(3)]
    for one in held:
        one.send(server.request("/long.mp3"))
        while len(one.left) < 1000:
            assert one.more()
    reply = server.ask("/short.mp3")
    assert (reply.status, reply["retry-after"], reply["connection"]) == (503, "2", "close")
    for one in held:
        one.socket.close()
    server.until(lambda: server.ask("/short.mp3").status == 200)


def test_too_many_connections(folder: Path, serve: Callable[..., Running]) -> None:
    server = serve(folder, limits=Limits(connections=4))
    held = [Connection(server.port) for _ in range(4)]
    for one in held:
        one.send(server.request("/short.mp3", "HEAD"))
        assert one.reply("HEAD").status == 200
    with Connection(server.port) as more:
        assert more.reply().status == 503
        assert more.is_ended()
    held[0].send(server.request("/short.mp3"))
    assert held[0].reply().status == 200, "who is in stays in"
    held[0].socket.close()
    server.until(lambda: server.ask("/short.mp3").status == 200)
    for one in held:
        one.socket.close()


def test_a_client_that_goes_is_let_go(folder: Path, long_session: Path, serve: Callable[..., Running]) -> None:
    """Nothing more is read for it."""
    shutil.copyfile(long_session, folder / "long.mp3")
    server = serve(folder)
    for _ in range(20):
        connection = Connection(server.port, slow=True)
        connection.send(server.request("/long.mp3"))
        assert connection.more()
        connection.socket.close()
    server.until(lambda: not server.server.server_state.tasks)
    server.until(lambda: sum(" /long.mp3 200 " in line for line in server.logged) == 20)
    sent = [int(line.split()[-4]) for line in server.logged if "/long.mp3" in line]
    assert max(sent) < long_session.stat().st_size


def test_an_end_does_not_wait_for_slow_clients(folder: Path, long_session: Path, serve: Callable[..., Running]) -> None:
    shutil.copyfile(long_session, folder / "long.mp3")
    server = serve(folder, limits=Limits(leaving_s=1))
    with Connection(server.port, slow=True) as slow, Connection(server.port) as idle:
        slow.send(server.request("/long.mp3"))
        assert slow.more()
        idle.send(server.request("/short.mp3"))
        assert idle.reply().status == 200
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 4


@pytest.mark.slow
def test_memory_stays_flat(folder: Path, long_session: Path) -> None:
    """Ten clients that load 20 MB each, and take their time."""
    import subprocess
    import sys

    data = long_session.read_bytes()
    for n in range(3):
        shutil.copyfile(long_session, folder / f"long{n}.mp3")
    code = (
        "import sys; from pathlib import Path\n"
        "from voicecoach.serve.network import listen\n"
        "from voicecoach.serve.options import ServeOptions\n"
        "from voicecoach.serve.run import serve\n"
        "sockets = listen(0, lan=False)\n"
        "told = lambda: print(sockets[0].getsockname()[1], flush=True)\n"
        "serve(Path(sys.argv[1]), ServeOptions(), sockets, told)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())

        def peak_kb() -> int:
            status = Path(f"/proc/{process.pid}/status")
            if not status.exists():
                pytest.skip("no /proc")
            return int(status.read_text().split("VmHWM:")[1].split()[0])

        def load(number: int) -> None:
            with Connection(port, slow=number == 0) as connection:
                for n in range(3):
                    connection.send(f"GET /long{n}.mp3 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                    good.append(connection.reply().body == data)

        good: list[bool] = []
        load(1)
        before_kb = peak_kb()
        clients = [threading.Thread(target=load, args=(number,)) for number in range(10)]
        for one in clients:
            one.start()
        for one in clients:
            one.join(120)
        assert good == [True] * 33
        assert peak_kb() - before_kb < 20_000
    finally:
        process.terminate()
        process.communicate(timeout=20)
        assert process.returncode == 0
