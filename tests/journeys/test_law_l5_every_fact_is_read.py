"""L5: every fact that a referral may state is read: two referrals that differ only there are answered otherwise.

The pairs stand in `every_fact_is_read.toml`. The leaves are those of the request's own schema, so that a leaf without a
pair fails.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from app.referrals.schemas.requests import ReferralRequest
from app.statistics.diversity_counts import SMALLEST_SHOWN
from tests.given import Caller, Callers
from tests.journeys.portfolio.bodies import Row, merged
from tests.policies.given import activate, proposed

PAIRS: Row = tomllib.loads((Path(__file__).parent / "every_fact_is_read.toml").read_text(encoding="utf-8"))
BASE = PAIRS.pop("base")
ECHO = {"facts", "facts_sha256", "sha256", "policy_sha256"}
# The practitioner's first sentence repeats each danger that was stated: that something is repeated is not that it is
# read. Issue 11, item 4, asks that these be named, and each of them decides something besides.
REPEATED = "Stated: "
QUARTER = {"area": "ANYTOWN", "from": "2026-01-01", "to": "2026-03-31"}
QUARTER_SETTLED = datetime(2026, 4, 28, 9, tzinfo=UTC)
OF_AN_ACTION = ("duty", "what", "owner_agency", "recipient_agency", "due_on", "due_at")
SWITCHES = """
[policy]
id = "switches"
version = "1.0.0"
title = "An area with other switches"
in_force = 2026-03-10T12:00:00+00:00
applies_to = "new and reopened referrals"
extends = "national-baseline 2.0.0"

[param]
manager_signoff_required = { value = true, reason = "to show the fact", source = "DESIGN" }
matac_selects_by_score = { value = true, reason = "to show the fact", source = "DESIGN" }
marac_hears_when_mappa_l23 = { value = false, reason = "to show the fact", source = "DESIGN" }
repeat_behaviour = { value = "CRIMINAL_ONLY", reason = "to show the fact", source = "DESIGN" }
"""


def leaves(node: Row, defined: Row, at: str = "") -> Iterator[str]:
    """The JSON pointers of every value that the schema lets a sender state; `*` is an entry of a list."""
    if "$ref" in node:
        node = defined[node["$ref"].rpartition("/")[2]]
    for way in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
        yield from leaves(way, defined, at)
    for name, inner in node.get("properties", {}).items():
        yield from leaves(inner, defined, f"{at}/{name}")
    if "items" in node:
        yield from leaves(node["items"], defined, f"{at}/*")
    if node.get("type") not in {"object", "array", "null", None}:
        yield at


def test_every_leaf_of_the_request_has_a_pair_and_no_pair_is_of_anything_else() -> None:
    schema = ReferralRequest.model_json_schema()

    assert set(leaves(schema, schema["$defs"])) == set(PAIRS)


class Told:
    """What the service says on one referral of a hub that refers for two areas."""

    def __init__(self, hub: Caller, coordinator: Caller, clock: SettableClock) -> None:
        self.hub = hub
        self.coordinator = coordinator
        self.clock = clock

    def preview(self, body: Row) -> tuple[int, Any]:
        answer = self.hub.post("/v1/routing-previews", body)
        said = answer.json()
        return answer.status_code, said if answer.status_code != 200 else _without(said, ECHO)

    def work(self, body: Row) -> tuple[int, Any]:
        """Who has what to do until when, who is asked, what is looked up, and the timeline."""
        routed = self.posted(body)
        case_id = routed["case_id"]
        states = ({}, {"state": "PLANNED"})
        unfinished = [one for state in states for one in self._items("/v1/actions", case_id=case_id, **state)]
        actions = [[one[name] for name in OF_AN_ACTION] for one in unfinished]
        notices = [(one["agency"], one["asks"]) for one in self.coordinator.get("/v1/notices", case_id=case_id).json()]
        case = self.coordinator.get(f"/v1/cases/{case_id}").json()
        timeline = self._items(f"/v1/cases/{case_id}/timeline")
        asked = [[(p["forum"], p["agency"], p["because"]) for p in need["proposals"]] for need in case["needs"]]
        of_referral = [one["what"] for one in timeline if one["what"].startswith("Referral")]
        return 200, [sorted(map(str, actions)), sorted(map(str, notices)), sorted(map(str, asked)), of_referral]

    def assessments(self, body: Row) -> tuple[int, Any]:
        """What the author and MARAC read of each report's assessment."""
        answer = self.hub.get(f"/v1/referrals/{self.posted(body)['referral_id']}/assessments")
        return answer.status_code, answer.json()["items"]

    def counts(self, body: Row) -> tuple[int, Any]:
        """What five such victims add to the counts of their quarter, once it has settled: fewer are not shown."""
        before = self._counted()
        for number in range(SMALLEST_SHOWN):
            people = {name: {"ref": f"{body[name]['ref']}-{number}"} for name in ("victim", "perpetrator")}
            self.posted(merged(body, people | {"source_reference": f"{body['source_reference']}-{number}"}))
        after = self._counted()
        return 200, {name: after[name] - before.get(name, 0) for name in after}

    def _counted(self) -> dict[str, int]:
        now = self.clock.now()
        self.clock.set(QUARTER_SETTLED)
        counted = self.coordinator.get("/v1/statistics", **QUARTER).json()["diversity"]
        self.clock.set(now)
        fields = {name: cells for name, cells in counted.items() if name != "quarters"}
        return {f"{name} {cell}": number for name, cells in fields.items() for cell, number in cells.items()}

    def withheld(self, body: Row) -> tuple[int, Any]:
        """What a named person reads of what the perpetrator must never learn."""
        path = f"/v1/referrals/{self.posted(body)['referral_id']}/not-for-disclosure"
        headers = {"Authorization": f"Bearer {self.hub.key}", **self.hub.on_behalf_of("jo.smith")}
        answer = self.hub.client.get(path, headers=headers)
        return answer.status_code, [item["text"] for item in answer.json()["items"]]

    def contact(self, body: Row) -> tuple[int, Any]:
        """What a named person reads, on the action that reaches the victim, of what to know before contact."""
        case_id = self.posted(merged(body, {"help_sought_by": "HELPLINE"}))["case_id"]
        (action,) = (one for one in self._items("/v1/actions", case_id=case_id) if one["duty"] == "D06s")
        reader = self.coordinator
        headers = {"Authorization": f"Bearer {reader.key}", **reader.on_behalf_of("jo.smith")}
        notes = reader.client.get(f"/v1/actions/{action['id']}", headers=headers).json()["before_contact"]
        return 200, [(note["kind"], note["says"], [one["text"] for one in note["texts"]]) for note in notes]

    def posted(self, body: Row) -> Row:
        answer = self.hub.post("/v1/referrals", body)
        assert answer.status_code == 201, answer.text
        routed: Row = answer.json()
        return routed

    def _items(self, path: str, **params: Any) -> list[Row]:
        items: list[Row] = self.coordinator.get(path, limit=200, **params).json()["items"]
        return items


@pytest.fixture
def told(callers: Callers, http: TestClient, sessions: sessionmaker[Session], clock: SettableClock) -> Told:
    with sessions.begin() as session:
        create_demo_area(session, "ELSEWHERE", "cleveland-current", clock.now(), name="Elsewhere")
        areas = ["ANYTOWN", "ELSEWHERE"]
        agency, role = "ANYTOWN-POLICE", "hub.referrer"
        _, key = add_client(
            session, name="A hub", agency=agency, role=role, areas=areas, now=clock.now(), speaks_for_people=True
        )
    return Told(Caller(http, key), callers.coordinator, clock)


@pytest.fixture
def switches(callers: Callers, clock: SettableClock) -> Callable[[], None]:
    """Puts the policy with other switches in force in ANYTOWN."""

    def put_in_force() -> None:
        answer = activate(callers.chair, proposed(callers.chair, SWITCHES))
        assert answer.status_code in {200, 201}, answer.text
        clock.set(clock.now() + timedelta(hours=5))

    return put_in_force


@pytest.mark.parametrize("leaf", PAIRS)
def test_two_referrals_that_differ_in_one_fact_are_answered_otherwise(
    leaf: str, told: Told, switches: Callable[[], None]
) -> None:
    pair = PAIRS[leaf]
    if pair.get("policy") == "switches":
        switches()
    for earlier in pair.get("before", ()):
        told.posted(merged(BASE, earlier))

    base = merged(BASE, pair.get("given", {}))
    statuses, said = _both(told, pair, [_with(base, leaf, value) for value in pair["values"]])

    assert statuses == pair.get("statuses", [200, 200]), said
    assert said[0] != said[1], f"nobody reads {leaf}"


@pytest.mark.parametrize("shown", ["preview", "work", "assessments", "withheld", "contact"])
def test_two_referrals_that_differ_in_nothing_are_answered_alike(shown: str, told: Told) -> None:
    same = merged(BASE, {"not_for_disclosure": "The victim sleeps at work"})

    _, said = _both(told, {"shown": shown}, [same, same])

    assert said[0] == said[1]


def _both(told: Told, pair: Row, bodies: list[Row]) -> tuple[list[int], list[str]]:
    show = getattr(told, pair.get("shown", "preview"))
    answers = [show(_of_people(body, number, pair)) for number, body in enumerate(bodies)]
    return [status for status, _ in answers], [_comparable(words) for _, words in answers]


def _with(base: Row, leaf: str, value: Any) -> Row:
    """The body with the value at the leaf, in the first entry of each list; "-" leaves it out."""
    body = deepcopy(base)
    *path, name = leaf.removeprefix("/").split("/")
    place: Any = body
    for step, following in zip(path, [*path, name][1:], strict=True):
        place = place[0] if step == "*" else place.setdefault(step, [{}] if following == "*" else {})
    if name == "*":
        place[:] = [] if value == "-" else [value]
    elif value != "-":
        place[name] = value
    return body


def _of_people(body: Row, number: int, pair: Row) -> Row:
    """What is stored is stored of two other people the second time, so that the first does not count for it."""
    if pair.get("shown", "preview") == "preview" or number == 0:
        return body
    text = json.dumps(body).replace('"V-1"', '"V-1-AGAIN"').replace('"P-1"', '"P-1-AGAIN"').replace('"DV-1"', '"DV-2"')
    again: Row = json.loads(text)
    return again


def _comparable(words: Any) -> str:
    return re.sub(r"DV-\d|-AGAIN", "", json.dumps(words, sort_keys=True))


def _without(said: Any, names: set[str]) -> Any:
    if isinstance(said, list):
        return [_without(each, names) for each in said if not (isinstance(each, str) and each.startswith(REPEATED))]
    if isinstance(said, dict):
        return {name: _without(each, names) for name, each in said.items() if name not in names}
    return said
