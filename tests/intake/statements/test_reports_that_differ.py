"""Two requests that are valid alone are both kept, whatever they say together."""

from datetime import timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.statements.reading import read
from tests.given import Callers, a_referral, an_incident

Body = dict[str, Any]
HEARD, NOT_HEARD = {"last_heard_on": "2025-11-09"}, {"heard": False}


@pytest.mark.parametrize("author", ["hub", "idva"])
@pytest.mark.parametrize(("first", "second"), [(HEARD, NOT_HEARD), (NOT_HEARD, HEARD)])
def test_one_report_says_heard_and_another_not(
    author: str, first: Body, second: Body, callers: Callers, clock: SettableClock
) -> None:
    routed = callers.hub.post("/v1/referrals", a_referral(marac_history=first)).json()
    clock.set(clock.now() + timedelta(hours=1))
    later = {"incident": an_incident("2026-03-10T08:00:00Z"), "marac_history": second}

    answer = getattr(callers, author).post(f"/v1/cases/{routed['case_id']}/incidents", later)

    assert answer.status_code == 201, answer.text
    newest = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"][-1]
    assert newest["decision"]["facts"]["repeat"] is True


def test_two_authors_together_name_more_children_than_one_request_may(callers: Callers, clock: SettableClock) -> None:
    def children(first: int) -> list[Body]:
        return [{"ref": f"C-{number}", "age": 6, "in_household": True} for number in range(first, first + 30)]

    routed = callers.hub.post("/v1/referrals", a_referral(children=children(0))).json()
    clock.set(clock.now() + timedelta(hours=1))
    later = {"incident": an_incident("2026-03-10T08:00:00Z"), "children": children(30)}

    answer = callers.idva.post(f"/v1/cases/{routed['case_id']}/incidents", later)

    assert answer.status_code == 201, answer.text


def test_what_stands_is_read_as_its_fields_hold_it() -> None:
    sent = a_referral(
        orders=[{"kind": "DVPO", "starts_on": "2026-03-01"}],
        claims=[{"forum": "IOM", "claimed_by": "X", "confirmed_at": "2026-03-01T08:00:00Z"}],
        marac_history=HEARD,
    )
    checked = ReferralRequest.model_validate(sent)

    assert read(ReferralRequest, checked.model_dump(mode="json", exclude_unset=True)) == checked


@pytest.mark.parametrize(("part", "value"), [("rfgv_score", 100), ("rfgv_rank", 99_999)])
def test_highest_score_that_a_request_may_state_is_one_that_rules_read(part: str, value: int, callers: Callers) -> None:
    answers = [
        callers.hub.post(
            "/v1/referrals", a_referral(f"DV-{number}", perpetrator={"ref": "P-1", "panels": {part: number}})
        )
        for number in (value, value + 1)
    ]

    assert [answer.status_code for answer in answers] == [201, 422]
