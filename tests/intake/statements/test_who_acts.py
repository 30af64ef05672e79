"""Who acts is said by the hub, by the service that supervises, and by the service they name. No other hands it on."""

from datetime import timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from app.referrals.statements.standing import disputed, overlaid
from app.referrals.statements.statement import AgencyStatement
from app.routing.facts.reports.precaution import WHO_ACTS
from tests.given import Callers, a_serial_perpetrator, an_incident
from tests.intake.statements.stated import IDVA, POLICE, PROBATION

Body = dict[str, Any]
LEVEL_1 = ("D16.senior", "D16.form", "D18", "D20", "D21")


def nested(part: str, value: Any) -> Body:
    first, _, rest = part.partition(".")
    return {first: nested(rest, value) if rest else value}


def said(agency: str, document: Body) -> AgencyStatement:
    return AgencyStatement(agency, document, may_say=agency in {POLICE, PROBATION})


def standing_at(part: str, *statements: AgencyStatement) -> Any:
    found: Any = overlaid(statements)
    for name in part.split("."):
        found = found[name]
    return found


@pytest.mark.parametrize("part", sorted(WHO_ACTS))
def test_hub_s_word_stands_over_a_partner_s_whoever_came_last(part: str) -> None:
    hub, partner = said(POLICE, nested(part, PROBATION)), said(IDVA, nested(part, IDVA))

    assert standing_at(part, hub, partner) == standing_at(part, partner, hub) == PROBATION
    assert disputed([hub, partner]) == (f"/{part.replace('.', '/')}",)


@pytest.mark.parametrize("part", sorted(WHO_ACTS))
def test_service_that_the_hub_names_may_say_that_it_is_another(part: str) -> None:
    hub, named = said(POLICE, nested(part, "YOUTH-TEAM")), said("YOUTH-TEAM", nested(part, "ADULT-TEAM"))

    assert standing_at(part, hub, named) == "ADULT-TEAM"


@pytest.mark.parametrize("part", sorted(WHO_ACTS))
def test_of_two_partners_the_first_stands(part: str) -> None:
    first, second = said("COUNCIL", nested(part, PROBATION)), said(IDVA, nested(part, IDVA))

    assert standing_at(part, first, second) == PROBATION


def test_partner_s_licence_names_no_other_service() -> None:
    hub = said(POLICE, nested("perpetrator.licences", [{"kind": "LICENCE", "service": PROBATION}]))
    partner = said(
        IDVA, nested("perpetrator.licences", [{"kind": "LICENCE", "service": IDVA, "ends_on": "2030-01-01"}])
    )

    for statements in ((hub, partner), (partner, hub)):
        services = [one.get("service") for one in overlaid(statements)["perpetrator"]["licences"]]
        assert services == [PROBATION, None]


def test_level_1_duties_stay_with_the_agency_that_the_hub_named(callers: Callers, clock: SettableClock) -> None:
    sent = a_serial_perpetrator()
    sent["perpetrator"]["mappa"] = {"level": 1, "category": 2, "lead_agency": PROBATION}
    routed = callers.hub.post("/v1/referrals", sent).json()
    clock.set(clock.now() + timedelta(hours=1))

    callers.idva.post(
        f"/v1/cases/{routed['case_id']}/incidents",
        {"incident": an_incident("2026-03-10T08:00:00Z"), "perpetrator": {"mappa": {"lead_agency": IDVA}}},
    ).raise_for_status()

    actions = callers.coordinator.get("/v1/actions", case_id=routed["case_id"], limit=200).json()["items"]
    owners = {one["owner_agency"] for one in actions if one["duty"] in LEVEL_1}
    assert owners == {PROBATION}
    enquiries = callers.coordinator.get("/v1/enquiries", case_id=routed["case_id"], limit=200).json()["items"]
    asked = " ".join(item["ask"] for one in enquiries if one["role"] == "PVP_HUB" for item in one["items"])
    assert "lead agency" in asked
