"""Finds which agency a duty goes to, where what is stated of the two people names one.

Source: DHR "Jean" 14.1.5, 14.1.11-14.1.13: each service was told about its own person only.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.referrals.supervision import PerpetratorServices, agency_here, perpetrator_services
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.policy.duty_ids import LEVEL_1_DUTIES
from app.vocabulary import NeedKind, Role


@dataclass(frozen=True, slots=True)
class SupervisingServices:
    """The service that supervises the victim, and the agencies that work with the perpetrator; the two can differ."""

    victim: str | None
    perpetrator: PerpetratorServices

    def named_for(self, duty_id: str, about: NeedKind | None, role: str) -> str | None:
        """Returns the agency that is named for the duty in that role; None: the directory fills the post."""
        if role == Role.MAPPA_COORDINATOR:
            return self.perpetrator.mappa_coordinator
        if role == Role.SENIOR_PROBATION and about is NeedKind.PERPETRATOR:
            return self.perpetrator.senior_officer
        if role != Role.SUPERVISING_PRACTITIONER or about is None:
            return None
        if about is NeedKind.VICTIM_SAFETY:
            return self.victim
        return self.perpetrator.level_1_lead if duty_id in LEVEL_1_DUTIES else self.perpetrator.supervisor


def supervising_services(session: Session, area: str, snapshot: CaseSnapshot, today: date) -> SupervisingServices:
    """Returns the service of each person: the one the referral names if it is an agency here, else the area's own."""
    usual = agency_in_post(session, area, Role.SUPERVISING_PRACTITIONER)
    return SupervisingServices(
        victim=agency_here(session, snapshot.victim.supervised_by) or usual,
        perpetrator=perpetrator_services(session, area, snapshot.perpetrator, today),
    )
