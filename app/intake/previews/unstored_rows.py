"""Builds the rows that a referral would store, outside the session, so that nothing writes them."""

from collections.abc import Mapping
from datetime import datetime

from app.foundation.storage.transaction import Transaction
from app.referrals.models import Case, Incident, Referral
from app.referrals.schemas.incident import IncidentIn
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.service import NOT_IN_DOCUMENT
from app.referrals.withheld.documents import without_secrets

# No id of a stored row: those have a prefix and 128 random bits.
UNSTORED = "unstored"


def unstored_case(tx: Transaction, sent: ReferralRequest) -> Case:
    """Returns the case that the referral would open."""
    return Case(
        id=UNSTORED,
        reference=UNSTORED,
        area=sent.area,
        agencies=[tx.caller.agency],
        victim_ref=sent.victim.ref,
        perpetrator_ref=sent.perpetrator.ref if sent.perpetrator.known else None,
        opened_at=tx.now,
    )


def unstored_referral(tx: Transaction, sent: ReferralRequest, case: Case) -> Referral:
    """Returns the referral as a row of the case."""
    return Referral(
        id=UNSTORED,
        case_id=case.id,
        area=sent.area,
        agencies=[tx.caller.agency],
        client_id=tx.caller.client_id,
        source_system=sent.source_system,
        source_reference=sent.source_reference,
        referring_agency=tx.caller.agency,
        received_at=tx.now,
        document=without_secrets(sent, NOT_IN_DOCUMENT).content,
    )


def unstored_incidents(sent: ReferralRequest, case: Case, now: datetime) -> list[Incident]:
    """Returns the incidents of the referral as rows of the case."""
    documents = [one.model_dump(mode="json", exclude_unset=True) for one in sent.incidents]
    return [_unstored_incident(document, sent, case, now) for document in documents]


def _unstored_incident(document: dict[str, object], sent: ReferralRequest, case: Case, now: datetime) -> Incident:
    return Incident(
        id=UNSTORED,
        case_id=case.id,
        area=sent.area,
        victim_ref=document.get("victim_ref") or case.victim_ref,
        perpetrator_ref=document.get("perpetrator_ref") or case.perpetrator_ref,
        occurred_at=datetime.fromisoformat(str(document["occurred_at"])),
        recorded_at=now,
        document=document,
    )


def under_names_of_case(sent: ReferralRequest, names: Mapping[str, str]) -> ReferralRequest:
    """Returns the referral with its people under the pseudonyms of the case, as a stored referral is read."""
    ref = sent.perpetrator.ref
    victim = sent.victim.model_copy(update={"ref": names[sent.victim.ref]})
    perpetrator = sent.perpetrator.model_copy(update={"ref": names.get(ref, ref)}) if ref else sent.perpetrator
    incidents = [_incident_under_names(one, names) for one in sent.incidents]
    return sent.model_copy(update={"victim": victim, "perpetrator": perpetrator, "incidents": incidents})


def _incident_under_names(incident: IncidentIn, names: Mapping[str, str]) -> IncidentIn:
    roles = {role: getattr(incident, role) for role in ("victim_ref", "perpetrator_ref")}
    return incident.model_copy(update={role: names[ref] for role, ref in roles.items() if ref in names})
