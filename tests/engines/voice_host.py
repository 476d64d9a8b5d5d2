"""A server of files for tests: ranges, ETags, redirects; and all the ways in which a download goes wrong."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class Manners:
    """How a server behaves.

    Attributes
    ----------
    ranges, tags
        It knows ranges; it gives ETags.
    break_at
        Of each answer's body, so many bytes are sent, then the connection is closed. The first of the list goes with
        the first request for a model; when the list is empty, all is sent.
    answers
        Status codes to give before anything is sent, in order.
    block_s
        It waits so long between blocks of 16 kB.
    lead_to
        Requests for models are led to this address.
    from_start
        Asked for the rest, it sends all of it, and says so.
    down
        It answers 503, whatever is asked.
    """

    ranges: bool = True
    tags: bool = True
    weak: bool = False
    break_at: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    block_s: float = 0.0
    lead_to: str = ""
    from_start: bool = False
    down: bool = False


@dataclass
class Asked:
    path: str
    range: str | None
    if_range: str | None
    status: int = 0
    sent: int = 0


class VoiceHost:
    """A server of a folder on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manners = Manners()
        self.asked: list[Asked] = []
        host = self

        class Handler(_Handler):
            pass

        Handler.host = host
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def asked_for(self, ending: str) -> list[Asked]:
        return [one for one in self.asked if one.path.endswith(ending)]


class _Handler(BaseHTTPRequestHandler):
    host: VoiceHost
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = Asked(self.path, self.headers.get("Range"), self.headers.get("If-Range"))
        self.host.asked.append(asked)
        manners = self.host.manners
        file = self.host.folder / self.path.lstrip("/").partition("?")[0]
        is_model = self.path.endswith(".onnx")
        if manners.down:
            return self._say(asked, 503)
        if is_model and manners.answers:
            return self._say(asked, manners.answers.pop(0))
        if is_model and manners.lead_to:
            return self._say(asked, 302, {"Location": manners.lead_to})
        if not file.is_file():
            return self._say(asked, 404)
        data = file.read_bytes()
        tag = f'{"W/" if manners.weak else ""}"{hashlib.sha256(data).hexdigest()[:16]}"'
        start, status = 0, 200
        headers = {"ETag": tag} if manners.tags else {}
        match = re.fullmatch(r"bytes=(\d+)-", asked.range or "")
        if match and manners.ranges and asked.if_range in {None, tag}:
            start, status = int(match[1]), 206
            if start >= len(data):
                return self._say(asked, 416, {"Content-Range": f"bytes */{len(data)}"})
            start = 0 if manners.from_start else start
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        body = data[start:]
        asked.status = status
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        stop = manners.break_at.pop(0) if is_model and manners.break_at else len(body)
        try:
            for at in range(0, min(stop, len(body)), 16_384):
                block = body[at : min(at + 16_384, stop)]
                self.wfile.write(block)
                self.wfile.flush()
                asked.sent += len(block)
                time.sleep(manners.block_s)
        except OSError:
            self.close_connection = True
        if stop < len(body):
            self.close_connection = True
        return None

    def _say(self, asked: Asked, status: int, headers: dict[str, str] | None = None) -> None:
        asked.status = status
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's word
        pass


@contextmanager
def serving(folder: Path) -> Iterator[VoiceHost]:
    host = VoiceHost(folder)
    host.start()
    try:
        yield host
    finally:
        host.stop()


def write_catalogue(folder: Path, models: Sequence[Path]) -> Path:
    """Lay voices out as the public catalogue does, with its ``voices.json``."""
    told = {}
    for model in models:
        name = model.stem
        code, dataset, quality = name.split("-")
        family, _, region = code.partition("_")
        place = f"{family}/{code}/{dataset}/{quality}"
        files = {}
        (folder / place).mkdir(parents=True, exist_ok=True)
        (folder / place / "MODEL_CARD").write_text("# a card\n", encoding="utf-8")
        for path in (model, model.with_name(f"{model.name}.json")):
            (folder / place / path.name).write_bytes(path.read_bytes())
        for path in sorted((folder / place).iterdir()):
            data = path.read_bytes()
            files[f"{place}/{path.name}"] = {
                "size_bytes": len(data),
                "md5_digest": hashlib.md5(data, usedforsecurity=False).hexdigest(),
            }
        told[name] = {
            "key": name,
            "name": dataset,
            "language": {"code": code, "family": family, "region": region, "name_english": "English"},
            "quality": quality,
            "num_speakers": 1,
            "speaker_id_map": {},
            "files": files,
            "aliases": [],
        }
    path = folder / "voices.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return path
