"""One replay of the review: an area of its own, a clock that is set, and calls through the API."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock, instant_text

Body = dict[str, Any]
CREATED = 201


def as_json(value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    """Returns the value as JSON carries it, with dates and instants in ISO form."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: as_json(part) for name, part in value.items()}
    return [as_json(part) for part in value] if isinstance(value, list) else value


@dataclass(slots=True)
class ReplayRun:
    """One replay of the chronology under one policy, with an area and people of its own, and what it knows so far.

    `unanswered` are the decisions that no answer has told of yet.
    """

    http: TestClient
    sessions: sessionmaker[Session]
    clock: SettableClock
    area: str
    keys: dict[str, str]
    referral_id: str = ""
    case_id: str = ""
    lead: str = ""
    unanswered: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=count)

    def call(self, caller: str, method: str, path: str, body: Body | None = None) -> tuple[int, Body]:
        """Makes one call as one agency's system. Returns the status and the body."""
        headers = {
            "Authorization": f"Bearer {self.keys[caller]}",
            "Idempotency-Key": f"jean-{next(self.numbers)}",
        }
        answer = self.http.request(method, path, json=body, headers=headers)
        shown: Body = answer.json()
        return answer.status_code, shown

    def created(self, caller: str, path: str, body: Body) -> Body:
        """Posts the body and returns what was created.

        Raises `RuntimeError` for a refusal: the chronology is then wrong.
        """
        status, made = self.call(caller, "POST", path, body)
        if status != CREATED:
            raise RuntimeError(f"the replay's call to {path} was refused: {made}")
        if "decision_id" in made:
            self.unanswered.add(made["decision_id"])
        return made

    def ref(self, name: str) -> str:
        """Returns a person's pseudonym in this replay. Two replays never share a person."""
        return f"{name}-{self.area}"

    def needs(self) -> list[Body]:
        """Returns the case's two needs with their owners and proposals."""
        needs: list[Body] = self.call("chair", "GET", f"/v1/cases/{self.case_id}")[1]["needs"]
        return needs

    def new_actions(self, case_id: str) -> list[Body]:
        """Returns the case's actions that the decisions since the last answer have set."""
        _, page = self.call("chair", "GET", f"/v1/actions?case_id={case_id}&limit=200")
        new = [action for action in page["items"] if action["decision_id"] in self.unanswered]
        self.unanswered.clear()
        return new

    def waiting(self, forum: str) -> Body:
        """Returns the newest proposal to that forum that has no answer."""
        proposals = [p for need in self.needs() for p in need["proposals"]]
        return next(p for p in reversed(proposals) if p["forum"] == forum and p["state"] == "PROPOSED")
