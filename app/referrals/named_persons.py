"""Registers everybody whom a referral names with the people room: pseudonyms, identifiers, and who harmed whom."""

from collections.abc import Iterator, Sequence

from app.foundation.errors import Invalid, RequestFault
from app.foundation.storage.transaction import Transaction
from app.people.schemas import IdentifierIn
from app.people.separation import keep_apart
from app.people.service import NamedPerson, register_persons
from app.referrals.impossible.people import Couple
from app.referrals.models import Case, Referral
from app.referrals.schemas.incident import IncidentIn
from app.referrals.schemas.requests import IncidentRequest, LearnedRequest, ReferralRequest


def register_persons_of_referral(tx: Transaction, sent: ReferralRequest) -> None:
    """Registers everybody whom the referral names by pseudonym, and by identifier where it gives one.

    It keeps victims and perpetrators apart first: no shared identifier may then make the two one person.
    """
    perpetrator = sent.perpetrator.ref if sent.perpetrator.known else None
    pairs = victims_and_perpetrators(sent)
    # Sorted, so that two transactions about the same people lock in the same order.
    for victim_ref, perpetrator_ref in sorted(pairs, key=lambda pair: (pair[0], pair[1] or "")):
        keep_apart(tx, victim_ref, perpetrator_ref)
    named = named_persons_of(sent.victim.ref, sent.victim.identifiers, perpetrator, sent.perpetrator.identifiers)
    register_persons(tx, [*named, *_named_in(sent.incidents)], sent.area)


def couple_of(sent: ReferralRequest) -> Couple:
    """Returns the two people of the referral as it names them."""
    return Couple(sent.victim.ref, sent.perpetrator.ref if sent.perpetrator.known else None)


def victims_and_perpetrators(sent: ReferralRequest) -> set[tuple[str, str | None]]:
    """Returns each victim with their perpetrator, as the referral and each of its incidents name them.

    None is unknown.
    """
    perpetrator = sent.perpetrator.ref if sent.perpetrator.known else None
    in_incidents = {(one.victim_ref or sent.victim.ref, one.perpetrator_ref or perpetrator) for one in sent.incidents}
    return {(sent.victim.ref, perpetrator), *in_incidents}


def named_persons_of(
    victim: str,
    victim_identifiers: Sequence[IdentifierIn],
    perpetrator: str | None,
    perpetrator_identifiers: Sequence[IdentifierIn],
) -> list[NamedPerson]:
    """Returns the two people as the agency names them. Raises `Invalid` when an identifier belongs to no pseudonym."""
    if perpetrator_identifiers and perpetrator is None:
        raise Invalid(
            "identifiers of the perpetrator need the perpetrator's pseudonym",
            faults=[RequestFault("/perpetrator/ref", "missing", "give the pseudonym, or leave the identifiers out")],
        )
    named = [NamedPerson(victim, tuple(one.identifier() for one in victim_identifiers))]
    if perpetrator:
        named.append(NamedPerson(perpetrator, tuple(one.identifier() for one in perpetrator_identifiers)))
    return named


def _named_in(incidents: Sequence[IncidentIn]) -> Iterator[NamedPerson]:
    """Returns the other people whom incidents name: each incident has its own victim and perpetrator."""
    refs = {ref for incident in incidents for ref in (incident.victim_ref, incident.perpetrator_ref) if ref}
    return (NamedPerson(ref) for ref in sorted(refs))


def register_learned_persons(tx: Transaction, referral: Referral, case: Case, sent: LearnedRequest) -> None:
    """Registers identifiers that came later for the two people of the referral, and others whom an incident names."""
    victim, known_perpetrator = refs_of_referral(referral, case)
    perpetrator = sent.perpetrator.ref or known_perpetrator
    named = named_persons_of(victim, sent.victim.identifiers, perpetrator, sent.perpetrator.identifiers)
    incidents = [sent.incident] if isinstance(sent, IncidentRequest) else []
    register_persons(tx, [*named, *_named_in(incidents)], referral.area)


def refs_of_referral(referral: Referral, case: Case) -> tuple[str, str | None]:
    """Returns the victim and the perpetrator as this referral names them.

    Its case can know them by other pseudonyms.
    """
    perpetrator = referral.document["perpetrator"]
    ref = perpetrator.get("ref") if perpetrator.get("known", True) else None
    return str(referral.document["victim"]["ref"]), ref or case.perpetrator_ref
