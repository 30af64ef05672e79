"""The victim moves: the posts of the receiving area are asked, on the clocks that have begun."""

from datetime import timedelta

from tests.enquiries.given_enquiries import DAY, Asked
from tests.given import Callers
from tests.ownership.conftest import elsewhere
from tests.ownership.test_transfers import ask

__all__ = ["elsewhere"]


def test_receiving_area_is_asked_on_the_clock_that_has_begun_and_the_old_area_no_more(
    asked: Asked,
    elsewhere: Callers,
) -> None:
    body = asked.referred_on_licence()
    until = asked.question(body["case_id"], "ticks")["until"]
    transfer = ask(asked.callers, body).json()
    asked.pass_time(timedelta(hours=5))

    answer = elsewhere.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {})

    assert answer.status_code == 201, answer.text
    items = elsewhere.coordinator.get("/v1/enquiries", limit=200).json()["items"]
    (service,) = [one for one in items if one["role"] == "SUPERVISING_PRACTITIONER"]
    (ticks,) = [item for one in items for item in one["items"] if item["fact"] == "ticks" and not item["ended"]]
    assert (service["area"], service["agency"]) == ("BORDER", "BORDER-PROBATION")
    assert ticks["until"] == until
    assert asked.callers.probation.get("/v1/enquiries", mine=True).json()["items"] == []
    asked.pass_time(DAY - timedelta(hours=5))
    assert asked.end_clocks() == 1
