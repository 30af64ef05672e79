"""What forms ask and this service never holds is refused by its name, with the reason and where it belongs."""

from copy import deepcopy
from typing import Any

import pytest

from app.foundation.web.not_held import KINDS_NOT_HELD, why_not_held
from app.referrals.help_schemas import HelpRequest
from app.referrals.schemas.requests import IncidentRequest, LearnedRequest, ReferralRequest
from tests.given import Callers, a_referral, an_incident

Body = dict[str, Any]
CANARY = "canaryvalue"
WHERE: dict[str, Body] = {
    "/{name}": {},
    "/victim/{name}": {"victim": {"ref": "V-1"}},
    "/perpetrator/{name}": {"perpetrator": {"ref": "P-1"}},
    "/perpetrator/mappa/{name}": {"perpetrator": {"ref": "P-1", "mappa": {}}},
    "/assessment/{name}": {"assessment": {}},
    "/safe_contact/{name}": {"safe_contact": {}},
    "/children/0/{name}": {"children": [{"ref": "C-1"}]},
    "/orders/0/{name}": {"orders": [{"kind": "OTHER"}]},
    "/incidents/0/{name}": {"incidents": [an_incident()]},
}


def with_value(pointer: str, name: str) -> Body:
    """A referral with that name at the place, in a section of the request or an entry of a list."""
    body = a_referral(**deepcopy(WHERE[pointer]))
    place: Any = body
    for step in pointer.strip("/").split("/")[:-1]:
        place = place[int(step)] if step.isdigit() else place[step]
    place[name] = CANARY
    return body


@pytest.mark.parametrize("pointer", WHERE)
def test_name_is_refused_wherever_it_stands_and_its_value_is_not_repeated(pointer: str, callers: Callers) -> None:
    answer = callers.hub.post("/v1/referrals", with_value(pointer, "telephone"))

    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer.format(name="telephone"), "never_held")
    assert fault["detail"].startswith("a telephone number is never held: a wrong call tells the perpetrator.")
    assert "safe_contact.ask_agency" in fault["detail"]
    assert CANARY not in answer.text


@pytest.mark.parametrize("spelled", ["date_of_birth", "dateOfBirth", "Date-of-Birth", "DATE_OF_BIRTH", "dob"])
def test_name_is_refused_however_it_is_spelled(spelled: str, callers: Callers) -> None:
    answer = callers.hub.post("/v1/referrals", with_value("/victim/{name}", spelled))

    assert [fault["code"] for fault in answer.json()["errors"]] == ["never_held"]


def test_each_name_of_the_table_says_why_and_where_it_belongs(callers: Callers) -> None:
    names = [name for held in KINDS_NOT_HELD for name in held.names]
    victim = {"ref": "V-1", **dict.fromkeys(names, CANARY)}

    answer = callers.hub.post("/v1/routing-previews", a_referral(victim=victim))

    assert answer.status_code == 422
    assert {fault["pointer"]: fault["detail"] for fault in answer.json()["errors"]} == {
        f"/victim/{name}": why_not_held(name) for name in names
    }
    assert all(" It belongs in " in str(why_not_held(name)) for name in names)


@pytest.mark.parametrize(
    "path", ["referrals/{referral_id}/facts", "referrals/{referral_id}/incidents", "cases/{case_id}/incidents"]
)
def test_what_is_added_later_is_refused_alike(path: str, callers: Callers) -> None:
    routed = callers.hub.post("/v1/referrals", a_referral()).json()
    caller = callers.idva if path.startswith("cases") else callers.hub

    body = {"incident": an_incident(), "victim": {"email": CANARY}}
    answer = caller.post(f"/v1/{path.format(**routed)}", body if "incidents" in path else {"victim": body["victim"]})

    assert [fault["code"] for fault in answer.json()["errors"]] == ["never_held"]
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("tel", "a telephone number"),
        ("mobileNo", "a telephone number"),
        ("victim_tel_no", "a telephone number"),
        ("victimAddress", "an address"),
        ("refuge_name", "an address"),
        ("victim_dob", "an exact date of birth"),
        ("victim_email", "an email address"),
        ("preferred_name", "the name of a person"),
        ("child_first_name", "the name of a person"),
        ("gpDetails", "medical detail"),
    ],
)
def test_name_is_recognised_by_its_parts(name: str, what: str) -> None:
    assert str(why_not_held(name)).startswith(f"{what}")


@pytest.mark.parametrize("name", ["victim", "number", "victim_number", "shoe_size", "safe", "victim_victim_victim"])
def test_whose_it_is_and_its_form_alone_say_nothing(name: str) -> None:
    assert why_not_held(name) is None


def test_any_other_name_is_only_not_known(callers: Callers) -> None:
    answer = callers.hub.post("/v1/referrals", with_value("/victim/{name}", "shoe_size"))

    (fault,) = answer.json()["errors"]
    assert (fault["code"], fault["detail"]) == ("extra_forbidden", "this name is not known here; check its spelling")


def test_no_request_has_a_field_that_is_never_held() -> None:
    def names(schema: Any) -> set[str]:
        found: set[str] = set()
        for part in (schema, *schema.get("$defs", {}).values()):
            found |= set(part.get("properties", {}))
        return found

    requests = (ReferralRequest, LearnedRequest, IncidentRequest, HelpRequest)
    asked = {name for request in requests for name in names(request.model_json_schema())}
    assert [name for name in sorted(asked) if why_not_held(name)] == []
