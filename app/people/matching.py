"""The same-identifier rule: the same valid identifier means the same person, unless there is a doubt.

With a doubt, the rule makes a proposal for a person to look at. A link between a victim and their perpetrator would
show the perpetrator where the victim is: the rule never makes one, and nobody can confirm one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.foundation.storage.read_once import read_anew, read_once
from app.foundation.storage.transaction import Transaction
from app.people import repository
from app.people.identifiers import ONE_PER_PERSON
from app.people.identity_graph import Pair, ordered_pair, same_person
from app.people.linking.asking import ANSWER_WITHIN, ask_areas
from app.people.linking.repository import agencies_asked, coordinators_of
from app.people.models import LinkProposal, PersonIdentifier, PersonLink
from app.people.vocabulary import RULE_AUTHOR, LinkBasis, LinkGround

LINKS_TURN = "links"  # whoever adds, answers or withdraws a link takes this turn first
_KNOWN = "links"
_DOUBTS = {
    LinkGround.APART: "but one incident names the two as victim and perpetrator",
    LinkGround.WITHDRAWN_BEFORE: "but a link between the two was withdrawn before",
    LinkGround.REFUSED_BEFORE: "but a person has refused to link the two before",
    LinkGround.SEVERAL_PERSONS: "but more than one person has it",
    LinkGround.CONTRADICTED: "but the two have different identifiers of a kind of which a person has only one",
}


@dataclass(frozen=True, slots=True)
class KnownLinks:
    """The links that this transaction has read, and every pseudonym whose links are all among them."""

    refs: set[str] = field(default_factory=set)
    pairs: dict[Pair, None] = field(default_factory=dict)

    def add(self, refs: Iterable[str], pairs: Collection[Pair]) -> None:
        """Adds the links that were read from these pseudonyms, which reach every pseudonym they name."""
        self.refs.update(refs, *pairs)
        self.pairs.update(dict.fromkeys(pairs))


@dataclass(frozen=True, slots=True)
class NewIdentifiers:
    """Identifiers that an agency has just given for a pseudonym and that were not stored for it before."""

    ref: str
    digests: frozenset[bytes]
    agency: str
    area: str


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """Two pseudonyms that may be one person: why, and who says so in which area."""

    pair: Pair
    ground: LinkGround
    reason: str
    proposed_by: str
    area: str


def link_same_identifiers(tx: Transaction, given: NewIdentifiers) -> None:
    """Links the pseudonym to everybody who has one of these identifiers, or proposes the link where there is doubt."""
    session = tx.session
    # A look before the lock: most identifiers belong to nobody else, and then no turn is needed.
    if all(row.ref == given.ref for row in repository.identifier_holders(session, given.digests)):
        return
    repository.take_turns(session, [LINKS_TURN])
    # Read again under the lock: another transaction may have added a holder or a link meanwhile.
    shared = [row for row in repository.identifier_holders(session, given.digests) if row.ref != given.ref]
    links = linked_pairs(session, [given.ref, *(row.ref for row in shared)])
    own = same_person(given.ref, links)
    others = {same_person(row.ref, links): row for row in shared if row.ref not in own}
    for other, held in others.items():
        doubt = doubt_about(session, own, other, several=len(others) > 1)
        if doubt is None:
            _link(tx, given, held)
        elif repository.open_proposal_between(session, own, other, tx.now) is None:
            pair, reason = (given.ref, held.ref), _because(held, doubt)
            record_proposal(tx, ProposedLink(pair, doubt, reason, RULE_AUTHOR, given.area))


def doubt_about(
    session: Session,
    own: frozenset[str],
    other: frozenset[str],
    *,
    several: bool,
    given: Collection[tuple[str, bytes]] = (),
) -> LinkGround | None:
    """Returns why the two may not be one person, the most serious reason first; None when nothing speaks against it.

    `given` are identifiers of the first person, by kind and digest, that are not stored yet.
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
    """Returns whether both have an identifier of a kind of which a person has only one, and the values differ."""
    recorded = ({(r.kind, r.digest) for r in repository.identifiers_of(session, side)} for side in (own, other))
    mine, theirs = (_one_per_person(rows) for rows in (next(recorded) | set(given), next(recorded)))
    return any(mine[kind] and theirs[kind] and not mine[kind] & theirs[kind] for kind in ONE_PER_PERSON)


def _one_per_person(identifiers: Collection[tuple[str, bytes]]) -> dict[str, set[bytes]]:
    return {kind: {digest for of, digest in identifiers if of == kind} for kind in ONE_PER_PERSON}


def _because(held: PersonIdentifier, doubt: LinkGround | None = None) -> str:
    return f"the same {held.kind} was given for both" + (f", {_DOUBTS[doubt]}" if doubt else "")


def _link(tx: Transaction, given: NewIdentifiers, held: PersonIdentifier) -> None:
    one, other = ordered_pair(given.ref, held.ref)
    tx.session.add(
        PersonLink(
            id=new_id("lnk"),
            area=given.area,
            agencies=agencies_that_see(tx.session, (one, other)),
            one_ref=one,
            other_ref=other,
            basis=LinkBasis.IDENTIFIER,
            identifier_kind=held.kind,
            reason=_because(held),
            proposed_by=RULE_AUTHOR,
            asserted_by=RULE_AUTHOR,
            asserted_at=tx.now,
        )
    )
    tx.session.flush()
    read_anew(tx.session)


def record_proposal(tx: Transaction, proposed: ProposedLink) -> LinkProposal:
    """Records that the two may be one person. Nothing counts them as one until a person confirms it."""
    one, other = ordered_pair(*proposed.pair)
    areas = {proposed.area, *areas_of(tx.session, proposed.pair)}
    may_answer = agencies_asked(tx.session, areas)
    proposal = LinkProposal(
        id=new_id("lpr"),
        area=proposed.area,
        agencies=sorted(set().union(*may_answer.values())),
        one_ref=one,
        other_ref=other,
        ground=proposed.ground,
        reason=proposed.reason,
        proposed_by=proposed.proposed_by,
        proposed_at=tx.now,
        answer_by=tx.now + ANSWER_WITHIN,
    )
    tx.session.add(proposal)
    tx.session.flush()
    ask_areas(tx, proposal, areas)
    return proposal


def areas_of(session: Session, refs: Collection[str]) -> set[str]:
    """Returns every area in which one of these pseudonyms was named."""
    return {area for row in repository.persons_by_ref(session, refs) for area in row.areas}


def agencies_that_see(session: Session, refs: Collection[str]) -> list[str]:
    """Returns the agencies of the MARAC co-ordinators in the areas where each pseudonym was named, and no others.

    A link says that a person is known in another area. For a victim who has moved, that is where the victim is.
    """
    return sorted(set(coordinators_of(session, areas_of(session, refs)).values()))


def linked_pairs(session: Session, refs: Collection[str], at: datetime | None = None) -> list[Pair]:
    """Returns at least the links that stand, or stood at an instant, and can be reached from these pseudonyms.

    What stands now is read once in a transaction for each pseudonym: a decision asks for the same two people often.
    """
    if at is not None:
        return _pairs(repository.standing_links_from(session, refs, at))
    known: KnownLinks = read_once(session).setdefault(_KNOWN, KnownLinks())
    missing = [ref for ref in refs if ref not in known.refs]
    if missing:
        known.add(missing, _pairs(repository.standing_links_from(session, missing)))
    return list(known.pairs)


def _pairs(links: Iterable[PersonLink]) -> list[Pair]:
    return [(link.one_ref, link.other_ref) for link in links]
