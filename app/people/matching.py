"""The rule of the same identifier: the same valid identifier is the same person, unless something speaks against it.

What speaks against it makes it a proposal for a person to look at. A link between a victim and the man who harms her
would show him where she is: the rule never makes one, and nobody can confirm one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.foundation.identifiers import new_id
from app.people import repository
from app.people.identifiers import ONE_PER_PERSON
from app.people.identity_graph import Pair, in_order, same_person
from app.people.models import LinkProposal, PersonIdentifier, PersonLink
from app.people.schemas import LinkGround
from app.vocabulary import Role

LINKS = "links"  # the turn that everybody takes who adds, answers or withdraws a link
RULE = "rule"
_DOUBTS = {
    LinkGround.APART: "but the two met in one incident as victim and perpetrator",
    LinkGround.WITHDRAWN_BEFORE: "but a link between the two was withdrawn before",
    LinkGround.REFUSED_BEFORE: "but a person has refused to link the two before",
    LinkGround.SEVERAL_PERSONS: "but more than one person holds it",
    LinkGround.CONTRADICTED: "but another identifier, of which a person has one, differs",
}


@dataclass(frozen=True, slots=True)
class NewIdentifiers:
    """Identifiers that an agency has just given for a pseudonym, not known for it before."""

    ref: str
    digests: frozenset[bytes]
    agency: str
    area: str


def link_same_identifiers(session: Session, given: NewIdentifiers, now: datetime) -> None:
    """Everybody who holds one of these identifiers is linked to the pseudonym, or proposed where a doubt stands."""
    if all(row.ref == given.ref for row in repository.holders(session, given.digests)):
        return
    repository.take_turns(session, [LINKS])
    shared = [row for row in repository.holders(session, given.digests) if row.ref != given.ref]
    links = pairs_around(session, [given.ref, *(row.ref for row in shared)])
    own = same_person(given.ref, links)
    others = {same_person(row.ref, links): row for row in shared if row.ref not in own}
    for other, held in others.items():
        doubt = doubt_about(session, own, other, several=len(others) > 1)
        if doubt is None:
            _link(session, given, held, now)
        elif repository.open_proposal_between(session, own, other) is None:
            propose(session, (given.ref, held.ref), doubt, _because(held, doubt), RULE, given.area, now)


def doubt_about(
    session: Session,
    own: frozenset[str],
    other: frozenset[str],
    *,
    several: bool,
    given: Collection[tuple[str, bytes]] = (),
) -> LinkGround | None:
    """What speaks against the two being one person, the gravest first; None when nothing does.

    `given` are identifiers of the first, by kind and digest, that are not on record yet.
    """
    if repository.met_in_one_incident(session, own, other):
        return LinkGround.APART
    if repository.withdrawn_between(session, own, other):
        return LinkGround.WITHDRAWN_BEFORE
    if repository.refused_between(session, own, other):
        return LinkGround.REFUSED_BEFORE
    if several:
        return LinkGround.SEVERAL_PERSONS
    return LinkGround.CONTRADICTED if _contradict(session, own, other, given) else None


def _contradict(
    session: Session, own: Collection[str], other: Collection[str], given: Collection[tuple[str, bytes]]
) -> bool:
    """Whether each side has an identifier of a kind of which a person has one, and they differ."""
    recorded = (
        {(r.kind, r.digest) for r in repository.identifiers_of(session, side)} for side in (own, other)
    )
    mine, theirs = (_single(rows) for rows in (next(recorded) | set(given), next(recorded)))
    return any(mine[kind] and theirs[kind] and not mine[kind] & theirs[kind] for kind in ONE_PER_PERSON)


def _single(identifiers: Collection[tuple[str, bytes]]) -> dict[str, set[bytes]]:
    return {kind: {digest for of, digest in identifiers if of == kind} for kind in ONE_PER_PERSON}


def _because(held: PersonIdentifier, doubt: LinkGround | None = None) -> str:
    return f"the same {held.kind} was given for both" + (f", {_DOUBTS[doubt]}" if doubt else "")


def _link(session: Session, given: NewIdentifiers, held: PersonIdentifier, now: datetime) -> None:
    one, other = in_order(given.ref, held.ref)
    session.add(
        PersonLink(
            id=new_id("lnk"),
            area=given.area,
            agencies=who_may_see(session, (one, other)),
            one_ref=one,
            other_ref=other,
            basis="IDENTIFIER",
            identifier_kind=held.kind,
            reason=f"{_because(held)}, lastly by {given.agency}",
            asserted_by=RULE,
            asserted_at=now,
        )
    )
    session.flush()


def propose(
    session: Session, pair: Pair, ground: LinkGround, reason: str, by: str, area: str, now: datetime
) -> LinkProposal:
    """The two are proposed as one person; nothing counts them as one until somebody confirms it."""
    one, other = in_order(*pair)
    proposal = LinkProposal(
        id=new_id("lpr"),
        area=area,
        agencies=who_may_see(session, pair),
        one_ref=one,
        other_ref=other,
        ground=ground,
        reason=reason,
        proposed_by=by,
        proposed_at=now,
    )
    session.add(proposal)
    session.flush()
    return proposal


def who_may_see(session: Session, refs: Collection[str]) -> list[str]:
    """The co-ordinators of the areas where each was first named, and nobody else.

    A link says that a person is known in another area; of a victim who has moved, that is where she is.
    """
    areas = {row.area for row in repository.persons(session, refs)}
    coordinators = {agency_in_post(session, area, Role.MARAC_COORDINATOR) for area in areas}
    return sorted(agency for agency in coordinators if agency)


def pairs_around(session: Session, refs: Collection[str], at: datetime | None = None) -> list[Pair]:
    """The standing links that can be reached from these pseudonyms."""
    return [(link.one_ref, link.other_ref) for link in repository.links_around(session, refs, at)]
