"""While nobody knows who the perpetrator is, what is open about them waits for that, on its clock."""

import pytest

from tests.enquiries.given_enquiries import Asked, an_answered_form, half_answered

UNKNOWN = {"known": False}  # nobody has said who it is


@pytest.mark.parametrize("form", [half_answered(), an_answered_form(9, grade="MEDIUM"), an_answered_form(16, "HIGH")])
def test_forums_about_a_perpetrator_whom_nobody_has_identified_wait_for_that(
    form: dict[str, object], asked: Asked
) -> None:
    body = asked.referred(assessment=form, perpetrator=UNKNOWN)

    of_perpetrator = [one for one in body["open"] if one["outcome"] in {"matac", "mappa"}]
    (finding_out,) = [one for one in body["actions"] if one["duty"] == "E02"]
    assert {one["outcome"] for one in of_perpetrator} == {"matac", "mappa"}
    assert {one["until"] for one in of_perpetrator} == {finding_out["due"]}
    assert all("once the perpetrator is identified" in one["says"] for one in of_perpetrator)
    assert all("once somebody has found out who it is" in one["then"] for one in of_perpetrator)


@pytest.mark.parametrize("perpetrator", [{"ref": "P-1"}, {"ref": "P-1", "licences": [{"kind": "LICENCE"}]}, UNKNOWN])
@pytest.mark.parametrize("form", [half_answered(), an_answered_form(9, grade="MEDIUM"), {"officer_grade": "HIGH"}, {}])
def test_everything_that_is_open_says_until_when_and_what_ends_it(
    form: dict[str, object], perpetrator: dict[str, object], asked: Asked
) -> None:
    body = asked.referred(assessment=form, perpetrator=perpetrator)

    assert body["open"]
    assert [one for one in body["open"] if one["until"] is None or not one["then"]] == []
