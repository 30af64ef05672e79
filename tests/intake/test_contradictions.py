"""A request that contradicts itself is refused, each field by its pointer, and nothing of it is stored."""

from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.given import Callers, a_referral, an_incident

Body = dict[str, Any]
CASES: dict[str, tuple[Body, set[str]]] = {
    "seen alone by nobody": (
        {"assessment": {"seen": False, "seen_alone": True}},
        {"/assessment/seen", "/assessment/seen_alone"},
    ),
    "complete with questions left": (
        {"assessment": {"completed": True, "unanswered": 3}},
        {"/assessment/completed", "/assessment/unanswered"},
    ),
    "held and to be arrested": (
        {"perpetrator": {"ref": "P-1", "in_custody": True, "suspect_outstanding": True}},
        {"/perpetrator/in_custody", "/perpetrator/suspect_outstanding"},
    ),
    "held and not held": (
        {"perpetrator": {"ref": "P-1", "in_custody": False, "custody_periods": [{"from_on": "2026-01-01"}]}},
        {"/perpetrator/in_custody", "/perpetrator/custody_periods/0/until_on"},
    ),
    "one child of two ages": (
        {"children": [{"ref": "C-1", "age": 3}, {"ref": "C-1", "age": 40}]},
        {"/children/0/age", "/children/1/age"},
    ),
    "one order breached and not": (
        {"orders": [{"kind": "DVPO", "breached": True}, {"kind": "DVPO", "breached": False}]},
        {"/orders/0/breached", "/orders/1/breached"},
    ),
    "the victim is a child of the household": ({"children": [{"ref": "V-1"}]}, {"/children/0/ref"}),
    "the perpetrator is a child of the household": ({"children": [{"ref": "P-1"}]}, {"/children/0/ref"}),
    **{
        f"not managed, with {name}": (
            {"perpetrator": {"ref": "P-1", "mappa": {"not_managed": True, name: value}}},
            {"/perpetrator/mappa/not_managed", f"/perpetrator/mappa/{name}"},
        )
        for name, value in {
            "level": 1,
            "category": 2,
            "lead_agency": "ANYTOWN-PROBATION",
            "lead_post": "FIELD-TEAM-2",
            "started_on": "2026-01-12",
        }.items()
    },
    "the next review is over": (
        {
            "perpetrator": {
                "ref": "P-1",
                "mappa": {"level": 1, "last_reviewed_on": "2026-03-01", "next_review_on": "2026-02-01"},
            }
        },
        {"/perpetrator/mappa/last_reviewed_on", "/perpetrator/mappa/next_review_on"},
    ),
    "named and not known": (
        {"perpetrator": {"ref": "P-1", "known": False}},
        {"/perpetrator/known", "/perpetrator/ref"},
    ),
    "managed at level 2, whoever it is": (
        {"perpetrator": {"known": False, "mappa": {"level": 2}}},
        {"/perpetrator/ref", "/perpetrator/mappa/level"},
    ),
    "not managed, whoever it is": (
        {"perpetrator": {"known": False, "mappa": {"not_managed": True}}},
        {"/perpetrator/ref", "/perpetrator/mappa/not_managed"},
    ),
    **{
        f"{then} of a disclosure request before {first}": (
            {"disclosure": {first: "2026-03-04", then: "2026-03-03"}},
            {f"/disclosure/{first}", f"/disclosure/{then}"},
        )
        for first, then in combinations(("applied_on", "checked_on", "met_on", "decided_on", "told_on"), 2)
    },
    **{
        f"told, and {outcome}": (
            {"disclosure": {"told_on": "2026-03-05", "outcome": outcome}},
            {"/disclosure/told_on", "/disclosure/outcome"},
        )
        for outcome in ("WITHDRAWN", "OUT_OF_SCOPE")
    },
    **{
        name: (
            {
                "perpetrator": {
                    "ref": "P-1",
                    "convictions": [{"offence": "robbery", "convicted_on": "2025-01-01"} | conviction],
                }
            },
            {f"/perpetrator/convictions/0/{field}" for field in fields},
        )
        for name, conviction, fields in (
            (
                "a sentence that ends before the conviction",
                {"sentence_ended_on": "2024-12-31"},
                ("convicted_on", "sentence_ended_on"),
            ),
            (
                "ten years of a life sentence",
                {"length_kind": "LIFE", "sentence_months": 120},
                ("length_kind", "sentence_months"),
            ),
            (
                "a suspended sentence without an end",
                {"length_kind": "INDETERMINATE", "suspended": True},
                ("length_kind", "suspended"),
            ),
            *(
                (
                    f"{months} months suspended for a conviction of {convicted_on}",
                    {
                        "convicted_on": convicted_on,
                        "sentence": sentence,
                        "length_kind": "FIXED",
                        "sentence_months": months,
                        "suspended": True,
                    },
                    ("suspended", "sentence_months"),
                )
                for sentence, months, convicted_on in (
                    ("CUSTODY", 60, "2025-01-01"),
                    ("DETENTION", 25, "2026-03-09"),
                )
            ),
            (
                "a detention and training order of three years",
                {"sentence": "DETENTION_AND_TRAINING", "length_kind": "FIXED", "sentence_months": 36},
                ("sentence", "sentence_months"),
            ),
            (
                "murder with a length",
                {"offence": "murder", "sentence": "CUSTODY", "length_kind": "FIXED", "sentence_months": 180},
                ("offence", "length_kind", "sentence_months"),
            ),
            (
                "murder suspended",
                {"offence": "murder", "sentence": "DETENTION", "suspended": True},
                ("offence", "suspended"),
            ),
        )
    },
    "heard and not heard": (
        {"marac_history": {"heard": False, "last_heard_on": "2025-11-09"}},
        {"/marac_history/heard", "/marac_history/last_heard_on"},
    ),
}


POSSIBLE_SENTENCES: dict[str, Body] = {
    "two years suspended": {"sentence": "CUSTODY", "length_kind": "FIXED", "sentence_months": 24, "suspended": True},
    "three years suspended, since the Sentencing Act 2026": {
        "convicted_on": "2026-03-22", "sentence": "CUSTODY", "sentence_months": 36, "suspended": True,
    },
    "two years of detention and training": {"sentence": "DETENTION_AND_TRAINING", "sentence_months": 24},
    "murder, for life": {"offence": "murder", "sentence": "CUSTODY", "length_kind": "LIFE"},
    "murder, by somebody under 18": {"offence": "murder", "sentence": "DURING_PLEASURE"},
    "an attempt to murder": {
        "offence": "murder", "inchoate": "ATTEMPT", "sentence": "CUSTODY", "length_kind": "FIXED",
        "sentence_months": 180,
    },
    "a referral order or a conditional discharge of a year": {"sentence": "FINE_OR_OTHER", "sentence_months": 12},
}  # fmt: skip


@pytest.mark.parametrize("conviction", POSSIBLE_SENTENCES.values(), ids=POSSIBLE_SENTENCES)
def test_sentence_that_a_court_can_pass_is_accepted(conviction: Body, callers: Callers, clock: SettableClock) -> None:
    clock.set(datetime(2026, 4, 10, 9, tzinfo=UTC))
    stated = {"offence": "robbery", "convicted_on": "2025-01-01"} | conviction

    answer = callers.hub.post("/v1/referrals", a_referral(perpetrator={"ref": "P-1", "convictions": [stated]}))

    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(("convicted_on", "months"), [("2026-03-21", 25), ("2026-03-22", 37)])
def test_longest_sentence_that_is_suspended_goes_by_the_day_of_the_conviction(
    convicted_on: str, months: int, callers: Callers, clock: SettableClock
) -> None:
    clock.set(datetime(2026, 4, 10, 9, tzinfo=UTC))
    stated = {"offence": "robbery", "convicted_on": convicted_on, "sentence_months": months, "suspended": True}

    answer = callers.hub.post("/v1/referrals", a_referral(perpetrator={"ref": "P-1", "convictions": [stated]}))

    assert pointers(answer) == {f"/perpetrator/convictions/0/{name}" for name in ("suspended", "sentence_months")}


def pointers(answer: Any) -> set[str]:
    assert answer.status_code == 422, answer.text
    assert {one["code"] for one in answer.json()["errors"]} == {"contradiction"}
    return {one["pointer"] for one in answer.json()["errors"]}


@pytest.mark.parametrize("name", CASES)
def test_referral_and_preview_that_contradict_themselves_are_refused(name: str, callers: Callers) -> None:
    changes, fields = CASES[name]

    assert pointers(callers.hub.post("/v1/routing-previews", a_referral(**changes))) == fields
    assert pointers(callers.hub.post("/v1/referrals", a_referral(**changes))) == fields
    assert callers.hub.get("/v1/referrals").json()["items"] == []


@pytest.mark.parametrize("name", CASES)
def test_facts_and_incidents_that_contradict_themselves_are_refused(name: str, callers: Callers) -> None:
    changes, fields = CASES[name]
    routed = callers.hub.post("/v1/referrals", a_referral()).json()
    own, of_case = f"/v1/referrals/{routed['referral_id']}", f"/v1/cases/{routed['case_id']}"
    incident = {"incident": an_incident("2026-03-10T08:00:00Z")}

    assert pointers(callers.hub.post(f"{own}/facts", changes)) == fields
    assert pointers(callers.hub.post(f"{own}/incidents", incident | changes)) == fields
    assert pointers(callers.idva.post(f"{of_case}/incidents", incident | changes)) == fields
    assert len(callers.hub.get(f"{own}/decisions").json()["items"]) == 1


def test_what_is_looked_up_of_a_perpetrator_waits_until_somebody_says_who_it_is(callers: Callers) -> None:
    routed = callers.hub.post("/v1/referrals", a_referral(perpetrator={"known": False})).json()
    facts = f"/v1/referrals/{routed['referral_id']}/facts"
    level_2 = {"mappa": {"level": 2, "category": 1}}

    nameless = callers.hub.post(facts, {"perpetrator": level_2})
    named = callers.hub.post(facts, {"perpetrator": level_2 | {"ref": "P-7"}})
    later = callers.hub.post(facts, {"perpetrator": {"mappa": {"level": 3}}})

    assert pointers(nameless) == {"/perpetrator/ref", "/perpetrator/mappa/level", "/perpetrator/mappa/category"}
    assert (named.status_code, later.status_code) == (201, 201)


def test_nobody_is_identified_without_saying_who_it_is(callers: Callers) -> None:
    routed = callers.hub.post("/v1/referrals", a_referral(perpetrator={"known": False})).json()

    told = callers.hub.post(f"/v1/referrals/{routed['referral_id']}/facts", {"perpetrator": {"known": True}})

    assert pointers(told) == {"/perpetrator/ref", "/perpetrator/known"}


def test_what_a_form_leaves_empty_of_somebody_not_identified_loses_no_report_and_answers_nothing(
    callers: Callers,
) -> None:
    empty = {"convictions": [], "licences": [], "missed_supervision": False, "practitioner_absent": False}
    held = {"custody_periods": [{"from_on": "2026-03-10"}], "in_custody": True}
    named = a_referral("DV-1", perpetrator={"known": False} | empty | held)

    routed = callers.hub.post("/v1/referrals", named).json()
    plain = callers.hub.post("/v1/referrals", a_referral("DV-2", perpetrator={"known": False} | held)).json()

    facts, other = (callers.hub.get(f"/v1/decisions/{one['decision_id']}").json() for one in (routed, plain))
    assert (facts["decision"]["facts"]["supervised"], facts["decision"]["facts"]["mappa_automatic"]) == (None, None)
    assert facts["decision"]["outcomes"]["mappa"] == other["decision"]["outcomes"]["mappa"] == "open"


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ({"stalking": False, "sdash": {"s2": "YES"}}, {"stalking", "sdash/s2"}),
        ({"very_frightened": False, "sdash": {"s1": "YES"}}, {"very_frightened", "sdash/s1"}),
        (
            {"tool": "DASH24", "answers": {"stalked_or_harassed": "NO"}, "sdash": {"s5": "YES"}},
            {"answers/stalked_or_harassed", "sdash/s5"},
        ),
    ],
)
def test_a_flag_that_says_no_and_an_answer_on_stalking_that_says_yes_are_a_contradiction(
    form: dict[str, Any], parts: set[str], callers: Callers
) -> None:
    refused = callers.hub.post("/v1/routing-previews", a_referral(assessment=form))

    assert refused.status_code == 422
    assert pointers(refused) == {f"/assessment/{part}" for part in parts}


def test_perpetrator_is_named_or_said_to_be_not_known(callers: Callers) -> None:
    for nobody in ({}, {"known": True}, {"in_custody": True}):
        answer = callers.hub.post("/v1/referrals", a_referral(perpetrator=nobody))

        assert [one["pointer"] for one in answer.json()["errors"]] == ["/perpetrator"]


def test_two_convictions_of_one_day_and_two_orders_of_two_days_are_no_contradiction(callers: Callers) -> None:
    convicted = {"offence": "theft", "convicted_on": "2025-01-01"}
    sent = a_referral(
        perpetrator={
            "ref": "P-1",
            "convictions": [
                convicted | {"sentence": "CUSTODY", "sentence_months": 3},
                convicted | {"sentence": "FINE_OR_OTHER"},
            ],
        },
        orders=[
            {"kind": "DVPO", "starts_on": "2026-01-01", "breached": True},
            {"kind": "DVPO", "starts_on": "2026-02-01", "breached": False},
        ],
    )

    assert callers.hub.post("/v1/referrals", sent).status_code == 201


def test_nobody_is_arrested_and_left_for_a_reason(callers: Callers) -> None:
    both = an_incident("2026-03-10T08:00:00Z", outcome="ARRESTED", not_arrested_reason="LEFT_BEFORE_POLICE")
    routed = callers.hub.post("/v1/referrals", a_referral()).json()
    own, of_case = f"/v1/referrals/{routed['referral_id']}", f"/v1/cases/{routed['case_id']}"

    assert pointers(callers.hub.post("/v1/referrals", a_referral("DV-2", incidents=[both]))) == {
        "/incidents/0/outcome",
        "/incidents/0/not_arrested_reason",
    }
    for caller, path in ((callers.hub, f"{own}/incidents"), (callers.idva, f"{of_case}/incidents")):
        assert pointers(caller.post(path, {"incident": both})) == {"/incident/outcome", "/incident/not_arrested_reason"}


@pytest.mark.parametrize(
    ("assessment", "field"),
    [
        ({"tool": "DASH24", "answers": {"injured": "YES"}, "ticks": 3}, "ticks"),
        ({"tool": "DASH24", "answers": {"strangled_or_drowned": "NO"}, "strangulation": True}, "strangulation"),
        ({"tool": "DARA", "ticks": 3}, "ticks"),
    ],
)
def test_total_or_flag_that_its_own_form_contradicts_is_refused_the_same_way(
    assessment: Body, field: str, callers: Callers
) -> None:
    for path in ("/v1/routing-previews", "/v1/referrals"):
        assert pointers(callers.hub.post(path, a_referral(assessment=assessment))) == {f"/assessment/{field}"}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/meetings", {"forum": "MARAC", "held_on": "2026-03-19", "cut_off_on": "2026-03-20"}, "cut_off_on"),
        ("/v1/covers", {"away_from": "2026-03-20", "away_until": "2026-03-19"}, "away_until"),
    ],
)
def test_days_of_meetings_and_covers_in_another_order_are_refused_the_same_way(
    path: str, body: Body, field: str, callers: Callers
) -> None:
    answer = callers.coordinator.post(path, body)

    assert {"pointer": f"/{field}", "code": "contradiction"}.items() <= next(
        one for one in answer.json()["errors"] if one["pointer"] == f"/{field}"
    ).items()
    assert body[field] not in answer.text
