"""A forum takes a need together with what its owner before still had to do, in one call."""

from typing import Any

from tests.actions.given_actions import agree
from tests.given import Caller, Callers
from tests.ownership.test_handshake import need_of, proposal_to

HUBS = {"owner_agency": "ANYTOWN-POLICE", "owner_role": "PVP_HUB"}


def named(action: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"action_id": action["id"], "version": action["version"], **changes}


def accept(caller: Caller, need: dict[str, Any], forum: str, *actions: dict[str, Any]) -> Any:
    path = f"/v1/proposals/{proposal_to(need, forum)['id']}/acceptances"
    return caller.post(path, {"actions": list(actions)})


def test_marac_accepts_the_victims_safety_with_an_action_that_the_hub_had(
    routed: dict[str, Any], callers: Callers
) -> None:
    visit = agree(callers, routed["case_id"], **HUBS)

    answer = accept(callers.coordinator, need_of(routed, "VICTIM_SAFETY"), "MARAC", named(visit))

    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["owner"]["agency"], [one["status"] for one in body["actions"]]) == ("ANYTOWN-MARAC", [201])
    now = callers.coordinator.get(f"/v1/actions/{visit['id']}").json()
    assert (now["owner_agency"], now["owner_role"]) == ("ANYTOWN-MARAC", "MARAC_COORDINATOR")
    assert (now["state"], now["version"]) == ("OPEN", body["actions"][0]["version"])
    assert now["changes"][-1]["reason"] == "MARAC accepted the lead, and this action with it"


def test_version_that_was_right_is_not_stale_because_the_acceptance_itself_changed_the_action(
    routed: dict[str, Any], callers: Callers
) -> None:
    probations = {"owner_agency": "ANYTOWN-PROBATION", "owner_role": "SUPERVISING_PRACTITIONER"}
    shared = agree(callers, routed["case_id"], about="PERPETRATOR", **probations)
    given = HUBS | {"reason": "The hub has it until somebody accepts"}
    path = f"/v1/actions/{shared['id']}/reassignments"
    hubs = callers.chair.post(path, given, **{"If-Match": f'"{shared["version"]}"'}).json()

    answer = accept(callers.probation, need_of(routed), "MAPPA_L1_LEAD_AGENCY", named(hubs))

    (taken,) = answer.json()["actions"]
    assert (taken["status"], taken["version"] - hubs["version"]) == (201, 2)  # the lead, and then the owner
    assert callers.probation.get(f"/v1/actions/{hubs['id']}").json()["owner_agency"] == "ANYTOWN-PROBATION"


def test_acceptance_stands_although_an_action_is_refused(routed: dict[str, Any], callers: Callers) -> None:
    idvas = agree(callers, routed["case_id"], owner_agency="ANYTOWN-IDVA", owner_role="IDVA")
    unknown = {"id": "act_" + "0" * 32, "version": 1}
    items = (named(idvas), named(idvas, version=9), named(unknown))

    answer = accept(callers.coordinator, need_of(routed, "VICTIM_SAFETY"), "MARAC", *items)

    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["owner"]["agency"] == "ANYTOWN-MARAC"
    assert [one["status"] for one in body["actions"]] == [403, 412, 404]
    kept = callers.idva.get(f"/v1/actions/{idvas['id']}").json()
    assert (kept["owner_agency"], kept["version"]) == ("ANYTOWN-IDVA", idvas["version"])


def test_nobody_takes_on_what_they_could_not_read(routed: dict[str, Any], callers: Callers) -> None:
    hubs = agree(callers, routed["case_id"], about="PERPETRATOR", **HUBS | {"owner_role": "POLICE_SUPERVISOR"})
    assert callers.probation.get(f"/v1/actions/{hubs['id']}").status_code == 404

    answer = accept(callers.probation, need_of(routed), "MAPPA_L1_LEAD_AGENCY", named(hubs))

    assert (answer.status_code, [one["status"] for one in answer.json()["actions"]]) == (201, [412])
    assert callers.coordinator.get(f"/v1/actions/{hubs['id']}").json()["owner_agency"] == "ANYTOWN-POLICE"


def test_whoever_only_supports_takes_on_no_action(routed: dict[str, Any], callers: Callers) -> None:
    mine = agree(
        callers, routed["case_id"], about="PERPETRATOR", owner_agency="ANYTOWN-MATAC", owner_role="MATAC_COORDINATOR"
    )

    answer = accept(callers.matac, need_of(routed), "MATAC", named(mine))

    assert (answer.status_code, [one["status"] for one in answer.json()["actions"]]) == (201, [409])


def test_refused_acceptance_takes_on_nothing(routed: dict[str, Any], callers: Callers) -> None:
    visit = agree(callers, routed["case_id"], **HUBS)

    refused = accept(callers.idva, need_of(routed, "VICTIM_SAFETY"), "MARAC", named(visit))

    assert refused.status_code in {403, 404}
    assert callers.coordinator.get(f"/v1/actions/{visit['id']}").json()["version"] == visit["version"]
