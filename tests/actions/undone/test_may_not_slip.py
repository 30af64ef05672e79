"""An action that must not be missed is owed again as soon as it is reported as not done (review 14.2.13)."""

from typing import Any

from sqlalchemy import Engine, text

from app.foundation.clock import SettableClock
from tests.actions.given_actions import agree, if_match
from tests.given import Callers


def following(callers: Callers, action: dict[str, Any]) -> list[dict[str, Any]]:
    """The open action that follows this one, if one does."""
    listed = callers.chair.get("/v1/actions", case_id=action["case_id"], state="OPEN", limit=200).json()["items"]
    return [one for one in listed if one["follows_id"] == action["id"]]


def test_visit_that_a_meeting_agreed_and_that_may_not_slip_is_owed_again_when_it_was_not_made(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    visit = agree(callers, routed["case_id"], again_within_working_days=1)
    off = {"outcome": "NOT_DONE", "note": "Called off; the officer was needed elsewhere"}
    for day in (11, 12):
        clock.set(clock.now().replace(day=day))
        path = f"/v1/actions/{visit['id']}/outcomes"
        callers.hub.post(path, off, **if_match(visit)).raise_for_status()
        (visit,) = following(callers, visit)

    assert (visit["due_on"], visit["again_within"]) == ("2026-03-13", "1 working days")
    assert visit["what"] == "Arrange a joint visit by police and the IDVA: it was not done, so book it again"


def test_visit_that_was_made_is_not_owed_again_though_it_might_not_slip(
    routed: dict[str, Any], callers: Callers
) -> None:
    visit = agree(callers, routed["case_id"], again_within_working_days=1)
    made = {"outcome": "COMPLETED", "note": "The victim was seen alone at the office"}

    callers.hub.post(f"/v1/actions/{visit['id']}/outcomes", made, **if_match(visit)).raise_for_status()

    assert following(callers, visit) == []


def test_action_that_nobody_marked_is_reported_as_not_done_and_waits_for_its_review_only(
    routed: dict[str, Any], callers: Callers, owner_engine: Engine
) -> None:
    visit = agree(callers, routed["case_id"])
    off = {"outcome": "NOT_DONE", "note": "Called off; the officer was needed elsewhere"}

    callers.hub.post(f"/v1/actions/{visit['id']}/outcomes", off, **if_match(visit)).raise_for_status()

    assert following(callers, visit) == []
    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM event WHERE type = 'action.not_done'")) == 0
