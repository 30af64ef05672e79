"""Who a referral would be about if it were sent: each of its people known by identifiers too, read and not linked.

The rule is that of the room of people: the same identifier is the same person unless something speaks against it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.people.identity_graph import Pair, same_person
from app.people.matching import doubt_about, pairs_around
from app.people.repository import holders
from app.people.service import digests_of, refs_of_same_persons, refuse_one_identifier_for_two
from app.referrals.introductions import sightings_of
from app.referrals.schemas import ReferralRequest


@dataclass(frozen=True, slots=True)
class PreviewIdentity:
    """Every pseudonym of the two people, those that would only now be linked among them.

    `named` are the two by which all that is on record of them is found: as sent, and as known by identifier.
    """

    hers: frozenset[str]
    his: frozenset[str]
    named: tuple[tuple[str, str | None], ...]

    def names(self, victim_ref: str, perpetrator_ref: str | None) -> dict[str, str]:
        """For each pseudonym the one that stands for its person."""
        names = dict.fromkeys(self.hers, victim_ref)
        return names | dict.fromkeys(self.his, perpetrator_ref) if perpetrator_ref else names


def foreseen(session: Session, sent: ReferralRequest) -> PreviewIdentity:
    """Who the two people of the referral would be. Refused where the identifiers given for them would be."""
    her, him = sent.victim.ref, sent.perpetrator.ref if sent.perpetrator.known else None
    given = _given(session, sent, him)
    apart = _met_in(sent)
    known = {ref: _known_as(session, ref, digests, apart) for ref, digests in given.items()}
    as_known = (known.get(her) or her, (known.get(him) or him) if him else None)
    hers, his = ({ref for ref in refs if ref} for refs in zip((her, him), as_known, strict=True))
    return PreviewIdentity(
        refs_of_same_persons(session, hers),
        refs_of_same_persons(session, his) if his else frozenset(),
        tuple(dict.fromkeys(((her, him), as_known))),
    )


def _given(session: Session, sent: ReferralRequest, him: str | None) -> dict[str, dict[bytes, str]]:
    """The hashed identifiers by pseudonym, each with its kind."""
    sightings = sightings_of(sent.victim.ref, sent.victim.identifiers, him, sent.perpetrator.identifiers)
    given = {one.ref: digests_of(session, one) for one in sightings if one.identifiers}
    refuse_one_identifier_for_two(list(given.values()))
    return {ref: dict(digests) for ref, digests in given.items()}


def _met_in(sent: ReferralRequest) -> set[Pair]:
    """Who is victim and who perpetrator in the referral and in its incidents."""
    him = sent.perpetrator.ref if sent.perpetrator.known else None
    met = {(sent.victim.ref, him)} | {
        (one.victim_ref or sent.victim.ref, one.perpetrator_ref or him) for one in sent.incidents
    }
    return {(victim, perpetrator) for victim, perpetrator in met if perpetrator}


def _known_as(session: Session, ref: str, given: Mapping[bytes, str], apart: Collection[Pair]) -> str | None:
    """A pseudonym of the one person who has these identifiers; None where nobody has, or a doubt stands."""
    shared = [row.ref for row in holders(session, given) if row.ref != ref]
    links = pairs_around(session, [ref, *shared])
    own = same_person(ref, links)
    others = {same_person(other, links): other for other in shared if other not in own}
    if len(others) != 1:
        return None
    ((other, known),) = others.items()
    told = [(kind, digest) for digest, kind in given.items()]
    meet_here = any((one in own and two in other) or (one in other and two in own) for one, two in apart)
    if meet_here or doubt_about(session, own, other, several=False, given=told) is not None:
        return None
    return known
