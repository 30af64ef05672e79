"""Everybody a referral names is introduced to the room of people: pseudonyms, identifiers, who met whom."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import Invalid, RequestFault
from app.people.schemas import IdentifierIn
from app.people.separation import keep_apart
from app.people.service import Sighting, introduce
from app.referrals.models import Case, Referral
from app.referrals.schemas import IncidentIn, IncidentRequest, LearnedRequest, ReferralRequest


def introduce_named(session: Session, caller: Caller, sent: ReferralRequest, now: datetime) -> None:
    """Everybody the referral names is known by their pseudonyms, and by identifiers where it gives some.

    Who met as victim and perpetrator comes first: no shared identifier may then make the two one person.
    """
    perpetrator = sent.perpetrator.ref if sent.perpetrator.known else None
    met = {
        (one.victim_ref or sent.victim.ref, one.perpetrator_ref or perpetrator or "")
        for one in sent.incidents
    }
    for her, him in sorted({(sent.victim.ref, perpetrator or ""), *met}):
        keep_apart(session, her, him or None, now)
    named = sightings_of(sent.victim.ref, sent.victim.identifiers, perpetrator, sent.perpetrator.identifiers)
    introduce(session, caller, [*named, *_named_in(sent.incidents)], sent.area, now)


def sightings_of(
    victim: str, hers: Sequence[IdentifierIn], perpetrator: str | None, his: Sequence[IdentifierIn]
) -> list[Sighting]:
    """The two people as the agency names them; `Invalid` when identifiers would be nobody's."""
    if his and perpetrator is None:
        raise Invalid(
            "identifiers of the perpetrator need his pseudonym, so that they are somebody's",
            faults=[
                RequestFault(
                    "/perpetrator/ref", "missing", "give the pseudonym, or leave the identifiers out"
                )
            ],
        )
    sightings = [Sighting(victim, tuple(one.identifier() for one in hers))]
    if perpetrator:
        sightings.append(Sighting(perpetrator, tuple(one.identifier() for one in his)))
    return sightings


def _named_in(incidents: Sequence[IncidentIn]) -> list[Sighting]:
    """Whoever an incident names besides: its roles are its own."""
    refs = {ref for incident in incidents for ref in (incident.victim_ref, incident.perpetrator_ref) if ref}
    return [Sighting(ref) for ref in sorted(refs)]


def introduce_learned(
    session: Session, caller: Caller, referral: Referral, case: Case, sent: LearnedRequest, now: datetime
) -> None:
    """Identifiers that came later belong to the two people of the referral; a further incident can name others."""
    victim, perpetrator = roles_of(referral, case)
    him = sent.perpetrator.ref or perpetrator
    named = sightings_of(victim, sent.victim.identifiers, him, sent.perpetrator.identifiers)
    incidents = [sent.incident] if isinstance(sent, IncidentRequest) else []
    introduce(session, caller, [*named, *_named_in(incidents)], referral.area, now)


def roles_of(referral: Referral, case: Case) -> tuple[str, str | None]:
    """The victim and the perpetrator as this referral names them; its case can know them by other pseudonyms."""
    man = referral.document["perpetrator"]
    his = man.get("ref") if man.get("known", True) else None
    return str(referral.document["victim"]["ref"]), his or case.perpetrator_ref
