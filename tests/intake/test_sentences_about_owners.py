"""What is said of who has a need is what the record of owners says, whatever the policy's table would ask for."""

from datetime import timedelta
from typing import Any

from app.foundation.clock import SettableClock
from tests.given import Callers, a_referral, a_serial_perpetrator, an_incident, not_high_risk
from tests.ownership.test_after_the_end import died

Body = dict[str, Any]


def in_short(callers: Callers, body: Body) -> str:
    newest = callers.hub.get(f"/v1/referrals/{body['referral_id']}/decisions").json()["items"][-1]
    return " ".join(newest["explanation"][0]["sentences"])


def accepted_by_marac(callers: Callers) -> Body:
    body: Body = callers.hub.post("/v1/referrals", a_referral()).json()
    (proposal,) = [p for need in body["needs"] for p in need["proposals"] if p["forum"] == "MARAC"]
    callers.coordinator.post(f"/v1/proposals/{proposal['id']}/acceptances", {"note": "Listed"}).raise_for_status()
    return body


def test_after_marac_accepted_a_new_report_says_that_marac_has_the_victims_safety(
    callers: Callers, clock: SettableClock
) -> None:
    body = accepted_by_marac(callers)
    clock.set(clock.now() + timedelta(days=1))

    callers.hub.post(f"/v1/referrals/{body['referral_id']}/incidents", {"incident": an_incident()}).raise_for_status()

    assert "Nobody else is asked to lead on the victim's safety; MARAC has it." in in_short(callers, body)


def test_report_about_a_perpetrator_who_died_says_that_nobody_is_asked_to_lead(
    callers: Callers, clock: SettableClock
) -> None:
    body: Body = callers.hub.post("/v1/referrals", a_referral()).json()
    died(callers, body, "PERPETRATOR")
    clock.set(clock.now() + timedelta(days=1))

    again: Body = callers.hub.post("/v1/referrals", a_referral("DV-2")).json()

    assert "Nobody is asked to lead on the perpetrator: the person has died." in in_short(callers, again)


def decided_on_the_timeline(callers: Callers, body: Body) -> str:
    items = callers.coordinator.get(f"/v1/cases/{body['case_id']}/timeline", limit=200).json()["items"]
    return str(next(one["what"] for one in items if one["kind"] == "decision"))


def test_timeline_says_that_a_forum_is_asked_and_who_owns_the_need_meanwhile(callers: Callers) -> None:
    body: Body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()

    assert decided_on_the_timeline(callers, body).endswith(
        "): MARAC is asked to lead on the victim's safety; until it accepts, the referring agency owns that need; "
        "MAPPA level 2 is asked to lead on the perpetrator; until it accepts, the police PVP hub owns that need, and "
        "the MAPPA level 1 lead agency is asked to hold it"
    )


def test_timeline_says_that_nobody_is_asked_where_nobody_is(callers: Callers) -> None:
    quiet = a_referral(assessment=not_high_risk(), perpetrator={"ref": "P-1", "age": 41})
    body: Body = callers.hub.post("/v1/referrals", quiet).json()

    assert decided_on_the_timeline(callers, body).endswith(
        "): nobody else is asked to lead on the victim's safety; the referring agency owns that need; "
        "nobody else is asked to lead on the perpetrator; the police PVP hub owns that need"
    )


def test_timeline_names_the_owner_that_accepted_and_asks_nobody_about_somebody_who_died(
    callers: Callers, clock: SettableClock
) -> None:
    body = accepted_by_marac(callers)
    died(callers, body, "PERPETRATOR")
    clock.set(clock.now() + timedelta(days=1))

    again: Body = callers.hub.post("/v1/referrals", a_referral("DV-2")).json()

    assert decided_on_the_timeline(callers, again).endswith(
        "): nobody else is asked to lead on the victim's safety; MARAC owns that need; "
        "nobody is asked to lead on the perpetrator: the person has died"
    )
