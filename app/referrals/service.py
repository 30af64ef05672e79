"""The use cases of referrals: store a referral, add to it, read it as now known. Nothing stored is edited."""

from typing import Any

from sqlalchemy.orm import Session

from app.access.vocabulary import POSTS_OF_THE_AREA
from app.foundation.clock import london_date
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id, new_reference
from app.foundation.storage.locks import take_turn
from app.foundation.storage.read_once import read_anew
from app.foundation.storage.transaction import Transaction
from app.people.separation import keep_apart
from app.referrals.diversity.service import keep_for_counting
from app.referrals.identification import identify_perpetrator, refuse_another_perpetrator
from app.referrals.impossible.refusal import refuse_impossible_counts
from app.referrals.models import Case, Incident, LaterFacts, Referral
from app.referrals.named_persons import refs_of_referral, register_learned_persons, register_persons_of_referral
from app.referrals.repositories import case_repository, report_repository
from app.referrals.schemas.incident import IncidentIn
from app.referrals.schemas.requests import LearnedRequest, ReferralRequest
from app.referrals.statements.contradictions import refuse_contradictions
from app.referrals.statements.effects import NOTHING_LEARNED, Learned, what_follows
from app.referrals.statements.forms import refuse_beside_answers
from app.referrals.statements.gathering import known_facts
from app.referrals.withheld.documents import without_secrets
from app.referrals.withheld.service import withhold

SENT_BEFORE = "this source reference was sent before; read that referral, or post an incident to it"
IDENTIFIERS = {"identifiers"}
# Never stored in a document: identifiers only as keyed hashes (people), withheld texts only sealed (withheld), and
# what is only counted apart (diversity). A text inside the document is sealed too; the document keeps which one it is
# (`withheld.documents`).
NOT_IN_DOCUMENT: dict[str, Any] = {
    "victim": IDENTIFIERS,
    "perpetrator": IDENTIFIERS,
    "not_for_disclosure": True,
    "diversity": True,
}


def store_referral(tx: Transaction, sent: ReferralRequest) -> tuple[Referral, Case]:
    """Stores the referral and its incidents as they were sent, on the case of these two people."""
    caller = tx.caller
    # The same reference twice at once must give one referral and one 409, not an error of the unique constraint.
    take_turn(tx.session, "source reference", caller.agency, sent.source_system, sent.source_reference)
    _refuse_repeated_reference(tx, sent)
    refuse_contradictions(sent, (sent.victim.ref, sent.perpetrator.ref), london_date(tx.now))
    register_persons_of_referral(tx, sent)
    case = case_of_referral(tx, sent)
    document = without_secrets(sent, NOT_IN_DOCUMENT)
    referral = Referral(
        id=new_id("ref"),
        case_id=case.id,
        area=sent.area,
        agencies=[caller.agency],
        client_id=caller.client_id,
        source_system=sent.source_system,
        source_reference=sent.source_reference,
        referring_agency=caller.agency,
        received_at=tx.now,
        document=document.content,
    )
    tx.session.add(referral)
    tx.session.flush()
    read_anew(tx.session)
    withhold(tx, referral, sent.not_for_disclosure, document.taken)
    if sent.diversity is not None:
        keep_for_counting(tx, referral, sent.diversity)
    for incident in sent.incidents:
        store_incident(tx, referral, case, incident)
    return referral, case


def _refuse_repeated_reference(tx: Transaction, sent: ReferralRequest) -> None:
    """Raises `Conflict`, which names the first referral, when the agency has sent this source reference before."""
    earlier = report_repository.referral_by_source(
        tx.session, tx.caller.agency, sent.source_system, sent.source_reference
    )
    if earlier is not None:
        raise Conflict(
            SENT_BEFORE,
            code="referral-already-received",
            referral_id=earlier.id,
            location=f"/v1/referrals/{earlier.id}",
        )


def case_of_referral(tx: Transaction, sent: ReferralRequest) -> Case:
    """Returns the area's one case of these two people under any pseudonym, locked.

    Without a known perpetrator it is a new case. What another area has of them stays its own.

    The referral and its incidents keep the pseudonyms they came with, so that a withdrawn link leaves no trace in a
    count.
    """
    perpetrator = sent.perpetrator.ref if sent.perpetrator.known and sent.perpetrator.ref else None
    case = _case_on_record(tx, sent, perpetrator) or _open_case(tx, sent, perpetrator)
    # Naming two people shows nobody their case. The hub and MARAC of its area see it whoever reports.
    if tx.caller.role in POSTS_OF_THE_AREA and tx.caller.agency not in case.agencies:
        case.agencies = [*case.agencies, tx.caller.agency]
        tx.session.flush()
    return case


def _case_on_record(tx: Transaction, sent: ReferralRequest, perpetrator: str | None) -> Case | None:
    if perpetrator is None:
        return None
    return case_repository.lock_case_of_pair(tx.session, sent.area, sent.victim.ref, perpetrator)


def _open_case(tx: Transaction, sent: ReferralRequest, perpetrator: str | None) -> Case:
    case_id = new_id("case")
    row = {
        "id": case_id,
        "reference": new_reference(),
        "area": sent.area,
        "agencies": [tx.caller.agency],
        "victim_ref": sent.victim.ref,
        "perpetrator_ref": perpetrator,
        "opened_at": tx.now,
    }
    case_repository.insert_case_if_new(tx.session, row)
    # Another transaction may have opened the case of the same two people: read whichever row is there.
    case = _case_on_record(tx, sent, perpetrator) or case_repository.case_by_id(tx.session, case_id)
    assert case is not None  # noqa: S101 - inserted or found one line above
    return case


def store_incident(
    tx: Transaction, referral: Referral, case: Case, sent: IncidentIn, *, sent_later: bool = False
) -> Incident:
    """Stores the incident. Roles left out are those of the referral, under the pseudonyms it was sent with."""
    victim, perpetrator = refs_of_referral(referral, case)
    incident = Incident(
        id=new_id("inc"),
        referral_id=referral.id,
        case_id=case.id,
        area=referral.area,
        agencies=referral.agencies,
        victim_ref=sent.victim_ref or victim,
        perpetrator_ref=sent.perpetrator_ref or perpetrator,
        occurred_at=sent.occurred_at,
        recorded_at=tx.now,
        reported_by=tx.caller.agency,
        sent_later=sent_later,
        document=sent.model_dump(mode="json", exclude_unset=True),
    )
    tx.session.add(incident)
    tx.session.flush()
    read_anew(tx.session)
    keep_apart(tx, incident.victim_ref, incident.perpetrator_ref)
    return incident


def store_learned_facts(
    tx: Transaction,
    referral: Referral,
    sent: LearnedRequest,
    incident: Incident | None = None,
    answers_report: str | None = None,
) -> Learned:
    """Stores what was learned beside the referral, with its incident if it came with one. No fact, no row.

    `answers_report` is the report that an enquiry asked about.

    Returns what follows for what the agency stated before. Raises `Invalid` when the facts contradict each other, and
    (no-person) when a program takes back a grade, a judgement, ticks, a danger or a limit to contact.
    """
    case = case_repository.case_by_id(tx.session, referral.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    refuse_contradictions(sent, refs_of_referral(referral, case), london_date(tx.now))
    register_learned_persons(tx, referral, case, sent)
    refuse_another_perpetrator(tx, case, refs_of_referral(referral, case)[1], sent.perpetrator)
    identify_perpetrator(tx, case, sent.perpetrator)
    document = without_secrets(sent, NOT_IN_DOCUMENT | {"incident": True})
    withhold(tx, referral, sent.not_for_disclosure, document.taken)
    if "diversity" in sent.model_fields_set:
        keep_for_counting(tx, referral, sent.diversity)
    if not document.content:
        return NOTHING_LEARNED
    learned = LaterFacts(
        id=new_id("lrn"),
        referral_id=referral.id,
        area=referral.area,
        agencies=referral.agencies,
        learned_at=tx.now,
        learned_by=tx.caller.agency,
        learned_by_person=tx.caller.person,
        incident_id=incident.id if incident else None,
        answers_report=answers_report,
        document=document.content,
    )
    follows = what_follows(tx.session, referral, learned)
    if answers_report is None:  # an enquiry takes only what the form leaves possible
        refuse_impossible_counts(follows.form)
        refuse_beside_answers(sent.assessment, follows.assessment)
    if follows.takes_protection_back:
        tx.caller.named_person(
            "a grade, a judgement, ticks, a danger or a limit to contact is taken back by a person who has looked"
        )
    tx.session.add(learned)
    tx.session.flush()
    read_anew(tx.session)
    return follows


def as_now_known(session: Session, referral: Referral) -> ReferralRequest:
    """Returns the facts of the referral's case as they stand now, its two people under the pseudonyms of their case."""
    return known_facts(session, referral).facts
