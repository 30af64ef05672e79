"""A what-if shows what a policy would change before it is approved, and routes nothing."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.clock import SettableClock
from app.routing.loading.catalogue import policy_file
from app.trials import what_ifs
from app.trials.impact import empty_impact
from app.trials.models import PolicyWhatIf
from tests.given import Callers, a_referral, an_incident, not_high_risk
from tests.intake.test_previews import rows
from tests.policies.given import (
    FEWER_TICKS,
    UNSOUND,
    WRITER,
    a_draft,
    activate,
    proposed,
)

LONGER = """
[param]
escalation_months = { value = 24, reason = "violence returns after a year", source = "DESIGN" }
"""


def ask(callers: Callers, body: str, **more: object) -> dict[str, object]:
    answer = callers.chair.post(
        "/v1/policy-what-ifs", {"text": a_draft(body), **more}, **callers.chair.on_behalf_of(WRITER)
    )
    assert answer.status_code in {200, 202}, answer.text
    found: dict[str, object] = answer.json()
    return found


def twelve_ticks(reference: str = "DV-1", victim: str = "V-1") -> dict[str, object]:
    return a_referral(
        reference,
        victim={"ref": victim, "age": 34},
        perpetrator={"ref": f"P-{victim}", "age": 41, "in_custody": False, "mappa": {"not_managed": True}},
        assessment={**not_high_risk(), "ticks": 12},
        disclosure={},
    )


def test_lower_threshold_shows_which_stored_decisions_would_have_met_marac(callers: Callers) -> None:
    sent = callers.hub.post("/v1/referrals", twelve_ticks()).json()
    callers.hub.post("/v1/referrals", a_referral("DV-2")).raise_for_status()

    found = ask(callers, FEWER_TICKS)

    impact = found["impact"]
    assert [each["decision_id"] for each in impact["changed"]] == [sent["decision"]["id"]]
    assert {"what": "marac", "was": "no", "now": "yes"} in impact["changed"][0]["changes"]
    assert impact["areas"]["ANYTOWN"]["hearings_more"] == 1
    assert impact["areas"]["ANYTOWN"]["decisions"] == 2
    assert any("no -> yes" in line for line in found["difference"])


def test_asking_what_if_routes_nothing_and_stores_no_answer(callers: Callers, owner: Engine) -> None:
    callers.hub.post("/v1/referrals", twelve_ticks()).raise_for_status()
    before = rows(owner)

    ask(callers, FEWER_TICKS)

    after = rows(owner)
    assert {name for name in after if after[name] != before[name]} - {"call_count"} == {"idempotent_result"}


def test_longer_window_is_counted_anew_on_the_incidents_of_that_day(callers: Callers) -> None:
    old = [an_incident(f"2024-0{month}-09T21:00:00Z") for month in (7, 8)]
    quiet = twelve_ticks() | {"incidents": [*old, an_incident()]}
    callers.hub.post("/v1/referrals", quiet).raise_for_status()

    found = ask(callers, LONGER)

    (changed,) = found["impact"]["changed"]
    assert {"what": "marac", "was": "no", "now": "yes"} in changed["changes"]


def test_draft_that_is_not_sound_is_refused_before_it_is_tried(callers: Callers) -> None:
    answer = callers.chair.post("/v1/policy-what-ifs", {"text": a_draft(UNSOUND)}, **callers.chair.on_behalf_of(WRITER))

    assert (answer.status_code, answer.json()["code"]) == (422, "policy-refused")


def test_another_areas_decisions_are_not_looked_at(callers: Callers, neighbours: Callers) -> None:
    callers.hub.post("/v1/referrals", twelve_ticks()).raise_for_status()

    theirs = ask(neighbours, FEWER_TICKS)
    foreign = neighbours.chair.post(
        "/v1/policy-what-ifs",
        {"text": a_draft(FEWER_TICKS), "areas": ["ANYTOWN"]},
        **neighbours.chair.on_behalf_of(WRITER),
    )

    assert theirs["impact"]["areas"] == {}
    assert foreign.status_code == 422


COPIES = """
WITH copies AS (
    INSERT INTO case_file (id, reference, victim_ref, perpetrator_ref, opened_at, area, agencies)
    SELECT c.id || n, c.reference || n, c.victim_ref || n, c.perpetrator_ref || n, c.opened_at, c.area, c.agencies
    FROM case_file c, generate_series(1, :copies) n RETURNING id
)
INSERT INTO decision (id, referral_id, case_id, decided_at, because, policy_id, policy_version, policy_sha256,
    facts_sha256, sha256, stated, record, area, agencies)
SELECT 'dec_' || copies.id, d.referral_id, copies.id, d.decided_at, d.because, d.policy_id, d.policy_version,
    d.policy_sha256, d.facts_sha256, d.sha256, d.stated, d.record, d.area, d.agencies
FROM decision d, copies
"""


@pytest.fixture
def many(callers: Callers, owner: Engine) -> int:
    """More cases, all alike, than one answer looks at."""
    callers.hub.post("/v1/referrals", twelve_ticks()).raise_for_status()
    with owner.begin() as connection:
        connection.execute(text(COPIES), {"copies": what_ifs.MAX_AT_ONCE + 2})
    return what_ifs.MAX_AT_ONCE + 3


@pytest.mark.proof
def test_many_decisions_are_looked_at_in_steps_that_show_how_far_they_have_come(
    many: int, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    begun = ask(callers, FEWER_TICKS)
    path = f"/v1/policy-what-ifs/{begun['id']}"
    steps = []

    while not callers.chair.get(path).json()["finished"]:
        with sessions.begin() as session:
            scope_to_system(session)
            steps.append(what_ifs.advance_what_ifs(session, clock.now()))

    done = callers.chair.get(path).json()
    assert (begun["done"], begun["total"], begun["finished"]) == (0, many, False)
    assert sum(steps) == done["done"] == many
    assert done["impact"]["areas"]["ANYTOWN"]["hearings_more"] == many


def test_what_if_on_two_areas_is_shown_to_callers_of_both_only(
    callers: Callers, neighbours: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    """The system of one area is of the same agency, and would read the other area's decisions."""
    with sessions.begin() as session:
        scope_to_system(session)
        session.add(a_what_if(["ANYTOWN", "OTHERTOWN"], clock.now()))

    answer = callers.chair.get("/v1/policy-what-ifs/pwi_x")

    assert answer.status_code == 404
    assert answer.json()["detail"] == callers.chair.get("/v1/policy-what-ifs/pwi_y").json()["detail"]


def a_what_if(areas: list[str], now: datetime) -> PolicyWhatIf:
    """One that ANYTOWN's MARAC asked and the worker has not begun."""
    counted = {"total": 1, "done": 0, "last_number": 0, "until_number": 1, "finished_at": None}
    asked = {"asked_by": "ANYTOWN-MARAC/ana.lima", "asked_at": now, "area": "", "agencies": ["ANYTOWN-MARAC"]}
    read = {"text": a_draft(FEWER_TICKS), "base_text": policy_file("national-baseline").text}
    return PolicyWhatIf(id="pwi_x", areas=areas, found=empty_impact(), **counted, **asked, **read)


def test_open_cases_are_listed_for_a_person_and_never_routed_by_an_activation(
    callers: Callers, clock: SettableClock, owner: Engine
) -> None:
    sent = callers.hub.post("/v1/referrals", twelve_ticks()).json()
    high = callers.hub.post("/v1/referrals", a_referral("DV-9", victim={"ref": "V-9", "age": 30})).json()
    draft_id = proposed(callers.chair, a_draft(FEWER_TICKS))
    before = rows(owner)
    made = activate(callers.chair, draft_id).json()

    listed = callers.chair.get(f"/v1/policy-activations/{made['id']}/cases").json()

    after = rows(owner)
    assert [item["case_id"] for item in listed["items"]] == [sent["case_id"]]
    assert high["case_id"] not in str(listed)
    assert {"what": "marac", "was": "no", "now": "yes"} in listed["items"][0]["changes"]
    assert listed["open_cases"] == 2
    assert (after["decision"], after["proposal"]) == (before["decision"], before["proposal"])


def test_person_has_an_open_case_decided_anew_and_it_leaves_the_list(callers: Callers, clock: SettableClock) -> None:
    sent = callers.hub.post("/v1/referrals", twelve_ticks()).json()
    made = activate(callers.chair, proposed(callers.chair, a_draft(FEWER_TICKS))).json()
    path = f"/v1/policy-activations/{made['id']}/cases"
    confirm = f"{path}/{sent['case_id']}/confirmations"
    person = callers.chair.on_behalf_of(WRITER)
    too_early = callers.chair.post(confirm, {"reason": "the victim is at risk"}, **person)
    clock.set(datetime(2026, 4, 1, 9, tzinfo=UTC))

    anew = callers.chair.post(confirm, {"reason": "the victim is at risk"}, **person)

    assert too_early.status_code == 409
    assert anew.status_code == 201, anew.text
    assert anew.json()["decision"]["decision"]["policy_id"] == "anytown"
    assert anew.json()["decision"]["decision"]["outcomes"]["marac"] == "yes"
    assert "ana.lima confirmed anytown 1.0.0: the victim is at risk" in anew.json()["decision"]["because"]
    assert callers.chair.get(path).json()["items"] == []
    decisions = callers.hub.get(f"/v1/referrals/{sent['referral_id']}/decisions").json()["items"]
    assert [each["decision"]["policy_id"] for each in decisions] == ["national-baseline", "anytown"]
