"""A case with questions, and what a post says about them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from app.intake.enquiries.clock_ends import decide_after_ended_clock
from app.jobs import Job, run_job
from tests.given import Caller, Callers, a_referral

DAY = timedelta(hours=24)


def half_answered() -> dict[str, Any]:
    """Eight ticks, and ten questions that nobody answered: they could reach the threshold of MARAC."""
    return {"tool": "DASH24", "ticks": 8, "unanswered": 10, "officer_grade": "MEDIUM"}


def an_open_referral(reference: str = "DV-1", **changes: Any) -> dict[str, Any]:
    """A MEDIUM report whose answers could still meet a MARAC ground, about a perpetrator of whom nothing is known."""
    return a_referral(reference, **{"assessment": half_answered(), "perpetrator": {"ref": "P-1"}, **changes})


def on_licence(**changes: Any) -> dict[str, Any]:
    """A perpetrator on licence, of whom nothing else is known: the supervising service is asked the level too."""
    return {"ref": "P-1", "licences": [{"kind": "LICENCE", "starts_on": "2025-03-01"}], **changes}


def value(fact: str, known: object, **changes: Any) -> dict[str, Any]:
    return {"fact": fact, "kind": "VALUE", "value": known, **changes}


def nothing_recorded(fact: str, looked_in: str = "ViSOR") -> dict[str, Any]:
    return {"fact": fact, "kind": "NOTHING_RECORDED", "looked_in": looked_in}


def cannot_find_out(fact: str) -> dict[str, Any]:
    return {"fact": fact, "kind": "CANNOT_FIND_OUT", "reason": "The officer has left the force"}


def passed_on(fact: str, post: str) -> dict[str, Any]:
    return {"fact": fact, "kind": "PASSED_ON", "post": post, "reason": "They hold this record"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Everyone who is asked, the worker, and the clock."""

    callers: Callers
    clock: SettableClock
    sessions: sessionmaker[Session]
    owner: Engine

    def referred(self, reference: str = "DV-1", **changes: Any) -> dict[str, Any]:
        return posted(self.callers.hub, "/v1/referrals", an_open_referral(reference, **changes))

    def referred_on_licence(self, reference: str = "DV-1", **changes: Any) -> dict[str, Any]:
        return self.referred(reference, perpetrator=on_licence(), **changes)

    def enquiries(self, case_id: str, **params: Any) -> dict[str, dict[str, Any]]:
        """The case's enquiries by post, as the area's co-ordinator sees them."""
        items = self.callers.coordinator.get("/v1/enquiries", limit=200, **params).json()["items"]
        return {one["role"]: one for one in items if one["case_id"] == case_id}

    def question(self, case_id: str, fact: str) -> dict[str, Any]:
        """The newest question for the fact, ended or not."""
        found = [one for one in self.questions(case_id) if one["fact"] == fact]
        return found[-1]

    def questions(self, case_id: str) -> list[dict[str, Any]]:
        both = [self.enquiries(case_id, open=True), self.enquiries(case_id, open=False)]
        return [item for found in both for enquiry in found.values() for item in enquiry["items"]]

    def open_facts(self, case_id: str) -> set[str]:
        return {item["fact"] for item in self.questions(case_id) if item["ended"] is None}

    def answer(self, caller: Caller, case_id: str, role: str, *answers: dict[str, Any], **headers: str) -> Any:
        enquiry = self.enquiries(case_id)[role]
        return caller.post(f"/v1/enquiries/{enquiry['id']}/answers", {"answers": list(answers)}, **headers)

    def decisions(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        path = f"/v1/referrals/{body['referral_id']}/decisions"
        items: list[dict[str, Any]] = self.callers.hub.get(path).json()["items"]
        return items

    def pass_time(self, by: timedelta) -> datetime:
        self.clock.set(self.clock.now() + by)
        return self.clock.now()

    def end_clocks(self) -> int:
        """The worker comes round."""
        job = Job("decide after an ended clock", decide_after_ended_clock)
        return run_job(self.sessions, lambda _: self.clock.now(), job)

    def rows(self, statement: str) -> list[dict[str, Any]]:
        with self.owner.connect() as connection:
            return [dict(row) for row in connection.execute(text(statement)).mappings()]

    def as_owner(self, statement: str) -> None:
        """Executes what the service's own role may not."""
        with self.owner.begin() as connection:
            connection.execute(text(statement))


def posted(caller: Caller, path: str, sent: dict[str, Any]) -> dict[str, Any]:
    answer = caller.post(path, sent)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def an_answered_form(ticks: int, grade: str = "STANDARD", **changes: Any) -> dict[str, Any]:
    """A complete questionnaire of a victim who was seen alone."""
    form = {"tool": "DASH24", "ticks": ticks, "unanswered": 0, "completed": True, "seen_alone": True}
    return {**form, "officer_grade": grade, **changes}


def moved_here() -> dict[str, Any]:
    """A sign that other forces and another MARAC may know more."""
    return {"victim": {"ref": "V-1", "moved_area": True}, "marac_history": {"heard": True}}


def facts_of(asked: Asked, body: dict[str, Any]) -> dict[str, Any]:
    """The facts of the newest decision of the case, whichever referral it was made on."""
    return _newest(asked, body)["facts"]  # type: ignore[no-any-return]


def outcomes_of(asked: Asked, body: dict[str, Any]) -> dict[str, Any]:
    """The answers of the newest decision of the case."""
    return _newest(asked, body)["outcomes"]  # type: ignore[no-any-return]


def _newest(asked: Asked, body: dict[str, Any]) -> dict[str, Any]:
    newest = f"SELECT id FROM decision WHERE case_id = '{body['case_id']}' ORDER BY number DESC LIMIT 1"
    (row,) = asked.rows(newest)
    decision: dict[str, Any] = asked.callers.hub.get(f"/v1/decisions/{row['id']}").json()["decision"]
    return decision
