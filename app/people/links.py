"""The use cases of links: a person proposes one, a second person confirms or refuses it, a person withdraws it.

Each has a named person and a reason.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.directory import account_who_acts
from app.access.vocabulary import CallerRole
from app.foundation.caller import is_second_person
from app.foundation.errors import Conflict, Forbidden, Invalid
from app.foundation.identifiers import new_id
from app.foundation.storage.read_once import read_anew
from app.foundation.storage.transaction import Transaction
from app.people import identity_graph, repository
from app.people.linking.repository import agencies_asked, areas_spoken_for, asked_areas
from app.people.matching import LINKS_TURN, ProposedLink, agencies_that_see, areas_of, record_proposal
from app.people.models import LinkAnswer, LinkProposal, LinkWithdrawal, PersonLink
from app.people.schemas import LinkProposalRequest
from app.people.service import refs_of_same_person
from app.people.vocabulary import RULE_AUTHOR, LinkBasis, LinkGround, LinkState

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


def confirm_link(tx: Transaction, proposal: LinkProposal, area: str, reason: str) -> LinkedPersons | None:
    """Records that this area confirms, and links the two once every area that holds one of them has; else None.

    Call it in a scope that sees every row, with the area that `answering_area` returned.
    """
    _record_answer(tx, proposal, area, LinkState.CONFIRMED, reason)
    one, other = (refs_of_same_person(tx.session, ref) for ref in (proposal.one_ref, proposal.other_ref))
    if not _is_confirmed_by_all(tx, proposal, [*one, *other]):
        return None
    _refuse_victim_and_perpetrator(tx.session, one, other)
    link = PersonLink(
        id=new_id("lnk"),
        area=proposal.area,
        agencies=_agencies_of_link(tx, proposal),
        one_ref=proposal.one_ref,
        other_ref=proposal.other_ref,
        basis=LinkBasis.PERSON,
        proposal_id=proposal.id,
        proposed_by=proposal.proposed_by,
        reason=reason,
        asserted_by=tx.by,
        asserted_at=tx.now,
    )
    tx.session.add(link)
    tx.session.flush()
    read_anew(tx.session)
    return LinkedPersons(link, one, other)


def _agencies_of_link(tx: Transaction, proposal: LinkProposal) -> list[str]:
    """Returns who sees the link: the co-ordinators, and whoever proposed or confirmed it and so knows both names."""
    people = [
        proposal.proposed_by,
        *(one.answered_by for one in repository.answers_to_proposals(tx.session, [proposal.id])),
    ]
    acted = {person.partition("/")[0] for person in people} - {RULE_AUTHOR}
    return sorted(acted | set(agencies_that_see(tx.session, (proposal.one_ref, proposal.other_ref))))


def _is_confirmed_by_all(tx: Transaction, proposal: LinkProposal, refs: Collection[str]) -> bool:
    """Returns whether each area in which one of the two was named has confirmed. The proposer's act counts as its own.

    Where there are several areas, the people who act are of more than one agency.
    """
    pair = {proposal.one_ref, proposal.other_ref}
    answers = repository.answers_to_proposals(tx.session, [proposal.id])
    if len(repository.persons_by_ref(tx.session, pair)) < len(pair):
        return False
    if any(answer.answer == LinkState.REFUSED for answer in answers):
        return False
    is_by_rule = proposal.proposed_by == RULE_AUTHOR
    needed, own = areas_of(tx.session, refs), set() if is_by_rule else {proposal.area}
    people = {answer.answered_by for answer in answers} | (set() if is_by_rule else {proposal.proposed_by})
    agencies = {person.partition("/")[0] for person in people}
    return needed <= own | {answer.area for answer in answers} and (len(needed) == 1 or len(agencies) > 1)


def answering_area(tx: Transaction, proposal: LinkProposal) -> str:
    """Returns the area for which the caller may answer. Call it in the caller's own row scope, before the answer.

    Whatever it refuses follows from what the caller sees. Raises `Forbidden` for whoever has no post of an area that is
    asked, and `Conflict` when the proposal does not wait, or the area has answered.
    """
    tx.caller.named_person(NO_PROGRAM)
    # The answers are read under the lock: of several people who answer at once for an area, one does.
    repository.take_turns(tx.session, [LINKS_TURN])
    state = repository.states_of_proposals(tx.session, [proposal.id], tx.now)[proposal.id]
    if state is not LinkState.OPEN:
        raise Conflict(f"this proposal is already {state}; make a new proposal to ask again")
    account = account_who_acts(tx.session, tx.caller)
    spoken_for = areas_spoken_for(tx.session, account) if account else frozenset()
    asked = [area for area in asked_areas(tx.session, [proposal.id]).get(proposal.id, ()) if area in spoken_for]
    answered = {answer.area for answer in repository.answers_to_proposals(tx.session, [proposal.id])}
    if not asked:
        raise Forbidden("a person of the hub, or the co-ordinator or chair of MARAC, answers for an area that is asked")
    if set(asked) <= answered:
        raise Conflict("your area has answered this proposal")
    return next(area for area in asked if area not in answered)


def refuse_own_confirmation(tx: Transaction, proposal: LinkProposal) -> None:
    """Raises `Forbidden` for who proposed it, and for a hub whose own agency did."""
    author = tx.caller.named_person(NO_PROGRAM)
    agency = proposal.proposed_by.partition("/")[0]
    is_own_hub = tx.caller.role == CallerRole.HUB_REFERRER and agency == tx.caller.agency
    if is_own_hub or not is_second_person(author, proposal.proposed_by):
        raise Forbidden("a proposed link is confirmed by someone other than the person who proposed it")


def refuse_proposal(tx: Transaction, proposal: LinkProposal, area: str, reason: str) -> None:
    """Keeps the two as two persons. The rule does not link them later without asking a person again."""
    _record_answer(tx, proposal, area, LinkState.REFUSED, reason)


def _record_answer(tx: Transaction, proposal: LinkProposal, area: str, answer: LinkState, reason: str) -> None:
    # A person who proposed it learns nothing of another area's answer; what the rule asks is answered for all.
    seen_by = proposal.agencies if proposal.proposed_by == RULE_AUTHOR else agencies_asked(tx.session, [area])[area]
    tx.session.add(
        LinkAnswer(
            id=new_id("lan"),
            area=area,
            agencies=sorted(seen_by),
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


def _refuse_victim_and_perpetrator(session: Session, one: Collection[str], other: Collection[str]) -> None:
    if one != other and repository.met_in_one_incident(session, one, other):
        raise Conflict(
            "an incident has one as victim and the other as perpetrator; they cannot be one person",
            code="victim-and-perpetrator",
        )
