"""MARAC meets: each listed case is heard and gets an action aimed at the perpetrator, and the agenda is completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.foundation.clock import london_date, london_instant
from app.foundation.working_days import WorkingDays
from bench.year.behaviour import Behaviour, answered_at, reaction_to
from bench.year.force import AREA, Force
from tests.given import Caller
from tests.meetings.sitting import an_action

MOST_REVIEWS = 200
PLANNED = "Visit the perpetrator and say what follows if they come near the victim"


@dataclass
class Sittings:
    """The meetings of a year in their order, and the minutes that are still to be sent: when, and of which meeting."""

    force: Force
    behaviour: Behaviour
    calendar: WorkingDays
    meetings: list[Mapping[str, Any]] = field(default_factory=list)
    minutes: list[tuple[datetime, str]] = field(default_factory=list)

    def start(self) -> None:
        """Puts MARAC's meetings in the calendar, beginning with the second week."""
        told = self.behaviour.meetings
        first = self.behaviour.first_day + timedelta(days=7 + told["weekday"] - self.behaviour.first_day.weekday())
        cycle = {
            "area": AREA,
            "forum": "MARAC",
            "first_on": first.isoformat(),
            "every_days": told["every_days"],
            "cut_off_days": told["cut_off_days"],
            "cut_off_unit": "WORKING_DAYS",
            "weeks_ahead": 60,
        }
        made = self.force.posted("start the cycle", self._coordinator, "/v1/meeting-cycles", cycle)
        assert made is not None, self.force.examples
        self.meetings = made["meetings"]

    def sit_on(self, day: date) -> int:
        """Holds the meeting of that day, if there is one, and returns how many cases it heard."""
        return sum(self._sit(one["id"], day) for one in self.meetings if one["held_on"] == day.isoformat())

    def send_minutes(self) -> None:
        """The co-ordinator sends the minutes whose moment has come."""
        now = self.force.clock.now()
        sent = {"sent_to": [f"{AREA}-POLICE", f"{AREA}-IDVA"]}
        for at, meeting in [one for one in self.minutes if one[0] <= now]:
            self.force.posted("send minutes", self._coordinator, f"/v1/meetings/{meeting}/minutes", sent)
            self.minutes.remove((at, meeting))

    def _sit(self, meeting: str, day: date) -> int:
        self.force.clock.set(london_instant(day, self.behaviour.meetings["hour"], 10))
        listed = self._coordinator.get(f"/v1/meetings/{meeting}/list").json()["items"]
        for case in listed:
            self._hear(meeting, case["case_id"])
        agenda = self._chair.get(f"/v1/meetings/{meeting}/agenda").json()
        self._review(meeting, [one["action"] for one in agenda["unfinished_actions"] if one["needs_review"]])
        present = [{"agency": one["agency"], "how": "PRESENT"} for one in agenda["attendance"]]
        if present:
            path = f"/v1/meetings/{meeting}/attendance"
            self.force.posted("record attendance", self._coordinator, path, {"agencies": present})
        done = self.force.posted("complete", self._chair, f"/v1/meetings/{meeting}/completions", {})
        if done is not None and listed:
            self._plan_minutes(meeting, date.fromisoformat(done["minutes_due_on"]))
        return len(listed)

    def _hear(self, meeting: str, case_id: str) -> None:
        self.force.posted("hear", self._chair, f"/v1/cases/{case_id}/hearings", {"meeting_id": meeting})
        due_on = self.calendar.add(london_date(self.force.clock.now()), 10).isoformat()
        action = an_action(what=PLANNED, due_on=due_on)
        sent = {"case_id": case_id, "aimed_at": "PERPETRATOR", "action": action}
        path = f"/v1/meetings/{meeting}/actions"
        if self.force.posted("plan", self._chair, path, sent) is None:
            self.force.posted("plan again", self._chair, path, sent | {"reuse_reason": "On another day and hour"})

    def _review(self, meeting: str, actions: Sequence[Mapping[str, Any]]) -> None:
        """The chair gives what is late or came back a new date, and what can have none to the strategic lead."""
        lines = [self._line(one) for one in actions]
        path = f"/v1/meetings/{meeting}/reviews"
        for first in range(0, len(lines), MOST_REVIEWS):
            some = lines[first : first + MOST_REVIEWS]
            if self.force.posted("review at the meeting", self._chair, path, {"reviews": some}) is None:
                for line in some:
                    self._review_one(path, line)

    def _review_one(self, path: str, line: Mapping[str, Any]) -> None:
        if self.force.posted("review one", self._chair, path, {"reviews": [line]}) is None:
            above = {"action_id": line["action_id"], "finding": "ESCALATED", "note": "Its owner cannot do it"}
            self.force.posted("escalate", self._chair, path, {"reviews": [above]})

    def _line(self, action: Mapping[str, Any]) -> dict[str, Any]:
        days = timedelta(days=self.behaviour.meetings["new_date_days"])
        due_on = self.calendar.on_or_after(london_date(self.force.clock.now()) + days).isoformat()
        line = {"action_id": action["id"], "due_on": due_on, "note": "Goes on; the owner reports before we meet again"}
        if action["state"] == "RETURNED":
            owner = {"owner_agency": action["owner_agency"], "owner_role": action["owner_role"]}
            return line | owner | {"finding": "REASSIGNED"}
        return line | {"finding": "CONTINUES"}

    def _plan_minutes(self, meeting: str, due_on: date) -> None:
        now, late_from = self.force.clock.now(), london_instant(due_on, 23, 59)
        reaction = reaction_to(self.behaviour, f"minutes of {london_date(now)}")
        at = answered_at(reaction, now, late_from, self.calendar)
        if at is not None:
            self.minutes.append((at, meeting))

    @property
    def _chair(self) -> Caller:
        return self.force.callers["chair"]

    @property
    def _coordinator(self) -> Caller:
        return self.force.callers["coordinator"]
