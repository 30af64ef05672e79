"""A forum that meets: a cycle, a listed case, and the steps of a meeting, each one call of the person who does it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_referral

PLAN = "IDVA keeps weekly contact; probation manages the perpetrator at level one"
FIRST_MEETING, SECOND_MEETING = date(2026, 3, 26), date(2026, 4, 9)  # Thursdays, every fourteen days
NINE_WORKING_DAYS = {"cut_off_days": 9, "cut_off_unit": "WORKING_DAYS"}


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC)


def a_cycle(**changes: Any) -> dict[str, Any]:
    return {
        "area": "ANYTOWN",
        "forum": "MARAC",
        "first_on": FIRST_MEETING.isoformat(),
        "every_days": 14,
        "weeks_ahead": 60,
        **NINE_WORKING_DAYS,
        **changes,
    }


def an_action(**changes: Any) -> dict[str, Any]:
    return {
        "what": "Arrange a joint visit with the IDVA to plan the victim's safety",
        "owner_agency": "ANYTOWN-POLICE",
        "owner_role": "POLICE_SUPERVISOR",
        "recipient": "the victim",
        "done_when": "The visit took place and its findings are recorded",
        "due_on": "2026-04-02",
        "forums": ["MARAC"],
        **changes,
    }


def a_supervision_return(**changes: Any) -> dict[str, Any]:
    """What a supervising service holds, with every part answered."""
    held = {
        "da_history": "Two complaints in another force, 2016 and 2017",
        "orders": [],
        "rosh": {
            "public": "HIGH",
            "known_adult": "HIGH",
            "children": "NOT_ASSESSED",
            "staff": "LOW",
            "assessed_on": "2026-02-01",
        },
        "mappa": {"level": 1, "category": 2, "next_review_on": None},
        "licences": [{"kind": "LICENCE", "ends_on": "2027-01-01", "conditions": "Residence as approved"}],
        "address": {"approved": True, "checked_on": "2026-02-01", "shares_with_partner_or_child": False},
    }
    return {"supervision": held | changes}


def countersign(who: Caller, returned: dict[str, Any], person: str = "senior.probation") -> Any:
    """A second person of the sender's agency countersigns what was returned."""
    path = f"/v1/research-returns/{returned['id']}/countersignatures"
    return who.post(path, None, **who.on_behalf_of(person))


@dataclass(frozen=True, slots=True)
class Sitting:
    """Everyone who takes part, and the clock of the day."""

    callers: Callers
    clock: SettableClock

    def on(self, day: date) -> None:
        self.clock.set(noon(day))

    def cycle(self, **changes: Any) -> list[dict[str, Any]]:
        answer = self.callers.coordinator.post("/v1/meeting-cycles", a_cycle(**changes))
        assert answer.status_code == 201, answer.text
        meetings: list[dict[str, Any]] = answer.json()["meetings"]
        return meetings

    def referred(self, reference: str = "DV-1", **changes: Any) -> dict[str, Any]:
        answer = self.callers.hub.post("/v1/referrals", a_referral(reference, **changes))
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def taken(self, reference: str = "DV-1", **changes: Any) -> dict[str, Any]:
        """A case whose victim MARAC has: it has accepted, and so every agency is asked for its research."""
        body = self.referred(reference, **changes)
        asked = (one for need in body["needs"] if need["kind"] == "VICTIM_SAFETY" for one in need["proposals"])
        for proposal in [one for one in asked if (one["forum"], one["state"]) == ("MARAC", "PROPOSED")]:
            self.callers.coordinator.post(f"/v1/proposals/{proposal['id']}/acceptances", {}).raise_for_status()
        return body

    def incident(self, body: dict[str, Any], occurred_at: str, **changes: Any) -> dict[str, Any]:
        incident = {
            "occurred_at": occurred_at,
            "reported_at": occurred_at,
            "force": "ANYTOWN-POLICE",
            **changes,
        }
        path = f"/v1/referrals/{body['referral_id']}/incidents"
        answer = self.callers.hub.post(path, {"incident": incident})
        assert answer.status_code == 201, answer.text
        routed: dict[str, Any] = answer.json()
        return routed

    def actions(self, case_id: str, duty: str | None = None) -> list[dict[str, Any]]:
        """The case's unfinished actions; with `duty`, those of that duty."""
        items = self.callers.chair.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
        return [one for one in items if duty is None or one["duty"] == duty]

    def ended(self, case_id: str, duty: str) -> list[dict[str, Any]]:
        """The case's actions of that duty that ended by what is on record."""
        items = self.callers.chair.get("/v1/actions", case_id=case_id, state="ENDED", limit=200).json()["items"]
        return [one for one in items if one["duty"] == duty]

    def listed(self, meeting_id: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.callers.coordinator.get(f"/v1/meetings/{meeting_id}/list").json()["items"]
        return items

    def agenda(self, meeting_id: str) -> dict[str, Any]:
        answer = self.callers.chair.get(f"/v1/meetings/{meeting_id}/agenda")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def heard(self, case_id: str, meeting_id: str) -> dict[str, Any]:
        answer = self.callers.chair.post(f"/v1/cases/{case_id}/hearings", {"meeting_id": meeting_id})
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def planned(self, case_id: str, meeting_id: str, **changes: Any) -> Any:
        sent = {"case_id": case_id, "aimed_at": "VICTIM", "action": an_action(), **changes}
        return self.callers.chair.post(f"/v1/meetings/{meeting_id}/actions", sent)

    def heard_with_plan(self, case_id: str, meeting_id: str) -> dict[str, Any]:
        """The case is heard, and its plan holds an action aimed at the perpetrator."""
        hearing = self.heard(case_id, meeting_id)
        arrest = an_action(what="Arrest the perpetrator for the breach reported on Monday")
        self.planned(case_id, meeting_id, aimed_at="PERPETRATOR", action=arrest).raise_for_status()
        return hearing

    def everyone_attends(self, meeting_id: str) -> None:
        names = [line["agency"] for line in self.agenda(meeting_id)["attendance"]]
        lines = [{"agency": name, "how": "PRESENT"} for name in names]
        if lines:
            sent = {"agencies": lines}
            self.callers.coordinator.post(f"/v1/meetings/{meeting_id}/attendance", sent).raise_for_status()

    def everything_reviewed(self, meeting_id: str, new_date: date) -> None:
        """The chair sets a new date for every action that waits for the chair's review."""
        waiting = [line for line in self.agenda(meeting_id)["unfinished_actions"] if line["needs_review"]]
        lines = [
            {
                "action_id": line["action"]["id"],
                "finding": "CONTINUES",
                "note": "Goes on; the owner reports before the next meeting",
                "due_on": new_date.isoformat(),
            }
            for line in waiting
        ]
        if lines:
            answer = self.callers.chair.post(f"/v1/meetings/{meeting_id}/reviews", {"reviews": lines})
            assert answer.status_code == 201, answer.text

    def completed(self, meeting_id: str) -> Any:
        return self.callers.chair.post(f"/v1/meetings/{meeting_id}/completions", {})

    def discharged(self, case_id: str, **changes: Any) -> Any:
        named = [one["id"] for one in self.actions(case_id)]
        sent = {"plan": PLAN, "actions_continue": named, **changes}
        return self.callers.chair.post(f"/v1/cases/{case_id}/discharges", sent)
