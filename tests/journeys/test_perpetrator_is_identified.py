"""Nobody knew who it was, and then somebody does: the case is of these two people from then on.

Sources: rows 6, 13 and 20 of the portfolio; kind C of the reports.
"""

from tests.journeys.hours import HIGH, STANDARD, Hours

MEDIUM = {"tool": "DASH24", "ticks": 9, "unanswered": 0, "officer_grade": "MEDIUM", "seen_alone": True}
NAMED = {"perpetrator": {"ref": "P-1", "known": True}}


def test_later_referral_of_the_two_joins_the_case_and_nobody_goes_on_looking(hours: Hours) -> None:
    first = hours.report(HIGH, None)
    hours.at(1)
    hours.learn(first, NAMED)
    searches = {one["state"] for one in hours.owed(first, state="ENDED") if one["duty"] == "E02"}
    again = hours.report(STANDARD)

    newest = hours.newest(first)
    assert again["case_id"] == first["case_id"]
    assert searches == {"ENDED"}
    assert "E02" not in hours.duties(first)
    assert newest["facts"]["perpetrator_known"] is True
    assert hours.asked() == ["PROPOSED"]


def test_incidents_by_somebody_unidentified_are_the_couples_once_the_perpetrator_is_known(hours: Hours) -> None:
    """Row 6: three incidents of the couple in twelve months are an escalation."""
    events = [{"days_ago": day, "number": f"C-{day}"} for day in (60, 30)]
    first = hours.report(MEDIUM, None, incidents=events)
    before = hours.newest(first)["facts"].get("incidents_for_hub")
    hours.at(1)
    hours.learn(first, NAMED)
    known = hours.newest(first)["facts"]
    again = hours.report(MEDIUM)

    counted = hours.newest(again)
    assert (before, known["incidents_for_hub"]) == (0, 2) or before is None
    assert counted["outcomes"]["marac"] == "yes"
    assert counted["facts"]["incidents_in_window"] == 3


def test_need_about_them_goes_on_as_one_need_with_that_of_another_victim(hours: Hours) -> None:
    other = hours.report(MEDIUM, victim={"ref": "V-2"})
    first = hours.report(MEDIUM, None)
    hours.at(1)
    learned = hours.learn(first, NAMED)

    (shared,) = [need["id"] for need in other["needs"] if need["kind"] == "PERPETRATOR"]
    (open_now,) = [need["id"] for need in learned["needs"] if need["kind"] == "PERPETRATOR"]
    ended = [need["end_reason"] for need in hours.case["needs"] if need["ended_at"]]
    assert open_now == shared
    assert ended == ["DUPLICATE_OF"]


def test_crossed_roles_are_seen_once_the_perpetrator_is_known(hours: Hours) -> None:
    hours.report(MEDIUM, "V-1", victim={"ref": "P-1"})
    first = hours.report(MEDIUM, None)
    hours.at(1)
    hours.learn(first, NAMED)

    assert hours.newest(first)["facts"]["roles_reversed"] is True
    assert hours.crossed_pairs() == 1


def test_case_that_the_two_have_already_is_read_together_and_decided_anew(hours: Hours) -> None:
    older = hours.report(HIGH)
    hours.at(1)
    unknown = hours.report(STANDARD, None)
    hours.learn(unknown, NAMED)
    again = hours.report(STANDARD)

    asked_anew = [one for one in hours.owed(older) if one["duty"] == "DECIDE_ANEW_AFTER_LINK"]
    assert hours.newest(unknown)["facts"]["grade"] == "HIGH"
    assert len(asked_anew) == 1
    assert again["case_id"] == older["case_id"]


def test_the_victim_is_not_the_unidentified_perpetrator(hours: Hours) -> None:
    first = hours.report(MEDIUM, None)
    answer = hours.callers.hub.post(f"/v1/referrals/{first['referral_id']}/facts", {"perpetrator": {"ref": "V-1"}})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/perpetrator/ref")


def test_incident_that_names_the_perpetrator_identifies_them_too(hours: Hours) -> None:
    first = hours.report(MEDIUM, None)
    event = {"occurred_at": "2026-03-10T09:00:00Z", "reported_at": "2026-03-10T09:00:00Z", "force": "ANYTOWN-POLICE"}
    hours.at(1)
    path = f"/v1/referrals/{first['referral_id']}/incidents"
    hours.callers.hub.post(path, {"incident": event, "perpetrator": {"ref": "P-1"}}).raise_for_status()
    again = hours.report(STANDARD)

    assert again["case_id"] == first["case_id"]
