"""The examples of the API reference, sent as they are printed, in the order in which they are used."""

import json
from pathlib import Path
from typing import Any

from app.foundation.clock import SettableClock
from tests.given import Callers
from tests.ownership.test_handshake import need_of, proposal_to

EXAMPLES = Path(__file__).resolve().parents[2] / "openapi" / "examples"


def example(operation: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EXAMPLES / f"{operation}.json").read_text(encoding="utf-8"))
    return loaded


def test_every_step_of_a_case_can_be_taken_with_the_published_examples(callers: Callers, clock: SettableClock) -> None:
    meeting = callers.coordinator.post("/v1/meetings", example("scheduleMeeting"))
    assert meeting.status_code == 201, meeting.text
    routed = callers.hub.post("/v1/referrals", example("submitReferral"))
    assert routed.status_code == 201, routed.text
    body = routed.json()
    referral, case = f"/v1/referrals/{body['referral_id']}", f"/v1/cases/{body['case_id']}"
    assert callers.hub.post(f"{referral}/incidents", example("addIncident")).status_code == 201
    facts = callers.hub.post(f"{referral}/facts", example("addFacts"))
    assert facts.status_code == 201, facts.text
    named = callers.hub.on_behalf_of("jo.smith")
    assert callers.hub.post(f"{referral}/assessment-reviews", example("reviewAssessment"), **named).status_code == 201
    added = callers.idva.post(f"{case}/incidents", example("addCaseIncident"))
    assert added.status_code == 201, added.text
    own = f"{case}/incidents/{added.json()['incident_id']}/assessment-reviews"
    assert callers.idva.post(own, example("reviewOwnAssessment"), **named).status_code == 201
    need = need_of(facts.json())
    level_two = proposal_to(need, "MAPPA_L2")["id"]
    accepted = callers.mappa.post(f"/v1/proposals/{level_two}/acceptances", example("acceptProposal"))
    assert accepted.status_code == 201, accepted.text
    matac = proposal_to(accepted.json(), "MATAC")["id"]
    declined = callers.matac.post(f"/v1/proposals/{matac}/declines", example("declineProposal"))
    assert declined.status_code == 201, declined.text

    action = callers.coordinator.post(f"{case}/actions", example("addAction"))
    assert action.status_code == 201, action.text
    path, tag = f"/v1/actions/{action.json()['id']}", action.headers["etag"]
    moved = callers.coordinator.post(f"{path}/reassignments", example("reassignAction"), **{"If-Match": tag})
    assert moved.status_code == 201, moved.text
    reported = callers.idva.post(f"{path}/outcomes", example("reportOutcome"), **{"If-Match": moved.headers["etag"]})
    assert reported.status_code == 201, reported.text
    reviewed = callers.chair.post(f"{path}/reviews", example("reviewAction"), **{"If-Match": reported.headers["etag"]})
    assert (reviewed.status_code, reviewed.json()["state"]) == (201, "REVIEWED"), reviewed.text
    for several, operation in (("outcomes", "reportOutcomes"), ("reviews", "reviewActions")):
        each = callers.chair.post(f"/v1/action-{several}", example(operation))
        assert [one["status"] for one in each.json()["items"]] == [404, 404], each.text  # ids of nobody's actions

    clock.set(clock.now().replace(day=20))
    heard = callers.coordinator.post(f"{case}/hearings", {"meeting_id": meeting.json()["id"]})
    assert heard.status_code == 201, heard.text
    refused = callers.chair.post(f"{case}/discharges", example("dischargeCase"))
    assert refused.status_code == 409
