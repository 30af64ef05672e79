"""Plays a row over HTTP: each step at its hour, by whoever takes it, and the worker comes round before each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from app.jobs import JOBS, run_job
from tests.ending import end_need
from tests.given import Caller, Callers
from tests.journeys.portfolio.bodies import Row, body_of, merged
from tests.meetings.sitting import a_cycle

STEPS = ("refused", "post", "accept", "emergency", "hear", "answer", "take_back", "end", "decide_anew", "wait")


def steps_of(row: Row) -> list[tuple[str, Row]]:
    """What happens in the row, by hour; at the same hour in the order of `STEPS`."""
    found = [(name, step) for name in STEPS for step in row.get(name, ())]
    return sorted(found, key=lambda step: step[1].get("hours", 0))


def sibling_of(row: Row) -> Row:
    """The row with its one ground taken away: `first` changes the first post, anything else the last.

    `without` names steps that do not happen, and `[[sibling.wait]]` and its like are steps that do.
    """
    changes = {k: v for k, v in row["sibling"].items() if k not in {"expect", "first", "without", *STEPS}}
    steps = {name: [*row.get(name, ()), *row["sibling"].get(name, ())] for name in STEPS}
    steps |= {name: [] for name in row["sibling"].get("without", ())}
    posts = steps["post"]
    posts[0] = merged(posts[0], row["sibling"].get("first", {}))
    posts[-1] = merged(posts[-1], changes)
    return {**steps, "expect": row["sibling"]["expect"]}


@dataclass
class Play:
    """Everyone who takes part, the clock, and what has been posted so far."""

    callers: Callers
    partner: Caller
    clock: SettableClock
    sessions: sessionmaker[Session]
    routed: list[Row] = field(default_factory=list)
    meetings: list[Row] = field(default_factory=list)
    before: set[str] = field(default_factory=set)

    def play(self, row: Row) -> None:
        """Sets ANYTOWN's calendar and takes every step of the row."""
        for _ in self.steps(row):
            pass

    def steps(self, row: Row) -> Iterator[tuple[str, Row]]:
        """Sets the calendar, takes the steps of the row one after the other, and yields each once it is taken."""
        first = self.clock.now()
        self.meetings = _created(self.callers.coordinator, "/v1/meeting-cycles", a_cycle())["meetings"]
        for name, step in steps_of(row):
            self.clock.set(first + timedelta(hours=step.get("hours", 0)))
            self.worker_comes_round()
            self.before = {action["id"] for action in self.actions()} if self.routed else set()
            getattr(self, f"_{name}")(step, first)
            yield name, step

    def worker_comes_round(self) -> None:
        for job in JOBS:
            run_job(self.sessions, lambda _: self.clock.now(), job)

    @property
    def case(self) -> Row:
        """The case of the last post, as the co-ordinator reads it."""
        return _read(self.callers.coordinator, f"/v1/cases/{self.routed[-1]['case_id']}")

    def decision(self, place: int = -1) -> Row:
        """The newest decision of the case of that post, with its explanation."""
        case_id = self.routed[place]["case_id"]
        of_case = [one["referral_id"] for one in self.routed if one["case_id"] == case_id]
        found = [one for each in of_case for one in _items(self.callers.coordinator, f"/v1/referrals/{each}/decisions")]
        return max(found, key=lambda one: one["decided_at"])

    def actions(self) -> list[Row]:
        """The case's unfinished actions."""
        return _items(self.callers.coordinator, "/v1/actions", case_id=self.routed[-1]["case_id"], limit=200)

    def planned(self) -> list[Row]:
        """The case's actions that open on a later day."""
        return _items(
            self.callers.coordinator, "/v1/actions", case_id=self.routed[-1]["case_id"], state="PLANNED", limit=200
        )

    def notices(self) -> list[Row]:
        """What each agency was told of the steps that reach it."""
        answer = self.callers.coordinator.get("/v1/notices", case_id=self.routed[-1]["case_id"])
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    def new_actions(self) -> list[Row]:
        """The unfinished actions that the last step made."""
        return [action for action in self.actions() if action["id"] not in self.before]

    def times_listed(self) -> int:
        """On how many lists of meetings the case is."""
        case_id = self.routed[-1]["case_id"]
        lists = [_items(self.callers.coordinator, f"/v1/meetings/{one['id']}/list") for one in self.meetings[:12]]
        return sum(line["case_id"] == case_id for lines in lists for line in lines)

    def crossed_pairs(self) -> int:
        """How many lines of the co-ordinator's list show a pair with crossed roles."""
        lines = _items(self.callers.coordinator, "/v1/cases-to-review")
        return sum(bool(line["crossed_with"]) for line in lines)

    def _post(self, step: Row, first: datetime) -> None:
        words = {k: v for k, v in step.items() if k not in {"hours", "by"}}
        sent = body_of(words, first, self.clock.now()) | {"source_reference": f"DV-{len(self.routed) + 1}"}
        caller = self.callers.hub
        if step.get("by") == "partner":
            caller, sent = self.partner, sent | {"source_system": "IDVA-SERVICE", "referrer_role": "IDVA"}
        self.routed.append(_created(caller, "/v1/referrals", sent))

    def _refused(self, step: Row, first: datetime) -> None:
        """The report that the next post mends is refused at these fields, and by no other."""
        words = {k: v for k, v in step.items() if k not in {"hours", "at"}}
        sent = body_of(words, first, self.clock.now()) | {"source_reference": f"DV-{len(self.routed) + 1}"}
        answer = self.callers.hub.post("/v1/referrals", sent)
        assert answer.status_code == 422, answer.text
        assert {fault["pointer"] for fault in answer.json()["errors"]} == set(step["at"])

    def _accept(self, step: Row, _: datetime) -> None:
        (asked,) = [one for one in self._proposals("PROPOSED") if one["forum"] == step["forum"]]
        forums = {"MARAC": self.callers.coordinator, "MATAC": self.callers.matac}
        _created(forums[step["forum"]], f"/v1/proposals/{asked['id']}/acceptances", {})

    def _hear(self, _: Row, __: datetime) -> None:
        (today,) = [one for one in self.meetings if one["held_on"] == self.clock.now().date().isoformat()]
        path = f"/v1/cases/{self.routed[-1]['case_id']}/hearings"
        _created(self.callers.chair, path, {"meeting_id": today["id"]})

    def _emergency(self, step: Row, _: datetime) -> None:
        """The chair answers the emergency question."""
        sent = {"answer": step["decision"], "reason": "The plan that is in place holds until the meeting"}
        _created(self.callers.chair, f"/v1/cases/{self.routed[-1]['case_id']}/emergency-decisions", sent)

    def _answer(self, step: Row, _: datetime) -> None:
        asked = [one for one in self.enquiries() if step["fact"] in {item["fact"] for item in _open(one)}]
        answer = {"fact": step["fact"], "kind": "VALUE", "value": step["value"]}
        _created(self.callers.coordinator, f"/v1/enquiries/{asked[0]['id']}/answers", {"answers": [answer]})

    def _take_back(self, step: Row, _: datetime) -> None:
        """A person of the hub takes back by null what it stated."""
        sent: Row = {}
        for path in step["facts"]:
            *sections, name = path.split(".")
            place = sent
            for section in sections:
                place = place.setdefault(section, {})
            place[name] = None
        path = f"/v1/referrals/{self.routed[-1]['referral_id']}/facts"
        _created(self.callers.hub, path, sent, **self.callers.hub.on_behalf_of("jo.smith"))

    def _end(self, step: Row, _: datetime) -> None:
        """The need ends because its person died; the actions that are open go on."""
        (need,) = [one for one in self.case["needs"] if one["kind"] == step["need"]]
        named = [action["id"] for action in self.actions()]
        died_on = (self.clock.now() - timedelta(days=1)).date().isoformat()
        sent = {"reason": "DECEASED", "note": "As the records say", "actions_continue": named, "occurred_on": died_on}
        answer = end_need(self.callers.hub, self.callers.coordinator, need["id"], sent)
        assert answer.status_code == 201, answer.text

    def _decide_anew(self, _: Row, __: datetime) -> None:
        """The case of the first post is decided anew on what is known by then."""
        path = f"/v1/cases/{self.routed[0]['case_id']}/decisions"
        _created(self.callers.coordinator, path, {"reason": "Another report names the same two people"})

    def _wait(self, _: Row, __: datetime) -> None:
        """Only time passes."""

    def enquiries(self) -> list[Row]:
        """The enquiries about the case that have an open question."""
        of_all = _items(self.callers.coordinator, "/v1/enquiries", limit=200)
        return [one for one in of_all if one["case_id"] == self.routed[-1]["case_id"]]

    def _proposals(self, state: str) -> Iterator[Row]:
        for need in self.case["needs"]:
            yield from (one for one in need["proposals"] if one["state"] == state)


def _open(enquiry: Row) -> list[Row]:
    return [item for item in enquiry["items"] if item["ended"] is None]


def _created(caller: Caller, path: str, sent: Row, **headers: str) -> Row:
    answer = caller.post(path, sent, **headers)
    assert answer.status_code in {200, 201}, f"{path}: {answer.status_code} {answer.text}"
    body: Row = answer.json()
    return body


def _read(caller: Caller, path: str, **params: Any) -> Row:
    answer = caller.get(path, **params)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
    body: Row = answer.json()
    return body


def _items(caller: Caller, path: str, **params: Any) -> list[Row]:
    items: list[Row] = _read(caller, path, **params)["items"]
    return items
