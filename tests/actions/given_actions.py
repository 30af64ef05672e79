"""Builders of what a meeting agrees."""

from typing import Any

from tests.given import Callers


def an_agreed_action(**changes: Any) -> dict[str, Any]:
    return {
        "what": "Arrange a joint visit by police and the IDVA",
        "owner_agency": "ANYTOWN-POLICE",
        "owner_role": "PVP_HUB",
        "recipient": "The victim, seen alone",
        "done_when": "The victim has been seen alone and the visit is recorded",
        "due_on": "2026-03-17",
        **changes,
    }


def agree(callers: Callers, case_id: str, **changes: Any) -> dict[str, Any]:
    answer = callers.chair.post(f"/v1/cases/{case_id}/actions", an_agreed_action(**changes))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def if_match(action: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{action["version"]}"'}
