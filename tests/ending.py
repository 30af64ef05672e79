"""Ends a need as two people do: its chair says so, and a second person confirms it."""

from typing import Any

from tests.given import Caller

CONFIRMED = "Seen on our own record and agreed with the practitioner"


def proof_of_death(died_on: str) -> dict[str, str]:
    """A certificate that a doctor wrote on that day."""
    return {"source": "DOCTOR", "reference_kind": "MEDICAL_CERTIFICATE", "dated": died_on}


def say_that_it_ends(who: Caller, need_id: str, sent: dict[str, Any], person: str = "jo.smith") -> Any:
    """A death is proved by its certificate, unless what is sent says otherwise."""
    if sent["reason"] == "DECEASED" and "occurred_on" in sent:
        sent = {"death": proof_of_death(sent["occurred_on"])} | sent
    return who.post(f"/v1/needs/{need_id}/endings", sent, **who.on_behalf_of(person))


def confirm(who: Caller, ending_id: str, person: str = "sam.reid", note: str = CONFIRMED) -> Any:
    return who.post(f"/v1/endings/{ending_id}/confirmations", {"note": note}, **who.on_behalf_of(person))


def refuse(who: Caller, ending_id: str, person: str = "sam.reid") -> Any:
    note = {"note": "The IDVA spoke with the victim this morning"}
    return who.post(f"/v1/endings/{ending_id}/refusals", note, **who.on_behalf_of(person))


def end_need(who: Caller, second: Caller, need_id: str, sent: dict[str, Any]) -> Any:
    """What the second person is answered, or the chair when it is refused already."""
    asked = say_that_it_ends(who, need_id, sent)
    return confirm(second, asked.json()["id"]) if asked.status_code == 201 else asked
