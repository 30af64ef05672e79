"""Any agency that sees the need asks MAPPA, an unknown level is never read as "no", a licence's end opens a duty."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.clock import SettableClock
from app.meetings.casework.licence_end_duties import open_licence_end_duties
from tests.given import Callers, a_referral, a_serial_perpetrator
from tests.meetings.sitting import Sitting
from tests.ownership.test_handshake import need_of, proposal_to

GROUNDS = {"grounds": "Fifth known victim, two orders in force, and nobody co-ordinates the agencies"}
AT_LEVEL_3 = {"level": 3, "senior_resources": "Two forces and the prison must commit people to this at once"}
LICENCE = {"kind": "LICENCE", "starts_on": "2025-03-01", "ends_on": "2026-06-20"}


def refer(caller: Any, case_id: str, **changes: Any) -> Any:
    return caller.post(f"/v1/cases/{case_id}/mappa-referrals", GROUNDS | changes)


def not_in_mappa(**changes: Any) -> dict[str, Any]:
    """A perpetrator who is known not to be managed, and whom statute does not put in MAPPA."""
    return {
        "ref": "P-1", "age": 41, "in_custody": False, "mappa": {"not_managed": True}, "convictions": [],
        "notification_requirement": False, "hospital_order": False, "terrorism_risk": False,
        "serious_harm_likely": False, **changes,
    }  # fmt: skip


def test_escalation_at_level_1_owes_a_level_review_within_two_working_days(sitting: Sitting) -> None:
    """DHR "Jean" 14.3.4: the MARAC referral should have brought a level review."""
    body = sitting.referred()

    (duty,) = sitting.actions(body["case_id"], "D17.review")

    assert (duty["owner_role"], duty["due_on"]) == ("SUPERVISING_PRACTITIONER", "2026-03-12")
    assert proposal_to(need_of(body), "MAPPA_L2")["state"] == "PROPOSED"


def test_level_that_is_not_known_is_found_out_and_left_open_and_asks_nobody_meanwhile(
    sitting: Sitting,
) -> None:
    body = sitting.referred(perpetrator={"ref": "P-1", "age": 41, "in_custody": False})

    decision = body["decision"]["decision"]
    (mappa,) = (each for each in decision["open"] if each["outcome"] == "mappa")
    assert "mappa_level" in mappa["decided_by"]
    assert decision["perpetrator_candidates"][0]["forum"] == "HUB"
    asked = {item["fact"]: enquiry["role"] for enquiry in decision["enquiries"] for item in enquiry["items"]}
    assert asked["mappa_level"] == "PVP_HUB"


def test_level_known_to_be_nought_is_a_no(sitting: Sitting) -> None:
    body = sitting.referred(perpetrator=not_in_mappa())

    decision = body["decision"]["decision"]
    assert decision["outcomes"]["mappa"] == "none"
    assert "mappa_level" not in {item["fact"] for enquiry in decision["enquiries"] for item in enquiry["items"]}


@pytest.mark.parametrize("name", ["hub", "probation", "council"])
def test_any_responsible_or_co_operating_agency_may_refer_the_perpetrator(
    name: str, sitting: Sitting, callers: Callers
) -> None:
    """DHR "Jean" 14.2.15: MARAC members need not wait for probation."""
    body = sitting.referred(perpetrator=not_in_mappa())

    answer = refer(getattr(callers, name), body["case_id"])

    assert answer.status_code == 201, answer.text
    assert answer.json()["level"] == 2


def test_referral_to_mappa_asks_it_to_lead_and_moves_nothing(sitting: Sitting, callers: Callers) -> None:
    body = sitting.referred(perpetrator=not_in_mappa())

    refer(callers.hub, body["case_id"], **AT_LEVEL_3).raise_for_status()

    need = need_of(callers.chair.get(f"/v1/cases/{body['case_id']}").json())
    assert need["owner"]["forum"] == "HUB"
    assert proposal_to(need, "MAPPA_L3")["because"] == GROUNDS["grounds"]


@pytest.mark.parametrize("changes", [{"level": 3}, {"level": 2, "senior_resources": AT_LEVEL_3["senior_resources"]}])
def test_why_senior_people_are_needed_goes_with_level_3_and_only_with_it(
    changes: dict[str, Any], sitting: Sitting, callers: Callers
) -> None:
    answer = refer(callers.hub, sitting.referred(perpetrator=not_in_mappa())["case_id"], **changes)

    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/senior_resources"]


@pytest.mark.parametrize("field", ["category_claimed", "level"])
def test_nought_is_no_category_and_no_level_and_the_refusal_says_what_to_send(
    field: str, sitting: Sitting, callers: Callers
) -> None:
    answer = refer(callers.hub, sitting.referred(perpetrator=not_in_mappa())["case_id"], **{field: 0})

    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == f"/{field}"
    assert "not_managed: true" in fault["detail"]
    assert field == "level" or "leave it out" in fault["detail"]


def test_referral_shows_the_category_on_record_beside_the_one_that_is_claimed(
    sitting: Sitting, callers: Callers
) -> None:
    body = sitting.referred()

    answer = refer(
        callers.hub, body["case_id"], category_claimed=3, added_value="Nobody sees what the other force holds",
        victim_liaison=False, disclosure_considered=True,
    ).json()  # fmt: skip

    assert (answer["category_claimed"], answer["category_on_record"]) == (3, 2)
    assert answer["notes"] == [
        "the referral says category 3, and our records say 2",
        "no victim liaison officer works with the victim: invite the IDVA",
    ]


def test_referral_names_an_area_that_has_somebody_to_ask(sitting: Sitting, callers: Callers) -> None:
    body = sitting.referred(perpetrator=not_in_mappa())

    nowhere = refer(callers.hub, body["case_id"], mappa_area="NOWHERE")
    here = refer(callers.hub, body["case_id"], mappa_area="ANYTOWN")

    assert [fault["pointer"] for fault in nowhere.json()["errors"]] == ["/mappa_area"]
    assert (here.status_code, here.json()["mappa_area"]) == (201, "ANYTOWN")


def test_referral_joins_the_proposal_that_already_waits_at_that_level(sitting: Sitting, callers: Callers) -> None:
    body = sitting.referred()
    waiting = proposal_to(need_of(body), "MAPPA_L2")

    answer = refer(callers.probation, body["case_id"])

    assert answer.json()["proposal_id"] == waiting["id"]


def test_level_that_declined_on_the_same_facts_is_not_asked_again(sitting: Sitting, callers: Callers) -> None:
    body = sitting.referred()
    no = {"code": "BELOW_THRESHOLD", "reason": "Formal meetings would not add value as things stand"}
    path = f"/v1/proposals/{proposal_to(need_of(body), 'MAPPA_L2')['id']}/declines"
    callers.mappa.post(path, no).raise_for_status()

    assert refer(callers.hub, body["case_id"]).status_code == 409


def test_agency_that_is_neither_responsible_nor_co_operating_asks_the_co_ordinator(
    sitting: Sitting, callers: Callers
) -> None:
    body = sitting.referred(perpetrator=not_in_mappa())

    own = refer(callers.coordinator, body["case_id"])
    recorded = refer(callers.coordinator, body["case_id"], referring_agency="ANYTOWN-COUNCIL")

    assert (own.status_code, recorded.status_code) == (403, 201)
    assert recorded.json()["referring_agency"] == "ANYTOWN-COUNCIL"


def test_agency_does_not_refer_in_the_name_of_another(sitting: Sitting, callers: Callers) -> None:
    body = sitting.referred(perpetrator=not_in_mappa())

    answer = refer(callers.hub, body["case_id"], referring_agency="ANYTOWN-COUNCIL")

    assert answer.status_code == 403


def test_person_nobody_has_identified_cannot_be_referred(sitting: Sitting, callers: Callers) -> None:
    body = sitting.referred(perpetrator={"known": False})

    assert refer(callers.hub, body["case_id"]).status_code == 409


def test_case_of_others_does_not_exist_for_a_stranger_who_would_refer(callers: Callers, sitting: Sitting) -> None:
    body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()

    assert refer(callers.idva, "case_" + "0" * 32).status_code == 404
    assert body["case_id"]


def test_licence_that_ends_within_sixty_days_owes_the_next_owner_thirty_days_before(sitting: Sitting) -> None:
    sitting.on(date(2026, 4, 22))

    body = sitting.referred(perpetrator=a_referral()["perpetrator"] | {"licences": [LICENCE]})

    (duty,) = sitting.actions(body["case_id"], "D47")
    assert (duty["owner_role"], duty["due_on"]) == ("SUPERVISING_PRACTITIONER", "2026-05-21")


def test_licence_runs_into_its_last_sixty_days_without_anybody_reporting_anything(
    sitting: Sitting, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    body = sitting.referred(perpetrator=a_referral()["perpetrator"] | {"licences": [LICENCE]})
    assert sitting.actions(body["case_id"], "D47") == []

    opened = []
    for day in (date(2026, 4, 20), date(2026, 4, 21), date(2026, 4, 22)):
        sitting.on(day)
        with sessions.begin() as session:
            scope_to_system(session)
            opened.append(open_licence_end_duties(session, clock.now()))

    assert opened == [0, 1, 0]
    (duty,) = sitting.actions(body["case_id"], "D47")
    assert duty["due_on"] == "2026-05-21"


def test_licence_end_learned_after_the_referral_counts_as_well(
    sitting: Sitting, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    body = sitting.referred()
    learned = {"perpetrator": {"licences": [LICENCE]}}
    path = f"/v1/referrals/{body['referral_id']}/facts"
    sitting.callers.hub.post(path, learned).raise_for_status()
    sitting.on(date(2026, 5, 1))

    with sessions.begin() as session:
        scope_to_system(session)
        opened = open_licence_end_duties(session, clock.now())

    assert opened == 1


def test_level_that_declined_is_asked_again_once_something_new_is_known(sitting: Sitting, callers: Callers) -> None:
    """I5 bars asking again on the same facts only; a missed appointment is another fact."""
    body = sitting.referred()
    level_two = proposal_to(need_of(body), "MAPPA_L2")["id"]
    callers.mappa.post(f"/v1/proposals/{level_two}/acceptances", {}).raise_for_status()
    referred = refer(callers.hub, body["case_id"], **AT_LEVEL_3).json()
    said = {"code": "BELOW_THRESHOLD", "reason": "Two agencies can manage this between them"}
    callers.mappa.post(f"/v1/proposals/{referred['proposal_id']}/declines", said).raise_for_status()
    unchanged = refer(callers.hub, body["case_id"], **AT_LEVEL_3)
    news = {"perpetrator": {"missed_supervision": True}}
    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", news).raise_for_status()

    again = refer(callers.hub, body["case_id"], **AT_LEVEL_3)

    assert unchanged.status_code == 409
    assert again.status_code == 201, again.text
