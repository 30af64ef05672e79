"""Finds who the people of a referral would be if it were sent. It matches identifiers too, and links nobody.

It applies the same-identifier rule of `people`: the same identifier means the same person unless there is a doubt.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.people.identity_graph import Pair, same_person
from app.people.matching import doubt_about, linked_pairs
from app.people.repository import identifier_holders
from app.people.service import hashed_identifiers, refs_of_same_persons, refuse_shared_identifier
from app.referrals.named_persons import named_persons_of, victims_and_perpetrators
from app.referrals.schemas.requests import ReferralRequest


@dataclass(frozen=True, slots=True)
class PreviewIdentity:
    """Every pseudonym of the two people, including those that the referral would link.

    `recorded_as` are the pairs of victim and perpetrator to look for on record: as sent, and as known by identifier.
    """

    victim_refs: frozenset[str]
    perpetrator_refs: frozenset[str]
    recorded_as: tuple[tuple[str, str | None], ...]

    def names(self, victim_ref: str, perpetrator_ref: str | None) -> dict[str, str]:
        """Maps each pseudonym of the two people to the one of the pair given."""
        names = dict.fromkeys(self.victim_refs, victim_ref)
        return names | dict.fromkeys(self.perpetrator_refs, perpetrator_ref) if perpetrator_ref else names


def preview_identity(session: Session, sent: ReferralRequest) -> PreviewIdentity:
    """Returns who the two people of the referral would be.

    Raises `Invalid` where the referral itself would be refused.
    """
    victim = sent.victim.ref
    perpetrator = sent.perpetrator.ref if sent.perpetrator.known else None
    given = _identifiers_by_ref(session, sent, perpetrator)
    apart = {(one, other) for one, other in victims_and_perpetrators(sent) if other}
    known = {ref: _known_as(session, ref, digests, apart) for ref, digests in given.items()}
    known_perpetrator = (known.get(perpetrator) or perpetrator) if perpetrator else None
    as_known = (known.get(victim) or victim, known_perpetrator)
    victims, perpetrators = ({ref for ref in refs if ref} for refs in zip((victim, perpetrator), as_known, strict=True))
    return PreviewIdentity(
        refs_of_same_persons(session, victims),
        refs_of_same_persons(session, perpetrators) if perpetrators else frozenset(),
        tuple(dict.fromkeys(((victim, perpetrator), as_known))),
    )


def _identifiers_by_ref(
    session: Session, sent: ReferralRequest, perpetrator: str | None
) -> dict[str, dict[bytes, str]]:
    """Returns, for each pseudonym with identifiers, their hashes, each with its kind."""
    named = named_persons_of(sent.victim.ref, sent.victim.identifiers, perpetrator, sent.perpetrator.identifiers)
    given = {person.ref: hashed_identifiers(session, person) for person in named if person.identifiers}
    refuse_shared_identifier(list(given.values()))
    return {ref: dict(digests) for ref, digests in given.items()}


def _known_as(session: Session, ref: str, given: Mapping[bytes, str], apart: Collection[Pair]) -> str | None:
    """Returns a pseudonym of the one person who has these identifiers.

    None when nobody has them, or there is a doubt.
    """
    shared = [row.ref for row in identifier_holders(session, given) if row.ref != ref]
    links = linked_pairs(session, [ref, *shared])
    own = same_person(ref, links)
    others = {same_person(other, links): other for other in shared if other not in own}
    if len(others) != 1:
        return None
    ((other, known),) = others.items()
    if any((one in own and two in other) or (one in other and two in own) for one, two in apart):
        return None
    identifiers = [(kind, digest) for digest, kind in given.items()]
    doubt = doubt_about(session, own, other, several=False, given=identifiers)
    return known if doubt is None else None
