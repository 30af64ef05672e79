"""A receiver of this service's webhooks, whole and small: `python receiver.py serve`, and each night `catch-up`.

Needs Python 3.9 or later and `pip install standardwebhooks`. Told by its environment:

    WEBHOOK_SECRETS   the signing secret; during a rotation the new and the old one, with a space between
    SERVICE_URL       where the service is, such as https://routing.example.gov.uk
    SERVICE_KEY       your agency's API key
    INBOX             a file for the inbox; any database with a unique key serves as well
    PORT              where to listen; your TLS proxy stands before it
"""

import json
import os
import sqlite3
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from standardwebhooks import Webhook, WebhookVerificationError

SECRETS = [Webhook(secret) for secret in os.environ["WEBHOOK_SECRETS"].split()]
MOST_BYTES = 8192


# --- verify: on the bytes as they came, before anything reads them --------------------------------------------------
def verified(body, headers):
    """The envelope, if one of our secrets signed it within the last five minutes; otherwise None."""
    for secret in SECRETS:
        try:
            return secret.verify(body, headers)
        except WebhookVerificationError:
            continue
    return None


# --- keep: once per webhook-id, on disk, before the answer ----------------------------------------------------------
def inbox():
    opened = sqlite3.connect(os.environ["INBOX"], timeout=10)
    opened.execute("CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY, envelope TEXT, worked INTEGER DEFAULT 0)")
    opened.execute("CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), last_id TEXT)")
    return closing(opened)


def keep(envelope):
    """A copy changes nothing: the id is the key."""
    with inbox() as kept, kept:
        kept.execute("INSERT OR IGNORE INTO inbox (id, envelope) VALUES (?, ?)", (envelope["id"], json.dumps(envelope)))


# --- answer: quickly; the work comes after ---------------------------------------------------------------------------
class Hook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        if length > MOST_BYTES:
            return self.answer(413)
        envelope = verified(self.rfile.read(length), dict(self.headers))
        if envelope is None:
            return self.answer(400)  # never 410: that pauses the endpoint until a person resumes it
        if envelope["type"] == "endpoint.verify":
            return self.answer(200, {"challenge": envelope["data"]["challenge"]})
        keep(envelope)  # if this fails there is no answer, and the service sends again
        return self.answer(204)

    def answer(self, status, body=None):
        written = json.dumps(body).encode() if body else b""
        self.send_response(status)
        if status != 204:
            self.send_header("content-length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, *_):
        """Nothing: an access log that prints headers prints signatures."""


# --- work: read by link what the event is about ---------------------------------------------------------------------
class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_):
        """None: our key goes nowhere else."""


def read(path):
    """What the service says now. The path comes from a verified event, the host only ever from our own settings."""
    asked = Request(os.environ["SERVICE_URL"] + path, headers={"authorization": "Bearer " + os.environ["SERVICE_KEY"]})
    with build_opener(NoRedirects).open(asked, timeout=10) as answer:
        return json.load(answer)


def work():
    """What is kept is worked through. What fails stays and is tried again; the order of arrival means nothing."""
    with inbox() as kept:
        waiting = kept.execute("SELECT id, envelope FROM inbox WHERE worked = 0").fetchall()
        for event_id, text in waiting:
            envelope = json.loads(text)
            try:
                found = read(envelope["data"]["detail_url"])
            except HTTPError as refused:
                if refused.code != 404:
                    continue
                found = None  # not ours to see any more
            except URLError:
                continue
            tell_a_person(envelope, found)
            with kept:
                kept.execute("UPDATE inbox SET worked = 1 WHERE id = ?", (event_id,))


def tell_a_person(envelope, found):
    """Your part: open a task in your case system. Receiving is not reviewing; only a named person's review is."""
    print(json.dumps({"told": envelope["type"], "read": found is not None}), flush=True)


# --- catch up: the feed has every event of thirty days --------------------------------------------------------------
def catch_up():
    """What never arrived is in the inbox as well, once."""
    with inbox() as kept:
        last = kept.execute("SELECT last_id FROM place").fetchone()
    after = last[0] if last else ""
    while True:
        page = read("/v1/events?limit=200" + (f"&after={after}" if after else ""))
        for envelope in page["items"]:
            keep(envelope)
            after = envelope["id"]
        if after:
            with inbox() as kept, kept:
                kept.execute("INSERT OR REPLACE INTO place (one, last_id) VALUES (1, ?)", (after,))
        if not page["page"]["has_more"]:
            return


def serve():
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("listening at", server.server_address[1], flush=True)
    while True:
        work()
        time.sleep(0.2)


if __name__ == "__main__":
    {"serve": serve, "catch-up": lambda: (catch_up(), work())}[sys.argv[1]]()
