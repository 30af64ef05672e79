"""A real receiver on loopback, in a process of its own.

It answers at once, hangs at `/hang`, and notes each arrival.
"""

import asyncio
import json
import multiprocessing
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.callers import ask
from bench.deployment import free_port, wait_for_port

Arrivals = dict[str, float]
PATIENCE_SECONDS = 60
NOTHING = b"HTTP/1.1 204 No Content\r\n\r\n"


class _Connection(asyncio.Protocol):
    """One connection. Speaks only as much HTTP as its callers: one call after another, a length before each body."""

    def __init__(self, arrivals: Arrivals) -> None:
        self.arrivals = arrivals
        self.unread = b""
        self.begun_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if not self.unread:
            self.begun_at = time.monotonic()
        self.unread += data
        head, end, body = self.unread.partition(b"\r\n\r\n")
        if end and len(body) >= int(_header(head, b"content-length") or 0):
            self.unread = b""
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET"):
            self._respond(json.dumps(self.arrivals).encode())
            self.arrivals.clear()
        elif b'"endpoint.verify"' in body:
            self._respond(json.dumps({"challenge": json.loads(body)["data"]["challenge"]}).encode())
        elif not head.startswith(b"POST /hang"):
            self.arrivals[f"{head.split()[1].decode()} {_header(head, b'webhook-id').decode()}"] = self.begun_at
            self.transport.write(NOTHING)

    def _respond(self, body: bytes) -> None:
        self.transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))


def _header(head: bytes, name: bytes) -> bytes:
    found = re.search(rb"(?i)\r\n%s: *([^\r]+)" % name, head)
    return found[1] if found else b""


def listen(port: int) -> None:
    """Receives until the process is terminated."""

    async def forever() -> None:
        arrivals: Arrivals = {}
        server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(arrivals), "127.0.0.1", port, backlog=512
        )
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def receiver_process() -> Iterator[int]:
    """The port at which it listens until the block ends."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=listen, args=(port,))
    process.start()
    try:
        wait_for_port(port)
        yield port
    finally:
        process.terminate()
        process.join()


def arrivals_at(port: int) -> Arrivals:
    """When each call arrived since the last request: seconds of the monotonic clock, by path and event id."""
    body = asyncio.run(ask(port, b"GET /arrivals HTTP/1.1\r\nhost: bench\r\n\r\n"))
    found: Arrivals = json.loads(body)
    return found


def wait_for_arrivals(port: int, calls: int) -> Arrivals:
    """When each of so many calls arrived. Raises `TimeoutError` when they do not arrive in time."""
    arrived: Arrivals = {}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(arrived) < calls:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(arrived)} of {calls} calls came")
        time.sleep(0.1)
        arrived |= arrivals_at(port)
    return arrived
