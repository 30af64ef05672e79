"""Some weeks of a MARAC at random: people are referred, forums answer, meetings hear, actions are done or are not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.ownership.proposals.expiry import expire_overdue
from tests.given import Caller, an_incident
from tests.meetings.sitting import Sitting, an_action

Body = dict[str, Any]
CODES: list[Body] = [
    {"code": "BELOW_THRESHOLD"},
    {"code": "CAPACITY"},
    {"code": "MANAGED_ELSEWHERE", "claimed_forum": "IOM"},
    {"code": "INSUFFICIENT_INFO", "missing": ["the perpetrator's address"]},
]


@dataclass
class Weeks:
    """What happens day by day, and what the API cannot show afterwards: when each case came on a list and was heard."""

    sitting: Sitting
    sessions: sessionmaker[Session]
    chance: Random
    meetings: list[Body]
    referred: list[date] = field(default_factory=list)
    referrals: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    # Once for each hearing that the case waits for, with the number of hearings before: an unheard case moves on.
    listed: dict[tuple[str, int], date] = field(default_factory=dict)
    heard: list[tuple[str, str, date]] = field(default_factory=list)
    at_meeting: list[tuple[str, str]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.sitting.clock.now().date()

    def go_by(self, days: int) -> None:
        for _ in range(days):
            self._a_day()
            self.sitting.on(self.today + timedelta(days=1))

    def _a_day(self) -> None:
        if self.chance.random() < 0.6:
            self._refer()
        self._expire()
        for proposal in self._waiting():
            if self.chance.random() < 0.4:
                self._answer(proposal)
        self._note_lists()
        for meeting in self.meetings:
            if meeting["held_on"] == self.today.isoformat():
                self._meet(meeting)
        self._report_and_review()

    def _refer(self) -> None:
        """Two new people, or two who are known already and to whom something new has happened."""
        number = len(self.referred)
        pair = (f"V-{number}", f"P-{self.chance.randrange(6)}")
        if self.referrals and self.chance.random() < 0.4:
            pair = self.chance.choice(list(self.referrals.values()))[1:]
        body = self.sitting.referred(
            f"DV-{number}",
            victim={"ref": pair[0], "age": 30},
            perpetrator={
                "ref": pair[1],
                "in_custody": False,
                "mappa": self.chance.choice([{"level": 1}, {"not_managed": True}]),
            },
            incidents=[an_incident(self._now())],
        )
        self.referred.append(self.today)
        self.referrals[body["case_id"]] = (body["referral_id"], *pair)

    def _now(self) -> str:
        return self.sitting.clock.now().astimezone(UTC).isoformat().replace("+00:00", "Z")

    def _expire(self) -> None:
        with self.sessions.begin() as session:
            scope_to_system(session)
            expire_overdue(session, self.sitting.clock.now())

    def _waiting(self) -> list[Body]:
        found = every(self.sitting.callers.coordinator, "/v1/proposals", state="PROPOSED")
        return sorted(found, key=lambda one: (self._place(one), one["forum"], one["kind"], one["proposed_at"]))

    def _place(self, of_case: Body) -> int:
        """The same in every run, although ids are not: the case's place among those referred."""
        return list(self.referrals).index(of_case["case_id"])

    def _on_list(self, meeting: Body) -> list[Body]:
        return sorted(self.sitting.listed(meeting["id"]), key=self._place)

    def _answer(self, proposal: Body) -> None:
        callers = self.sitting.callers
        asked = {"MARAC": callers.coordinator, "MATAC": callers.matac, "MAPPA_L2": callers.mappa}
        caller = asked.get(proposal["forum"], callers.probation)
        path = f"/v1/proposals/{proposal['id']}"
        if self.chance.random() < 0.5:
            caller.post(f"{path}/acceptances", {})
        else:
            caller.post(f"{path}/declines", {"reason": "not for us at this time", **self.chance.choice(CODES)})

    def _note_lists(self) -> None:
        ahead = [one for one in self.meetings if one["held_on"] >= self.today.isoformat()]
        for meeting in ahead[:3]:
            for line in self.sitting.listed(meeting["id"]):
                heard = sum(case_id == line["case_id"] for case_id, *_ in self.heard)
                self.listed.setdefault((line["case_id"], heard), self.today)

    def _meet(self, meeting: Body) -> None:
        for line in self._on_list(meeting):
            if self.chance.random() < 0.8:
                self.sitting.heard(line["case_id"], meeting["id"])
                self.heard.append((line["case_id"], meeting["id"], self.today))
                self._plan(line["case_id"], meeting["id"])
        self._review_at(meeting)
        for case_id, *_ in self.heard:
            if self.chance.random() < 0.5:
                self.sitting.discharged(case_id)

    def _plan(self, case_id: str, meeting_id: str) -> None:
        due = (self.today + timedelta(days=9)).isoformat()
        for aimed_at in self.chance.sample(["VICTIM", "PERPETRATOR"], self.chance.randrange(3)):
            what = f"Visit with the IDVA about plan {self.chance.randrange(10**6)} of the {aimed_at.lower()}"
            action = an_action(due_on=due, what=what)
            self.sitting.planned(case_id, meeting_id, aimed_at=aimed_at, action=action)

    def _review_at(self, meeting: Body) -> None:
        waiting = [line for line in self.sitting.agenda(meeting["id"])["unfinished_actions"] if line["needs_review"]]
        waiting.sort(key=lambda line: (self._place(line["action"]), line["action"]["what"]))
        for line in waiting[:3]:
            review = {
                "action_id": line["action"]["id"],
                "finding": "CONTINUES",
                "note": "Goes on until the next meeting",
                "due_on": (self.today + timedelta(days=10)).isoformat(),
            }
            path = f"/v1/meetings/{meeting['id']}/reviews"
            answer = self.sitting.callers.chair.post(path, {"reviews": [review]})
            if answer.status_code == 201:
                self.at_meeting.append((line["action"]["id"], self._now()))

    def _report_and_review(self) -> None:
        coordinator, chair = self.sitting.callers.coordinator, self.sitting.callers.chair
        for action in self._some("OPEN", 4):
            outcome = self.chance.choice(["COMPLETED", "NOT_DONE", "DECLINED_BY_RECIPIENT", "WITHDRAWN"])
            sent = {"outcome": outcome, "note": "said so when asked about it"}
            self._change(coordinator, action, "outcomes", sent, coordinator.on_behalf_of("jo.smith"))
        reviewer = chair.on_behalf_of("marac.chair")
        for action in self._some("REPORTED", 2):
            self._change(chair, action, "reviews", {"verdict": "ACCEPTED", "note": "Seen the record of it"}, reviewer)

    def _some(self, state: str, number: int) -> list[Body]:
        found = every(self.sitting.callers.chair, "/v1/actions", state=state)
        items = sorted(found, key=lambda one: (self._place(one), one["duty"] or "", one["what"]))
        return self.chance.sample(items, min(number, len(items)))

    def _change(self, caller: Caller, action: Body, what: str, sent: Body, named: dict[str, str]) -> None:
        caller.post(f"/v1/actions/{action['id']}/{what}", sent, **named, **{"If-Match": f'"{action["version"]}"'})


def every(caller: Caller, path: str, **filters: Any) -> Iterator[Body]:
    """Every item of a list, page after page."""
    answer = caller.get(path, limit=200, **filters).json()
    yield from answer["items"]
    while further := answer["links"].get("next"):
        answer = caller.get(further).json()
        yield from answer["items"]
