"""Finds the link or the proposal that a request names, among the rows that the caller may see."""

from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.people import repository
from app.people.models import LinkProposal, PersonLink


def find_link_proposal(session: Session, proposal_id: str) -> LinkProposal:
    """Returns the proposal. Raises `NotFound` when there is none, or the caller may not see it."""
    proposal = repository.proposal_by_id(session, proposal_id)
    if proposal is None:
        raise NotFound("there is no such link proposal, or it is not yours to see")
    return proposal


def find_link(session: Session, link_id: str) -> PersonLink:
    """Returns the link. Raises `NotFound` when there is none, or the caller may not see it."""
    link = repository.link_by_id(session, link_id)
    if link is None:
        raise NotFound("there is no such link, or it is not yours to see")
    return link
