"""A server with OpenAI's speech API, as a process of its own: the first part of the path says how it behaves.

It prints its port, and what it is asked as a line of JSON each. Its voice is a tone whose length goes by the text.
"""

from __future__ import annotations

import array
import io
import json
import math
import sys
import time
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SEEN: dict[tuple[str, str], int] = {}


def wav(text: str, speed: float, pitch: int = 7, level: int = 9000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(24000)
        frames = int(24000 * 0.07 * (len(text) + 3) / speed)
        sound.writeframes(array.array("h", (int(level * math.sin(n / pitch)) for n in range(frames))).tobytes())
    return out.getvalue()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        mode = self.path.split("/")[1]
        if self.path.endswith("/audio/voices") and mode == "listing":
            self.send(200, {"voices": [{"id": "anna", "language": "de"}, "bella"]})
        elif mode == "locked":
            self.send(401, {"error": {"message": f"bad key {self.headers.get('Authorization')}"}})
        else:
            self.send(404, {"detail": "not here"})

    def do_POST(self) -> None:
        mode = self.path.split("/")[1]
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = (mode, asked["input"])
        SEEN[key] = SEEN.get(key, 0) + 1
        told = {"mode": mode, "path": self.path, "key": self.headers.get("Authorization"), **asked}
        print(json.dumps(told), flush=True)  # noqa: T201
        getattr(self, f"do_{mode}", self.do_good)(asked, SEEN[key])

    def sound(self, asked: dict[str, Any], **more: Any) -> bytes:
        return wav(asked["input"], asked["speed"], 5 + len(asked["voice"]), **more)

    def do_good(self, asked: dict[str, Any], _: int) -> None:
        self.send(200, self.sound(asked))

    def do_busy(self, asked: dict[str, Any], number: int) -> None:
        if number < 3:
            self.send(429, {"error": {"message": "slow down"}}, **{"Retry-After": "0"})
        else:
            self.do_good(asked, number)

    def do_broken(self, asked: dict[str, Any], number: int) -> None:
        if number < 2:
            self.send(500, b"<html>oops</html>", "text/html")
        else:
            self.do_good(asked, number)

    def do_down(self, _: dict[str, Any], __: int) -> None:
        self.send(503, {"error": {"message": "overloaded"}}, **{"Retry-After": "0"})

    def do_slow(self, asked: dict[str, Any], number: int) -> None:
        if number < 2:
            time.sleep(3)
        self.do_good(asked, number)

    def do_cut(self, asked: dict[str, Any], number: int) -> None:
        if number >= 2:
            self.do_good(asked, number)
            return
        data = self.sound(asked)
        self.send_response(200)
        self.send_header("Content-Type", "audio/wav")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2])
        self.close_connection = True

    def do_short(self, asked: dict[str, Any], _: int) -> None:
        """A WAV that is shorter than it says, whole as far as HTTP can tell."""
        data = self.sound(asked)
        self.send(200, data[: len(data) // 2])

    def do_stream(self, asked: dict[str, Any], _: int) -> None:
        data = bytearray(self.sound(asked))
        data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
        self.send_response(200)
        self.send_header("Content-Type", "audio/wav")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(data), 5000):
            block = bytes(data[at : at + 5000])
            self.wfile.write(f"{len(block):x}\r\n".encode() + block + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def do_page(self, _: dict[str, Any], __: int) -> None:
        self.send(200, b"<html>Welcome</html>", "text/html")

    def do_empty(self, _: dict[str, Any], __: int) -> None:
        self.send(200, b"")

    def do_silent(self, asked: dict[str, Any], _: int) -> None:
        self.send(200, self.sound(asked, level=0))

    def do_refusing(self, _: dict[str, Any], __: int) -> None:
        self.send(400, {"error": {"message": "no such model"}})

    def do_locked(self, _: dict[str, Any], __: int) -> None:
        self.send(401, {"error": {"message": f"bad key {self.headers.get('Authorization')}"}})

    def do_moved(self, _: dict[str, Any], __: int) -> None:
        self.send(302, b"", "text/plain", Location=f"http://{self.headers['Host']}/good/v1/audio/speech")

    def do_gone(self, _: dict[str, Any], __: int) -> None:
        self.close_connection = True
        self.connection.close()

    def send(self, status: int, body: Any, media_type: str = "audio/wav", **headers: str) -> None:
        if not isinstance(body, bytes):
            body, media_type = json.dumps(body).encode(), "application/json"
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)  # noqa: T201
    sys.stdin.close()
    server.serve_forever()
