"""Counts the statistics of some weeks a second time: in plain Python, from the API's answers and the days noted."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.access.service import scope_to_system
from app.outbox.models import Event
from app.vocabulary import EventType
from tests.meetings.weeks import Weeks, every

Body = dict[str, Any]
BANK_HOLIDAYS = {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31)}
STATES = ("OPEN", "REPORTED", "RETURNED", "REVIEWED", "ENDED")

FOR_EVER = datetime.max.replace(tzinfo=UTC)
ENDED_DONE = ("ENDED", "COMPLETED")


def working_days(start: date, end: date) -> int:
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(day.weekday() < 5 and day not in BANK_HOLIDAYS for day in days)


def instant(text: str | None) -> datetime:
    """The instant, to be compared: of two texts the one with microseconds sorts before the one without."""
    return datetime.fromisoformat(text) if text else FOR_EVER


def day_of(text: str) -> date:
    """The London day of an instant around noon."""
    return instant(text).date()


def assigned_on(weeks: Weeks) -> dict[str, date]:
    """The day of the first event that assigns each action, which its own transaction recorded."""
    with weeks.sessions.begin() as session:
        scope_to_system(session)
        events = session.scalars(select(Event).where(Event.type == EventType.WORK_ASSIGNED).order_by(Event.number))
        named = [(json.loads(event.body)["data"].get("actions") or "", event) for event in reversed(events.all())]
        return {action: event.occurred_at.date() for actions, event in named for action in actions.split(",")}


def is_aimed_at_perpetrator(action: Body) -> bool:
    return "about plan" in action["what"] and str(action["what"]).endswith("of the perpetrator")


class SecondCount:
    """The same statistics, counted from lists that the API shows and from the days noted."""

    def __init__(self, weeks: Weeks) -> None:
        self.weeks = weeks
        self.coordinator = weeks.sitting.callers.coordinator
        self.proposals = list(every(self.coordinator, "/v1/proposals"))
        self.needs = {
            one["need_id"]: self.coordinator.get(f"/v1/needs/{one['need_id']}").json() for one in self.proposals
        }
        shown = [one for state in STATES for one in every(self.coordinator, "/v1/actions", state=state)]
        self.actions = [self.coordinator.get(f"/v1/actions/{one['id']}").json() for one in shown]
        self.set_on = assigned_on(weeks)
        # One that was planned for later and never opened was not set.
        self.actions = [one for one in self.actions if one["id"] in self.set_on]
        cases = {one["case_id"] for one in self.actions}
        self.cases = {case_id: self.coordinator.get(f"/v1/cases/{case_id}").json() for case_id in cases}

    def of(self, forum: str, first: date, last: date) -> Body:
        def within(day: date) -> bool:
            return first <= day <= last

        sent = [one for one in self.proposals if one["forum"] == forum and within(day_of(one["proposed_at"]))]
        answered = [
            one
            for one in self.proposals
            if one["forum"] == forum and one["answer"] and within(day_of(one["answer"]["answered_at"]))
        ]
        ours = [one for one in self.actions if forum in one["forums"]]
        return {
            "forum": forum,
            "screening": self._screening(sent, [one["answer"] for one in answered]),
            "hearings": self._hearings(forum, within),
            "actions": self._actions(ours, within),
            "discharges": self._discharges(forum, within),
            "after_refusal": self._after([one for one in answered if one["kind"] == "LEAD"]),
        }

    def _screening(self, sent: list[Body], answers: list[Body]) -> Body:
        states = Counter(one["state"] for one in answers)
        names = ("accepted", "declined", "expired", "withdrawn")
        return {
            "asked": len(sent),
            "waiting": len([one for one in sent if one["answer"] is None]),
            **{name: states[name.upper()] for name in names},
            "refusals": counted(one["code"] for one in answers if one["code"]),
        }

    def _hearings(self, forum: str, within: Any) -> Body:
        if forum != "MARAC":
            return nothing_heard()
        heard = [one for one in self.weeks.heard if within(one[2])]
        starts = [self._start(*one) for one in heard]
        waits = [working_days(start, on) for start, (_, _, on) in zip(starts, heard, strict=True) if start]
        repeats = [one for one in heard if any(one[0] == case and one[2] > on for case, _, on in self.weeks.heard)]
        with_perpetrator_action = {
            (one["case_id"], self.set_on[one["id"]]) for one in self.actions if is_aimed_at_perpetrator(one)
        }
        return {
            "listed": len([on for on in self.weeks.listed.values() if within(on)]),
            "heard": len(heard),
            "heard_without_acceptance": starts.count(None),
            "wait": measured(waits),
            "repeats": len(repeats),
            "repeat_rate_percent": int(len(repeats) * 100 / len(heard) + 0.5) if heard else None,
            "without_action_about_perpetrator": len(
                [one for one in heard if (one[0], one[2]) not in with_perpetrator_action]
            ),
        }

    def _start(self, case_id: str, _meeting_id: str, heard_on: date) -> date | None:
        mine = {need["id"] for need in self.cases[case_id]["needs"]}
        accepted = [
            day_of(one["answer"]["answered_at"])
            for one in self.proposals
            if one["need_id"] in mine and one["forum"] == "MARAC" and one["state"] == "ACCEPTED"
        ]
        earlier = [on for case, _, on in self.weeks.heard if case == case_id and on < heard_on]
        since = [day for day in accepted if day <= heard_on and (not earlier or day > max(earlier))]
        if since:
            return min(since)
        return self.weeks.listed[case_id, len(earlier)] if earlier and accepted else None

    def _actions(self, ours: list[Body], within: Any) -> Body:
        actions = [one for one in ours if within(self.set_on[one["id"]])]
        outcomes = counted(one["outcome"] for one in actions if one["outcome"])
        failed = ("NOT_DONE", "DECLINED_BY_RECIPIENT", "NOT_POSSIBLE_CIRCUMSTANCES_CHANGED")
        return {
            "set": len(actions),
            "about_perpetrator": len(
                [one for one in actions if one["about"] == "PERPETRATOR" or is_aimed_at_perpetrator(one)]
            ),
            "approaches": counted(one["approach"] for one in actions if one["approach"]),
            "overdue": len([one for one in actions if one["overdue"]]),
            "awaiting_review": len([one for one in actions if one["state"] == "REPORTED"]),
            "finished": len(
                [one for one in actions if one["state"] == "REVIEWED" or (one["state"], one["outcome"]) == ENDED_DONE]
            ),
            "failed": sum(outcomes.get(name, 0) for name in failed),
            "outcomes": outcomes,
            "reviews": self._reviews(ours, within),
        }

    def _reviews(self, ours: list[Body], within: Any) -> Body:
        sat = set(self.weeks.at_meeting)
        ids = {one["id"] for one in ours}
        own = other = 0
        for one in ours:
            for review in one["reviews"]:
                if (one["id"], review["reviewed_at"]) in sat or not within(day_of(review["reviewed_at"])):
                    continue
                its_own = review["reviewed_by"].partition("/")[0] == one["owner_agency"]
                own, other = own + its_own, other + (not its_own)
        return {
            "at_meeting": len([at for action_id, at in sat if action_id in ids and within(day_of(at))]),
            "between_meetings_by_owners_agency": own,
            "between_meetings_by_another_agency": other,
        }

    def _discharges(self, forum: str, within: Any) -> Body:
        holders = []
        for case in self.cases.values():
            (need,) = [one for one in case["needs"] if one["kind"] == "PERPETRATOR"]
            for one in case["discharges"]:
                if one["forum"] == forum and within(day_of(one["discharged_at"])):
                    holders += [self._holder(need, one["discharged_at"])]
        return {
            "discharged": len(holders),
            "perpetrator_then_held_by": counted(holders),
            "needs_ended": {},
        }

    def _holder(self, need: Body, at: str) -> str:
        owners = need["owners"]
        then = instant(at)
        return str(next(o["forum"] for o in owners if instant(o["since"]) <= then < instant(o["until"])))

    def _after(self, leads: list[Body]) -> Body:
        refused = [one for one in leads if one["answer"]["state"] in ("DECLINED", "EXPIRED")]
        waits = []
        for one in refused:
            said = one["answer"]["answered_at"]
            owners = self.needs[one["need_id"]]["owners"]
            later = [began for owner in owners if (began := instant(owner["since"])) > instant(said)]
            waits += [working_days(day_of(said), min(later).date())] if later else []
        return {
            "refused": len(refused),
            "passed_on_since": len(waits),
            "with_the_same_owner": len(refused) - len(waits),
            "wait": measured(waits),
        }


def counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names))


def measured(lengths: list[int]) -> Body:
    ordered = sorted(lengths)
    return {
        "measured": len(ordered),
        "median_working_days": ordered[len(ordered) // 2] if ordered else None,
        "longest_working_days": ordered[-1] if ordered else None,
    }


def nothing_heard() -> Body:
    return {
        "listed": 0,
        "heard": 0,
        "heard_without_acceptance": 0,
        "wait": measured([]),
        "repeats": 0,
        "repeat_rate_percent": None,
        "without_action_about_perpetrator": 0,
    }
