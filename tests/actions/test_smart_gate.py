"""An action nobody could do is refused, with everything that is missing (review 14.2.10: "Update social worker")."""

from typing import Any

import pytest

from app.actions.wording.smart_wording import what_is_vague
from tests.actions.given_actions import an_agreed_action
from tests.given import Callers


def test_update_social_worker_is_refused_with_everything_that_is_missing(
    routed: dict[str, Any], callers: Callers
) -> None:
    answer = callers.chair.post(f"/v1/cases/{routed['case_id']}/actions", {"what": "Update social worker"})

    assert answer.status_code == 422
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {
        "/what",
        "/owner_agency",
        "/owner_role",
        "/recipient",
        "/done_when",
        "/due_at",
    }


@pytest.mark.parametrize("part", ["what", "owner_agency", "owner_role", "recipient", "done_when", "due_on"])
def test_action_without_any_one_of_its_parts_is_refused(part: str, routed: dict[str, Any], callers: Callers) -> None:
    sent = {name: value for name, value in an_agreed_action().items() if name != part}

    answer = callers.chair.post(f"/v1/cases/{routed['case_id']}/actions", sent)

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "vague",
    [
        "Update social worker",
        "Update the social worker again",
        "Social worker to be updated about the case",
        "Liaise with housing and police",
        "MATAC referral to be considered",
        "Discuss case with probation",
    ],
)
def test_words_that_leave_open_what_is_done_are_named_as_vague(vague: str) -> None:
    assert what_is_vague(vague) is not None


@pytest.mark.parametrize(
    "clear",
    [
        "Update the social worker about the children's new address",
        "Arrange a joint visit by police and the IDVA",
        "Refer the perpetrator to MATAC with the incident list",
        "Visit the victim alone at a sister's house",
        "Monitor the curfew daily until the hearing on Friday",
    ],
)
def test_words_that_say_what_somebody_will_do_are_taken_as_they_are(clear: str) -> None:
    assert what_is_vague(clear) is None


def test_done_when_that_only_repeats_the_action_shows_nothing(routed: dict[str, Any], callers: Callers) -> None:
    sent = an_agreed_action(done_when="arrange a joint visit by police and the IDVA")

    answer = callers.chair.post(f"/v1/cases/{routed['case_id']}/actions", sent)

    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/done_when"]
