"""Both people's practitioners are asked to the hearing (D10).

Source: DHR "Jean" 14.1.11-14.1.13, 14.1.25: each probation service knew of one person only, and one came with nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.repository import agency_exists, agency_in_post
from app.foundation.identifiers import new_id
from app.meetings.models import Meeting
from app.meetings.record_models import Invitation
from app.referrals.models import Case
from app.referrals.repository import latest_referral_of
from app.referrals.service import as_now_known
from app.vocabulary import Role

VICTIM, PERPETRATOR = "VICTIM", "PERPETRATOR"


@dataclass(frozen=True, slots=True)
class Invited:
    """Whose practitioner, in which role, of which agency; None while nobody fills the post."""

    party: str
    role: Role
    agency: str | None


def invite_practitioners(session: Session, case: Case, meeting: Meeting, now: datetime) -> None:
    """Whoever works with her and whoever supervises him is invited, once for each meeting."""
    coordinator = agency_in_post(session, case.area, Role.MARAC_COORDINATOR)
    for invited in practitioners_of(session, case):
        row = {
            "id": new_id("inv"),
            "meeting_id": meeting.id,
            "case_id": case.id,
            "area": case.area,
            "agencies": sorted({name for name in (invited.agency, coordinator) if name}),
            "party": invited.party,
            "role": invited.role,
            "agency": invited.agency,
            "invited_at": now,
        }
        session.execute(insert(Invitation).values(row).on_conflict_do_nothing())


def practitioners_of(session: Session, case: Case) -> list[Invited]:
    """The victim's and the perpetrator's practitioners. A person not known to be unsupervised is taken as supervised."""
    referral = latest_referral_of(session, case.id)
    assert referral is not None  # noqa: S101 - a case is opened by a referral
    known = as_now_known(session, referral)
    invited = [Invited(VICTIM, Role.IDVA, agency_in_post(session, case.area, Role.IDVA))]
    if known.victim.under_supervision is not False:
        invited.append(_supervisor(session, case, VICTIM, known.victim.supervised_by))
    licences = known.perpetrator.licences
    if licences is None or licences:
        service = next((licence.service for licence in licences or () if licence.service), None)
        invited.append(_supervisor(session, case, PERPETRATOR, service))
    if known.perpetrator.in_custody:
        omu = agency_in_post(session, case.area, Role.PRISON_OMU)
        invited.append(Invited(PERPETRATOR, Role.PRISON_OMU, omu))
    return invited


def _supervisor(session: Session, case: Case, party: str, service: str | None) -> Invited:
    """The named service when it is an agency of ours, else whoever supervises in this area."""
    named = service if service is not None and agency_exists(session, service) else None
    agency = named or agency_in_post(session, case.area, Role.SUPERVISING_PRACTITIONER)
    return Invited(party, Role.SUPERVISING_PRACTITIONER, agency)
