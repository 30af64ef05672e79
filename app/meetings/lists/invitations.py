"""Invites the practitioners of both people to the hearing (D10).

Source: DHR "Jean" 14.1.11-14.1.13, 14.1.25: each probation service knew of one person only, and one came with nothing.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.models import Meeting
from app.meetings.repositories import research_repository
from app.meetings.vocabulary import Party
from app.referrals.models import Case
from app.referrals.repositories.report_repository import latest_referral_of
from app.referrals.service import as_now_known
from app.referrals.supervision import Managed, agency_here, perpetrator_services, runs
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
    for invitee in practitioners_of(tx.session, case, london_date(tx.now)):
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


def practitioners_of(session: Session, case: Case, today: date) -> list[Invitee]:
    """Returns the practitioners of the victim and of the perpetrator.

    A person counts as supervised unless the record says that they are not: a supervisor too many does no harm.
    """
    referral = latest_referral_of(session, case.id)
    assert referral is not None  # noqa: S101 - a case is opened by a referral
    known = as_now_known(session, referral)
    invitees = [Invitee(Party.VICTIM, Role.IDVA, agency_in_post(session, case.area, Role.IDVA))]
    if known.victim.under_supervision is not False:
        usual = agency_in_post(session, case.area, Role.SUPERVISING_PRACTITIONER)
        agency = agency_here(session, known.victim.supervised_by) or usual
        invitees.append(Invitee(Party.VICTIM, Role.SUPERVISING_PRACTITIONER, agency))
    invitees += _of_perpetrator(session, case, known.perpetrator, today)
    if known.perpetrator.in_custody:
        omu = agency_in_post(session, case.area, Role.PRISON_OMU)
        invitees.append(Invitee(Party.PERPETRATOR, Role.PRISON_OMU, omu))
    return invitees


def _of_perpetrator(session: Session, case: Case, person: Managed, today: date) -> list[Invitee]:
    """Returns the services that supervise and the level 1 lead agency, once each."""
    services = perpetrator_services(session, case.area, person, today)
    # Not known counts as supervised: it is a list without a running licence or order that says that nobody does.
    supervised = person.licences is None or any(runs(one, today) for one in person.licences)
    agencies = [services.supervisor, *services.others] if supervised else []
    agencies += [services.level_1_lead] if person.mappa.level == 1 else []
    return [Invitee(Party.PERPETRATOR, Role.SUPERVISING_PRACTITIONER, name) for name in dict.fromkeys(agencies)]
