"""Those who work with perpetrators never read where a case is, moved or not (design note on access, finding 2)."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.access.victims_area import VICTIMS_AREA
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_serial_perpetrator

Body = dict[str, Any]
LISTS = ["/v1/actions", "/v1/proposals", "/v1/enquiries", "/v1/inbox"]
CARRIED = {
    "to_area": "BORDER",
    "plan": "Weekly contact by the IDVA; locks changed",
    "minutes": "Not heard yet; the list for the next meeting is not out",
    "idva_handover": "Call mornings only, and never leave a message",
}


@pytest.fixture
def routed(callers: Callers) -> Body:
    """A serial perpetrator under licence, routed in Anytown."""
    body: Body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    return body


@pytest.fixture
def border(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock) -> Callers:
    with sessions.begin() as session:
        furnished = create_demo_area(session, "BORDER", "national-baseline", clock.now(), name="Border")
    return Callers(**{name: Caller(http, key) for name, key in furnished.keys.items()})


def areas_read(caller: Caller) -> set[str]:
    """Every area that the caller's lists name, and every one of the rows of those lists read by itself."""
    found: set[str] = set()
    for path in LISTS:
        for item in caller.get(path, limit=200).json()["items"]:
            found.add(item["area"])
            if path in {"/v1/actions", "/v1/enquiries"}:
                found.add(caller.get(f"{path}/{item['id']}").json()["area"])
    return found


@pytest.mark.parametrize("who", ["probation", "matac", "mappa"])
def test_where_the_area_of_a_case_would_stand_is_the_same_from_the_first_day(
    who: str, routed: Body, callers: Callers
) -> None:
    assert areas_read(getattr(callers, who)) == {VICTIMS_AREA}
    assert areas_read(callers.coordinator) == {"ANYTOWN"}


def test_move_to_another_area_changes_no_label_that_they_read(
    routed: Body, callers: Callers, border: Callers, clock: SettableClock
) -> None:
    answer = callers.coordinator.post(f"/v1/cases/{routed['case_id']}/transfers", CARRIED)
    assert answer.status_code == 201, answer.text
    asked = answer.json()
    clock.set(clock.now() + timedelta(hours=5))
    border.coordinator.post(f"/v1/transfers/{asked['id']}/acceptances", {}).raise_for_status()

    for caller in (callers.probation, callers.matac, callers.mappa, border.matac, border.mappa):
        assert areas_read(caller) <= {VICTIMS_AREA}
        assert "BORDER" not in "".join(callers.probation.get(path, limit=200).text for path in LISTS)


@pytest.mark.parametrize("path", ["/v1/actions", "/v1/proposals", "/v1/inbox"])
def test_list_filtered_by_area_is_refused_to_them_and_not_to_marac(path: str, routed: Body, callers: Callers) -> None:
    refused = callers.matac.get(path, area="ANYTOWN")

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/area")
    assert callers.matac.get(path, area="BORDER").text.split("trace_id")[0] == refused.text.split("trace_id")[0]
    assert callers.coordinator.get(path, area="ANYTOWN").status_code == 200
