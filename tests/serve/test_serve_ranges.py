"""HEAD, ranges and conditions, over a bare socket: status, fields and bytes as RFC 9110 has them."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
from collections.abc import Callable
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.serve.asking import Reply, Running
from voicecoach.serve.ranges import UnsatisfiableError, read_ranges

LONG_AGO = "Sun, 06 Nov 1994 08:49:37 GMT"


def data_of(server: Running, name: str = "short") -> bytes:
    return (server.folder / f"{name}.mp3").read_bytes()


@pytest.fixture(scope="module")
def server(server: Running) -> Running:
    """Its sessions were not written just now: their dates prove something (RFC 9110, 8.8.2.2)."""
    for path in server.folder.rglob("*.mp3"):
        os.utime(path, (1_700_000_000, 1_700_000_000.25))
    server.until(lambda: server.ask("/short.mp3")["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT")
    return server


def test_whole_file(server: Running) -> None:
    data = data_of(server)
    reply = server.ask("/short.mp3")
    assert (reply.status, reply["content-type"], reply.body) == (200, "audio/mpeg", data)
    assert reply["accept-ranges"] == "bytes"
    assert reply["content-length"] == str(len(data))
    assert re.fullmatch(r'"[0-9a-f]{32}"', reply["etag"] or "")
    assert reply["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert reply.repeated == []


@pytest.mark.parametrize("target", ["/", "/feed.xml", "/short.mp3", "/feed/short.vtt", "/feed/short.jpg", "/none"])
def test_head_is_get_without_a_body(server: Running, target: str) -> None:
    got, head = server.ask(target), server.ask(target, "HEAD")
    assert head.status == got.status
    drop = {"date"}
    assert {k: v for k, v in head.fields.items() if k not in drop} == {
        k: v for k, v in got.fields.items() if k not in drop
    }
    assert int(head["content-length"] or -1) == len(got.body) > 0


def test_nothing_follows_the_head_of_head(server: Running) -> None:
    from tests.serve.asking import Connection

    with Connection(server.port) as connection:
        connection.send(server.request("/short.mp3", "HEAD", connection="close"))
        assert connection.reply("HEAD").status == 200
        assert connection.is_ended()


ONE = [
    ("bytes=0-1", 0, 2),
    ("bytes=0-0", 0, 1),
    ("bytes=5-", 5, None),
    ("bytes=-7", -7, None),
    ("bytes=-1", -1, None),
    ("bytes=100-199", 100, 200),
    ("bytes=0-", 0, None),
    ("BYTES=3-4", 3, 5),
    (" bytes=3-4 ", 3, 5),
    ("bytes= 3-4", 3, 5),
    ("bytes=3-4,", 3, 5),
    ("bytes=,3-4", 3, 5),
    ("bytes=0-99999999999999999999", 0, None),
    ("bytes=-99999999999999999999", 0, None),
    ("bytes=007-008", 7, 9),
    ("bytes=0-3,2-5", 0, 6),  # they overlap: one
    ("bytes=0-,0-,0-,5-", 0, None),
    ("bytes=3-4,99999999-", 3, 5),  # what is there of it
]


@pytest.mark.parametrize(("asked", "start", "end"), ONE)
def test_one_range(server: Running, asked: str, start: int, end: int | None) -> None:
    data = data_of(server)
    reply = server.ask("/short.mp3", range=asked)
    first = start % len(data) if start else 0
    last = (len(data) if end is None else end) - 1
    assert reply.status == 206
    assert reply["content-range"] == f"bytes {first}-{last}/{len(data)}"
    assert reply["content-type"] == "audio/mpeg"
    assert reply.body == data[start:end]
    whole = server.ask("/short.mp3")
    for name in ("etag", "last-modified", "cache-control"):
        assert reply[name] == whole[name]


def test_the_last_byte_and_the_one_behind_it(server: Running) -> None:
    data = data_of(server)
    n = len(data)
    last = server.ask("/short.mp3", range=f"bytes={n - 1}-{n + 5}")
    assert (last.status, last.body, last["content-range"]) == (206, data[-1:], f"bytes {n - 1}-{n - 1}/{n}")
    for asked in (f"bytes={n}-", f"bytes={n}-{n}", "bytes=-0", "bytes=99999999999999999999-", f"bytes={n}-,-0"):
        beyond = server.ask("/short.mp3", range=asked)
        assert (beyond.status, beyond["content-range"]) == (416, f"bytes */{n}"), asked
        assert len(beyond.body) == int(beyond["content-length"] or -1)


MALFORMED = (
    *("bytes", "bytes=", "bytes 0-1", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=0-1-2", "bytes=1", "bytes=--1"),
    *(
        "bytes=0-1;2-3",
        "bytes=0x0-0x1",
        "bytes=+0-1",
        "bytes=0-1,x",
        "bytes=1_0-2_0",
        "lines=0-1",
        "=0-1",
        "",
        "bytes==0-1",
    ),
    *("bytes=٠-١", "bytes=0 - 1", "bytes=5-2,0-1", "bytes=1.5-2", "none", "bytes=" + ",".join(["0-0"] * 17)),
    "bytes=" + "0" * 101 + "-",
)


@pytest.mark.parametrize("asked", MALFORMED)
def test_a_range_that_is_none_does_not_count(server: Running, asked: str) -> None:
    reply = server.ask("/short.mp3", range=asked)
    assert (reply.status, reply.body) == (200, data_of(server))
    assert reply["content-range"] is None


def test_two_range_fields_do_not_count(server: Running) -> None:
    request = server.request("/short.mp3", range="bytes=0-1", x="1").replace(b"x: 1", b"Range: lines=2-3")
    assert server.raw(request).status == 200


def test_head_knows_no_range(server: Running) -> None:
    """RFC 9110, 14.2: ranges are defined for GET."""
    reply = server.ask("/short.mp3", "HEAD", range="bytes=0-1")
    assert (reply.status, reply["content-length"]) == (200, str(len(data_of(server))))
    assert server.ask("/short.mp3", "HEAD", range="bytes=99999999-").status == 200


def parts(reply: Reply) -> list[tuple[str, bytes]]:
    """Take a multipart/byteranges apart by its lengths, not by searching."""
    found = re.fullmatch(r"multipart/byteranges; boundary=([0-9a-f]{32})", reply["content-type"] or "")
    assert found
    boundary, left, seen = found[1].encode(), b"\r\n" + reply.body, []
    while not left.startswith(b"\r\n--" + boundary + b"--\r\n"):
        start = b"\r\n--" + boundary + b"\r\nContent-Type: audio/mpeg\r\nContent-Range: "
        assert left.startswith(start)
        told, _, rest = left[len(start) :].partition(b"\r\n\r\n")
        first, last = map(int, re.match(rb"bytes (\d+)-(\d+)/", told).groups())  # type: ignore[union-attr]
        seen.append((told.decode(), rest[: last - first + 1]))
        left = rest[last - first + 1 :]
    assert left == b"\r\n--" + boundary + b"--\r\n"
    return seen


def test_several_ranges(server: Running) -> None:
    data = data_of(server)
    n = len(data)
    reply = server.ask("/short.mp3", range="bytes=100-109, 0-1 ,-3, 99999999-")
    assert reply.status == 206
    assert reply["content-range"] is None
    assert parts(reply) == [
        (f"bytes 100-109/{n}", data[100:110]),
        (f"bytes 0-1/{n}", data[:2]),
        (f"bytes {n - 3}-{n - 1}/{n}", data[-3:]),
    ]
    sixteen = server.ask("/short.mp3", range="bytes=" + ",".join(f"{10 * k}-{10 * k}" for k in range(16)))
    assert [body for _, body in parts(sixteen)] == [data[10 * k : 10 * k + 1] for k in range(16)]


def test_ranges_of_what_is_made(server: Running) -> None:
    whole = server.ask("/feed.xml").body
    assert server.ask("/feed.xml", range="bytes=10-19").body == whole[10:20]
    assert server.ask("/feed/short.jpg", range="bytes=-5").status == 206


def test_if_range(server: Running) -> None:
    whole = server.ask("/short.mp3")
    etag, date = whole["etag"] or "", whole["last-modified"] or ""
    for good in (etag, date, "Tuesday, 14-Nov-23 22:13:20 GMT", "Tue Nov 14 22:13:20 2023"):
        reply = server.ask("/short.mp3", range="bytes=1-3", if_range=good)
        assert (reply.status, reply.body) == (206, whole.body[1:4]), good
    later = "Tue, 14 Nov 2023 22:13:21 GMT"
    for bad in (f"W/{etag}", '"other"', etag.strip('"'), LONG_AGO, later, "*", f'{etag}, "x"', "", "yesterday"):
        reply = server.ask("/short.mp3", range="bytes=1-3", if_range=bad)
        assert (reply.status, reply.body) == (200, whole.body), bad
    assert server.ask("/short.mp3", range="bytes=99999999-", if_range='"other"').status == 200
    assert server.ask("/short.mp3", range="bytes=99999999-", if_range=etag).status == 416
    assert server.ask("/short.mp3", if_range=etag).status == 200


def test_a_date_of_this_second_proves_nothing(folder: Path, serve: Callable[..., Running]) -> None:
    """RFC 9110, 8.8.2.2: it may be written again within the second."""
    future = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).replace(microsecond=0)
    os.utime(folder / "short.mp3", (future.timestamp(), future.timestamp()))
    server = serve(folder)
    reply = server.ask("/short.mp3", range="bytes=0-1", if_range=format_datetime(future, usegmt=True))
    assert reply.status == 200
    assert reply["last-modified"] is None, "it must not be later than the answer (RFC 9110, 8.8.2.1)"


def settled(server: Running, target: str) -> Reply:
    """Ask when the answer's date proves something: what was made in this second may be made again in it."""
    for _ in range(50):
        reply = server.ask(target)
        date = reply["last-modified"]
        if date and (dt.datetime.now(dt.UTC) - parsedate_to_datetime(date)).total_seconds() > 2:
            return reply
        time.sleep(0.2)
    raise AssertionError(f"{target} never has a date that proves something")


def test_not_modified(server: Running) -> None:
    for target in ("/short.mp3", "/feed.xml", "/", "/feed/short.jpg"):
        whole = settled(server, target)
        etag, date = whole["etag"] or "", whole["last-modified"] or ""
        good: list[dict[str, str]] = [
            {"if_none_match": etag},
            {"if_none_match": f"W/{etag}"},
            {"if_none_match": f'"a", W/"b" , {etag}'},
            {"if_none_match": f'"a,b",,{etag},'},
            {"if_none_match": "*"},
            {"if_modified_since": date},
            {"if_none_match": etag, "if_modified_since": LONG_AGO},
            {"if_none_match": etag, "range": "bytes=0-1"},
        ]
        for fields in good:
            for method in ("GET", "HEAD"):
                reply = server.ask(target, method, **fields)
                assert (reply.status, reply.body) == (304, b""), (target, fields)
                assert reply["etag"] == etag
                assert reply["cache-control"] == whole["cache-control"]
                assert reply["content-type"] is None
        bad: list[dict[str, str]] = [
            {"if_none_match": '"other"'},
            {"if_none_match": etag.strip('"')},
            {"if_none_match": ""},
            {"if_none_match": '"other"', "if_modified_since": date},
            {"if_modified_since": LONG_AGO},
            {"if_modified_since": "yesterday"},
        ]
        for fields in bad:
            assert server.ask(target, **fields).status == 200, (target, fields)


def test_preconditions(server: Running) -> None:
    etag = server.ask("/short.mp3")["etag"] or ""
    date = server.ask("/short.mp3")["last-modified"] or ""
    assert server.ask("/short.mp3", if_match='"other"').status == 412
    assert server.ask("/short.mp3", if_match=f"W/{etag}").status == 412
    assert server.ask("/short.mp3", if_match=f'"other", {etag}').status == 200
    assert server.ask("/short.mp3", if_match="*").status == 200
    assert server.ask("/short.mp3", if_unmodified_since=LONG_AGO).status == 412
    assert server.ask("/short.mp3", if_unmodified_since=date).status == 200
    assert server.ask("/short.mp3", if_match=etag, if_unmodified_since=LONG_AGO).status == 200


def test_a_304_is_followed_by_the_next_answer(server: Running) -> None:
    from tests.serve.asking import Connection

    etag = server.ask("/short.mp3")["etag"] or ""
    with Connection(server.port) as connection:
        connection.send(server.request("/short.mp3", if_none_match=etag) + server.request("/short.mp3"))
        assert connection.reply().status == 304
        assert connection.reply().body == data_of(server)


@given(
    st.integers(1, 40), st.lists(st.tuples(st.integers(0, 50), st.none() | st.integers(0, 50)), min_size=1, max_size=6)
)
def test_ranges_cover_just_what_is_asked(size: int, asked: list[tuple[int, int | None]]) -> None:
    """Random ranges against a set of bytes."""
    text = "bytes=" + ", ".join(f"{a}-{'' if b is None else b}" for a, b in asked)
    if any(b is not None and b < a for a, b in asked):
        assert read_ranges(text, size) is None
        return
    wanted = {k for a, b in asked for k in range(a, min(size, size if b is None else b + 1))}
    if not wanted:
        with pytest.raises(UnsatisfiableError):
            read_ranges(text, size)
        return
    spans = read_ranges(text, size)
    assert spans is not None
    covered = [k for span in spans for k in range(span.start, span.end)]
    assert len(covered) == len(set(covered))
    assert set(covered) == wanted
