"""Opens both needs of a case, each with an accepted owner from its first instant (I0)."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.ownership.models import Need
from app.ownership.spans import NeedSubject, NewOwner, open_need
from app.people.service import first_ref_of
from app.referrals.models import Case
from app.vocabulary import Forum, NeedKind, Role

BY_INTAKE = "intake"  # who accepted an ownership that began with the referral itself


def open_needs(session: Session, case: Case, referring_agency: str, now: datetime) -> dict[NeedKind, Need]:
    """The open needs of the case by kind; needs that other cases opened are shared and keep their owners.

    The referring agency owns new victim safety, the police hub a new perpetrator need. A perpetrator whom nobody has
    identified is a subject of this case alone.
    """
    hub = agency_in_post(session, case.area, Role.PVP_HUB) or referring_agency
    victim = first_ref_of(session, case.victim_ref)
    perpetrator = (
        first_ref_of(session, case.perpetrator_ref) if case.perpetrator_ref else f"unknown:{case.id}"
    )
    safety = NeedSubject(NeedKind.VICTIM_SAFETY, victim, case.area)
    management = NeedSubject(NeedKind.PERPETRATOR, perpetrator, case.area)
    referrer = NewOwner(Forum.REFERRING_AGENCY, Role.REFERRER, referring_agency, BY_INTAKE)
    holder = NewOwner(Forum.HUB, Role.PVP_HUB, hub, BY_INTAKE)
    return {
        safety.kind: open_need(session, safety, [case], referrer, now),
        management.kind: open_need(session, management, [case], holder, now),
    }
