"""Finds which probation service supervises the victim and which the perpetrator; the two can differ.

Source: DHR "Jean" 14.1.5, 14.1.11-14.1.13: each service was told about its own person only.
"""

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from sqlalchemy.orm import Session

from app.access.repository import agency_exists, agency_in_post
from app.routing.facts.snapshot import CaseSnapshot, Perpetrator
from app.vocabulary import NeedKind, Role

SupervisingServices: TypeAlias = Mapping[NeedKind, str | None]


def supervising_services(session: Session, area: str, snapshot: CaseSnapshot, today: date) -> SupervisingServices:
    """Returns the service of each person: the one the referral names if it is an agency here, else the area's own."""
    named = {
        NeedKind.VICTIM_SAFETY: snapshot.victim.supervised_by,
        NeedKind.PERPETRATOR: _service_of(snapshot.perpetrator, today),
    }
    usual = agency_in_post(session, area, Role.SUPERVISING_PRACTITIONER)
    return {
        about: service if service is not None and agency_exists(session, service) else usual
        for about, service in named.items()
    }


def _service_of(perpetrator: Perpetrator, today: date) -> str | None:
    """Returns the service named on a licence or order that has not ended. Of several, the one that ends last counts."""
    running = [one for one in perpetrator.licences or () if one.ends_on is None or today <= one.ends_on]
    # An end that is not known counts as the latest: supervision may go on.
    running.sort(key=lambda one: one.ends_on or date.max, reverse=True)
    return next((one.service for one in running if one.service), None)
