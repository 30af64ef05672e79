"""Drafts of an area's own policy with valid defaults, so that a test states only what it changes."""

from collections.abc import Sequence
from typing import Any

from tests.given import Caller

WRITER, PROPOSER, ACTIVATOR = "ana.lima", "jo.smith", "sam.reid"


def a_draft(
    body: str = "",
    *,
    policy_id: str = "anytown",
    version: str = "1.0.0",
    in_force: str = "2026-04-01T00:00:00+01:00",
) -> str:
    """A local policy laid over the national baseline."""
    return f"""
[policy]
id = "{policy_id}"
version = "{version}"
title = "Anytown"
in_force = {in_force}
applies_to = "new and reopened referrals"
extends = "national-baseline 2.0.0"

{body}
"""


FEWER_TICKS = """
[param]
dash24_ticks = { value = 12, reason = "the board wants earlier hearings", source = "DESIGN" }
"""
UNSOUND = """
[[perpetrator_lead]]
id = "PERP-15"
when = ["mappa_path == refer", "identified == yes", "youth_path in none declined", "custody_path in none declined"]
lead = "PDP"
role = "PDP_COORDINATOR"
holder = "HUB"
accept_within = "5 working days"
says = "the force is asked"
reason = "a row written in haste"
source = "DESIGN"
"""


def post_draft(caller: Caller, text: str, *, areas: Sequence[str] = ("ANYTOWN",), person: str = WRITER) -> Any:
    body = {"text": text, "name": "anytown.toml", "areas": list(areas)}
    return caller.post("/v1/policy-drafts", body, **caller.on_behalf_of(person))


def drafted(caller: Caller, text: str, *, areas: Sequence[str] = ("ANYTOWN",)) -> dict[str, Any]:
    answer = post_draft(caller, text, areas=areas)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def propose(caller: Caller, draft_id: str) -> Any:
    body = {"reason": "agreed by the board"}
    return caller.post(f"/v1/policy-drafts/{draft_id}/proposals", body, **caller.on_behalf_of(PROPOSER))


def proposed(caller: Caller, text: str, *, areas: Sequence[str] = ("ANYTOWN",)) -> str:
    """The id of a draft that somebody has proposed."""
    draft_id = str(drafted(caller, text, areas=areas)["id"])
    answer = propose(caller, draft_id)
    assert answer.status_code == 201, answer.text
    return draft_id


def activate(caller: Caller, draft_id: str, person: str = ACTIVATOR) -> Any:
    body = {"approved_where": "Domestic Abuse Board, 3 March 2026, minute 7.2"}
    return caller.post(f"/v1/policy-drafts/{draft_id}/activations", body, **caller.on_behalf_of(person))
