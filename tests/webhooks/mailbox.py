"""A small SMTP relay on loopback that keeps what it is handed."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message


@dataclass
class Mailbox:
    """What was handed over, and to whom."""

    address: str = ""
    mails: list[Message] = field(default_factory=list)
    refuse: bool = False


class _Relay(socketserver.StreamRequestHandler):
    mailbox: Mailbox

    def handle(self) -> None:
        self._say("220 relay")
        while line := self.rfile.readline().strip():
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                self._keep()
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("451 not now" if self.mailbox.refuse and word == b"MAIL" else "250 ok")

    def _keep(self) -> None:
        body = b""
        while (line := self.rfile.readline()) != b".\r\n":
            body += line
        self.mailbox.mails.append(message_from_bytes(body))
        self._say("250 kept")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def a_mailbox() -> Iterator[Mailbox]:
    """A relay that listens until the block ends."""
    mailbox = Mailbox()
    handler = type("Relay", (_Relay,), {"mailbox": mailbox})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        mailbox.address = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield mailbox
        server.shutdown()
        thread.join()
