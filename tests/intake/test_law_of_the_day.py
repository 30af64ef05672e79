"""The law of the day and the area, over HTTP: to whom a report is owed, what is asked past the last day read (K)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.foundation.clock import SettableClock
from tests.given import Callers, a_referral, an_incident

Body = dict[str, Any]
DEMO_DAY = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)
CARE = {"ref": "V-1", "age": 70, "care_needs": True, "at_risk_of_abuse": True, "unable_to_protect_self": True}


def set_area(owner: Engine, **columns: str) -> None:
    with owner.begin() as connection:
        for name, value in columns.items():
            connection.execute(text(f"UPDATE area SET {name} = :value WHERE code = 'ANYTOWN'"), {"value": value})


def duties(decided: Body) -> dict[str, Body]:
    return {duty["id"]: duty for duty in decided["decision"]["duties"]}


def previewed(callers: Callers, **changes: Any) -> Body:
    answer = callers.hub.post("/v1/routing-previews", a_referral(**changes))
    assert answer.status_code == 200, answer.text
    body: Body = answer.json()
    return body


def test_in_england_the_care_act_is_named_and_in_wales_the_act_of_2014(callers: Callers, owner_engine: Engine) -> None:
    sent = {"victim": CARE, "children": [{"ref": "C-1", "age": 9, "in_household": True}]}

    england = duties(previewed(callers, **sent))
    set_area(owner_engine, nation="WLS")
    wales = duties(previewed(callers, **sent))

    assert {"D26", "D25.social_care"} <= england.keys()
    assert england["D26"]["source"] == "CARE-ACT-42"
    assert {"D26.wales", "D25.social_care.wales"} <= wales.keys()
    assert not {"D26", "D25.social_care"} & wales.keys()
    assert (wales["D26.wales"]["source"], wales["D25.social_care.wales"]["source"]) == ("SSWBWA-126", "SSWBWA-130")


@pytest.mark.parametrize(
    ("day", "duty"),
    [
        (datetime(2025, 1, 15, 9, 30, tzinfo=UTC), "D31"),
        (datetime(2025, 3, 4, 23, 30, tzinfo=UTC), "D31"),
        (datetime(2025, 3, 5, 9, 30, tzinfo=UTC), "D31.regime"),
        (datetime(2025, 3, 10, 9, 30, tzinfo=UTC), "D31.regime"),
        (datetime(2025, 3, 11, 9, 30, tzinfo=UTC), "D31.dapn"),
        (datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "D31.dapn"),
        (DEMO_DAY, "D31.regime"),
    ],
)
def test_kind_k_the_notice_in_cleveland_is_that_of_the_day(
    day: datetime, duty: str, callers: Callers, owner_engine: Engine, clock: SettableClock
) -> None:
    assert notices(callers, owner_engine, clock, "cleveland-current", day) == {duty}


@pytest.mark.parametrize(
    ("profile", "day", "duty"),
    [
        ("national-baseline", datetime(2025, 6, 1, 9, 30, tzinfo=UTC), "D31"),
        ("national-baseline", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "D31"),
        ("national-baseline", datetime(2026, 11, 25, 9, 30, tzinfo=UTC), "D31.regime"),
        ("northumbria", datetime(2028, 6, 1, 9, 30, tzinfo=UTC), "D31.regime"),
        ("national-baseline", datetime(2035, 6, 1, 9, 30, tzinfo=UTC), "D31.regime"),
        ("greater-manchester", datetime(2024, 11, 27, 9, 30, tzinfo=UTC), "D31.dapn"),
        ("london-pilot-boroughs", datetime(2024, 11, 27, 9, 30, tzinfo=UTC), "D31.dapn"),
        ("london-pilot-boroughs", datetime(2026, 11, 25, 9, 30, tzinfo=UTC), "D31.regime"),
        ("north-wales", datetime(2025, 4, 28, 9, 30, tzinfo=UTC), "D31.dapn"),
        ("north-wales", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "D31.dapn"),
        ("north-wales", datetime(2026, 11, 25, 9, 30, tzinfo=UTC), "D31.regime"),
    ],
)
def test_kind_k_every_pilot_has_its_own_days_and_past_what_was_read_each_area_is_asked(
    profile: str, day: datetime, duty: str, callers: Callers, owner_engine: Engine, clock: SettableClock
) -> None:
    assert notices(callers, owner_engine, clock, profile, day) == {duty}


def notices(callers: Callers, owner: Engine, clock: SettableClock, profile: str, day: datetime) -> set[str]:
    set_area(owner, policy_profile=profile)
    clock.set(day)
    before = (day - timedelta(hours=3)).isoformat().replace("+00:00", "Z")

    decided = previewed(callers, incidents=[an_incident(before)])

    return {name for name in duties(decided) if name.startswith("D31")}


def test_kind_k_the_inspectors_answer_says_which_notice_is_considered(
    callers: Callers, owner_engine: Engine, clock: SettableClock
) -> None:
    set_area(owner_engine, policy_profile="cleveland-current")
    clock.set(DEMO_DAY)
    routed = callers.hub.post("/v1/referrals", a_referral(incidents=[an_incident("2026-11-29T01:00:00Z")])).json()
    asked = next(
        one
        for one in callers.coordinator.get("/v1/enquiries", limit=200).json()["items"]
        if one["case_id"] == routed["case_id"] and one["role"] == "POLICE_INSPECTOR"
    )
    assert {item["fact"] for item in asked["items"]} == {"protective_order_regime"}

    answer = {"fact": "protective_order_regime", "kind": "VALUE", "value": "DAPO"}
    answered = callers.hub.post(f"/v1/enquiries/{asked['id']}/answers", {"answers": [answer]})

    assert answered.status_code in {200, 201}, answered.text
    newest = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"][-1]
    assert newest["decision"]["facts"]["protective_order_regime"] == "DAPO"
    assert "D31.dapn" in duties(newest)
    assert "D31.regime" not in duties(newest)


@pytest.mark.parametrize("field", ["level", "category"])
def test_nought_is_refused_and_both_ways_to_say_it_are_named(field: str, callers: Callers) -> None:
    sent = a_referral(perpetrator={"ref": "P-1", "mappa": {field: 0}})

    refused = callers.hub.post("/v1/routing-previews", sent)

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == f"/perpetrator/mappa/{field}"
    assert "not_managed: true" in error["detail"]
    assert "leave it out" in error["detail"]


def test_not_managed_beside_a_level_is_refused(callers: Callers) -> None:
    sent = a_referral(perpetrator={"ref": "P-1", "mappa": {"level": 2, "not_managed": True}})

    refused = callers.hub.post("/v1/routing-previews", sent)

    pointers = [error["pointer"] for error in refused.json()["errors"]]
    assert pointers == ["/perpetrator/mappa/not_managed", "/perpetrator/mappa/level"]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"inchoate": "ATTEMPTED"}, "inchoate"),
        ({"length_kind": "LONG"}, "length_kind"),
    ],
)
def test_a_conviction_that_cannot_be_is_refused_with_its_pointer(changed: Body, pointer: str, callers: Callers) -> None:
    conviction = {"offence": "robbery", "convicted_on": "2025-01-01", "sentence": "CUSTODY", **changed}

    refused = callers.hub.post(
        "/v1/routing-previews", a_referral(perpetrator={"ref": "P-1", "convictions": [conviction]})
    )

    assert refused.status_code == 422
    assert [e["pointer"] for e in refused.json()["errors"]] == [f"/perpetrator/convictions/0/{pointer}"]


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        ({"caution": True}, ("caution", "sentence", "sentence_months")),
        ({"caution": True, "sentence": None, "sentence_months": None, "suspended": True}, ("caution", "suspended")),
        ({"caution": True, "sentence": None, "sentence_months": None, "index": True}, ("caution", "index")),
        ({"sentence": "COMMUNITY", "suspended": True}, ("sentence", "suspended")),
        ({"sentence": "DETENTION_AND_TRAINING", "suspended": True}, ("sentence", "suspended")),
        ({"sentence": "HOSPITAL_ORDER"}, ("sentence", "sentence_months")),
        ({"sentence": "FINE_OR_OTHER", "sentence_months": None, "length_kind": "LIFE"}, ("sentence", "length_kind")),
        ({"sentence": "DURING_PLEASURE", "sentence_months": None, "length_kind": "FIXED"}, ("sentence", "length_kind")),
        ({"convicted_on": "2015-01-01", "domestic_abuse_finding": True}, ("domestic_abuse_finding", "convicted_on")),
    ],
)
def test_a_conviction_whose_parts_cannot_both_be_is_a_contradiction(
    changed: Body, parts: tuple[str, ...], callers: Callers
) -> None:
    whole = {"offence": "robbery", "convicted_on": "2025-12-01", "sentence": "CUSTODY", "sentence_months": 18}

    def answered(conviction: Body) -> Any:
        return callers.hub.post(
            "/v1/routing-previews", a_referral(perpetrator={"ref": "P-1", "convictions": [conviction]})
        )

    refused = answered(whole | changed)

    assert refused.status_code == 422
    assert {(e["pointer"], e["code"]) for e in refused.json()["errors"]} == {
        (f"/perpetrator/convictions/0/{part}", "contradiction") for part in parts
    }
    assert answered(whole | {"suspended": True, "domestic_abuse_finding": True}).status_code == 200
    assert answered({"offence": "robbery", "convicted_on": "2015-01-01", "caution": True}).status_code == 200


def test_not_managed_is_taken_back_by_a_level_of_the_same_author_and_a_level_by_not_managed(
    callers: Callers, clock: SettableClock
) -> None:
    routed = callers.hub.post("/v1/referrals", a_referral()).json()

    def level_after(mappa: Body) -> object:
        clock.set(clock.now() + timedelta(minutes=5))
        path = f"/v1/referrals/{routed['referral_id']}/facts"
        after = callers.hub.post(path, {"perpetrator": {"mappa": mappa}})
        assert after.status_code == 201, after.text
        return after.json()["decision"]["decision"]["facts"]["mappa_level"]

    assert level_after({"not_managed": True}) == "not_managed"
    assert level_after({"level": 2, "not_managed": None}) == "2"
    assert level_after({"not_managed": True}) == "not_managed"
    assert level_after({"not_managed": None}) is None


def test_kind_j_the_report_from_the_field_is_statutory_mappa_as_its_control_is(
    callers: Callers, clock: SettableClock
) -> None:
    clock.set(DEMO_DAY)
    licence = {"kind": "LICENCE", "starts_on": "2026-03-01", "ends_on": "2027-09-01", "service": "ANYTOWN-PROBATION"}
    perpetrator = {"ref": "P-01", "age": 41, "mappa": {"not_managed": True}, "in_custody": False, "licences": [licence]}

    def outcome(offence: str) -> object:
        conviction = {"offence": offence, "convicted_on": "2025-06-02", "sentence": "CUSTODY", "sentence_months": 18}
        sent = {"perpetrator": perpetrator | {"convictions": [conviction]}}
        return previewed(callers, incidents=[an_incident("2026-11-27T21:40:00Z")], **sent)["decision"]["outcomes"][
            "mappa"
        ]

    assert outcome("non_fatal_strangulation") == outcome("threats_to_kill") == "referable"
    assert outcome("harassment") == "open"  # whether the Act of April 2026 lists it was not read
