"""A real receiver over HTTP that keeps what it is sent and fails on request."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Receipt"], "Reply"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def data(self) -> dict[str, object]:
        data: dict[str, object] = json.loads(self.body)["data"]
        return data


@dataclass(frozen=True, slots=True)
class Reply:
    """How to answer. `before` runs first: it may wait, or kill the caller."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hang_seconds: float = 0
    break_off: bool = False
    endless: bool = False
    drip: bool = False
    before: Callable[[], None] | None = None


def echo_challenge(receipt: Receipt) -> Reply:
    """What a good receiver does: it answers a verification with its challenge, everything else with 204."""
    if json.loads(receipt.body)["type"] != "endpoint.verify":
        return Reply()
    return Reply(200, body=json.dumps({"challenge": receipt.data["challenge"]}).encode())


@dataclass
class Receiver:
    """A listening receiver. Set `answer`, read `receipts`."""

    server: ThreadingHTTPServer
    answer: Answer = echo_challenge
    receipts: list[Receipt] = field(default_factory=list)
    written: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/hooks"

    @property
    def ids(self) -> list[str]:
        return [receipt.event_id for receipt in self.receipts]

    def of_type(self, kind: str) -> list[Receipt]:
        return [receipt for receipt in self.receipts if json.loads(receipt.body)["type"] == kind]

    def answer_in_turn(self, *replies: Reply) -> None:
        """Gives the replies in order, and the last one from then on."""
        left = list(replies)
        self.answer = lambda _receipt: left.pop(0) if len(left) > 1 else left[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length)
        if len(body) < length:  # the caller was killed in mid-call: nothing was received
            self.close_connection = True
            return
        receipt = Receipt(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        self.receiver.receipts.append(receipt)
        reply = self.receiver.answer(receipt)
        if reply.before:
            reply.before()
        time.sleep(reply.hang_seconds)
        with suppress(OSError):
            self._give(reply)

    do_GET = do_POST  # noqa: N815 - a followed redirect would come as GET

    def _give(self, reply: Reply) -> None:
        if reply.break_off:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.endless or reply.drip:
            self._give_without_end(reply)
            return
        if reply.status != 204:
            self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _give_without_end(self, reply: Reply) -> None:
        self.send_header("content-length", str(64 * 1024 * 1024))
        self.end_headers()
        self.close_connection = True
        part = b"x" if reply.drip else b"x" * 4096
        for _ in range(1000 if reply.drip else 16 * 1024):
            self.wfile.write(part)
            self.wfile.flush()
            self.receiver.written += len(part)
            if reply.drip:
                time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        """Silent."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A caller that was killed leaves a broken pipe: expected here."""


@contextmanager
def a_receiver(port: int = 0) -> Iterator[Receiver]:
    """A receiver that listens on loopback until the block ends."""
    handler = type("Handler", (_Handler,), {})
    server = _Server(("127.0.0.1", port), handler)
    receiver = Receiver(server)
    handler.receiver = receiver
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    server.server_close()
    thread.join()
