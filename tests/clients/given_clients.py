"""Builders of what an administrator does with the keys of a system."""

from typing import Any

from fastapi.testclient import TestClient

from tests.given import Caller

WHY = {"reason": "Agreed with the system's owner today"}


def posted(administrator: Caller, path: str, sent: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = administrator.post(path, WHY | (sent or {}))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def keys_path(system: dict[str, Any], key: dict[str, Any] | None = None, act: str = "") -> str:
    return f"/v1/clients/{system['id']}/keys" + (f"/{key['id']}/{act}" if key else "")


def added_key(administrator: Caller, system: dict[str, Any], **sent: Any) -> dict[str, Any]:
    """A new API key of the system, unless the test says otherwise."""
    return posted(administrator, keys_path(system), {"kind": "API_KEY"} | sent)


def status_with(http: TestClient, key: str) -> int:
    """The status with which a call with this key is answered."""
    return int(http.get("/v1/actions", headers={"Authorization": f"Bearer {key}"}).status_code)


def listed_key(administrator: Caller, system: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    """The key as the list shows it now."""
    keys = administrator.get(f"/v1/clients/{system['id']}").json()["keys"]
    found: dict[str, Any] = next(one for one in keys if one["id"] == key["id"])
    return found
