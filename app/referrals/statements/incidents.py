"""Reads stored incidents as routing sees them, and finds the newest abuse of the couple."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.referrals.models import Case, Referral
from app.referrals.models import Incident as StoredIncident
from app.referrals.repositories.incident_repository import related_incidents
from app.referrals.schemas.incident import IncidentIn
from app.referrals.statements.reading import read
from app.routing.facts.events import newest_abuse
from app.routing.facts.snapshot.incidents import IncidentFacts

_STATED = {field.name for field in fields(IncidentFacts)} & set(IncidentIn.model_fields)
_ALWAYS = datetime.max.replace(tzinfo=UTC)


def incident_facts(row: StoredIncident, may_say: frozenset[str] = frozenset()) -> IncidentFacts:
    """Returns a stored incident as routing sees it. `may_say` are the agencies whose word it is what came of it."""
    posted = read(IncidentIn, row.document)
    stated = {name: getattr(posted, name) for name in _STATED}
    own = {
        "victim_ref": row.victim_ref,
        "perpetrator_ref": row.perpetrator_ref,
        "recorded_at": row.recorded_at,
        "not_arrested_reasons": () if posted.not_arrested_reason is None else (posted.not_arrested_reason,),
        "author": row.reported_by,
        "may_say": row.reported_by in may_say,
    }
    return IncidentFacts(**stated | own)


def newest_abuse_on_record(
    session: Session, case: Case, referral: Referral, until: datetime | None
) -> IncidentFacts | None:
    """Returns the newest abuse of the couple, first reported by this referral if it is not stored yet.

    None when no such event is on record. With `until`, as it was known then.
    """
    stored = related_incidents(session, case.victim_ref, case.perpetrator_ref, until or _ALWAYS)
    known = [*map(incident_facts, stored), *_sent_with(referral, case, stored)]
    return newest_abuse(known, case.victim_ref, case.perpetrator_ref)


def _sent_with(referral: Referral, case: Case, stored: Sequence[StoredIncident]) -> list[IncidentFacts]:
    """Returns the incidents of a referral that is previewed: no row holds them."""
    if any(row.referral_id == referral.id for row in stored):
        return []
    sent = [read(IncidentIn, one) for one in referral.document.get("incidents", ())]
    return [
        IncidentFacts(
            **{name: getattr(one, name) for name in _STATED}
            | {
                "victim_ref": one.victim_ref or case.victim_ref,
                "perpetrator_ref": one.perpetrator_ref or case.perpetrator_ref,
            },
            recorded_at=referral.received_at,
        )
        for one in sent
    ]
