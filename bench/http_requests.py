"""The requests that the benchmark's callers send: synthetic referrals and pages, as bytes of HTTP/1.1."""

import json
from datetime import datetime, timedelta

from app.demo.seed import FIRST_REFERRAL
from bench.deployment import AREA

Body = dict[str, object]


def referral(number: int, now: datetime) -> Body:
    """A referral about two people who are new to the service."""
    happened = (now - timedelta(hours=2)).isoformat()
    incident = {"occurred_at": happened, "reported_at": happened, "force": "ANYTOWN-POLICE"}
    return {
        **FIRST_REFERRAL,
        "area": AREA,
        "source_reference": f"BENCH-{number}",
        "victim": FIRST_REFERRAL["victim"] | {"ref": f"V-B{number}"},
        "perpetrator": FIRST_REFERRAL["perpetrator"] | {"ref": f"P-B{number}"},
        "incidents": [incident],
    }


def get_request(path: str, key: str) -> bytes:
    """The bytes of the request."""
    return f"GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n\r\n".encode()


def post_request(body: Body, key: str) -> bytes:
    """The bytes of the request, with an idempotency key of its own."""
    written = json.dumps(body)
    head = (
        f"POST /v1/referrals HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n"
        f"idempotency-key: {body['source_reference']}\r\ncontent-type: application/json\r\n"
    )
    return f"{head}content-length: {len(written)}\r\n\r\n{written}".encode()
