"""Facts are kept by author, and silence is read over the case: a later post changes only what it mentions."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.statements.births import with_births
from app.referrals.statements.lists import KEYS, joined
from app.referrals.statements.standing import disputed, overlaid
from app.referrals.statements.statement import AgencyStatement, StatementKind
from app.routing.facts.moving.ages import birth_of_text, oldest, youngest
from app.routing.facts.reports.precaution import PRECAUTIONS, Stands, more_protective
from tests.given import Caller, Callers, a_referral, an_incident

Body = dict[str, Any]
OF_THE_FORM = {
    "source_system",
    "source_reference",
    "area",
    "referrer_role",
    "referred_on",
    "victim.ref",
    "not_for_disclosure",
}
REFERRAL, FACTS = StatementKind.REFERRAL, StatementKind.FACTS


def known(routed: Body) -> Body:
    found: Body = routed["decision"]["decision"]["facts"]
    return found


def sent(caller: Caller, body: Body) -> Body:
    answer = caller.post("/v1/referrals", body)
    assert answer.status_code == 201, answer.text
    routed: Body = answer.json()
    return routed


def silent(reference: str) -> Body:
    """A second referral of the same two people that says nothing more."""
    body = a_referral(reference, incidents=[])
    return {**body, "victim": {"ref": "V-1"}, "perpetrator": {"ref": "P-1"}, "assessment": {}}


@pytest.fixture
def first(callers: Callers, clock: SettableClock) -> Body:
    body = a_referral(
        victim={"ref": "V-1", "age": 34, "home_insecure": True},
        children=[{"ref": "C-1", "age": 6, "in_household": True}],
        orders=[{"kind": "NON_MOLESTATION_ORDER", "starts_on": "2026-01-01"}],
        safe_contact={"channels": ["CALL"]},
        residing_together=True,
    )
    routed = sent(callers.hub, body)
    clock.set(clock.now() + timedelta(hours=3))
    return routed


def test_silent_second_referral_changes_no_fact(first: Body, callers: Callers) -> None:
    second = sent(callers.hub, silent("DV-2"))

    assert second["case_id"] == first["case_id"]
    of_the_moment = {"marac_stage", "earlier_actions_open", "transferred_in", "dvds_panel_referral"}
    before, after = known(first), known(second)
    assert {name: after[name] for name in after if name not in of_the_moment} == {
        name: before[name] for name in before if name not in of_the_moment
    }


def test_child_in_a_later_referral_is_one_child_more(first: Body, callers: Callers) -> None:
    second = sent(callers.hub, {**silent("DV-2"), "children": [{"ref": "C-2", "age": 2, "in_household": True}]})

    assert known(second)["child_at_school"] is True


def test_author_denies_what_the_author_stated(first: Body, callers: Callers) -> None:
    path = f"/v1/referrals/{first['referral_id']}/facts"

    after = callers.hub.post(path, {"victim": {"home_insecure": False}, "children": []}).json()

    assert (known(after)["home_insecure"], known(after)["child_affected"]) == (False, False)


def test_another_author_denies_nothing_and_the_more_protective_statement_stands(first: Body, callers: Callers) -> None:
    partner = {"incident": an_incident("2026-03-10T08:00:00Z"), "victim": {"home_insecure": False}}
    contrary = {"residing_together": False, "safe_contact": {"channels": []}, "children": []}

    callers.idva.post(f"/v1/cases/{first['case_id']}/incidents", partner | contrary).raise_for_status()

    decided = callers.hub.get(f"/v1/referrals/{first['referral_id']}/decisions").json()["items"][-1]
    facts = decided["decision"]["facts"]
    assert (facts["home_insecure"], facts["residing_together"], facts["child_affected"]) == (True, True, True)
    assert facts["contact_held"] is True  # a way is safe once every author says so


def test_every_part_of_a_referral_is_in_the_table_with_its_reason() -> None:
    def leaves(schema: Any, within: str = "") -> set[str]:
        found = set()
        for name, field in schema.model_fields.items():
            inner = field.annotation
            path = f"{within}{name}"
            if path in KEYS or path in OF_THE_FORM or name in {"identifiers", "incidents", "diversity"}:
                continue
            sections = [one for one in (inner, *getattr(inner, "__args__", ())) if hasattr(one, "model_fields")]
            found |= leaves(sections[0], f"{path}.") if sections else {path}
        return found

    assert leaves(ReferralRequest) == set(PRECAUTIONS)
    assert all(one.because for one in PRECAUTIONS.values())


@pytest.mark.parametrize("part", [name for name, one in PRECAUTIONS.items() if one.stands is Stands.RANK])
def test_statement_that_protects_more_stands_whoever_came_last(part: str) -> None:
    order = PRECAUTIONS[part].order

    for less, more in pairwise(order):
        assert more_protective(part, [less, more]) == more_protective(part, [more, less]) == more


def test_difference_between_authors_is_named_and_one_author_s_change_of_mind_is_not() -> None:
    hub = AgencyStatement("HUB", {"perpetrator": {"mappa": {"level": 2}}, "children": [{"ref": "C-1"}]}, REFERRAL)
    corrected = AgencyStatement("HUB", {"perpetrator": {"mappa": {"level": 1}}}, FACTS)
    partner = AgencyStatement("IDVA", {"perpetrator": {"mappa": {"not_managed": True}}, "children": []}, FACTS)

    assert disputed([hub, corrected]) == ()
    assert disputed([hub, corrected, partner]) == ("/children", "/perpetrator/mappa/level")
    assert overlaid([hub, corrected, partner])["perpetrator"]["mappa"]["level"] == 1


def test_two_ages_that_cannot_both_be_leave_all_between_them_open_so_that_the_protections_of_both_apply() -> None:
    at = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
    hub, partner = (
        with_births(AgencyStatement(name, {"victim": {"age": age}}, stated_at=at))
        for name, age in (("HUB", 34), ("IDVA", 15))
    )

    birth = birth_of_text(overlaid([hub, partner])["victim"]["age"])
    assert (youngest(birth, at.date()), oldest(birth, at.date())) == (15, 34)
    assert disputed([hub, partner]) == ("/victim/age",)


def listed(part: str, *statements: tuple[str, list[Body]]) -> list[Body]:
    """What stands of a list that these agencies state, the hub first."""
    said = [AgencyStatement(agency, {part: entries}, may_say=agency == "HUB") for agency, entries in statements]
    found: list[Body] = overlaid(said)[part]
    return found


def test_two_authors_tell_of_one_order_and_neither_the_breach_nor_the_order_ends() -> None:
    order = {"kind": "DVPO", "protected_ref": "V-1", "starts_on": "2026-03-01"}
    broken, ended = order | {"breached": True}, order | {"breached": False, "ends_on": "2026-04-01"}

    for first, second in ((broken, ended), (ended, broken)):
        assert listed("orders", ("HUB", [first]), ("IDVA", [second])) == [first, second]
    assert joined("orders", [[broken], [ended]]) == [order | {"breached": True, "ends_on": "2026-04-01"}]


def test_entry_is_completed_by_what_only_another_author_says_of_it() -> None:
    hub, partner = {"ref": "C-1", "in_household": True}, {"ref": "C-1", "age": 6}

    assert listed("children", ("HUB", [hub]), ("IDVA", [partner])) == [hub | partner]
    assert (
        disputed([AgencyStatement("HUB", {"children": [hub]}), AgencyStatement("IDVA", {"children": [partner]})]) == ()
    )


def test_two_ages_of_one_child_stand_side_by_side_and_are_asked_about() -> None:
    hub, partner = {"ref": "C-1", "age": 6, "in_household": True}, {"ref": "C-1", "age": 30}
    statements = [AgencyStatement("HUB", {"children": [hub]}), AgencyStatement("IDVA", {"children": [partner]})]

    assert overlaid(statements)["children"] == [hub, hub | partner]
    assert disputed(statements) == ("/children",)


def test_claim_is_confirmed_by_whoever_may_say_and_not_by_who_claims(callers: Callers, first: Body) -> None:
    claim = {"forum": "IOM", "claimed_by": "ANYTOWN-IDVA"}
    path = f"/v1/cases/{first['case_id']}/incidents"
    confirmed = claim | {"confirmed_at": "2026-03-01T08:00:00Z"}

    def unproved() -> bool:
        items = callers.hub.get(f"/v1/referrals/{first['referral_id']}/decisions").json()["items"]
        found: bool = items[-1]["decision"]["facts"]["unproved_claim"]
        return found

    for claims in ([claim], [confirmed]):
        incident = {"incident": an_incident("2026-03-10T08:00:00Z"), "claims": claims}
        callers.idva.post(path, incident).raise_for_status()
        assert unproved()
    callers.hub.post(f"/v1/referrals/{first['referral_id']}/facts", {"claims": [confirmed]}).raise_for_status()
    assert not unproved()


def test_conviction_that_one_author_calls_a_caution_stays_a_conviction() -> None:
    conviction = {"offence": "theft", "convicted_on": "2025-01-01"}

    (together,) = joined(
        "perpetrator.convictions", [[conviction | {"caution": False}], [conviction | {"caution": True}]]
    )

    assert together["caution"] is False
