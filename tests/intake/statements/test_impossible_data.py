"""What cannot be is refused with the field that says it: 422, and nothing is stored."""

from copy import deepcopy
from datetime import date
from itertools import chain
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from app.referrals.impossible.dates import HAS_HAPPENED, MAY_BE_AHEAD
from app.referrals.schemas.requests import IncidentRequest, ReferralRequest
from tests.given import Callers, a_referral, an_incident

TOMORROW, YESTERDAY = "2026-03-11", "2026-03-09"
"""The clock of these tests stands at 09:30 on 10 March 2026."""


def perpetrator(**stated: Any) -> dict[str, Any]:
    return a_referral()["perpetrator"] | stated


def faults(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


CASES: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "an incident of tomorrow": (
        {"incidents": [an_incident(), an_incident("2026-03-11T20:00:00Z")]},
        [("/incidents/1/occurred_at", "in_the_future"), ("/incidents/1/reported_at", "in_the_future")],
    ),
    "a report before the event": (
        {"incidents": [an_incident(reported_at="2026-03-08T21:00:00Z")]},
        [("/incidents/0/reported_at", "before_it_occurred")],
    ),
    "a referral of tomorrow": ({"referred_on": TOMORROW}, [("/referred_on", "in_the_future")]),
    "a conviction of tomorrow": (
        {"perpetrator": perpetrator(convictions=[{"offence": "robbery", "convicted_on": TOMORROW}])},
        [("/perpetrator/convictions/0/convicted_on", "in_the_future")],
    ),
    "evidence of tomorrow": (
        {"perpetrator": perpetrator(escalations=[{"kind": "POLICE_INTELLIGENCE", "observed_on": TOMORROW}])},
        [("/perpetrator/escalations/0/observed_on", "in_the_future")],
    ),
    "a level review of tomorrow": (
        {"perpetrator": perpetrator(mappa={"level": 1, "last_reviewed_on": TOMORROW})},
        [("/perpetrator/mappa/last_reviewed_on", "in_the_future")],
    ),
    "an assessment of the perpetrator of tomorrow": (
        {"perpetrator": perpetrator(rosh={"assessed_on": TOMORROW})},
        [("/perpetrator/rosh/assessed_on", "in_the_future")],
    ),
    "a MARAC of tomorrow": (
        {"marac_history": {"last_referral_on": TOMORROW, "last_heard_on": TOMORROW}},
        [("/marac_history/last_referral_on", "in_the_future"), ("/marac_history/last_heard_on", "in_the_future")],
    ),
    "an age of tomorrow and a birth of next year": (
        {
            "victim": {"ref": "V-1", "age": 34, "age_as_of": TOMORROW},
            "children": [{"ref": "C-1", "birth_year": 2027}],
        },
        [("/victim/age_as_of", "in_the_future"), ("/children/0/birth_year", "in_the_future")],
    ),
    "an order that ends before it starts": (
        {"orders": [{"kind": "DVPO", "starts_on": TOMORROW, "ends_on": YESTERDAY}]},
        [("/orders/0/starts_on", "contradiction"), ("/orders/0/ends_on", "contradiction")],
    ),
    "a licence that ends before it starts": (
        {"perpetrator": perpetrator(licences=[{"kind": "LICENCE", "starts_on": TOMORROW, "ends_on": YESTERDAY}])},
        [
            ("/perpetrator/licences/0/starts_on", "contradiction"),
            ("/perpetrator/licences/0/ends_on", "contradiction"),
        ],
    ),
    "custody that ends before it begins": (
        {"perpetrator": perpetrator(custody_periods=[{"from_on": "2026-06-01", "until_on": "2025-06-01"}])},
        [
            ("/perpetrator/custody_periods/0/from_on", "contradiction"),
            ("/perpetrator/custody_periods/0/until_on", "contradiction"),
        ],
    ),
    "a release before the custody": (
        {"perpetrator": perpetrator(release_on="2026-01-01", custody_periods=[{"from_on": "2026-02-01"}])},
        [("/perpetrator/custody_periods", "contradiction"), ("/perpetrator/release_on", "contradiction")],
    ),
    "victim and perpetrator by one pseudonym": (
        {"perpetrator": perpetrator(ref="V-1")},
        [("/perpetrator/ref", "same_person")],
    ),
    "victim and perpetrator by one identifier": (
        {
            "victim": {"ref": "V-1", "identifiers": [{"kind": "CRN", "value": "A123456"}]},
            "perpetrator": perpetrator(identifiers=[{"kind": "CRN", "value": "a123456"}]),
        },
        [("/perpetrator/identifiers/0", "same_person")],
    ),
    "one person in both roles of an incident": (
        {"incidents": [an_incident(perpetrator_ref="V-1"), an_incident(victim_ref="P-1")]},
        [("/incidents/0/perpetrator_ref", "same_person"), ("/incidents/1/victim_ref", "same_person")],
    ),
    "an order that protects the perpetrator": (
        {"orders": [{"kind": "DVPO", "protected_ref": "P-1"}]},
        [("/orders/0/protected_ref", "same_person")],
    ),
    "an incident before the victim was born": (
        {"victim": {"ref": "V-1", "birth_year": 2008}, "incidents": [an_incident("2005-03-09T21:00:00Z")]},
        [("/incidents/0/occurred_at", "before_birth")],
    ),
    "a conviction of a child of nine, by the birth year": (
        {
            "perpetrator": {
                "ref": "P-1",
                "birth_year": 2000,
                "convictions": [{"offence": "robbery", "convicted_on": "2009-12-31"}],
            }
        },
        [("/perpetrator/convictions/0/convicted_on", "before_ten")],
    ),
    "a conviction of a child of nine, by the age today": (
        {
            "perpetrator": {
                "ref": "P-1",
                "age": 17,
                "convictions": [{"offence": "robbery", "convicted_on": "2017-03-01"}],
            }
        },
        [("/perpetrator/convictions/0/convicted_on", "before_ten")],
    ),
    "the perpetrator among those who were also harmed": (
        {"incidents": [an_incident(also_harmed=["V-9", "P-1"])]},
        [("/incidents/0/also_harmed/1", "same_person")],
    ),
    "one of the two among others who are feared": (
        {"also_feared": ["V-1", "P-1", "P-9"]},
        [("/also_feared/0", "same_person"), ("/also_feared/1", "same_person")],
    ),
    "a conviction before the perpetrator of twelve was born": (
        {
            "perpetrator": {
                "ref": "P-1",
                "age": 12,
                "convictions": [{"offence": "robbery", "convicted_on": "2010-01-01"}],
            }
        },
        [("/perpetrator/convictions/0/convicted_on", "before_birth")],
    ),
    "an incident before the victim of three was born": (
        {"victim": {"ref": "V-1", "age": 3}, "incidents": [an_incident("2010-03-09T21:00:00Z")]},
        [("/incidents/0/occurred_at", "before_birth")],
    ),
    "a separation before the victim was born": (
        {"victim": {"ref": "V-1", "birth_year": 2000}, "separated_on": "1990-01-01"},
        [("/separated_on", "before_birth")],
    ),
    "births due in years": (
        {
            "victim": {"ref": "V-1", "age": 34, "due_on": "2099-01-01"},
            "children": [{"ref": "C-1", "unborn_due_on": "2099-01-01"}],
        },
        [("/victim/due_on", "in_the_future"), ("/children/0/unborn_due_on", "in_the_future")],
    ),
    "an order that was broken before it began": (
        {"orders": [{"kind": "NON_MOLESTATION_ORDER", "starts_on": "2026-06-01", "breached": True}]},
        [("/orders/0/starts_on", "contradiction"), ("/orders/0/breached", "contradiction")],
    ),
    "a referral before its only incident": (
        {"referred_on": "2026-03-01", "incidents": [an_incident("2026-03-09T21:00:00Z")]},
        [("/referred_on", "contradiction"), ("/incidents/0/occurred_at", "contradiction")],
    ),
    "26 ticks of 24": (
        {"assessment": {"tool": "DASH24", "ticks": 26, "unanswered": 10}},
        [("/assessment/ticks", "too_many"), ("/assessment/tool", "too_many")],
    ),
    "20 ticks and 8 not answered of 27": (
        {"assessment": {"tool": "DASH27", "ticks": 20, "unanswered": 8}},
        [("/assessment/tool", "too_many"), ("/assessment/unanswered", "too_many")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_referral_and_its_preview_are_refused_by_the_field(name: str, callers: Callers) -> None:
    changes, expected = CASES[name]
    body = a_referral(**deepcopy(changes))

    assert sorted(faults(callers.hub.post("/v1/referrals", body))) == sorted(expected)
    assert sorted(faults(callers.hub.post("/v1/routing-previews", body))) == sorted(expected)


def test_clock_of_the_sender_may_be_five_minutes_ahead(callers: Callers) -> None:
    ahead = a_referral(incidents=[an_incident("2026-03-10T09:35:00Z", reported_at="2026-03-10T09:31:00Z")])
    further = a_referral("DV-2", incidents=[an_incident("2026-03-10T09:35:01Z")])

    callers.hub.post("/v1/referrals", ahead).raise_for_status()
    assert callers.hub.post("/v1/referrals", further).status_code == 422


def test_what_is_planned_may_lie_ahead(callers: Callers) -> None:
    ahead = perpetrator(
        in_custody=True,
        release_on="2026-06-01",
        licences=[{"kind": "LICENCE", "starts_on": "2026-06-01", "ends_on": "2027-06-01"}],
        custody_periods=[{"from_on": "2026-02-01", "until_on": "2026-06-01"}],
    )

    callers.hub.post("/v1/referrals", a_referral(perpetrator=ahead)).raise_for_status()


def test_facts_incidents_help_and_partners_are_refused_by_the_field(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_referral()).json()
    here, case = f"/v1/referrals/{body['referral_id']}", f"/v1/cases/{body['case_id']}"
    late = {"incident": an_incident("2026-03-11T20:00:00Z"), "perpetrator": {"rosh": {"assessed_on": TOMORROW}}}
    help_sought = {
        "source_system": "IDVA",
        "source_reference": "H-1",
        "area": "ANYTOWN",
        "help_sought_by": "VICTIM",
        "referred_on": TOMORROW,
        "victim": {"ref": "V-9"},
    }

    assert faults(callers.hub.post(f"{here}/facts", {"orders": [{"kind": "DVPO", "protected_ref": "P-1"}]})) == [
        ("/orders/0/protected_ref", "same_person")
    ]
    expected = {"/incident/occurred_at", "/incident/reported_at", "/perpetrator/rosh/assessed_on"}
    for path in (f"{here}/incidents", f"{case}/incidents"):
        assert {pointer for pointer, _ in faults(callers.hub.post(path, late))} == expected
    assert faults(callers.idva.post("/v1/help-requests", help_sought)) == [("/referred_on", "in_the_future")]


def test_later_count_of_the_same_author_is_held_against_what_the_author_said_before(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_referral()).json()

    more = callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"assessment": {"unanswered": 10}})

    assert faults(more) == [("/assessment/unanswered", "too_many")]


def day_fields(model: type[BaseModel]) -> set[str]:
    """The fields of a schema, those of its parts included, that hold a day or an instant."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        kinds = list(unpacked(field.annotation))
        if any(isinstance(kind, type) and issubclass(kind, date) for kind in kinds):
            found.add(name)
        found |= set(
            chain.from_iterable(day_fields(k) for k in kinds if isinstance(k, type) and issubclass(k, BaseModel))
        )
    return found


def unpacked(annotation: Any) -> Any:
    """Every kind of value that an annotation names."""
    inner = get_args(annotation)
    return chain.from_iterable(map(unpacked, inner)) if inner else iter([annotation])


def test_every_field_with_a_day_is_one_of_what_has_happened_or_of_what_may_be_ahead() -> None:
    assert not HAS_HAPPENED & MAY_BE_AHEAD
    assert day_fields(ReferralRequest) | day_fields(IncidentRequest) <= HAS_HAPPENED | MAY_BE_AHEAD
