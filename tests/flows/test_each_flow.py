"""For each flow that the service releases: that it arrives, in its form, and that nothing else does."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Post
from app.foundation.clock import SettableClock
from app.jobs import JOBS, run_job
from app.vocabulary import Role
from tests.flows.conftest import AnArea
from tests.flows.telling import LICENCE, PERPETRATOR, Telling, arrivals, not_dangerous, refer, released
from tests.given import Callers
from tests.meetings.sitting import Sitting, a_supervision_return, countersign
from tests.people.synthetic import PNC

ORDER = {"kind": "RESTRAINING_ORDER", "protected_ref": "V-DURHAM", "ends_on": "2027-03-01"}
ORDER_IS_TOLD = {
    ("F3", "ANYTOWN-PROBATION", "SUPERVISING_PRACTITIONER"),
    ("F3", "ANYTOWN-POLICE", "PVP_HUB"),
    ("F3", "ANYTOWN-MARAC", "MARAC_COORDINATOR"),
    ("F3", "ANYTOWN-IDVA", "IDVA"),
}


def of_flow(flow: str, *places: Callers) -> set[tuple[str, str, str]]:
    return {one for one in arrivals(*places) if one[0] == flow}


@pytest.fixture
def on_licence(callers: Callers, durham: Callers, clock: SettableClock) -> None:
    """Anytown has the perpetrator on licence to its probation."""
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator={"licences": [LICENCE]})
    clock.set(clock.now() + timedelta(hours=1))


def test_order_reaches_who_manages_the_perpetrator_and_who_works_for_the_other_victims(
    callers: Callers, durham: Callers, telling: Telling, on_licence: None
) -> None:
    refer(durham, "DURHAM", "V-DURHAM", orders=[ORDER])
    telling.tick()

    assert of_flow("F3", callers, durham) == ORDER_IS_TOLD
    for caller in (callers.probation, callers.idva, callers.coordinator):
        (told,) = released(caller, "F3")
        assert told["content"]["kind"] == "RESTRAINING_ORDER"
        assert told["content"]["protects"] == "another victim"
        assert "V-DURHAM" not in json.dumps(told)


def test_client_of_the_perpetrator_s_side_reads_nothing_released_to_the_victim_s(
    callers: Callers, durham: Callers, telling: Telling, sessions: sessionmaker[Session], on_licence: None
) -> None:
    with sessions.begin() as session:
        session.get_one(Post, ("ANYTOWN", Role.IDVA)).agency = "ANYTOWN-PROBATION"
    refer(durham, "DURHAM", "V-DURHAM", orders=[ORDER])
    telling.tick()

    assert {one["role"] for one in released(callers.probation)} == {"SUPERVISING_PRACTITIONER"}


def test_order_in_a_return_before_a_hearing_is_a_fact_of_the_perpetrator(
    callers: Callers, durham: Callers, telling: Telling, clock: SettableClock
) -> None:
    sitting = Sitting(callers, clock)
    meeting = sitting.cycle()[0]
    sitting.taken()
    refer(durham, "DURHAM", "V-DURHAM")
    telling.tick()
    (entry,) = sitting.listed(meeting["id"])
    asked = next(one for one in entry["research"] if one["agency"] == "ANYTOWN-PROBATION")
    held = {"kind": "RESTRAINING_ORDER", "protects": "V-1", "ends_on": None, "breached": None}

    answer = callers.probation.post(
        f"/v1/research-requests/{asked['id']}/returns",
        a_supervision_return(orders=[held]),
        **callers.probation.on_behalf_of("jo.smith"),
    )
    telling.tick()
    unsigned = of_flow("F3", callers, durham)
    signed = countersign(callers.probation, answer.json())
    telling.tick()

    assert (answer.status_code, signed.status_code, unsigned) == (201, 201, set())
    assert of_flow("F3", callers, durham) == {
        ("F3", "DURHAM-POLICE", "PVP_HUB"),
        ("F3", "DURHAM-MARAC", "MARAC_COORDINATOR"),
        ("F3", "DURHAM-IDVA", "IDVA"),
    }
    assert "V-1" not in json.dumps(released(durham.idva, "F3"))


def test_report_away_from_the_approved_address_asks_the_service_and_tells_the_force(
    callers: Callers, durham: Callers, telling: Telling, on_licence: None
) -> None:
    refer(durham, "DURHAM", "V-DURHAM", perpetrator={"address_approved": False})
    telling.tick()

    assert of_flow("F5", callers, durham) == {
        ("F5", "ANYTOWN-PROBATION", "SUPERVISING_PRACTITIONER"),
        ("F5", "DURHAM-POLICE", "PVP_HUB"),
    }
    assert released(callers.probation, "F5")[0]["content"]["question"] == "STAYS_THERE"
    assert released(durham.hub, "F5")[0]["content"]["on_licence"] is True


def test_missed_contact_reaches_whoever_works_on_the_perpetrator_s_cases_elsewhere(
    callers: Callers, durham: Callers, telling: Telling, clock: SettableClock
) -> None:
    refer(durham, "DURHAM", "V-DURHAM")
    first = refer(callers, "ANYTOWN", "V-JEAN")
    clock.set(clock.now() + timedelta(days=1))

    sent = {"perpetrator": {"missed_supervision": True}}
    callers.hub.post(f"/v1/referrals/{first['referral_id']}/facts", sent)
    telling.tick()

    assert of_flow("F23", callers, durham) == {
        ("F23", "DURHAM-POLICE", "PVP_HUB"),
        ("F23", "DURHAM-MARAC", "MARAC_COORDINATOR"),
        ("F23", "DURHAM-IDVA", "IDVA"),
    }
    assert released(durham.idva, "F23")[0]["content"] == {"what": "MISSED_CONTACT", "day": "2026-03-11"}


def test_another_perpetrator_of_the_same_victim_prompts_whoever_manages_the_first(
    callers: Callers, durham: Callers, telling: Telling, on_licence: None
) -> None:
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator={"ref": "P-2"}, source_reference="DV-second")
    telling.tick()

    assert of_flow("F15", callers, durham) == {("F15", "ANYTOWN-PROBATION", "SUPERVISING_PRACTITIONER")}
    (told,) = released(callers.probation, "F15")
    assert told["content"]["look_again"] == "LOOK_AT_THIS_CASE_AGAIN"
    assert "P-2" not in json.dumps(told)


def test_report_that_becomes_a_danger_is_told_again(
    callers: Callers, durham: Callers, telling: Telling, clock: SettableClock, on_licence: None
) -> None:
    report = refer(durham, "DURHAM", "V-DURHAM", assessment=not_dangerous())
    telling.tick()
    clock.set(clock.now() + timedelta(hours=1))

    durham.hub.post(f"/v1/referrals/{report['referral_id']}/facts", {"assessment": {"strangulation": True}})
    telling.tick()

    assert [one["danger"] for one in released(callers.probation, "F1")] == [False, True]


def test_link_that_is_confirmed_later_lets_flow_what_is_older(
    callers: Callers, durham: Callers, telling: Telling, on_licence: None
) -> None:
    pnc = {"kind": "PNC", "value": PNC}
    refer(durham, "DURHAM", "V-DURHAM", perpetrator={"ref": "P-DURHAM", "identifiers": [pnc]})
    telling.tick()
    assert released(callers.probation) == []

    refer(
        callers,
        "ANYTOWN",
        "V-JEAN",
        perpetrator={"ref": PERPETRATOR, "identifiers": [pnc]},
        source_reference="DV-again",
    )
    telling.tick()

    assert [one["content"]["force"] for one in released(callers.probation, "F1")] == ["DURHAM-POLICE"]


def test_post_that_is_filled_later_is_told_when_its_turn_comes(
    callers: Callers,
    telling: Telling,
    sessions: sessionmaker[Session],
    clock: SettableClock,
    on_licence: None,
    an_area: AnArea,
    owner_engine: Engine,
) -> None:
    border = an_area("BORDER")
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM post WHERE area = 'BORDER' AND role = 'MATAC_COORDINATOR'"))
    refer(border, "BORDER", "V-BORDER")
    telling.tick()
    assert released(border.matac) == []
    with sessions.begin() as session:
        session.add(Post(area="BORDER", role=Role.MATAC_COORDINATOR, agency="BORDER-MATAC"))

    run_job(sessions, lambda _: clock.now(), next(job for job in JOBS if job.name == "release in turn"))

    assert [one["flow"] for one in released(border.matac)] == ["F14"]
