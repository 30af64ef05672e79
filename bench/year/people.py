"""What people do about what they are asked, each over HTTP as their agency's system."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, TextClause, text

from app.access.service import scope_to_system
from app.foundation.clock import london_date
from app.foundation.working_days import WorkingDays, working_days_of
from app.meetings.vocabulary import ResearchForm
from app.routing.policy.duty_ids import (
    EMERGENCY_MEETING,
    GO_TO_VICTIM_NOW,
    PROPOSE_NEXT_FORUM,
    RESEARCH,
    SEE_VICTIM_ALONE,
    SUPERVISION_RESEARCH,
)
from app.vocabulary import Nation
from bench.year.asked import ACT, ANSWER, CAME_BACK, LOOK_UP, REVIEW, Asked, Key, open_versions
from bench.year.force import Force
from bench.year.looking_up import Knowledge, look_up
from tests.given import Caller
from tests.meetings.sitting import a_supervision_return

MOST_AT_ONCE = 100
OWN_REPORT, CHANGED_MEANWHILE = 403, 412
DONE, DECLINED = "Done, and it is on the file", "Its recipient does not want it"
LATEST_REQUEST = text(
    "SELECT id, form, agency FROM research_request WHERE action_id = :id ORDER BY requested_at DESC LIMIT 1"
)
NEED_ASKED = text(
    "SELECT n.id FROM need n JOIN case_need cn ON cn.need_id = n.id"
    " WHERE cn.case_id = :case_id AND n.kind = :kind AND n.ended_at IS NULL"
)
NEWEST_REFERRAL = text("SELECT id FROM referral WHERE case_id = :case_id ORDER BY received_at DESC LIMIT 1")
Item = dict[str, Any]
Answer = tuple[Asked, bool]
"""What somebody answers now, and whether they decline it."""


@dataclass
class People:
    """Everybody of the force, and what they know. `retry` are the actions to read again, by their ids."""

    force: Force
    known: Knowledge
    calendar: WorkingDays = field(default_factory=lambda: working_days_of(Nation.ENGLAND))
    retry: set[str] = field(default_factory=set)

    def respond(self, answers: Sequence[Answer]) -> None:
        """Everybody answers what they answer now, what concerns one agency together where the service takes it so."""
        actions = [one for one, _ in answers if one.kind in {ACT, REVIEW, CAME_BACK}]
        versions = open_versions(self.force.sessions, actions) if actions else {}
        standing = [(one, declines) for one, declines in answers if one.key in versions]
        self._do([answer for answer in standing if answer[0].kind == ACT], versions)
        self._review([one for one, _ in standing if one.kind == REVIEW], versions)
        for one, _ in standing:
            if one.kind == CAME_BACK:
                self._send_again(one, versions[one.key])
        for one, declines in answers:
            if one.kind == ANSWER:
                self._answer(one, declines=declines)
            elif one.kind == LOOK_UP:
                look_up(self.force, self.caller_of(one), one.id, self.known)

    def caller_of(self, one: Asked) -> Caller:
        """The system of the agency that is asked; of MARAC's two callers the chair's for what the chair owns."""
        if one.role == "MARAC_CHAIR":
            return self.force.callers["chair"]
        return self.force.of_agency(one.agency)

    def _do(self, answers: Sequence[Answer], versions: Mapping[Key, int]) -> None:
        reports: dict[Caller, list[Item]] = defaultdict(list)
        for one, declines in answers:
            if not self._does_by_another_call(one, declines=declines):
                outcome, note = ("DECLINED_BY_RECIPIENT", DECLINED) if declines else ("COMPLETED", DONE)
                item = {"action_id": one.id, "version": versions[one.key], "outcome": outcome, "note": note}
                reports[self.caller_of(one)].append(item)
        for caller, items in reports.items():
            self._several("report", caller, "/v1/action-outcomes", items, **caller.on_behalf_of("jo.smith"))

    def _does_by_another_call(self, one: Asked, *, declines: bool) -> bool:
        """Whether the duty has a call of its own, which ends it, and was done by it."""
        duty = one.duty.partition(":")[0]
        if duty in {RESEARCH, SUPERVISION_RESEARCH}:
            return self._returns_research(one)
        if duty == EMERGENCY_MEETING:
            sent = {"answer": "DO_NOT_HOLD", "reason": "The plan that is in place holds until the meeting"}
            path = f"/v1/cases/{one.case_id}/emergency-decisions"
            self.force.posted("decide on an emergency meeting", self.force.callers["chair"], path, sent)
            return True
        if duty in {SEE_VICTIM_ALONE, GO_TO_VICTIM_NOW} and not declines:
            self._sees_alone(one)
            return True
        if duty == PROPOSE_NEXT_FORUM:
            self._asks_again(one)
        return False

    def _sees_alone(self, one: Asked) -> None:
        referral = self._row(NEWEST_REFERRAL, case_id=one.case_id)
        assert referral is not None, one
        sent = {"assessment": {"seen_alone": True}}
        path = f"/v1/referrals/{referral.id}/facts"
        self.force.posted("say that the victim was seen alone", self.force.callers["hub"], path, sent)

    def _returns_research(self, one: Asked) -> bool:
        found = self._row(LATEST_REQUEST, id=one.id)
        if found is None:
            return False
        sent = a_supervision_return() if found.form == ResearchForm.SUPERVISION else {"nothing_held": True}
        caller = self.force.of_agency(found.agency)
        path, sender = f"/v1/research-requests/{found.id}/returns", caller.on_behalf_of("jo.smith")
        made = self.force.posted("return research", caller, path, sent, **sender)
        if made and found.form == ResearchForm.SUPERVISION:
            second = caller.on_behalf_of("sam.reid")
            signed = f"/v1/research-returns/{made['id']}/countersignatures"
            self.force.posted("countersign research", caller, signed, {}, **second)
        return True

    def _asks_again(self, one: Asked) -> None:
        """The holder asks the forum that did not take the need once more. The report of the duty follows."""
        _, kind, forum = one.duty.split(":")[:3]
        if kind == "LEAD":
            need = "VICTIM_SAFETY" if forum == "MARAC" else "PERPETRATOR"
            found = self._row(NEED_ASKED, case_id=one.case_id, kind=need)
            sent = {"forum": forum, "reason": "The grounds that were given stand"}
            if found is not None:
                self.force.posted("ask again", self.force.callers["chair"], f"/v1/needs/{found.id}/proposals", sent)

    def _review(self, asked: Sequence[Asked], versions: Mapping[Key, int]) -> None:
        """The co-ordinator reviews; what they reported themselves, the chair does."""
        found = {"verdict": "ACCEPTED", "note": "Read and agreed"}
        items = [{"action_id": one.id, "version": versions[one.key]} | found for one in asked]
        own = self._several("review", self.force.callers["coordinator"], "/v1/action-reviews", items)[OWN_REPORT]
        chair = self.force.callers["chair"]
        self._several("review as chair", chair, "/v1/action-reviews", own, **chair.on_behalf_of("marac.chair"))

    def _several(
        self, what: str, caller: Caller, path: str, items: Sequence[Item], **named: str
    ) -> defaultdict[int, list[Item]]:
        """Sends these items, and returns those that were refused, by the status of the refusal."""
        refused: defaultdict[int, list[Item]] = defaultdict(list)
        for first in range(0, len(items), MOST_AT_ONCE):
            sent = items[first : first + MOST_AT_ONCE]
            answer = self.force.posted(what, caller, path, {"items": sent}, **named) or {"items": []}
            for item, result in zip(sent, answer["items"], strict=False):
                if result["problem"]:
                    self.force.note_refusal(what, result["problem"])
                    refused[result["status"]].append(item)
        self.retry.update(item["action_id"] for item in refused[CHANGED_MEANWHILE])
        return refused

    def _send_again(self, one: Asked, version: int) -> None:
        """The chair gives what came back to the same owner again, to be done within a week."""
        due_on = self.calendar.add(london_date(self.force.clock.now()), 5)
        sent = {"owner_agency": one.agency, "owner_role": one.role, "reason": "Try again, and say what is different"}
        path, match = f"/v1/actions/{one.id}/reassignments", {"If-Match": f'"{version}"'}
        chair = self.force.callers["chair"]
        if self.force.posted("reassign", chair, path, sent | {"due_on": due_on.isoformat()}, **match) is None:
            item = {
                "action_id": one.id,
                "version": version,
                "outcome": "WITHDRAWN",
                "note": "It is owed anew elsewhere",
            }
            self._several("withdraw", chair, "/v1/action-outcomes", [item])

    def _answer(self, one: Asked, *, declines: bool) -> None:
        """The forum accepts, or declines for want of capacity; the police hub cannot decline a lead."""
        path = f"/v1/proposals/{one.id}"
        if declines and one.duty != "LEAD HUB":
            sent = {"code": "CAPACITY", "reason": "There is no place before next month"}
            self.force.posted("decline", self.caller_of(one), f"{path}/declines", sent)
        else:
            self.force.posted("accept", self.caller_of(one), f"{path}/acceptances", {})

    def _row(self, query: TextClause, **values: str) -> Row[Any] | None:
        with self.force.sessions.begin() as session:
            scope_to_system(session)
            return session.execute(query, values).first()
