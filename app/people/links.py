"""Links as people make and end them: proposed, confirmed by a second person, refused, withdrawn, always with a reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import Conflict, Forbidden, Invalid
from app.foundation.identifiers import new_id
from app.people import identity_graph, repository
from app.people.matching import LINKS, propose
from app.people.models import LinkAnswer, LinkProposal, LinkWithdrawal, PersonLink
from app.people.schemas import LinkGround, LinkProposalRequest, LinkState
from app.people.service import refs_of_same_person


@dataclass(frozen=True, slots=True)
class Joint:
    """A link and the two persons that it makes one: their pseudonyms without it. Equal when another link does so too."""

    link: PersonLink
    one: frozenset[str]
    other: frozenset[str]


def propose_link(session: Session, caller: Caller, sent: LinkProposalRequest, now: datetime) -> LinkProposal:
    """A person's thought that the two are one waits for a second person."""
    repository.take_turns(session, [LINKS])
    named = repository.persons(session, [sent.one_ref, sent.other_ref])
    if len(named) < len({sent.one_ref, sent.other_ref}):
        raise Invalid("one of the two pseudonyms has never been named to this service")
    one, other = (refs_of_same_person(session, ref) for ref in (sent.one_ref, sent.other_ref))
    if one == other:
        raise Conflict("the two are one person already")
    _refuse_if_apart(session, one, other)
    waiting = repository.open_proposal_between(session, one, other)
    if waiting is not None:
        raise Conflict("the two are proposed already; confirm or refuse that", proposal_id=waiting.id)
    pair = (sent.one_ref, sent.other_ref)
    return propose(
        session,
        pair,
        LinkGround.SEEN_BY_A_PERSON,
        sent.reason,
        caller.named_person("no program decides who is whom"),
        named[0].area,
        now,
    )


def confirm(session: Session, caller: Caller, proposal: LinkProposal, reason: str, now: datetime) -> Joint:
    """The two are one person from now, by the word of somebody other than who proposed it."""
    author = caller.named_person("no program decides who is whom")
    if proposal.proposed_by == author:
        raise Forbidden("a proposed link is confirmed by someone other than the person who proposed it")
    repository.take_turns(session, [LINKS])
    _refuse_if_answered(session, proposal)
    one, other = (refs_of_same_person(session, ref) for ref in (proposal.one_ref, proposal.other_ref))
    _refuse_if_apart(session, one, other)
    link = PersonLink(
        id=new_id("lnk"),
        area=proposal.area,
        agencies=proposal.agencies,
        one_ref=proposal.one_ref,
        other_ref=proposal.other_ref,
        basis="PERSON",
        proposal_id=proposal.id,
        reason=reason,
        asserted_by=author,
        asserted_at=now,
    )
    session.add(link)
    _answer(session, proposal, LinkState.CONFIRMED, reason, author, now)
    return Joint(link, one, other)


def refuse(session: Session, caller: Caller, proposal: LinkProposal, reason: str, now: datetime) -> None:
    """The two stay two; the rule does not link them later without asking again."""
    author = caller.named_person("no program decides who is whom")
    repository.take_turns(session, [LINKS])
    _refuse_if_answered(session, proposal)
    _answer(session, proposal, LinkState.REFUSED, reason, author, now)


def _answer(
    session: Session, proposal: LinkProposal, answer: LinkState, reason: str, by: str, now: datetime
) -> None:
    session.add(
        LinkAnswer(
            id=new_id("lan"),
            area=proposal.area,
            agencies=proposal.agencies,
            proposal_id=proposal.id,
            answer=answer,
            reason=reason,
            answered_by=by,
            answered_at=now,
        )
    )
    session.flush()


def withdraw(session: Session, caller: Caller, link: PersonLink, reason: str, now: datetime) -> Joint:
    """The link no longer stands; it and its withdrawal stay on record, and the rule does not make it anew."""
    author = caller.named_person("no program decides who is whom")
    repository.take_turns(session, [LINKS])
    if repository.withdrawals_by_link(session, [link.id]):
        raise Conflict("this link has been withdrawn already")
    ended = LinkWithdrawal(
        id=new_id("lwd"),
        area=link.area,
        agencies=link.agencies,
        link_id=link.id,
        reason=reason,
        withdrawn_by=author,
        withdrawn_at=now,
    )
    session.add(ended)
    session.flush()
    return joint_of(session, link)


def joint_of(session: Session, link: PersonLink) -> Joint:
    """The two sides of a link as they are without it."""
    around = repository.links_around(session, [link.one_ref, link.other_ref])
    rest = [(other.one_ref, other.other_ref) for other in around if other.id != link.id]
    return Joint(
        link, identity_graph.same_person(link.one_ref, rest), identity_graph.same_person(link.other_ref, rest)
    )


def _refuse_if_answered(session: Session, proposal: LinkProposal) -> None:
    answered = repository.answers_by_proposal(session, [proposal.id]).get(proposal.id)
    if answered is not None:
        raise Conflict(f"this proposal is already {answered.answer}; propose again to ask anew")


def _refuse_if_apart(session: Session, one: Collection[str], other: Collection[str]) -> None:
    if one != other and repository.met_in_one_incident(session, one, other):
        raise Conflict(
            "an incident has one as victim and the other as perpetrator; they cannot be one person",
            code="victim-and-perpetrator",
        )
