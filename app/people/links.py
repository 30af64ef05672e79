"""The use cases of links: a person proposes one, a second person confirms or refuses it, a person withdraws it.

Each has a named person and a reason.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.foundation.caller import is_second_person
from app.foundation.errors import Conflict, Forbidden, Invalid
from app.foundation.identifiers import new_id
from app.foundation.storage.read_once import read_anew
from app.foundation.storage.transaction import Transaction
from app.people import identity_graph, repository
from app.people.matching import LINKS_TURN, ProposedLink, record_proposal
from app.people.models import LinkAnswer, LinkProposal, LinkWithdrawal, PersonLink
from app.people.presenters import state_unanswered
from app.people.schemas import LinkProposalRequest
from app.people.service import refs_of_same_person
from app.people.vocabulary import LinkBasis, LinkGround, LinkState

NO_PROGRAM = "a program may not decide which pseudonyms are one person"


@dataclass(frozen=True, slots=True)
class LinkedPersons:
    """A link and the two persons that it makes one: the pseudonyms of each without this link.

    The two are equal when another link joins them as well.
    """

    link: PersonLink
    one: frozenset[str]
    other: frozenset[str]


def refuse_what_is_seen(tx: Transaction, sent: LinkProposalRequest) -> str:
    """Returns the caller's area of the proposal. Call it in the caller's own row scope.

    Raises `Invalid` when the caller sees neither pseudonym, and `Conflict` when the caller sees that the two are linked
    or proposed already. All of it follows from what the caller sees, so no answer tells what anybody else knows.
    """
    tx.caller.named_person(NO_PROGRAM)
    repository.take_turns(tx.session, [LINKS_TURN])
    seen = repository.persons_by_ref(tx.session, [sent.one_ref, sent.other_ref])
    own = sorted(tx.caller.areas & {area for row in seen for area in row.areas} or tx.caller.areas)
    if not seen or not own:
        raise Invalid("neither pseudonym is one that you may see")
    standing = repository.standing_links_from(tx.session, [sent.one_ref, sent.other_ref])
    pairs = [(link.one_ref, link.other_ref) for link in standing]
    one, other = (identity_graph.same_person(ref, pairs) for ref in (sent.one_ref, sent.other_ref))
    if one == other:
        raise Conflict("the two are one person already")
    waiting = repository.open_proposal_between(tx.session, one, other, tx.now)
    if waiting is not None:
        raise Conflict("a proposal for the two waits already; confirm or refuse that one", proposal_id=waiting.id)
    return own[0]


def propose_link(tx: Transaction, sent: LinkProposalRequest, area: str) -> LinkProposal:
    """Records a person's view that the two pseudonyms are one person; it waits for whoever holds them.

    Call it in a scope that sees every row. It is stored alike for a pseudonym that nobody knows, and for the victim and
    the perpetrator of one incident, whom nobody can confirm as one.
    """
    pair, author = (sent.one_ref, sent.other_ref), tx.caller.named_person(NO_PROGRAM)
    return record_proposal(tx, ProposedLink(pair, LinkGround.SEEN_BY_A_PERSON, sent.reason, author, area))


def confirm_link(tx: Transaction, proposal: LinkProposal, reason: str) -> LinkedPersons:
    """Makes the two one person from now on. Whoever proposed it may not confirm it."""
    author = tx.caller.named_person(NO_PROGRAM)
    if not is_second_person(author, proposal.proposed_by):
        raise Forbidden("a proposed link is confirmed by someone other than the person who proposed it")
    # The answer is read under the lock: of several people who confirm at once, one makes the link.
    repository.take_turns(tx.session, [LINKS_TURN])
    _refuse_if_answered(tx, proposal)
    one, other = (refs_of_same_person(tx.session, ref) for ref in (proposal.one_ref, proposal.other_ref))
    _refuse_victim_and_perpetrator(tx.session, one, other)
    link = PersonLink(
        id=new_id("lnk"),
        area=proposal.area,
        agencies=proposal.agencies,
        one_ref=proposal.one_ref,
        other_ref=proposal.other_ref,
        basis=LinkBasis.PERSON,
        proposal_id=proposal.id,
        proposed_by=proposal.proposed_by,
        reason=reason,
        asserted_by=author,
        asserted_at=tx.now,
    )
    tx.session.add(link)
    _record_answer(tx, proposal, LinkState.CONFIRMED, reason)
    return LinkedPersons(link, one, other)


def refuse_proposal(tx: Transaction, proposal: LinkProposal, reason: str) -> None:
    """Keeps the two as two persons. The rule does not link them later without asking a person again."""
    tx.caller.named_person(NO_PROGRAM)
    repository.take_turns(tx.session, [LINKS_TURN])
    _refuse_if_answered(tx, proposal)
    _record_answer(tx, proposal, LinkState.REFUSED, reason)


def _record_answer(tx: Transaction, proposal: LinkProposal, answer: LinkState, reason: str) -> None:
    tx.session.add(
        LinkAnswer(
            id=new_id("lan"),
            area=proposal.area,
            agencies=proposal.agencies,
            proposal_id=proposal.id,
            answer=answer,
            reason=reason,
            answered_by=tx.by,
            answered_at=tx.now,
        )
    )
    tx.session.flush()
    read_anew(tx.session)


def withdraw_link(tx: Transaction, link: PersonLink, reason: str) -> LinkedPersons:
    """Ends the link. It and its withdrawal stay on record, and the rule does not make it again.

    Raises `Forbidden` for who proposed it: alone they would undo what a second person confirmed.
    """
    author = tx.caller.named_person(NO_PROGRAM)
    if not is_second_person(author, link.proposed_by):
        raise Forbidden("a link is withdrawn by someone other than the person who proposed it; ask who confirmed it")
    repository.take_turns(tx.session, [LINKS_TURN])
    if repository.withdrawals_by_link(tx.session, [link.id]):
        raise Conflict("this link has been withdrawn already")
    tx.session.add(
        LinkWithdrawal(
            id=new_id("lwd"),
            area=link.area,
            agencies=link.agencies,
            link_id=link.id,
            proposed_by=link.proposed_by,
            reason=reason,
            withdrawn_by=author,
            withdrawn_at=tx.now,
        )
    )
    tx.session.flush()
    read_anew(tx.session)
    return linked_persons(tx.session, link)


def linked_persons(session: Session, link: PersonLink) -> LinkedPersons:
    """Returns the two persons of a link as they are without it."""
    around = repository.standing_links_from(session, [link.one_ref, link.other_ref])
    rest = [(other.one_ref, other.other_ref) for other in around if other.id != link.id]
    one, other = (identity_graph.same_person(ref, rest) for ref in (link.one_ref, link.other_ref))
    return LinkedPersons(link, one, other)


def _refuse_if_answered(tx: Transaction, proposal: LinkProposal) -> None:
    answered = repository.answers_by_proposal(tx.session, [proposal.id]).get(proposal.id)
    state = answered.answer if answered else state_unanswered(proposal, tx.now)
    if state != LinkState.OPEN:
        raise Conflict(f"this proposal is already {state}; make a new proposal to ask again")


def _refuse_victim_and_perpetrator(session: Session, one: Collection[str], other: Collection[str]) -> None:
    if one != other and repository.met_in_one_incident(session, one, other):
        raise Conflict(
            "an incident has one as victim and the other as perpetrator; they cannot be one person",
            code="victim-and-perpetrator",
        )
