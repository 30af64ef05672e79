"""Posts a few synthetic referrals through the API, so that a first look shows real decisions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.demo.demo_area import DemoArea
from app.foundation.clock import instant_text

FIRST_REFERRAL: Mapping[str, Any] = {
    "source_system": "PVP-HUB",
    "source_reference": "DV-2026-000142",
    "area": "ANYTOWN",
    "victim": {"ref": "V-7F3A", "age": 34},
    "perpetrator": {
        "ref": "P-19C2",
        "age": 41,
        "mappa": {"level": 1, "category": 2},
        "new_relationship": True,
    },
    "assessment": {"tool": "DASH24", "ticks": 15, "officer_grade": "HIGH", "seen_alone": True},
}


def first_referral(now: datetime) -> dict[str, Any]:
    """Returns a referral for a first look, of an event two hours ago: nobody reports one that lies ahead."""
    return {**FIRST_REFERRAL, "incidents": [_an_incident(now)]}


def _an_incident(reported_at: datetime) -> dict[str, Any]:
    return {
        "occurred_at": instant_text(reported_at - timedelta(hours=2)),
        "reported_at": instant_text(reported_at),
        "force": "ANYTOWN-POLICE",
    }


def post_demo_referrals(app: FastAPI, area: DemoArea, now: datetime) -> None:
    """Posts four referrals: high risk, escalating, repeat serial, and one with much that is not known."""
    client = TestClient(app, headers={"Authorization": f"Bearer {area.keys['hub']}"})
    for number, changes in enumerate(_variations(), start=1):
        body = {
            "source_system": "DEMO",
            "source_reference": f"DEMO-{number}",
            "area": area.code,
            "incidents": [_an_incident(now - timedelta(days=number))],
            **changes,
        }
        client.post("/v1/referrals", json=body, headers={"Idempotency-Key": f"demo-{number}"}).raise_for_status()


def _variations() -> list[dict[str, Any]]:
    return [
        {
            "victim": {"ref": "V-D001", "age": 29},
            "perpetrator": {"ref": "P-D001", "age": 35, "mappa": {"not_managed": True}},
            "assessment": {"tool": "DASH24", "ticks": 17, "officer_grade": "HIGH", "seen_alone": True},
        },
        {
            "victim": {"ref": "V-D002", "age": 52},
            "perpetrator": {"ref": "P-D002", "age": 47, "mappa": {"level": 2, "category": 2}},
            "assessment": {"tool": "DASH24", "ticks": 9, "officer_grade": "MEDIUM", "seen_alone": False},
        },
        {
            "victim": {"ref": "V-D003", "age": 23},
            "perpetrator": {
                "ref": "P-D003",
                "age": 30,
                "mappa": {"level": 1, "category": 2},
                "missed_supervision": True,
            },
            "assessment": {"tool": "DASH24", "ticks": 14, "officer_grade": "HIGH", "threats_to_kill": True},
        },
        {
            "victim": {"ref": "V-D004"},
            "perpetrator": {"known": False},
            "assessment": {"completed": False, "perpetrator_answered_phone": True},
        },
    ]
