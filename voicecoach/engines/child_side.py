"""The child's half of a guarded process: the pipe's framing, and the loop that answers.

Only the standard library is imported here, and of it only what is light, since every child pays for it at its start.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any, BinaryIO

_LENGTHS = struct.Struct(">II")
_GRACE_S = 2.0

Message = tuple[dict[str, Any], bytes]
"""A header of plain JSON values, and raw bytes."""

Handler = Callable[[dict[str, Any]], Message]
"""What a child does: takes a request's header, gives the reply's header and body."""


class Refusal(Exception):  # noqa: N818 - no fault of the child's: the answer to the request is no
    """The request cannot be met, and asking again would not help.

    Parameters
    ----------
    message
        Why not, in one line.
    kind
        ``speech``: this text; ``engine``: the engine cannot be used here at all.
    """

    def __init__(self, message: str, *, kind: str = "speech") -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind


def write_message(stream: BinaryIO, header: Mapping[str, object], body: bytes = b"") -> None:
    """Write one message: two lengths (big-endian, 4 bytes each), the header as JSON, the body."""
    head = json.dumps(header).encode("ascii")
    stream.write(_LENGTHS.pack(len(head), len(body)) + head)
    stream.write(body)
    stream.flush()


def read_message(stream: BinaryIO) -> Message | None:
    """Read one message; None where the pipe has ended, in the middle of a message too."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_bytes, body_bytes = _LENGTHS.unpack(lengths)
    head, body = stream.read(head_bytes), stream.read(body_bytes)
    if len(head) < head_bytes or len(body) < body_bytes:
        return None
    return json.loads(head), body


def serve(handle: Handler, folder: str) -> None:
    """Answer requests until the parent says goodbye or is gone.

    Parameters
    ----------
    handle
        Called in the main thread, one request at a time. A `Refusal` is told to the parent as such; any other
        exception as a failure, after which the parent takes a fresh child.
    folder
        The private temporary folder that the parent made. If the parent is gone without a goodbye (killed), it is
        removed here; empty for none.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; what it means the parent decides
    requests, replies = _take_pipes()
    inbox: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, inbox, folder), daemon=True).start()
    goodbye = False
    while (request := inbox.get()) is not None:
        if request.get("do") == "goodbye":
            goodbye = True
            break
        try:
            write_message(replies, *_answer(handle, request))
        except OSError:  # nobody reads any more
            break
    if not goodbye and folder:
        shutil.rmtree(folder, ignore_errors=True)


def _answer(handle: Handler, request: dict[str, Any]) -> Message:
    try:
        return handle(request)
    except Refusal as refusal:
        return {"refused": refusal.message, "kind": refusal.kind}, b""
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
        return {"failed": f"{type(error).__name__}: {error}"}, b""


def _listen(requests: BinaryIO, inbox: SimpleQueue[dict[str, Any] | None], folder: str) -> None:
    """Pass requests on; when the pipe ends, see to it that the process ends even if a foreign library hangs."""
    goodbye = False
    while (message := read_message(requests)) is not None:
        goodbye = message[0].get("do") == "goodbye"
        inbox.put(message[0])
    inbox.put(None)
    time.sleep(_GRACE_S)
    if not goodbye and folder:
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes to the parent for ourselves, so that no library's stray print or read can touch them.

    What anything writes to standard output, from C too, goes to standard error from here on.
    """
    requests_fd, replies_fd = os.dup(0), os.dup(1)
    nothing_fd = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing_fd, 0)
    os.close(nothing_fd)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt  # exists on Windows only

        msvcrt.setmode(requests_fd, os.O_BINARY)
        msvcrt.setmode(replies_fd, os.O_BINARY)
    return os.fdopen(requests_fd, "rb"), os.fdopen(replies_fd, "wb")
