"""The use cases of referrals: received whole, added to, and decided about; nothing is edited."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.storage.locks import take_turn
from app.people.separation import keep_apart
from app.people.service import known_as
from app.referrals import repository
from app.referrals.introductions import introduce_learned, introduce_named, roles_of
from app.referrals.models import Case, Incident, Learned, Referral
from app.referrals.schemas import IncidentIn, LearnedRequest, ReferralRequest
from app.referrals.snapshots import overlaid
from app.referrals.withheld.service import withhold

NEVER_KEPT = {"identifiers"}  # only their hashes are, by the room of people
KEPT_APART: dict[str, Any] = {"victim": NEVER_KEPT, "perpetrator": NEVER_KEPT, "not_for_disclosure": True}


def receive(session: Session, caller: Caller, sent: ReferralRequest, now: datetime) -> tuple[Referral, Case]:
    """The referral and its incidents are stored as they were sent, on the case of these two people."""
    take_turn(session, caller.client_id, sent.source_system, sent.source_reference)
    earlier = repository.referral_by_source(
        session, caller.client_id, sent.source_system, sent.source_reference
    )
    if earlier is not None:
        raise Conflict(
            "this source reference was sent before; read that referral, or post an incident to it",
            code="referral-already-received",
            referral_id=earlier.id,
            location=f"/v1/referrals/{earlier.id}",
        )
    introduce_named(session, caller, sent, now)
    case = case_for(session, sent, caller.agency, now)
    referral = Referral(
        id=new_id("ref"),
        case_id=case.id,
        area=sent.area,
        agencies=[caller.agency],
        client_id=caller.client_id,
        source_system=sent.source_system,
        source_reference=sent.source_reference,
        referring_agency=caller.agency,
        received_at=now,
        document=sent.model_dump(mode="json", exclude_unset=True, exclude=KEPT_APART),
    )
    session.add(referral)
    session.flush()
    withhold(session, caller, referral, sent.not_for_disclosure, now)
    for incident in sent.incidents:
        add_incident(session, referral, case, incident, now)
    return referral, case


def case_for(session: Session, sent: ReferralRequest, agency: str, now: datetime) -> Case:
    """The one case of these two people under any pseudonym, locked; while he is unknown each referral is its own.

    What is stored keeps the pseudonyms it came with, so that a link that is withdrawn leaves no trace in a count.
    """
    perpetrator = sent.perpetrator.ref if sent.perpetrator.known and sent.perpetrator.ref else None
    known = repository.case_of_dyad(session, sent.victim.ref, perpetrator) if perpetrator else None
    case = known or _open_case(session, sent, agency, perpetrator, now)
    if agency not in case.agencies:
        case.agencies = [*case.agencies, agency]
        session.flush()
    return case


def _open_case(
    session: Session, sent: ReferralRequest, agency: str, perpetrator: str | None, now: datetime
) -> Case:
    case_id = new_id("case")
    row = {
        "id": case_id,
        "reference": f"{sent.area}-{now:%Y}-{case_id[-8:].upper()}",
        "area": sent.area,
        "agencies": [agency],
        "victim_ref": sent.victim.ref,
        "perpetrator_ref": perpetrator,
        "opened_at": now,
    }
    repository.insert_case_unless_there(session, row)
    known = repository.case_of_dyad(session, sent.victim.ref, perpetrator) if perpetrator else None
    case = known or repository.case_by_id(session, case_id)
    assert case is not None  # noqa: S101 - inserted or found one line above
    return case


def add_incident(
    session: Session, referral: Referral, case: Case, sent: IncidentIn, now: datetime
) -> Incident:
    """The incident is on record; roles left out are those of the referral, under the pseudonyms it was sent with."""
    victim, perpetrator = roles_of(referral, case)
    incident = Incident(
        id=new_id("inc"),
        referral_id=referral.id,
        case_id=case.id,
        area=referral.area,
        agencies=referral.agencies,
        victim_ref=sent.victim_ref or victim,
        perpetrator_ref=sent.perpetrator_ref or perpetrator,
        occurred_at=sent.occurred_at,
        recorded_at=now,
        document=sent.model_dump(mode="json", exclude_unset=True),
    )
    session.add(incident)
    session.flush()
    keep_apart(session, incident.victim_ref, incident.perpetrator_ref, now)
    return incident


def learn(session: Session, caller: Caller, referral: Referral, sent: LearnedRequest, now: datetime) -> None:
    """What was learned is on record beside the referral; nothing learned, nothing stored."""
    case = repository.case_by_id(session, referral.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    introduce_learned(session, caller, referral, case, sent, now)
    withhold(session, caller, referral, sent.not_for_disclosure, now)
    document = sent.model_dump(mode="json", exclude_unset=True, exclude=KEPT_APART | {"incident": True})
    if not document:
        return
    session.add(
        Learned(
            id=new_id("lrn"),
            referral_id=referral.id,
            area=referral.area,
            agencies=referral.agencies,
            learned_at=now,
            learned_by=caller.agency,
            document=document,
        )
    )
    session.flush()


def as_now_known(session: Session, referral: Referral) -> ReferralRequest:
    """The referral overlaid with everything learned since, its two people under the pseudonyms of their case."""
    learned = [row.document for row in repository.learned_about(session, referral.id)]
    told = ReferralRequest.model_validate(overlaid(referral.document, learned))
    case = repository.case_by_id(session, referral.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    refs = {ref for ref in (told.victim.ref, told.perpetrator.ref) if ref}
    names = known_as(session, refs, {ref for ref in (case.victim_ref, case.perpetrator_ref) if ref})
    victim = told.victim.model_copy(update={"ref": names[told.victim.ref]})
    perpetrator = told.perpetrator.model_copy(update={"ref": names.get(told.perpetrator.ref or "")})
    return told.model_copy(update={"victim": victim, "perpetrator": perpetrator})
