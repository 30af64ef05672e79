"""Builders with valid defaults: a test says only what matters to it."""

import re
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient


def an_incident(occurred_at: str = "2026-03-09T21:00:00Z", **changes: Any) -> dict[str, Any]:
    return {"occurred_at": occurred_at, "reported_at": occurred_at, "force": "ANYTOWN-POLICE", **changes}


def a_referral(reference: str = "DV-1", **changes: Any) -> dict[str, Any]:
    """A high-risk referral about a perpetrator whom MAPPA manages at level 1."""
    return {
        "source_system": "PVP-HUB",
        "source_reference": reference,
        "area": "ANYTOWN",
        "route": "POLICE_DASH",
        "victim": {"ref": "V-1", "age": 34},
        "perpetrator": {"ref": "P-1", "age": 41, "in_custody": False, "mappa": {"level": 1, "category": 2}},
        "assessment": {
            "tool": "DASH24",
            "ticks": 15,
            "unanswered": 0,
            "officer_grade": "HIGH",
            "seen_alone": True,
        },
        "incidents": [an_incident()],
        **changes,
    }


def not_high_risk() -> dict[str, Any]:
    """An answered assessment that meets no MARAC ground."""
    return {
        "tool": "DASH24",
        "ticks": 4,
        "unanswered": 0,
        "completed": True,
        "seen_alone": True,
        "officer_grade": "MEDIUM",
        "judged_high": False,
    }


def a_serial_perpetrator(**changes: Any) -> dict[str, Any]:
    """Managed at level 1 with something new, and known for a second victim: the facts of row 22."""
    perpetrator = {
        "ref": "P-1",
        "age": 41,
        "in_custody": False,
        "mappa": {"level": 1, "category": 2},
        "escalations": [{"kind": "NEW_RELATIONSHIP", "observed_on": "2026-03-01"}],
    }
    other = an_incident("2025-11-02T20:00:00Z", victim_ref="V-OTHER")
    return a_referral(perpetrator=perpetrator, incidents=[an_incident(), other], **changes)


DECIDES = re.compile(
    r"/v1/(referrals|referrals/\w+/(incidents|facts|assessment-reviews)|cases/\w+/decisions"
    r"|policy-activations/\w+/cases/\w+/confirmations)"
)


@dataclass(frozen=True, slots=True)
class Caller:
    """One agency's system, calling over HTTP."""

    client: TestClient
    key: str
    speaks_for: str = ""

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(path, params=params or None, headers=self._headers())

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> Any:
        """Posts, and asks for the whole decision wherever an answer can hold it."""
        return self.post_plainly(f"{path}?expand=decision" if DECIDES.fullmatch(path) else path, body, key, **headers)

    def post_plainly(self, path: str, body: Any, key: str | None = None, **headers: str) -> Any:
        """Posts to exactly this path."""
        number = next(_numbers)
        sent = self._headers() | {"Idempotency-Key": key or f"key-{number}"} | headers
        return self.client.post(path, json=body, headers=sent)

    def on_behalf_of(self, person: str) -> dict[str, str]:
        return {"X-On-Behalf-Of": person}

    def _headers(self) -> dict[str, str]:
        spoken_for = self.on_behalf_of(self.speaks_for) if self.speaks_for else {}
        return {"Authorization": f"Bearer {self.key}", **spoken_for}


_numbers = iter(range(1, 10_000_000))


@dataclass(frozen=True, slots=True)
class Callers:
    """Everyone who calls in these tests."""

    hub: Caller
    coordinator: Caller
    chair: Caller
    matac: Caller
    probation: Caller
    mappa: Caller
    idva: Caller
    council: Caller


def with_its_case(callers: Callers, received: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request for help with the id of its case, which the co-ordinator of the area reads."""
    referral = callers.coordinator.get(f"/v1/referrals/{received['referral_id']}").json()
    return received | {"case_id": referral["case_id"]}


def in_full(caller: Caller, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a referral, with its needs and every open action of its case as they are shown in full."""
    actions = caller.get("/v1/actions", case_id=body["case_id"], limit=200).json()["items"]
    needs = [caller.get(f"/v1/needs/{need['id']}").json() for need in body["needs"]]
    return body | {"actions": actions, "needs": needs}
