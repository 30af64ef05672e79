"""The review of the death of "Jean", replayed through the API by date under two policies.

The chronology is data (`jean.toml`); this plays it, with the clock set to each moment and the worker's sweeps run
in between, and keeps what the service said.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import count
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.demo.directory import furnish
from app.foundation.clock import SettableClock, london_date
from app.foundation.database import make_sessions
from app.foundation.settings import Settings
from app.foundation.working_days import england_and_wales
from app.main import create_app
from app.outbox.models import Event
from app.ownership.declines import expire_overdue
from app.reminders.service import fire_due
from app.vocabulary import EventType

FIRST_MORNING = datetime(2018, 6, 1, 8, 0, tzinfo=UTC)
SWEEP_EVERY = timedelta(hours=4)
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What the service said at one step under one policy, and what went out since the step before."""

    lines: tuple[str, ...]
    reminders: Counter[str]


@dataclass(slots=True)
class Story:
    """One telling of the chronology, under one policy, in an area and with people of its own."""

    http: TestClient
    sessions: sessionmaker[Session]
    clock: SettableClock
    area: str
    keys: dict[str, str]
    referral_id: str = ""
    case_id: str = ""
    seen_actions: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=count)

    def call(self, caller: str, method: str, path: str, body: Body | None = None) -> tuple[int, Body]:
        """The status and body of one call by one agency's system."""
        headers = {
            "Authorization": f"Bearer {self.keys[caller]}",
            "Idempotency-Key": f"jean-{next(self.numbers)}",
        }
        answer = self.http.request(method, path, json=body, headers=headers)
        shown: Body = answer.json()
        return answer.status_code, shown

    def ref(self, name: str) -> str:
        """A person's pseudonym in this telling; two tellings never share a person."""
        return f"{name}-{self.area}"


def chronology() -> Body:
    """The review's dates as data."""
    return tomllib.loads(files("app.demo").joinpath("jean.toml").read_text(encoding="utf-8"))


def tell(engine: Engine, profile: str, area: str) -> Iterator[tuple[Body, Told]]:
    """Each step of the chronology with what the service said to it under this profile."""
    clock = SettableClock(FIRST_MORNING)
    app = create_app(Settings(secret_key="0" * 32), engine, clock)
    sessions = make_sessions(engine)
    with sessions.begin() as session:
        keys = dict(furnish(session, area, profile, clock.now(), name="Middlesbrough").keys)
    with TestClient(app) as http:
        story = Story(http, sessions, clock, area, keys)
        data = chronology()
        for meeting in data["meeting"]:
            story.call(
                "coordinator", "POST", "/v1/meetings", _json(meeting | {"area": area, "forum": "MARAC"})
            )
        for step in data["step"]:
            reminders = _pass_time(story, step["at"])
            yield step, Told(tuple(ACTS[step["act"]](story, step)), reminders)


def _pass_time(story: Story, until: datetime) -> Counter[str]:
    """The worker's sweeps up to that moment have run; what reminded whom is counted."""
    since = story.clock.now()
    now = since
    while now < until:
        now = min(now + SWEEP_EVERY, until)
        with story.sessions.begin() as session:
            scope_to_system(session)
            fire_due(session, now)
            expire_overdue(session, now)
    story.clock.set(until)
    return _reminders_between(story, since, until)


def _reminders_between(story: Story, since: datetime, until: datetime) -> Counter[str]:
    wanted = (EventType.REMINDER_DUE, EventType.LEAD_EXPIRED, EventType.LEAD_ESCALATED)
    with story.sessions.begin() as session:
        scope_to_system(session)
        events = session.scalars(
            select(Event).where(
                Event.area == story.area,
                Event.type.in_(wanted),
                Event.occurred_at > since,
                Event.occurred_at <= until,
            )
        ).all()
    return Counter(_reminder_in_words(event) for event in events)


def _reminder_in_words(event: Event) -> str:
    if event.type != EventType.REMINDER_DUE:
        return "no answer in time from a forum" if event.type == EventType.LEAD_EXPIRED else "escalated"
    told = event.body.decode().partition('"tells":"')[2].partition('"')[0]
    return "reminder to " + told.lower().replace("_", " ").replace(",", " and ")


def _json(value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _json(part) for name, part in value.items()}
    return [_json(part) for part in value] if isinstance(value, list) else value


def _referral(story: Story, step: Body) -> list[str]:
    body = _people(story, _json(step["body"]))
    incidents = [body.pop("incident")] if "incident" in body else []
    body |= {
        "source_system": "REVIEW",
        "source_reference": f"STEP-{next(story.numbers)}",
        "area": story.area,
        "incidents": incidents,
    }
    status, routed = story.call("hub", "POST", "/v1/referrals", body)
    if status != 201:  # noqa: PLR2004 - created
        raise RuntimeError(f"the replay's referral was refused: {routed}")
    if not story.referral_id:
        story.referral_id, story.case_id = routed["referral_id"], routed["case_id"]
    return _in_words(story, routed)


def _people(story: Story, body: Body) -> Body:
    body["victim"] = body.get("victim", {}) | {"ref": story.ref("JEAN")}
    body["perpetrator"] = body.get("perpetrator", {}) | {"ref": story.ref("PERPETRATOR")}
    for order in body.get("orders", []):
        order["protected_ref"] = story.ref(order["protected_ref"])
    return body


def _other_referral(story: Story, step: Body) -> list[str]:
    """Another man; the same victim. The first perpetrator is a victim here."""
    body = _json(step["body"])
    body["perpetrator"] = {"ref": story.ref("ABUSER-1"), "in_custody": False}
    body["victim"] = {"ref": story.ref("JEAN")}
    lines = _referral_of(story, body)
    return ["A case of its own, linked by the victim; roles are per incident.", *lines]


def _referral_of(story: Story, body: Body) -> list[str]:
    incident = body.pop("incident")
    body |= {
        "source_system": "REVIEW",
        "source_reference": f"STEP-{next(story.numbers)}",
        "area": story.area,
        "incidents": [incident],
    }
    _, routed = story.call("hub", "POST", "/v1/referrals", body)
    return _in_words(story, routed)


def _incident(story: Story, step: Body) -> list[str]:
    for earlier in _json(step.get("earlier", [])):
        earlier["victim_ref"] = story.ref(earlier["victim_ref"])
        story.call("hub", "POST", f"/v1/referrals/{story.referral_id}/incidents", {"incident": earlier})
    body = {"incident": _json(step["incident"])} if "incident" in step else _json(step["body"])
    status, routed = story.call("hub", "POST", f"/v1/referrals/{story.referral_id}/incidents", body)
    if status != 201:  # noqa: PLR2004
        raise RuntimeError(f"the replay's incident was refused: {routed}")
    return _in_words(story, routed)


def _facts(story: Story, step: Body) -> list[str]:
    path = f"/v1/referrals/{story.referral_id}/facts"
    return _in_words(story, story.call("hub", "POST", path, _json(step["body"]))[1])


def _in_words(story: Story, routed: Body) -> list[str]:
    decision = routed["decision"]["decision"]
    hearing = routed["hearing"]
    lines = [
        _outcome_in_words("MARAC", decision),
        _outcome_in_words("MATAC", decision),
        f"Row {decision['primacy_row']}: her safety {decision['victim']['forum']}; "
        f"the perpetrator {decision['perpetrator']['forum']}, held by {decision['perpetrator']['holder']} until it accepts",
    ]
    if decision["outcomes"]["marac"] == "yes" and hearing["held_on"]:
        lines.append(_hearing_in_words(hearing))
    new = [action for action in routed["actions"] if action["id"] not in story.seen_actions]
    story.seen_actions |= {action["id"] for action in new}
    if new:
        lines.append(f"{len(new)} new actions: " + ", ".join(sorted({a["duty"] or "agreed" for a in new})))
    return [*lines, _owner_in_words(routed["needs"])]


def _outcome_in_words(forum: str, decision: Body) -> str:
    outcome = forum.lower()
    because = "; ".join(
        f"{f['because']} ({f['rule']})" for f in decision["findings"] if f["outcome"] == outcome
    )
    unknown = next((q["decided_by"] for q in decision["unsettled"] if q["outcome"] == outcome), None)
    if unknown:
        return (
            f"{forum} {decision['outcomes'][outcome]} for the time being: not known is {', '.join(unknown)}"
        )
    return f"{forum} {decision['outcomes'][outcome]}" + (f": {because}" if because else "")


def _hearing_in_words(hearing: Body) -> str:
    missed = (
        f" (the cut-off of {hearing['missed_cut_off_on']} was missed)" if hearing["missed_cut_off_on"] else ""
    )
    return f"Can be heard on {hearing['held_on']}, {hearing['working_days']} working days away{missed}"


def _owner_in_words(needs: list[Body]) -> str:
    owners = {need["kind"]: need["owner"] for need in needs}
    return (
        f"Accepted owners now: her safety {owners['VICTIM_SAFETY']['forum']}, "
        f"the perpetrator {owners['PERPETRATOR']['forum']} ({owners['PERPETRATOR']['role']})"
    )


def _needs(story: Story) -> list[Body]:
    needs: list[Body] = story.call("chair", "GET", f"/v1/cases/{story.case_id}")[1]["needs"]
    return needs


def _waiting(story: Story, forum: str) -> Body:
    proposals = [p for need in _needs(story) for p in need["proposals"]]
    return next(p for p in reversed(proposals) if p["forum"] == forum and p["state"] == "PROPOSED")


def _accept(story: Story, step: Body) -> list[str]:
    if step["forum"] not in {
        p["forum"] for n in _needs(story) for p in n["proposals"] if p["state"] == "PROPOSED"
    }:
        return [
            f"{step['forum']} has not been asked: there is nothing to accept",
            _owner_in_words(_needs(story)),
        ]
    proposal = _waiting(story, step["forum"])
    story.call(step["by"], "POST", f"/v1/proposals/{proposal['id']}/acceptances", {})
    return [f"{step['forum']} accepts", _owner_in_words(_needs(story))]


def _vague_action(story: Story, step: Body) -> list[str]:
    body = {"what": step["what"]}
    status, problem = story.call("chair", "POST", f"/v1/cases/{story.case_id}/actions", body)
    missing = ", ".join(sorted({fault["pointer"] for fault in problem["errors"]}))
    return [f"'{step['what']}' is refused ({status}); it lacks {missing}"]


def _ask(story: Story, step: Body) -> list[str]:
    need = next(need for need in _needs(story) if need["kind"] == "PERPETRATOR")
    body = {"forum": step["forum"], "reason": step["because"]}
    status, answer = story.call("chair", "POST", f"/v1/needs/{need['id']}/proposals", body)
    if status != 201:  # noqa: PLR2004
        return [f"Refused ({status}): {answer['detail']}"]
    proposal = _waiting(story, step["forum"])
    return [
        f"{step['forum']} is asked and must answer by {proposal['answer_by'][:10]}; being asked it owns nothing",
        _owner_in_words(_needs(story)),
    ]


def _decline(story: Story, step: Body) -> list[str]:
    proposal = _waiting(story, step["forum"])
    body = {name: step[name] for name in ("code", "claimed_forum", "reason")}
    story.call(step["by"], "POST", f"/v1/proposals/{proposal['id']}/declines", body)
    listed = story.call("chair", "GET", f"/v1/proposals?state=DECLINED&area={story.area}")[1]["items"]
    answer = next(one["answer"] for one in listed if one["id"] == proposal["id"])
    verdict = "holds" if answer["claim_holds"] else "does not hold: no accepted owner there"
    return [
        f"The decline is on the chair's list the same day, with its reason: {answer['code']}",
        f"The claim that {answer['claimed_forum']} manages him {verdict}",
        _owner_in_words(_needs(story)),
    ]


def _discharge(story: Story, _step: Body) -> list[str]:
    status, problem = story.call(
        "chair",
        "POST",
        f"/v1/cases/{story.case_id}/discharges",
        {"plan": "Joint visit and safety plan go on"},
    )
    return [f"MARAC's discharge is refused ({status}): {problem['detail']}"]


def _working_days(story: Story, step: Body) -> list[str]:
    calendar, today = england_and_wales(), london_date(story.clock.now())
    listed = {
        name: calendar.between(step["since"], date(2018, 9, day)) for name, day in (("5", 5), ("11", 11))
    }
    return [
        f"Working days from the meeting: {listed['5']} to 5 September, {listed['11']} to 11 September, "
        f"{calendar.between(step['since'], today)} to today; the default limit for a joint visit is 5",
    ]


ACTS: dict[str, Callable[[Story, Body], list[str]]] = {
    "referral": _referral,
    "incident": _incident,
    "facts": _facts,
    "accept": _accept,
    "ask": _ask,
    "decline": _decline,
    "discharge": _discharge,
    "vague action": _vague_action,
    "working days": _working_days,
    "other referral": _other_referral,
}
