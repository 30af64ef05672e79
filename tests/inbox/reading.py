"""Reads an inbox as a post does."""

from typing import Any

from tests.given import Caller

Item = dict[str, Any]


def inbox(caller: Caller, **params: Any) -> dict[str, Any]:
    answer = caller.get("/v1/inbox", **params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def asked(caller: Caller, *kinds: str, **params: Any) -> list[Item]:
    """What is asked of the caller, of these kinds only when any is named."""
    items: list[Item] = inbox(caller, **({"kind": list(kinds)} if kinds else {}), limit=200, **params)["items"]
    return items


def the(caller: Caller, kind: str) -> Item:
    """The one item of that kind."""
    (item,) = asked(caller, kind)
    return item
