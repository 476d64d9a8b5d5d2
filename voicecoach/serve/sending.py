"""Sending an answer, piece by piece, as fast as its client takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from voicecoach.serve.answers import Answer
from voicecoach.serve.content import BLOCK_BYTES, MadeContent

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Sending:
    """One answer on its way.

    Parameters
    ----------
    given
        What is sent; its content is closed at the end, whatever happens.
    method
        To HEAD, no body is sent.
    receive, send
        Of ASGI.
    """

    def __init__(self, given: Answer, method: str, receive: Receive, send: Send) -> None:
        self._given = given
        self._method = method
        self._receive = receive
        self._send = send
        self.sent_bytes = 0

    @property
    def status(self) -> int:
        """Of HTTP."""
        return self._given.status

    async def run(self) -> None:
        """Send all of it.

        Raises
        ------
        ChangedError
            The file was written over: less was sent than promised, so the connection must not be used again.
        """
        try:
            start = {"type": "http.response.start", "status": self._given.status, "headers": list(self._given.head())}
            await self._send(start)
            if self._method != "HEAD" and not await self._body():
                return
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            if self._given.content is not None:
                self._given.content.close()

    async def _body(self) -> bool:
        """Send the pieces; tell whether the client was there until the end."""
        gone: asyncio.Task[None] | None = None
        try:
            for piece in self._given.pieces:
                if piece.span is None:
                    await self._block(piece.data)
                    continue
                if gone is None and piece.span.size > BLOCK_BYTES:
                    gone = asyncio.create_task(self._until_gone())
                at = piece.span.start
                while at < piece.span.end:
                    if gone is not None and gone.done():
                        return False
                    block = await self._read(at, min(BLOCK_BYTES, piece.span.end - at))
                    await self._block(block)
                    at += len(block)
            return True
        finally:
            if gone is not None:
                gone.cancel()

    async def _read(self, at: int, most: int) -> bytes:
        content = self._given.content
        assert content is not None
        if isinstance(content, MadeContent):
            return content.read(at, most)
        return await asyncio.get_running_loop().run_in_executor(None, content.read, at, most)

    async def _block(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})
        self.sent_bytes += len(data)

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            await asyncio.sleep(0)  # a server that tells the same again and again keeps nothing else waiting


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Turn away what is not HTTP."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1000})
