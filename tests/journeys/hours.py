"""What happens to a victim hour by hour, and what then stands: whom MARAC is asked about, and what it hears."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journeys.portfolio.bodies import body_of
from tests.journeys.portfolio.playing import Play
from tests.meetings.sitting import a_cycle

Row = dict[str, Any]
MORNING = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
HIGH: Row = {"tool": "DASH24", "ticks": 16, "unanswered": 0, "officer_grade": "HIGH", "seen_alone": True}
STANDARD: Row = {"tool": "DASH24", "ticks": 3, "unanswered": 0, "officer_grade": "STANDARD", "seen_alone": True}
HALF_ANSWERED: Row = {"tool": "DASH24", "ticks": 8, "unanswered": 10, "officer_grade": "MEDIUM"}
LAPSE = 25  # hours after a MEDIUM report nobody has answered in time


class Hours(Play):
    """A calendar that is set, and steps with short names."""

    def begin(self) -> None:
        self.meetings = self._sent(self.callers.coordinator, "/v1/meeting-cycles", a_cycle())["meetings"]

    def at(self, hours: float) -> None:
        """So many hours after the first morning; the worker comes round."""
        self.clock.set(MORNING + timedelta(hours=hours))
        self.worker_comes_round()

    def report(self, assessment: Row, named: str | None = "P-1", **words: Any) -> Row:
        """The hub refers the victim, of an event an hour ago; without a perpetrator nobody has identified one."""
        self._a_minute_passes()
        at = f"{self.clock.now() - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
        person = {"ref": named} if named else {"ref": "-", "known": False}
        said = {"assessment": assessment, "perpetrator": person, "incidents": [{"at": at}], **words}
        sent = body_of(said, MORNING, self.clock.now()) | {"source_reference": f"DV-{len(self.routed) + 1}"}
        self.routed.append(self._sent(self.callers.hub, "/v1/referrals", sent))
        return self.routed[-1]

    def learn(self, body: Row, facts: Row) -> Row:
        self._a_minute_passes()
        return self._sent(self.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", facts)

    def lower(self, body: Row, grade: str) -> None:
        """A named person of the hub reviews the report and grades it lower."""
        self._a_minute_passes()
        path = f"/v1/referrals/{body['referral_id']}/assessment-reviews"
        reviewed = {"grade": grade, "reason": "The second officer read every answer again"}
        answer = self.callers.hub.post(path, reviewed, **self.callers.hub.on_behalf_of("jo.smith"))
        assert answer.status_code == 201, answer.text

    def answered(self, fact: str, value: object) -> None:
        self._answer({"fact": fact, "value": value}, MORNING)

    def accepts(self, forum: str = "MARAC") -> None:
        self._accept({"forum": forum}, MORNING)

    def hears(self, body: Row) -> None:
        """MARAC hears the case of that report at today's meeting."""
        (today,) = [one for one in self.meetings if one["held_on"] == f"{self.clock.now():%Y-%m-%d}"]
        self._sent(self.callers.chair, f"/v1/cases/{body['case_id']}/hearings", {"meeting_id": today["id"]})

    def asked(self, forum: str = "MARAC") -> list[str]:
        """How each request to the forum stands, the oldest first, over the needs of the last report's case."""
        found = [one for need in self.case["needs"] for one in need["proposals"] if one["forum"] == forum]
        return [one["state"] for one in sorted(found, key=lambda one: one["proposed_at"])]

    def asked_to_lead(self) -> set[str]:
        """Which forums have yet to say whether they lead on the victim's safety."""
        waiting = [one for one in self.safety["proposals"] if one["state"] == "PROPOSED"]
        return {one["forum"] for one in waiting}

    @property
    def safety(self) -> Row:
        (need,) = [need for need in self.case["needs"] if need["kind"] == "VICTIM_SAFETY"]
        return dict(need)

    def lists(self, body: Row) -> list[str]:
        """The days of the meetings whose lists hold the case."""
        found = []
        for meeting in self.meetings:
            items = self.callers.coordinator.get(f"/v1/meetings/{meeting['id']}/list").json()["items"]
            found += [meeting["held_on"] for line in items if line["case_id"] == body["case_id"]]
        return found

    def newest(self, body: Row) -> Row:
        """The newest decision of the case of that report."""
        place = [one["referral_id"] for one in self.routed].index(body["referral_id"])
        return dict(self.decision(place)["decision"])

    def duties(self, body: Row) -> set[str]:
        """The duties that the newest decision owes."""
        return {duty["id"] for duty in self.newest(body)["duties"]}

    def owed(self, body: Row, **query: str) -> list[Row]:
        """The unfinished actions of the case, or those in another state."""
        answer = self.callers.coordinator.get("/v1/actions", case_id=body["case_id"], limit=200, **query)
        return [dict(one) for one in answer.json()["items"]]

    def _a_minute_passes(self) -> None:
        self.clock.set(self.clock.now() + timedelta(minutes=1))

    def _sent(self, caller: Any, path: str, sent: Row) -> Row:
        answer = caller.post(path, sent)
        assert answer.status_code in {200, 201}, f"{path}: {answer.status_code} {answer.text}"
        return dict(answer.json())
