"""Invites the practitioners of both people to the hearing (D10).

Source: DHR "Jean" 14.1.11-14.1.13, 14.1.25: each probation service knew of one person only, and one came with nothing.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.repository import agency_exists, agency_in_post
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.models import Meeting
from app.meetings.repositories import research_repository
from app.meetings.vocabulary import Party
from app.referrals.models import Case
from app.referrals.repository import latest_referral_of
from app.referrals.service import as_now_known
from app.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Invitee:
    """A practitioner to invite: for which party, in which role, of which agency; None while nobody fills the post."""

    party: Party
    role: Role
    agency: str | None


def invite_practitioners(tx: Transaction, case: Case, meeting: Meeting) -> None:
    """Invites who works with the victim and who supervises the perpetrator, once for each meeting."""
    coordinator = agency_in_post(tx.session, case.area, Role.MARAC_COORDINATOR)
    for invitee in practitioners_of(tx.session, case):
        row: dict[str, object] = {
            "id": new_id("inv"),
            "meeting_id": meeting.id,
            "case_id": case.id,
            "area": case.area,
            "agencies": sorted({name for name in (invitee.agency, coordinator) if name}),
            "party": invitee.party,
            "role": invitee.role,
            "agency": invitee.agency,
            "invited_at": tx.now,
        }
        research_repository.insert_invitation_unless_there(tx.session, row)


def practitioners_of(session: Session, case: Case) -> list[Invitee]:
    """Returns the practitioners of the victim and of the perpetrator.

    A person counts as supervised unless the record says that they are not: a supervisor too many does no harm.
    """
    referral = latest_referral_of(session, case.id)
    assert referral is not None  # noqa: S101 - a case is opened by a referral
    known = as_now_known(session, referral)
    invitees = [Invitee(Party.VICTIM, Role.IDVA, agency_in_post(session, case.area, Role.IDVA))]
    if known.victim.under_supervision is not False:
        invitees.append(_supervisor(session, case, Party.VICTIM, known.victim.supervised_by))
    licences = known.perpetrator.licences
    # Not known counts as supervised: it is an empty list that says that nobody supervises.
    if licences is None or licences:
        service = next((licence.service for licence in licences or () if licence.service), None)
        invitees.append(_supervisor(session, case, Party.PERPETRATOR, service))
    if known.perpetrator.in_custody:
        omu = agency_in_post(session, case.area, Role.PRISON_OMU)
        invitees.append(Invitee(Party.PERPETRATOR, Role.PRISON_OMU, omu))
    return invitees


def _supervisor(session: Session, case: Case, party: Party, service: str | None) -> Invitee:
    """Returns the named service when it is an agency of this service, else the agency that supervises in this area."""
    named = service if service is not None and agency_exists(session, service) else None
    agency = named or agency_in_post(session, case.area, Role.SUPERVISING_PRACTITIONER)
    return Invitee(party, Role.SUPERVISING_PRACTITIONER, agency)
